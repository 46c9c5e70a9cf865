package inspections

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"gorm.io/gorm"

	"recourse/audit"
	"recourse/messages"
	"recourse/models"
)

// SignatureInput is one side's signature. The factory may refuse; then the reason is recorded.
type SignatureInput struct {
	Name        string        `json:"name" validate:"required,max=200"`
	Title       string        `json:"title" validate:"max=100"`
	SignedAt    *time.Time    `json:"signed_at"`
	Refused     bool          `json:"refused"`
	Reason      string        `json:"reason" validate:"max=2000"`
	ImageSHA256 models.SHA256 `json:"image_sha256"`
}

// SubmitInput carries both signatures: the factory's acknowledges facts, not blame.
type SubmitInput struct {
	Inspector SignatureInput `json:"inspector" validate:"required"`
	Factory   SignatureInput `json:"factory" validate:"required"`
}

// Submit closes the record: everything required was checked or explained, both
// sides signed. The verdict and the fingerprint are fixed. It does not wait for
// the photos; the decision does.
func Submit(ctx context.Context, tx *gorm.DB, by models.Actor, id models.ID, version int, in SubmitInput) (*models.Inspection, error) {
	i, err := headAt(ctx, tx, by, id, version)
	if err != nil {
		return nil, err
	}
	if err := move(i, models.Submitted); err != nil {
		return nil, err
	}
	if err := load(ctx, tx, by, i); err != nil {
		return nil, err
	}
	if err := complete(i, in); err != nil {
		return nil, err
	}
	if err := imagesHere(ctx, tx, by, i, in); err != nil {
		return nil, err
	}
	for _, s := range []struct {
		side string
		in   SignatureInput
	}{{models.SideInspector, in.Inspector}, {models.SideFactory, in.Factory}} {
		row := models.Signature{InspectionID: i.ID, Side: s.side, Name: s.in.Name, Title: s.in.Title, SignedAt: models.Now(by.At),
			Refused: s.in.Refused, Reason: s.in.Reason, ImageSHA256: s.in.ImageSHA256}
		if s.in.SignedAt != nil {
			row.SignedAt = models.Now(*s.in.SignedAt)
		}
		if err := gorm.G[models.Signature](tx).Create(ctx, &row); err != nil {
			return nil, err
		}
		i.Signatures = append(i.Signatures, row)
	}
	now := models.Now(by.At)
	i.State, i.SubmittedAt, i.UpdatedAt = models.Submitted, &now, now
	if i.Fingerprint, err = fingerprint(i); err != nil {
		return nil, err
	}
	if err := writeHead(ctx, tx, i); err != nil {
		return nil, err
	}
	if err := countSeries(ctx, tx, i); err != nil {
		return nil, err
	}
	detail := map[string]any{"number": i.Number, "verdict": i.Verdict, "fingerprint": i.Fingerprint, "inspector": in.Inspector.Name, "factory": in.Factory.Name, "factory_refused": in.Factory.Refused}
	if err := audit.Record(ctx, tx, by, "submit", "inspection", i.ID, detail); err != nil {
		return nil, err
	}
	return i, messages.Enqueue(ctx, tx, by, messages.Happening{
		Event: messages.InspectionSubmitted, EntityID: i.ID, Once: "inspection.submitted:" + i.ID.String(), Path: "/inspections/" + i.ID.String(),
		Subject: models.Say("%s submitted: %s", "%[1]s 已提交：%[3]s", i.Number, i.Verdict, verdictZH[i.Verdict]),
		Body:    models.Say("The inspection %s of %s waits for the decision. Verdict: %s.", "验货 %[1]s（%[2]s）等待处置。判定：%[4]s。", i.Number, i.InspectedOn, i.Verdict, verdictZH[i.Verdict]),
	})
}

// imagesHere refuses a signature whose picture the signer's side has not sent.
func imagesHere(ctx context.Context, tx *gorm.DB, by models.Actor, i *models.Inspection, in SubmitInput) error {
	here, err := received(ctx, tx, by, i, []models.SHA256{in.Inspector.ImageSHA256, in.Factory.ImageSHA256})
	if err != nil {
		return err
	}
	for _, s := range []struct {
		side  string
		image models.SHA256
	}{{models.SideInspector, in.Inspector.ImageSHA256}, {models.SideFactory, in.Factory.ImageSHA256}} {
		if !s.image.IsZero() && !here[s.image] {
			return models.Invalid(s.side+".image_sha256", "The picture of the signature has not been received: upload it as a photo first.", "尚未收到签名图片：请先作为照片上传。")
		}
	}
	return nil
}

// complete refuses a record in which something required was neither checked nor explained.
func complete(i *models.Inspection, in SubmitInput) error {
	if i.InspectedOn.IsZero() {
		return models.Invalid("inspected_on", "Give the date of the visit first.", "请先填写验货日期。")
	}
	if in.Inspector.Refused {
		return models.Invalid("inspector.refused", "The inspector signs, or does not submit.", "验货员须签字，否则不得提交。")
	}
	if in.Factory.Refused && strings.TrimSpace(in.Factory.Reason) == "" {
		return models.Invalid("factory.reason", "Say why the factory did not sign.", "请说明工厂拒签的原因。")
	}
	for n, l := range i.Lots {
		if l.Judgement == nil {
			return models.Invalid(field("lots", n), "Nothing is recorded for this lot yet.", "此批尚无记录。")
		}
		if missing := unchecked(l); len(missing) > 0 {
			en, zh := make([]string, len(missing)), make([]string, len(missing))
			for k, m := range missing {
				en[k], zh[k] = m.EN, m.ZH
			}
			return models.Invalid(field("lots", n), "Not checked: %[1]s Check it, or mark it not_possible with the reason.", "尚未检验：%[2]s 请检验，或注明 not_possible 及原因。",
				strings.Join(en, " "), strings.Join(zh, " "))
		}
	}
	return nil
}

// contentHash is SHA-256 over the JSON of v, whose field order is fixed by its type.
func contentHash(v any) (models.SHA256, error) {
	b, err := json.Marshal(v)
	if err != nil {
		return models.SHA256{}, fmt.Errorf("hash a record: %w", err)
	}
	return sha256.Sum256(b), nil
}

// fingerprint is the SHA-256 of the record's JSON without what changes later
// without the record changing: versions, photo arrivals, later revisions, names
// of users. It is printed on every report of the record. A field that joins the
// record in a later release is left out of the JSON while it is empty, so that
// older fingerprints stand.
func fingerprint(i *models.Inspection) (models.SHA256, error) {
	c := *i
	c.Fingerprint, c.Version, c.SupersededByID, c.PhotosPresent = models.SHA256{}, 0, nil, 0
	c.CreatedAt, c.UpdatedAt = time.Time{}, time.Time{}
	c.Inspectors = append([]models.InspectorName(nil), i.Inspectors...)
	for n := range c.Inspectors {
		c.Inspectors[n].Name = "" // a person may change their name, and with it the order
	}
	slices.SortFunc(c.Inspectors, func(a, b models.InspectorName) int { return bytes.Compare(a.UserID[:], b.UserID[:]) })
	c.Photos = append([]models.Photo(nil), i.Photos...)
	for n := range c.Photos {
		c.Photos[n].Present = true
	}
	return contentHash(c)
}
