package inspections

import (
	"context"

	"gorm.io/gorm"

	"recourse/models"
)

// load fills the parts of an inspection, in a constant number of statements.
func load(ctx context.Context, tx *gorm.DB, by models.Actor, i *models.Inspection) error {
	tx = tx.WithContext(ctx)
	var err error
	if i.Lots, err = gorm.G[models.InspectionLot](tx).Where("inspection_id = ?", i.ID).Order("position").Find(ctx); err != nil {
		return err
	}
	if i.Photos, err = gorm.G[models.Photo](tx).Where("inspection_id = ?", i.ID).Order("position").Find(ctx); err != nil {
		return err
	}
	if i.Signatures, err = gorm.G[models.Signature](tx).Where("inspection_id = ?", i.ID).Order("side DESC").Find(ctx); err != nil {
		return err
	}
	i.Inspectors = []models.InspectorName{}
	err = tx.Table("inspection_inspectors").Select("inspection_inspectors.user_id, users.name").
		Joins("JOIN users ON users.id = inspection_inspectors.user_id").
		Where("inspection_id = ?", i.ID).Order("users.name, users.id").Scan(&i.Inspectors).Error
	if err != nil {
		return err
	}
	return loadLots(ctx, tx, by, i)
}

func loadLots(ctx context.Context, tx *gorm.DB, by models.Actor, i *models.Inspection) error {
	at := make(map[models.ID]*models.InspectionLot, len(i.Lots))
	ids := make([]models.ID, len(i.Lots))
	for n := range i.Lots {
		l := &i.Lots[n]
		l.Findings, l.Checks, l.Decisions = []models.Finding{}, []models.Check{}, []models.Decision{}
		at[l.ID], ids[n] = l, l.ID
	}
	findings, err := gorm.G[models.Finding](tx).Where("inspection_lot_id IN ?", ids).Order("position").Find(ctx)
	if err != nil {
		return err
	}
	for _, f := range findings {
		l := at[f.InspectionLotID]
		l.Findings = append(l.Findings, f)
	}
	checks, err := gorm.G[models.Check](tx).Where("inspection_lot_id IN ?", ids).Order("code").Find(ctx)
	if err != nil {
		return err
	}
	for _, c := range checks {
		l := at[c.InspectionLotID]
		l.Checks = append(l.Checks, c)
	}
	decisions, err := gorm.G[models.Decision](tx).Where("inspection_id = ?", i.ID).Order("id").Find(ctx)
	if err != nil {
		return err
	}
	for _, d := range decisions {
		if !by.SeesPrices() {
			d.Price = nil
		}
		l := at[d.InspectionLotID]
		l.Decisions = append(l.Decisions, d)
	}
	return loadReadings(ctx, tx, at, ids)
}

// loadReadings groups the readings by characteristic, in the order of the snapshot.
func loadReadings(ctx context.Context, tx *gorm.DB, at map[models.ID]*models.InspectionLot, ids []models.ID) error {
	rows, err := gorm.G[models.Reading](tx).Where("inspection_lot_id IN ?", ids).Order("inspection_lot_id, characteristic, no").Find(ctx)
	if err != nil {
		return err
	}
	values := map[models.ID]map[string][]int64{}
	for _, r := range rows {
		if values[r.InspectionLotID] == nil {
			values[r.InspectionLotID] = map[string][]int64{}
		}
		values[r.InspectionLotID][r.Characteristic] = append(values[r.InspectionLotID][r.Characteristic], r.Value)
	}
	for id, l := range at {
		l.Measurements = []models.Measurement{}
		for _, c := range l.Snapshot.Characteristics {
			scaled := values[id][c.Code]
			if len(scaled) == 0 {
				continue
			}
			m := models.Measurement{Characteristic: c.Code, Readings: make([]models.Decimal, len(scaled))}
			for n, v := range scaled {
				m.Readings[n] = models.DecimalFromScaled(v, c.Decimals)
			}
			l.Measurements = append(l.Measurements, m)
		}
	}
	return nil
}
