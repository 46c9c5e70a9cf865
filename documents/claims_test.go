package documents_test

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	"image"
	"image/color"
	"image/jpeg"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"gorm.io/gorm"

	"recourse/cases"
	"recourse/claims"
	"recourse/database"
	"recourse/database/databasetest"
	"recourse/documents"
	"recourse/files"
	"recourse/models"
	"recourse/recovery"
)

var by = models.System("test", time.Date(2026, 8, 1, 8, 0, 0, 0, time.UTC))

type opened struct{ *bytes.Reader }

func (opened) Close() error { return nil }

// drawn makes a small picture for every name, another one each.
func drawn(name string) (io.ReadSeekCloser, error) {
	m := image.NewRGBA(image.Rect(0, 0, 64, 48))
	for x := range 64 {
		m.Set(x, len(name), color.RGBA{name[0], name[len(name)-5], uint8(x), 255})
	}
	var b bytes.Buffer
	err := jpeg.Encode(&b, m, nil)
	return opened{bytes.NewReader(b.Bytes())}, err
}

// house is the example case, from contract to debit note, with its press.
type house struct {
	db    *database.DB
	press documents.Press
	claim *models.Claim
	note  *recovery.Note
}

func newHouse(t *testing.T) house {
	t.Helper()
	db := databasetest.Open(t)
	store, err := files.OpenStore(t.Context(), "file://"+t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	archive := files.NewArchive(store, files.Options{})
	f, err := cases.Read("../cases/testdata/jinzhou.json")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := cases.Load(t.Context(), db, archive, by, f, drawn); err != nil {
		t.Fatal(err)
	}
	h := house{db: db, press: documents.Press{DB: db, Files: archive, BaseURL: "http://127.0.0.1:8080", Company: models.Text{ZH: "华贸进出口有限公司", EN: "Huamao Import & Export"}}}
	err = db.View(t.Context(), func(tx *gorm.DB) (err error) {
		if h.claim, err = claims.ByNumber(t.Context(), tx, by, "CLM-2026-000001"); err != nil {
			return err
		}
		h.note, err = recovery.NoteByNumber(t.Context(), tx, by, "DN-2026-0001")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// read takes a document's bytes and lets qpdf judge them; text is what pdftotext finds, without blanks.
func read(t *testing.T, d *documents.Document, err error) (pdf []byte, text string) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	if pdf, err = io.ReadAll(d.Content); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "document.pdf")
	if err := os.WriteFile(path, pdf, 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("qpdf", "--check", path).CombinedOutput(); err != nil {
		t.Errorf("%s: qpdf --check: %v\n%s", d.Name, err, out)
	}
	out, err := exec.Command("pdftotext", "-raw", path, "-").Output()
	if err != nil {
		t.Fatal(err)
	}
	return pdf, strings.ToLower(strings.Join(strings.Fields(string(out)), ""))
}

// tells fails the test where a text names what its edition keeps back.
func tells(t *testing.T, what, text string, secrets ...string) {
	t.Helper()
	for _, s := range secrets {
		if strings.Contains(text, s) {
			t.Errorf("%s tells %q", what, s)
		}
	}
}

var (
	ofSupplier = []string{"晋州", "jinzhou", "jz01", "pc-2026-017", "warehouse2"}
	ofCustomer = []string{"汉堡", "hamburg", "hh02", "sc-2026-031"}
)

func TestEveryPaperInEveryLanguage(t *testing.T) {
	h := newHouse(t)
	for _, lang := range []string{"zh", "en", "both"} {
		asked := documents.Asked{Lang: lang}
		for kind, secrets := range map[string][]string{
			documents.Acknowledgement: ofSupplier, documents.EvidenceRequest: ofSupplier, documents.Rebuttal: ofSupplier, documents.ProtectiveNotice: ofCustomer,
		} {
			d, err := h.press.ClaimPaper(t.Context(), by, h.claim.ID, kind, nil, asked)
			_, text := read(t, d, err)
			tells(t, kind+" in "+lang, text, secrets...)
			if !strings.Contains(text, "clm-2026-000001") {
				t.Errorf("%s in %s does not name the claim", kind, lang)
			}
		}
		d, err := h.press.DossierPDF(t.Context(), by, h.claim.ID, documents.DossierInput{}, asked)
		_, text := read(t, d, err)
		tells(t, "dossier in "+lang, text, ofSupplier...)
		if !strings.Contains(text, "ins-2026-000001") {
			t.Errorf("the dossier in %s holds no inspection report", lang)
		}
		d, err = h.press.DebitNote(t.Context(), by, h.note.ID, asked)
		_, text = read(t, d, err)
		tells(t, "debit note in "+lang, text, ofCustomer...)
		if !strings.Contains(text, "3883.53") || !strings.Contains(text, "叁仟捌佰捌拾叁元伍角叁分") {
			t.Errorf("the debit note in %s does not hold its amount", lang)
		}
		d, err = h.press.Statement(t.Context(), by, *h.note.PartyID, documents.Period{Asked: asked})
		_, text = read(t, d, err)
		tells(t, "statement in "+lang, text, ofCustomer...)
	}
}

func TestDebitNoteIsIssuedOnce(t *testing.T) {
	h := newHouse(t)
	d, err := h.press.DebitNote(t.Context(), by, h.note.ID, documents.Asked{})
	first, _ := read(t, d, err)
	later := by
	later.At = by.At.Add(time.Hour)
	d, err = h.press.DebitNote(t.Context(), later, h.note.ID, documents.Asked{})
	if again, _ := read(t, d, err); !bytes.Equal(first, again) || !d.Issued {
		t.Error("the debit note has other bytes an hour later")
	}
}

func TestWhatWasSentIsFrozen(t *testing.T) {
	h := newHouse(t)
	in := documents.SendInput{Kind: documents.Rebuttal, SentTo: "claims@example.com", Channel: "e-mail"}
	sent, err := h.press.Send(t.Context(), by, h.claim.ID, in)
	if err != nil {
		t.Fatal(err)
	}
	d, err := h.press.Sent(t.Context(), by, h.claim.ID, sent.ID)
	pdf, text := read(t, d, err)
	if sha256.Sum256(pdf) != sent.SHA256 || strings.Contains(text, "draft") {
		t.Error("what was sent is not what is kept, or is a draft")
	}
	err = h.db.View(t.Context(), func(tx *gorm.DB) error {
		c, err := claims.Get(t.Context(), tx, by, h.claim.ID)
		if err == nil && (len(c.Contacts) != 1 || !strings.Contains(c.Contacts[0].Text, sent.SHA256.String())) {
			t.Errorf("the log does not say what was sent: %+v", c.Contacts)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for field, bad := range map[string]func(*documents.SendInput){
		"edition": func(in *documents.SendInput) { in.Edition = "internal" }, "sent_to": func(in *documents.SendInput) { in.SentTo = " " },
		"lang": func(in *documents.SendInput) { in.Lang = "de" }, "kind": func(in *documents.SendInput) { in.Kind = "poem" },
	} {
		in := in
		bad(&in)
		if _, err := h.press.Send(context.Background(), by, h.claim.ID, in); err == nil || err.(*models.Error).Field != field {
			t.Errorf("Send(%+v) = %v, want a refusal of %s", in, err, field)
		}
	}
}

func TestDossierZipHoldsTheOriginals(t *testing.T) {
	h := newHouse(t)
	count := func(edition string) (photos, same int) {
		d, err := h.press.DossierZip(t.Context(), by, h.claim.ID, documents.DossierInput{}, documents.Asked{Edition: edition})
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
		for _, f := range z.File {
			if !strings.HasPrefix(f.Name, "originals/photo-") {
				continue
			}
			r, err := f.Open()
			if err != nil {
				t.Fatal(err)
			}
			content, err := io.ReadAll(r)
			if err != nil {
				t.Fatal(err)
			}
			photos++
			sum := models.SHA256(sha256.Sum256(content))
			if strings.Contains(f.Name, sum.String()[:12]) {
				same++
			}
		}
		return photos, same
	}
	if photos, same := count("internal"); photos == 0 || photos != same {
		t.Errorf("internal: %d of %d photos are the originals, want all", same, photos)
	}
	if photos, same := count("customer"); photos == 0 || same != 0 {
		t.Errorf("customer: %d of %d photos are originals with their metadata, want none", same, photos)
	}
	foreign := documents.DossierInput{Inspections: []models.ID{models.NewID()}}
	if _, err := h.press.DossierPDF(t.Context(), by, h.claim.ID, foreign, documents.Asked{}); !models.IsCode(err, models.CodeInvalid) {
		t.Errorf("a dossier with a foreign inspection = %v, want invalid", err)
	}
}
