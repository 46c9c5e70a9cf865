package inspections

import (
	"bytes"
	"cmp"
	"context"
	"slices"

	"gorm.io/gorm"

	"recourse/database"
	"recourse/models"
)

// SupplierSeverity is one series of a supplier with the severities in force.
type SupplierSeverity struct {
	ProductID    models.ID      `json:"product_id"`
	ProductCode  string         `json:"product_code"`
	ProductName  models.Text    `json:"product_name"`
	StandardCode string         `json:"standard_code"`
	Classes      []ClassInForce `json:"classes"`
}

// SupplierSeverities are all series of a supplier.
type SupplierSeverities struct {
	SupplierID models.ID          `json:"supplier_id"`
	Measure    *models.Text       `json:"measure"` // why all of them are at least tightened; nil without
	Items      []SupplierSeverity `json:"items"`   // by product code and standard
}

// RulingList is what a list of rulings may be filtered and sorted by.
var RulingList = database.List{
	Default: "-id",
	Sorts:   []string{"id"},
	Filters: map[string]database.Filter{
		"supplier_id":   {SQL: "severity_rulings.supplier_id = ?", Kind: database.FilterID},
		"product_id":    {SQL: "severity_rulings.product_id = ?", Kind: database.FilterID},
		"standard_code": {SQL: "severity_rulings.standard_code = ?"},
		"kind":          {SQL: "severity_rulings.kind = ?", Values: []string{"approve_reduced", "override", "irregular", "resume", "limiting_quality", "withdraw"}},
	},
}

// Rulings reads one page of rulings, of the series that the reader may see.
func Rulings(ctx context.Context, tx *gorm.DB, by models.Actor, q database.Query) (database.Page[models.SeverityRuling], error) {
	scoped := tx.Session(&gorm.Session{NewDB: true}).Model(&models.SeverityRuling{})
	if by.OnlyInspects() || by.OwnOnly {
		scoped = scoped.Where(`EXISTS (SELECT 1 FROM inspection_lots WHERE inspection_lots.supplier_id = severity_rulings.supplier_id
			AND inspection_lots.product_id = severity_rulings.product_id AND inspection_lots.standard_code = severity_rulings.standard_code
			AND inspection_lots.inspection_id IN (?))`, visible(tx, by).Select("inspections.id"))
	}
	return database.Find[models.SeverityRuling](ctx, scoped, RulingList, q)
}

// SeveritiesOf lists the series of a supplier that have a judged lot or a
// ruling, in a constant number of statements. A reader who sees only some visits
// gets the series that these belong to.
func SeveritiesOf(ctx context.Context, tx *gorm.DB, by models.Actor, supplier models.ID) (*SupplierSeverities, error) {
	if _, err := database.Take[models.Party](ctx, tx, "supplier", "供应商", "id = ? AND kind = ?", supplier, models.PartySupplier); err != nil {
		return nil, err
	}
	lots, err := pastLots(ctx, tx, "severity_lots.supplier_id = ?", supplier)
	if err != nil {
		return nil, err
	}
	rulings, err := rulingsOf(ctx, tx, "supplier_id = ?", supplier)
	if err != nil {
		return nil, err
	}
	measure, err := tightening(ctx, tx, supplier)
	if err != nil {
		return nil, err
	}
	all := map[Series]history{}
	for _, l := range lots {
		s := Series{supplier, l.ProductID, l.StandardCode}
		h := all[s]
		h.lots, h.measure = append(h.lots, l), measure
		all[s] = h
	}
	for _, r := range rulings {
		s := Series{supplier, r.ProductID, r.StandardCode}
		h := all[s]
		h.rulings, h.measure = append(h.rulings, r), measure
		all[s] = h
	}
	out := &SupplierSeverities{SupplierID: supplier, Items: []SupplierSeverity{}}
	if measure != nil {
		out.Measure = &models.Text{EN: measure.Reason, ZH: measure.Reason}
	}
	return out, out.fill(ctx, tx, by, all)
}

// fill folds each series by the standard it is looked at by.
func (out *SupplierSeverities) fill(ctx context.Context, tx *gorm.DB, by models.Actor, all map[Series]history) error {
	var codes []string
	var products []models.ID
	for s := range all {
		codes, products = append(codes, models.Key(s.StandardCode)), append(products, s.ProductID)
	}
	standards, err := gorm.G[models.Standard](tx).Where("code_key IN ? AND state <> ?", codes, models.StandardDraft).Order("state DESC, version_no").Find(ctx)
	if err != nil {
		return err
	}
	newest := map[string]models.Standard{}
	for _, s := range standards { // the last one of a code stays: active, newest
		newest[s.CodeKey] = s
	}
	known, err := gorm.G[models.Product](tx).Where("id IN ?", products).Find(ctx)
	if err != nil {
		return err
	}
	shown, err := shownSeries(ctx, tx, by, out.SupplierID)
	if err != nil {
		return err
	}
	for s, h := range all {
		standard, found := newest[models.Key(s.StandardCode)]
		if !found || shown != nil && !shown[s] {
			continue
		}
		item := SupplierSeverity{ProductID: s.ProductID, StandardCode: s.StandardCode}
		if n := slices.IndexFunc(known, func(p models.Product) bool { return p.ID == s.ProductID }); n >= 0 {
			item.ProductCode, item.ProductName = known[n].Code, known[n].Name
		}
		for _, c := range standard.Content.Sampling.Classes {
			if c.Rule != models.RuleAQL {
				continue
			}
			f, err := fold(standard.Content.Sampling, c, h)
			if err != nil {
				return err
			}
			item.Classes = append(item.Classes, f.brief(h.measure))
		}
		out.Items = append(out.Items, item)
	}
	slices.SortFunc(out.Items, func(a, b SupplierSeverity) int {
		return cmp.Or(cmp.Compare(a.ProductCode, b.ProductCode), bytes.Compare(a.ProductID[:], b.ProductID[:]), cmp.Compare(a.StandardCode, b.StandardCode))
	})
	return nil
}

// shownSeries are the series of a supplier of which the reader may see a visit; nil for all.
func shownSeries(ctx context.Context, tx *gorm.DB, by models.Actor, supplier models.ID) (map[Series]bool, error) {
	if !by.OnlyInspects() && !by.OwnOnly {
		return nil, nil
	}
	var rows []Series
	err := tx.WithContext(ctx).Table("inspection_lots").Distinct("supplier_id, product_id, standard_code").
		Where("supplier_id = ? AND inspection_id IN (?)", supplier, visible(tx, by).Select("inspections.id")).Scan(&rows).Error
	shown := map[Series]bool{}
	for _, s := range rows {
		shown[s] = true
	}
	return shown, err
}
