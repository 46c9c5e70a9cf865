package documents

import (
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

// next numbers an annex.
func (d *binder) next() string {
	d.number++
	return fmt.Sprint(d.number)
}

// add takes a part in. A foreign file that can't be bound lies in the zip only.
func (d *binder) add(a reports.Annex, pdf []byte) {
	a.No = d.next()
	if pdf != nil {
		var err error
		if a.Pages, err = reports.Pages(bytes.NewReader(pdf)); err != nil {
			pdf = nil
		}
	}
	d.parts = append(d.parts, part{a, pdf})
}

// made prints pages of the dossier's own.
func (d *binder) made(ctx context.Context, title models.Text, paper reports.Paper) error {
	pdf, err := d.print(ctx, paper, d.options)
	if err == nil {
		d.add(reports.Annex{Title: title, Made: true}, pdf)
	}
	return err
}

// absent says in the index that something is not there.
func (d *binder) absent(title models.Text) {
	d.parts = append(d.parts, part{reports.Annex{No: "–", Title: title, Absent: true}, nil})
}

// addLetter adds our reply as it was sent last; as it stands today where none was.
func (d *binder) addLetter(ctx context.Context, _ DossierInput) error {
	var sent []models.SentDocument
	if d.options.Edition != reports.Supplier { // to whom the customer's letter would tell who that is
		err := d.DB.View(ctx, func(tx *gorm.DB) (err error) {
			sent, err = gorm.G[models.SentDocument](tx).Where("claim_id = ? AND kind = ? AND edition = ?", d.Claim.ID, Rebuttal, reports.Customer).Order("id DESC").Limit(1).Find(ctx)
			return err
		})
		if err != nil {
			return err
		}
	}
	if len(sent) == 0 {
		return d.made(ctx, models.Text{ZH: "索赔答复（抗辩函）", EN: "Reply to the claim"}, reports.Rebuttal(d.ClaimFile, d.today))
	}
	blob, err := d.Files.Store.Get(ctx, files.Key{SHA256: sent[0].SHA256})
	if err != nil {
		return err
	}
	pdf, err := drain(blob)
	if err != nil {
		return err
	}
	on := models.DateOf(sent[0].SentAt.In(d.zone()))
	d.add(reports.Annex{Title: models.Say("Reply to the claim, as sent on %s", "索赔答复（抗辩函），%s 发出", on), SHA256: sent[0].SHA256}, pdf)
	d.originals = append(d.originals, original{fmt.Sprintf("reply-%s.pdf", on), sent[0].SHA256, pdf, sent[0].SentAt})
	return nil
}

// addTerms adds what was agreed: the contract's clause and the standard's pages.
func (d *binder) addTerms(ctx context.Context, _ DossierInput) error {
	clause := models.Text{ZH: "合同条款", EN: "Contract clause"}
	if paper := reports.QualityTerms(d.ClaimFile); len(paper.Blocks) == 0 {
		d.absent(clause)
	} else if err := d.made(ctx, clause, paper); err != nil {
		return err
	} else if d.Sales.QualityClause == "" {
		d.absent(models.Text{ZH: "销售合同的质量条款", EN: "Quality clause of the sales contract"})
	}
	if len(d.Standards) == 0 {
		d.absent(models.Text{ZH: "质量标准", EN: "Quality standard"})
	}
	for _, s := range d.Standards {
		if err := d.made(ctx, models.Say("Quality standard %[1]s v%[2]d", "质量标准 %[1]s v%[2]d", s.Code, s.VersionNo), reports.StandardPage(d.ClaimFile, s)); err != nil {
			return err
		}
	}
	for _, a := range d.attached {
		if err := d.attach(ctx, a); err != nil {
			return err
		}
	}
	return nil
}

// addReports adds the issued inspection reports of the claimed lots, or those chosen among them.
func (d *binder) addReports(ctx context.Context, in DossierInput) error {
	seen := map[models.ID]bool{}
	for _, c := range d.coverage {
		for _, m := range c.Matches {
			if seen[m.InspectionID] || len(in.Inspections) == 0 && !m.SameLot || len(in.Inspections) > 0 && !slices.Contains(in.Inspections, m.InspectionID) {
				continue
			}
			seen[m.InspectionID] = true
			report, err := d.Inspection(ctx, d.by, m.InspectionID, Asked{Lang: d.options.Lang, Edition: string(d.options.Edition)})
			if err != nil {
				return err
			}
			pdf, err := drain(report.Content)
			if err != nil {
				return err
			}
			number := quoted(models.Inspection{Number: m.Number, Revision: m.Revision})
			d.add(reports.Annex{Title: models.Say("Inspection report %s", "验货报告 %s", number), SHA256: report.SHA256}, pdf)
			d.originals = append(d.originals, original{report.Name, report.SHA256, pdf, report.Created})
		}
	}
	for n, id := range in.Inspections {
		if !seen[id] {
			return models.Invalid(fmt.Sprintf("inspections[%d]", n), "This inspection does not bear on the claim.", "此验货与该索赔无关。")
		}
	}
	if len(seen) == 0 {
		d.absent(models.Text{ZH: "所索赔批的验货报告", EN: "Inspection report of the claimed lot"})
	}
	return nil
}

// drain reads a blob to its end and closes it.
func drain(r io.Reader) ([]byte, error) {
	if closer, ok := r.(io.Closer); ok {
		defer closer.Close()
	}
	return io.ReadAll(r)
}

// addPhotos adds a page of the chosen photos, or of those offered for the items;
// the index names the original of each.
func (d *binder) addPhotos(ctx context.Context, in DossierInput) error {
	var shots []reports.Shot
	var rows []part
	seen := map[models.SHA256]bool{}
	for _, c := range d.coverage {
		for _, m := range c.Matches {
			for _, photo := range m.Photos {
				if seen[photo.SHA256] || len(in.Photos) > 0 && !slices.Contains(in.Photos, photo.ID) || len(in.Photos) == 0 && !m.SameLot {
					continue
				}
				seen[photo.SHA256] = true
				n := len(shots) + 1
				shots = append(shots, reports.Shot{SHA256: photo.SHA256, Caption: reports.Same(caption(n, photo.Caption, photo.TakenAt))})
				title := models.Say("Photo %[1]d", "照片 %[1]d", n)
				if photo.Caption != "" {
					title = models.Text{ZH: title.ZH + "：" + photo.Caption, EN: title.EN + ": " + photo.Caption}
				}
				rows = append(rows, part{reports.Annex{No: fmt.Sprintf("%d.%d", d.number+1, n), Title: title, SHA256: photo.SHA256}, nil})
				d.originals = append(d.originals, original{name: fmt.Sprintf("photo-%02d-%s", n, photo.SHA256.String()[:12]), sha: photo.SHA256})
			}
		}
	}
	if len(shots) == 0 {
		d.absent(models.Text{ZH: "验货照片", EN: "Photos of the inspection"})
		return nil
	}
	title := models.Say("%d photos", "照片 %d 张", len(shots))
	if len(shots) == 1 {
		title.EN = "1 photo"
	}
	paper := reports.Paper{Title: models.Text{ZH: "照片", EN: "Photos"}, Number: d.Claim.Number, On: d.Claim.ReceivedOn, Blocks: []reports.Block{{Photos: shots}}, Hide: d.Hide()}
	if err := d.made(ctx, title, paper); err != nil {
		return err
	}
	d.parts = append(d.parts, rows...)
	return nil
}

// caption is a photo's number with what is known of it.
func caption(n int, text, taken string) string {
	known := slices.DeleteFunc([]string{text, strings.Replace(taken, "T", " ", 1)}, func(s string) bool { return s == "" })
	return strings.TrimSpace(fmt.Sprintf("%d. %s", n, strings.Join(known, " · ")))
}

// addDocuments adds the shipping documents and the evidence that was received.
func (d *binder) addDocuments(ctx context.Context, _ DossierInput) error {
	var list []attached
	shipping := models.Text{ZH: "发运单证", EN: "Shipping documents"}
	if d.Shipment != nil {
		err := d.DB.View(ctx, func(tx *gorm.DB) error {
			rows, err := gorm.G[models.ShipmentDocument](tx).Where("shipment_id = ?", d.Shipment.ID).Order("kind").Find(ctx)
			for _, r := range rows {
				if r.NotNeededWhy == "" || !r.FileSHA256.IsZero() {
					list = append(list, attached{models.DocumentWords.Of(r.Kind), r.FileName, r.FileSHA256})
				}
			}
			return database.Err(err)
		})
		if err != nil {
			return err
		}
	}
	if len(list) == 0 {
		d.absent(shipping)
	}
	for _, e := range d.Claim.Evidence {
		title := models.EvidenceWords.Of(e.Kind)
		if e.ItemNo > 0 {
			title = models.Say("%[1]s (item %[3]d)", "%[2]s（第 %[3]d 项）", title.EN, title.ZH, e.ItemNo)
		}
		list = append(list, attached{title, e.FileName, e.FileSHA256})
	}
	for _, a := range list {
		if err := d.attach(ctx, a); err != nil {
			return err
		}
	}
	return nil
}

// attach adds a stored file: its pages where it is a PDF, and the original.
func (d *binder) attach(ctx context.Context, a attached) error {
	if a.sha.IsZero() {
		d.absent(a.title)
		return nil
	}
	file, err := d.file(ctx, a.sha)
	if err != nil {
		return err
	}
	var pdf []byte
	if file.MediaType == "application/pdf" {
		content, err := d.Files.Open(ctx, file, files.Original)
		if err != nil {
			return err
		}
		if pdf, err = drain(content); err != nil {
			return err
		}
	}
	d.add(reports.Annex{Title: a.title, SHA256: a.sha}, pdf)
	d.originals = append(d.originals, original{name: fmt.Sprintf("document-%02d-%s%s", d.number, a.sha.String()[:12], path.Ext(a.name)), sha: a.sha})
	return nil
}
