package inspections

import (
	"context"

	"gorm.io/gorm"

	"recourse/database"
	"recourse/models"
)

// writePrints stores the prints of a final inspection's readings, which never change again.
func writePrints(ctx context.Context, tx *gorm.DB, i *models.Inspection) error {
	var rows [][]any
	for _, l := range i.Lots {
		for _, m := range l.Measurements {
			if len(m.Readings) == 0 {
				continue
			}
			// load gives every reading the decimals of the pinned characteristic.
			places, values := m.Readings[0].Places(), make([]int64, len(m.Readings))
			for n, r := range m.Readings {
				values[n], _ = r.Scaled(places)
			}
			if p, ok := models.PrintReadings(l.StandardCode, m.Characteristic, places, values); ok {
				rows = append(rows, []any{l.ID, m.Characteristic, i.ID, i.SupplierID, p.Series, p.Ordered, p.Sorted, p.N})
			}
		}
	}
	return database.Insert(ctx, tx, "reading_prints (inspection_lot_id, characteristic, inspection_id, supplier_id, series, ordered, sorted, n)", rows)
}
