package claims_test

import (
	"testing"

	"gorm.io/gorm"

	"recourse/claims"
	"recourse/models"
)

// TestCoverageSeesWhatWasInspectedSince: what is remembered of a line ends with the next final inspection of it.
func TestCoverageSeesWhatWasInspectedSince(t *testing.T) {
	d := newDeal(t)
	c := d.mustOpen(func(in *claims.OpenInput) { in.Items[0].Defect = "COR" })
	status := func() claims.CoverageStatus {
		t.Helper()
		var got []claims.ItemCoverage
		err := d.db.View(t.Context(), func(tx *gorm.DB) error {
			whole, err := claims.Get(t.Context(), tx, d.by, c.ID)
			if err == nil {
				got, err = claims.Coverage(t.Context(), tx, whole)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return got[0].Status
	}
	if got := status(); got != claims.NotInspected {
		t.Fatalf("before any inspection: %s", got)
	}
	standard, line := *d.purchase.Lines[0].StandardID, d.purchase.Lines[0]
	found := 3
	add := func(number string, decision models.DecisionKind) {
		t.Helper()
		examined := 80
		i := models.Inspection{ID: models.NewID(), Number: number, Kind: models.PreShipment, State: models.Final, ContractID: d.purchase.ID, SupplierID: d.purchase.PartyID,
			PlannedOn: "2026-03-01", InspectedOn: "2026-03-01", Deviations: []string{}, Equipment: []models.Equipment{}, Version: 3, CreatedAt: d.by.At, UpdatedAt: d.by.At}
		i.ChainID = i.ID
		l := models.InspectionLot{ID: models.NewID(), InspectionID: i.ID, LotID: d.lot.ID, LineID: line.ID, ProductID: line.ProductID, SupplierID: d.purchase.PartyID, StandardID: standard,
			Snapshot: models.StandardContent{Defects: []models.Defect{{Code: "COR", Class: models.Major}}}, SnapshotHash: models.SHA256{1}, Seed: models.SHA256{2}, CartonsOpened: []int{}, Overlaps: []models.UnitOverlap{},
			Judgement: &models.Judgement{Classes: []models.ClassJudgement{{Class: models.Major, Examined: &examined}}}, Verdict: models.Accepted, Decision: decision, InspectedOn: "2026-03-01"}
		rows := []any{&i, &l}
		if decision == models.ReleaseWaived {
			rows = append(rows, &models.Finding{ID: models.NewID(), InspectionLotID: l.ID, Defect: "COR", Class: models.Major, Units: found, Defects: found, Cartons: []int{}})
		}
		for _, row := range rows {
			if err := d.db.Write.Create(row).Error; err != nil {
				t.Fatal(err)
			}
		}
	}
	add("INS-1", models.Release)
	if got := status(); got != claims.InspectedHere {
		t.Errorf("after an inspection that found nothing: %s", got)
	}
	if got := status(); got != claims.InspectedHere {
		t.Errorf("asked again: %s", got)
	}
	add("INS-2", models.ReleaseWaived)
	if got := status(); got != claims.FoundAndWaived {
		t.Errorf("after a second one that waived it: %s", got)
	}
}
