package scorecards

import (
	"cmp"
	"context"
	"slices"

	"gorm.io/gorm"

	"recourse/models"
)

// CostInput asks what poor quality cost in a period, by supplier, product or
// purchase contract; by contract it is asked of one supplier.
type CostInput struct {
	PeriodInput
	By       string     `json:"by" validate:"omitempty,oneof=supplier product contract"` // default supplier
	Supplier *models.ID `json:"supplier"`
}

// CostRow is what bad goods cost: what customers claimed, what was granted to
// them, what it cost in all, what was debited to the supplier and came back, and
// what stays with us. Amounts are in the base currency.
type CostRow struct {
	ID        *models.ID   `json:"id"`   // nil in the total
	Code      string       `json:"code"` // of the supplier or product; the contract's number
	Name      models.Text  `json:"name"`
	Claims    int64        `json:"claims"`
	Shipped   models.Money `json:"shipped"`
	Claimed   models.Money `json:"claimed"`
	Granted   models.Money `json:"granted"`
	Loss      models.Money `json:"loss"`
	Debited   models.Money `json:"debited"`
	Recovered models.Money `json:"recovered"`
	Lost      models.Money `json:"lost"` // loss less recovered

	missing []string
}

// CostReport is the rows with a cost, the dearest first, and their sum. Missing
// names the rates for want of which amounts are left out.
type CostReport struct {
	Period  models.Period `json:"period"`
	By      string        `json:"by"`
	Items   []CostRow     `json:"items"`
	Total   CostRow       `json:"total"`
	Missing []string      `json:"missing_rates"`
}

// Cost adds up what poor quality cost.
func Cost(ctx context.Context, tx *gorm.DB, by models.Actor, in CostInput, base string) (*CostReport, error) {
	if err := mayRead(by); err != nil {
		return nil, err
	}
	if !by.SeesPrices() {
		return nil, models.Errorf(models.CodeForbidden, "", "Amounts are not shown to your role.", "您的角色无权查看金额。")
	}
	period, err := in.parse(today(by.At))
	if err != nil {
		return nil, err
	}
	var rows []CostRow
	switch in.By {
	case "product":
		rows, err = costByProduct(ctx, tx, period, in.Supplier, base)
	case "contract":
		if in.Supplier == nil {
			return nil, models.Invalid("supplier", "Name the supplier whose contracts are asked for.", "请指定要按合同统计的供应商。")
		}
		rows, err = costByContract(ctx, tx, period, *in.Supplier, today(by.At), base)
	default:
		in.By = "supplier"
		rows, err = costBySupplier(ctx, tx, period, in.Supplier, base)
	}
	if err != nil {
		return nil, err
	}
	return report(period, in.By, rows, base), nil
}

func costOf(id *models.ID, c models.SupplierCounts, missing []string, base string) CostRow {
	money := func(minor int64) models.Money { return models.Money{Minor: minor, Currency: base} }
	return CostRow{
		ID: id, Claims: c.Claims, Shipped: money(c.ShippedMinor), Claimed: money(c.ClaimedMinor), Granted: money(c.GrantedMinor), Loss: money(c.LossMinor),
		Debited: money(c.DebitedMinor), Recovered: money(c.RecoveredMinor), Lost: money(c.LossMinor - c.RecoveredMinor), missing: missing,
	}
}

func costBySupplier(ctx context.Context, tx *gorm.DB, p models.Period, supplier *models.ID, base string) ([]CostRow, error) {
	all, err := populationOf(ctx, tx, p, Scope{})
	if err != nil {
		return nil, err
	}
	names, err := suppliersOf(ctx, tx)
	var out []CostRow
	for _, m := range all.members {
		if supplier == nil || *supplier == m.SupplierID {
			r := costOf(&m.SupplierID, m.SupplierCounts, m.missing(), base)
			r.Code, r.Name = names[m.SupplierID].Code, names[m.SupplierID].Name
			out = append(out, r)
		}
	}
	return out, err
}

func costByProduct(ctx context.Context, tx *gorm.DB, p models.Period, supplier *models.ID, base string) ([]CostRow, error) {
	q := tx.WithContext(ctx).Model(&models.SupplierMonth{}).Select("product_id, "+sums+", "+missingRate).
		Where("product_id <> ? AND month BETWEEN ? AND ?", models.AllProducts, p.From, p.To)
	if supplier != nil {
		q = q.Where("supplier_id = ?", *supplier)
	}
	var sumsOf []struct {
		ProductID models.ID
		models.SupplierCounts
		Missing string
	}
	if err := q.Group("product_id").Scan(&sumsOf).Error; err != nil {
		return nil, err
	}
	products, err := gorm.G[models.Product](tx).Select("id", "code", "name_zh", "name_en").Find(ctx)
	names := map[models.ID]models.Product{}
	for _, p := range products {
		names[p.ID] = p
	}
	out := make([]CostRow, len(sumsOf))
	for n, s := range sumsOf {
		out[n] = costOf(&s.ProductID, s.SupplierCounts, member{Missing: s.Missing}.missing(), base)
		out[n].Code, out[n].Name = names[s.ProductID].Code, names[s.ProductID].Name
	}
	return out, err
}

// costByContract tallies one supplier's claims and notes with the contract in the product's place.
func costByContract(ctx context.Context, tx *gorm.DB, p models.Period, supplier models.ID, now models.Date, base string) ([]CostRow, error) {
	if _, err := supplierOf(ctx, tx, supplier); err != nil {
		return nil, models.At("supplier", err)
	}
	rates, err := ratesOf(ctx, tx, base, p.From, p.To)
	if err != nil {
		return nil, err
	}
	t := &tally{span: span{supplier, p.From, p.To}, today: now, rates: rates, rows: map[key]*models.SupplierMonth{}, byContract: true}
	if err := t.claimsAndNotes(ctx, tx); err != nil {
		return nil, err
	}
	contracts, err := gorm.G[models.Contract](tx).Select("id", "number").Where("party_id = ? AND kind = ?", supplier, models.PurchaseContract).Find(ctx)
	if err != nil {
		return nil, err
	}
	var out []CostRow
	for _, c := range contracts {
		sum, missing := models.SupplierCounts{}, ""
		for k, row := range t.rows {
			if k.product == c.ID {
				sum = plus(sum, row.SupplierCounts)
				if row.Missing != "" {
					missing += "," + row.Missing + " " + string(k.month)
				}
			}
		}
		r := costOf(&c.ID, sum, member{Missing: missing}.missing(), base)
		r.Code = c.Number
		out = append(out, r)
	}
	return out, nil
}

// plus adds what a cost is made of.
func plus(a, b models.SupplierCounts) models.SupplierCounts {
	return models.SupplierCounts{
		Claims: a.Claims + b.Claims, ClaimedMinor: a.ClaimedMinor + b.ClaimedMinor, GrantedMinor: a.GrantedMinor + b.GrantedMinor,
		LossMinor: a.LossMinor + b.LossMinor, DebitedMinor: a.DebitedMinor + b.DebitedMinor, RecoveredMinor: a.RecoveredMinor + b.RecoveredMinor,
		ShippedMinor: a.ShippedMinor + b.ShippedMinor,
	}
}

// report sorts the rows that cost something and adds them up.
func report(p models.Period, by string, rows []CostRow, base string) *CostReport {
	out := &CostReport{Period: p, By: by, Items: []CostRow{}, Missing: []string{}}
	var total models.SupplierCounts
	for _, r := range rows {
		counts := models.SupplierCounts{
			Claims: r.Claims, ClaimedMinor: r.Claimed.Minor, GrantedMinor: r.Granted.Minor, LossMinor: r.Loss.Minor,
			DebitedMinor: r.Debited.Minor, RecoveredMinor: r.Recovered.Minor,
		}
		out.Missing = append(out.Missing, r.missing...)
		if counts == (models.SupplierCounts{}) && len(r.missing) == 0 {
			continue
		}
		counts.ShippedMinor = r.Shipped.Minor
		total = plus(total, counts)
		out.Items = append(out.Items, r)
	}
	slices.SortFunc(out.Items, func(a, b CostRow) int {
		return cmp.Or(cmp.Compare(b.Lost.Minor, a.Lost.Minor), cmp.Compare(b.Claimed.Minor, a.Claimed.Minor), cmp.Compare(a.Code, b.Code))
	})
	out.Total = costOf(nil, total, nil, base)
	slices.Sort(out.Missing)
	out.Missing = slices.Compact(out.Missing)
	return out
}
