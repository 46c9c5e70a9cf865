package main

import (
	"context"
	"fmt"
	"strings"

	"gorm.io/gorm"

	"recourse/claims"
	"recourse/contracts"
	"recourse/models"
)

const claimed = 50 // lines with a claim; even the small list has ten times as many

// claim makes a claim on some lines all over the list: their lots are inspected
// with all their parts, sold and shipped.
func (f *filling) claim(ctx context.Context, lines int) error {
	c := f.company
	model, err := f.model(ctx)
	if err != nil {
		return err
	}
	customer, err := c.customer(ctx)
	if err != nil {
		return err
	}
	f.claims = nil
	for n := range claimed {
		l := n*(lines/claimed) + n%(lines/claimed)
		var lots []int
		for k := range perLine {
			if at := l/suppliers*block + k*suppliers + l%suppliers; at < f.rows {
				lots = append(lots, at)
			}
		}
		err := c.db.Tx(ctx, func(tx *gorm.DB) error {
			if err := f.inspected(ctx, tx, model, lots); err != nil {
				return err
			}
			goods := bought{line: numbered(kindLine, l)}
			for _, at := range lots {
				goods.lots = append(goods.lots, numbered(kindLot, at))
			}
			claim, err := c.complain(ctx, tx, customer, []bought{goods}, n)
			if err == nil {
				f.claims = append(f.claims[:n:n], claim.ID)
			}
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// customer enters who complains.
func (c *company) customer(ctx context.Context) (models.ID, error) {
	id := models.NewID()
	in := contracts.PartyInput{ID: &id, Kind: models.PartyCustomer, Code: "HH02", Country: "DE", Name: models.Text{ZH: "汉堡建材", EN: "Hamburg Baustoffe"}}
	return id, c.db.Tx(ctx, func(tx *gorm.DB) error {
		_, err := contracts.CreateParty(ctx, tx, c.by, in)
		return err
	})
}

// model is an inspection as the program stores it, whose parts the claimed lots get.
func (f *filling) model(ctx context.Context) (*models.Inspection, error) {
	var hashes []models.SHA256
	for n := range photos {
		data, err := photo(n, 64, 48)
		if err != nil {
			return nil, err
		}
		file, err := keep(ctx, f.company, f.archive, models.FilePhoto, fmt.Sprintf("IMG_%04d.jpg", n), data)
		if err != nil {
			return nil, err
		}
		hashes = append(hashes, file.SHA256)
	}
	return f.company.inspect(ctx, f.company.lots[0], hashes)
}

// ofVisit and ofLot are the columns that a claimed lot's inspection takes over from the model.
var (
	ofVisit = strings.Fields("state kind verdict inspector_remark factory_remark deviations equipment started_at submitted_at decided_at record_hash fingerprint photos_wanted photos_present")
	ofLot   = strings.Fields("snapshot snapshot_hash plan seed quantity_ordered quantity_produced quantity_packed quantity_presented cartons_presented cartons_opened units_examined judgement verdict nc_critical nc_major nc_minor remark decision")
)

// inspected gives the inspections with those numbers the model's content and parts.
func (f *filling) inspected(ctx context.Context, tx *gorm.DB, model *models.Inspection, numbers []int) error {
	d := f.company.db.Dialect
	of, visits := model.Lots[0].ID, make([]any, len(numbers))
	for n, at := range numbers {
		visits[n] = numbered(kindVisit, at)
	}
	in := "(?" + strings.Repeat(", ?", len(visits)-1) + ")"
	for _, t := range []struct {
		table   string
		columns []string
		from    models.ID
	}{{"inspections", ofVisit, model.ID}, {"inspection_lots", ofLot, of}} {
		var set []string
		var args []any
		for _, column := range t.columns {
			set = append(set, fmt.Sprintf("%[1]s = (SELECT x.%[1]s FROM (SELECT %[1]s FROM %[2]s WHERE id = ?) x)", column, t.table))
			args = append(args, t.from)
		}
		if _, err := tx.Statement.ConnPool.ExecContext(ctx, "UPDATE "+t.table+" SET "+strings.Join(set, ", ")+" WHERE id IN "+in, append(args, visits...)...); err != nil {
			return err
		}
	}
	found, shot := unhex(d, childSQL(d, kindFinding, "s.position", "l.id")...), childSQL(d, kindPhoto, "s.position", "l.id")
	sha := unhex(d, append(append([]string{}, shot...), shot...)...)
	of1 := append([]any{of}, visits...)
	for _, part := range []struct {
		table string
		set   map[string]string
		from  string
		args  []any
	}{
		{"findings", map[string]string{"id": found, "inspection_lot_id": "l.id"}, "findings s CROSS JOIN inspection_lots l WHERE s.inspection_lot_id = ? AND l.id IN " + in, of1},
		{"readings", map[string]string{"inspection_lot_id": "l.id"}, "readings s CROSS JOIN inspection_lots l WHERE s.inspection_lot_id = ? AND l.id IN " + in, of1},
		{"inspection_checks", map[string]string{"inspection_lot_id": "l.id"}, "inspection_checks s CROSS JOIN inspection_lots l WHERE s.inspection_lot_id = ? AND l.id IN " + in, of1},
		{"inspection_photos", map[string]string{"id": unhex(d, shot...), "inspection_id": "l.inspection_id", "inspection_lot_id": "l.id", "sha256": sha,
			"finding_id": unhex(d, childSQL(d, kindFinding, "sf.position", "l.id")...)},
			"inspection_photos s JOIN findings sf ON sf.id = s.finding_id CROSS JOIN inspection_lots l WHERE s.inspection_id = ? AND l.id IN " + in, append([]any{model.ID}, visits...)},
		{"files", map[string]string{"sha256": strings.ReplaceAll(sha, "s.position", "p.position")},
			"files s JOIN inspection_photos p ON p.sha256 = s.sha256 CROSS JOIN inspection_lots l WHERE p.inspection_id = ? AND l.id IN " + in, append([]any{model.ID}, visits...)},
	} {
		if err := copyRows(ctx, tx, part.table, part.set, part.from, part.args...); err != nil {
			return err
		}
	}
	return nil
}

// bought is lots of a purchase line.
type bought struct {
	line models.ID
	lots []models.ID
}

// complain sells and ships lots and enters the customer's nth claim on them: of
// every line a defect and a characteristic, of the first one a shortfall too.
func (c *company) complain(ctx context.Context, tx *gorm.DB, customer models.ID, goods []bought, n int) (*models.Claim, error) {
	in := contracts.ContractInput{
		Kind: models.SalesContract, Number: fmt.Sprintf("SC-2026-%03d", n+1), SignedOn: "2026-01-05", Currency: "USD", PartyID: customer,
		Incoterm: "CIF Hamburg", Port: "Hamburg", ClaimClause: clause(30), RequiredDocuments: shippingDocuments,
	}
	for k, g := range goods {
		line, _, err := contracts.Line(ctx, tx, c.by, g.line)
		if err != nil {
			return nil, err
		}
		in.Lines = append(in.Lines, contracts.LineInput{LineNo: k + 1, ProductID: line.ProductID, Quantity: models.Pieces(int64(lotSize * len(g.lots))), UnitPrice: models.MustDecimal("1.45"), FedBy: []models.LineLink{{PurchaseLineID: g.line}}})
	}
	sales, err := contracts.CreateContract(ctx, tx, c.by, in)
	if err != nil {
		return nil, err
	}
	load := contracts.ShipmentInput{SalesContractID: sales.ID, BillOfLading: fmt.Sprintf("HLCU%06d", n+1), Vessel: "EVER GIVEN", DeliveredOn: "2026-04-22", LoadedOn: "2026-04-24", ArrivedOn: "2026-06-06"}
	var items []claims.ItemInput
	add := func(reason models.ClaimReason, k int, quantity models.Quantity, text string, change func(*claims.ItemInput)) {
		i := claims.ItemInput{Reason: reason, SalesLineID: sales.Lines[k].ID, Quantity: quantity, Claimed: models.Money{Minor: 87_000, Currency: "USD"}, Apparent: new(true), Text: text}
		change(&i)
		items = append(items, i)
	}
	for k, g := range goods {
		for _, lot := range g.lots {
			load.Lots = append(load.Lots, contracts.ShipmentLotInput{LotID: lot, SalesLineID: sales.Lines[k].ID, Quantity: models.Pieces(lotSize)})
		}
		add(models.ReasonQuality, k, sales.Lines[k].Quantity/10, "10 % of the sheets have broken corners", func(i *claims.ItemInput) { i.Defect = "D02" })
		add(models.ReasonSpecification, k, models.Pieces(600), "the sheets are too wide", func(i *claims.ItemInput) { i.Characteristic = "C05" })
	}
	add(models.ReasonQuantity, 0, models.Pieces(300), "300 sheets are missing", func(*claims.ItemInput) {})
	shipment, err := contracts.CreateShipment(ctx, tx, c.by, load)
	if err != nil {
		return nil, err
	}
	return claims.Open(ctx, tx, c.by, claims.OpenInput{SalesContractID: sales.ID, ShipmentID: &shipment.ID, CustomerReference: "Rekl. 26/118", ReceivedOn: "2026-06-30", Summary: "corners broken on arrival", Items: items})
}

// shippingDocuments are what the sales contracts require.
var shippingDocuments = []string{"bill_of_lading", "commercial_invoice", "packing_list", "certificate_of_origin", "insurance_policy"}

// clause gives so many days from arrival.
func clause(days int) models.ClaimClause {
	return models.ClaimClause{QualityDays: &days, QuantityDays: new(15), OtherDays: &days, From: "arrival", ReplyDays: new(30), Text: "Any claim shall be lodged within the period after arrival at the port of destination."}
}
