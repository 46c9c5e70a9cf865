// Package documents answers for what is issued on paper: it gathers the records
// that a report prints, has package reports print them, keeps the bytes of what
// is final and serves the same bytes ever after, and says on the public page
// what a QR code stands for. It decides nothing and draws nothing. Its
// invariant: of a final record there is one PDF per language and edition.
package documents

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"fmt"
	"io"
	"strings"
	"time"

	"gorm.io/gorm"

	"recourse/audit"
	"recourse/database"
	"recourse/files"
	"recourse/inspections"
	"recourse/models"
	"recourse/reports"
)

// Press is what printing needs: records, files and what the installation is called.
type Press struct {
	DB      *database.DB
	Files   *files.Archive
	BaseURL string // of the verify page; empty: no QR code
	Company models.Text
	Zone    *time.Location
}

// Asked says which report is wanted.
type Asked struct {
	Lang    string `json:"lang" validate:"omitempty,max=10"`    // zh, en or both; default both
	Edition string `json:"edition" validate:"omitempty,max=10"` // internal, customer or supplier; default internal
}

// Document is a PDF with the name to save it under.
type Document struct {
	Name    string
	Content io.ReadSeeker
	SHA256  models.SHA256
	Issued  bool // stored: the same bytes every time; otherwise a draft
	Created time.Time
}

// Inspection gives the report of an inspection. That of a final one is issued
// once; any other is a draft with a watermark, made anew each time.
func (p Press) Inspection(ctx context.Context, by models.Actor, id models.ID, asked Asked) (*Document, error) {
	lang, edition, err := asked.parse()
	if err != nil {
		return nil, err
	}
	var value reports.Inspection
	var known *models.IssuedReport
	var head models.AuditSeal
	err = p.DB.View(ctx, func(tx *gorm.DB) error {
		record, err := inspections.Get(ctx, tx, by, id)
		if err != nil {
			return err
		}
		if err := mayRead(by, record, edition); err != nil {
			return err
		}
		if known, err = issued(ctx, tx, "inspection", id, lang, edition); err != nil || known != nil {
			value.Record = *record
			return err
		}
		if value, err = gather(ctx, tx, by, record); err != nil {
			return err
		}
		head, err = audit.Head(ctx, tx)
		return err
	})
	if err != nil {
		return nil, err
	}
	name := fileName(value.Record, lang, edition)
	if known != nil {
		return p.open(ctx, name, known)
	}
	code, err := verifyCode()
	if err != nil {
		return nil, err
	}
	options := reports.Options{
		Lang: lang, Edition: edition, Draft: value.Record.State != models.Final, Company: p.Company, Created: models.Now(by.At), Zone: p.Zone,
		AuditHead: head.Hash, Open: p.picture(ctx, value.Files),
	}
	if !options.Draft && p.BaseURL != "" {
		options.VerifyURL = strings.TrimSuffix(p.BaseURL, "/") + "/verify/" + code
	}
	var pdf bytes.Buffer
	if err := reports.WriteInspection(&pdf, value, options); err != nil {
		return nil, err
	}
	if options.Draft {
		return &Document{Name: name, Content: bytes.NewReader(pdf.Bytes()), SHA256: sha256.Sum256(pdf.Bytes()), Created: options.Created}, nil
	}
	return p.issue(ctx, by, name, pdf.Bytes(), models.IssuedReport{
		ID: models.NewID(), Kind: "inspection", EntityID: id, Lang: lang, Edition: string(edition), SHA256: sha256.Sum256(pdf.Bytes()), Size: int64(pdf.Len()),
		Fingerprint: value.Record.Fingerprint, AuditHead: head.Hash, VerifyCode: code, CreatedAt: options.Created,
	})
}

func (a Asked) parse() (lang string, edition reports.Edition, err error) {
	if a.Lang == "" {
		a.Lang = "both"
	}
	if a.Edition == "" {
		a.Edition = string(reports.Internal)
	}
	if lang, err = reports.ParseLang(a.Lang); err != nil {
		return "", "", err
	}
	edition, err = reports.ParseEdition(a.Edition)
	return lang, edition, err
}

// mayRead keeps a waiver's price from who sees no prices: the customer's edition has none.
func mayRead(by models.Actor, i *models.Inspection, edition reports.Edition) error {
	if by.SeesPrices() || edition == reports.Customer {
		return nil
	}
	for _, l := range i.Lots {
		if l.Decision == models.ReleaseWaived {
			return models.Errorf(models.CodeForbidden, "edition", "This edition names the waiver's price: ask for the customer's edition, or purchasing for this one.",
				"此版本载有让步价格：请改用客户版，或向采购索取。")
		}
	}
	return nil
}

func issued(ctx context.Context, tx *gorm.DB, kind string, id models.ID, lang string, edition reports.Edition) (*models.IssuedReport, error) {
	rows, err := gorm.G[models.IssuedReport](tx).Where("kind = ? AND entity_id = ? AND lang = ? AND edition = ?", kind, id, lang, edition).Limit(1).Find(ctx)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	return &rows[0], nil
}

// issue stores the bytes, then the row that names them. Of two that issue at
// the same time the first one's bytes stand.
func (p Press) issue(ctx context.Context, by models.Actor, name string, pdf []byte, row models.IssuedReport) (*Document, error) {
	if err := p.Files.Store.Put(ctx, files.Key{SHA256: row.SHA256}, row.Size, bytes.NewReader(pdf)); err != nil {
		return nil, err
	}
	err := p.DB.Tx(ctx, func(tx *gorm.DB) error {
		first, err := issued(ctx, tx, row.Kind, row.EntityID, row.Lang, reports.Edition(row.Edition))
		if err != nil {
			return err
		}
		if first != nil {
			row = *first
			return nil
		}
		if err := gorm.G[models.IssuedReport](tx).Create(ctx, &row); err != nil {
			return err
		}
		return audit.Record(ctx, tx, by, "issue", "report", row.ID, row)
	})
	if models.IsCode(err, models.CodeConflict) {
		err = p.DB.View(ctx, func(tx *gorm.DB) error {
			first, err := issued(ctx, tx, row.Kind, row.EntityID, row.Lang, reports.Edition(row.Edition))
			if err == nil && first != nil {
				row = *first
			}
			return err
		})
	}
	if err != nil {
		return nil, err
	}
	return p.open(ctx, name, &row)
}

func (p Press) open(ctx context.Context, name string, row *models.IssuedReport) (*Document, error) {
	blob, err := p.Files.Store.Get(ctx, files.Key{SHA256: row.SHA256})
	if err != nil {
		return nil, fmt.Errorf("open report %s: %w", row.SHA256, err)
	}
	return &Document{Name: name, Content: blob, SHA256: row.SHA256, Issued: true, Created: row.CreatedAt}, nil
}

// picture opens the upright copy of a photo.
func (p Press) picture(ctx context.Context, known []models.File) func(models.SHA256) (io.ReadCloser, error) {
	return func(hash models.SHA256) (io.ReadCloser, error) {
		for n := range known {
			if known[n].SHA256 == hash {
				return p.Files.Open(ctx, &known[n], files.Large)
			}
		}
		return nil, fmt.Errorf("photo %s has not arrived", hash)
	}
}

// verifyCode is 128 random bits that nobody can guess, in 26 characters.
func verifyCode() (string, error) {
	var b [16]byte
	if _, err := rand.Read(b[:]); err != nil {
		return "", err
	}
	return strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(b[:])), nil
}

// quoted is how people quote an inspection: its number, and R1, R2 … for a revision.
func quoted(i models.Inspection) string {
	if i.Revision == 0 {
		return i.Number
	}
	return fmt.Sprintf("%s-R%d", i.Number, i.Revision)
}

func fileName(i models.Inspection, lang string, edition reports.Edition) string {
	return fmt.Sprintf("%s-%s-%s.pdf", quoted(i), edition, lang)
}
