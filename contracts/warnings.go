package contracts

import (
	"context"
	"fmt"

	"gorm.io/gorm"

	"recourse/models"
)

// The codes of warnings: in each, we buy looser than we sell.
const (
	WindowClosesFirst     = "supplier_window_closes_first"
	WindowMissing         = "supplier_window_missing"
	ToleranceWider        = "tolerance_wider"
	QuantityShort         = "quantity_short"
	UnitDiffers           = "unit_differs"
	ProductDiffers        = "product_differs"
	AttributeDiffers      = "attribute_differs"
	LimitWider            = "limit_wider"
	CharacteristicMissing = "characteristic_missing"
	DefectMissing         = "defect_missing"
	CheckMissing          = "check_missing"
	ClassMilder           = "class_milder"
	AQLLooser             = "aql_looser"
	SamplingDiffers       = "sampling_differs" // can't be compared by figures
	ContainerCheckDigit   = "container_check_digit"
)

// Warning is something to mind about a contract or shipment: it refuses nothing.
// Code and Reason say what, Text says it in words with the figures; the rest
// names the place as far as there is one.
type Warning struct {
	Code             string             `json:"code"`
	Reason           string             `json:"reason,omitempty"` // of a claim window: quality, quantity, other
	SalesContract    string             `json:"sales_contract,omitempty"`
	SalesLine        int                `json:"sales_line,omitempty"`
	PurchaseContract string             `json:"purchase_contract,omitempty"`
	PurchaseLine     int                `json:"purchase_line,omitempty"`
	Characteristic   string             `json:"characteristic,omitempty"` // code of a characteristic, defect or check
	Class            models.DefectClass `json:"class,omitempty"`
	Field            string             `json:"field,omitempty"`
	Text             models.Text        `json:"text"`
}

// says makes the text of a warning; both formats take the same args.
func says(en, zh string, args ...any) models.Text {
	return models.Text{EN: fmt.Sprintf(en, args...), ZH: fmt.Sprintf(zh, args...)}
}

// Warnings compares a contract with those it is linked to, as far as the actor sees them.
func Warnings(ctx context.Context, tx *gorm.DB, by models.Actor, contractID models.ID) ([]Warning, error) {
	c, err := head(ctx, tx, by, contractID)
	if err != nil {
		return nil, err
	}
	// The contracts on either side of its links, and the sales that share a
	// purchase line with it: together they may be sold more than was bought.
	linked := fresh[models.LineLink](tx).
		Joins("JOIN contract_lines sold ON sold.id = line_links.sales_line_id").
		Joins("JOIN contract_lines bought ON bought.id = line_links.purchase_line_id")
	purchases := []models.ID{contractID}
	if c.Kind == models.SalesContract {
		purchases = nil
		err := linked.Session(&gorm.Session{}).WithContext(ctx).Where("sold.contract_id = ?", contractID).Distinct("bought.contract_id").Pluck("bought.contract_id", &purchases).Error
		if err != nil {
			return nil, err
		}
	}
	var ids []models.ID
	err = linked.Session(&gorm.Session{}).WithContext(ctx).Where("bought.contract_id IN ?", purchases).Distinct("sold.contract_id").Pluck("sold.contract_id", &ids).Error
	if err != nil {
		return nil, err
	}
	sold, bought, err := loadSides(ctx, tx, by, append(ids, purchases...))
	if err != nil {
		return nil, err
	}
	standards, err := standardsOf(ctx, tx, by, sold, bought)
	if err != nil {
		return nil, err
	}
	own := []Warning{}
	for _, w := range Compare(sold, bought, standards) {
		if c.Kind == models.SalesContract && w.SalesContract == c.Number || c.Kind == models.PurchaseContract && w.PurchaseContract == c.Number {
			own = append(own, w)
		}
	}
	return own, nil
}

// loadSides loads contracts with their lines, apart by kind, in the order of their ids.
func loadSides(ctx context.Context, tx *gorm.DB, by models.Actor, ids []models.ID) (sold, bought []models.Contract, err error) {
	var all []models.Contract
	if err := visibleContracts(tx, by).WithContext(ctx).Where("contracts.id IN ?", ids).Order("contracts.id").Find(&all).Error; err != nil {
		return nil, nil, err
	}
	if err := withLines(ctx, tx, by, all); err != nil {
		return nil, nil, err
	}
	for _, c := range all {
		if c.Kind == models.SalesContract {
			sold = append(sold, c)
		} else {
			bought = append(bought, c)
		}
	}
	return sold, bought, nil
}

func standardsOf(ctx context.Context, tx *gorm.DB, by models.Actor, sides ...[]models.Contract) (map[models.ID]models.Standard, error) {
	var ids []models.ID
	for _, side := range sides {
		for _, c := range side {
			for _, l := range c.Lines {
				if l.StandardID != nil {
					ids = append(ids, *l.StandardID)
				}
			}
		}
	}
	var rows []models.Standard
	if err := visibleStandards(tx, by).WithContext(ctx).Where("quality_standards.id IN ?", ids).Find(&rows).Error; err != nil {
		return nil, err
	}
	found := make(map[models.ID]models.Standard, len(rows))
	for _, s := range rows {
		found[s.ID] = s
	}
	return found, nil
}
