// Package scorecards answers for what a supplier's record says: the roll-up of
// every month, indicators with their uncertainty, profiles that turn them into a
// score and a band, published cards, what follows from a band, and what bad goods
// cost. It doesn't judge lots, answer claims or move money: it counts what those
// did. Its invariants: a figure is computed from the records alone; no data is
// never a good mark; a published card is never changed.
package scorecards

import "recourse/models"

// Formula is the version of everything that turns counts into a score. It rises
// when a card of the same counts and profile would come out otherwise.
const Formula = 1

// law is how an indicator's counts vary by chance, and so how a small sample is
// drawn toward the population.
type law int

const (
	binomial law = iota // x of n
	poisson             // x events over an exposure
	ratio               // amount over amount: no law, so not shrunk
)

// indicator is one figure of a scorecard: scale × x / n.
type indicator struct {
	code      string
	law       law
	scale     float64 // 100 for per cent and per hundred, 1 for days
	money     bool    // amount of amount, in minor units
	rates     bool    // and needs exchange rates
	x, n      func(models.SupplierCounts) int64
	size      func(models.SupplierCounts) int64 // the n to show, where it isn't the denominator
	unit      models.Text
	name      models.Text
	says      models.Text
	wholeOnly bool // known of the supplier, not of one product
}

var (
	perCent    = models.Text{EN: "%", ZH: "%"}
	perHundred = models.Text{EN: "per 100", ZH: "每百"}
	days       = models.Text{EN: "days", ZH: "天"}
)

// indicators is the table of all figures, in the order in which they are shown.
var indicators = []indicator{
	{
		code: "first_pass", law: binomial, scale: 100, unit: perCent,
		x: func(c models.SupplierCounts) int64 { return c.LotsAccepted }, n: func(c models.SupplierCounts) int64 { return c.Lots },
		name: models.Text{EN: "First-pass acceptance", ZH: "一次检验合格率"},
		says: models.Text{EN: "Lots accepted at their original pre-shipment inspection, of all lots so inspected.", ZH: "首次出货前检验即被接受的批数占首次检验批数的比例。"},
	}, {
		code: "critical_lots", law: binomial, scale: 100, unit: perCent,
		x: func(c models.SupplierCounts) int64 { return c.LotsCritical }, n: func(c models.SupplierCounts) int64 { return c.Lots },
		name: models.Text{EN: "Lots with critical findings", ZH: "含致命缺陷的批"},
		says: models.Text{EN: "Lots with at least one critical finding at their original inspection, of all lots so inspected.", ZH: "首次检验发现至少一个致命缺陷的批数占首次检验批数的比例。"},
	}, {
		code: "critical_defects", law: poisson, scale: 100, unit: perHundred,
		x: func(c models.SupplierCounts) int64 { return c.DefectsCritical }, n: func(c models.SupplierCounts) int64 { return c.Units },
		name: models.Text{EN: "Critical defects per 100 units", ZH: "每百单位致命缺陷数"},
		says: models.Text{EN: "Critical defects found, per hundred units examined at original inspections.", ZH: "首次检验中每检查一百单位发现的致命缺陷数。"},
	}, {
		code: "major_defects", law: poisson, scale: 100, unit: perHundred,
		x: func(c models.SupplierCounts) int64 { return c.DefectsMajor }, n: func(c models.SupplierCounts) int64 { return c.Units },
		name: models.Text{EN: "Major defects per 100 units", ZH: "每百单位主要缺陷数"},
		says: models.Text{EN: "Major defects found, per hundred units examined at original inspections.", ZH: "首次检验中每检查一百单位发现的主要缺陷数。"},
	}, {
		code: "minor_defects", law: poisson, scale: 100, unit: perHundred,
		x: func(c models.SupplierCounts) int64 { return c.DefectsMinor }, n: func(c models.SupplierCounts) int64 { return c.Units },
		name: models.Text{EN: "Minor defects per 100 units", ZH: "每百单位次要缺陷数"},
		says: models.Text{EN: "Minor defects found, per hundred units examined at original inspections.", ZH: "首次检验中每检查一百单位发现的次要缺陷数。"},
	}, {
		code: "not_ready", law: binomial, scale: 100, unit: perCent,
		x: func(c models.SupplierCounts) int64 { return c.NotReady }, n: func(c models.SupplierCounts) int64 { return c.Visits },
		name: models.Text{EN: "Visits in vain", ZH: "未备货空跑率"},
		says: models.Text{EN: "Original pre-shipment visits aborted to the supplier's account, of all such visits.", ZH: "因供应商原因中止的首次出货前检验占全部首次检验的比例。"},
	}, {
		code: "on_time", law: binomial, scale: 100, unit: perCent,
		x: func(c models.SupplierCounts) int64 { return c.ShippedOnTime }, n: func(c models.SupplierCounts) int64 { return c.ShippedDated },
		name: models.Text{EN: "On-time shipment", ZH: "准时交货率"},
		says: models.Text{EN: "Shipped lots delivered or loaded by the latest date of the purchase contract, of those with both dates.", ZH: "在采购合同最迟装运日前交付或装运的批数占两个日期均已知批数的比例。"},
	}, {
		code: "claim_rate", law: poisson, scale: 100, unit: perHundred,
		x: func(c models.SupplierCounts) int64 { return c.Claims }, n: func(c models.SupplierCounts) int64 { return c.Shipped },
		name: models.Text{EN: "Claims per 100 shipped lots", ZH: "每百批索赔数"},
		says: models.Text{EN: "Customers' claims received on the supplier's goods, per hundred lots shipped in the period.", ZH: "期内收到的涉及该供应商货物的客户索赔数，按期内每装运一百批计。"},
	}, {
		code: "claim_value", law: ratio, scale: 100, unit: perCent, money: true, rates: true,
		x: func(c models.SupplierCounts) int64 { return c.ClaimedMinor }, n: func(c models.SupplierCounts) int64 { return c.ShippedMinor },
		size: func(c models.SupplierCounts) int64 { return c.Shipped },
		name: models.Text{EN: "Claimed value of shipped value", ZH: "索赔金额占装运金额"},
		says: models.Text{EN: "Amount claimed on the supplier's goods, of the sales value of what was shipped in the period.", ZH: "期内涉及该供应商货物的索赔金额占期内装运货物销售金额的比例。"},
	}, {
		code: "escape", law: binomial, scale: 100, unit: perCent,
		x: func(c models.SupplierCounts) int64 { return c.EscapedLots }, n: func(c models.SupplierCounts) int64 { return c.Released },
		name: models.Text{EN: "Escape rate", ZH: "漏检率"},
		says: models.Text{EN: "Lots we accepted in the period that a customer has claimed since, of all lots we accepted.", ZH: "期内经我方检验接受、其后被客户索赔的批数占接受批数的比例。"},
	}, {
		code: "document_faults", law: poisson, scale: 100, unit: perHundred,
		x: func(c models.SupplierCounts) int64 { return c.DocumentClaims }, n: func(c models.SupplierCounts) int64 { return c.Shipped },
		name: models.Text{EN: "Document faults per 100 shipped lots", ZH: "每百批单证差错数"},
		says: models.Text{EN: "Claims about documents of the supplier's shipments, per hundred lots shipped in the period.", ZH: "期内涉及单证的索赔数，按期内每装运一百批计。"},
	}, {
		code: "recovered", law: ratio, scale: 100, unit: perCent, money: true, wholeOnly: true,
		size: func(c models.SupplierCounts) int64 { return c.Notes },
		x:    func(c models.SupplierCounts) int64 { return c.RecoveredMinor }, n: func(c models.SupplierCounts) int64 { return c.DebitedMinor },
		name: models.Text{EN: "Recovered of debited", ZH: "扣款追回率"},
		says: models.Text{EN: "Amount settled by the supplier, of the debit notes issued to it in the period; write-offs don't count.", ZH: "期内开出的扣款通知中供应商已结清的金额比例；核销不计。"},
	}, {
		code: "recovery_days", law: ratio, scale: 1, unit: days, wholeOnly: true,
		x: func(c models.SupplierCounts) int64 { return c.SettlementDays }, n: func(c models.SupplierCounts) int64 { return c.NotesSettled },
		name: models.Text{EN: "Days to recover", ZH: "追回天数"},
		says: models.Text{EN: "Days from issue to the last settlement, averaged over the period's debit notes that are settled.", ZH: "期内已结清扣款通知从开出到最后一次结算的平均天数。"},
	}, {
		code: "actions_on_time", law: binomial, scale: 100, unit: perCent, wholeOnly: true,
		x: func(c models.SupplierCounts) int64 { return c.StepsOnTime }, n: func(c models.SupplierCounts) int64 { return c.Steps },
		name: models.Text{EN: "Corrective action on time", ZH: "纠正措施按时率"},
		says: models.Text{EN: "Steps of corrective actions answered by their due date, of all steps due in the period.", ZH: "期内到期的纠正措施步骤中按时答复的比例。"},
	},
}

// find is the indicator of a code.
func find(code string) (indicator, bool) {
	for _, i := range indicators {
		if i.code == code {
			return i, true
		}
	}
	return indicator{}, false
}

func codes() []string {
	out := make([]string, len(indicators))
	for n, i := range indicators {
		out[n] = i.code
	}
	return out
}

// Definitions is what the indicators are called, in one sentence each.
func Definitions() []models.IndicatorWords {
	out := make([]models.IndicatorWords, len(indicators))
	for n, i := range indicators {
		out[n] = models.IndicatorWords{Code: i.code, Money: i.money, Name: i.name, Unit: i.unit, Definition: i.says}
	}
	return out
}

// sampleSize is the n to show beside a rate.
func (i indicator) sampleSize(c models.SupplierCounts) int64 {
	if i.size != nil {
		return i.size(c)
	}
	return i.n(c)
}
