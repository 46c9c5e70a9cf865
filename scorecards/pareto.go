package scorecards

import (
	"cmp"
	"context"
	"slices"

	"gorm.io/gorm"

	"recourse/models"
)

// originalLots limits a join of inspections and inspection_lots to what feeds
// the figures: decided lots of original pre-shipment inspections in their newest revision.
const originalLots = "inspections.kind = 'pre_shipment' AND inspections.chain_no = 0 AND inspections.state = 'final' AND inspections.superseded_by_id IS NULL"

// found is one defect code of one standard, summed.
type found struct {
	StandardID models.ID
	DefectCode string
	Class      models.DefectClass
	Defects    int64
	Lots       int64
}

// Defects is a supplier's defects of a period.
type Defects struct {
	Items []models.ParetoRow `json:"items"`
}

// Pareto lists the defects found at a supplier's original inspections of a
// period, most frequent first.
func Pareto(ctx context.Context, tx *gorm.DB, by models.Actor, supplier models.ID, in RankInput) (*Defects, error) {
	q, err := in.read(ctx, tx, by)
	if err != nil {
		return nil, err
	}
	if _, err := supplierOf(ctx, tx, supplier); err != nil {
		return nil, err
	}
	rows, err := pareto(ctx, tx, supplier, q)
	return &Defects{rows}, err
}

func pareto(ctx context.Context, tx *gorm.DB, supplier models.ID, q query) ([]models.ParetoRow, error) {
	lots := tx.WithContext(ctx).Table("inspection_lots").
		Select("inspection_lots.standard_id, findings.defect_code, findings.class, SUM(findings.defects) AS defects, COUNT(DISTINCT inspection_lots.id) AS lots").
		Joins("JOIN inspections ON inspections.id = inspection_lots.inspection_id").
		Joins("JOIN findings ON findings.inspection_lot_id = inspection_lots.id").
		Where("inspection_lots.supplier_id = ? AND inspection_lots.inspected_on BETWEEN ? AND ?", supplier, q.period.From.First(), q.period.To.Last()).
		Where(originalLots)
	switch {
	case q.scope.Product != nil:
		lots = lots.Where("inspection_lots.product_id = ?", *q.scope.Product)
	case q.scope.Category != "":
		lots = lots.Where("inspection_lots.product_id IN (SELECT id FROM products WHERE category = ?)", q.scope.Category)
	}
	var rows []found
	if err := lots.Group("inspection_lots.standard_id, findings.defect_code, findings.class").Scan(&rows).Error; err != nil || len(rows) == 0 {
		return []models.ParetoRow{}, err
	}
	names, err := defectNames(ctx, tx, rows)
	return paretoOf(rows, names), err
}

// defectNames reads the catalogues of the standards concerned.
func defectNames(ctx context.Context, tx *gorm.DB, rows []found) (map[found]models.Text, error) {
	var ids []models.ID
	for _, r := range rows {
		if !slices.Contains(ids, r.StandardID) {
			ids = append(ids, r.StandardID)
		}
	}
	standards, err := gorm.G[models.Standard](tx).Select("id", "content").Where("id IN ?", ids).Find(ctx)
	out := map[found]models.Text{}
	for _, s := range standards {
		for _, d := range s.Content.Defects {
			out[found{StandardID: s.ID, DefectCode: d.Code}] = d.Name
		}
	}
	return out, err
}

// paretoOf merges what has one code, class and name in several standards'
// versions, sorts, and cumulates.
func paretoOf(rows []found, names map[found]models.Text) []models.ParetoRow {
	var out []models.ParetoRow
	var all int64
	for _, r := range rows {
		row := models.ParetoRow{Defect: r.DefectCode, Class: r.Class, Name: names[found{StandardID: r.StandardID, DefectCode: r.DefectCode}]}
		n := slices.IndexFunc(out, func(o models.ParetoRow) bool {
			return o.Defect == row.Defect && o.Class == row.Class && o.Name == row.Name
		})
		if n < 0 {
			n = len(out)
			out = append(out, row)
		}
		out[n].Defects += r.Defects
		out[n].Lots += r.Lots
		all += r.Defects
	}
	slices.SortFunc(out, func(a, b models.ParetoRow) int {
		return cmp.Or(cmp.Compare(b.Defects, a.Defects), cmp.Compare(a.Defect, b.Defect), cmp.Compare(a.Class, b.Class), cmp.Compare(a.Name.EN, b.Name.EN))
	})
	var sofar int64
	for n := range out {
		sofar += out[n].Defects
		out[n].Share, out[n].Cumulated = shareOf(out[n].Defects, all), shareOf(sofar, all)
	}
	return out
}

// shareOf is part of whole in hundredths of a per cent, rounded half up.
func shareOf(part, whole int64) models.Percent {
	if whole == 0 {
		return 0
	}
	return models.Percent((2*part*int64(models.Whole) + whole) / (2 * whole))
}
