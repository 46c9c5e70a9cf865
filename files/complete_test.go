package files

import (
	"bytes"
	"context"
	"errors"
	"image"
	"io"
	"strings"
	"testing"
	"time"

	"gorm.io/gorm"

	"recourse/database/databasetest"
	"recourse/models"
)

func TestCompleteRefusesAndForgets(t *testing.T) {
	db := databasetest.Open(t)
	by := mustUser(t, db, "li")
	photo := mustPhoto(t, "DSCN0010.jpg")
	announcedOther := announce(photo, models.FilePhoto)
	announcedOther.SHA256 = keyOf([]byte("another picture")).SHA256
	for _, test := range []struct {
		name string
		in   NewUpload
		data []byte
		code models.Code
	}{
		{"another hash", announcedOther, photo, models.CodeInvalid},
		{"a cut-off photo", announce(photo[:70_000], models.FilePhoto), photo[:70_000], models.CodeInvalid},
		{"a PDF as photo", announce([]byte("%PDF-1.4 …"), models.FilePhoto), []byte("%PDF-1.4 …"), models.CodeUnsupported},
	} {
		a := mustArchive(t, Options{})
		mustSend(t, db, by, test.in, test.data, 64<<10, len(test.data))
		if file, err := a.Complete(t.Context(), db, by, test.in.ID, nil); !models.IsCode(err, test.code) {
			t.Errorf("Complete(%s) = %v, %v, want code %s", test.name, file, err, test.code)
		}
		for _, key := range []Key{{SHA256: test.in.SHA256}, keyOf(test.data)} {
			if had, err := a.Store.Has(t.Context(), key); had || err != nil {
				t.Errorf("after Complete(%s) Has = %v, %v, want false", test.name, had, err)
			}
		}
		for _, table := range []string{"files", "uploads", "upload_parts", "audit_entries"} {
			if n := count(t, db, table); n != 0 {
				t.Errorf("after Complete(%s) %s has %d rows, want none", test.name, table, n)
			}
		}
	}
}

// fullStore is a store without room.
type fullStore struct{ Store }

func (fullStore) Put(context.Context, Key, int64, io.Reader) error { return errFull }

func TestCompleteKeepsThePartsWhenTheStoreIsFull(t *testing.T) {
	db := databasetest.Open(t)
	by := mustUser(t, db, "li")
	a := mustArchive(t, Options{})
	room := a.Store
	data := mustPhoto(t, "portrait_6.jpg")
	in := announce(data, models.FilePhoto)
	mustSend(t, db, by, in, data, 64<<10, len(data))
	a.Store = fullStore{room}
	if _, err := a.Complete(t.Context(), db, by, in.ID, nil); !models.IsCode(err, models.CodeStorageFull) {
		t.Errorf("Complete without room = %v, want code %s", err, models.CodeStorageFull)
	}
	a.Store = room
	if file, err := a.Complete(t.Context(), db, by, in.ID, nil); err != nil || file.Width != 450 {
		t.Errorf("Complete with room again = %+v, %v, want the photo", file, err)
	}
}

func TestArrivalAndFileAreOneTransaction(t *testing.T) {
	db := databasetest.Open(t)
	by := mustUser(t, db, "li")
	a := mustArchive(t, Options{})
	data := mustPhoto(t, "portrait_6.jpg")
	in := announce(data, models.FilePhoto)
	mustSend(t, db, by, in, data, 64<<10, len(data))
	failed := errors.New("the inspection is locked")
	if _, err := a.Complete(t.Context(), db, by, in.ID, func(*gorm.DB, *models.File) error { return failed }); !errors.Is(err, failed) {
		t.Errorf("Complete = %v, want %v", err, failed)
	}
	if n := count(t, db, "files"); n != 0 {
		t.Errorf("files has %d rows, want none", n)
	}
	if up, err := FindUpload(t.Context(), db.Read, by, in.ID); err != nil || up.DoneAt != nil || up.Received != up.Size {
		t.Errorf("FindUpload = %+v, %v, want it complete and not done", up, err)
	}
}

func TestKnownContentHelpsOnlyItsSender(t *testing.T) {
	db := databasetest.Open(t)
	li, wang := mustUser(t, db, "li"), mustUser(t, db, "wang")
	a := mustArchive(t, Options{})
	data := mustPhoto(t, "landscape_3.jpg")
	hash := keyOf(data).SHA256
	mustUpload(t, a, db, li, models.FilePhoto, data)

	if up, err := begin(db, li, announce(data, models.FilePhoto)); err != nil || up.DoneAt == nil || up.Received != up.Size {
		t.Errorf("Begin by who sent it = %+v, %v, want done", up, err)
	}
	if up, err := begin(db, wang, announce(data, models.FilePhoto)); err != nil || up.DoneAt != nil || up.Received != 0 {
		t.Errorf("Begin by another = %+v, %v, want nothing received", up, err)
	}
	if _, _, err := Find(t.Context(), db.Read, wang, hash); !models.IsCode(err, models.CodeNotFound) {
		t.Errorf("Find by another = %v, want not found", err)
	}
	hashes := []models.SHA256{hash, keyOf([]byte("none")).SHA256}
	for _, test := range []struct {
		by   models.Actor
		want int
	}{{li, 1}, {wang, 0}, {models.System("command", li.At), 1}} {
		if got, err := Received(t.Context(), db.Read, test.by, hashes); err != nil || len(got) != test.want || test.want == 1 && !got[hash] {
			t.Errorf("Received by %s = %v, %v, want %d", test.by.Name, got, err, test.want)
		}
	}
	mustUpload(t, a, db, wang, models.FilePhoto, data)
	if file, name, err := Find(t.Context(), db.Read, wang, hash); err != nil || name != "IMG_0001.jpg" || file.Width != 600 {
		t.Errorf("Find after sending it = %+v, %q, %v", file, name, err)
	}
	if n := count(t, db, "files"); n != 1 {
		t.Errorf("files has %d rows, want 1", n)
	}
}

func TestDocumentBecomesPhoto(t *testing.T) {
	db := databasetest.Open(t)
	by := mustUser(t, db, "li")
	a := mustArchive(t, Options{})
	data := mustPhoto(t, "DSCN0010.jpg")
	document := mustUpload(t, a, db, by, models.FileDocument, data)
	if document.Kind != models.FileDocument || document.MediaType != typeJPEG || document.Width != 0 || document.DHash != nil {
		t.Errorf("a picture sent as document = %+v", document)
	}
	if _, err := a.Open(t.Context(), document, Thumb); !models.IsCode(err, models.CodeInvalid) {
		t.Errorf("Open of a document's thumbnail = %v, want invalid", err)
	}
	photo := mustUpload(t, a, db, by, models.FilePhoto, data)
	if photo.Kind != models.FilePhoto || photo.Width != 640 || photo.DHash == nil || photo.Latitude.String() != "43.467448" || photo.GPSAt == nil {
		t.Errorf("sent again as photo = %+v", photo)
	}
	if again := mustUpload(t, a, db, by, models.FileDocument, data); again.Kind != models.FilePhoto {
		t.Errorf("sent once more as document = %+v, want it to stay a photo", again)
	}
}

func TestOpenMakesLostCopiesAgain(t *testing.T) {
	for name, store := range stores(t) {
		a := NewArchive(store, Options{})
		data := mustPhoto(t, "portrait_6.jpg")
		key := keyOf(data)
		if err := store.Put(t.Context(), key, int64(len(data)), bytes.NewReader(data)); err != nil { // as after a restore
			t.Fatal(err)
		}
		file := &models.File{SHA256: key.SHA256, Kind: models.FilePhoto, Size: int64(len(data)), MediaType: typeJPEG}
		content, err := a.Open(t.Context(), file, Thumb)
		if err != nil {
			t.Fatalf("%s: Open = %v", name, err)
		}
		if c, _, err := image.DecodeConfig(bytes.NewReader(mustRead(t, content))); err != nil || c.Width != 240 || c.Height != 320 {
			t.Errorf("%s: the thumbnail measures %d × %d, %v, want 240 × 320", name, c.Width, c.Height, err)
		}
	}
}

func TestRecordAndTypesOfDocuments(t *testing.T) {
	db := databasetest.Open(t)
	by := models.System("command", time.Date(2026, 4, 20, 8, 0, 0, 0, time.UTC))
	a := mustArchive(t, Options{})
	for _, test := range []struct{ name, content, want string }{
		{"offer.xlsx", "%PDF-1.7\n%âãÏÓ", "application/pdf"},
		{"合同.txt", "数量：12000 张", "text/plain; charset=utf-8"},
		{"page.pdf", "<!DOCTYPE html><script>alert(1)</script>", "text/html; charset=utf-8"},
		{"", "\x00\x01\x02", "application/octet-stream"},
	} {
		file, err := a.Take(t.Context(), models.FileDocument, strings.NewReader(test.content))
		if err != nil {
			t.Fatalf("Take(%s) = %v", test.name, err)
		}
		if err := db.Tx(t.Context(), func(tx *gorm.DB) error { return Record(t.Context(), tx, by, test.name, file) }); err != nil {
			t.Fatalf("Record(%s) = %v", test.name, err)
		}
		found, name, err := Find(t.Context(), db.Read, by, file.SHA256)
		if err != nil || found.MediaType != test.want || name != test.name {
			t.Errorf("Find(%s) = %+v, %q, %v, want type %s", test.name, found, name, err, test.want)
		}
		content, err := a.Open(t.Context(), found, "")
		if err != nil {
			t.Fatal(err)
		}
		if !content.Attachment || string(mustRead(t, content)) != test.content {
			t.Errorf("Open(%s) is not an attachment of what was sent", test.name)
		}
	}
}
