package recovery

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"gorm.io/gorm"

	"recourse/models"
)

// contentFor gathers what a debit note must name, as it is now: contract and
// clause, lots, inspections and claim, the deviation in figures, the evidence,
// the formula and the way to object.
func contentFor(ctx context.Context, tx *gorm.DB, c *models.Claim, r *models.RecoveryCase, in IssueInput) (*models.NoteContent, error) {
	from, err := originOf(ctx, tx, c)
	if err != nil {
		return nil, err
	}
	lines, err := gorm.G[models.LossLine](tx).Where("claim_id = ?", c.ID).Order("position").Find(ctx)
	if err != nil {
		return nil, err
	}
	for n := range lines {
		lines[n].ClaimID = models.ID{} // not part of what is printed
	}
	content := models.NoteContent{
		ClaimNumber: c.Number, Deviation: in.Deviation, Loss: lines, Total: total(lines, r.Share.Currency),
		ObjectTo: in.ObjectTo, ObjectionDays: defaultObjectionDays, Clause: in.Clause,
	}
	if content.Deviation.IsZero() {
		if content.Deviation, err = deviationOf(ctx, tx, from); err != nil {
			return nil, err
		}
	}
	contract := agreedWith(from, r)
	if contract != nil {
		content.PurchaseContract = contract.Number
		if content.Clause == "" {
			content.Clause = strings.TrimSpace(contract.QualityClause + "\n" + contract.ClaimClause.Text)
		}
		if days := contract.ClaimClause.ReplyDays; days != nil && *days > 0 {
			content.ObjectionDays = *days
		}
	}
	if in.ObjectionDays != nil {
		content.ObjectionDays = *in.ObjectionDays
	}
	if err := basisOf(ctx, tx, r, &content); err != nil {
		return nil, err
	}
	if err := goodsOf(ctx, tx, from, contract, &content); err != nil {
		return nil, err
	}
	content.Evidence = in.Evidence
	if len(content.Evidence) == 0 {
		content.Evidence, err = receivedEvidence(ctx, tx, c, content.Inspections)
	}
	return &content, err
}

// agreedWith is the purchase contract with the party; nil for other than suppliers.
func agreedWith(from *origin, r *models.RecoveryCase) *models.Contract {
	for n := range from.contracts {
		if r.PartyID != nil && from.contracts[n].PartyID == *r.PartyID {
			return &from.contracts[n]
		}
	}
	return nil
}

// basisOf fills the party's percentage and its basis.
func basisOf(ctx context.Context, tx *gorm.DB, r *models.RecoveryCase, content *models.NoteContent) error {
	shares, err := gorm.G[models.Liability](tx).Where("claim_id = ?", r.ClaimID).Find(ctx)
	for _, s := range shares {
		if party(s) == keyOf(r.Party, r.PartyID) {
			content.Percent, content.Basis = s.Percent, s.Basis
		}
	}
	return err
}

// goodsOf names the lots and their final inspections; with a contract, only those bought under it.
func goodsOf(ctx context.Context, tx *gorm.DB, from *origin, contract *models.Contract, content *models.NoteContent) error {
	q := fresh[models.Lot](tx).WithContext(ctx).Where("lots.id IN ?", from.lotIDs)
	if contract != nil {
		q = q.Where("lots.line_id IN (SELECT id FROM contract_lines WHERE contract_id = ?)", contract.ID)
	}
	var lots []models.Lot
	if err := q.Order("lots.batch, lots.id").Find(&lots).Error; err != nil {
		return err
	}
	ids := make([]models.ID, len(lots))
	content.Lots = make([]string, len(lots))
	for n, l := range lots {
		ids[n], content.Lots[n] = l.ID, l.Batch
	}
	var visits []models.Inspection
	err := fresh[models.Inspection](tx).WithContext(ctx).
		Where("inspections.state = ? AND inspections.superseded_by_id IS NULL AND inspections.id IN (SELECT inspection_id FROM inspection_lots WHERE lot_id IN ?)", models.Final, ids).
		Order("inspections.number").Find(&visits).Error
	content.Inspections = []string{}
	for _, i := range visits {
		name := i.Number
		if i.Revision > 0 {
			name = fmt.Sprintf("%s rev. %d", i.Number, i.Revision)
		}
		content.Inspections = append(content.Inspections, name)
	}
	return err
}

// receivedEvidence lists the claim's evidence that came in, and the inspections.
func receivedEvidence(ctx context.Context, tx *gorm.DB, c *models.Claim, inspections []string) ([]string, error) {
	rows, err := gorm.G[models.ClaimEvidence](tx).Where("claim_id = ? AND received_on IS NOT NULL", c.ID).Order("item_no, id").Find(ctx)
	list := slices.Clone(inspections)
	for _, e := range rows {
		kind := models.EvidenceWords.Of(e.Kind)
		text := kind.ZH + " " + kind.EN
		if e.FileName != "" {
			text += ": " + e.FileName
		}
		list = append(list, text)
	}
	return list, err
}
