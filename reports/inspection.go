package reports

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"recourse/models"
)

// Langs lists the languages of a report: Chinese, English, both together.
var Langs = []string{"zh", "en", "both"}

// ParseLang refuses an unknown language; the error is an *Error that names lang.
func ParseLang(s string) (string, error) {
	if !slices.Contains(Langs, s) {
		return "", models.Invalid("lang", "%q is not a language of reports: use zh, en or both.", "%q 不是报告语言：请使用 zh、en 或 both。", s)
	}
	return s, nil
}

// Options say how a report is to look. Everything that changes with time or
// place is here, so that the same value and options give the same bytes.
type Options struct {
	Lang    string // zh, en or both
	Edition Edition
	Draft   bool        // a watermark says so on every page
	Company models.Text // who issues the report
	Created time.Time   // printed, and the date of the file
	Zone    *time.Location
	// VerifyURL becomes the QR code; none when empty.
	VerifyURL string
	// AuditHead is the head of the log's hash chain when the report was made; zero: not printed.
	AuditHead models.SHA256
	// Open reads a picture by its hash: upright, JPEG or PNG, some 1600 pixels on
	// its long side. It is called for one picture at a time.
	Open func(models.SHA256) (io.ReadCloser, error)
}

// Inspection is what the inspection report prints: the record with its plan and
// judgement, and the records that it names.
type Inspection struct {
	Record    models.Inspection
	Supplier  models.Party
	Customers []models.Party    // of the sales contracts
	Purchase  models.Contract   // without lines
	Sales     []models.Contract // that the inspected lines feed, without lines
	Lots      []InspectedLot    // in the order of Record.Lots
	Files     []models.File     // of the photos, as far as known
	// Numbers of the inspections that the record points to; empty when none.
	Revises, SupersededBy, Previous string
}

// InspectedLot is what a lot of the visit belongs to.
type InspectedLot struct {
	Lot      models.Lot
	Line     models.ContractLine // of the purchase contract
	Product  models.Product
	Standard models.Standard // code, version and title; its content stands in the record's snapshot
}

// report is an inspection report in the making.
type report struct {
	*document
	in      Inspection
	opts    Options
	section int
	photoNo map[models.ID]int // number of each photo as printed
}

// WriteInspection writes the inspection report as PDF. Nothing is written when
// it fails; an *Error names a wrong language or edition, any other error is internal.
func WriteInspection(w io.Writer, in Inspection, opts Options) (err error) {
	defer func() {
		if failure := recover(); failure != nil { // gofpdf panics on what it does not expect
			err = fmt.Errorf("reports: inspection %s: %v", in.Record.Number, failure)
		}
	}()
	if _, err := ParseLang(opts.Lang); err != nil {
		return err
	}
	if _, err := ParseEdition(string(opts.Edition)); err != nil {
		return err
	}
	if len(in.Lots) != len(in.Record.Lots) {
		return errors.New("reports: an inspection names as many goods as it has lots")
	}
	if opts.Zone == nil {
		opts.Zone = time.UTC
	}
	d, err := newDocument()
	if err != nil {
		return err
	}
	r := &report{document: d, in: opts.Edition.apply(in, opts.Lang), opts: opts, photoNo: map[models.ID]int{}}
	for i, p := range r.in.Record.Photos {
		r.photoNo[p.ID] = i + 1
	}
	r.layout()
	return d.output(w)
}

func (r *report) layout() {
	d := r.document
	d.language, d.created = r.opts.Lang, r.opts.Created.UTC()
	d.place = r.inline(word("inspection_report"))
	quiet := func(rune, int) {}
	d.title = d.weights[0].clean(r.inline(word("inspection_report"))+" "+r.number(), quiet)
	d.author = d.weights[0].clean(r.inline(r.opts.Company), quiet)
	if r.opts.Draft {
		d.watermark = "DRAFT 草稿"
	}
	d.furniture = r.furniture
	r.front()
	r.conclusion()
	r.goods()
	r.quantity()
	r.sampling()
	r.findings()
	r.measurements()
	r.checks()
	r.remarks()
	r.photos()
	r.equipment()
	r.signatures()
	r.limits()
	r.notes()
}

// head starts the next numbered section.
func (r *report) head(key string) {
	r.section++
	r.heading(fmt.Sprint(r.section), word(key))
}

// number is the report's number, with the revision where there is one.
func (r *report) number() string {
	if n := r.in.Record.Revision; n > 0 {
		return fmt.Sprintf("%s-R%d", r.in.Record.Number, n)
	}
	return r.in.Record.Number
}

// eachLot calls print for every lot, with a line that names it where there are several.
func (r *report) eachLot(print func(l models.InspectionLot, of InspectedLot)) {
	for i, l := range r.in.Record.Lots {
		if len(r.in.Lots) > 1 {
			r.subheading(r.lotName(i))
		}
		print(l, r.in.Lots[i])
	}
}

// lotName is "Lot 1 · 2604-A · PVC-595" in both wordings.
func (r *report) lotName(i int) models.Text {
	of := r.in.Lots[i]
	tail := fmt.Sprintf(" %d · %s · %s", i+1, of.Lot.Batch, of.Product.Code)
	return models.Text{ZH: words["lot"].ZH + tail, EN: words["lot"].EN + tail}
}

// at prints a moment in the report's zone.
func (r *report) at(t *time.Time) string {
	if t == nil || t.IsZero() {
		return ""
	}
	return t.In(r.opts.Zone).Format("2006-01-02 15:04 -07:00")
}

// wordf fills a fixed text with values.
func wordf(key string, args ...any) models.Text {
	t := word(key)
	return models.Text{ZH: fmt.Sprintf(t.ZH, args...), EN: fmt.Sprintf(t.EN, args...)}
}

// join puts non-empty parts together.
func join(separator string, parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), separator)
}

func numbers(list []int) string {
	parts := make([]string, len(list))
	for i, n := range list {
		parts[i] = fmt.Sprint(n)
	}
	return strings.Join(parts, ", ")
}

func count(n *int) string {
	if n == nil {
		return ""
	}
	return fmt.Sprint(*n)
}
