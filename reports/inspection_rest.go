package reports

import (
	"fmt"
	"strings"

	"recourse/models"
)

// checks prints what was ticked: packing, marks, documents and the house's own
// points, each against the contract's words.
func (r *report) checks() {
	r.head("checks")
	r.demands()
	r.eachLot(func(l models.InspectionLot, of InspectedLot) {
		list := ticked(l)
		if len(list) == 0 {
			r.paragraph(r.say(word("no_checks"), plain, bodyWidth))
			return
		}
		t := r.table(column{word("check"), 40, 0}, column{word("result"), 27, 0}, column{word("seen"), 55, 0}, column{word("remark"), 58, 0})
		for _, c := range list {
			seen, remark := c.Seen, c.Remark
			if long(seen) {
				seen = "↓"
			}
			if long(remark) {
				remark = "↓"
			}
			t.row(t.say(0, c.name), t.mark(1, c.Result), t.text(2, seen), t.text(3, remark))
			if long(c.Seen) {
				t.note(word("seen"), c.Seen)
			}
			if long(c.Remark) {
				t.note(word("remark"), c.Remark)
			}
		}
		t.place()
		r.gap(2)
	})
}

// demands prints what the contracts say about packing, marks and documents.
func (r *report) demands() {
	for _, c := range append([]models.Contract{r.in.Purchase}, r.in.Sales...) {
		documents := make([]string, len(c.RequiredDocuments))
		for i, code := range c.RequiredDocuments {
			documents[i] = r.inline(word(code))
		}
		if c.ShippingMarks == "" && c.Packing == "" && len(documents) == 0 {
			continue
		}
		r.pairs(1, []pair{
			{word("by_contract"), c.Number},
			{word("marks_text"), c.ShippingMarks},
			{word("packing_text"), c.Packing},
			{word("required_docs"), strings.Join(documents, "\n")},
		})
		r.gap(2)
	}
}

// tickedCheck is a check with the wording of what it checks.
type tickedCheck struct {
	models.Check
	name models.Text
}

// ticked lists the standard's checks in its order, as recorded or not checked,
// then others that were recorded. Characteristics stand with the measurements.
func ticked(l models.InspectionLot) []tickedCheck {
	recorded := map[string]models.Check{}
	for _, c := range l.Checks {
		recorded[c.Code] = c
	}
	var out []tickedCheck
	for _, item := range l.Snapshot.Checks {
		c, ok := recorded[item.Code]
		if !ok {
			c = models.Check{Code: item.Code, Result: models.NotChecked}
		}
		name := item.Name
		if name.IsZero() {
			name = word(item.Code)
		}
		out = append(out, tickedCheck{c, name})
		delete(recorded, item.Code)
	}
	for _, c := range l.Checks {
		_, left := recorded[c.Code]
		if _, measured := l.Snapshot.Characteristic(c.Code); left && !measured {
			out = append(out, tickedCheck{c, word(c.Code)})
		}
	}
	return out
}

func (r *report) remarks() {
	r.head("remarks")
	rec := r.in.Record
	for _, p := range []pair{{word("inspector_remark"), rec.InspectorRemark}, {word("factory_remark"), rec.FactoryRemark}, {word("deviations"), strings.Join(rec.Deviations, "\n")}} {
		r.subheading(p.name)
		if p.value == "" {
			r.paragraph(r.say(word("none"), plain.inked(grey), bodyWidth))
			continue
		}
		r.paragraph(r.text(p.value, plain, bodyWidth))
	}
}

func (r *report) equipment() {
	if len(r.in.Record.Equipment) == 0 {
		return
	}
	r.head("equipment")
	t := r.table(column{word("equipment_name"), 52, 0}, column{word("number"), 34, 0}, column{word("resolution"), 24, 0}, column{word("calibrated_to"), 30, 0}, column{word("calibration_by"), 40, 0})
	for _, e := range r.in.Record.Equipment {
		t.row(t.text(0, e.Name), t.text(1, e.Number), t.text(2, e.Resolution), t.text(3, string(e.CalibratedTo)), t.text(4, e.CalibrationBy))
	}
	t.place()
}

// signatures shows who signed for each side, or why not.
func (r *report) signatures() {
	r.head("signatures")
	if len(r.in.Record.Signatures) == 0 {
		r.paragraph(r.say(word("no_signatures"), plain, bodyWidth))
		return
	}
	half := bodyWidth / 2
	var cells []cell
	for _, s := range r.in.Record.Signatures {
		inner := half - 8
		boxes := r.text(r.inline(word(s.Side)), small, inner)
		name := join(", ", s.Name, s.Title)
		if name == "" && !s.Refused {
			name = r.inline(word("signed_withheld"))
		}
		boxes = append(boxes, r.text(name, strong, inner)...)
		if s.Refused {
			boxes = append(boxes, r.text(join(": ", r.inline(word("refused")), s.Reason), plain.inked(red), inner)...)
		} else if p, err := r.open(s.ImageSHA256); err == nil {
			boxes = append(boxes, space(1), r.image(s.ImageSHA256.String(), p, inner, 18), space(1))
		}
		boxes = append(boxes, r.text(r.at(&s.SignedAt), small, inner)...)
		cells = append(cells, cell{boxes: boxes, fill: &tint})
	}
	for i := 0; i < len(cells); i += 2 {
		r.add([]row{{cells: cells[i:min(i+2, len(cells))], widths: []float64{half, half}, padX: 4, padY: 2.5}})
	}
	r.gap(1.5)
	r.paragraph(r.say(word("acknowledges"), small, bodyWidth))
}

// limits says what a sampling inspection cannot promise; the internal edition
// adds how many nonconforming units the lot may hold all the same.
func (r *report) limits() {
	r.head("limits")
	r.paragraph(r.say(word("limits_1"), plain, bodyWidth))
	r.paragraph(r.say(word("limits_2"), plain, bodyWidth))
	if r.opts.Edition != Internal {
		return
	}
	said := false
	for _, l := range r.in.Record.Lots {
		if l.Judgement == nil {
			continue
		}
		for _, c := range l.Judgement.Classes {
			if text, ok := bound(l, c); ok {
				r.paragraph(r.say(text, plain, bodyWidth))
				said = true
			}
		}
	}
	if said {
		r.paragraph(r.say(word("limits_as"), small, bodyWidth))
	}
}

// notes close the report: what was left out, which characters could not be
// printed, and the full fingerprint. They come last because only now all is known.
func (r *report) notes() {
	r.head("notes")
	for edition, side := range map[Edition][2]string{Customer: {"supplier", "supplier"}, Supplier: {"customer", "customer"}} {
		if edition != r.opts.Edition {
			continue
		}
		neutral := map[string]models.Text{"supplier": {ZH: "[供方]", EN: "[supplier]"}, "customer": {ZH: "[客户]", EN: "[customer]"}}[side[1]]
		who := word(side[0])
		r.paragraph(r.say(models.Text{ZH: fmt.Sprintf(words["withheld"].ZH, who.ZH, neutral.ZH), EN: fmt.Sprintf(words["withheld"].EN, strings.ToLower(who.EN), neutral.EN)}, plain, bodyWidth))
		r.paragraph(r.say(word("editions"), plain, bodyWidth))
	}
	fingerprint, head := "", ""
	if f := r.in.Record.Fingerprint; !f.IsZero() {
		fingerprint = f.String()
	}
	if h := r.opts.AuditHead; !h.IsZero() {
		head = h.String()
	}
	r.pairs(1, []pair{{word("fingerprint"), fingerprint}, {word("audit_head"), head}, {word("verify"), r.opts.VerifyURL}})
	r.gap(2)
	r.losses()
}

// losses lists the characters that could not be printed, each with its places.
func (d *document) losses() {
	if len(d.lost) == 0 {
		return
	}
	const places = 6
	d.paragraph(d.say(word("lost"), plain.inked(amber), d.width()))
	var order []rune
	by := map[rune][]loss{}
	for _, l := range d.lost {
		if by[l.rune] == nil {
			order = append(order, l.rune)
		}
		by[l.rune] = append(by[l.rune], l)
	}
	for _, c := range order {
		name := fmt.Sprintf("U+%04X", c)
		for i, l := range by[c] {
			if i == places {
				d.paragraph(d.text(name+": "+d.inline(wordf("lost_more", len(by[c])-places)), plain, d.width()))
				break
			}
			d.paragraph(d.text(fmt.Sprintf("%s — %s: “%s”", name, l.place, l.excerpt), plain, d.width()))
		}
	}
}
