package files

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"gorm.io/gorm"

	"recourse/database"
	"recourse/database/databasetest"
	"recourse/models"
)

func mustUser(t testing.TB, db *database.DB, login string) models.Actor {
	t.Helper()
	at := time.Date(2026, 4, 20, 8, 0, 0, 0, time.UTC)
	user := models.User{ID: models.NewID(), Login: login, LoginKey: login, Name: login, Roles: []models.Role{models.Inspector}, Lang: "zh", Version: 1, CreatedAt: at, UpdatedAt: at}
	if err := db.Write.Create(&user).Error; err != nil {
		t.Fatal(err)
	}
	return models.Actor{UserID: user.ID, Name: login, Roles: user.Roles, Lang: "zh", Via: "session", At: at}
}

func announce(data []byte, kind models.FileKind) NewUpload {
	return NewUpload{ID: models.NewID(), SHA256: keyOf(data).SHA256, Size: int64(len(data)), Kind: kind, Name: "IMG_0001.jpg"}
}

func begin(db *database.DB, by models.Actor, in NewUpload) (up *models.Upload, err error) {
	err = db.Tx(context.Background(), func(tx *gorm.DB) error { up, err = Begin(context.Background(), tx, by, in); return err })
	return up, err
}

func send(db *database.DB, by models.Actor, id models.ID, offset int64, part []byte) (up *models.Upload, err error) {
	err = db.Tx(context.Background(), func(tx *gorm.DB) error {
		up, err = ReceivePart(context.Background(), tx, by, id, offset, sha256.Sum256(part), part)
		return err
	})
	return up, err
}

// mustSend begins and sends data in parts of size, up to the byte called until.
func mustSend(t testing.TB, db *database.DB, by models.Actor, in NewUpload, data []byte, size, until int) {
	t.Helper()
	up, err := begin(db, by, in)
	if err != nil {
		t.Fatalf("Begin = %v", err)
	}
	for at := int(up.Received); at < until; at += size {
		if _, err := send(db, by, in.ID, int64(at), data[at:min(at+size, until)]); err != nil {
			t.Fatalf("ReceivePart at %d = %v", at, err)
		}
	}
}

func mustUpload(t testing.TB, a *Archive, db *database.DB, by models.Actor, kind models.FileKind, data []byte) *models.File {
	t.Helper()
	in := announce(data, kind)
	mustSend(t, db, by, in, data, 64<<10, len(data))
	file, err := a.Complete(t.Context(), db, by, in.ID, nil)
	if err != nil {
		t.Fatalf("Complete = %v", err)
	}
	return file
}

func count(t testing.TB, db *database.DB, table string) int64 {
	t.Helper()
	var n int64
	if err := db.Read.Table(table).Count(&n).Error; err != nil {
		t.Fatal(err)
	}
	return n
}

func TestUploadGoesOnAfterARestart(t *testing.T) {
	url, dir := databasetest.URL(t), t.TempDir()
	open := func() (*database.DB, *Archive) {
		db, err := database.Open(t.Context(), database.Config{URL: url})
		if err != nil {
			t.Fatal(err)
		}
		return db, NewArchive(mustOpenStore(t, "file://"+dir), Options{})
	}
	data := mustPhoto(t, "DSCN0010.jpg")
	in := announce(data, models.FilePhoto)
	db, _ := open()
	by := mustUser(t, db, "li")
	mustSend(t, db, by, in, data, 30_000, 90_000)
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}

	db, a := open()
	up, err := begin(db, by, in)
	if err != nil || up.Received != 90_000 || up.DoneAt != nil {
		t.Fatalf("Begin again = %+v, %v, want offset 90000", up, err)
	}
	if _, err := a.Complete(t.Context(), db, by, in.ID, nil); !models.IsCode(err, models.CodeConflict) {
		t.Errorf("Complete of a part = %v, want a conflict", err)
	}
	mustSend(t, db, by, in, data, 40_000, len(data))
	// The process dies between storing the bytes and writing the row.
	full, err := FindUpload(t.Context(), db.Read, by, in.ID)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := a.assemble(t.Context(), db.Read, full); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}

	db, a = open()
	t.Cleanup(func() { _ = db.Close() })
	told := 0
	for range 2 { // a lost answer makes the phone ask again
		file, err := a.Complete(t.Context(), db, by, in.ID, func(_ *gorm.DB, f *models.File) error { told++; return nil })
		if err != nil {
			t.Fatalf("Complete = %v", err)
		}
		if file.SHA256 != in.SHA256 || file.Kind != models.FilePhoto || file.Camera != "NIKON COOLPIX P6000" || !file.ReceivedAt.Equal(by.At) || file.GPSAt == nil {
			t.Errorf("Complete = %+v, want the photo with its metadata", file)
		}
		content, err := a.Open(t.Context(), file, Original)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(mustRead(t, content), data) {
			t.Error("the original differs from what was sent")
		}
	}
	if told != 1 {
		t.Errorf("arrived was called %d times, want once", told)
	}
	for table, want := range map[string]int64{"files": 1, "uploads": 1, "upload_parts": 0, "audit_entries": 1} {
		if n := count(t, db, table); n != want {
			t.Errorf("%s has %d rows, want %d", table, n, want)
		}
	}
}

func TestBeginRefuses(t *testing.T) {
	db := databasetest.Open(t)
	by := mustUser(t, db, "li")
	data := []byte("certificate of origin")
	good := announce(data, models.FileDocument)
	if _, err := begin(db, by, good); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name  string
		edit  func(*NewUpload)
		code  models.Code
		field string
	}{
		{"no id", func(in *NewUpload) { in.ID = models.ID{} }, models.CodeInvalid, "id"},
		{"no hash", func(in *NewUpload) { in.SHA256 = models.SHA256{} }, models.CodeInvalid, "sha256"},
		{"empty", func(in *NewUpload) { in.Size = 0 }, models.CodeInvalid, "size"},
		{"negative", func(in *NewUpload) { in.Size = -1 }, models.CodeInvalid, "size"},
		{"document too large", func(in *NewUpload) { in.Size = MaxDocumentBytes + 1 }, models.CodeTooLarge, "size"},
		{"photo too large", func(in *NewUpload) { in.Kind, in.Size = models.FilePhoto, MaxPhotoBytes+1 }, models.CodeTooLarge, "size"},
		{"unknown kind", func(in *NewUpload) { in.Kind = "video" }, models.CodeInvalid, "kind"},
		{"name with a line break", func(in *NewUpload) { in.Name = "a\r\nSet-Cookie: x" }, models.CodeInvalid, "name"},
		{"name of broken UTF-8", func(in *NewUpload) { in.Name = "\xff" }, models.CodeInvalid, "name"},
		{"endless name", func(in *NewUpload) { in.Name = strings.Repeat("名", 256) }, models.CodeInvalid, "name"},
		{"id taken by other content", func(in *NewUpload) { in.ID, in.SHA256 = good.ID, keyOf([]byte("x")).SHA256 }, models.CodeConflict, "id"},
	} {
		in := announce(data, models.FileDocument)
		test.edit(&in)
		up, err := begin(db, by, in)
		var refusal *models.Error
		if !errors.As(err, &refusal) || refusal.Code != test.code || refusal.Field != test.field {
			t.Errorf("Begin(%s) = %v, %v, want %s of %s", test.name, up, err, test.code, test.field)
		}
	}
	if n := count(t, db, "uploads"); n != 1 {
		t.Errorf("uploads has %d rows, want 1", n)
	}
	in := announce(data, models.FileDocument)
	in.Name = `C:\Users\li\..\合同.pdf`
	if up, err := begin(db, by, in); err != nil || up.Name != "合同.pdf" {
		t.Errorf("Begin with a path = %+v, %v, want the name 合同.pdf", up, err)
	}
}

func TestReceivePartRefuses(t *testing.T) {
	db := databasetest.Open(t)
	by, other := mustUser(t, db, "li"), mustUser(t, db, "wang")
	data := bytes.Repeat([]byte("0123456789"), 200_000)
	in := announce(data, models.FileDocument)
	mustSend(t, db, by, in, data, 100_000, 300_000)
	zeros := make([]byte, 100_000)
	for _, test := range []struct {
		name   string
		by     models.Actor
		offset int64
		part   []byte
		hash   models.SHA256
		code   models.Code
		field  string
	}{
		{"a gap", by, 400_000, zeros, sha256.Sum256(zeros), models.CodeConflict, "offset"},
		{"other bytes where some are", by, 200_000, zeros, sha256.Sum256(zeros), models.CodeConflict, "offset"},
		{"other cut where some are", by, 150_000, data[150_000:250_000], sha256.Sum256(data[150_000:250_000]), models.CodeConflict, "offset"},
		{"before the start", by, -1, zeros, sha256.Sum256(zeros), models.CodeInvalid, "offset"},
		{"beyond the end", by, 1_950_000, zeros, sha256.Sum256(zeros), models.CodeInvalid, "offset"},
		{"far beyond the end", by, 1<<63 - 1, zeros, sha256.Sum256(zeros), models.CodeInvalid, "offset"},
		{"empty", by, 300_000, nil, sha256.Sum256(nil), models.CodeInvalid, "part"},
		{"above 1 MiB", by, 300_000, data[:MaxPartBytes+1], sha256.Sum256(data[:MaxPartBytes+1]), models.CodeTooLarge, "part"},
		{"damaged on its way", by, 300_000, zeros, sha256.Sum256(data[:100_000]), models.CodeInvalid, "sha256"},
		{"somebody else's upload", other, 300_000, data[:100_000], sha256.Sum256(data[:100_000]), models.CodeNotFound, ""},
	} {
		err := db.Tx(t.Context(), func(tx *gorm.DB) error {
			_, err := ReceivePart(t.Context(), tx, test.by, in.ID, test.offset, test.hash, test.part)
			return err
		})
		var refusal *models.Error
		if !errors.As(err, &refusal) || refusal.Code != test.code || refusal.Field != test.field {
			t.Errorf("ReceivePart(%s) = %v, want %s of %q", test.name, err, test.code, test.field)
		} else if test.field == "offset" && refusal.Current["offset"] != int64(300_000) {
			t.Errorf("ReceivePart(%s) carries %v, want offset 300000", test.name, refusal.Current)
		}
	}
	if up, err := send(db, by, in.ID, 100_000, data[100_000:200_000]); err != nil || up.Received != 300_000 {
		t.Errorf("a repeated part = %+v, %v, want no change at offset 300000", up, err)
	}
	if n := count(t, db, "upload_parts"); n != 3 {
		t.Errorf("upload_parts has %d rows, want 3", n)
	}
}

func TestPartSentTwiceAtOnceCountsOnce(t *testing.T) {
	db := databasetest.Open(t)
	by := mustUser(t, db, "li")
	data := bytes.Repeat([]byte("x"), 50_000)
	in := announce(data, models.FileDocument)
	if _, err := begin(db, by, in); err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			if _, err := send(db, by, in.ID, 0, data[:20_000]); err != nil && !models.IsCode(err, models.CodeConflict) {
				t.Errorf("ReceivePart = %v, want nil or a conflict", err)
			}
		})
	}
	all.Wait()
	if up, err := FindUpload(t.Context(), db.Read, by, in.ID); err != nil || up.Received != 20_000 || up.Parts != 1 {
		t.Errorf("FindUpload = %+v, %v, want 20000 bytes in one part", up, err)
	}
	if n := count(t, db, "upload_parts"); n != 1 {
		t.Errorf("upload_parts has %d rows, want 1", n)
	}
}

func TestPurgeAndDiscard(t *testing.T) {
	db := databasetest.Open(t)
	by := mustUser(t, db, "li")
	a := mustArchive(t, Options{})
	data := []byte("a draft of the bill of lading, never finished")
	mustUpload(t, a, db, by, models.FileDocument, []byte("finished long ago"))
	stale, fresh, unwanted := announce(data, models.FileDocument), announce(data, models.FileDocument), announce(data, models.FileDocument)
	mustSend(t, db, by, stale, data, 10, 20)
	later := by
	later.At = by.At.AddDate(0, 0, 8)
	mustSend(t, db, later, fresh, data, 10, 30)
	mustSend(t, db, later, unwanted, data, 10, 40)
	purge := func() (n int) {
		if err := db.Tx(t.Context(), func(tx *gorm.DB) (err error) {
			n, err = PurgeUploads(t.Context(), tx, later.At.AddDate(0, 0, -7))
			return err
		}); err != nil {
			t.Fatal(err)
		}
		return n
	}
	if n := purge(); n != 1 {
		t.Errorf("PurgeUploads = %d, want the one stale upload", n)
	}
	if n := purge(); n != 0 {
		t.Errorf("PurgeUploads again = %d, want none", n)
	}
	discard := func(by models.Actor, id models.ID) error {
		return db.Tx(t.Context(), func(tx *gorm.DB) error { return Discard(t.Context(), tx, by, id) })
	}
	if err := discard(mustUser(t, db, "wang"), unwanted.ID); !models.IsCode(err, models.CodeNotFound) {
		t.Errorf("Discard of another's upload = %v, want not found", err)
	}
	if err := discard(by, unwanted.ID); err != nil {
		t.Errorf("Discard = %v", err)
	}
	if uploads, parts := count(t, db, "uploads"), count(t, db, "upload_parts"); uploads != 2 || parts != 3 {
		t.Errorf("there are %d uploads and %d parts, want the finished and the fresh one with 3 parts", uploads, parts)
	}
}
