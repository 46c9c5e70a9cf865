package claims

import (
	"context"
	"slices"

	"gorm.io/gorm"

	"recourse/database"
	"recourse/models"
)

// last sorts behind every character of a number that people quote.
const last = "\uFFFF"

// starts is a condition on a normalised column: it begins with what was asked, by its index.
func starts(column string) string {
	return column + " >= asked.k AND " + column + " < CONCAT(asked.k, '" + last + "')"
}

// quotes finds claims by the beginning of anything people quote: the claim's
// number, the customer's reference, the number of either contract, the bill of
// lading, a container, a batch. It takes the key once; the derived table is
// found once, since MySQL would look into a bare UNION for every row.
var quotes = `claims.id IN (SELECT found.id FROM (
	WITH asked AS (SELECT ? AS k)
	SELECT c.id FROM asked JOIN claims c ON c.number >= UPPER(asked.k) AND c.number < CONCAT(UPPER(asked.k), '` + last + `')
	UNION SELECT c.id FROM asked JOIN claims c ON ` + starts("c.reference_key") + `
	UNION SELECT c.id FROM asked JOIN contracts x ON ` + starts("x.number_key") + ` AND x.kind = 'sales' JOIN claims c ON c.sales_contract_id = x.id
	UNION SELECT i.claim_id FROM asked JOIN contracts x ON ` + starts("x.number_key") + ` AND x.kind = 'purchase'
		JOIN contract_lines b ON b.contract_id = x.id JOIN line_links k ON k.purchase_line_id = b.id JOIN claim_items i ON i.sales_line_id = k.sales_line_id
	UNION SELECT c.id FROM asked JOIN shipments s ON ` + starts("s.bill_key") + ` JOIN claims c ON c.shipment_id = s.id
	UNION SELECT c.id FROM asked JOIN containers n ON ` + starts("n.number_key") + ` JOIN claims c ON c.shipment_id = n.shipment_id
	UNION SELECT i.claim_id FROM asked JOIN lots l ON ` + starts("l.batch_key") + ` JOIN claim_items i ON i.lot_id = l.id
	UNION SELECT i.claim_id FROM asked JOIN lots l ON ` + starts("l.batch_key") + ` JOIN shipment_lots sl ON sl.lot_id = l.id
		JOIN claims c ON c.shipment_id = sl.shipment_id JOIN claim_items i ON i.claim_id = c.id AND i.sales_line_id = sl.sales_line_id AND i.lot_id IS NULL
	) found)`

// Filters are what a list of claims may be asked for.
var Filters = database.List{
	Default: "-id",
	Sorts:   []string{"id", "received_on"},
	Filters: map[string]database.Filter{
		"q":                 {SQL: quotes, Kind: database.FilterKey},
		"state":             {SQL: "claims.state = ?", Values: stateNames()},
		"open":              {SQL: "(claims.state NOT IN ('settled', 'rejected', 'withdrawn', 'closed')) = ?", Kind: database.FilterBool},
		"customer_id":       {SQL: "claims.customer_id = ?", Kind: database.FilterID},
		"sales_contract_id": {SQL: "claims.sales_contract_id = ?", Kind: database.FilterID},
		"shipment_id":       {SQL: "claims.shipment_id = ?", Kind: database.FilterID},
		"assigned_to":       {SQL: "claims.assigned_to = ?", Kind: database.FilterID},
		"number":            {SQL: "claims.number = ?"},
		"reason":            {SQL: "claims.id IN (SELECT i.claim_id FROM claim_items i WHERE i.reason = ?)", Values: reasonNames()},
		"lot_id":            {SQL: "claims.id IN (SELECT i.claim_id FROM claim_items i WHERE i.lot_id = ?)", Kind: database.FilterID},
		"received_from":     {SQL: "claims.received_on >= ?", Kind: database.FilterDate},
		"received_to":       {SQL: "claims.received_on <= ?", Kind: database.FilterDate},
		"supplier_id": {SQL: `claims.id IN (SELECT i.claim_id FROM claim_items i JOIN line_links k ON k.sales_line_id = i.sales_line_id
			JOIN contract_lines b ON b.id = k.purchase_line_id JOIN contracts x ON x.id = b.contract_id WHERE x.party_id = ?)`, Kind: database.FilterID},
	},
}

func stateNames() []string {
	var names []string
	for _, s := range models.ClaimStates {
		names = append(names, string(s))
	}
	return names
}

func reasonNames() []string {
	var names []string
	for _, r := range slices.Concat(models.GoodsReasons, models.DocumentReasons) {
		names = append(names, string(r))
	}
	return names
}

// Summary is a claim as a list shows it: with the names to read, its sums per
// currency and the deadline that ends next. Evidence and contacts are left out.
type Summary struct {
	models.Claim
	Customer       models.Text    `json:"customer"`
	ContractNumber string         `json:"contract_number"`
	BillOfLading   string         `json:"bill_of_lading"`
	Claimed        []models.Money `json:"claimed"`
	Granted        []models.Money `json:"granted"`
	Next           *Clock         `json:"next"` // of an open claim, what is not done and not over
}

// List reads one page of the claims the reader may see, in ten statements
// whatever its length.
func List(ctx context.Context, tx *gorm.DB, by models.Actor, q database.Query) (database.Page[Summary], error) {
	page, err := database.Find[models.Claim](ctx, visible(tx, by), Filters, q)
	out := database.Page[Summary]{Items: make([]Summary, len(page.Items)), NextCursor: page.NextCursor}
	if err != nil || len(page.Items) == 0 {
		return out, err
	}
	if err := loadItems(ctx, tx, page.Items); err != nil {
		return out, err
	}
	r, err := loadRelated(ctx, tx, page.Items)
	if err != nil {
		return out, err
	}
	rules, err := Rules(ctx, tx, by.At)
	if err != nil {
		return out, err
	}
	for n, c := range page.Items {
		s := Summary{Customer: r.parties[c.CustomerID].Name, ContractNumber: r.contracts[c.SalesContractID].Number}
		if c.ShipmentID != nil {
			s.BillOfLading = r.shipments[*c.ShipmentID].BillOfLading
		}
		if by.SeesPrices() {
			s.Claimed, s.Granted = Totals(c.Items)
		}
		s.Next = next(c, ComputeClocks(r.facts(c, by.At.Location()), rules.Items, today(by)))
		redact(by, &c)
		s.Claim = c
		out.Items[n] = s
	}
	return out, nil
}

// loadItems fills the items of claims in one statement.
func loadItems(ctx context.Context, tx *gorm.DB, claims []models.Claim) error {
	ids, at := make([]models.ID, len(claims)), map[models.ID]*models.Claim{}
	for n := range claims {
		ids[n], at[claims[n].ID] = claims[n].ID, &claims[n]
	}
	items, err := gorm.G[models.ClaimItem](tx).Where("claim_id IN ?", ids).Order("claim_id, item_no").Find(ctx)
	for _, i := range items {
		at[i.ClaimID].Items = append(at[i.ClaimID].Items, i)
	}
	return err
}

// Totals sums what items claim and what our answers grant, per currency in the
// order of the items.
func Totals(items []models.ClaimItem) (claimed, granted []models.Money) {
	claimed, granted = []models.Money{}, []models.Money{}
	for _, i := range items {
		claimed = plus(claimed, i.Claimed)
		if i.Granted != nil {
			granted = plus(granted, *i.Granted)
		}
	}
	return claimed, granted
}

func plus(sums []models.Money, m models.Money) []models.Money {
	n := slices.IndexFunc(sums, func(s models.Money) bool { return s.Currency == m.Currency })
	if n < 0 {
		return append(sums, m)
	}
	sums[n].Minor += m.Minor
	return sums
}

// next is the clock of an open claim that asks for something of us and ends first.
func next(c models.Claim, clocks []Clock) *Clock {
	var first *Clock
	for n := range clocks {
		k := &clocks[n]
		customers := k.Towards == string(models.PartyCustomer) && k.Code != ClockOurReply
		if !c.State.Open() || customers || k.Protected || k.DaysLeft == nil || *k.DaysLeft < 0 {
			continue
		}
		if first == nil || k.EndsOn < first.EndsOn {
			first = k
		}
	}
	return first
}
