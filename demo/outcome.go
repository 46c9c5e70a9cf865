package demo

import (
	"fmt"
	"math"
	"math/rand/v2"

	"recourse/inspections"
	"recourse/models"
)

// pick is one of the words.
func pick(rng *rand.Rand, words ...string) string { return words[rng.IntN(len(words))] }

// findings draws what a visit finds at a lot.
func (d *deal) findings(l *models.InspectionLot, quality float64) inspections.LotRecord {
	lot := d.lot(l.LotID)
	share := d.supplier.Nonconforming / 100 * d.drift() * quality * (.6 + .8*d.rng.Float64())
	bad := d.bad && quality >= 1
	if bad {
		share *= 3 + 3*d.rng.Float64()
	}
	presented, cartons, examined := lot.Quantity, lot.Cartons, l.Plan.Units
	r := inspections.LotRecord{
		LotID: lot.ID, QuantityPresented: &presented, QuantityPacked: &presented, QuantityProduced: &presented,
		CartonsPresented: &cartons, CartonsOpened: l.Plan.CartonNumbers, UnitsExamined: &examined,
	}
	for _, p := range l.Plan.Classes {
		r.Findings = append(r.Findings, d.defects(l, p, share)...)
	}
	r.UnitOverlap = d.overlap(l, r.Findings)
	shifted := -1
	if bad && d.rng.Float64() < .4 {
		shifted = d.rng.IntN(len(l.Snapshot.Characteristics))
	}
	for n, c := range l.Snapshot.Characteristics {
		size := sampleOf(l.Plan, c.Code)
		if c.Kind == "attribute" {
			failed := 0
			if n == shifted {
				failed = 1
			}
			r.Checks = append(r.Checks, inspections.CheckInput{Code: c.Code, Result: models.CheckOK, Examined: &size, Nonconforming: &failed})
			continue
		}
		r.Measurements = append(r.Measurements, models.Measurement{Characteristic: c.Code, Readings: d.readings(c, size, n == shifted)})
	}
	for _, item := range l.Snapshot.Checks {
		r.Checks = append(r.Checks, d.check(item, bad))
	}
	return r
}

func sampleOf(p models.Plan, code string) int {
	for _, c := range p.Characteristics {
		if c.Code == code {
			return c.SampleSize
		}
	}
	return 0
}

// defects draws the findings of one class. Critical ones are rare, minor ones
// more frequent than major ones.
func (d *deal) defects(l *models.InspectionLot, p models.ClassPlan, share float64) []inspections.FindingInput {
	switch p.Class {
	case models.Critical:
		share *= .004
	case models.Minor:
		share *= 1.7
	}
	var codes []string
	for _, x := range l.Snapshot.Defects {
		if x.Class == p.Class {
			codes = append(codes, x.Code)
		}
	}
	if len(codes) == 0 { // the catalogue has none of this class
		return nil
	}
	units := make([]int, len(codes))
	for range p.SampleSize {
		if d.rng.Float64() < share {
			units[min(d.rng.IntN(len(codes)), d.rng.IntN(len(codes)))]++
		}
	}
	var out []inspections.FindingInput
	for n, count := range units {
		if count == 0 {
			continue
		}
		f := inspections.FindingInput{Defect: codes[n], Units: count, Cartons: d.some(l.Plan.CartonNumbers, min(count, 4))}
		if p.Per100 {
			defects := count + d.rng.IntN(count+1)
			f.Defects = &defects
		}
		if d.rng.Float64() < .25 {
			f.Remark = pick(d.rng, findingRemarks...)
		}
		out = append(out, f)
	}
	return out
}

// some are n of the cartons, in order, without repeating one.
func (d *deal) some(cartons []int, n int) []int {
	if len(cartons) < n {
		return nil
	}
	step := len(cartons) / n
	out := make([]int, n)
	for k := range out {
		out[k] = cartons[k*step+d.rng.IntN(step)]
	}
	return out
}

// overlap says of some visits that one unit had two defects.
func (d *deal) overlap(l *models.InspectionLot, found []inspections.FindingInput) []models.UnitOverlap {
	if len(found) < 2 || d.rng.Float64() > .25 {
		return nil
	}
	a, b := found[len(found)-2], found[len(found)-1]
	return []models.UnitOverlap{{Unit: 1 + d.rng.IntN(l.Plan.Units), Defects: []string{a.Defect, b.Defect}}}
}

// readings draws n readings of a characteristic, of a process that has drifted
// toward a limit when shifted.
func (d *deal) readings(c models.Characteristic, n int, shifted bool) []models.Decimal {
	mean, spread := aim(c)
	mean += spread * .5 * (d.rng.Float64() - .5)
	if shifted {
		mean += spread * 3.2 * direction(c)
	}
	scale := math.Pow10(c.Decimals)
	out := make([]models.Decimal, n)
	for k := range out {
		out[k] = models.DecimalFromScaled(int64(math.Round((mean+spread*d.rng.NormFloat64())*scale)), c.Decimals)
	}
	return out
}

// aim is where a good process lies within the limits of a characteristic, and how
// far it spreads.
func aim(c models.Characteristic) (mean, spread float64) {
	value := func(v models.Decimal) float64 { return v.Exact().InexactFloat64() }
	switch {
	case c.MeanLower.IsSet():
		gap := value(c.MeanLower) * .05
		if c.Lower.IsSet() {
			gap = value(c.MeanLower) - value(c.Lower)
		}
		return value(c.MeanLower) + .4*gap, gap / 5
	case c.MeanUpper.IsSet():
		gap := value(c.MeanUpper) * .05
		if c.Upper.IsSet() {
			gap = value(c.Upper) - value(c.MeanUpper)
		}
		return value(c.MeanUpper) - .4*gap, gap / 5
	case c.Lower.IsSet() && c.Upper.IsSet():
		return (value(c.Lower) + value(c.Upper)) / 2, (value(c.Upper) - value(c.Lower)) / 9
	case c.Lower.IsSet() && c.Nominal.IsSet():
		return value(c.Nominal), (value(c.Nominal) - value(c.Lower)) / 4.5
	case c.Lower.IsSet():
		return value(c.Lower) * 1.3, value(c.Lower) * .06
	}
	return value(c.Upper) * .82, value(c.Upper) * .04
}

// direction is the side to which a bad process drifts.
func direction(c models.Characteristic) float64 {
	if c.MeanLower.IsSet() || !c.Upper.IsSet() {
		return -1
	}
	return 1
}

// check ticks a section of the standard.
func (d *deal) check(item models.CheckItem, bad bool) inspections.CheckInput {
	in := inspections.CheckInput{Code: item.Code, Result: models.CheckOK}
	odds := d.rng.Float64()
	switch item.Section {
	case "marks":
		in.Seen = d.marks()
		if odds < .012 || bad && odds < .1 {
			in.Result, in.Remark = models.CheckNotOK, "箱号漏印。 Carton numbers missing."
		}
	case "packing":
		in.Seen = fmt.Sprintf("%d %s / ctn", d.supplier.PerCarton, d.supplier.Product.Unit)
		if odds < .01 || bad && odds < .1 {
			in.Result, in.Remark = models.CheckNotOK, "纸箱受潮变形。 Cartons damp and out of shape."
		}
	case "documents":
		if odds < .03 {
			in.Result, in.Remark = models.NotPossible, "检验时证书未到，原件随后补交。 The certificate had not come yet."
		}
	}
	return in
}
