package scorecards

import (
	"context"
	"encoding/json"
	"maps"
	"slices"

	"gorm.io/gorm"

	"recourse/models"
)

// rateEntity is what the audit calls an exchange rate.
const rateEntity = "exchange_rate"

// entry is a sealed entry of the audit chain: something was done to a record.
type entry struct {
	Seq      int64
	Entity   string
	EntityID models.ID
}

func entriesAfter(ctx context.Context, tx *gorm.DB, seq int64, limit int) ([]entry, error) {
	var rows []entry
	err := tx.WithContext(ctx).Raw(`SELECT s.seq, e.entity, e.entity_id FROM audit_seals s JOIN audit_entries e ON e.id = s.entry_id
		WHERE s.seq > ? ORDER BY s.seq LIMIT ?`, seq, limit).Scan(&rows).Error
	return rows, err
}

// task is a part of a supplier's figures that a change concerns: of one month,
// or of all where none is named.
type task struct {
	because  models.ID // the record that was changed
	supplier models.ID
	part     part
	month    models.Month
}

// area is a part of the figures of a span.
type area struct {
	span
	part part
}

// merge joins tasks into areas of which no two of a supplier share a month, so
// that each is computed from what is stored. Months that follow each other are one.
func merge(tasks []task) []area {
	months := map[models.ID]map[models.Month]part{}
	for _, t := range tasks {
		if months[t.supplier] == nil {
			months[t.supplier] = map[models.Month]part{}
		}
		months[t.supplier][t.month] |= t.part
	}
	var out []area
	for supplier, of := range months {
		if _, all := of[""]; all {
			var p part
			for _, some := range of {
				p |= some
			}
			out = append(out, area{span{supplier, earliest, latest}, p})
			continue
		}
		var last area
		for _, m := range slices.Sorted(maps.Keys(of)) {
			if last.part == of[m] && last.to.Add(1) == m {
				last.to = m
				out[len(out)-1] = last
				continue
			}
			last = area{span{supplier, m, m}, of[m]}
			out = append(out, last)
		}
	}
	return out
}

// concerned says whom the records of entries concern. Plans, lots, recovery
// cases and master data change no figure by themselves.
func concerned(ctx context.Context, tx *gorm.DB, entries []entry) ([]task, error) {
	ids := map[string][]models.ID{}
	for _, e := range entries {
		if !slices.Contains(ids[e.Entity], e.EntityID) {
			ids[e.Entity] = append(ids[e.Entity], e.EntityID)
		}
	}
	var out []task
	for _, of := range []struct {
		entity string
		find   func(context.Context, *gorm.DB, []models.ID) ([]task, error)
	}{
		{"inspection", ofInspected}, {"shipment", ofShipped}, {"claim", ofClaims}, {"contract", ofContracts},
		{"debit_note", ofNotes}, {"corrective_action", ofActions}, {rateEntity, ofRates},
	} {
		if len(ids[of.entity]) == 0 {
			continue
		}
		tasks, err := of.find(ctx, tx, ids[of.entity])
		if err != nil {
			return nil, err
		}
		out = append(out, tasks...)
	}
	return out, nil
}

// tasksOf reads tasks from a statement that names because, supplier_id and, where
// it isn't all months, month.
func tasksOf(ctx context.Context, tx *gorm.DB, p part, statement string, args ...any) ([]task, error) {
	var rows []struct {
		Because, SupplierID models.ID
		Month               models.Month
	}
	err := tx.WithContext(ctx).Raw(statement, args...).Scan(&rows).Error
	out := make([]task, len(rows))
	for n, r := range rows {
		out[n] = task{r.Because, r.SupplierID, p, r.Month}
	}
	return out, err
}

// ofInspected: the months of every revision under the number, and of the other
// inspections of its lots, one of which may have been the first to accept them.
// CROSS keeps SQLite from beginning with all that is final.
func ofInspected(ctx context.Context, tx *gorm.DB, ids []models.ID) ([]task, error) {
	return tasksOf(ctx, tx, ofInspections, `SELECT DISTINCT i.id AS because, x.supplier_id, SUBSTR(COALESCE(x.inspected_on, j.planned_on), 1, 7) AS month
		FROM inspections i CROSS JOIN inspections n ON n.number = i.number CROSS JOIN inspection_lots a ON a.inspection_id = n.id
		CROSS JOIN inspection_lots x ON x.lot_id = a.lot_id CROSS JOIN inspections j ON j.id = x.inspection_id
		WHERE i.id IN ? AND i.state IN ('final', 'aborted') AND j.state IN ('final', 'aborted')`, ids)
}

// ofContracts: a purchase is its supplier's; a sale concerns whose lots went with it.
func ofContracts(ctx context.Context, tx *gorm.DB, ids []models.ID) ([]task, error) {
	return tasksOf(ctx, tx, ofTrade, `SELECT c.id AS because, c.party_id AS supplier_id FROM contracts c WHERE c.id IN ? AND c.kind = 'purchase'
		UNION SELECT sold.contract_id, p.party_id FROM contract_lines sold JOIN shipment_lots s ON s.sales_line_id = sold.id
		JOIN lots t ON t.id = s.lot_id JOIN contract_lines l ON l.id = t.line_id JOIN contracts p ON p.id = l.contract_id WHERE sold.contract_id IN ?`, ids, ids)
}

func ofNotes(ctx context.Context, tx *gorm.DB, ids []models.ID) ([]task, error) {
	return tasksOf(ctx, tx, ofTrade, `SELECT n.id AS because, n.party_id AS supplier_id, SUBSTR(n.issued_on, 1, 7) AS month FROM debit_notes n
		WHERE n.id IN ? AND n.party_kind = 'supplier' AND n.party_id IS NOT NULL`, ids)
}

func ofRates(ctx context.Context, tx *gorm.DB, ids []models.ID) ([]task, error) {
	rows, err := gorm.G[models.ExchangeRate](tx).Where("id IN ?", ids).Find(ctx)
	out := make([]task, len(rows))
	for n, r := range rows {
		out[n] = task{because: r.ID, month: r.Month}
	}
	return out, err
}

func ofActions(ctx context.Context, tx *gorm.DB, ids []models.ID) ([]task, error) {
	rows, err := gorm.G[models.CorrectiveAction](tx).Select("id", "supplier_id", "steps").Where("id IN ?", ids).Find(ctx)
	var out []task
	for _, a := range rows {
		for _, s := range a.Steps {
			out = append(out, task{a.ID, a.SupplierID, ofTrade, models.MonthOf(s.DueOn)})
		}
	}
	return out, err
}

// fellDue is the steps whose last day is over today and was not yet on the day before.
func fellDue(ctx context.Context, tx *gorm.DB, before, today models.Date) ([]task, error) {
	rows, err := gorm.G[models.CorrectiveAction](tx).Select("id", "supplier_id", "steps").
		Where("state = ? AND next_due_on < ?", models.ActionOpen, today).Find(ctx)
	var out []task
	for _, a := range rows {
		for _, s := range a.Steps {
			if before <= s.DueOn && s.DueOn < today {
				out = append(out, task{a.ID, a.SupplierID, ofTrade, models.MonthOf(s.DueOn)})
			}
		}
	}
	return out, err
}

// ofShipped concerns the suppliers of all lots that the shipment ever carried, and
// those of other lots on the sales lines that it ever was for: a claim that names
// no lot is about the only supplier on its line.
func ofShipped(ctx context.Context, tx *gorm.DB, ids []models.ID) ([]task, error) {
	return ofGoods(ctx, tx, "shipment", ids, `SELECT shipment_id AS because, lot_id, sales_line_id FROM shipment_lots WHERE shipment_id IN ?`)
}

// ofClaims concerns the suppliers of all lots and sales lines that the claim ever named.
func ofClaims(ctx context.Context, tx *gorm.DB, ids []models.ID) ([]task, error) {
	return ofGoods(ctx, tx, "claim", ids, `SELECT claim_id AS because, lot_id, sales_line_id FROM claim_items WHERE claim_id IN ?`)
}

// ofGoods follows records to suppliers by the lots and sales lines that they name
// now and, by the log, named before.
func ofGoods(ctx context.Context, tx *gorm.DB, entity string, ids []models.ID, now string) ([]task, error) {
	var named []struct{ Because, LotID, SalesLineID models.ID }
	if err := tx.WithContext(ctx).Raw(now, ids).Scan(&named).Error; err != nil {
		return nil, err
	}
	log, err := gorm.G[models.AuditEntry](tx).Select("entity_id", "detail").Where("entity_id IN ? AND entity = ?", ids, entity).Find(ctx)
	if err != nil {
		return nil, err
	}
	because := map[models.ID][]models.ID{} // lot or sales line → records
	add := func(id, record models.ID) {
		if !id.IsZero() && !slices.Contains(because[id], record) {
			because[id] = append(because[id], record)
		}
	}
	for _, n := range named {
		add(n.LotID, n.Because)
		add(n.SalesLineID, n.Because)
	}
	for _, e := range log {
		var detail any
		if err := json.Unmarshal([]byte(e.Detail), &detail); err != nil {
			return nil, err
		}
		goodsNamed(detail, func(id models.ID) { add(id, e.EntityID) })
	}
	goods := slices.SortedFunc(maps.Keys(because), compareIDs)
	const purchase = " JOIN contract_lines l ON l.id = t.line_id JOIN contracts p ON p.id = l.contract_id "
	var out []task
	for some := range slices.Chunk(goods, listed) {
		found, err := tasksOf(ctx, tx, everything, "SELECT t.id AS because, p.party_id AS supplier_id FROM lots t"+purchase+`WHERE t.id IN ?
			UNION SELECT s.sales_line_id, p.party_id FROM shipment_lots s JOIN lots t ON t.id = s.lot_id`+purchase+"WHERE s.sales_line_id IN ?", some, some)
		if err != nil {
			return nil, err
		}
		for _, t := range found {
			for _, record := range because[t.because] {
				t.because = record
				out = append(out, t)
			}
		}
	}
	return out, nil
}

// goodsNamed walks through what was asked and finds the lots and sales lines.
func goodsNamed(detail any, found func(models.ID)) {
	switch v := detail.(type) {
	case []any:
		for _, x := range v {
			goodsNamed(x, found)
		}
	case map[string]any:
		for name, x := range v {
			text, isText := x.(string)
			if !isText {
				goodsNamed(x, found)
				continue
			}
			if name != "lot_id" && name != "sales_line_id" {
				continue
			}
			if id, err := models.ParseID("", text); err == nil {
				found(id)
			}
		}
	}
}
