package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"gorm.io/gorm"

	"recourse/contracts"
	"recourse/database"
	"recourse/models"
)

const (
	scored       = 1000 // suppliers
	scoredLine   = 50   // lots of a contract, which has one line
	readingsLot  = 20
	scoredClaims = 10 // lots to a claim
	kindSupplier = kind(32 + iota)
	kindSale
	kindSaleLine
	kindShipment
	kindItem
)

// year is a history of twelve months that are over: so many inspections of as
// many lots, bought from a thousand suppliers, sold, shipped and claimed.
type year struct {
	company  *company
	rows     int
	first    time.Time // day
	products []models.ID
	standard models.ID
}

func newYear(ctx context.Context, c *company, rows int) (*year, error) {
	y := &year{company: c, rows: rows}
	now := c.by.At.UTC()
	y.first = time.Date(now.Year()-1, now.Month(), 1, 0, 0, 0, 0, time.UTC)
	err := c.db.Tx(ctx, func(tx *gorm.DB) error {
		bought, err := contracts.GetContract(ctx, tx, c.by, c.contract)
		if err != nil {
			return err
		}
		for _, l := range bought.Lines {
			y.products, y.standard = append(y.products, l.ProductID), *l.StandardID
		}
		return nil
	})
	if err == nil && c.db.Dialect == database.SQLite { // only while filling
		err = c.db.Write.Exec("PRAGMA synchronous = OFF").Error
	}
	return y, err
}

// deal is the number of the contracts and the shipment of the nth lot.
func (y *year) deal(n int) int { return n/scored/scoredLine*scored + n%scored }

func (y *year) product(n int) models.ID { return y.products[n%scored%len(y.products)] }

// day is when the nth lot was inspected; plus days. Those behind the last come late: they are of the first days.
func (y *year) day(n, plus int) models.Date {
	return models.DateOf(y.first.AddDate(0, 0, int(int64(n%y.rows)*365/int64(y.rows))+plus))
}

// fill writes the history, by statements of many rows.
func (y *year) fill(ctx context.Context) error {
	if err := y.company.db.Tx(ctx, func(tx *gorm.DB) error { return y.parties(ctx, tx) }); err != nil {
		return err
	}
	last := y.rows - 1 + scored // every supplier's last deal
	for first := 0; first <= y.deal(last); first += scored {
		if err := y.company.db.Tx(ctx, func(tx *gorm.DB) error { return y.deals(ctx, tx, first, first+scored) }); err != nil {
			return err
		}
	}
	for first := 0; first < y.rows; first += fillBatch {
		end := min(first+fillBatch, y.rows)
		err := y.company.db.Tx(ctx, func(tx *gorm.DB) error {
			for _, write := range []func(context.Context, *gorm.DB, int, int) error{y.visits, y.found, y.shipped, y.claimed, y.read} {
				if err := write(ctx, tx, first, end); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return y.settle(ctx)
}

// settle gives the planner its figures and the disk its due.
func (y *year) settle(ctx context.Context) error {
	db := y.company.db
	if db.Dialect == database.SQLite {
		if err := db.Write.Exec("PRAGMA synchronous = FULL").Error; err != nil {
			return err
		}
		return db.Write.WithContext(ctx).Exec("PRAGMA wal_checkpoint(TRUNCATE)").Error
	}
	return db.Write.WithContext(ctx).Exec("ANALYZE TABLE parties, inspections, inspection_lots, lots, contract_lines, contracts, findings, shipments, shipment_lots, claims, claim_items").Error
}

func (y *year) parties(ctx context.Context, tx *gorm.DB) error {
	at := models.Now(y.company.by.At)
	var rows [][]any
	for n := range scored {
		code := fmt.Sprintf("S%04d", n)
		rows = append(rows, []any{numbered(kindSupplier, n), models.PartySupplier, code, strings.ToLower(code), fmt.Sprintf("供应商 %d", n), fmt.Sprintf("Supplier %d", n), "CN", "", "", "", "", "", code, 1, at, at})
	}
	if err := database.Insert(ctx, tx, "parties (id, kind, code, code_key, name_zh, name_en, country, place, address, contact, email, phone, search, version, created_at, updated_at)", rows); err != nil {
		return err
	}
	rows = nil
	for n := range 14 {
		month := models.MonthOf(models.DateOf(y.first)).Add(n)
		rows = append(rows, []any{models.NewID(), "USD", month, "7.1234", "bank", 1, at, at})
	}
	return database.Insert(ctx, tx, "exchange_rates (id, currency, month, rate, source, version, created_at, updated_at)", rows)
}

// deals writes purchase, sale and shipment of each of the numbers.
func (y *year) deals(ctx context.Context, tx *gorm.DB, first, end int) error {
	at := models.Now(y.company.by.At)
	var heads, lines, links, shipments [][]any
	for n := first; n < end; n++ {
		lot := n/scored*scoredLine*scored + n%scored // the first of the deal
		loaded := y.day(min(lot+(scoredLine-1)*scored, y.rows-1), 10)
		for _, side := range []struct {
			head, line                    kind
			is                            models.ContractKind
			party                         models.ID
			prefix, currency, price, late string
		}{
			{kindContract, kindLine, models.PurchaseContract, numbered(kindSupplier, n%scored), "PB", "CNY", "6.80", string(loaded.AddDays(n%5 - 1))},
			{kindSale, kindSaleLine, models.SalesContract, y.company.supplier, "SB", "USD", "1.45", string(loaded)},
		} {
			number := fmt.Sprintf("%s%07d", side.prefix, n)
			heads = append(heads, []any{numbered(side.head, n), side.is, number, strings.ToLower(number), side.party, side.currency, "", "", side.late, "", "", "", "[]", "{}", "", 1, at, at})
			lines = append(lines, []any{numbered(side.line, n), numbered(side.head, n), 1, y.product(n), "", "{}", models.Pieces(lotSize * scoredLine * 2), "sheet", "", "", side.price, y.standard})
		}
		links = append(links, []any{numbered(kindSaleLine, n), numbered(kindLine, n)})
		bill := fmt.Sprintf("HLCU%07d", n)
		shipments = append(shipments, []any{numbered(kindShipment, n), numbered(kindSale, n), bill, strings.ToLower(bill), "", loaded, loaded, "", 1, at, at})
	}
	for _, t := range []struct {
		into string
		rows [][]any
	}{
		{"contracts (id, kind, number, number_key, party_id, currency, incoterm, port, latest_shipment, shipping_marks, packing, quality_clause, required_documents, claim_clause, remark, version, created_at, updated_at)", heads},
		{"contract_lines (id, contract_id, line_no, product_id, specification, attributes, quantity, unit, tolerance_option, tolerance_price, unit_price, standard_id)", lines},
		{"line_links (sales_line_id, purchase_line_id)", links},
		{"shipments (id, sales_contract_id, bill_of_lading, bill_key, vessel, delivered_on, loaded_on, remark, version, created_at, updated_at)", shipments},
	} {
		if err := database.Insert(ctx, tx, t.into, t.rows); err != nil {
			return err
		}
	}
	return nil
}

// visits writes lots with their inspections: two of nine are not accepted, one of 40 was in vain.
func (y *year) visits(ctx context.Context, tx *gorm.DB, first, end int) error {
	at, hash := models.Now(y.company.by.At), models.SHA256{1}
	var lots, visits, checks [][]any
	for n := first; n < end; n++ {
		id, supplier, day := numbered(kindVisit, n), numbered(kindSupplier, n%scored), y.day(n, 0)
		batch := fmt.Sprintf("b%07d", n)
		state, verdict, blame, units := models.Final, models.Accepted, "", any(200)
		if n%9 < 2 {
			verdict = models.NotAccepted
		}
		if (n+n/scored)%40 == 7 {
			state, verdict, blame, units = models.Aborted, models.Pending, "supplier", nil
		}
		lots = append(lots, []any{numbered(kindLot, n), numbered(kindLine, y.deal(n)), batch, batch, models.Pieces(lotSize), 1000, 12, 1, 1000, 1, at, at})
		visits = append(visits, []any{id, fmt.Sprintf("INS-B-%07d", n), 0, "", id, 0, models.PreShipment, state, numbered(kindContract, y.deal(n)), supplier, day, day, "warehouse 2", verdict,
			"托盘为旧木。", "基本属实", "[]", "[]", "", blame, false, 0, 0, 4, at, at})
		checks = append(checks, []any{id, id, 1, numbered(kindLot, n), numbered(kindLine, y.deal(n)), y.product(n), supplier, y.standard, "QS-JZ", "{}", hash, "{}", hash,
			"[]", verdict, 0, n % 4, n % 7, "", models.Release, day, "[]", units})
	}
	if err := database.Insert(ctx, tx, "lots (id, line_id, batch, batch_key, quantity, cartons, per_carton, carton_from, carton_to, version, created_at, updated_at)", lots); err != nil {
		return err
	}
	if err := database.Insert(ctx, tx, inspectionColumns, visits); err != nil {
		return err
	}
	return database.Insert(ctx, tx, strings.TrimSuffix(lotColumns, ")")+", units_examined)", checks)
}

// found writes two findings on every third lot.
func (y *year) found(ctx context.Context, tx *gorm.DB, first, end int) error {
	var rows [][]any
	for n := first; n < end; n++ {
		if n%3 == 0 {
			rows = append(rows, []any{models.NewID(), numbered(kindVisit, n), 1, "D01", models.Major, 1 + n%4, 1 + n%4, "[]", ""}, []any{models.NewID(), numbered(kindVisit, n), 2, "D02", models.Minor, 1 + n%7, 1 + n%7, "[]", ""})
		}
	}
	return database.Insert(ctx, tx, "findings (id, inspection_lot_id, position, defect_code, class, units, defects, cartons, remark)", rows)
}

func (y *year) shipped(ctx context.Context, tx *gorm.DB, first, end int) error {
	var rows [][]any
	for n := first; n < end; n++ {
		rows = append(rows, []any{numbered(kindShipment, y.deal(n)), numbered(kindLot, n), numbered(kindSaleLine, y.deal(n)), models.Pieces(lotSize)})
	}
	return database.Insert(ctx, tx, "shipment_lots (shipment_id, lot_id, sales_line_id, quantity)", rows)
}

// claimed writes a claim of one item on every tenth lot.
func (y *year) claimed(ctx context.Context, tx *gorm.DB, first, end int) error {
	at := models.Now(y.company.by.At)
	var heads, items [][]any
	for n := first; n < end; n++ {
		if (n+n/scored)%scoredClaims != 3 {
			continue
		}
		heads = append(heads, []any{numbered(kindClaim, n), fmt.Sprintf("CLM-B-%07d", n), "", "", y.company.supplier, numbered(kindSale, y.deal(n)), numbered(kindShipment, y.deal(n)), y.day(n, 45), "", "", models.ClaimReceived, "", "", "", 1, at, at})
		items = append(items, []any{numbered(kindItem, n), numbered(kindClaim, n), 1, models.ReasonQuality, numbered(kindSaleLine, y.deal(n)), numbered(kindLot, n), "D01", "", models.Pieces(100), 14500, "USD", true, "", "", "", "", 1})
	}
	if err := database.Insert(ctx, tx, "claims (id, number, customer_reference, reference_key, customer_id, sales_contract_id, shipment_id, received_on, survey_body, summary, state, proposal, closed_reason, reopen_reason, version, created_at, updated_at)", heads); err != nil {
		return err
	}
	return database.Insert(ctx, tx, "claim_items (id, claim_id, item_no, reason, sales_line_id, lot_id, defect_code, characteristic, quantity, claimed_minor, claimed_currency, apparent, text, answer, ground, answer_text, version)", items)
}

// read writes the readings of lots.
func (y *year) read(ctx context.Context, tx *gorm.DB, first, end int) error {
	numbers := "SELECT 1 AS n"
	for n := 2; n <= readingsLot; n++ {
		numbers += fmt.Sprintf(" UNION ALL SELECT %d", n)
	}
	_, err := tx.Statement.ConnPool.ExecContext(ctx, "INSERT INTO readings (inspection_lot_id, characteristic, no, value) SELECT l.id, 'C01', m.n, 5930 + m.n FROM inspection_lots l CROSS JOIN ("+numbers+") m WHERE l.id BETWEEN ? AND ?",
		numbered(kindVisit, first), numbered(kindVisit, end-1))
	return err
}
