package main

import (
	"context"
	"fmt"
	"time"

	"gorm.io/gorm"

	"recourse/contracts"
	"recourse/database"
	"recourse/files"
	"recourse/models"
)

const (
	suppliers = 25 // so few that even the small list fills a page for one of them in one state
	perLine   = 20 // inspected lots of a purchase line
	block     = suppliers * perLine
	fillBatch = 20 * block
)

// lineOf is the line of the nth lot: those of a line are a block long in time, others' between them.
func lineOf(n int) int { return n/block*suppliers + n%suppliers }

// fill stores inspections of one lot each, every lot of a purchase line with its
// contract, and the claims on some lines with all that was inspected there. Of the
// other lots snapshots, plans and judgements are left empty: no figure reads them,
// and a million would take 15 GB.
func fill(ctx context.Context, c *company, archive *files.Archive, n int) (*filling, error) {
	f := &filling{company: c, rows: n, archive: archive}
	if err := f.prepare(ctx); err != nil {
		return nil, err
	}
	lines := (n + block - 1) / block * suppliers
	for first := 0; first < lines; first += fillBatch {
		if err := c.db.Tx(ctx, func(tx *gorm.DB) error { return f.contracts(ctx, tx, first, min(first+fillBatch, lines)) }); err != nil {
			return nil, err
		}
	}
	for first := 0; first < n; first += fillBatch {
		if err := c.db.Tx(ctx, func(tx *gorm.DB) error { return f.batch(ctx, tx, first, min(first+fillBatch, n)) }); err != nil {
			return nil, err
		}
	}
	if err := f.claim(ctx, lines); err != nil {
		return nil, err
	}
	if c.db.Dialect == database.SQLite {
		if err := c.db.Write.Exec("PRAGMA synchronous = FULL").Error; err != nil {
			return nil, err
		}
	}
	return f, c.analyze(ctx)
}

// analyze gives the planner the figures that a grown database has gathered by itself.
func (c *company) analyze(ctx context.Context) error {
	if c.db.Dialect == database.SQLite {
		return c.db.Write.WithContext(ctx).Exec("PRAGMA wal_checkpoint(TRUNCATE)").Error
	}
	return c.db.Write.WithContext(ctx).Exec("ANALYZE TABLE inspections, inspection_lots, lots, contract_lines, contracts, findings, readings, inspection_photos").Error
}

type filling struct {
	company   *company
	rows      int
	suppliers []models.ID
	line      models.ContractLine
	claims    []models.ID
	archive   *files.Archive
}

func (f *filling) prepare(ctx context.Context) error {
	c := f.company
	if c.db.Dialect == database.SQLite { // only while filling
		if err := c.db.Write.Exec("PRAGMA synchronous = OFF").Error; err != nil {
			return err
		}
	}
	err := c.db.Tx(ctx, func(tx *gorm.DB) (err error) {
		f.suppliers = nil
		for n := range suppliers {
			p, err := contracts.CreateParty(ctx, tx, c.by, contracts.PartyInput{Kind: models.PartySupplier, Code: fmt.Sprintf("S%03d", n), Country: "CN", Name: models.Text{ZH: fmt.Sprintf("供应商 %d", n), EN: fmt.Sprintf("Supplier %d", n)}})
			if err != nil {
				return err
			}
			f.suppliers = append(f.suppliers, p.ID)
		}
		lot, err := contracts.GetLot(ctx, tx, c.by, c.lots[0])
		if err != nil {
			return err
		}
		line, _, err := contracts.Line(ctx, tx, c.by, lot.LineID)
		f.line = *line
		return err
	})
	if err != nil {
		return err
	}
	return f.numbers(ctx)
}

// contracts writes a purchase contract with one line for each of the numbers.
func (f *filling) contracts(ctx context.Context, tx *gorm.DB, first, end int) error {
	d := f.company.db.Dialect
	n, from := fmt.Sprintf("m.n + %d", first), fmt.Sprintf("s CROSS JOIN bench_numbers m WHERE s.id = ? AND m.n < %d", end-first)
	number := joined(d, "'PC-'", digits(d, n, 8))
	head := map[string]string{"id": numberedSQL(d, kindContract, n), "number": number, "number_key": "lower(" + number + ")", "party_id": "m.supplier"}
	if err := copyRows(ctx, tx, "contracts", head, "contracts "+from, f.company.contract); err != nil {
		return err
	}
	return copyRows(ctx, tx, "contract_lines", map[string]string{"id": numberedSQL(d, kindLine, n), "contract_id": numberedSQL(d, kindContract, n), "line_no": "1", "quantity": fmt.Sprintf("s.quantity * %d", perLine)},
		"contract_lines "+from, f.line.ID)
}

// lots writes a lot for each of the numbers.
func (f *filling) lots(ctx context.Context, tx *gorm.DB, first, end int) error {
	d := f.company.db.Dialect
	n := fmt.Sprintf("m.n + %d", first)
	batch := joined(d, "'B'", digits(d, n, 8))
	return copyRows(ctx, tx, "lots", map[string]string{"id": numberedSQL(d, kindLot, n), "line_id": numberedSQL(d, kindLine, fmt.Sprintf("m.line + %d", lineOf(first))), "batch": batch, "batch_key": "lower(" + batch + ")"},
		fmt.Sprintf("lots s CROSS JOIN bench_numbers m WHERE s.id = ? AND m.n < %d", end-first), f.company.lots[0])
}

const inspectionColumns = "inspections (id, number, revision, revision_reason, chain_id, chain_no, kind, state, contract_id, supplier_id, planned_on, inspected_on, place, verdict, " +
	"inspector_remark, factory_remark, deviations, equipment, abort_reason, abort_blame, device_skewed, photos_wanted, photos_present, version, created_at, updated_at)"

const lotColumns = "inspection_lots (id, inspection_id, position, lot_id, line_id, product_id, supplier_id, standard_id, standard_code, snapshot, snapshot_hash, plan, seed, " +
	"cartons_opened, verdict, nc_critical, nc_major, nc_minor, remark, decision, inspected_on, overlaps)"

func (f *filling) batch(ctx context.Context, tx *gorm.DB, first, end int) error {
	if err := f.lots(ctx, tx, first, end); err != nil {
		return err
	}
	states := []models.InspectionState{models.Final, models.Final, models.Final, models.Submitted, models.InProgress}
	at, hash := models.Now(f.company.by.At), models.SHA256{1}
	var visits, lots [][]any
	for n := first; n < end; n++ {
		id, supplier, day := numbered(kindVisit, n), f.suppliers[n%suppliers], plannedOn(n, f.rows)
		verdict, decision := models.Accepted, models.Release
		if n%9 == 0 {
			verdict, decision = models.NotAccepted, models.ReworkAndRetry
		}
		state := states[n/suppliers%len(states)]
		visits = append(visits, []any{id, fmt.Sprintf("INS-2020-%07d", n), 0, "", id, 0, models.PreShipment, state, numbered(kindContract, lineOf(n)), supplier, day, day, "warehouse 2", verdict,
			"托盘为旧木。Corners were crushed on the lower layers.", "基本属实", "[]", "[]", "", "", false, 24, 24, 4, at, at})
		lots = append(lots, []any{id, id, 1, numbered(kindLot, n), numbered(kindLine, lineOf(n)), f.line.ProductID, supplier, *f.line.StandardID, "QS-JZ", "{}", hash, "{}", hash,
			"[]", verdict, 0, n % 4, n % 7, "", decision, day, "[]"})
	}
	if err := database.Insert(ctx, tx, inspectionColumns, visits); err != nil {
		return err
	}
	return database.Insert(ctx, tx, lotColumns, lots)
}

// plannedOn spreads the visits over six years.
func plannedOn(n, rows int) string {
	const days = 6 * 365
	return time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, int(int64(n)*days/int64(rows))).Format(time.DateOnly)
}
