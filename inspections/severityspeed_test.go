package inspections_test

import (
	"context"
	"testing"

	"gorm.io/gorm"

	"recourse/database"
	"recourse/inspections"
	"recourse/models"
)

// BenchmarkPlanLongSeries plans a visit whose series has 1000 lots with two classes each.
func BenchmarkPlanLongSeries(b *testing.B) {
	v := newVisit(b)
	lot := v.purchase.Lines[0]
	first := v.plan(v.planInput())
	err := v.db.Tx(b.Context(), func(tx *gorm.DB) error { return fillSeries(b.Context(), tx, first, 1000) })
	if err != nil {
		b.Fatal(err)
	}
	answer := func() (n int) {
		err := v.db.View(b.Context(), func(tx *gorm.DB) error {
			standard, err := database.Take[models.Standard](b.Context(), tx, "standard", "", "id = ?", *lot.StandardID)
			if err != nil {
				return err
			}
			out, err := inspections.SeverityOf(b.Context(), tx, v.by, inspections.SeverityQuery{Supplier: v.purchase.PartyID, Product: lot.ProductID, Standard: standard.Code})
			if err == nil {
				n = out.Classes[0].Lots
			}
			return err
		})
		if err != nil {
			b.Fatal(err)
		}
		return n
	}
	if n := answer(); n != 1000 {
		b.Fatalf("%d lots count, want 1000", n)
	}
	b.Run("plan", func(b *testing.B) {
		for b.Loop() {
			v.plan(v.planInput())
		}
	})
	b.Run("explain", func(b *testing.B) {
		for b.Loop() {
			answer()
		}
	})
}

// fillSeries stores so many submitted visits of a planned one's lot by multi-row statements.
func fillSeries(ctx context.Context, tx *gorm.DB, like *models.Inspection, n int) error {
	for k := range n {
		i := *like
		i.ID, i.Number, i.State, i.InspectedOn = models.NewID(), "F"+models.NewID().String()[10:], models.Submitted, like.PlannedOn.AddDays(k)
		i.ChainID, i.SubmittedAt = i.ID, &i.CreatedAt
		if err := gorm.G[models.Inspection](tx).Create(ctx, &i); err != nil {
			return err
		}
		l := like.Lots[0]
		l.ID, l.InspectionID = models.NewID(), i.ID
		if err := gorm.G[models.InspectionLot](tx).Create(ctx, &l); err != nil {
			return err
		}
		for _, p := range l.Plan.Classes[1:] {
			row := models.SeverityLot{InspectionLotID: l.ID, Class: p.Class, InspectionID: i.ID, LotID: l.LotID, SupplierID: l.SupplierID, ProductID: l.ProductID,
				StandardCode: l.StandardCode, InspectedOn: i.InspectedOn, Position: 1, AQL: p.AQL, Severity: p.Severity, CodeLetter: p.CodeLetter, PlanLetter: p.PlanLetter,
				LotSize: l.Plan.LotSize, SampleSize: p.SampleSize, Ac: p.Ac, Re: p.Re, Found: k % (p.Re + 1)}
			if k%40 != 0 {
				row.Found = 0
			}
			if err := gorm.G[models.SeverityLot](tx).Create(ctx, &row); err != nil {
				return err
			}
		}
	}
	return nil
}
