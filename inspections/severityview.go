package inspections

import (
	"context"
	"strings"

	"gorm.io/gorm"

	"recourse/models"
	"recourse/sampling"
)

// SeverityQuery asks for the severities of a series. Lot and LimitingQuality
// are of the plans offered for a short series: units, per cent; without them the
// newest lot's size and a multiple of the AQL.
type SeverityQuery struct {
	Supplier        models.ID      `json:"supplier" validate:"required"`
	Product         models.ID      `json:"product" validate:"required"`
	Standard        string         `json:"standard" validate:"required,max=60"`
	Lot             int            `json:"lot" validate:"min=0,max=1000000000"`
	LimitingQuality models.Decimal `json:"limiting_quality"`
}

// SeriesSeverity is the severity in force for each class of a series, with all
// that led to it.
type SeriesSeverity struct {
	SupplierID   models.ID               `json:"supplier_id"`
	ProductID    models.ID               `json:"product_id"`
	StandardCode string                  `json:"standard_code"`
	StandardNo   int                     `json:"standard_version"`
	KnownLots    int                     `json:"known_lots"` // entered so far, inspected or not
	Short        *models.Text            `json:"short"`      // why switching protects nobody here; nil where it can
	Classes      []ClassSeverity         `json:"classes"`
	Rulings      []models.SeverityRuling `json:"rulings"` // oldest first
}

// ClassInForce is the severity in force of one class and, beside it, the one
// computed from the history alone.
type ClassInForce struct {
	Class       models.DefectClass `json:"class"`
	AQL         string             `json:"aql"`
	Severity    sampling.Severity  `json:"severity"`
	Why         models.Text        `json:"why"`
	Computed    sampling.Severity  `json:"computed"`
	ComputedWhy models.Text        `json:"computed_why"`
	Next        []models.Text      `json:"next"`     // what the series waits for
	Lots        int                `json:"lots"`     // that counted so far
	Approved    bool               `json:"approved"` // purchasing agrees with reduced inspection
	Steady      bool               `json:"steady"`   // production was not ruled irregular
}

// ClassSeverity is ClassInForce with counters and history. The counters are of the
// present spell of the computed severity.
type ClassSeverity struct {
	ClassInForce
	Score       int              `json:"score"`           // switching score; 0 outside ISO normal inspection
	InARow      int              `json:"accepted_in_row"` // lots
	NotAccepted int              `json:"not_accepted"`    // lots of the spell, in all, up to 5
	Changes     []SeverityChange `json:"changes"`         // oldest first
	Recent      []SeriesLot      `json:"recent"`          // the spell's last lots, up to 15, oldest first
	Offer       *LimitingOffer   `json:"limiting_quality"`
}

// SeverityChange is one switch of the computed severity with what caused it.
type SeverityChange struct {
	From   sampling.Severity      `json:"from"`
	To     sampling.Severity      `json:"to"`
	On     models.Date            `json:"on"` // of the last lot before it, or of the ruling
	Code   sampling.ReasonCode    `json:"code"`
	Reason models.Text            `json:"reason"` // with the lots named
	Lots   []SeriesLot            `json:"lots"`   // that caused it
	After  *SeriesLot             `json:"after"`  // the last lot before it
	Ruling *models.SeverityRuling `json:"ruling"` // where a ruling caused it
}

// SeriesLot is a lot of a series as one class of it came out. Number and batch
// are left out of visits that the reader may not see.
type SeriesLot struct {
	InspectionID *models.ID     `json:"inspection_id"`
	Number       string         `json:"number"`
	Batch        string         `json:"batch"`
	InspectedOn  models.Date    `json:"inspected_on"`
	Severity     string         `json:"severity"` // of the plan it was inspected by
	LotSize      int            `json:"lot_size"`
	SampleSize   int            `json:"sample_size"`
	Found        int            `json:"found"`
	Ac           int            `json:"ac"`
	Re           int            `json:"re"`
	Verdict      models.Verdict `json:"verdict"`
}

// SeverityOf explains the severities of a series. A reader who sees only some
// visits sees the series that these belong to; one without any is not found.
func SeverityOf(ctx context.Context, tx *gorm.DB, by models.Actor, q SeverityQuery) (*SeriesSeverity, error) {
	standard, err := standardOf(ctx, tx, q.Standard)
	if err != nil {
		return nil, models.At("standard", err)
	}
	if err := exist(ctx, tx, q.Supplier, q.Product); err != nil {
		return nil, err
	}
	s := Series{q.Supplier, q.Product, standard.Code}
	seen, err := seenOf(ctx, tx, by, s)
	if err != nil {
		return nil, err
	}
	h, err := s.read(ctx, tx)
	if err != nil {
		return nil, err
	}
	if err := nameBatches(ctx, tx, h.lots); err != nil {
		return nil, err
	}
	rules := standard.Content.Sampling
	out := &SeriesSeverity{SupplierID: s.SupplierID, ProductID: s.ProductID, StandardCode: s.StandardCode, StandardNo: standard.VersionNo, Rulings: h.rulings}
	size, err := s.known(ctx, tx, out)
	if err != nil {
		return nil, err
	}
	if q.Lot > 0 {
		size = q.Lot
	}
	for _, c := range rules.Classes {
		if c.Rule != models.RuleAQL {
			continue
		}
		f, err := fold(rules, c, h)
		if err != nil {
			return nil, err
		}
		class := f.explain(h.measure, seen)
		if out.Short != nil && !f.rules.AQL.Per100() && size > 0 {
			if class.Offer, err = offer(size, q.LimitingQuality, f.rules.AQL); err != nil {
				return nil, err
			}
		}
		out.Classes = append(out.Classes, class)
	}
	return out, nil
}

// seenOf are the visits of a series that the reader may see; nil for all.
func seenOf(ctx context.Context, tx *gorm.DB, by models.Actor, s Series) (map[models.ID]bool, error) {
	if !by.OnlyInspects() && !by.OwnOnly {
		return nil, nil
	}
	var ids []models.ID
	err := visible(tx, by).WithContext(ctx).Where("inspections.supplier_id = ? AND inspections.id IN (SELECT inspection_id FROM inspection_lots WHERE supplier_id = ? AND product_id = ? AND standard_code = ?)",
		s.SupplierID, s.SupplierID, s.ProductID, s.StandardCode).Pluck("inspections.id", &ids).Error
	if err == nil && len(ids) == 0 {
		err = models.NotFound("series of inspections", "验货系列")
	}
	seen := make(map[models.ID]bool, len(ids))
	for _, id := range ids {
		seen[id] = true
	}
	return seen, err
}

// brief is the class without its history.
func (f *classFold) brief(m *models.SupplierMeasure) ClassInForce {
	now := f.inForce(m)
	out := ClassInForce{
		Class: f.class, AQL: string(f.rules.AQL), Severity: now.Severity, Why: now.Why, Computed: f.state.Severity, ComputedWhy: f.why, Lots: len(f.lots),
		Approved: f.ruling(models.RuleReduced) != nil, Steady: f.ruling(models.RuleIrregular) == nil,
	}
	if now.limiting != nil {
		out.Why = now.limiting.why
	}
	en, zh := f.rules.Outlook(f.state)
	for n := range en {
		out.Next = append(out.Next, models.Text{EN: en[n], ZH: zh[n]})
	}
	if f.rules.Ready(f.state) && !out.Steady {
		out.Next = append(out.Next, models.Say("reduced possible: production must be steady again", "可以放宽：须待生产恢复稳定"))
	}
	if f.rules.Ready(f.state) && !out.Approved {
		out.Next = append(out.Next, models.Say("reduced possible: purchasing's approval is missing", "可以放宽：尚缺采购同意"))
	}
	return out
}

func (f *classFold) explain(m *models.SupplierMeasure, seen map[models.ID]bool) ClassSeverity {
	out := ClassSeverity{ClassInForce: f.brief(m), Score: f.state.Score, InARow: f.state.Accepted, NotAccepted: len(f.state.Refused)}
	for _, c := range f.changes {
		change := SeverityChange{From: c.from, To: c.to, Code: c.reason.Code, Ruling: c.ruling}
		if c.after != nil {
			after := c.after.shown(seen)
			change.After, change.On = &after, after.InspectedOn
		}
		if c.ruling != nil {
			change.On = c.ruling.EffectiveOn
		}
		en, zh := []string{}, []string{}
		for _, l := range f.named(c.reason.Lots) {
			lot := l.shown(seen)
			change.Lots = append(change.Lots, lot)
			words := lot.words()
			en, zh = append(en, words.EN), append(zh, words.ZH)
		}
		change.Reason = models.Text{EN: c.reason.EN, ZH: c.reason.ZH}
		if len(en) > 0 {
			change.Reason = models.Text{EN: c.reason.EN + ": " + strings.Join(en, "; "), ZH: c.reason.ZH + "：" + strings.Join(zh, "；")}
		}
		out.Changes = append(out.Changes, change)
	}
	for _, counted := range f.state.Recent {
		out.Recent = append(out.Recent, f.lots[counted.Lot-1].shown(seen))
	}
	return out
}

func (l *pastLot) shown(seen map[models.ID]bool) SeriesLot {
	out := SeriesLot{
		InspectedOn: l.InspectedOn, Severity: l.Severity, LotSize: l.LotSize, SampleSize: l.SampleSize, Found: l.Found, Ac: l.Ac, Re: l.Re, Verdict: models.Accepted,
	}
	if l.Found >= l.Re {
		out.Verdict = models.NotAccepted
	}
	if seen == nil || seen[l.InspectionID] {
		out.InspectionID, out.Number, out.Batch = &l.InspectionID, l.Number, l.Batch
	}
	return out
}

// words name a lot: visit, day, batch, what was found against what may be.
func (l SeriesLot) words() models.Text {
	number, zh := l.Number, l.Number
	if number == "" {
		number, zh = "another visit", "其他验货"
	}
	return models.Say("%[1]s of %[2]s, batch %[3]s: %[4]d found, Ac %[5]d, %[6]s", "%[8]s（%[2]s，批 %[3]s）：发现 %[4]d，Ac %[5]d，%[7]s",
		number, l.InspectedOn, l.Batch, l.Found, l.Ac, strings.ReplaceAll(string(l.Verdict), "_", " "), verdictZH[l.Verdict], zh)
}
