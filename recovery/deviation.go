package recovery

import (
	"context"
	"strings"

	"gorm.io/gorm"

	"recourse/models"
)

// deviationOf writes the claim items in figures, each defect by its name in the
// catalogue that its lots were inspected by.
func deviationOf(ctx context.Context, tx *gorm.DB, from *origin) (models.Text, error) {
	catalogues, err := inspectedBy(ctx, tx, from.lotIDs)
	if err != nil {
		return models.Text{}, err
	}
	var zh, en []string
	for _, i := range from.items {
		about := models.ReasonWords.Of(string(i.Reason))
		for _, code := range []string{i.Defect, i.Characteristic} {
			if code != "" {
				name := nameOf(code, from.lots[i.ID], catalogues)
				about = models.Text{ZH: about.ZH + "：" + name.ZH, EN: about.EN + ": " + name.EN}
			}
		}
		says := models.Say("item %[1]d – %[2]s, quantity %[4]s", "第 %[1]d 项 – %[3]s，数量 %[4]s", i.ItemNo, about.EN, about.ZH, i.Quantity)
		zh, en = append(zh, says.ZH), append(en, says.EN)
	}
	return models.Text{ZH: strings.Join(zh, "；"), EN: strings.Join(en, "; ")}, nil
}

// inspectedBy holds what each lot was inspected by, the newest final inspection
// first, and last what it was bought by.
func inspectedBy(ctx context.Context, tx *gorm.DB, lotIDs []models.ID) (map[models.ID][]models.StandardContent, error) {
	var rows []models.InspectionLot
	err := fresh[models.InspectionLot](tx).WithContext(ctx).Select("inspection_lots.lot_id, inspection_lots.snapshot").
		Joins("JOIN inspections ON inspections.id = inspection_lots.inspection_id").
		Where("inspection_lots.lot_id IN ? AND inspections.state = ? AND inspections.superseded_by_id IS NULL", lotIDs, models.Final).
		Order("inspection_lots.inspected_on DESC, inspection_lots.id DESC").Find(&rows).Error
	if err != nil {
		return nil, err
	}
	out := map[models.ID][]models.StandardContent{}
	for _, r := range rows {
		out[r.LotID] = append(out[r.LotID], r.Snapshot)
	}
	var bought []struct {
		LotID   models.ID
		Content models.StandardContent `gorm:"serializer:json"`
	}
	err = tx.WithContext(ctx).Table("lots").Select("lots.id AS lot_id, quality_standards.content").Joins("JOIN contract_lines ON contract_lines.id = lots.line_id").
		Joins("JOIN quality_standards ON quality_standards.id = contract_lines.standard_id").Where("lots.id IN ?", lotIDs).Order("lots.id").Find(&bought).Error
	for _, b := range bought {
		out[b.LotID] = append(out[b.LotID], b.Content)
	}
	return out, err
}

// nameOf is a defect's or characteristic's name with its code; the code alone where no catalogue has it.
func nameOf(code string, lots []models.ID, catalogues map[models.ID][]models.StandardContent) models.Text {
	for _, lot := range lots {
		for _, s := range catalogues[lot] {
			if d, known := s.Defect(code); known {
				return models.Text{ZH: d.Name.In("zh") + "（" + code + "）", EN: d.Name.In("en") + " (" + code + ")"}
			}
			if c, known := s.Characteristic(code); known {
				return models.Text{ZH: c.Name.In("zh") + "（" + code + "）", EN: c.Name.In("en") + " (" + code + ")"}
			}
		}
	}
	return models.Text{ZH: code, EN: code}
}
