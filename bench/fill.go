package main

import (
	"context"
	"encoding/binary"
	"fmt"
	"time"

	"gorm.io/gorm"

	"recourse/contracts"
	"recourse/database"
	"recourse/models"
)

const (
	suppliers = 40 // so few that even the small list fills a page for one of them in one state
	fillBatch = 10_000
)

// fill stores inspections of one lot each by multi-row statements, and returns one
// of their suppliers. Snapshots, plans and judgements are left empty: a list shows
// nothing of them, and a million would take 15 GB.
func fill(ctx context.Context, c *company, n int) (models.ID, error) {
	f := filling{company: c, rows: n}
	if err := f.prepare(ctx); err != nil {
		return models.ID{}, err
	}
	for first := 0; first < n; first += fillBatch {
		err := c.db.Tx(ctx, func(tx *gorm.DB) error { return f.batch(ctx, tx, first, min(first+fillBatch, n)) })
		if err != nil {
			return models.ID{}, err
		}
	}
	if c.db.Dialect == database.SQLite {
		if err := c.db.Write.Exec("PRAGMA synchronous = FULL").Error; err != nil {
			return models.ID{}, err
		}
	}
	return f.suppliers[1], c.analyze(ctx)
}

// analyze gives the planner the figures that a grown database has gathered by itself.
func (c *company) analyze(ctx context.Context) error {
	if c.db.Dialect == database.SQLite {
		return c.db.Write.WithContext(ctx).Exec("PRAGMA wal_checkpoint(TRUNCATE)").Error
	}
	return c.db.Write.WithContext(ctx).Exec("ANALYZE TABLE inspections, inspection_lots").Error
}

type filling struct {
	company   *company
	rows      int
	suppliers []models.ID
	line      models.ContractLine
}

func (f *filling) prepare(ctx context.Context) error {
	c := f.company
	if c.db.Dialect == database.SQLite { // only while filling
		if err := c.db.Write.Exec("PRAGMA synchronous = OFF").Error; err != nil {
			return err
		}
	}
	return c.db.Tx(ctx, func(tx *gorm.DB) (err error) {
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
}

const inspectionColumns = "inspections (id, number, revision, revision_reason, chain_id, chain_no, kind, state, contract_id, supplier_id, planned_on, inspected_on, place, verdict, " +
	"inspector_remark, factory_remark, deviations, equipment, abort_reason, abort_blame, device_skewed, photos_wanted, photos_present, version, created_at, updated_at)"

const lotColumns = "inspection_lots (id, inspection_id, position, lot_id, line_id, product_id, supplier_id, standard_id, standard_code, snapshot, snapshot_hash, plan, seed, " +
	"cartons_opened, verdict, nc_critical, nc_major, nc_minor, remark, decision, inspected_on, overlaps)"

func (f *filling) batch(ctx context.Context, tx *gorm.DB, first, end int) error {
	states := []models.InspectionState{models.Final, models.Final, models.Final, models.Submitted, models.InProgress}
	at, hash := models.Now(f.company.by.At), models.SHA256{1}
	var visits, lots [][]any
	for n := first; n < end; n++ {
		id, supplier, day := listedID(n), f.suppliers[n%suppliers], plannedOn(n, f.rows)
		verdict, decision := models.Accepted, models.Release
		if n%9 == 0 {
			verdict, decision = models.NotAccepted, models.ReworkAndRetry
		}
		state := states[n/suppliers%len(states)]
		visits = append(visits, []any{id, fmt.Sprintf("INS-2020-%07d", n), 0, "", id, 0, models.PreShipment, state, f.company.contract, supplier, day, day, "warehouse 2", verdict,
			"托盘为旧木。Corners were crushed on the lower layers.", "基本属实", "[]", "[]", "", "", false, 24, 24, 4, at, at})
		lots = append(lots, []any{models.ID(id), id, 1, f.company.lots[0], f.line.ID, f.line.ProductID, supplier, *f.line.StandardID, "QS-JZ", "{}", hash, "{}", hash,
			"[]", verdict, 0, n % 4, n % 7, "", decision, day, "[]"})
	}
	if err := database.Insert(ctx, tx, inspectionColumns, visits); err != nil {
		return err
	}
	return database.Insert(ctx, tx, lotColumns, lots)
}

// listedID is the key of the nth inspection: in the order of time, as real ones are.
func listedID(n int) (id models.ID) {
	binary.BigEndian.PutUint64(id[:], 0x0170_0000_0000_7000)
	id[6], id[8] = 0x70, 0x80
	binary.BigEndian.PutUint32(id[12:], uint32(n+1))
	return id
}

// plannedOn spreads the visits over six years.
func plannedOn(n, rows int) string {
	const days = 6 * 365
	return time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, int(int64(n)*days/int64(rows))).Format(time.DateOnly)
}
