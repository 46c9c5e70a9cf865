package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"gorm.io/gorm"

	"recourse/contracts"
	"recourse/models"
)

const (
	dossierPhotos = 40
	dossierLots   = 4 // each inspected, with a report; the first one's inspection is the report's
	dossierRounds = 3
)

// measureDossier binds a claim's dossier by a process of its own, from its start to
// the file: first with the inspection reports to print and issue, then with those as issued.
func measureDossier(ctx context.Context, b *bench) error {
	f, err := b.folder(ctx)
	if err != nil {
		return err
	}
	number, err := f.dossier(ctx, b)
	if err != nil {
		return err
	}
	var cold, again, memory, memoryAgain []float64
	pages := 0
	for range dossierRounds {
		if err := f.forget(ctx); err != nil {
			return err
		}
		for _, to := range []struct{ times, memory *[]float64 }{{&cold, &memory}, {&again, &memoryAgain}} {
			mb, took, path, err := b.print(ctx, f, "dossier", number)
			if err != nil {
				return err
			}
			*to.times, *to.memory = append(*to.times, took.Seconds()), append(*to.memory, mb)
			if pages, err = pagesOf(ctx, path); err != nil {
				return err
			}
		}
	}
	name := fmt.Sprintf("dossier, %d pages, %d photos", pages, dossierPhotos)
	b.atMost(name+", its reports printed too", median(cold), 5, seconds)
	b.atMost(name+", its reports as issued", median(again), 5, seconds)
	b.atMost("dossier, memory of the process at its peak", median(memory), 250, megabytes)
	b.atMost("dossier, memory, its reports as issued", median(memoryAgain), 250, megabytes)
	return nil
}

// print runs «recourse report» for a paper about that number.
func (b *bench) print(ctx context.Context, f *folder, paper, number string) (mb float64, took time.Duration, path string, err error) {
	path = filepath.Join(b.dir, paper+".pdf")
	cmd := exec.CommandContext(ctx, b.binary, "report", paper, number, "--lang", "both", "-o", path)
	cmd.Env = append(os.Environ(), "RECOURSE_DATA="+f.path)
	mb, took, err = peak(cmd)
	return mb, took, path, err
}

// pagesOf counts a PDF's pages.
func pagesOf(ctx context.Context, path string) (n int, err error) {
	out, err := exec.CommandContext(ctx, "pdfinfo", path).Output()
	if err != nil {
		return 0, err
	}
	_, rest, _ := strings.Cut(string(out), "Pages:")
	_, err = fmt.Sscan(rest, &n)
	return n, err
}

// dossier makes the claim whose dossier is bound, with what it refers to, and
// returns its number.
func (f *folder) dossier(ctx context.Context, b *bench) (string, error) {
	c := f.company
	hashes, err := f.receive(ctx, photos, dossierPhotos)
	if err != nil {
		return "", err
	}
	for n, lot := range c.lots[1:] {
		var shots []models.SHA256
		if n == 0 {
			shots = hashes
		}
		if _, err := c.inspect(ctx, lot, shots); err != nil {
			return "", err
		}
	}
	customer, err := c.customer(ctx)
	if err != nil {
		return "", err
	}
	var claim *models.Claim
	err = c.db.Tx(ctx, func(tx *gorm.DB) (err error) {
		var goods []bought
		for _, lot := range c.lots {
			l, err := contracts.GetLot(ctx, tx, c.by, lot)
			if err != nil {
				return err
			}
			goods = append(goods, bought{l.LineID, []models.ID{lot}})
		}
		claim, err = c.complain(ctx, tx, customer, goods, 0)
		return err
	})
	if err != nil {
		return "", err
	}
	return claim.Number, f.attach(ctx, b, claim)
}

// attach puts a file on each of the shipment's documents: papers that we print.
func (f *folder) attach(ctx context.Context, b *bench, claim *models.Claim) error {
	for _, kind := range shippingDocuments {
		_, _, path, err := b.print(ctx, f, "acknowledgement", claim.Number)
		if err != nil {
			return err
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		content = append(content, "\n% "+kind+"\n"...)
		file, err := keep(ctx, f.company, f.archive, models.FileDocument, kind+".pdf", content)
		if err != nil {
			return err
		}
		err = f.company.db.Tx(ctx, func(tx *gorm.DB) error {
			s, err := contracts.GetShipment(ctx, tx, f.company.by, *claim.ShipmentID)
			if err != nil {
				return err
			}
			in := contracts.DocumentInput{DraftSentOn: "2026-04-20", ConfirmedOn: "2026-04-21", ConfirmedBy: "Frau Petersen", FileSHA256: file.SHA256, FileName: kind + ".pdf"}
			_, err = contracts.SetDocument(ctx, tx, f.company.by, s.ID, kind, s.Version, in)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}
