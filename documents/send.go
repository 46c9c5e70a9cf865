package documents

import (
	"bytes"
	"context"
	"crypto/sha256"
	"strings"

	"gorm.io/gorm"

	"recourse/audit"
	"recourse/claims"
	"recourse/database"
	"recourse/files"
	"recourse/models"
	"recourse/reports"
)

// SendInput sends a letter about a claim: it is printed without a watermark and
// kept as it went out.
type SendInput struct {
	Kind       string     `json:"kind" validate:"required,oneof=acknowledgement evidence_request rebuttal protective_notice dossier"`
	SupplierID *models.ID `json:"supplier_id"` // of a protective notice
	Lang       string     `json:"lang" validate:"omitempty,max=10"`
	Edition    string     `json:"edition" validate:"omitempty,max=10"`
	SentTo     string     `json:"sent_to" validate:"required,max=300"`
	Channel    string     `json:"channel" validate:"required,oneof=e-mail letter chat meeting other"`
	// Inspections whose reports go into a dossier, by id; without: those of the claimed lots.
	Inspections []models.ID `json:"inspections" validate:"max=20"`
	// Photos go into a dossier by id; without: those offered for the items.
	Photos []models.ID `json:"photos" validate:"max=60"`
}

// Send prints a letter or the dossier, freezes its bytes and notes in the
// claim's log that it went out. What was sent is read again by Sent.
func (p Press) Send(ctx context.Context, by models.Actor, claimID models.ID, in SendInput) (*models.SentDocument, error) {
	if strings.TrimSpace(in.SentTo) == "" {
		return nil, models.Invalid("sent_to", "Say to whom it goes.", "请填写收件人。")
	}
	asked := Asked{Lang: in.Lang, Edition: in.Edition}
	lang, edition, err := asked.towards(addressee(in.Kind)).parse()
	if err != nil {
		return nil, err
	}
	if edition == reports.Internal {
		return nil, models.Invalid("edition", "The internal edition does not leave the house: use customer or supplier.", "内部版不得外发：请使用 customer 或 supplier。")
	}
	pdf, err := p.final(ctx, by, claimID, in, lang, edition)
	if err != nil {
		return nil, err
	}
	sent := &models.SentDocument{
		ID: models.NewID(), Kind: in.Kind, EntityID: claimID, ClaimID: &claimID, Lang: lang, Edition: string(edition), SHA256: sha256.Sum256(pdf),
		Size: int64(len(pdf)), SentTo: in.SentTo, Channel: in.Channel, SentAt: models.Now(by.At), SentByName: by.Name,
	}
	if err := p.Files.Store.Put(ctx, files.Key{SHA256: sent.SHA256}, sent.Size, bytes.NewReader(pdf)); err != nil {
		return nil, err
	}
	return sent, p.DB.Tx(ctx, func(tx *gorm.DB) error {
		if err := gorm.G[models.SentDocument](tx).Create(ctx, sent); err != nil {
			return err
		}
		note := models.Say("%[1]s sent to %[2]s, SHA-256 %[3]s", "%[1]s 已发送至 %[2]s，SHA-256 %[3]s", in.Kind, in.SentTo, sent.SHA256)
		_, err := claims.AddContact(ctx, tx, by, claimID, claims.ContactInput{Channel: in.Channel, Direction: "out", With: in.SentTo, Text: note.ZH + "\n" + note.EN})
		if err != nil {
			return err
		}
		return audit.Record(ctx, tx, by, "send", "claim", claimID, sent)
	})
}

// final is a letter's or dossier's bytes without a watermark.
func (p Press) final(ctx context.Context, by models.Actor, claimID models.ID, in SendInput, lang string, edition reports.Edition) ([]byte, error) {
	if in.Kind == Dossier {
		d, err := p.dossier(ctx, by, claimID, DossierInput{Inspections: in.Inspections, Photos: in.Photos}, lang, edition)
		if err != nil {
			return nil, err
		}
		return d.pdf, nil
	}
	var paper reports.Paper
	var head models.AuditSeal
	err := p.DB.View(ctx, func(tx *gorm.DB) error {
		f, err := claimFile(ctx, tx, by, claimID)
		if err != nil {
			return err
		}
		if paper, err = compose(f, in.Kind, in.SupplierID, models.DateOf(by.At.In(p.zone()))); err != nil {
			return err
		}
		head, err = audit.Head(ctx, tx)
		return err
	})
	if err != nil {
		return nil, err
	}
	return p.print(ctx, paper, reports.Options{Lang: lang, Edition: edition, Created: models.Now(by.At), AuditHead: head.Hash})
}

// SentList reads what was sent about a claim, newest first.
func SentList(ctx context.Context, tx *gorm.DB, by models.Actor, claimID models.ID) ([]models.SentDocument, error) {
	if _, err := claims.Get(ctx, tx, by, claimID); err != nil {
		return nil, err
	}
	return gorm.G[models.SentDocument](tx).Where("claim_id = ?", claimID).Order("id DESC").Find(ctx)
}

// Sent opens a document as it went out.
func (p Press) Sent(ctx context.Context, by models.Actor, claimID, id models.ID) (*Document, error) {
	var row *models.SentDocument
	var number string
	err := p.DB.View(ctx, func(tx *gorm.DB) error {
		c, err := claims.Get(ctx, tx, by, claimID)
		if err != nil {
			return err
		}
		number = c.Number
		row, err = database.Take[models.SentDocument](ctx, tx, "sent document", "已发送文件", "id = ? AND claim_id = ?", id, claimID)
		return err
	})
	if err != nil {
		return nil, err
	}
	blob, err := p.Files.Store.Get(ctx, files.Key{SHA256: row.SHA256})
	if err != nil {
		return nil, err
	}
	return &Document{Name: fileTitle(row.Kind+"-"+number, row.Lang, reports.Edition(row.Edition)), Content: blob, SHA256: row.SHA256, Issued: true, Created: row.SentAt}, nil
}
