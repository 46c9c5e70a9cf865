package documents

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"time"

	"gorm.io/gorm"

	"recourse/files"
	"recourse/models"
	"recourse/reports"
)

// print fills in what every paper has and prints it.
func (p Press) print(ctx context.Context, paper reports.Paper, o reports.Options) ([]byte, error) {
	o.Company, o.Zone = p.Company, p.zone()
	o.Open = func(h models.SHA256) (io.ReadCloser, error) { return p.photo(ctx, h) }
	var pdf bytes.Buffer
	if err := reports.WritePaper(&pdf, paper, o); err != nil {
		return nil, err
	}
	return pdf.Bytes(), nil
}

// photo opens the upright copy of a picture by its hash.
func (p Press) photo(ctx context.Context, h models.SHA256) (io.ReadCloser, error) {
	var file *models.File
	err := p.DB.View(ctx, func(tx *gorm.DB) (err error) {
		file, err = files.Get(ctx, tx, h)
		return err
	})
	if err != nil {
		return nil, err
	}
	return p.Files.Open(ctx, file, files.Large)
}

// sheet prints a paper that shows how things stand today and is not kept.
func (p Press) sheet(ctx context.Context, by models.Actor, paper reports.Paper, lang string, edition reports.Edition, name string) (*Document, error) {
	created := models.Now(by.At)
	pdf, err := p.print(ctx, paper, reports.Options{Lang: lang, Edition: edition, Created: created})
	if err != nil {
		return nil, err
	}
	return document(fileTitle(name, lang, edition), pdf, created), nil
}

func document(name string, pdf []byte, created time.Time) *Document {
	return &Document{Name: name, Content: bytes.NewReader(pdf), SHA256: sha256.Sum256(pdf), Created: created}
}

// fileTitle is the name to save a paper under.
func fileTitle(name, lang string, edition reports.Edition) string {
	return fmt.Sprintf("%s-%s-%s.pdf", name, edition, lang)
}

// zone is the company's time zone.
func (p Press) zone() *time.Location {
	if p.Zone == nil {
		return time.UTC
	}
	return p.Zone
}

// towards sets the edition where none is asked for: the addressee's.
func (a Asked) towards(e reports.Edition) Asked {
	if a.Edition == "" {
		a.Edition = string(e)
	}
	return a
}

// contentHash is SHA-256 over the JSON of what a paper was printed from.
func contentHash(v any) (models.SHA256, error) {
	b, err := json.Marshal(v)
	if err != nil {
		return models.SHA256{}, fmt.Errorf("hash a document: %w", err)
	}
	return sha256.Sum256(b), nil
}
