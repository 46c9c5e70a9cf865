package documents

import (
	"archive/zip"
	"bytes"
	"context"
	"io"
	"path"
	"strings"
	"time"

	"gorm.io/gorm"

	"recourse/files"
	"recourse/models"
	"recourse/reports"
)

// Dossier is the kind of the claim dossier among what is sent.
const Dossier = "dossier"

// DossierInput chooses what goes into a dossier beside the letter, the shipping
// documents and the evidence files.
type DossierInput struct {
	Inspections []models.ID // without: those of the claimed lots
	Photos      []models.ID // without: those offered for the items
}

// binder is a dossier in the making: the parts of one PDF, and the originals
// that its zip holds beside it.
type binder struct {
	Press
	claimParts
	by        models.Actor
	options   reports.Options
	today     models.Date
	parts     []part
	originals []original
	number    int // of the last annex
	pdf       []byte
}

// part is one row of the index, with its pages where it has some.
type part struct {
	reports.Annex
	pdf []byte
}

// attached is a stored file with its title and the name that its sender gave it.
type attached struct {
	title models.Text
	name  string
	sha   models.SHA256
}

// original is a file that the zip holds: of the store, or the bytes as issued or sent.
type original struct {
	name string
	sha  models.SHA256
	pdf  []byte
	at   time.Time // of pdf
}

// DossierPDF gives the dossier of a claim as one PDF: index, letter, the contract's
// clause and standard, inspection reports, chosen photos, shipping documents and
// evidence, each with the SHA-256 of its original; the index says what is not there.
func (p Press) DossierPDF(ctx context.Context, by models.Actor, claimID models.ID, in DossierInput, asked Asked) (*Document, error) {
	lang, edition, err := asked.towards(reports.Customer).parse()
	if err != nil {
		return nil, err
	}
	d, err := p.dossier(ctx, by, claimID, in, lang, edition)
	if err != nil {
		return nil, err
	}
	return document(fileTitle(Dossier+"-"+d.Claim.Number, lang, edition), d.pdf, models.Now(by.At)), nil
}

// DossierZip gives the dossier with the originals of its files, byte for byte.
// In an edition for outsiders photos are without their metadata, which would
// tell where the factory is.
func (p Press) DossierZip(ctx context.Context, by models.Actor, claimID models.ID, in DossierInput, asked Asked) (*Document, error) {
	lang, edition, err := asked.towards(reports.Customer).parse()
	if err != nil {
		return nil, err
	}
	d, err := p.dossier(ctx, by, claimID, in, lang, edition)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	name := fileTitle(Dossier+"-"+d.Claim.Number, lang, edition)
	if err := put(z, name, d.options.Created, bytes.NewReader(d.pdf)); err != nil {
		return nil, err
	}
	for _, o := range d.originals {
		if err := d.copyOriginal(ctx, z, o); err != nil {
			return nil, err
		}
	}
	if err := z.Close(); err != nil {
		return nil, err
	}
	return document(strings.TrimSuffix(name, ".pdf")+".zip", out.Bytes(), models.Now(by.At)), nil
}

// put writes an entry of a zip, dated by when its content came to be here.
func put(z *zip.Writer, name string, at time.Time, src io.Reader) error {
	w, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: at.UTC().Truncate(time.Second)})
	if err == nil {
		_, err = io.Copy(w, src)
	}
	return err
}

func (d *binder) copyOriginal(ctx context.Context, z *zip.Writer, o original) error {
	if o.pdf != nil {
		return put(z, "originals/"+o.name, o.at, bytes.NewReader(o.pdf))
	}
	file, err := d.file(ctx, o.sha)
	if err != nil {
		return err
	}
	size := files.Original
	if file.Kind == models.FilePhoto && d.options.Edition != reports.Internal {
		size, o.name = files.Large, strings.TrimSuffix(o.name, path.Ext(o.name))+".jpg"
	}
	content, err := d.Files.Open(ctx, file, size)
	if err != nil {
		return err
	}
	defer content.Close()
	return put(z, "originals/"+o.name, file.ReceivedAt, content)
}

func (p Press) file(ctx context.Context, sha models.SHA256) (file *models.File, err error) {
	err = p.DB.View(ctx, func(tx *gorm.DB) error {
		file, err = files.Get(ctx, tx, sha)
		return err
	})
	return file, err
}

// dossier binds the parts of a claim's dossier.
func (p Press) dossier(ctx context.Context, by models.Actor, claimID models.ID, in DossierInput, lang string, edition reports.Edition) (*binder, error) {
	d := &binder{Press: p, by: by, today: models.DateOf(by.At.In(p.zone())), options: reports.Options{Lang: lang, Edition: edition, Created: models.Now(by.At)}}
	err := p.DB.View(ctx, func(tx *gorm.DB) (err error) {
		d.claimParts, err = claimFile(ctx, tx, by, claimID)
		return err
	})
	if err != nil {
		return nil, err
	}
	for _, step := range []func(context.Context, DossierInput) error{d.addLetter, d.addTerms, d.addReports, d.addPhotos, d.addDocuments} {
		if err := step(ctx, in); err != nil {
			return nil, err
		}
	}
	return d, d.bind(ctx)
}

// bind prints the index and puts everything behind it. How long the index is
// decides on which page the rest begins, so it is printed until that holds.
func (d *binder) bind(ctx context.Context) error {
	var index []byte
	for pages, want := 0, 1; pages != want; {
		pages = want
		d.Annexes = nil
		from := pages + 1
		for _, part := range d.parts {
			if part.pdf != nil {
				part.From, from = from, from+part.Pages
			}
			d.Annexes = append(d.Annexes, part.Annex)
		}
		var err error
		if index, err = d.print(ctx, reports.Index(d.ClaimFile, d.today, d.options.Edition != reports.Internal), d.options); err != nil {
			return err
		}
		if want, err = reports.Pages(bytes.NewReader(index)); err != nil {
			return err
		}
		want = max(want, pages) // only ever longer: it ends
	}
	pieces := []io.ReadSeeker{bytes.NewReader(index)}
	for _, part := range d.parts {
		if part.pdf != nil {
			pieces = append(pieces, bytes.NewReader(part.pdf))
		}
	}
	var out bytes.Buffer
	if err := reports.Merge(&out, pieces); err != nil {
		return err
	}
	d.pdf = out.Bytes()
	return nil
}
