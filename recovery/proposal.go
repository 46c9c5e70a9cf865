package recovery

import (
	"context"
	"slices"

	"gorm.io/gorm"

	"recourse/models"
)

// Proposal is a party's share as the records suggest it, before anyone decided.
type Proposal struct {
	Party    models.PartyKind `json:"party"`
	PartyID  *models.ID       `json:"party_id"`
	Percent  models.Percent   `json:"percent"`
	Reasons  []models.Text    `json:"reasons"`
	Evidence []models.ID      `json:"evidence"`
}

// waiver is the decision that stands for a lot, when it is a waiver.
type waiver struct {
	LotID        models.ID
	ID           models.ID
	InspectionID models.ID
	Number       string
	Decision     models.DecisionKind
	Reason       string
	BearsClaims  models.PartyKind
	DecidedBy    string
	SupplierID   models.ID
}

// ProposeLiability suggests shares for a claim. Each item counts by what was
// granted, or claimed while it is unanswered, for the party that its reason
// points to; where we released the goods under a waiver, the supplier's part
// falls to who the waiver says bears later claims — ourselves, mostly.
func ProposeLiability(ctx context.Context, tx *gorm.DB, by models.Actor, claimID models.ID) ([]Proposal, error) {
	if err := mayRead(by); err != nil {
		return nil, err
	}
	c, err := claimOf(ctx, tx, by, claimID)
	if err != nil {
		return nil, err
	}
	from, err := originOf(ctx, tx, c)
	if err != nil {
		return nil, err
	}
	waived, err := waiversOf(ctx, tx, from.lotIDs)
	if err != nil {
		return nil, err
	}
	var out []Proposal
	weights := weigh(from.items)
	percents := Shares(int64(models.Whole), weights)
	for n, i := range from.items {
		if weights[n] == 0 {
			continue
		}
		p := proposeItem(from, i, waived)
		p.Percent = models.Percent(percents[n])
		out = addProposal(out, p)
	}
	return out, nil
}

// weigh is what each item counts for: in parts of a million of what is
// granted or claimed in all, so that items of any size fit.
func weigh(items []models.ClaimItem) []int {
	minors, sum := make([]int, len(items)), int64(0)
	for n, i := range items {
		minor := i.Claimed.Minor
		if i.Answer == models.AnswerReject {
			minor = 0
		} else if i.Granted != nil {
			minor = i.Granted.Minor
		}
		minors[n] = int(minor)
		sum += minor
	}
	if sum == 0 { // nothing granted: what was claimed counts
		for n, i := range items {
			minors[n] = int(i.Claimed.Minor)
		}
	}
	parts := make([]int, len(items))
	for n, p := range Shares(1_000_000, minors) {
		parts[n] = int(p)
	}
	return parts
}

// proposeItem finds who answers for one item.
func proposeItem(from *origin, i models.ClaimItem, waived map[models.ID]waiver) Proposal {
	p := Proposal{Party: pointsTo(i.Reason)}
	if p.Party != models.PartySupplier {
		p.Reasons = []models.Text{models.Say("Item %d: its reason (%s) points to this party.", "第 %d 项：索赔原因（%s）指向该责任方。", i.ItemNo, i.Reason)}
		return p
	}
	if len(from.suppliers) == 1 {
		p.PartyID = &from.suppliers[0]
	}
	for _, lot := range from.lots[i.ID] {
		w, ok := waived[lot]
		if !ok {
			continue
		}
		p.Evidence = append(p.Evidence, w.InspectionID, w.ID)
		if w.BearsClaims == models.PartySupplier {
			p.PartyID = &w.SupplierID
			p.Reasons = append(p.Reasons, models.Say("Item %d: the waiver at %s leaves later claims to the supplier.", "第 %d 项：%s 的让步放行约定后续索赔由供应商承担。", i.ItemNo, w.Number))
			continue
		}
		p.Party, p.PartyID = w.BearsClaims, nil
		p.Reasons = append(p.Reasons, models.Say(
			"Item %[1]d: %[3]s released the lot under a waiver at %[2]s (%[4]s), by which %[5]s bears later claims: the supplier's share moves there. Check that the waiver covers this defect.",
			"第 %[1]d 项：%[3]s 在 %[2]s 以让步方式放行该批（%[4]s），约定后续索赔由%[6]s承担：供应商份额随之转移。请核对让步是否涵盖此缺陷。",
			i.ItemNo, w.Number, w.DecidedBy, w.Reason, w.BearsClaims, partyZH[w.BearsClaims]))
	}
	if len(p.Reasons) == 0 {
		p.Reasons = []models.Text{models.Say("Item %d: the goods are the supplier's and nothing of this was waived.", "第 %d 项：货物由供应商交付，未作让步。", i.ItemNo)}
	}
	return p
}

var partyZH = map[models.PartyKind]string{
	models.PartySupplier: "供应商", models.PartyCustomer: "客户", models.PartyCarrier: "承运人", models.PartyForwarder: "货代",
	models.PartyInsurer: "保险人", models.PartyOwn: "我方", models.PartyOther: "其他责任方",
}

// pointsTo is the party that a reason points to before anything else is known.
func pointsTo(r models.ClaimReason) models.PartyKind {
	switch {
	case r == models.ReasonTransportDamage:
		return models.PartyCarrier
	case slices.Contains(models.DocumentReasons, r):
		return models.PartyOwn
	}
	return models.PartySupplier
}

// addProposal merges the shares of one party.
func addProposal(out []Proposal, p Proposal) []Proposal {
	for n := range out {
		o := &out[n]
		if keyOf(o.Party, o.PartyID) != keyOf(p.Party, p.PartyID) {
			continue
		}
		o.Percent += p.Percent
		o.Reasons = append(o.Reasons, p.Reasons...)
		for _, e := range p.Evidence {
			if !slices.Contains(o.Evidence, e) {
				o.Evidence = append(o.Evidence, e)
			}
		}
		return out
	}
	return append(out, p)
}

// waiversOf finds the lots whose last decision is a waiver.
func waiversOf(ctx context.Context, tx *gorm.DB, lots []models.ID) (map[models.ID]waiver, error) {
	var rows []waiver
	err := tx.WithContext(ctx).Raw(`SELECT il.lot_id, d.id, d.inspection_id, i.number, d.decision, d.reason, d.bears_claims, d.decided_by_name AS decided_by, i.supplier_id
		FROM inspection_decisions d
		JOIN inspection_lots il ON il.id = d.inspection_lot_id
		JOIN inspections i ON i.id = d.inspection_id
		WHERE il.lot_id IN ? AND i.superseded_by_id IS NULL ORDER BY d.decided_at, d.id`, lots).Scan(&rows).Error
	out := map[models.ID]waiver{}
	for _, w := range rows {
		if w.Decision == models.ReleaseWaived {
			out[w.LotID] = w
		} else {
			delete(out, w.LotID) // a later decision took its place
		}
	}
	return out, err
}
