package reports

import (
	"reflect"
	"slices"
	"strings"
	"unicode"

	"recourse/models"
)

// Edition says for whom a report is: what it may show.
type Edition string

// The editions.
const (
	Internal Edition = "internal" // everything
	Customer Edition = "customer" // no supplier identity, no purchase price, no photo data
	Supplier Edition = "supplier" // no customer identity, no sales contract
)

// ParseEdition refuses an unknown edition; the error is an *Error that names edition.
func ParseEdition(s string) (Edition, error) {
	switch e := Edition(s); e {
	case Internal, Customer, Supplier:
		return e, nil
	}
	return "", models.Invalid("edition", "%q is not an edition: use internal, customer or supplier.", "%q 不是报告版本：请使用 internal、customer 或 supplier。", s)
}

// apply is the one door: a copy of the value that holds only what the edition may
// show. Fields that tell are emptied; in every remaining text the other side's
// names, code, contact and places are replaced by a neutral word, because an
// inspector writes "the Jinzhou factory" into a remark.
func (e Edition) apply(in Inspection, lang string) Inspection {
	switch e {
	case Customer:
		terms := supplierTerms(in)
		if len(in.Customers) > 1 { // a visit for several customers: none of them reads of the others
			terms = append(terms, customerTerms(in)...)
			in.Customers, in.Sales = nil, nil
		}
		return forCustomer(redact(in, lang, longestFirst(terms)))
	case Supplier:
		return forSupplier(redact(in, lang, longestFirst(customerTerms(in))))
	}
	return in
}

// forCustomer empties what leads to the supplier, to what we pay, or to where a
// photo was taken. It may change the value: it is a copy.
func forCustomer(out Inspection) Inspection {
	out.Supplier, out.Purchase, out.Files = models.Party{}, models.Contract{}, nil
	out.Record.Place = ""
	out.Record.AbortBlame = ""
	for i := range out.Record.Lots {
		l := &out.Record.Lots[i]
		for k := range l.Decisions { // what was agreed with the supplier is between us and them
			d := &l.Decisions[k]
			d.Reason, d.Conditions, d.Price, d.BearsClaims, d.DecidedByName = "", "", nil, "", ""
		}
		for k := range l.Plan.Classes { // the supplier's history
			l.Plan.Classes[k].Why = models.Text{}
		}
	}
	for i := range out.Lots {
		out.Lots[i].Line.UnitPrice = models.Decimal{}
	}
	for i := range out.Record.Signatures {
		if s := &out.Record.Signatures[i]; s.Side == models.SideFactory {
			s.Name, s.Title, s.ImageSHA256 = "", "", models.SHA256{}
		}
	}
	return out
}

// forSupplier empties what leads to the customer or to what they pay.
func forSupplier(out Inspection) Inspection {
	out.Customers, out.Sales = nil, nil
	for i := range out.Files {
		out.Files[i].Latitude, out.Files[i].Longitude = models.Decimal{}, models.Decimal{}
	}
	return out
}

// hidden is a name to replace, folded, with the two neutral words.
type hidden struct {
	name []rune
	with models.Text
}

func supplierTerms(in Inspection) []hidden {
	with := models.Text{ZH: "[供方]", EN: "[supplier]"}
	terms := partyTerms(in.Supplier, with)
	terms = append(terms, term(in.Record.Place, with)...)
	return append(terms, term(in.Purchase.Number, models.Text{ZH: "[采购合同]", EN: "[purchase contract]"})...)
}

func customerTerms(in Inspection) []hidden {
	var terms []hidden
	for _, c := range in.Customers {
		terms = append(terms, partyTerms(c, models.Text{ZH: "[客户]", EN: "[customer]"})...)
	}
	for _, c := range in.Sales {
		terms = append(terms, term(c.Number, models.Text{ZH: "[销售合同]", EN: "[sales contract]"})...)
	}
	return terms
}

// longestFirst orders names so that a whole name goes before a part of it.
func longestFirst(terms []hidden) []hidden {
	slices.SortStableFunc(terms, func(a, b hidden) int { return len(b.name) - len(a.name) })
	return terms
}

func term(s string, with models.Text) []hidden {
	name, _ := fold(strings.TrimSpace(s))
	if len(name) < 2 {
		return nil
	}
	return []hidden{{name, with}}
}

// redact copies the value with every text rewritten.
func redact(in Inspection, lang string, terms []hidden) Inspection {
	rewritten := rewrite(reflect.ValueOf(in), func(s string) string { return replace(s, lang, terms) })
	return rewritten.Interface().(Inspection)
}

// rewrite copies a value deeply and passes every plain string through f. Named
// string types are codes and dates, and stay.
func rewrite(v reflect.Value, f func(string) string) reflect.Value {
	out := reflect.New(v.Type()).Elem()
	out.Set(v)
	switch v.Kind() {
	case reflect.String:
		if v.Type() == reflect.TypeFor[string]() {
			out.SetString(f(v.String()))
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				out.Field(i).Set(rewrite(v.Field(i), f))
			}
		}
	case reflect.Pointer:
		if !v.IsNil() {
			out.Set(reflect.New(v.Type().Elem()))
			out.Elem().Set(rewrite(v.Elem(), f))
		}
	case reflect.Slice:
		if !v.IsNil() {
			out.Set(reflect.MakeSlice(v.Type(), v.Len(), v.Len()))
			for i := range v.Len() {
				out.Index(i).Set(rewrite(v.Index(i), f))
			}
		}
	case reflect.Map:
		if !v.IsNil() {
			out.Set(reflect.MakeMapWithSize(v.Type(), v.Len()))
			for key, value := range v.Seq2() {
				out.SetMapIndex(rewrite(key, f), rewrite(value, f))
			}
		}
	}
	return out
}

// replace puts the neutral word in place of every hidden name: whatever its case
// or width, and a Latin name only as a whole word.
func replace(s, lang string, terms []hidden) string {
	folded, starts := fold(s)
	var out strings.Builder
	copied := 0
	for i := 0; i < len(folded); i++ {
		k := slices.IndexFunc(terms, func(h hidden) bool { return standsAt(folded, i, h.name) })
		if k < 0 {
			continue
		}
		with := terms[k].with.EN
		if lang == "zh" || lang == "both" && hasHan(s) {
			with = terms[k].with.ZH
		}
		out.WriteString(s[copied:starts[i]] + with)
		i += len(terms[k].name) - 1
		copied = starts[i+1]
	}
	if copied == 0 {
		return s
	}
	return out.String() + s[copied:]
}

func standsAt(text []rune, i int, name []rune) bool {
	end := i + len(name)
	if end > len(text) || !slices.Equal(text[i:end], name) {
		return false
	}
	joins := func(a, b rune) bool { return wordy(a) && wordy(b) }
	return (i == 0 || !joins(text[i-1], text[i])) && (end == len(text) || !joins(text[end-1], text[end]))
}

// wordy reports whether neighbours of the kind form one word: letters and digits of an alphabet, not Han.
func wordy(r rune) bool {
	return unicode.IsDigit(r) || unicode.IsLetter(r) && !unicode.Is(unicode.Han, r)
}

// rewriteAs copies a value with the hidden names replaced in every text.
func rewriteAs[T any](in T, terms []hidden, lang string) T {
	return rewrite(reflect.ValueOf(in), func(s string) string { return replace(s, lang, terms) }).Interface().(T)
}
