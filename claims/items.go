package claims

import (
	"context"
	"slices"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"recourse/database"
	"recourse/models"
)

// ItemInput is one complaint. Without a number it takes the next free one.
type ItemInput struct {
	Item           int                `json:"item" validate:"min=0,max=999"`
	Reason         models.ClaimReason `json:"reason" validate:"required,oneof=wrong_name wrong_goods quality specification quantity packing marks late_delivery transport_damage other certificate_of_origin bill_of_lading invoice other_document"`
	SalesLineID    models.ID          `json:"sales_line_id" validate:"required"`
	LotID          *models.ID         `json:"lot_id"`
	Defect         string             `json:"defect" validate:"max=32"`
	Characteristic string             `json:"characteristic" validate:"max=32"`
	Quantity       models.Quantity    `json:"quantity" validate:"min=0"`
	Claimed        models.Money       `json:"claimed"`
	Apparent       *bool              `json:"apparent"` // could be seen at inspection; to be said either way
	DiscoveredOn   models.Date        `json:"discovered_on"`
	Text           string             `json:"text" validate:"max=4000"`
}

// onto writes the input to an item.
func (in ItemInput) onto(i *models.ClaimItem) error {
	if in.Apparent == nil {
		return models.Invalid("apparent", "Say whether the defect could be seen at an inspection (true) or not (false).", "请说明缺陷在验货时可见（true）或不可见（false）。")
	}
	i.Reason, i.SalesLineID, i.LotID, i.Defect, i.Characteristic = in.Reason, in.SalesLineID, in.LotID, in.Defect, in.Characteristic
	i.Quantity, i.Claimed, i.DiscoveredOn, i.Text = in.Quantity, in.Claimed, in.DiscoveredOn, in.Text
	i.Apparent = *in.Apparent
	return nil
}

// checkItems makes the items of a new claim.
func checkItems(by models.Actor, c *models.Claim, g *goods, in []ItemInput) ([]models.ClaimItem, error) {
	given := map[int]bool{}
	for n, x := range in {
		if x.Item != 0 && given[x.Item] {
			return nil, models.Invalid(itemField(n)+".item", "Item %d is given twice.", "第 %d 项重复。", x.Item)
		}
		given[x.Item] = true
	}
	items, next := make([]models.ClaimItem, len(in)), 1
	for n, x := range in {
		i := models.ClaimItem{ID: models.NewID(), ClaimID: c.ID, ItemNo: x.Item, Version: 1}
		if i.ItemNo == 0 {
			for given[next] {
				next++
			}
			i.ItemNo, given[next] = next, true
		}
		if err := x.onto(&i); err != nil {
			return nil, models.At(itemField(n), err)
		}
		if err := checkItem(by, c, g, &i); err != nil {
			return nil, models.At(itemField(n), err)
		}
		items[n] = i
	}
	return items, nil
}

// AddItem adds a complaint to an open claim that is at version.
func AddItem(ctx context.Context, tx *gorm.DB, by models.Actor, id models.ID, version int, in ItemInput) (*models.Claim, error) {
	c, err := forSalesAt(ctx, tx, by, id, version)
	if err != nil {
		return nil, err
	}
	if err := mustBeOpen(c); err != nil {
		return nil, err
	}
	i := models.ClaimItem{ID: models.NewID(), ClaimID: c.ID, ItemNo: in.Item, Version: 1}
	if i.ItemNo == 0 {
		for _, other := range c.Items {
			i.ItemNo = max(i.ItemNo, other.ItemNo)
		}
		i.ItemNo++
	} else if itemOf(c, in.Item) != nil {
		return nil, models.Conflict("item", "%[2]s has an item %[1]d already.", "%[2]s 已有第 %[1]d 项。", in.Item, c.Number)
	}
	if err := in.onto(&i); err != nil {
		return nil, err
	}
	if err := checkChanged(ctx, tx, by, c, &i); err != nil {
		return nil, err
	}
	if err := hold(ctx, tx, []models.ClaimItem{i}, unprefixed); err != nil {
		return nil, err
	}
	if err := gorm.G[models.ClaimItem](tx).Create(ctx, &i); err != nil {
		return nil, err
	}
	if err := seedEvidence(ctx, tx, c, []models.ClaimItem{i}); err != nil {
		return nil, err
	}
	if err := write(ctx, tx, by, c, "add_item", map[string]any{}, in); err != nil {
		return nil, err
	}
	return Get(ctx, tx, by, id)
}

// ChangeItem replaces what an item says. version is the item's own. An answer
// that was given to it is taken back: it was to something else.
func ChangeItem(ctx context.Context, tx *gorm.DB, by models.Actor, id models.ID, no, version int, in ItemInput) (*models.Claim, error) {
	c, old, err := itemForSales(ctx, tx, by, id, no, version)
	if err != nil {
		return nil, err
	}
	if in.Item != 0 && in.Item != no {
		return nil, models.Invalid("item", "An item keeps its number, %d.", "索赔项保留原编号 %d。", no)
	}
	if err := release(ctx, tx, []models.ClaimItem{*old}); err != nil {
		return nil, err
	}
	i := *old
	if err := in.onto(&i); err != nil {
		return nil, err
	}
	if err := checkChanged(ctx, tx, by, c, &i); err != nil {
		return nil, err
	}
	if err := hold(ctx, tx, []models.ClaimItem{i}, unprefixed); err != nil {
		return nil, err
	}
	err = database.Update[models.ClaimItem](ctx, tx, i.ID, version, map[string]any{
		"reason": i.Reason, "sales_line_id": i.SalesLineID, "lot_id": i.LotID, "defect_code": i.Defect, "characteristic": i.Characteristic,
		"quantity": i.Quantity, "claimed_minor": i.Claimed.Minor, "claimed_currency": i.Claimed.Currency, "apparent": i.Apparent,
		"discovered_on": i.DiscoveredOn, "text": i.Text, "answer": "", "ground": "", "answer_text": "",
		"granted_minor": nil, "granted_currency": nil, "answered_by": nil, "answered_at": nil,
	})
	if err != nil {
		return nil, err
	}
	if err := touch(ctx, tx, by, c, "change_item", map[string]any{"item": no, "set": in}); err != nil {
		return nil, err
	}
	return Get(ctx, tx, by, id)
}

// RemoveItem takes an item entered by mistake from an open claim, with its
// check-list. version is the item's own; the last item stays.
func RemoveItem(ctx context.Context, tx *gorm.DB, by models.Actor, id models.ID, no, version int) (*models.Claim, error) {
	c, i, err := itemForSales(ctx, tx, by, id, no, version)
	if err != nil {
		return nil, err
	}
	if len(c.Items) == 1 {
		return nil, models.Conflict("item", "It is the only item of %s: withdraw the claim.", "这是 %s 唯一的索赔项：请撤回索赔。", c.Number)
	}
	if err := release(ctx, tx, []models.ClaimItem{*i}); err != nil {
		return nil, err
	}
	if _, err := gorm.G[models.ClaimEvidence](tx).Where("claim_id = ? AND item_no = ?", id, no).Delete(ctx); err != nil {
		return nil, err
	}
	gone, err := gorm.G[models.ClaimItem](tx).Where("id = ? AND version = ?", i.ID, version).Delete(ctx)
	if err != nil {
		return nil, err
	}
	if gone == 0 {
		return nil, database.Stale(i.Version + 1)
	}
	if err := touch(ctx, tx, by, c, "remove_item", map[string]any{"item": no, "was": i}); err != nil {
		return nil, err
	}
	return Get(ctx, tx, by, id)
}

// itemForSales loads an open claim and its item for a change based on the item's version.
func itemForSales(ctx context.Context, tx *gorm.DB, by models.Actor, id models.ID, no, version int) (*models.Claim, *models.ClaimItem, error) {
	c, err := forSales(ctx, tx, by, id)
	if err != nil {
		return nil, nil, err
	}
	i := itemOf(c, no)
	if i == nil {
		return nil, nil, models.NotFound("claim item", "索赔项")
	}
	if i.Version != version {
		return nil, nil, database.Stale(i.Version)
	}
	return c, i, mustBeOpen(c)
}

func itemOf(c *models.Claim, no int) *models.ClaimItem {
	n := slices.IndexFunc(c.Items, func(i models.ClaimItem) bool { return i.ItemNo == no })
	if n < 0 {
		return nil
	}
	return &c.Items[n]
}

// checkChanged checks one item of a claim that is stored.
func checkChanged(ctx context.Context, tx *gorm.DB, by models.Actor, c *models.Claim, i *models.ClaimItem) error {
	g, err := goodsOf(ctx, tx, by, c.SalesContractID)
	if err != nil {
		return err
	}
	if err := checkItem(by, c, g, i); err != nil {
		return err
	}
	return checkShipped(&models.Claim{ReceivedOn: c.ReceivedOn, ShipmentID: c.ShipmentID, Items: []models.ClaimItem{*i}}, g)
}

func unprefixed(int) string { return "" }

// claimedLine is how much of a sales line is claimed, over all claims.
type claimedLine struct {
	SalesLineID models.ID `gorm:"primaryKey"`
	Claimed     models.Quantity
}

// takeLine claims more of a line where the sum stays within what was shipped: one
// statement on one row, so that of two claims at once the later one sees the other.
const takeLine = `UPDATE claimed_lines SET claimed = claimed + ? WHERE sales_line_id = ?
	AND claimed + ? <= (SELECT COALESCE(SUM(shipment_lots.quantity), 0) FROM shipment_lots WHERE shipment_lots.sales_line_id = ?)`

// hold claims the items' quantities of their lines. field gives the path of the n-th item.
func hold(ctx context.Context, tx *gorm.DB, items []models.ClaimItem, field func(int) string) error {
	tx = tx.WithContext(ctx)
	order := make([]int, 0, len(items))
	for n, i := range items {
		if i.Quantity > 0 {
			order = append(order, n)
		}
	}
	// Lines are taken in one order everywhere, so that two claims never wait for each other.
	slices.SortStableFunc(order, func(a, b int) int {
		return slices.Compare(items[a].SalesLineID[:], items[b].SalesLineID[:])
	})
	for _, n := range order {
		i := items[n]
		if err := tx.Clauses(clause.OnConflict{DoNothing: true}).Create(&claimedLine{SalesLineID: i.SalesLineID}).Error; err != nil {
			return err
		}
		taken := tx.Exec(takeLine, i.Quantity, i.SalesLineID, i.Quantity, i.SalesLineID)
		if taken.Error != nil {
			return taken.Error
		}
		if taken.RowsAffected == 1 {
			continue
		}
		var had claimedLine
		if err := tx.Where("sales_line_id = ?", i.SalesLineID).Take(&had).Error; err != nil {
			return err
		}
		err := models.Conflict("quantity", "%s more would exceed what was shipped on the line: %s of it are claimed already.",
			"再索赔 %s 将超过该行的发运数量：已索赔 %s。", i.Quantity, had.Claimed)
		if at := field(n); at != "" {
			return models.At(at, err)
		}
		return err
	}
	return nil
}

// release frees the items' quantities for other claims.
func release(ctx context.Context, tx *gorm.DB, items []models.ClaimItem) error {
	items = slices.Clone(items)
	slices.SortStableFunc(items, func(a, b models.ClaimItem) int { return slices.Compare(a.SalesLineID[:], b.SalesLineID[:]) })
	for _, i := range items {
		r := tx.WithContext(ctx).Exec("UPDATE claimed_lines SET claimed = claimed - ? WHERE sales_line_id = ?", i.Quantity, i.SalesLineID)
		if r.Error != nil {
			return r.Error
		}
	}
	return nil
}
