package recovery

import (
	"context"
	"strings"

	"gorm.io/gorm"

	"recourse/models"
)

// AgeingInput limits the ageing to one party.
type AgeingInput struct {
	PartyID *models.ID `json:"party_id"`
}

// Ageing is what one party owes in one currency, by the days since issue: 0–30,
// 31–60, 61–90 and more. PartyID is nil for parties that are not in the books.
type Ageing struct {
	PartyID   *models.ID   `json:"party_id"`
	PartyName models.Text  `json:"party_name"`
	Notes     int          `json:"notes"`
	Days30    models.Money `json:"days_0_30"`
	Days60    models.Money `json:"days_31_60"`
	Days90    models.Money `json:"days_61_90"`
	Older     models.Money `json:"days_over_90"`
	Balance   models.Money `json:"balance"`
}

// AgeingReport is what all parties owe on a day.
type AgeingReport struct {
	On    models.Date `json:"on"`
	Items []Ageing    `json:"items"`
}

type ageingRow struct {
	PartyID                *models.ID
	Currency               string
	Notes                  int
	D30, D60, D90, Balance int64
}

// AgeingOf sums what is owed on open debit notes today, per party and currency:
// one aggregate that reads an index alone, and one statement for the names.
func AgeingOf(ctx context.Context, tx *gorm.DB, by models.Actor, in AgeingInput) (*AgeingReport, error) {
	if err := mayRead(by); err != nil {
		return nil, err
	}
	on := today(by)
	// Per state the index is in the order of the groups, so nothing is sorted; a
	// party's few rows are added up in the outer query.
	one, args := ageingQuery(by, in, on)
	parts, all := []string{}, []any{}
	for _, state := range models.OpenNoteStates {
		parts, all = append(parts, one), append(append(all, args...), state)
		if in.PartyID != nil {
			all = append(all, *in.PartyID)
		}
		if by.OwnOnly {
			all = append(all, by.UserID)
		}
	}
	var rows []ageingRow
	err := tx.WithContext(ctx).Raw(`SELECT party_id, currency, SUM(notes) AS notes, SUM(d30) AS d30, SUM(d60) AS d60, SUM(d90) AS d90, SUM(balance) AS balance
		FROM (`+strings.Join(parts, " UNION ALL ")+`) open_notes GROUP BY party_id, currency ORDER BY party_id, currency`, all...).Scan(&rows).Error
	if err != nil {
		return nil, err
	}
	return namedAgeing(ctx, tx, on, rows)
}

// ageingQuery is the aggregate over the notes of one state, with the arguments before that state.
func ageingQuery(by models.Actor, in AgeingInput, on models.Date) (string, []any) {
	query := `SELECT party_id, amount_currency AS currency, COUNT(*) AS notes,
		SUM(CASE WHEN issued_on >= ? THEN amount_minor - settled ELSE 0 END) AS d30,
		SUM(CASE WHEN issued_on < ? AND issued_on >= ? THEN amount_minor - settled ELSE 0 END) AS d60,
		SUM(CASE WHEN issued_on < ? AND issued_on >= ? THEN amount_minor - settled ELSE 0 END) AS d90,
		SUM(amount_minor - settled) AS balance
		FROM debit_notes WHERE state = ?`
	if in.PartyID != nil {
		query += " AND party_id = ?"
	}
	if by.OwnOnly {
		query += " AND claim_id IN (" + ownClaims + ")"
	}
	d30, d60, d90 := on.AddDays(-30), on.AddDays(-60), on.AddDays(-90)
	return query + " GROUP BY party_id, amount_currency", []any{d30, d30, d60, d60, d90}
}

func namedAgeing(ctx context.Context, tx *gorm.DB, on models.Date, rows []ageingRow) (*AgeingReport, error) {
	ids := []models.ID{}
	for _, r := range rows {
		if r.PartyID != nil {
			ids = append(ids, *r.PartyID)
		}
	}
	names, err := partyNames(ctx, tx, ids)
	report := AgeingReport{On: on, Items: make([]Ageing, len(rows))}
	for n, r := range rows {
		money := func(minor int64) models.Money { return models.Money{Minor: minor, Currency: r.Currency} }
		report.Items[n] = Ageing{
			PartyID: r.PartyID, PartyName: names[keyOf("", r.PartyID).id], Notes: r.Notes, Days30: money(r.D30), Days60: money(r.D60),
			Days90: money(r.D90), Older: money(r.Balance - r.D30 - r.D60 - r.D90), Balance: money(r.Balance),
		}
	}
	return &report, err
}
