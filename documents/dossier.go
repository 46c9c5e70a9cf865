package documents

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"

	"gorm.io/gorm"

	"recourse/database"
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

// bound is a dossier: one PDF with an index, and the originals behind it.
type bound struct {
	number    string
	pdf       []byte
	originals []original
}

// original is a file that the zip holds byte for byte.
type original struct {
	name string
	sha  models.SHA256
}

// part is one piece of a dossier in the making.
type part struct {
	title models.Text
	sha   models.SHA256 // of the original
	pdf   []byte        // nil: in the zip only
	pages int
}

// DossierPDF gives the dossier of a claim as one PDF: index, letter, inspection
// reports in the customer's edition, chosen photos, shipping documents, each
// with its SHA-256.
func (p Press) DossierPDF(ctx context.Context, by models.Actor, claimID models.ID, in DossierInput, asked Asked) (*Document, error) {
	lang, edition, err := asked.towards(reports.Customer).parse()
	if err != nil {
		return nil, err
	}
	d, err := p.dossier(ctx, by, claimID, in, lang, edition)
	if err != nil {
		return nil, err
	}
	return document(fileTitle(Dossier+"-"+d.number, lang, edition), d.pdf, models.Now(by.At)), nil
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
	put := func(name string, src io.Reader) error {
		w, err := z.Create(name)
		if err == nil {
			_, err = io.Copy(w, src)
		}
		return err
	}
	if err := put(fileTitle(Dossier+"-"+d.number, lang, edition), bytes.NewReader(d.pdf)); err != nil {
		return nil, err
	}
	for _, o := range d.originals {
		if err := p.copyOriginal(ctx, put, o, edition); err != nil {
			return nil, err
		}
	}
	if err := z.Close(); err != nil {
		return nil, err
	}
	name := strings.TrimSuffix(fileTitle(Dossier+"-"+d.number, lang, edition), ".pdf") + ".zip"
	return document(name, out.Bytes(), models.Now(by.At)), nil
}

func (p Press) copyOriginal(ctx context.Context, put func(string, io.Reader) error, o original, edition reports.Edition) error {
	file, err := p.file(ctx, o.sha)
	if err != nil {
		return err
	}
	size := files.Original
	if file.Kind == models.FilePhoto && edition != reports.Internal {
		size, o.name = files.Large, strings.TrimSuffix(o.name, path.Ext(o.name))+".jpg"
	}
	content, err := p.Files.Open(ctx, file, size)
	if err != nil {
		return err
	}
	defer content.Close()
	return put("originals/"+o.name, content)
}

func (p Press) file(ctx context.Context, sha models.SHA256) (file *models.File, err error) {
	err = p.DB.View(ctx, func(tx *gorm.DB) error {
		file, err = files.Get(ctx, tx, sha)
		return err
	})
	return file, err
}

// dossier binds the parts of a claim's dossier.
func (p Press) dossier(ctx context.Context, by models.Actor, claimID models.ID, in DossierInput, lang string, edition reports.Edition) (*bound, error) {
	var f claimParts
	err := p.DB.View(ctx, func(tx *gorm.DB) (err error) {
		f, err = claimFile(ctx, tx, by, claimID)
		return err
	})
	if err != nil {
		return nil, err
	}
	today := models.DateOf(by.At.In(p.zone()))
	options := reports.Options{Lang: lang, Edition: edition, Created: models.Now(by.At)}
	var parts []part
	add := func(title models.Text, sha models.SHA256, pdf []byte) {
		n := 0
		if pdf != nil {
			if n, err = reports.Pages(bytes.NewReader(pdf)); err != nil {
				pdf, n = nil, 0 // a foreign file that can't be bound lies beside
			}
		}
		parts = append(parts, part{title, sha, pdf, n})
	}
	letter, err := p.print(ctx, reports.Rebuttal(f.ClaimFile, today), options)
	if err != nil {
		return nil, err
	}
	add(models.Text{ZH: "抗辩函", EN: "Reply to the claim"}, document("", letter, options.Created).SHA256, letter)
	if err := p.addReports(ctx, by, f, in, lang, edition, add); err != nil {
		return nil, err
	}
	originals, err := p.addPhotos(ctx, f, in, options, add)
	if err != nil {
		return nil, err
	}
	more, err := p.addFiles(ctx, f, add)
	if err != nil {
		return nil, err
	}
	d := &bound{number: f.Claim.Number, originals: append(originals, more...)}
	return d, p.bind(ctx, d, f, parts, today, options)
}

// bind prints the index and puts everything behind it.
func (p Press) bind(ctx context.Context, d *bound, f claimParts, parts []part, today models.Date, options reports.Options) error {
	var pieces []io.ReadSeeker
	for n, part := range parts {
		f.Annexes = append(f.Annexes, reports.Annex{No: n + 1, Title: part.title, SHA256: part.sha, Pages: part.pages})
		if part.pdf != nil {
			pieces = append(pieces, bytes.NewReader(part.pdf))
		}
	}
	index, err := p.print(ctx, reports.Index(f.ClaimFile, today), options)
	if err != nil {
		return err
	}
	var out bytes.Buffer
	if err := reports.Merge(&out, append([]io.ReadSeeker{bytes.NewReader(index)}, pieces...)); err != nil {
		return err
	}
	d.pdf = out.Bytes()
	return nil
}

// addReports adds the issued inspection reports of the claimed lots, or those chosen among them.
func (p Press) addReports(ctx context.Context, by models.Actor, f claimParts, in DossierInput, lang string, edition reports.Edition, add func(models.Text, models.SHA256, []byte)) error {
	seen := map[models.ID]bool{}
	for _, c := range f.coverage {
		for _, m := range c.Matches {
			if seen[m.InspectionID] || len(in.Inspections) == 0 && !m.SameLot || len(in.Inspections) > 0 && !slices.Contains(in.Inspections, m.InspectionID) {
				continue
			}
			seen[m.InspectionID] = true
			d, err := p.Inspection(ctx, by, m.InspectionID, Asked{Lang: lang, Edition: string(edition)})
			if err != nil {
				return err
			}
			pdf, err := io.ReadAll(d.Content)
			if closer, ok := d.Content.(io.Closer); ok {
				closer.Close()
			}
			if err != nil {
				return err
			}
			add(models.Say("Inspection report %s", "验货报告 %s", m.Number), d.SHA256, pdf)
		}
	}
	for n, id := range in.Inspections {
		if !seen[id] {
			return models.Invalid(fmt.Sprintf("inspections[%d]", n), "This inspection does not bear on the claim.", "此验货与该索赔无关。")
		}
	}
	return nil
}

// addPhotos adds a page of the chosen photos, or of those offered for the items.
func (p Press) addPhotos(ctx context.Context, f claimParts, in DossierInput, options reports.Options, add func(models.Text, models.SHA256, []byte)) ([]original, error) {
	var shots []reports.Shot
	var originals []original
	seen := map[models.SHA256]bool{}
	for _, c := range f.coverage {
		for _, m := range c.Matches {
			for _, photo := range m.Photos {
				if seen[photo.SHA256] || len(in.Photos) > 0 && !slices.Contains(in.Photos, photo.ID) || len(in.Photos) == 0 && !m.SameLot {
					continue
				}
				seen[photo.SHA256] = true
				taken := strings.Replace(photo.TakenAt, "T", " ", 1)
				shots = append(shots, reports.Shot{SHA256: photo.SHA256, Caption: models.Say("%[1]d. %[2]s · %[3]s", "%[1]d. %[2]s · %[3]s", len(shots)+1, photo.Caption, taken)})
				originals = append(originals, original{fmt.Sprintf("photo-%02d-%s", len(shots), photo.SHA256.String()[:12]), photo.SHA256})
			}
		}
	}
	if len(shots) == 0 {
		return nil, nil
	}
	paper := reports.Paper{Title: models.Text{ZH: "照片", EN: "Photos"}, Number: f.Claim.Number, On: f.Claim.ReceivedOn, Blocks: []reports.Block{{Photos: shots}}, Hide: f.Hide()}
	pdf, err := p.print(ctx, paper, options)
	if err != nil {
		return nil, err
	}
	add(models.Say("%d photos", "照片 %d 张", len(shots)), document("", pdf, options.Created).SHA256, pdf)
	return originals, nil
}

// addFiles adds the shipping documents and the evidence that was received.
func (p Press) addFiles(ctx context.Context, f claimParts, add func(models.Text, models.SHA256, []byte)) ([]original, error) {
	type attachment struct {
		title models.Text
		name  string
		sha   models.SHA256
	}
	var list []attachment
	if f.Shipment != nil {
		err := p.DB.View(ctx, func(tx *gorm.DB) error {
			rows, err := gorm.G[models.ShipmentDocument](tx).Where("shipment_id = ?", f.Shipment.ID).Order("kind").Find(ctx)
			for _, d := range rows {
				list = append(list, attachment{reports.Word(d.Kind), d.FileName, d.FileSHA256})
			}
			return database.Err(err)
		})
		if err != nil {
			return nil, err
		}
	}
	for _, e := range f.Claim.Evidence {
		list = append(list, attachment{reports.Word(e.Kind), e.FileName, e.FileSHA256})
	}
	var originals []original
	for n, a := range list {
		if a.sha.IsZero() {
			continue
		}
		originals = append(originals, original{fmt.Sprintf("document-%02d-%s%s", n+1, a.sha.String()[:12], path.Ext(a.name)), a.sha})
		file, err := p.file(ctx, a.sha)
		if err != nil {
			return nil, err
		}
		var pdf []byte
		if file.MediaType == "application/pdf" {
			content, err := p.Files.Open(ctx, file, files.Original)
			if err != nil {
				return nil, err
			}
			pdf, err = io.ReadAll(content)
			content.Close()
			if err != nil {
				return nil, err
			}
		}
		add(a.title, a.sha, pdf)
	}
	return originals, nil
}
