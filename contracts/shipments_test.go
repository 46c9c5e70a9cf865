package contracts_test

import (
	"testing"

	"gorm.io/gorm"

	"recourse/contracts"
	"recourse/contracts/contractstest"
	"recourse/database"
	"recourse/database/databasetest"
	"recourse/models"
)

func TestShipments(t *testing.T) {
	db := databasetest.Open(t)
	purchase := contractstest.MustPurchase(t, db)
	sales := contractstest.MustSales(t, db, purchase)
	lot := contractstest.MustLot(t, db, purchase.Lines[0].ID)
	foreign := contractstest.MustLot(t, db, contractstest.MustPurchase(t, db).Lines[0].ID)
	part := func(lot *models.Lot, pieces int64) contracts.ShipmentLotInput {
		return contracts.ShipmentLotInput{LotID: lot.ID, SalesLineID: sales.Lines[0].ID, Quantity: models.Pieces(pieces)}
	}
	type input = contracts.ShipmentInput
	good := input{SalesContractID: sales.ID, BillOfLading: "HLCU-TSN-260424", DeliveredOn: "2026-04-22", LoadedOn: "2026-04-24", ArrivedOn: "2026-06-06"}
	for _, test := range []struct {
		name, field string
		change      func(*input)
	}{
		{"more than the lot", "lots[0].quantity", func(in *input) { in.Lots = []contracts.ShipmentLotInput{part(lot, 12001)} }},
		{"lot twice", "lots[1].lot_id", func(in *input) { in.Lots = []contracts.ShipmentLotInput{part(lot, 1), part(lot, 1)} }},
		{"lot of a line that doesn't feed the sale", "lots[0].lot_id", func(in *input) { in.Lots = []contracts.ShipmentLotInput{part(foreign, 1)} }},
		{"line of another contract", "lots[0].sales_line_id", func(in *input) {
			in.Lots = []contracts.ShipmentLotInput{{LotID: lot.ID, SalesLineID: purchase.Lines[0].ID, Quantity: 1}}
		}},
		{"nothing of a lot", "lots[0].quantity", func(in *input) { in.Lots = []contracts.ShipmentLotInput{part(lot, 0)} }},
		{"loaded before delivered", "loaded_on", func(in *input) { in.LoadedOn = "2026-04-21" }},
		{"arrived before loaded", "arrived_on", func(in *input) { in.ArrivedOn = "2026-04-23" }},
		{"arrived before delivered", "arrived_on", func(in *input) { in.LoadedOn, in.ArrivedOn = "", "2026-04-21" }},
		{"no container number", "containers[0].number", func(in *input) { in.Containers = []contracts.ContainerInput{{Number: "TEMU602155"}} }},
		{"container twice", "containers[1].number", func(in *input) {
			in.Containers = []contracts.ContainerInput{{Number: "CSQU3054383"}, {Number: "csqu 305438-3"}}
		}},
		{"purchase contract", "sales_contract_id", func(in *input) { in.SalesContractID = purchase.ID }},
		{"no contract", "sales_contract_id", func(in *input) { in.SalesContractID = models.NewID() }},
	} {
		in := good
		test.change(&in)
		_, err := try(t, db, func(tx *gorm.DB) (*contracts.Shipped, error) {
			return contracts.CreateShipment(t.Context(), tx, system, in)
		})
		refused(t, test.name, err, models.CodeInvalid, test.field)
	}
	good.Lots = []contracts.ShipmentLotInput{part(lot, 7000)}
	good.Containers = []contracts.ContainerInput{{Number: "temu 6021554", Seal: "CN448120"}, {Number: "CSQU3054383"}}
	s := must(t, db, func(tx *gorm.DB) (*contracts.Shipped, error) {
		return contracts.CreateShipment(t.Context(), tx, act(models.Sales), good)
	})
	if len(s.Documents) != 5 || len(s.Lots) != 1 || s.Containers[1].Number != "TEMU6021554" || s.Containers[1].Seal != "CN448120" {
		t.Errorf("shipment = %+v", s.Shipment)
	}
	if len(s.Warnings) != 1 || s.Warnings[0].Code != contracts.ContainerCheckDigit || s.Warnings[0].Field != "containers[1].number" {
		t.Errorf("warnings = %+v, want the wrong check digit of TEMU6021554", s.Warnings)
	}
	second := good
	second.Lots = []contracts.ShipmentLotInput{part(lot, 5001)}
	_, err := try(t, db, func(tx *gorm.DB) (*contracts.Shipped, error) {
		return contracts.CreateShipment(t.Context(), tx, system, second)
	})
	refused(t, "more than is left of the lot", err, models.CodeInvalid, "lots[0].quantity")
	all := []contracts.ShipmentLotInput{part(lot, 12000)}
	s = must(t, db, func(tx *gorm.DB) (*contracts.Shipped, error) {
		return contracts.UpdateShipment(t.Context(), tx, system, s.ID, 1, contracts.ShipmentPatch{Lots: &all, Containers: &[]contracts.ContainerInput{}, Vessel: new("Ever")})
	})
	if len(s.Containers) != 0 || s.Lots[0].Quantity != models.Pieces(12000) || s.Vessel != "Ever" || s.BillOfLading != good.BillOfLading || s.Version != 2 {
		t.Errorf("changed shipment = %+v", s.Shipment)
	}
	_, err = try(t, db, func(tx *gorm.DB) (*models.Lot, error) {
		return contracts.UpdateLot(t.Context(), tx, system, lot.ID, 1, contracts.LotPatch{Quantity: new(models.Pieces(11999)), Cartons: new(0), CartonFrom: new(0), CartonTo: new(0)})
	})
	refused(t, "lot shrunk below what was shipped", err, models.CodeConflict, "quantity")
	for filter, text := range map[string]string{"bill_of_lading": "hlcu-tsn-260424", "lot_id": lot.ID.String(), "sales_contract_id": sales.ID.String()} {
		page := view(t, db, func(tx *gorm.DB) (database.Page[models.Shipment], error) {
			return contracts.ListShipments(t.Context(), tx, system, database.Query{Filters: map[string]string{filter: text}})
		})
		if len(page.Items) != 1 {
			t.Errorf("ListShipments(%s) finds %d, want 1", filter, len(page.Items))
		}
	}
}

func TestSalesLineIsNotOvershipped(t *testing.T) {
	db := databasetest.Open(t)
	purchase := contractstest.MustPurchase(t, db, func(in *contracts.ContractInput) { in.Lines[0].Quantity = models.Pieces(20000) })
	sales := contractstest.MustSales(t, db, purchase)
	contractstest.MustShipment(t, db, sales, contractstest.MustLot(t, db, purchase.Lines[0].ID))
	more := contractstest.MustLot(t, db, purchase.Lines[0].ID, func(in *contracts.LotInput) {
		*in = contracts.LotInput{Batch: "more", Quantity: models.Pieces(601)}
	})
	_, err := try(t, db, func(tx *gorm.DB) (*contracts.Shipped, error) {
		return contracts.CreateShipment(t.Context(), tx, system, contracts.ShipmentInput{SalesContractID: sales.ID,
			Lots: []contracts.ShipmentLotInput{{LotID: more.ID, SalesLineID: sales.Lines[0].ID, Quantity: more.Quantity}}})
	})
	refused(t, "601 above 12000 of 12600", err, models.CodeInvalid, "lots[0].quantity")
}

func TestDocuments(t *testing.T) {
	db := databasetest.Open(t)
	s := contractstest.MustShipment(t, db, contractstest.MustSales(t, db, nil))
	set := func(kind string, version int, in contracts.DocumentInput) (*contracts.Shipped, error) {
		return try(t, db, func(tx *gorm.DB) (*contracts.Shipped, error) {
			return contracts.SetDocument(t.Context(), tx, act(models.Sales), s.ID, kind, version, in)
		})
	}
	for _, test := range []struct {
		name, kind, field string
		in                contracts.DocumentInput
	}{
		{"kind in words", "Bill of lading", "kind", contracts.DocumentInput{}},
		{"confirmed by nobody", "bill_of_lading", "confirmed_by", contracts.DocumentInput{DraftSentOn: "2026-04-25", ConfirmedOn: "2026-04-26"}},
		{"confirmed but not sent", "bill_of_lading", "draft_sent_on", contracts.DocumentInput{ConfirmedOn: "2026-04-26", ConfirmedBy: "Meyer"}},
		{"confirmed before it was sent", "bill_of_lading", "confirmed_on", contracts.DocumentInput{DraftSentOn: "2026-04-27", ConfirmedOn: "2026-04-26", ConfirmedBy: "Meyer"}},
		{"not needed but sent", "bill_of_lading", "not_needed_why", contracts.DocumentInput{DraftSentOn: "2026-04-27", NotNeededWhy: "x"}},
		{"file that isn't there", "bill_of_lading", "file_sha256", contracts.DocumentInput{FileSHA256: models.SHA256{1}}},
	} {
		_, err := set(test.kind, 1, test.in)
		refused(t, test.name, err, models.CodeInvalid, test.field)
	}
	got, err := set("bill_of_lading", 1, contracts.DocumentInput{DraftSentOn: "2026-04-25", ConfirmedOn: "2026-04-26", ConfirmedBy: "Meyer, e-mail"})
	if err != nil || got.Documents[0].ConfirmedBy != "Meyer, e-mail" || got.Version != 2 || len(got.Documents) != 5 {
		t.Errorf("SetDocument = %+v, %v", got, err)
	}
	_, err = set("bill_of_lading", 1, contracts.DocumentInput{})
	refused(t, "stale", err, models.CodeStale, "")
	got, err = set("phytosanitary_certificate", 2, contracts.DocumentInput{NotNeededWhy: "no wood packing"})
	if err != nil || len(got.Documents) != 6 {
		t.Errorf("a document beyond those required: %+v, %v", got, err)
	}
	_, err = try(t, db, func(tx *gorm.DB) (*contracts.Shipped, error) {
		return contracts.SetDocument(t.Context(), tx, act(models.Purchasing), s.ID, "bill_of_lading", 3, contracts.DocumentInput{})
	})
	refused(t, "by purchasing", err, models.CodeForbidden, "")
}
