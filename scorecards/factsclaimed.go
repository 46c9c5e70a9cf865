package scorecards

import (
	"context"
	"slices"

	"gorm.io/gorm"

	"recourse/models"
	"recourse/recovery"
)

// claimsAbout finds the claims of a span that may be about a supplier's goods: by
// the lot of an item or, where an item names none, by what went on its sales line.
const claimsAbout = `SELECT ci.claim_id FROM contracts p CROSS JOIN contract_lines l ON l.contract_id = p.id CROSS JOIN lots t ON t.line_id = l.id
	CROSS JOIN claim_items ci ON ci.lot_id = t.id CROSS JOIN claims c ON c.id = ci.claim_id
	WHERE p.party_id = ? AND c.withdrawn_at IS NULL AND c.received_on BETWEEN ? AND ?
	UNION SELECT ci.claim_id FROM contracts p CROSS JOIN contract_lines l ON l.contract_id = p.id CROSS JOIN lots t ON t.line_id = l.id
	CROSS JOIN shipment_lots sl ON sl.lot_id = t.id CROSS JOIN claim_items ci ON ci.sales_line_id = sl.sales_line_id CROSS JOIN claims c ON c.id = ci.claim_id
	WHERE p.party_id = ? AND ci.lot_id IS NULL AND c.withdrawn_at IS NULL AND c.received_on BETWEEN ? AND ?`

// itemsAbout is the items of claims with the supplier that each is about: of its
// lot or, where it names none, the only one whose lots went on its sales line.
const itemsAbout = `SELECT ci.claim_id, c.received_on, ci.reason, ci.claimed_minor, ci.claimed_currency, ci.granted_minor, ci.granted_currency,
	COALESCE(l.product_id, sold.product_id) AS product_id, p.id AS contract_id,
	CASE WHEN ci.lot_id IS NOT NULL THEN p.party_id ELSE (
		SELECT CASE WHEN COUNT(DISTINCT q.party_id) = 1 THEN MIN(q.party_id) END FROM shipment_lots sl JOIN lots u ON u.id = sl.lot_id
		JOIN contract_lines m ON m.id = u.line_id JOIN contracts q ON q.id = m.contract_id WHERE sl.sales_line_id = ci.sales_line_id) END AS supplier_id
	FROM claim_items ci JOIN claims c ON c.id = ci.claim_id JOIN contract_lines sold ON sold.id = ci.sales_line_id
	LEFT JOIN lots t ON t.id = ci.lot_id LEFT JOIN contract_lines l ON l.id = t.line_id LEFT JOIN contracts p ON p.id = l.contract_id
	WHERE ci.claim_id IN ? ORDER BY ci.claim_id, ci.item_no`

// listed bounds the ids in one statement.
const listed = 10_000

// claimed is an item of a claim.
type claimed struct {
	ClaimID         models.ID
	ReceivedOn      models.Date
	Reason          models.ClaimReason
	ClaimedMinor    int64
	ClaimedCurrency string
	GrantedMinor    *int64
	GrantedCurrency *string
	ProductID       models.ID
	ContractID      models.ID // of the purchase; zero where the item names no lot
	SupplierID      models.ID // zero where nobody can tell
}

// loss is what a claim cost, in one base currency.
type loss struct {
	ClaimID      models.ID
	BaseCurrency string
	Minor        int64
}

// claimsAndNotes adds up the claims on the supplier's goods and the debit notes
// that the supplier got. Of both the items of the claim say the products.
func (t *tally) claimsAndNotes(ctx context.Context, tx *gorm.DB) error {
	first, last := t.days()
	var claims []models.ID
	if err := tx.WithContext(ctx).Raw(claimsAbout, t.supplier, first, last, t.supplier, first, last).Scan(&claims).Error; err != nil {
		return err
	}
	notes, err := t.notes(ctx, tx)
	if err != nil {
		return err
	}
	of := slices.Clone(claims)
	for _, n := range notes {
		of = append(of, n.ClaimID)
	}
	items, err := loadClaimed(ctx, tx, of)
	if err != nil {
		return err
	}
	if t.byContract {
		for _, of := range items {
			for n := range of {
				of[n].ProductID = of[n].ContractID
			}
		}
	}
	var costs []loss
	for some := range slices.Chunk(claims, listed) {
		var more []loss
		err := tx.WithContext(ctx).Raw("SELECT claim_id, base_currency, SUM(base_minor) AS minor FROM loss_lines WHERE claim_id IN ? GROUP BY claim_id, base_currency", some).Scan(&more).Error
		if err != nil {
			return err
		}
		costs = append(costs, more...)
	}
	for _, id := range claims {
		t.claim(items[id])
	}
	for _, l := range costs {
		t.lost(l, items[l.ClaimID])
	}
	for _, n := range notes {
		t.note(n, items[n.ClaimID])
	}
	return nil
}

// loadClaimed is the items of claims, by claim, in their order.
func loadClaimed(ctx context.Context, tx *gorm.DB, claims []models.ID) (map[models.ID][]claimed, error) {
	slices.SortFunc(claims, compareIDs)
	items := map[models.ID][]claimed{}
	for some := range slices.Chunk(slices.Compact(claims), listed) {
		var rows []claimed
		if err := tx.WithContext(ctx).Raw(itemsAbout, some).Scan(&rows).Error; err != nil {
			return nil, err
		}
		for _, i := range rows {
			items[i.ClaimID] = append(items[i.ClaimID], i)
		}
	}
	return items, nil
}

func compareIDs(a, b models.ID) int { return slices.Compare(a[:], b[:]) }

// claim counts a claim once per product of the supplier's items, and adds up these items.
func (t *tally) claim(items []claimed) {
	var counted, documents []models.ID
	once := func(in *[]models.ID, product models.ID, month models.Month, add func(*models.SupplierMonth)) {
		for _, p := range []models.ID{product, models.AllProducts} {
			if !slices.Contains(*in, p) {
				*in = append(*in, p)
				t.add(p, month, add)
			}
		}
	}
	for _, i := range items {
		if i.SupplierID != t.supplier {
			continue
		}
		month := models.MonthOf(i.ReceivedOn)
		once(&counted, i.ProductID, month, func(row *models.SupplierMonth) { row.Claims++ })
		if slices.Contains(models.DocumentReasons, i.Reason) {
			once(&documents, i.ProductID, month, func(row *models.SupplierMonth) { row.DocumentClaims++ })
		}
		t.amount(i.ProductID, month, major(i.ClaimedMinor, i.ClaimedCurrency), i.ClaimedCurrency, func(c *models.SupplierCounts, minor int64) { c.ClaimedMinor += minor })
		if i.GrantedMinor != nil && i.GrantedCurrency != nil {
			t.amount(i.ProductID, month, major(*i.GrantedMinor, *i.GrantedCurrency), *i.GrantedCurrency, func(c *models.SupplierCounts, minor int64) { c.GrantedMinor += minor })
		}
	}
}

// lost adds the supplier's part of a claim's loss, which is split over all items
// by the amounts claimed. The part of items of which nobody can tell the supplier
// stays with none.
func (t *tally) lost(l loss, items []claimed) {
	if len(items) == 0 {
		return
	}
	month := models.MonthOf(items[0].ReceivedOn)
	total, known := t.rates.base(major(l.Minor, l.BaseCurrency), l.BaseCurrency, month)
	parts := recovery.Shares(total, t.weights(items))
	for n, i := range items {
		switch {
		case i.SupplierID != t.supplier:
		case !known:
			t.addBoth(i.ProductID, month, func(row *models.SupplierMonth) { lack(row, l.BaseCurrency) })
		default:
			t.addBoth(i.ProductID, month, func(row *models.SupplierMonth) { row.LossMinor += parts[n] })
		}
	}
}

// weights are the amounts claimed by items, in one currency. Where nothing is
// claimed in money, or no rate is known, the items weigh the same.
func (t *tally) weights(items []claimed) []int {
	out := make([]int, len(items))
	var all int
	mixed := slices.ContainsFunc(items, func(i claimed) bool { return i.ClaimedCurrency != items[0].ClaimedCurrency })
	for n, i := range items {
		minor := i.ClaimedMinor
		if mixed {
			minor, _ = t.rates.base(major(minor, i.ClaimedCurrency), i.ClaimedCurrency, models.MonthOf(i.ReceivedOn))
		}
		out[n] = int(minor)
		all += out[n]
	}
	for n := range out {
		if all == 0 {
			out[n] = 1
		}
	}
	return out
}
