package scorecards

import (
	"context"
	"slices"

	"gorm.io/gorm"

	"recourse/models"
)

// claimRow is one claim item on a supplier's lot.
type claimRow struct {
	ID              models.ID
	Number          string
	CustomerZH      string
	CustomerEN      string
	ReceivedOn      models.Date
	State           models.ClaimState
	Reason          models.ClaimReason
	ClaimedMinor    int64
	ClaimedCurrency string
}

// claimsOf are the claims received in a period on a supplier's lots, in the
// order in which they came, with what each cost and what came back from this supplier.
func claimsOf(ctx context.Context, tx *gorm.DB, supplier models.ID, p models.Period) ([]models.CardClaim, error) {
	var rows []claimRow
	err := tx.WithContext(ctx).Table("contracts").
		Select(`claims.id, claims.number, customers.name_zh AS customer_zh, customers.name_en AS customer_en, claims.received_on, claims.state,
			claim_items.reason, claim_items.claimed_minor, claim_items.claimed_currency`).
		Joins("JOIN contract_lines ON contract_lines.contract_id = contracts.id").
		Joins("JOIN lots ON lots.line_id = contract_lines.id").
		Joins("JOIN claim_items ON claim_items.lot_id = lots.id").
		Joins("JOIN claims ON claims.id = claim_items.claim_id").
		Joins("JOIN parties AS customers ON customers.id = claims.customer_id").
		Where("contracts.party_id = ? AND contracts.kind = ? AND claims.received_on BETWEEN ? AND ?", supplier, models.PurchaseContract, p.From.First(), p.To.Last()).
		Order("claims.received_on, claims.number, claim_items.item_no").Scan(&rows).Error
	if err != nil || len(rows) == 0 {
		return []models.CardClaim{}, err
	}
	out := []models.CardClaim{}
	at := map[models.ID]int{}
	var ids []models.ID
	for _, r := range rows {
		n, known := at[r.ID]
		if !known {
			n = len(out)
			at[r.ID], ids = n, append(ids, r.ID)
			out = append(out, models.CardClaim{Number: r.Number, Customer: firstOf(r.CustomerEN, r.CustomerZH), ReceivedOn: r.ReceivedOn, State: r.State})
		}
		if !slices.Contains(out[n].Reasons, r.Reason) {
			out[n].Reasons = append(out[n].Reasons, r.Reason)
		}
		addMoney(&out[n].Claimed, models.Money{Minor: r.ClaimedMinor, Currency: r.ClaimedCurrency})
	}
	return out, addCosts(ctx, tx, out, at, ids, supplier)
}

// addCosts adds loss, debited and recovered amounts, which are in the base currency.
func addCosts(ctx context.Context, tx *gorm.DB, out []models.CardClaim, at map[models.ID]int, ids []models.ID, supplier models.ID) error {
	type cost struct {
		ClaimID         models.ID
		Loss            int64
		Debited, Regain int64
	}
	var lost, back []cost
	err := tx.WithContext(ctx).Model(&models.LossLine{}).Select("claim_id, SUM(base_minor) AS loss").Where("claim_id IN ?", ids).Group("claim_id").Scan(&lost).Error
	if err == nil {
		err = tx.WithContext(ctx).Model(&models.RecoveryCase{}).Select("claim_id, SUM(debited) AS debited, SUM(recovered) AS regain").
			Where("claim_id IN ? AND party_kind = ? AND party_id = ?", ids, models.PartySupplier, supplier).Group("claim_id").Scan(&back).Error
	}
	for _, c := range lost {
		out[at[c.ClaimID]].Loss = c.Loss
	}
	for _, c := range back {
		out[at[c.ClaimID]].Debited, out[at[c.ClaimID]].Recovered = c.Debited, c.Regain
	}
	return err
}

func addMoney(sums *[]models.Money, m models.Money) {
	for n := range *sums {
		if (*sums)[n].Currency == m.Currency {
			(*sums)[n].Minor += m.Minor
			return
		}
	}
	*sums = append(*sums, m)
}

func firstOf(a, b string) string {
	if a != "" {
		return a
	}
	return b
}
