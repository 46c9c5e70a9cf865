package reports

import (
	"fmt"
	"strings"

	"recourse/models"
	"recourse/sampling"
)

// conclusion lists the verdict of every part with its reason, and the decisions.
func (r *report) conclusion() {
	r.head("conclusion")
	r.eachLot(func(l models.InspectionLot, of InspectedLot) {
		if l.Judgement == nil {
			r.paragraph(r.say(word("no_verdict"), plain, bodyWidth))
			return
		}
		t := r.table(column{word("section"), 34, 0}, column{word("verdict"), 24, 0}, column{word("reason"), 92, 0})
		for _, c := range l.Judgement.Classes {
			name := models.Text{ZH: words["class_section"].ZH + "：" + word(string(c.Class)).ZH, EN: words["class_section"].EN + ": " + word(string(c.Class)).EN}
			t.row(t.say(0, name), t.mark(1, string(c.Verdict)), t.say(2, c.Reason))
		}
		for _, c := range l.Judgement.Characteristics {
			t.row(t.say(0, named(l, c.Code)), t.mark(1, string(c.Verdict)), t.say(2, c.Reason))
		}
		for _, s := range l.Judgement.Sections {
			t.row(t.say(0, r.checkName(l, s)), t.mark(1, string(s.Verdict)), t.say(2, s.Reason))
		}
		t.place()
		r.gap(2)
		r.decisions(l)
	})
	r.paragraph(r.say(word("verdict_by"), small, bodyWidth))
}

// named is the wording of a characteristic, behind its code.
func named(l models.InspectionLot, code string) models.Text {
	c, _ := l.Snapshot.Characteristic(code)
	return coded(code, c.Name)
}

func coded(code string, name models.Text) models.Text {
	return models.Text{ZH: join(" ", code, name.In("zh")), EN: join(" ", code, name.In("en"))}
}

// checkName is the wording of a ticked section: the standard's own, else the glossary's.
func (r *report) checkName(l models.InspectionLot, s models.SectionJudgement) models.Text {
	for _, item := range l.Snapshot.Checks {
		if item.Code == s.Code && !item.Name.IsZero() {
			return item.Name
		}
	}
	return word(s.Code)
}

func (r *report) decisions(l models.InspectionLot) {
	for _, d := range l.Decisions {
		code := string(d.Decision)
		price := ""
		if d.Price != nil {
			price = d.Price.String()
		}
		bears := ""
		if d.BearsClaims != "" {
			bears = r.inline(word(string(d.BearsClaims)))
		}
		r.pairs(2, []pair{
			{word("decision"), r.inline(word(code))},
			{word("decided"), join("\n", d.DecidedByName, r.at(&d.DecidedAt))},
			{word("reason"), d.Reason},
			{word("conditions"), d.Conditions},
			{word("waiver_price"), price},
			{word("bears"), bears},
		})
		r.gap(2)
	}
}

// quantity compares what was ordered with what was produced, packed and presented.
func (r *report) quantity() {
	r.head("quantity")
	r.eachLot(func(l models.InspectionLot, of InspectedLot) {
		unit := r.unit(of)
		tolerance, allowed := "", ""
		if of.Line.TolerancePercent.IsSet() {
			tolerance = "± " + of.Line.TolerancePercent.String() + " %"
			if o := of.Line.ToleranceOption; o == "buyer" || o == "seller" {
				tolerance += " " + r.inline(word("of_"+o))
			}
			allowed = fmt.Sprintf("%s – %s %s", of.Line.MinQuantity(), of.Line.MaxQuantity(), unit)
		}
		r.pairs(2, []pair{
			{word("ordered"), amount(l.QuantityOrdered, unit)},
			{word("tolerance"), tolerance},
			{word("allowed"), allowed},
			{word("produced_"), amount(l.QuantityProduced, unit)},
			{word("packed"), amount(l.QuantityPacked, unit)},
			{word("presented"), amount(l.QuantityPresented, unit)},
			{word("ctn_seen"), count(l.CartonsPresented)},
		})
		r.gap(2)
	})
}

// sampling prints the plan: how many units, for which class, accepted up to which number.
func (r *report) sampling() {
	r.head("sampling")
	r.eachLot(func(l models.InspectionLot, of InspectedLot) {
		p := l.Plan
		r.pairs(2, []pair{
			{word("scheme"), r.inline(word(p.Scheme))},
			{word("lot_size"), number(p.LotSize)},
			{word("level"), l.Snapshot.Sampling.Level},
			{word("code_letter"), p.CodeLetter},
			{word("units_examined"), count(l.UnitsExamined)},
			{word("cartons"), number(p.Cartons)},
			{word("to_open"), number(p.CartonsToOpen)},
			{word("drawn"), numbers(p.CartonNumbers)},
			{word("opened"), numbers(l.CartonsOpened)},
			{word("seed"), hash(l.Seed)},
		})
		r.gap(2)
		t := r.table(column{word("class"), 26, 0}, column{word("aql"), 22, 0}, column{word("level"), 16, 0}, column{word("severity"), 26, 0},
			column{word("plan_letter"), 18, 0}, column{models.Text{ZH: "n", EN: "n"}, 16, 'R'}, column{models.Text{ZH: "Ac", EN: "Ac"}, 12, 'R'}, column{models.Text{ZH: "Re", EN: "Re"}, 12, 'R'})
		for _, c := range p.Classes {
			t.row(t.say(0, word(string(c.Class))), r.ruleOf(t, c), t.text(2, c.Level), t.say(3, word(c.Severity)),
				t.text(4, c.PlanLetter), t.text(5, sampleSize(c.SampleSize, c.InspectAll)), t.text(6, fmt.Sprint(c.Ac)), t.text(7, fmt.Sprint(c.Re)))
			if !c.Why.IsZero() {
				t.below([]float64{bodyWidth}, r.say(c.Why, small, bodyWidth-2*cellX))
			}
		}
		t.place()
		r.gap(2)
	})
}

func (r *report) ruleOf(t *table, c models.ClassPlan) []box {
	if c.Rule == models.RuleAQL || c.Rule == "" {
		boxes := t.text(1, c.AQL)
		if c.Per100 {
			boxes = append(boxes, r.say(word("counted_per100"), small, t.inner(1))...)
		}
		return boxes
	}
	return t.say(1, word(c.Rule))
}

// sampleSize marks a sample that is the whole lot.
func sampleSize(n int, all bool) string {
	if all {
		return fmt.Sprintf("%d = N", n)
	}
	return fmt.Sprint(n)
}

// findings prints the count of each class against Ac and Re, then every finding.
func (r *report) findings() {
	r.head("findings")
	r.eachLot(func(l models.InspectionLot, of InspectedLot) {
		if l.Judgement != nil && len(l.Judgement.Classes) > 0 {
			r.classCounts(l)
			r.gap(2.5)
		}
		if len(l.Findings) == 0 {
			r.paragraph(r.say(word("no_findings"), plain, bodyWidth))
			return
		}
		t := r.table(column{models.Text{ZH: "序", EN: "No."}, 11, 'R'}, column{word("defect"), 52, 0}, column{word("class"), 20, 0}, column{word("units"), 15, 'R'},
			column{word("defects"), 15, 'R'}, column{word("photos_no"), 20, 0}, column{word("remark"), 56, 0})
		for i, f := range l.Findings {
			d, _ := l.Snapshot.Defect(f.Defect)
			var remark []box
			if !long(f.Remark) {
				remark = t.text(6, f.Remark)
			}
			if len(f.Cartons) > 0 {
				remark = append(remark, r.say(wordf("in_cartons", numbers(f.Cartons)), small, t.inner(6))...)
			}
			t.row(t.text(0, fmt.Sprint(i+1)), t.say(1, coded(f.Defect, d.Name)), t.say(2, word(string(f.Class))), t.text(3, fmt.Sprint(f.Units)),
				t.text(4, fmt.Sprint(max(f.Defects, f.Units))), t.text(5, r.photosOf(f.ID)), remark)
			if long(f.Remark) {
				t.note(word("remark"), f.Remark)
			}
		}
		t.place()
		r.gap(1.5)
		for _, o := range l.Overlaps {
			r.paragraph(r.say(wordf("overlap", o.Unit, strings.Join(o.Defects, " + ")), small, bodyWidth))
		}
		r.paragraph(r.say(word("worst_class"), small, bodyWidth))
	})
}

func (r *report) classCounts(l models.InspectionLot) {
	t := r.table(column{word("class"), 34, 0}, column{word("examined"), 22, 'R'}, column{word("nonconforming"), 26, 'R'}, column{word("found"), 18, 'R'},
		column{models.Text{ZH: "Ac", EN: "Ac"}, 14, 'R'}, column{models.Text{ZH: "Re", EN: "Re"}, 14, 'R'}, column{word("verdict"), 40, 0})
	for _, c := range l.Judgement.Classes {
		examined := count(c.Examined)
		if examined == "" {
			examined = "–"
		}
		t.row(t.say(0, word(string(c.Class))), t.text(1, examined), t.text(2, fmt.Sprint(c.Units)), t.text(3, fmt.Sprint(c.Found)),
			t.text(4, fmt.Sprint(c.Ac)), t.text(5, fmt.Sprint(c.Re)), t.mark(6, string(c.Verdict)))
	}
	t.place()
}

// photosOf lists the printed numbers of a finding's photos.
func (r *report) photosOf(finding models.ID) string {
	var list []int
	for _, p := range r.in.Record.Photos {
		if p.FindingID != nil && *p.FindingID == finding {
			list = append(list, r.photoNo[p.ID])
		}
	}
	return numbers(list)
}

// bound says what may have been in the lot, given what was found; "" where the question has no meaning.
func bound(l models.InspectionLot, c models.ClassJudgement) (models.Text, bool) {
	if c.Examined == nil || *c.Examined < 1 || c.Units > *c.Examined || l.Plan.LotSize < *c.Examined {
		return models.Text{}, false
	}
	most, share := sampling.UpperBound(l.Plan.LotSize, *c.Examined, c.Units, 0.95)
	percent := fmt.Sprintf("%.2f", share*100)
	name := word(string(c.Class))
	return models.Text{
		ZH: fmt.Sprintf(words["limits_bound"].ZH, name.ZH, *c.Examined, c.Units, l.Plan.LotSize, most, percent),
		EN: fmt.Sprintf(words["limits_bound"].EN, name.EN, *c.Examined, c.Units, l.Plan.LotSize, most, percent),
	}, true
}
