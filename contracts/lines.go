package contracts

import (
	"context"

	"gorm.io/gorm"

	"recourse/models"
)

// LineInput is one line of a contract. Unit is the product's where not given. A
// purchase line pins an active standard; a sales line may pin the customer's.
type LineInput struct {
	ID               *models.ID        `json:"id"`
	LineNo           int               `json:"line" validate:"min=1,max=9999"`
	ProductID        models.ID         `json:"product_id" validate:"required"`
	Specification    string            `json:"specification" validate:"max=4000"`
	Attributes       map[string]string `json:"attributes" validate:"max=20"`
	Quantity         models.Quantity   `json:"quantity" validate:"gt=0"`
	Unit             string            `json:"unit" validate:"max=20"`
	TolerancePercent models.Decimal    `json:"tolerance_percent"`
	ToleranceOption  string            `json:"tolerance_option" validate:"omitempty,oneof=buyer seller"`
	TolerancePrice   string            `json:"tolerance_price" validate:"omitempty,oneof=contract market"`
	UnitPrice        models.Decimal    `json:"unit_price"`
	StandardID       *models.ID        `json:"standard_id"`
	FedBy            []models.LineLink `json:"fed_by" validate:"max=100"` // the purchase lines that feed a sales line
}

// LinesInput is all the lines of a contract, as they shall be.
type LinesInput struct {
	Lines []LineInput `json:"lines" validate:"required,min=1,max=500,dive"`
}

// FeedInput is the purchase lines that feed a sales line, as they shall be.
type FeedInput struct {
	FedBy []models.LineLink `json:"fed_by" validate:"max=100"`
}

// known is what the lines of an input refer to.
type known struct {
	products  map[models.ID]models.Product
	standards map[models.ID]models.Standard
	purchases map[models.ID]models.ContractLine
}

// checkLines makes lines of inputs. old are the lines that the contract has: a
// line is the one of the same number.
func checkLines(ctx context.Context, tx *gorm.DB, by models.Actor, c *models.Contract, old []models.ContractLine, in []LineInput) ([]models.ContractLine, error) {
	refs, err := loadKnown(ctx, tx, by, in)
	if err != nil {
		return nil, err
	}
	byNo, byID := map[int]models.ContractLine{}, map[models.ID]models.ContractLine{}
	for _, l := range old {
		byNo[l.LineNo], byID[l.ID] = l, l
	}
	seen := map[int]bool{}
	lines := make([]models.ContractLine, len(in))
	for i, x := range in {
		if seen[x.LineNo] {
			return nil, models.Invalid(at("lines", i, "line"), "Line %d is given twice.", "第 %d 行重复。", x.LineNo)
		}
		seen[x.LineNo] = true
		before, exists := byNo[x.LineNo]
		if x.ID != nil && exists && before.ID != *x.ID {
			return nil, models.Conflict(at("lines", i, "id"), "Line %d has another id: a line keeps its number.", "第 %d 行的 ID 不同：合同行不可改号。", x.LineNo)
		}
		if x.ID != nil && !exists {
			if other, is := byID[*x.ID]; is {
				return nil, models.Conflict(at("lines", i, "line"), "This is line %d: a line keeps its number, by which documents quote it.", "此行为第 %d 行：合同行不可改号，单据按行号引用。", other.LineNo)
			}
		}
		l := x.line(c.ID)
		if exists {
			l.ID = before.ID
			for n := range l.FedBy {
				l.FedBy[n].SalesLineID = l.ID
			}
		}
		if err := refs.check(c, before, &l); err != nil {
			return nil, models.At(at("lines", i, ""), err)
		}
		lines[i] = l
	}
	return lines, nil
}

func (x LineInput) line(contract models.ID) models.ContractLine {
	l := models.ContractLine{
		ID: idOr(x.ID), ContractID: contract, LineNo: x.LineNo, ProductID: x.ProductID, Specification: x.Specification, Attributes: x.Attributes,
		Quantity: x.Quantity, Unit: x.Unit, TolerancePercent: x.TolerancePercent, ToleranceOption: x.ToleranceOption,
		TolerancePrice: x.TolerancePrice, UnitPrice: x.UnitPrice, StandardID: x.StandardID,
	}
	if l.Attributes == nil {
		l.Attributes = map[string]string{}
	}
	for _, link := range x.FedBy {
		l.FedBy = append(l.FedBy, models.LineLink{SalesLineID: l.ID, PurchaseLineID: link.PurchaseLineID})
	}
	return l
}

// check checks a line and fills its unit. before is the line as it was, or zero.
func (k known) check(c *models.Contract, before models.ContractLine, l *models.ContractLine) error {
	product, ok := k.products[l.ProductID]
	if !ok {
		return models.Invalid("product_id", "There is no such product.", "没有此商品。")
	}
	if l.Unit == "" {
		l.Unit = product.Unit
	}
	if l.Quantity <= 0 {
		return models.Invalid("quantity", "must be greater than 0.", "须大于 0。")
	}
	if t := l.TolerancePercent; t.IsSet() && (t.Sign() < 0 || t.Cmp(models.MustDecimal("50")) > 0 || !exactTo(t, 4)) {
		return models.Invalid("tolerance_percent", "must be from 0 to 50 with at most 4 decimals.", "须为 0 至 50，最多 4 位小数。")
	}
	if p := l.UnitPrice; p.IsSet() && (p.Sign() < 0 || !exactTo(p, 6)) {
		return models.Invalid("unit_price", "must not be negative or have more than 6 decimals.", "不得为负，最多 6 位小数。")
	}
	for name, value := range l.Attributes {
		if len(name) > 60 || len(value) > 200 {
			return models.Invalid("attributes", "A name has at most 60 bytes and a value 200.", "名称最多 60 字节，值最多 200 字节。")
		}
	}
	if err := k.checkPin(c, before, l); err != nil {
		return err
	}
	return k.checkFeeds(c, l)
}

func exactTo(d models.Decimal, places int) bool {
	_, exact := d.Scaled(places)
	return exact
}

// checkPin: a purchase line pins a standard, and what is pinned anew is active.
func (k known) checkPin(c *models.Contract, before models.ContractLine, l *models.ContractLine) error {
	if l.StandardID == nil {
		if c.Kind == models.PurchaseContract {
			return models.Invalid("standard_id", "A purchase line pins the quality standard that its lots are judged by.", "采购合同行须指定验收所依据的质量标准。")
		}
		return nil
	}
	if before.StandardID != nil && *before.StandardID == *l.StandardID {
		return nil
	}
	s, ok := k.standards[*l.StandardID]
	if !ok {
		return models.Invalid("standard_id", "There is no such quality standard.", "没有此质量标准。")
	}
	if s.State != models.StandardActive {
		return models.Conflict("standard_id", "Standard %s version %d is %s: pin an active version.", "标准 %s 版本 %d 的状态为 %s：请指定启用中的版本。", s.Code, s.VersionNo, s.State)
	}
	return nil
}

// checkFeeds: sales lines are fed, by purchase lines.
func (k known) checkFeeds(c *models.Contract, l *models.ContractLine) error {
	if len(l.FedBy) > 0 && c.Kind != models.SalesContract {
		return models.Invalid("fed_by", "belongs to sales lines only.", "仅销售合同行可填写。")
	}
	seen := map[models.ID]bool{}
	for i, link := range l.FedBy {
		if _, ok := k.purchases[link.PurchaseLineID]; !ok {
			return models.Invalid(at("fed_by", i, "purchase_line_id"), "There is no such purchase line.", "没有此采购合同行。")
		}
		if seen[link.PurchaseLineID] {
			return models.Invalid(at("fed_by", i, "purchase_line_id"), "is given twice.", "重复。")
		}
		seen[link.PurchaseLineID] = true
	}
	return nil
}

// loadKnown loads what the inputs refer to, in three statements.
func loadKnown(ctx context.Context, tx *gorm.DB, by models.Actor, in []LineInput) (known, error) {
	var products, standards, purchases []models.ID
	for _, x := range in {
		products = append(products, x.ProductID)
		if x.StandardID != nil {
			standards = append(standards, *x.StandardID)
		}
		for _, link := range x.FedBy {
			purchases = append(purchases, link.PurchaseLineID)
		}
	}
	k := known{map[models.ID]models.Product{}, map[models.ID]models.Standard{}, map[models.ID]models.ContractLine{}}
	var foundProducts []models.Product
	if err := visibleProducts(tx, by).WithContext(ctx).Where("products.id IN ?", products).Find(&foundProducts).Error; err != nil {
		return k, err
	}
	for _, p := range foundProducts {
		k.products[p.ID] = p
	}
	var foundStandards []models.Standard
	err := visibleStandards(tx, by).WithContext(ctx).Omit("content").Where("quality_standards.id IN ?", standards).Find(&foundStandards).Error
	if err != nil {
		return k, err
	}
	for _, s := range foundStandards {
		k.standards[s.ID] = s
	}
	k.purchases, err = purchaseLines(ctx, tx, by, purchases)
	return k, err
}

// purchaseLines loads those of the lines that are visible and of purchase contracts.
func purchaseLines(ctx context.Context, tx *gorm.DB, by models.Actor, ids []models.ID) (map[models.ID]models.ContractLine, error) {
	found := map[models.ID]models.ContractLine{}
	if len(ids) == 0 {
		return found, nil
	}
	var lines []models.ContractLine
	visible := visibleContracts(tx, by).Select("contracts.id").Where("contracts.kind = ?", models.PurchaseContract)
	err := fresh[models.ContractLine](tx).WithContext(ctx).Where("contract_lines.id IN ? AND contract_lines.contract_id IN (?)", ids, visible).Find(&lines).Error
	for _, l := range lines {
		found[l.ID] = l
	}
	return found, err
}
