package cases_test

import (
	"bytes"
	"encoding/json"
	"image"
	"image/color"
	"image/jpeg"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"gorm.io/gorm"

	"recourse/cases"
	"recourse/database"
	"recourse/database/databasetest"
	"recourse/files"
	"recourse/models"
)

var by = models.System("test", time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC))

type opened struct{ *bytes.Reader }

func (opened) Close() error { return nil }

// drawn makes a small picture for every name, another one each.
func drawn(t testing.TB) cases.Photos {
	return func(name string) (io.ReadSeekCloser, error) {
		t.Helper()
		m := image.NewRGBA(image.Rect(0, 0, 64, 48))
		for x := range 64 {
			for y := range 48 {
				m.Set(x, y, color.RGBA{uint8(x * len(name)), uint8(y * int(name[0])), name[len(name)-5], 255})
			}
		}
		var b bytes.Buffer
		if err := jpeg.Encode(&b, m, nil); err != nil {
			t.Fatal(err)
		}
		return opened{bytes.NewReader(b.Bytes())}, nil
	}
}

func archive(t testing.TB) *files.Archive {
	t.Helper()
	store, err := files.OpenStore(t.Context(), "file://"+t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	return files.NewArchive(store, files.Options{})
}

func mustRead(t testing.TB) *cases.File {
	t.Helper()
	f, err := cases.Read("testdata/jinzhou.json")
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestExampleCaseAgrees(t *testing.T) {
	result, found, err := cases.Check(t.Context(), by, mustRead(t), drawn(t))
	if err != nil {
		t.Fatal(err)
	}
	if found.Failed > 0 || found.Passed < 30 {
		t.Errorf("%d passed, %d failed: %s", found.Passed, found.Failed, strings.Join(found.Differences, "\n"))
	}
	if result.Inspection.Number == "" {
		t.Error("the inspection has no number")
	}
}

func TestLoadOnTheEngineUnderTest(t *testing.T) {
	db := databasetest.Open(t)
	result, err := cases.Load(t.Context(), db, archive(t), by, mustRead(t), drawn(t))
	if err != nil {
		t.Fatal(err)
	}
	if result.Inspection.Expected.Verdict != models.Accepted || len(result.Warnings) != 2 {
		t.Errorf("Load = %+v, want an accepted inspection and two warnings", result)
	}
	if n := count(t, db, &models.Photo{}); n != 4 {
		t.Errorf("%d photos, want 4", n)
	}
	// The same case again meets its own contract number.
	if _, err := cases.Load(t.Context(), db, archive(t), by, mustRead(t), drawn(t)); !models.IsCode(err, models.CodeConflict) {
		t.Errorf("the same case again = %v, want conflict", err)
	}
}

func count(t *testing.T, db *database.DB, model any) (n int64) {
	t.Helper()
	err := db.View(t.Context(), func(tx *gorm.DB) error { return tx.Model(model).Count(&n).Error })
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// change edits the case as JSON text.
func change(t *testing.T, old, new string) *cases.File {
	t.Helper()
	data, err := os.ReadFile("testdata/jinzhou.json")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(data, []byte(old)) {
		t.Fatalf("the case does not hold %s", old)
	}
	path := filepath.Join(t.TempDir(), "case.json")
	if err := os.WriteFile(path, bytes.Replace(data, []byte(old), []byte(new), 1), 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := cases.Read(path)
	if err != nil {
		t.Fatalf("Read: %v", err)
	}
	return f
}

func TestRefusedCaseLeavesNothing(t *testing.T) {
	tests := []struct{ name, old, new, field string }{
		{"finding outside the catalogue", `"defect": "STN", "units": 4`, `"defect": "ZZZ", "units": 4`, "inspection.lots[0].findings[3].defect"},
		{"more units than the sample", `"defect": "STN", "units": 4`, `"defect": "STN", "units": 400`, "inspection.lots[0].findings[3].units"},
		{"a lot larger than the line", `"quantity_presented": 12000, "cartons": 1000`, `"quantity_presented": 13000, "cartons": 1084`, "inspection.lot.quantity"},
		{"an unknown supplier", `"date": "2026-03-02", "supplier": "JZ01"`, `"date": "2026-03-02", "supplier": "JZ99"`, "purchase_contract.supplier"},
		{"an AQL outside the series", `"major_aql": "2.5"`, `"major_aql": "2.0"`, "quality_standard.content.sampling.classes[1].aql"},
		{"an impossible decision", `"decision": "release"`, `"decision": "waiver"`, "inspection.decision.decision"},
		{"a reading beyond its decimals", `"594.0", "594.5"`, `"594.01", "594.5"`, "inspection.lots[0].measurements[1].readings[0]"},
	}
	db := databasetest.Open(t)
	for _, test := range tests {
		f := change(t, test.old, test.new)
		_, err := cases.Load(t.Context(), db, archive(t), by, f, drawn(t))
		e, ok := err.(*models.Error)
		if !ok || e.Field != test.field || e.Message.ZH == "" {
			t.Errorf("%s: Load = %v, want a refusal of %s", test.name, err, test.field)
		}
		for _, model := range []any{&models.Party{}, &models.Standard{}, &models.Contract{}, &models.Inspection{}, &models.AuditEntry{}} {
			if n := count(t, db, model); n != 0 {
				t.Errorf("%s: %d rows of %T are left, want none", test.name, n, model)
			}
		}
	}
}

func TestReadRefusesUnknownKeys(t *testing.T) {
	for old, new := range map[string]string{
		`"country": "CN"`:         `"country": "CN", "colour": "red"`,
		`"kind": "pre_shipment",`: `"kind": "pre_shipment", "kind": "initial",`,
		`"mean_lower": "147"`:     `"mean_lower": "1,47"`,
		`"line": 1, "product"`:    `"Line": 1, "product"`,
	} {
		data, err := os.ReadFile("testdata/jinzhou.json")
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(t.TempDir(), "case.json")
		if err := os.WriteFile(path, bytes.Replace(data, []byte(old), []byte(new), 1), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := cases.Read(path); err == nil {
			t.Errorf("Read accepts %s", new)
		}
	}
	if _, err := cases.Read("testdata/none.json"); !models.IsCode(err, models.CodeInvalid) {
		t.Errorf("Read of a missing file = %v, want invalid", err)
	}
}

func TestPartsMayBeMissing(t *testing.T) {
	for _, part := range []string{
		`{}`,
		`{"supplier": {"code": "S1", "name": {"zh": "厂", "en": "Works"}, "country": "CN"}}`,
		`{"product": {"code": "P1", "name": {"zh": "板", "en": "Board"}, "unit": "sheet"}}`,
	} {
		path := filepath.Join(t.TempDir(), "case.json")
		if err := os.WriteFile(path, []byte(part), 0o600); err != nil {
			t.Fatal(err)
		}
		f, err := cases.Read(path)
		if err != nil {
			t.Fatalf("Read(%s): %v", part, err)
		}
		if _, err := cases.Load(t.Context(), databasetest.Open(t), archive(t), by, f, drawn(t)); err != nil {
			t.Errorf("Load(%s): %v", part, err)
		}
	}
}

func TestMissingPhoto(t *testing.T) {
	_, err := cases.Load(t.Context(), databasetest.Open(t), archive(t), by, mustRead(t), cases.Folder(t.TempDir()))
	e, ok := err.(*models.Error)
	if !ok || e.Field != "inspection.photos.DSCN0010.jpg" || !strings.Contains(e.Message.EN, "--photos") {
		t.Errorf("Load without photos = %v, want a refusal that names the photo and --photos", err)
	}
}

func TestCompare(t *testing.T) {
	got := map[string]any{"n": 2.0000000001, "s": "x", "l": []int{1, 2}, "deep": map[string]any{"b": true}, "more": 1}
	tests := []struct {
		want           string
		passed, failed int
	}{
		{`{"n": 2}`, 1, 0}, {`{"n": 2.00001}`, 0, 1}, {`{"s": "x", "l": [1, 2]}`, 3, 0}, {`{"l": [1]}`, 0, 1}, {`{"deep": {"b": false}}`, 0, 1},
		{`{"absent": 1}`, 0, 1}, {`{"s": 1}`, 0, 1}, {`{"n": {"x": 1}}`, 0, 1}, {`{"deep": {"b": true}, "more": 1}`, 2, 0},
	}
	for _, test := range tests {
		var c cases.Comparison
		if err := c.Compare("r", json.RawMessage(test.want), got); err != nil {
			t.Fatal(err)
		}
		if c.Passed != test.passed || c.Failed != test.failed || len(c.Differences) != c.Failed {
			t.Errorf("Compare(%s): %d passed, %d failed, want %d and %d", test.want, c.Passed, c.Failed, test.passed, test.failed)
		}
	}
}
