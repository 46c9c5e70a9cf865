package inspections

import (
	"context"
	"strings"

	"gorm.io/gorm"

	"recourse/audit"
	"recourse/messages"
	"recourse/models"
)

// DecideInput is purchasing's ruling on one lot, or on all undecided lots when
// LotID is not given.
type DecideInput struct {
	LotID       *models.ID          `json:"lot_id"`
	Decision    models.DecisionKind `json:"decision" validate:"required,oneof=release waiver rework reject sort"`
	Reason      string              `json:"reason" validate:"required,max=4000"`
	Conditions  string              `json:"conditions" validate:"max=4000"`
	Price       *models.Money       `json:"price"`
	BearsClaims models.PartyKind    `json:"bears_claims" validate:"omitempty,oneof=supplier customer carrier forwarder insurer own_company other"`
}

// Decide records the decision. When every lot has one the inspection is final
// and locked, and takes the place of the revision it corrects.
func Decide(ctx context.Context, tx *gorm.DB, by models.Actor, id models.ID, version int, in DecideInput) (*models.Inspection, error) {
	i, err := headAt(ctx, tx, by, id, version)
	if err != nil {
		return nil, err
	}
	if i.State != models.Submitted {
		return nil, wrongState(i)
	}
	if i.PhotosPresent < i.PhotosWanted {
		return nil, models.Conflict("photos", "%d of %d photos have been received: wait for the others, or ask the inspector's phone to send them.",
			"照片已收到 %d 张，共 %d 张：请等待其余照片上传。", i.PhotosPresent, i.PhotosWanted)
	}
	if err := load(ctx, tx, by, i); err != nil {
		return nil, err
	}
	targets, err := undecided(i, in.LotID)
	if err != nil {
		return nil, err
	}
	for _, l := range targets {
		if err := mayDecide(*l, in); err != nil {
			return nil, err
		}
		if err := decideLot(ctx, tx, by, i, l, in); err != nil {
			return nil, err
		}
	}
	if err := finish(ctx, tx, by, i); err != nil {
		return nil, err
	}
	detail := map[string]any{"number": i.Number, "decision": in, "lots": len(targets), "state": i.State, "fingerprint": i.Fingerprint}
	if err := audit.Record(ctx, tx, by, "decide", "inspection", i.ID, detail); err != nil || i.State != models.Final {
		return i, err
	}
	return i, messages.Enqueue(ctx, tx, by, messages.Happening{
		Event: messages.InspectionDecided, EntityID: i.ID, Once: "inspection.decided:" + i.ID.String(), Path: "/inspections/" + i.ID.String(),
		Subject: models.Say("%s decided", "%s 已作处置", i.Number),
		Body:    models.Say("The inspection %s is final: %s. %s", "验货 %[1]s 已定稿：%[4]s。%[3]s", i.Number, in.Decision, in.Reason, models.DecisionWords.Of(string(in.Decision)).ZH),
	})
}

func undecided(i *models.Inspection, lotID *models.ID) ([]*models.InspectionLot, error) {
	var out []*models.InspectionLot
	for n := range i.Lots {
		l := &i.Lots[n]
		if lotID != nil && l.LotID != *lotID {
			continue
		}
		if l.Decision == "" {
			out = append(out, l)
		} else if lotID != nil {
			return nil, models.Conflict("lot_id", "This lot is decided already: %s.", "此批已作处置：%s。", l.Decision)
		}
	}
	if len(out) == 0 {
		return nil, models.Invalid("lot_id", "This lot is not part of the inspection.", "此批不在本次验货中。")
	}
	return out, nil
}

// mayDecide holds the decision against the verdict: only accepted goods are
// released; goods outside the standard go under a waiver that names its price
// and who bears later claims.
func mayDecide(l models.InspectionLot, in DecideInput) error {
	if strings.TrimSpace(in.Reason) == "" {
		return models.Invalid("reason", "Give the reason.", "请填写理由。")
	}
	waiver := in.Decision == models.ReleaseWaived
	switch {
	case in.Decision == models.Release && l.Verdict != models.Accepted:
		return models.Conflict("decision", "The verdict is %s: release it under a waiver with its price, or have it reworked, sorted or rejected.",
			"判定为“%[2]s”：请以让步方式放行并注明价格，或返工、全检挑选、拒收。", l.Verdict, verdictZH[l.Verdict])
	case waiver && l.Verdict == models.Accepted:
		return models.Conflict("decision", "The verdict is accepted: there is nothing to waive, release it.", "判定为接收：无需让步，请直接放行。")
	case waiver && in.Price == nil:
		return models.Invalid("price", "Name the waiver's price: the allowance the supplier gives, 0 if none.", "请注明让步价格：供应商给予的折让，没有则填 0。")
	case waiver && in.BearsClaims == "":
		return models.Invalid("bears_claims", "Name who bears later claims about what is waived.", "请注明让步部分的后续索赔由谁承担。")
	case !waiver && (in.Price != nil || in.BearsClaims != ""):
		return models.Invalid("price", "Only a waiver has a price and a bearer of claims.", "只有让步放行才有价格和责任承担方。")
	case in.Price != nil && in.Price.Minor < 0:
		return models.Invalid("price.amount", "The price of a waiver is not negative.", "让步价格不得为负。")
	}
	return nil
}

var verdictZH = map[models.Verdict]string{models.Accepted: "接收", models.NotAccepted: "不接收", models.Pending: "待定"}

func decideLot(ctx context.Context, tx *gorm.DB, by models.Actor, i *models.Inspection, l *models.InspectionLot, in DecideInput) error {
	d := models.Decision{
		ID: models.NewID(), InspectionID: i.ID, InspectionLotID: l.ID, Decision: in.Decision, Reason: in.Reason, Conditions: in.Conditions,
		Price: in.Price, BearsClaims: in.BearsClaims, DecidedByName: by.Name, DecidedAt: models.Now(by.At),
	}
	if !by.UserID.IsZero() {
		d.DecidedBy = &by.UserID
	}
	if err := gorm.G[models.Decision](tx).Create(ctx, &d); err != nil {
		return err
	}
	l.Decision, l.Decisions = in.Decision, append(l.Decisions, d)
	return tx.WithContext(ctx).Model(&models.InspectionLot{}).Where("id = ?", l.ID).UpdateColumn("decision", in.Decision).Error
}

// finish locks the inspection when no lot is left undecided.
func finish(ctx context.Context, tx *gorm.DB, by models.Actor, i *models.Inspection) error {
	now := models.Now(by.At)
	i.UpdatedAt = now
	for _, l := range i.Lots {
		if l.Decision == "" {
			return writeHead(ctx, tx, i)
		}
	}
	i.State, i.DecidedAt = models.Final, &now
	var err error
	if i.Fingerprint, err = fingerprint(i); err != nil {
		return err
	}
	if i.RevisesID != nil {
		r := tx.WithContext(ctx).Model(&models.Inspection{}).Where("id = ? AND superseded_by_id IS NULL", *i.RevisesID).
			UpdateColumns(map[string]any{"superseded_by_id": i.ID, "version": gorm.Expr("version + 1"), "updated_at": now})
		if r.Error != nil {
			return r.Error
		}
		if r.RowsAffected == 0 {
			return models.Conflict("", "Another revision of %s was decided first.", "%s 的另一修订版已先行定稿。", i.Number)
		}
	}
	if err := writePrints(ctx, tx, i); err != nil {
		return err
	}
	return writeHead(ctx, tx, i)
}
