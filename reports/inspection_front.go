package reports

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"recourse/models"
)

// furniture draws head and foot of a page.
func (r *report) furniture(d *document, page, pages int) {
	company, title := r.inline(r.opts.Company), r.inline(word("inspection_report"))+" · "+r.number()
	if page == 1 {
		d.fill(0, 0, pageWidth, 15, navy)
		st := style{size: 11.5, bold: true, ink: white}
		d.writeFirst(company, st, margin, 4.6, bodyWidth)
		d.writeFirst(r.inline(r.editionName()), style{size: 8.4, ink: white, align: 'R'}, margin, 5.4, bodyWidth)
	} else {
		d.writeFirst(company, small, margin, 11, bodyWidth)
		d.writeFirst(title+" · "+r.inline(r.editionName()), small.aligned('R'), margin, 11, bodyWidth)
		d.rule(margin, 16.5, pageWidth-margin, 16.5, 0.3, navy, 0)
	}
	d.rule(margin, 281, pageWidth-margin, 281, 0.15, hair, 0)
	foot := title
	if f := r.in.Record.Fingerprint; !f.IsZero() {
		foot += " · " + r.inline(word("fingerprint")) + " " + f.String()[:16]
	}
	d.writeFirst(foot, small, margin, 282.5, bodyWidth)
	d.writeFirst(r.inline(wordf("page", page, pages)), small.aligned('R'), margin, 282.5, bodyWidth)
}

// writeFirst writes one line outside of the flow; what doesn't fit is cut off.
func (d *document) writeFirst(text string, st style, x, y, width float64) {
	if text != "" {
		d.write(d.lines(text, st, width)[0], st, x, y, width)
	}
}

func (r *report) editionName() models.Text {
	switch r.opts.Edition {
	case Customer:
		return word("for_customer")
	case Supplier:
		return word("for_supplier")
	}
	return word("internal")
}

// front is the title, the verdict at a glance and the particulars of the visit.
func (r *report) front() {
	left := bodyWidth - 34
	rec := r.in.Record
	boxes := r.text(r.inline(word("inspection_report")), style{size: 19, bold: true, ink: navy}, left)
	boxes = append(boxes, r.text(r.number(), style{size: 13, bold: true, ink: ink}, left)...)
	status := join(" · ", r.inline(word(string(rec.Kind))), r.inline(word(string(rec.State))))
	if r.opts.Draft {
		status += " · " + r.inline(word("draft"))
	}
	boxes = append(boxes, r.text(status, plain.inked(grey), left)...)
	boxes = append(boxes, r.text(r.inline(word("issued"))+" "+r.at(&r.opts.Created), small, left)...)
	cells, widths := []cell{{boxes: boxes}}, []float64{left, 34}
	if code, ok := r.code(r.opts.VerifyURL, 28); ok {
		cells = append(cells, cell{boxes: append([]box{code}, r.text(r.inline(word("verify")), small.sized(6.6).aligned('C'), 30)...)})
	}
	r.add([]row{{cells: cells, widths: widths}})
	r.gap(2)
	r.panels()
	r.gap(3)
	r.particulars()
}

// panels show verdict and decision as words on a coloured ground.
func (r *report) panels() {
	verdict, decision := string(r.in.Record.Verdict), r.commonDecision()
	half := (bodyWidth - 4) / 2
	panel := func(name, code string, none models.Text) cell {
		t, w := toneOf(code), none
		if code != "" {
			w = word(code)
		}
		inner := half - 8
		boxes := r.text(r.inline(word(name)), small.inked(t.ink), inner)
		boxes = append(boxes, r.text(r.inline(w), style{size: 14, bold: true, ink: t.ink}, inner)...)
		return cell{boxes: boxes, fill: &t.ground}
	}
	if r.in.Record.State == models.Aborted {
		verdict = string(models.Aborted)
	}
	r.add([]row{{
		cells:  []cell{panel("verdict", verdict, word("no_verdict")), {}, panel("decision", decision, word("no_decision"))},
		widths: []float64{half, 4, half}, padX: 4, padY: 2.2,
	}})
}

// commonDecision is the last decision of the lots where it is one and the same.
func (r *report) commonDecision() string {
	code := ""
	for i, l := range r.in.Record.Lots {
		last := ""
		if n := len(l.Decisions); n > 0 {
			last = string(l.Decisions[n-1].Decision)
		}
		if i > 0 && last != code {
			return ""
		}
		code = last
	}
	return code
}

func (r *report) particulars() {
	rec := r.in.Record
	list := []pair{
		{word("inspected_on"), string(rec.InspectedOn)},
		{word("planned_on"), string(rec.PlannedOn)},
		{word("place"), rec.Place},
		{word("inspectors"), r.inspectorNames()},
		{word("started"), r.at(rec.StartedAt)},
		{word("submitted_at"), r.at(rec.SubmittedAt)},
		{word("supplier"), r.partyName(r.in.Supplier)},
		{word("purchase"), r.contractName(r.in.Purchase)},
		{word("quality_clause"), r.in.Purchase.QualityClause},
	}
	for _, c := range r.in.Customers {
		list = append(list, pair{word("customer"), r.partyName(c)})
	}
	for _, c := range r.in.Sales {
		list = append(list, pair{word("sales"), r.contractName(c)})
	}
	if rec.ChainNo > 0 {
		list = append(list, pair{word("chain_no"), fmt.Sprint(rec.ChainNo)})
	}
	list = append(list, pair{word("previous"), r.in.Previous}, pair{word("revises"), r.in.Revises}, pair{word("revision_reason"), rec.RevisionReason},
		pair{word("superseded"), r.in.SupersededBy}, pair{word("abort_reason"), rec.AbortReason})
	if rec.AbortBlame != "" {
		list = append(list, pair{word("abort_blame"), r.inline(word(string(rec.AbortBlame)))})
	}
	r.pairs(2, list)
	if rec.DeviceSkewed {
		r.gap(1.5)
		r.paragraph(r.say(word("device_skewed"), small.inked(amber), bodyWidth))
	}
}

func (r *report) inspectorNames() string {
	names := make([]string, len(r.in.Record.Inspectors))
	for i, n := range r.in.Record.Inspectors {
		names[i] = n.Name
	}
	return strings.Join(names, ", ")
}

func (r *report) partyName(p models.Party) string {
	name := r.wording(p.Name)
	if p.Code != "" {
		name = join(" ", name, "("+p.Code+")")
	}
	return join("\n", name, p.Place)
}

// wording is a recorded text on its own lines: in both languages one below the other.
func (d *document) wording(t models.Text) string {
	if d.language != "both" || t.ZH == t.EN {
		return t.In(d.language)
	}
	return join("\n", t.ZH, t.EN)
}

func (r *report) contractName(c models.Contract) string {
	if c.Number == "" || c.SignedOn == "" {
		return c.Number
	}
	return c.Number + "\n" + r.inline(word("signed_on")) + " " + string(c.SignedOn)
}

// goods describes each lot and what it is judged by.
func (r *report) goods() {
	r.head("lots")
	r.eachLot(func(l models.InspectionLot, of InspectedLot) {
		standard := join(" · ", l.StandardCode, r.inline(wordf("version", of.Standard.VersionNo)))
		var cites []string
		for _, c := range l.Snapshot.Cites {
			cites = append(cites, c.Standard+"-"+c.Edition)
		}
		r.pairs(2, []pair{
			{word("product"), join("\n", of.Product.Code, r.wording(of.Product.Name))},
			{word("spec"), join("\n", of.Product.Specification, of.Line.Specification)},
			{word("attributes"), attributes(of.Line.Attributes)},
			{word("standard"), join("\n", standard, r.wording(of.Standard.Title))},
			{word("cites"), strings.Join(cites, "\n")},
			{word("line"), number(of.Line.LineNo)},
			{word("batch"), of.Lot.Batch},
			{word("produced"), join(" – ", string(of.Lot.ProducedFrom), string(of.Lot.ProducedTo))},
			{word("lot_quantity"), amount(&of.Lot.Quantity, r.unit(of))},
			{word("cartons"), number(of.Lot.Cartons)},
			{word("per_carton"), number(of.Lot.PerCarton)},
			{word("carton_range"), span(of.Lot.CartonFrom, of.Lot.CartonTo)},
			{word("snapshot"), hash(l.SnapshotHash)},
			{word("remark"), l.Remark},
		})
		r.gap(2)
	})
}

func (r *report) unit(of InspectedLot) string {
	if of.Line.Unit != "" {
		return of.Line.Unit
	}
	return of.Product.Unit
}

func attributes(m map[string]string) string {
	var parts []string
	for _, k := range slices.Sorted(maps.Keys(m)) {
		parts = append(parts, k+": "+m[k])
	}
	return strings.Join(parts, "\n")
}

func number(n int) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprint(n)
}

func span(from, to int) string {
	if to == 0 {
		return ""
	}
	return fmt.Sprintf("%d – %d", from, to)
}

func amount(q *models.Quantity, unit string) string {
	if q == nil {
		return ""
	}
	return join(" ", q.String(), unit)
}

// hash is a SHA-256 in two halves, so that it fits a column.
func hash(h models.SHA256) string {
	if h.IsZero() {
		return ""
	}
	s := h.String()
	return s[:32] + "\n" + s[32:]
}
