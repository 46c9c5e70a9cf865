package reports

import (
	"bytes"
	"fmt"
	"io"
	"reflect"
	"regexp"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"

	"recourse/models"
)

var editions = []Edition{Internal, Customer, Supplier}

// unprinted are the recorded texts that the inspection report doesn't show: keys
// to look things up, and what belongs to other papers.
var unprinted = regexp.MustCompile(`^(Supplier|Customers)\[?\d*\]?\.(Country|Contact|Email)$|\.Currency$|\.(AQL|Defect|Defects\[\d+\])$|` +
	`\.Snapshot\.Checks\[\d\]\.(Code|Section)|\.Snapshot\.Characteristics\[\d\]\.Kind|\.Snapshot\.Sampling\.|\.Judgement\.Sections\[\d\]\.(Code|Section)|` +
	`\.Plan\.(Scheme|Classes\[\d\]\.(Rule|Severity))|\.Plan\.Characteristics\[\d\]\.Severity|\.Checks\[\d\]\.(Code|Result)|\.Side$|\.ToleranceOption$|` +
	`\.RequiredDocuments\[\d\]|Files\[\d+\]\.(TakenAt|Camera)|\.Standard\.Code|Photos\[\d+\]\.CheckCode|Attributes`)

// recorded calls yield with every text in the value and its path, as the language shows it.
func recorded(v reflect.Value, path, lang string, yield func(path, text string)) {
	switch v.Kind() {
	case reflect.String:
		if v.Type() == reflect.TypeFor[string]() && v.String() != "" {
			yield(path, v.String())
		}
	case reflect.Struct:
		if t, ok := v.Interface().(models.Text); ok {
			if lang != "en" || t.EN == "" {
				yield(path, t.ZH)
			}
			if lang != "zh" || t.ZH == "" {
				yield(path, t.EN)
			}
			return
		}
		for i := range v.NumField() {
			if f := v.Type().Field(i); f.IsExported() {
				recorded(v.Field(i), strings.TrimPrefix(path+"."+f.Name, "."), lang, yield)
			}
		}
	case reflect.Pointer:
		if !v.IsNil() {
			recorded(v.Elem(), path, lang, yield)
		}
	case reflect.Slice:
		for i := range v.Len() {
			recorded(v.Index(i), fmt.Sprintf("%s[%d]", path, i), lang, yield)
		}
	case reflect.Map:
		for key, value := range v.Seq2() {
			yield(path, key.String())
			yield(path, value.String())
		}
	}
}

// inPieces reports whether text is in got, whole or in long pieces one after the
// other: where a row runs over a page, the table's head stands between.
func inPieces(got, text string) bool {
	for piece := text; text != ""; {
		i := strings.Index(got, piece)
		if i >= 0 {
			got, text = got[i+len(piece):], text[len(piece):]
			piece = text
			continue
		}
		_, last := utf8.DecodeLastRuneInString(piece)
		if piece = piece[:len(piece)-last]; len(piece) < min(len(text), 120) {
			return false
		}
	}
	return true
}

func TestEveryRecordedCharacterIsPrinted(t *testing.T) {
	in, pictures := sample(5)
	long := strings.Repeat("检验发现角部压损，须加护角。", 150)
	in.Record.InspectorRemark += long
	in.Record.FactoryRemark += strings.Repeat("0123456789abcdef", 130)
	in.Record.Lots[0].Findings[1].Remark += strings.Repeat("very long remark 很长的备注 ", 90)
	in.Record.Lots[0].Decisions[0].Reason += long
	weights, err := typefaces()
	if err != nil {
		t.Fatal(err)
	}
	for _, lang := range Langs {
		for _, edition := range editions {
			t.Run(lang+"/"+string(edition), func(t *testing.T) {
				pdf := mustWrite(t, in, options(lang, edition, pictures))
				checkFile(t, pdf)
				got := body(t, pdf)
				found := 0
				recorded(reflect.ValueOf(edition.apply(in, lang)), "", lang, func(path, text string) {
					if unprinted.MatchString(path) {
						return
					}
					found++
					if want := squeeze(weights[0].clean(text, func(rune, int) {})); !inPieces(got, want) {
						t.Errorf("%s = %q is not in the report", path, text)
					}
				})
				if found < 60 {
					t.Errorf("only %d texts compared", found)
				}
				for _, want := range []string{"U+1F9F1", "U+20BB7"} {
					if !strings.Contains(got, want) {
						t.Errorf("the notes don't name %s", want)
					}
				}
			})
		}
	}
}

func TestEditionsHideTheOtherSide(t *testing.T) {
	in, pictures := sample(3)
	tests := []struct {
		edition Edition
		hidden  []string
		shown   []string
	}{
		{Internal, nil, []string{"晋州装饰建材厂", "PC-2026-017", "SC-2026-031", "38.031277", "CNY1234.50", "HH02"}},
		{Customer, []string{"晋州", "jinzhou", "hebei", "河北", "jz01", "pc-2026-017", "李厂长", "li@jz", "factorywarehouse2", "6.8135", "1234.50", "38.03", "115.04", "王采购", "pixel", "13:30:01", "2of the last"}, []string{"SC-2026-031", "HH02", "2604-A"}},
		{Supplier, []string{"汉堡", "hamburg", "hh02", "sc-2026-031", "38.03", "115.04"}, []string{"PC-2026-017", "晋州装饰建材厂", "2604-A"}},
	}
	for _, test := range tests {
		for _, lang := range Langs {
			pdf := mustWrite(t, in, options(lang, test.edition, pictures))
			got := squeeze(whole(t, pdf))
			folded, _ := fold(got)
			for _, secret := range test.hidden {
				if strings.Contains(string(folded), squeeze(secret)) {
					t.Errorf("%s edition in %s shows %q", test.edition, lang, secret)
				}
			}
			for _, want := range test.shown {
				if !strings.Contains(got, want) && lang == "both" {
					t.Errorf("%s edition in %s doesn't show %q", test.edition, lang, want)
				}
			}
		}
	}
}

func TestSeveralCustomersDoNotReadOfEachOther(t *testing.T) {
	in, pictures := sample(1)
	in.Customers = append(in.Customers, models.Party{Kind: models.PartyCustomer, Code: "OS07", Name: text("奥斯陆木业", "Oslo Timber AS")})
	in.Record.InspectorRemark += " half of it for Oslo Timber AS"
	got := strings.ToLower(whole(t, mustWrite(t, in, options("en", Customer, pictures))))
	for _, name := range []string{"oslo", "os07", "hamburg", "hh02", "sc-2026-031"} {
		if strings.Contains(got, name) {
			t.Errorf("the customer edition of a visit for two customers shows %q", name)
		}
	}
}

func TestSameBytesFromManyGoroutines(t *testing.T) {
	in, pictures := sample(4)
	want := mustWrite(t, in, options("both", Internal, pictures))
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			var out bytes.Buffer
			if err := WriteInspection(&out, in, options("both", Internal, pictures)); err != nil || !bytes.Equal(out.Bytes(), want) {
				t.Errorf("WriteInspection again = %d bytes, %v, want the same %d bytes", out.Len(), err, len(want))
			}
		})
	}
	group.Wait()
}

func TestDraftAndPages(t *testing.T) {
	in, pictures := sample(2)
	o := options("en", Internal, pictures)
	o.Draft = true
	list := pages(t, mustWrite(t, in, o))
	for i, page := range list {
		var all strings.Builder
		for _, p := range page {
			all.WriteString(p.text)
		}
		for _, want := range []string{fmt.Sprintf("Page %d of %d", i+1, len(list)), "DRAFT ", "草稿", in.Record.Fingerprint.String()[:16]} {
			if !strings.Contains(all.String(), want) {
				t.Errorf("page %d has no %q", i+1, want)
			}
		}
	}
}

func TestRefusals(t *testing.T) {
	in, pictures := sample(1)
	for _, test := range []struct {
		field string
		o     Options
	}{{"lang", options("de", Internal, pictures)}, {"edition", options("en", "public", pictures)}} {
		var out bytes.Buffer
		err := WriteInspection(&out, in, test.o)
		if e, ok := err.(*models.Error); !ok || e.Field != test.field || out.Len() != 0 {
			t.Errorf("WriteInspection(%s, %s) = %v and %d bytes, want an error on %s and none", test.o.Lang, test.o.Edition, err, out.Len(), test.field)
		}
	}
	broken := options("en", Internal, pictures)
	broken.Open = func(models.SHA256) (io.ReadCloser, error) { panic("the store tripped") }
	if err := WriteInspection(io.Discard, in, broken); err == nil || !strings.Contains(err.Error(), "the store tripped") {
		t.Errorf("WriteInspection with a panicking store = %v, want an error that names it", err)
	}
}

// TestBareRecord: a planned visit has hardly anything; its report still has every section.
func TestBareRecord(t *testing.T) {
	for _, lang := range Langs {
		in := Inspection{Record: models.Inspection{Number: "INS-2026-000001", Kind: models.Initial, State: models.Planned, Lots: []models.InspectionLot{{}}}, Lots: []InspectedLot{{}}}
		pdf := mustWrite(t, in, Options{Lang: lang, Edition: Internal, Created: moment})
		checkFile(t, pdf)
		if got := body(t, pdf); !strings.Contains(got, squeeze(word("limits").In(lang))) {
			t.Errorf("%s: no section on the limits", lang)
		}
	}
}
