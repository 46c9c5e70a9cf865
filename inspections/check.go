package inspections

import (
	"context"

	"gorm.io/gorm"

	"recourse/database"
	"recourse/models"
)

// presented checks the presented quantity against the line and computes the
// plan anew when the lot is of another size than planned.
func presented(ctx context.Context, tx *gorm.DB, i *models.Inspection, l *models.InspectionLot) error {
	if l.QuantityPresented == nil || l.QuantityPresented.Whole() == l.Plan.LotSize {
		return nil
	}
	q := *l.QuantityPresented
	if q == 0 {
		return models.Invalid("quantity_presented", "Nothing was presented: abort the inspection with the reason.", "没有待验货物：请注明原因并中止验货。")
	}
	line, err := database.Take[models.ContractLine](ctx, tx, "contract line", "合同行", "id = ?", l.LineID)
	if err != nil {
		return err
	}
	if most := line.MaxQuantity(); q > most {
		return models.Invalid("quantity_presented", "%s is more than the contract line allows: at most %s with its tolerance.", "%s 超过合同行允许的数量：含溢短装最多 %s。", q, most)
	}
	lot, err := database.Take[models.Lot](ctx, tx, "lot", "批", "id = ?", l.LotID)
	if err != nil {
		return err
	}
	plan, err := planFor(l.Snapshot, q.Whole(), forceOf(l.Plan))
	if err != nil {
		return models.At("quantity_presented", err)
	}
	l.Plan = plan
	return drawCartons(&l.Plan, *lot, l.Seed)
}

// forceOf is the severity that a plan was made with.
func forceOf(p models.Plan) Force {
	f := Force{}
	for _, c := range p.Classes {
		now := InForceSeverity{Severity: samplingSeverity(c.Severity), Why: c.Why}
		if c.LimitingQuality.IsSet() {
			now.limiting = &limiting{c.LimitingQuality, c.Ac, c.Why}
		}
		if c.Severity != "" || now.limiting != nil {
			f[c.Class] = now
		}
	}
	return f
}

// checkLot holds a lot's record against its snapshot and plan.
func checkLot(l *models.InspectionLot) error {
	if l.UnitsExamined != nil && *l.UnitsExamined > l.Plan.Units {
		return models.Invalid("units_examined", "%d units were examined, but the plan draws %d: judge only the drawn sample and note the others in the remark.",
			"检验了 %d 件，但抽样方案为 %d 件：只按抽取的样本判定，其余写入备注。", *l.UnitsExamined, l.Plan.Units)
	}
	for _, check := range []func(*models.InspectionLot) error{checkFindings, checkOverlaps, checkMeasurements, checkChecks, checkCartons} {
		if err := check(l); err != nil {
			return err
		}
	}
	return nil
}

// checkFindings refuses more nonconforming units than units looked at.
func checkFindings(l *models.InspectionLot) error {
	units := map[string]int{}
	for n, f := range l.Findings {
		units[f.Defect] += f.Units
		size := sampleOf(l, f.Class)
		if units[f.Defect] > size {
			return models.Invalid(field("findings", n)+".units", "%d nonconforming units of %s in a sample of %d: count each unit once.",
				"样本 %[3]d 件中 %[2]s 不合格品为 %[1]d 件：每件只计一次。", units[f.Defect], f.Defect, size)
		}
	}
	for class, n := range nonconforming(l) {
		if size := sampleOf(l, class); n > size {
			return models.Invalid("findings", "%d nonconforming units in a sample of %d: say in unit_overlap which units show several defects.",
				"样本 %[2]d 件中不合格品为 %[1]d 件：请在 unit_overlap 中注明同一件的多个缺陷。", n, size)
		}
	}
	return nil
}

// sampleOf is the number of units looked at for a class: the plan's sample, or fewer when fewer were examined.
func sampleOf(l *models.InspectionLot, class models.DefectClass) int {
	size := l.Plan.Units
	for _, c := range l.Plan.Classes {
		if c.Class == class {
			size = c.SampleSize
		}
	}
	if l.UnitsExamined != nil {
		size = min(size, *l.UnitsExamined)
	}
	return size
}

func checkOverlaps(l *models.InspectionLot) error {
	found := map[string]int{}
	for _, f := range l.Findings {
		found[f.Defect] += f.Units
	}
	units := map[int]bool{}
	for n, o := range l.Overlaps {
		at := field("unit_overlap", n)
		if o.Unit > l.Plan.Units || units[o.Unit] {
			return models.Invalid(at+".unit", "Unit %d is given twice or lies beyond the sample of %d.", "第 %d 件重复，或超出样本 %d 件。", o.Unit, l.Plan.Units)
		}
		units[o.Unit] = true
		seen := map[string]bool{}
		for m, code := range o.Defects {
			found[code]--
			if seen[code] || found[code] < 0 {
				return models.Invalid(field(at+".defects", m), "%q is repeated, or overlaps on more units than were found with it.", "%q 重复，或重叠件数多于发现件数。", code)
			}
			seen[code] = true
		}
	}
	return nil
}

func checkMeasurements(l *models.InspectionLot) error {
	seen := map[string]bool{}
	for n, m := range l.Measurements {
		at := field("measurements", n)
		c, known := l.Snapshot.Characteristic(m.Characteristic)
		if !known || c.Kind != "measured" {
			return models.Invalid(at+".characteristic", "%q is not a measured characteristic of %s.", "%q 不是标准 %s 的测量项目。", m.Characteristic, l.StandardCode)
		}
		if seen[c.Code] {
			return models.Invalid(at+".characteristic", "%s is given twice.", "%s 重复。", c.Code)
		}
		seen[c.Code] = true
		size := characteristicPlanOf(l.Plan, c.Code).SampleSize
		if len(m.Readings) > size {
			return models.Invalid(at+".readings", "%d readings of %s, but the plan takes %d.", "%[2]s 有 %[1]d 个读数，方案为 %[3]d 个。", len(m.Readings), c.Code, size)
		}
		for k, r := range m.Readings {
			if !r.IsSet() {
				return models.Invalid(field(at+".readings", k), "A reading is missing.", "缺少读数。")
			}
			if _, exact := r.Scaled(c.Decimals); !exact {
				return models.Invalid(field(at+".readings", k), "%s has more decimals than %s is read to (%d).", "%s 的小数位多于 %s 的读数位数（%d）。", r, c.Code, c.Decimals)
			}
		}
	}
	return nil
}

func characteristicPlanOf(p models.Plan, code string) models.CharacteristicPlan {
	for _, c := range p.Characteristics {
		if c.Code == code {
			return c
		}
	}
	return models.CharacteristicPlan{}
}

// houseSections may be ticked even where the standard does not ask for them.
var houseSections = map[string]bool{"quantity": true, "packing": true, "marks": true, "documents": true}

func checkChecks(l *models.InspectionLot) error {
	seen := map[string]bool{}
	for n, c := range l.Checks {
		at := field("checks", n)
		if !knownCheck(l.Snapshot, c.Code) {
			return models.Invalid(at+".code", "%q is no check of %s: use its codes, or quantity, packing, marks, documents.",
				"%q 不是标准 %s 的检查项：请使用其代码，或 quantity、packing、marks、documents。", c.Code, l.StandardCode)
		}
		if seen[c.Code] {
			return models.Invalid(at+".code", "%s is given twice.", "%s 重复。", c.Code)
		}
		seen[c.Code] = true
		if (c.Result == models.NotPossible || c.Result == models.NotApplicable) && c.Remark == "" {
			return models.Invalid(at+".remark", "Say why it was not checked.", "请说明未检验的原因。")
		}
		if c.Nonconforming != nil && (c.Examined == nil || *c.Nonconforming > *c.Examined) {
			return models.Invalid(at+".nonconforming", "More nonconforming units than examined.", "不合格件数多于检验件数。")
		}
		if size := characteristicPlanOf(l.Plan, c.Code).SampleSize; size > 0 && c.Examined != nil && *c.Examined > size {
			return models.Invalid(at+".examined", "%d units examined, but the plan takes %d.", "检验 %d 件，方案为 %d 件。", *c.Examined, size)
		}
	}
	return nil
}

func knownCheck(s models.StandardContent, code string) bool {
	if _, ok := s.Characteristic(code); ok || houseSections[code] {
		return true
	}
	for _, c := range s.Checks {
		if c.Code == code {
			return true
		}
	}
	return false
}

func checkCartons(l *models.InspectionLot) error {
	seen := map[int]bool{}
	for n, c := range l.CartonsOpened {
		if seen[c] {
			return models.Invalid(field("cartons_opened", n), "Carton %d is given twice.", "第 %d 箱重复。", c)
		}
		seen[c] = true
	}
	return nil
}
