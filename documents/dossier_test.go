package documents_test

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"gorm.io/gorm"

	"recourse/claims"
	"recourse/documents"
	"recourse/models"
)

// entries reads a dossier's zip.
func (h house) entries(t *testing.T, edition string) []*zip.File {
	t.Helper()
	d, err := h.press.DossierZip(t.Context(), by, h.claim.ID, documents.DossierInput{}, documents.Asked{Edition: edition, Lang: "en"})
	if err != nil {
		t.Fatal(err)
	}
	data, err := io.ReadAll(d.Content)
	if err != nil {
		t.Fatal(err)
	}
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	return z.File
}

func content(t *testing.T, f *zip.File) []byte {
	t.Helper()
	r, err := f.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	b, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestIndexTellsTheHashOfEveryOriginal: what the zip holds is what the index says.
func TestIndexTellsTheHashOfEveryOriginal(t *testing.T) {
	h := newHouse(t)
	d, err := h.press.DossierPDF(t.Context(), by, h.claim.ID, documents.DossierInput{}, documents.Asked{Edition: "internal", Lang: "en"})
	_, text := read(t, d, err)
	list := h.entries(t, "internal")
	for _, f := range list[1:] {
		if sum := models.SHA256(sha256.Sum256(content(t, f))); !strings.Contains(text, sum.String()) {
			t.Errorf("the index does not name the SHA-256 of %s, %s", f.Name, sum)
		}
	}
	for _, want := range []string{"contractclause", "qualitystandardqs-jz-cbv3", "claimsaboutquality:within30daysofarrival", "brokencornerover10mm", "notonfile", "madeforthisdossier"} {
		if !strings.Contains(text, want) {
			t.Errorf("the dossier does not say %q", want)
		}
	}
}

// TestZipIsDatedAndRepeatable: entries and dates are the same every time, and so
// are the originals; the bound PDF has its binding's time.
func TestZipIsDatedAndRepeatable(t *testing.T) {
	h := newHouse(t)
	list, again := h.entries(t, "customer"), h.entries(t, "customer")
	if len(list) < 3 || len(list) != len(again) {
		t.Fatalf("the zip holds %d entries, then %d", len(list), len(again))
	}
	for n, f := range list {
		if g := again[n]; g.Name != f.Name || !g.Modified.Equal(f.Modified) || n > 0 && !bytes.Equal(content(t, f), content(t, g)) {
			t.Errorf("%s of %s is %s of %s the next time, or has other content", f.Name, f.Modified, g.Name, g.Modified)
		}
		if at := f.Modified; at.Before(time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)) || at.After(by.At.Add(time.Minute)) {
			t.Errorf("%s is dated %s", f.Name, at)
		}
	}
}

// TestDossierHoldsTheLetterAsSent: once a reply went out, that one is bound.
func TestDossierHoldsTheLetterAsSent(t *testing.T) {
	h := newHouse(t)
	sent, err := h.press.Send(t.Context(), by, h.claim.ID, documents.SendInput{Kind: documents.Rebuttal, SentTo: "claims@example.com", Channel: "e-mail", Lang: "en"})
	if err != nil {
		t.Fatal(err)
	}
	d, err := h.press.DossierPDF(t.Context(), by, h.claim.ID, documents.DossierInput{}, documents.Asked{Lang: "en"})
	if _, text := read(t, d, err); !strings.Contains(text, sent.SHA256.String()) || !strings.Contains(text, "assenton2026-08-01") {
		t.Error("the dossier does not hold the letter as it was sent")
	}
	d, err = h.press.DossierPDF(t.Context(), by, h.claim.ID, documents.DossierInput{}, documents.Asked{Lang: "en", Edition: "supplier"})
	if _, text := read(t, d, err); strings.Contains(text, sent.SHA256.String()) {
		t.Error("the supplier's dossier holds the customer's letter")
	}
}

// TestNoticeNamesTheClaimedLot: the lot that an item names, and all lots shipped
// on its line where it names none.
func TestNoticeNamesTheClaimedLot(t *testing.T) {
	h := newHouse(t)
	var other models.Lot
	err := h.db.Tx(t.Context(), func(tx *gorm.DB) error {
		var shipped models.ShipmentLot
		if err := tx.Where("sales_line_id = ?", h.claim.Items[0].SalesLineID).Take(&shipped).Error; err != nil {
			return err
		}
		if err := tx.Where("id = ?", shipped.LotID).Take(&other).Error; err != nil {
			return err
		}
		other.ID, other.Batch, other.BatchKey = models.NewID(), "2604-B", "2604-b"
		if err := gorm.G[models.Lot](tx).Create(t.Context(), &other); err != nil {
			return err
		}
		shipped.LotID = other.ID
		return gorm.G[models.ShipmentLot](tx).Create(t.Context(), &shipped)
	})
	if err != nil {
		t.Fatal(err)
	}
	notice := func() string {
		d, err := h.press.ClaimPaper(t.Context(), by, h.claim.ID, documents.ProtectiveNotice, nil, documents.Asked{Lang: "en"})
		_, text := read(t, d, err)
		return text
	}
	h.name(t, nil)
	if text := notice(); !strings.Contains(text, "2604-a") || !strings.Contains(text, "2604-b") || !strings.Contains(text, "namesnolotforitem1") {
		t.Errorf("without a lot the notice does not name both, or does not say why: %s", text)
	}
	h.name(t, &other.ID)
	if text := notice(); strings.Contains(text, "2604-a") || !strings.Contains(text, "2604-b") || strings.Contains(text, "namesnolot") {
		t.Errorf("the notice does not name the claimed lot alone: %s", text)
	}
}

// name sets the lot that the claim's items name.
func (h house) name(t *testing.T, lot *models.ID) {
	t.Helper()
	err := h.db.Tx(t.Context(), func(tx *gorm.DB) error {
		return tx.Model(&models.ClaimItem{}).Where("claim_id = ?", h.claim.ID).UpdateColumn("lot_id", lot).Error
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestLettersSayNothingOfOurWeighing: what sales reads of a weak sample stays here.
func TestLettersSayNothingOfOurWeighing(t *testing.T) {
	h := newHouse(t)
	for n, quantity := range []int64{1, 1440} {
		err := h.db.Tx(t.Context(), func(tx *gorm.DB) error {
			return tx.Model(&models.ClaimItem{}).Where("claim_id = ? AND item_no = 1", h.claim.ID).UpdateColumn("quantity", models.Pieces(quantity)).Error
		})
		if err != nil {
			t.Fatal(err)
		}
		var inner string
		err = h.db.View(t.Context(), func(tx *gorm.DB) error {
			c, err := claims.Get(t.Context(), tx, by, h.claim.ID)
			if err != nil {
				return err
			}
			cover, err := claims.Coverage(t.Context(), tx, c)
			inner = fmt.Sprint(cover[0].Statistics.Text)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		d, err := h.press.ClaimPaper(t.Context(), by, h.claim.ID, documents.Rebuttal, nil, documents.Asked{Lang: "en"})
		_, text := read(t, d, err)
		if weak := n == 0; weak != strings.Contains(inner, "may have been there") || weak == strings.Contains(text, "extremelyunlikely") || strings.Contains(text, "mayhavebeenthere") {
			t.Errorf("%d claimed: inner %q, letter %s", quantity, inner, text)
		}
	}
}
