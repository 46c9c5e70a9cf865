package main

import (
	"bytes"
	"encoding/json"
	"image"
	"image/color"
	"image/jpeg"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gorm.io/gorm"

	"recourse/audit"
	"recourse/cases"
	"recourse/database"
	"recourse/database/databasetest"
	"recourse/documents"
	"recourse/files"
	"recourse/inspections"
	"recourse/models"
)

// installation is a database and a file store with the example case, its report
// issued and its audit entries sealed.
type installation struct {
	db     *database.DB
	folder string // of the files
	report models.SHA256
	photo  models.SHA256
}

func newInstallation(t *testing.T) installation {
	t.Helper()
	in := installation{folder: t.TempDir()}
	url := databasetest.URL(t)
	t.Setenv("RECOURSE_DATABASE_URL", url)
	t.Setenv("RECOURSE_FILES_URL", "file://"+in.folder)
	var err error
	if in.db, err = database.Open(t.Context(), database.Config{URL: url}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = in.db.Close() })
	store, err := files.OpenStore(t.Context(), "file://"+in.folder)
	if err != nil {
		t.Fatal(err)
	}
	archive := files.NewArchive(store, files.Options{})
	f, err := cases.Read("../../cases/testdata/jinzhou.json")
	if err != nil {
		t.Fatal(err)
	}
	result, err := cases.Load(t.Context(), in.db, archive, operator(), f, drawn)
	if err != nil {
		t.Fatal(err)
	}
	in.seal(t) // so that the report prints a head other than the start of the chain
	var i *models.Inspection
	err = in.db.View(t.Context(), func(tx *gorm.DB) (err error) {
		i, err = inspections.ByNumber(t.Context(), tx, operator(), result.Inspection.Number)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	press := documents.Press{DB: in.db, Files: archive}
	d, err := press.Inspection(t.Context(), operator(), i.ID, documents.Asked{Lang: "en"})
	if err != nil {
		t.Fatal(err)
	}
	in.report, in.photo = d.SHA256, i.Photos[0].SHA256
	in.seal(t)
	return in
}

func (in installation) seal(t *testing.T) {
	t.Helper()
	err := in.db.Tx(t.Context(), func(tx *gorm.DB) error {
		_, err := audit.Seal(t.Context(), tx, 10000)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// drawn makes a picture of its own for every name.
func drawn(name string) (io.ReadSeekCloser, error) {
	img := image.NewGray(image.Rect(0, 0, 64, 48))
	for x := range 64 {
		for y := range 48 {
			img.SetGray(x, y, color.Gray{Y: name[(x+y)%len(name)]})
		}
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, nil); err != nil {
		return nil, err
	}
	return struct {
		io.ReadSeeker
		io.Closer
	}{bytes.NewReader(b.Bytes()), io.NopCloser(nil)}, nil
}

// verified runs the command and gives what it printed.
func (in installation) verified(t *testing.T, args ...string) (found verified, code int) {
	t.Helper()
	var out, log bytes.Buffer
	code = run(append([]string{"verify"}, args...), nil, &out, &log)
	if err := json.Unmarshal(out.Bytes(), &found); err != nil {
		t.Fatalf("verify printed %q, %q: %v", out.String(), log.String(), err)
	}
	return found, code
}

// blob is the path of a stored original.
func (in installation) blob(t *testing.T, hash models.SHA256) (path string) {
	t.Helper()
	err := filepath.WalkDir(in.folder, func(p string, e fs.DirEntry, err error) error {
		if err == nil && e.Name() == hash.String() {
			path = p
		}
		return err
	})
	if err != nil || path == "" {
		t.Fatalf("no blob %s: %v", hash, err)
	}
	return path
}

func flipBit(t *testing.T, path string) {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	data[len(data)/2] ^= 1
	if err := os.Chmod(path, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestVerifyFindsNothingWrong(t *testing.T) {
	in := newInstallation(t)
	found, code := in.verified(t)
	if code != 0 || len(found.Problems) != 0 {
		t.Fatalf("verify = %d, %v", code, found.Problems)
	}
	if found.Inspections < 1 || found.Reports != 1 || found.Files < 1 || found.Sealed == 0 || found.Unsealed != 0 {
		t.Errorf("verify looked at %+v", found)
	}
	if _, code := in.verified(t, "--head", found.Head.String()); code != 0 {
		t.Error("the head that verify printed is not found in the chain")
	}
	found, code = in.verified(t, "--head", found.Head.String(), "--head", strings.Repeat("ab", 32))
	if code != 1 || len(found.Problems) != 1 || !strings.Contains(found.Problems[0], strings.Repeat("ab", 32)) {
		t.Errorf("with a foreign head verify = %d, %v, want 1 and the head named", code, found.Problems)
	}
	var log bytes.Buffer
	if code := run([]string{"verify", "--head", "12"}, nil, io.Discard, &log); code != 2 || !strings.Contains(log.String(), "--head") {
		t.Errorf("with a head that is none verify = %d, %s, want 2", code, log.String())
	}
}

func TestVerifyFindsWhatWasChanged(t *testing.T) {
	sql := func(statements ...string) func(*testing.T, installation) {
		return func(t *testing.T, in installation) {
			t.Helper()
			for _, s := range statements {
				if r := in.db.Write.Exec(s); r.Error != nil || r.RowsAffected == 0 {
					t.Fatalf("%s: %v, %d rows", s, r.Error, r.RowsAffected)
				}
			}
		}
	}
	for _, test := range []struct {
		name   string
		change func(*testing.T, installation)
		want   string // in one of the problems
	}{
		{"a bit of a report", func(t *testing.T, in installation) { flipBit(t, in.blob(t, in.report)) }, "its PDF was changed"},
		{"a report's bytes gone", func(t *testing.T, in installation) { _ = os.Remove(in.blob(t, in.report)) }, "its PDF is missing"},
		{"a bit of a photo", func(t *testing.T, in installation) { flipBit(t, in.blob(t, in.photo)) }, "was changed in the store"},
		{"a photo cut short", func(t *testing.T, in installation) { _ = os.Truncate(in.blob(t, in.photo), 10) }, "was changed in the store"},
		{"a photo gone", func(t *testing.T, in installation) { _ = os.Remove(in.blob(t, in.photo)) }, "is missing in the store"},
		{"a reading", sql("UPDATE readings SET value = value + 1 WHERE no = 1"), "no longer has its fingerprint"},
		{"a finding", sql("UPDATE findings SET defects = defects + 1"), "no longer has its fingerprint"},
		{"a verdict", sql("UPDATE inspection_lots SET verdict = 'pending'"), "no longer has its fingerprint"},
		{"a remark", sql("UPDATE inspections SET factory_remark = 'x' WHERE state = 'final'"), "no longer has its fingerprint"},
		{"a fingerprint", sql("UPDATE inspections SET fingerprint = record_hash WHERE state = 'final'"), "no longer has its fingerprint"},
		{"a final inspection reopened", sql("UPDATE inspections SET state = 'submitted' WHERE state = 'final'"), "no longer there as final"},
		{"another record under a report", sql("UPDATE issued_reports SET fingerprint = sha256"), "its row was changed"},
		{"a report's head", sql("UPDATE issued_reports SET audit_head = sha256"), "was its head once"},
		{"a report's row", sql("DELETE FROM issued_reports"), "its row is gone"},
		{"a seal", sql("DELETE FROM audit_seals WHERE seq = 3"), "seals are missing"},
		{"an audit entry", sql("UPDATE audit_entries SET detail = '{}' WHERE action = 'decide'"), "was changed"},
	} {
		t.Run(test.name, func(t *testing.T) {
			in := newInstallation(t)
			dropTriggers(t, in.db)
			test.change(t, in)
			found, code := in.verified(t)
			if code != 1 || !strings.Contains(strings.Join(found.Problems, "\n"), test.want) {
				t.Errorf("verify = %d, %q, want 1 and %q", code, found.Problems, test.want)
			}
		})
	}
}

// dropTriggers is what somebody does first who owns the database.
func dropTriggers(t *testing.T, db *database.DB) {
	t.Helper()
	for _, name := range []string{"audit_entries_no_update", "audit_entries_no_delete", "audit_seals_no_update", "audit_seals_no_delete"} {
		if err := db.Write.Exec("DROP TRIGGER " + name).Error; err != nil {
			t.Fatal(err)
		}
	}
}
