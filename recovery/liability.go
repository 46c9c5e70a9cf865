package recovery

import (
	"context"
	"fmt"
	"slices"

	"gorm.io/gorm"

	"recourse/models"
)

// LiabilityInput is who answers for a claim's loss, as a whole.
type LiabilityInput struct {
	Shares []ShareInput `json:"shares" validate:"required,min=1,max=50,dive"`
}

// ShareInput is one party's share in per cent, with its basis and the
// inspections, findings, decisions and pieces of evidence that it rests on.
// Without PartyID a supplier is the claim's only one; others are not in the books.
type ShareInput struct {
	Party    models.PartyKind `json:"party" validate:"required,oneof=supplier customer carrier forwarder insurer own_company other"`
	PartyID  *models.ID       `json:"party_id"`
	Percent  models.Decimal   `json:"percent"`
	Basis    string           `json:"basis" validate:"required,max=4000"`
	Evidence []models.ID      `json:"evidence" validate:"max=200"`
}

// Liability is who bears which share of a claim's loss. Version is the claim's.
type Liability struct {
	ClaimID models.ID          `json:"claim_id"`
	Version int                `json:"version"`
	Total   models.Money       `json:"total"`
	Shares  []models.Liability `json:"shares"`
}

// GetLiability reads the shares of a claim.
func GetLiability(ctx context.Context, tx *gorm.DB, by models.Actor, claimID models.ID, base string) (*Liability, error) {
	loss, err := GetLoss(ctx, tx, by, claimID, base)
	if err != nil {
		return nil, err
	}
	shares, err := gorm.G[models.Liability](tx).Where("claim_id = ?", claimID).Order("position").Find(ctx)
	return &Liability{ClaimID: claimID, Version: loss.Version, Total: loss.Total, Shares: shares}, err
}

// SetLiability replaces the shares of a claim as a whole: they sum to exactly
// 100 % and their amounts to exactly the loss. Every party but ourselves that
// bears something gets a recovery case; no share may fall below what is debited
// already. version is the claim's.
func SetLiability(ctx context.Context, tx *gorm.DB, by models.Actor, claimID models.ID, version int, in LiabilityInput, base string) (*Liability, error) {
	if err := allow(by, models.Finance); err != nil {
		return nil, err
	}
	c, err := claimAt(ctx, tx, by, claimID, version)
	if err != nil {
		return nil, err
	}
	shares, err := readShares(ctx, tx, by, c, in)
	if err != nil {
		return nil, err
	}
	loss, err := lossOf(ctx, tx, c, base)
	if err != nil {
		return nil, err
	}
	if err := touch(ctx, tx, by, c); err != nil {
		return nil, err
	}
	if err := store(ctx, tx, by, c, shares, loss.Total); err != nil {
		return nil, err
	}
	out := &Liability{ClaimID: c.ID, Version: c.Version, Total: loss.Total, Shares: shares}
	return out, record(ctx, tx, by, "set_liability", "claim", c.ID, in)
}

// readShares checks the input against the books and the claim.
func readShares(ctx context.Context, tx *gorm.DB, by models.Actor, c *models.Claim, in LiabilityInput) ([]models.Liability, error) {
	from, err := originOf(ctx, tx, c)
	if err != nil {
		return nil, err
	}
	evidence, err := evidenceOf(ctx, tx, c, from)
	if err != nil {
		return nil, err
	}
	shares, percents := make([]models.Liability, len(in.Shares)), make([]models.Percent, len(in.Shares))
	for n, s := range in.Shares {
		at := fmt.Sprintf("shares[%d]", n)
		if percents[n], err = models.ParsePercent(at+".percent", s.Percent); err != nil {
			return nil, err
		}
		if err := reasoned(at+".basis", s.Basis); err != nil {
			return nil, err
		}
		id, err := partyOf(ctx, tx, at, s, from)
		if err != nil {
			return nil, err
		}
		for i, e := range s.Evidence {
			if !evidence[e] {
				return nil, models.Invalid(fmt.Sprintf("%s.evidence[%d]", at, i), "This is no inspection, finding, decision or evidence of this claim.", "这不是本索赔的验货、不符合项、处置或证据。")
			}
		}
		shares[n] = models.Liability{
			ID: models.NewID(), ClaimID: c.ID, Position: n + 1, Party: s.Party, PartyID: id, Percent: percents[n],
			Basis: s.Basis, Evidence: s.Evidence, CreatedAt: models.Now(by.At),
		}
		if shares[n].Evidence == nil {
			shares[n].Evidence = []models.ID{}
		}
		if slices.ContainsFunc(shares[:n], func(o models.Liability) bool { return party(o) == party(shares[n]) }) {
			return nil, models.Invalid(at+".party", "This party is named twice: give it one share.", "同一责任方重复：请合并为一项。")
		}
	}
	return shares, checkWhole("shares", percents)
}

// partyKey is who bears a share, comparable.
type partyKey struct {
	kind models.PartyKind
	id   models.ID
}

func keyOf(kind models.PartyKind, id *models.ID) partyKey {
	if id == nil {
		return partyKey{kind: kind}
	}
	return partyKey{kind, *id}
}

func party(l models.Liability) partyKey { return keyOf(l.Party, l.PartyID) }

// partyOf finds the party in the books; a supplier must be one of the claim's.
func partyOf(ctx context.Context, tx *gorm.DB, at string, s ShareInput, from *origin) (*models.ID, error) {
	if s.Party == models.PartySupplier {
		switch {
		case s.PartyID == nil && len(from.suppliers) == 1:
			return &from.suppliers[0], nil
		case s.PartyID == nil:
			return nil, models.Invalid(at+".party_id", "Say which supplier: the claim's goods come from %d.", "请指明供应商：本索赔的货物来自 %d 家。", len(from.suppliers))
		case !slices.Contains(from.suppliers, *s.PartyID):
			return nil, models.Invalid(at+".party_id", "This supplier delivered none of the claim's goods.", "本索赔的货物并非由该供应商交付。")
		}
	}
	if s.PartyID == nil {
		return nil, nil
	}
	rows, err := gorm.G[models.Party](tx).Select("id, kind").Where("id = ?", *s.PartyID).Find(ctx)
	if err == nil && (len(rows) == 0 || rows[0].Kind != s.Party) {
		err = models.Invalid(at+".party_id", "There is no party of this kind with this id.", "没有此 ID 的该类责任方。")
	}
	return s.PartyID, err
}

// store writes the shares of the loss and brings the recovery cases in line.
func store(ctx context.Context, tx *gorm.DB, by models.Actor, c *models.Claim, shares []models.Liability, loss models.Money) error {
	percents := make([]models.Percent, len(shares))
	for n, s := range shares {
		percents[n] = s.Percent
	}
	for n, m := range split(loss, percents) {
		shares[n].Share = m
	}
	if _, err := gorm.G[models.Liability](tx).Where("claim_id = ?", c.ID).Delete(ctx); err != nil {
		return err
	}
	if err := tx.WithContext(ctx).Create(&shares).Error; err != nil {
		return err
	}
	return follow(ctx, tx, by, c, shares, loss)
}
