package reports

import (
	"fmt"
	"io"
	"reflect"
	"slices"
	"strings"
	"time"

	"recourse/models"
)

// ScorecardFile is what a scorecard is printed from. An unpublished one has no
// number and is a draft. What editions keep back is beside it.
type ScorecardFile struct {
	Card         models.Scorecard
	SupersededBy string         // the number of the revision that took its place
	Customers    []models.Party // of the supplier's goods
	Sales        []string       // numbers of their contracts
	Others       []models.Party // all other suppliers and customers, by name and code alone
}

// fewPeers is how many suppliers must be rated for a supplier to read of
// quartiles: of fewer, they would tell a single one's score.
const fewPeers = 5

// codes of the indicators whose counts are amounts in minor units; the first one is of sales values.
const (
	claimValue     = "claim_value"
	recoveredValue = "recovered"
)

// card is a scorecard in the making.
type card struct {
	*document
	in      ScorecardFile
	c       models.CardContent
	opts    Options
	section int
}

// WriteScorecard writes a supplier's scorecard as PDF, in the internal or the
// supplier's edition. Nothing is written when it fails; an *Error names a wrong
// language or edition, any other error is internal.
func WriteScorecard(w io.Writer, in ScorecardFile, opts Options) (err error) {
	defer func() {
		if failure := recover(); failure != nil { // gofpdf panics on what it does not expect
			err = fmt.Errorf("reports: scorecard %s: %v", in.Card.Number, failure)
		}
	}()
	if _, err := ParseLang(opts.Lang); err != nil {
		return err
	}
	if opts.Edition != Internal && opts.Edition != Supplier {
		return models.Invalid("edition", "A scorecard has no %q edition: use internal or supplier.", "评分卡没有 %q 版：请使用 internal 或 supplier。", string(opts.Edition))
	}
	if opts.Zone == nil {
		opts.Zone = time.UTC
	}
	d, err := newDocument()
	if err != nil {
		return err
	}
	in = in.edition(opts.Edition, opts.Lang)
	p := &card{document: d, in: in, c: in.Card.Content, opts: opts}
	p.layout()
	return d.output(w)
}

// edition is the one door: a copy that holds only what the edition may show.
func (in ScorecardFile) edition(e Edition, lang string) ScorecardFile {
	if e == Internal {
		return in
	}
	out := ScorecardFile{Card: rewriteAs(in.Card, in.terms(), lang), SupersededBy: in.SupersededBy}
	out.Card.Number, out.Card.Content.SupplierCode = in.Card.Number, in.Card.Content.SupplierCode
	c := &out.Card.Content
	for n := range c.Claims { // what was claimed tells the price of sale
		c.Claims[n].Customer, c.Claims[n].Claimed = "", nil
	}
	for n := range c.Result.Indicators {
		if i := &c.Result.Indicators[n]; i.Code == claimValue {
			i.Numerator, i.Denominator = 0, 0
		}
	}
	c.Counts.ShippedMinor, c.Counts.ClaimedMinor, c.Counts.GrantedMinor = 0, 0, 0
	few := c.Peers.Rated < fewPeers
	if few {
		c.Peers.Best, c.Peers.Upper, c.Peers.Median, c.Peers.Lower = nil, nil, nil, nil
	}
	for n := range c.Trend {
		t := &c.Trend[n]
		t.Counts.ShippedMinor, t.Counts.ClaimedMinor, t.Counts.GrantedMinor = 0, 0, 0
		if few {
			t.Median = nil
		}
	}
	return out
}

// terms are the names that a supplier must not read: customers with all that
// leads to them, sales contracts, other suppliers' names and codes. Its own name
// stands, even where another's is a part of it.
func (in ScorecardFile) terms() []hidden {
	var terms []hidden
	for _, c := range in.Customers {
		terms = append(terms, partyTerms(c, models.Text{ZH: "[客户]", EN: "[customer]"})...)
	}
	for _, n := range in.Sales {
		terms = append(terms, term(n, models.Text{ZH: "[销售合同]", EN: "[sales contract]"})...)
	}
	for _, o := range in.Others {
		with := models.Text{ZH: "[其他供应商]", EN: "[other supplier]"}
		if o.Kind == models.PartyCustomer {
			with = models.Text{ZH: "[客户]", EN: "[customer]"}
		}
		for _, name := range []string{o.Name.ZH, o.Name.EN, o.Code} {
			terms = append(terms, term(name, with)...)
		}
	}
	own := in.Card.Content
	for _, name := range []string{own.SupplierName.ZH, own.SupplierName.EN, own.SupplierCode} {
		terms = append(term(name, models.Text{ZH: name, EN: name}), terms...)
	}
	return longestFirst(present(in.Card, terms))
}

// present leaves the terms that occur in a value: of thousands of names few do.
func present[T any](in T, terms []hidden) []hidden {
	var all strings.Builder
	rewrite(reflect.ValueOf(in), func(s string) string {
		all.WriteString(s + "\x00")
		return s
	})
	folded, _ := fold(all.String())
	text := string(folded)
	return slices.DeleteFunc(terms, func(h hidden) bool { return !strings.Contains(text, string(h.name)) })
}

func (p *card) layout() {
	d := p.document
	d.language, d.created = p.opts.Lang, p.opts.Created.UTC()
	d.place = d.inline(word("scorecard"))
	quiet := func(rune, int) {}
	d.title = d.weights[0].clean(p.titled(), quiet)
	d.author = d.weights[0].clean(d.inline(p.opts.Company), quiet)
	if p.opts.Draft {
		d.watermark = "DRAFT 草稿"
	}
	d.furniture = p.furniture
	p.front()
	p.indicators()
	p.trend()
	p.comparison()
	p.pareto()
	p.claims()
	p.actions()
	p.measures()
	p.how()
}

// furniture draws head and foot of a page.
func (p *card) furniture(d *document, page, pages int) {
	edition := word("internal")
	if p.opts.Edition == Supplier {
		edition = word("for_supplier")
	}
	foot := p.titled()
	if h := p.in.Card.ContentHash; !h.IsZero() {
		foot = join(" · ", foot, d.inline(word("fingerprint"))+" "+h.String()[:16])
	}
	d.scoreFurniture(d.inline(p.opts.Company), join(" · ", d.inline(word("scorecard")), p.number()), d.inline(edition), foot, page, pages)
}

// scoreFurniture is head and foot as all papers have them, on any size of page.
func (d *document) scoreFurniture(company, title, edition, foot string, page, pages int) {
	if page == 1 {
		d.fill(0, 0, d.across(), 15, navy)
		d.writeFirst(company, style{size: 11.5, bold: true, ink: white}, margin, 4.6, d.width())
		d.writeFirst(edition, style{size: 8.4, ink: white, align: 'R'}, margin, 5.4, d.width())
	} else {
		d.writeFirst(company, small, margin, 11, d.width())
		d.writeFirst(title+" · "+edition, small.aligned('R'), margin, 11, d.width())
		d.rule(margin, 16.5, d.across()-margin, 16.5, 0.3, navy, 0)
	}
	base := d.tall() - 16
	d.rule(margin, base, d.across()-margin, base, 0.15, hair, 0)
	d.writeFirst(foot, small, margin, base+1.5, d.width()-40)
	d.writeFirst(d.inline(wordf("page", page, pages)), small.aligned('R'), margin, base+1.5, d.width())
}

func (p *card) titled() string {
	return join(" · ", p.inline(word("scorecard")), p.number(), p.c.SupplierCode, periodSpan(p.c.Period))
}

// number is the card's number, with the revision where there is one.
func (p *card) number() string {
	if n := p.in.Card.Revision; n > 0 {
		return fmt.Sprintf("%s-R%d", p.in.Card.Number, n)
	}
	return p.in.Card.Number
}

// head starts the next numbered section.
func (p *card) head(key string) {
	p.section++
	p.heading(fmt.Sprint(p.section), word(key))
}

// periodName is a period as people say it.
func periodName(p models.Period) models.Text {
	if p.Kind == models.PeriodRolling {
		return wordf("rolling", string(p.From), string(p.To))
	}
	return Same(periodLabel(p))
}

// periodSpan is a period on one line in any language.
func periodSpan(p models.Period) string {
	if p.Kind == models.PeriodRolling {
		return string(p.From) + " – " + string(p.To)
	}
	return periodLabel(p)
}

// periodLabel is a period in ten characters at most; a rolling one by its last month.
func periodLabel(p models.Period) string {
	switch {
	case p.Kind == models.PeriodQuarter && len(p.To) == 7:
		t := p.To.First().Time()
		return fmt.Sprintf("%d-Q%d", t.Year(), (int(t.Month())+2)/3)
	case p.Kind == models.PeriodYear && len(p.To) == 7:
		return string(p.To[:4])
	}
	return string(p.To)
}
