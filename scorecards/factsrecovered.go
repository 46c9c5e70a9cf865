package scorecards

import (
	"context"
	"slices"

	"gorm.io/gorm"

	"recourse/models"
	"recourse/recovery"
)

// notesTo is the debit notes to a supplier that stand, with what came back. What
// is written off, and what was taken back, settles nothing.
const notesTo = `SELECT n.claim_id, n.issued_on, n.state, n.amount_minor, n.amount_currency,
	COALESCE(SUM(CASE WHEN s.kind <> 'write_off' THEN s.amount_minor END), 0) AS recovered,
	MAX(CASE WHEN s.kind <> 'write_off' AND s.reverses_id IS NULL AND r.id IS NULL THEN s.settled_on END) AS last_on
	FROM debit_notes n LEFT JOIN settlements s ON s.note_id = n.id LEFT JOIN settlements r ON r.reverses_id = s.id
	WHERE n.party_id = ? AND n.party_kind = 'supplier' AND n.state <> 'cancelled' AND n.issued_on BETWEEN ? AND ?
	GROUP BY n.id, n.claim_id, n.issued_on, n.state, n.amount_minor, n.amount_currency`

type debit struct {
	ClaimID        models.ID
	IssuedOn       models.Date
	State          models.DebitNoteState
	AmountMinor    int64
	AmountCurrency string
	Recovered      int64
	LastOn         models.Date
}

func (t *tally) notes(ctx context.Context, tx *gorm.DB) ([]debit, error) {
	first, last := t.days()
	var found []debit
	err := tx.WithContext(ctx).Raw(notesTo, t.supplier, first, last).Scan(&found).Error
	return found, err
}

// note adds a debit note to the month of its issue. Its amounts are split over
// the products of the supplier's items in the claim, by the amounts claimed; a
// note of a claim without such items is in the row of all products alone.
func (t *tally) note(n debit, of []claimed) {
	month := models.MonthOf(n.IssuedOn)
	of = slices.DeleteFunc(slices.Clone(of), func(i claimed) bool { return i.SupplierID != t.supplier })
	counted := []models.ID{models.AllProducts}
	for _, i := range of {
		if !slices.Contains(counted, i.ProductID) {
			counted = append(counted, i.ProductID)
		}
	}
	for _, p := range counted {
		t.add(p, month, func(row *models.SupplierMonth) { row.Notes++ })
	}
	if n.State == models.NoteSettled && !n.LastOn.IsZero() {
		took := int64(n.LastOn.Time().Sub(n.IssuedOn.Time()).Hours() / 24)
		for _, p := range counted {
			t.add(p, month, func(row *models.SupplierMonth) {
				row.NotesSettled, row.SettlementDays = row.NotesSettled+1, row.SettlementDays+took
			})
		}
	}
	debited, known := t.rates.base(major(n.AmountMinor, n.AmountCurrency), n.AmountCurrency, month)
	recovered, alsoKnown := t.rates.base(major(n.Recovered, n.AmountCurrency), n.AmountCurrency, month)
	if !known || !alsoKnown {
		for _, p := range counted {
			t.add(p, month, func(row *models.SupplierMonth) { lack(row, n.AmountCurrency) })
		}
		return
	}
	t.add(models.AllProducts, month, func(row *models.SupplierMonth) { addRecovery(row, debited, recovered) })
	if len(of) == 0 {
		return
	}
	weights := t.weights(of)
	debits, recoveries := recovery.Shares(debited, weights), recovery.Shares(recovered, weights)
	for k, i := range of {
		t.add(i.ProductID, month, func(row *models.SupplierMonth) { addRecovery(row, debits[k], recoveries[k]) })
	}
}

func addRecovery(row *models.SupplierMonth, debited, recovered int64) {
	row.DebitedMinor += debited
	row.RecoveredMinor += recovered
}
