package recovery_test

import (
	"context"
	"strings"
	"testing"

	"gorm.io/gorm"

	"recourse/inspections"
	"recourse/models"
	"recourse/recovery"
)

// inspected is a visit to the book's lot with that many broken corners in 315,
// decided that way.
func (b *book) inspected(day models.Date, corners int, decision inspections.DecideInput) *models.Inspection {
	b.t.Helper()
	i := must(b, func(ctx context.Context, tx *gorm.DB) (*models.Inspection, error) {
		return inspections.Plan(ctx, tx, b.by, inspections.PlanInput{
			Kind: models.PreShipment, ContractID: b.purchase.ID, PlannedOn: day, Place: "warehouse 2", Lots: []models.ID{b.lot.ID},
		}, models.SHA256{1})
	})
	readings := func(code string, values ...string) models.Measurement {
		m := models.Measurement{Characteristic: code}
		for _, v := range values {
			m.Readings = append(m.Readings, models.MustDecimal(v))
		}
		return m
	}
	presented, cartons, examined := models.Pieces(12000), 1000, 315
	i = must(b, func(ctx context.Context, tx *gorm.DB) (*models.Inspection, error) {
		return inspections.Record(ctx, tx, b.by, i.ID, i.Version, inspections.RecordInput{
			InspectedOn: day, Lots: []inspections.LotRecord{{
				LotID: b.lot.ID, QuantityPresented: &presented, CartonsPresented: &cartons, UnitsExamined: &examined,
				Findings: []inspections.FindingInput{{Defect: "COR", Units: corners}},
				Measurements: []models.Measurement{
					readings("LEN", "594.0", "594.5", "593.5", "594.0", "595.0"), readings("THK", "7.5", "7.6", "7.4", "7.5", "7.7"),
					readings("SQR", "0.5", "1.0", "0.5", "1.5", "1.0", "0.5", "2.0", "1.0", "1.9", "0.5", "1.0", "1.5", "0.5"),
					readings("BRK", "151", "149", "158", "146", "143"), readings("MOI", "2.1", "2.4", "2.2"),
				},
			}},
		}, models.SHA256{1})
	})
	i = must(b, func(ctx context.Context, tx *gorm.DB) (*models.Inspection, error) {
		return inspections.Submit(ctx, tx, b.by, i.ID, i.Version, inspections.SubmitInput{
			Inspector: inspections.SignatureInput{Name: "李明"}, Factory: inspections.SignatureInput{Name: "王强"},
		})
	})
	return must(b, func(ctx context.Context, tx *gorm.DB) (*models.Inspection, error) {
		return inspections.Decide(ctx, tx, b.by, i.ID, i.Version, decision)
	})
}

func (b *book) proposed() []recovery.Proposal {
	b.t.Helper()
	return must(b, func(ctx context.Context, tx *gorm.DB) ([]recovery.Proposal, error) {
		return recovery.ProposeLiability(ctx, tx, b.by, b.claim.ID)
	})
}

func TestAWaiverMovesTheSuppliersShare(t *testing.T) {
	b := newBook(t)
	before := b.proposed()
	if len(before) != 1 || before[0].Party != models.PartySupplier || *before[0].PartyID != b.purchase.PartyID || before[0].Percent != models.Whole {
		t.Fatalf("proposal without a waiver = %+v, want all to the supplier", before)
	}
	price := cny(0)
	i := b.inspected("2026-04-20", 40, inspections.DecideInput{
		Decision: models.ReleaseWaived, Reason: "the ship sails tomorrow", Price: &price, BearsClaims: models.PartyOwn,
	})
	after := b.proposed()
	if len(after) != 1 || after[0].Party != models.PartyOwn || after[0].Percent != models.Whole || len(after[0].Evidence) != 2 || after[0].Evidence[0] != i.ID {
		t.Fatalf("proposal with a waiver = %+v, want all to ourselves, by the inspection's decision", after)
	}
	for _, text := range []string{after[0].Reasons[0].ZH, after[0].Reasons[0].EN} {
		if !strings.Contains(text, i.Number) || !strings.Contains(text, "the ship sails tomorrow") || strings.Contains(text, "%!") {
			t.Errorf("reason = %q, want the inspection and why it was waived", text)
		}
	}
	if _, err := b.setLoss(lossText); err != nil {
		t.Fatal(err)
	}
	_, err := b.setLiability(`{"shares":[{"party":"own_company","percent":"100","basis":"waived","evidence":["` + i.ID.String() + `","` + after[0].Evidence[1].String() + `"]}]}`)
	if err != nil || len(b.cases()) != 0 {
		t.Errorf("a share that rests on inspection and decision: %v, with %d cases, want none of our own", err, len(b.cases()))
	}
}

func TestAWaiverMayLeaveClaimsToTheSupplier(t *testing.T) {
	b := newBook(t)
	price := cny(50000)
	b.inspected("2026-04-20", 40, inspections.DecideInput{
		Decision: models.ReleaseWaived, Reason: "rebate", Price: &price, BearsClaims: models.PartySupplier,
	})
	if got := b.proposed(); len(got) != 1 || got[0].Party != models.PartySupplier || len(got[0].Evidence) != 2 {
		t.Errorf("proposal = %+v, want the supplier, by the waiver", got)
	}
}

func TestCompare(t *testing.T) {
	b := newBook(t)
	b.shared()
	version := b.version(b.claim.ID)
	compare := func(text string) (*recovery.Comparison, error) {
		in, err := read[recovery.WhatIfInput](text)
		if err != nil {
			return nil, err
		}
		return try(b, func(ctx context.Context, tx *gorm.DB) (*recovery.Comparison, error) {
			return recovery.Compare(ctx, tx, b.by, b.claim.ID, in, "CNY")
		})
	}
	got, err := compare(`{"offer":{"amount":"500.00","currency":"USD"},"shares":[{"party":"supplier","percent":"80"},{"party":"own_company","percent":"20"}]}`)
	if err != nil || got.Now.Recoverable != cny(647255) || got.Then.Loss != cny(556500) || got.Then.Recoverable != cny(445200) || got.Then.Borne != cny(111300) {
		t.Errorf("Compare = %+v, %v, want 6472.55 now, then 4452.00 of 5565.00", got, err)
	}
	_, err = compare(`{"shares":[{"party":"supplier","percent":"80"}]}`)
	refused(t, "shares of 80 %", err, models.CodeInvalid, "shares")
	_, err = compare(`{"offer":{"amount":"500.00","currency":"EUR"}}`)
	refused(t, "an offer without a rate", err, models.CodeInvalid, "rate")
	if b.version(b.claim.ID) != version {
		t.Error("trying something out changed the claim")
	}
}
