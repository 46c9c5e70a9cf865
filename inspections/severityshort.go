package inspections

import (
	"context"

	"gorm.io/gorm"

	"recourse/models"
	"recourse/sampling"
)

// enoughLots is from where on the switching rules protect: below, a series ends
// before they can act (ISO 2859-1, clause 12, and ISO 2859-2 on isolated lots).
const enoughLots = 10

// LimitingOffer is what a lot of a short series may be inspected by instead:
// for each acceptance number the smallest sample that lets goods of the limiting
// quality pass with at most 10 %, exactly for this lot.
type LimitingOffer struct {
	Lot             int               `json:"lot"`
	LimitingQuality models.Decimal    `json:"limiting_quality"` // per cent
	AQL             string            `json:"aql"`
	Plans           []sampling.LQPlan `json:"plans"`
	Text            models.Text       `json:"text"`
}

// limits are the preferred limiting qualities (ISO 2859-2, table A), in per cent.
var limits = []string{"0.50", "0.80", "1.25", "2.0", "3.15", "5.0", "8.0", "12.5", "20.0", "31.5"}

// limitFor is the smallest preferred limiting quality that is at least three
// times the AQL, so that good goods still pass often.
func limitFor(aql sampling.AQL) models.Decimal {
	good := models.MustDecimal(string(aql)) // an AQL of the tables
	for _, text := range limits {
		if d := models.MustDecimal(text); d.Exact().GreaterThanOrEqual(good.Exact().Mul(models.MustDecimal("3").Exact())) {
			return d
		}
	}
	return models.MustDecimal(limits[len(limits)-1])
}

// offer computes the plans of a lot; quality may be left out.
func offer(lot int, quality models.Decimal, aql sampling.AQL) (*LimitingOffer, error) {
	if !quality.IsSet() {
		quality = limitFor(aql)
	}
	plans, err := offered(lot, quality, string(aql))
	if err != nil {
		return nil, limitError(aql)
	}
	for n, p := range plans { // beyond the first that takes the whole lot the others do as well
		if p.N == lot {
			plans = plans[:n+1]
			break
		}
	}
	last := plans[len(plans)-1]
	first := plans[0]
	return &LimitingOffer{
		Lot: lot, LimitingQuality: quality, AQL: string(aql), Plans: plans,
		Text: models.Say("For a lot of %[1]d: n %[2]d, c %[3]d accepts goods with %[4]s %% nonconforming with %.1[5]f %% (consumer's risk) and refuses goods at the AQL of %[6]s %% with %.1[7]f %% (producer's risk); n %[8]d, c %[9]d with %.1[10]f %% and %.1[11]f %%. A ruling «limiting_quality» makes plans so.",
			"批量 %[1]d：n %[2]d、c %[3]d 时，不合格品率 %[4]s %% 的货物被接收的概率为 %.1[5]f %%（使用方风险），AQL %[6]s %% 的货物被拒收的概率为 %.1[7]f %%（生产方风险）；n %[8]d、c %[9]d 时分别为 %.1[10]f %% 与 %.1[11]f %%。作出“limiting_quality”裁定后按此抽样。",
			lot, first.N, first.C, quality, 100*first.PAccept, aql, 100**first.ProducerRisk, last.N, last.C, 100*last.PAccept, 100**last.ProducerRisk),
	}, nil
}

// limitError refuses a limiting quality that no plan can be made for.
func limitError(aql sampling.AQL) error {
	return models.Invalid("limiting_quality", "The limiting quality lies above the AQL of %[1]s %% and at most at 100 %%; an AQL of 15 and more counts defects, which has none.",
		"极限质量应大于 AQL %[1]s %% 且不超过 100 %%；AQL 15 及以上按缺陷数计，不适用。", aql)
}

// known counts the lots entered for a series so far, inspected or not, says in
// words when they are too few, and returns the newest one's size in units, 0 without any.
func (s Series) known(ctx context.Context, tx *gorm.DB, out *SeriesSeverity) (size int, err error) {
	entered := tx.WithContext(ctx).Table("lots").
		Joins("JOIN contract_lines ON contract_lines.id = lots.line_id").
		Joins("JOIN contracts ON contracts.id = contract_lines.contract_id").
		Joins("JOIN quality_standards ON quality_standards.id = contract_lines.standard_id").
		Where("contracts.kind = ? AND contracts.party_id = ? AND contract_lines.product_id = ? AND quality_standards.code_key = ?",
			models.PurchaseContract, s.SupplierID, s.ProductID, models.Key(s.StandardCode)).Session(&gorm.Session{})
	var n int64
	if err := entered.Count(&n).Error; err != nil {
		return 0, err
	}
	if out.KnownLots = int(n); n < enoughLots {
		text := models.Say("%d lots are known of this series: with fewer than %d the switching rules end before they can act and protect nobody. Plans by limiting quality protect each lot by itself.",
			"本系列已知 %d 批：少于 %d 批时转移规则来不及起作用，无法提供保护。按极限质量抽样可单独保护每一批。", n, enoughLots)
		out.Short = &text
	}
	var newest []models.Quantity
	if err := entered.Order("lots.id DESC").Limit(1).Pluck("lots.quantity", &newest).Error; err != nil || len(newest) == 0 {
		return 0, err
	}
	return newest[0].Whole(), nil
}
