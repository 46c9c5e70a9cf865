package server

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"recourse/files"
	"recourse/models"
)

const uploadsPath = "/api/v1/uploads"

// mustJPEG is a picture that is dark on its left and light on its right, with some noise.
func mustJPEG(t testing.TB, w, h int) []byte {
	t.Helper()
	img := image.NewGray(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			img.SetGray(x, y, color.Gray{Y: uint8(255*x/w) ^ uint8((x*31+y*17)&7)})
		}
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// turned is a JPEG whose camera says that it was held upright (EXIF orientation 6).
func turned(picture []byte) []byte {
	exif := append([]byte("Exif\x00\x00MM\x00\x2a\x00\x00\x00\x08"), 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0)
	head := binary.BigEndian.AppendUint16([]byte{0xff, 0xd8, 0xff, 0xe1}, uint16(len(exif)+2))
	return append(append(head, exif...), picture[2:]...)
}

// announced is a file as its sender announces it.
func announced(data []byte, kind models.FileKind) files.NewUpload {
	return files.NewUpload{ID: models.NewID(), SHA256: hashOf(data), Size: int64(len(data)), Kind: kind, Name: "IMG_0001.jpg"}
}

func hashOf(data []byte) models.SHA256 {
	h, _ := models.ParseSHA256("", hashText(data))
	return h
}

// sendPart sends the bytes that start at offset.
func (c *client) sendPart(status int, id models.ID, offset int, data []byte, out any) reply {
	c.t.Helper()
	return c.want(status, "PUT", fmt.Sprintf("%s/%s/parts/%d", uploadsPath, id, offset), data, out, "Content-SHA256", hashText(data))
}

// upload sends a file in two parts and completes it.
func (c *client) upload(data []byte, kind models.FileKind) (file models.File) {
	c.t.Helper()
	in := announced(data, kind)
	c.want(201, "POST", uploadsPath, in, nil)
	c.sendPart(200, in.ID, 0, data[:len(data)/2], nil)
	c.sendPart(200, in.ID, len(data)/2, data[len(data)/2:], nil)
	c.want(200, "POST", uploadsPath+"/"+in.ID.String()+"/complete", nil, &file)
	return file
}

func TestUploadResumes(t *testing.T) {
	s := newSite(t)
	phone, stranger := s.as(t, models.Inspector), s.as(t, models.Inspector)
	photo := mustJPEG(t, 400, 300)
	in := announced(photo, models.FilePhoto)
	at := uploadsPath + "/" + in.ID.String()
	var up models.Upload
	phone.want(201, "POST", uploadsPath, in, &up)
	phone.sendPart(200, in.ID, 0, photo[:1000], &up)
	phone.want(201, "POST", uploadsPath, in, &up) // announced again after the answer was lost
	if up.Received != 1000 || up.DoneAt != nil {
		t.Fatalf("after 1000 bytes the upload stands at %d, done %v", up.Received, up.DoneAt)
	}
	phone.sendPart(200, in.ID, 0, photo[:1000], &up) // the same part again
	for _, offset := range []int{1, 500, 2000} {
		bad{fmt.Sprint("part at ", offset), phone, "PUT", fmt.Sprintf("%s/parts/%d", at, offset), photo[offset : offset+1000], []string{"Content-SHA256", hashText(photo[offset : offset+1000])}, 409, "offset"}.check(t, s)
		p := phone.refused(409, "offset", "PUT", fmt.Sprintf("%s/parts/%d", at, offset), photo[offset:offset+1000], "Content-SHA256", hashText(photo[offset:offset+1000]))
		if p.Current["offset"] != float64(1000) {
			t.Errorf("part at %d: current %v, want offset 1000", offset, p.Current)
		}
	}
	rest := photo[1000:]
	for _, b := range []bad{
		{"complete too early", phone, "POST", at + "/complete", nil, nil, 409, "offset"},
		{"part without its hash", phone, "PUT", at + "/parts/1000", rest, nil, 422, "Content-SHA256"},
		{"part with another hash", phone, "PUT", at + "/parts/1000", rest, []string{"Content-SHA256", hashText(photo)}, 422, "sha256"},
		{"empty part", phone, "PUT", at + "/parts/1000", []byte{}, []string{"Content-SHA256", hashText(nil)}, 422, "part"},
		{"part beyond the end", phone, "PUT", at + "/parts/1000", photo, []string{"Content-SHA256", hashText(photo)}, 422, "offset"},
		{"offset that is none", phone, "PUT", at + "/parts/-1", rest, []string{"Content-SHA256", hashText(rest)}, 400, "offset"},
		{"part larger than one may be", phone, "PUT", at + "/parts/1000", make([]byte, 1<<20+1), []string{"Content-SHA256", hashText(nil)}, 413, ""},
		{"the id for another file", phone, "POST", uploadsPath, files.NewUpload{ID: in.ID, SHA256: hashOf(rest), Size: 10, Kind: models.FilePhoto}, nil, 409, "id"},
		{"another's upload", stranger, "GET", at, nil, nil, 404, ""},
		{"part of another's upload", stranger, "PUT", at + "/parts/1000", rest, []string{"Content-SHA256", hashText(rest)}, 404, ""},
		{"complete another's upload", stranger, "POST", at + "/complete", nil, nil, 404, ""},
		{"give up another's upload", stranger, "DELETE", at, nil, nil, 404, ""},
		{"announce another's upload", stranger, "POST", uploadsPath, in, nil, 409, "id"},
	} {
		b.check(t, s)
	}
	phone.want(200, "GET", at, nil, &up)
	if up.Received != 1000 {
		t.Fatalf("after all that was refused the upload stands at %d, want 1000", up.Received)
	}
	phone.sendPart(200, in.ID, 1000, rest, nil)
	var first, again models.File
	phone.want(200, "POST", at+"/complete", nil, &first)
	phone.want(200, "POST", at+"/complete", nil, &again)
	if first.Kind != models.FilePhoto || first.Width != 400 || first.SHA256 != in.SHA256 || again.SHA256 != first.SHA256 {
		t.Errorf("completed file = %+v, then %+v", first, again)
	}
	bad{"give up what is finished", phone, "DELETE", at, nil, nil, 409, ""}.check(t, s)
	if n := rows(t, s.DB)["upload_parts"]; n != 0 {
		t.Errorf("%d parts are left after the file is stored", n)
	}
}

func TestUploadRefusesAnnouncements(t *testing.T) {
	s := newSite(t)
	phone, photo := s.as(t, models.Inspector), mustJPEG(t, 40, 30)
	change := func(f func(*files.NewUpload)) files.NewUpload {
		in := announced(photo, models.FilePhoto)
		f(&in)
		return in
	}
	for _, b := range []bad{
		{"zero bytes", phone, "POST", uploadsPath, change(func(in *files.NewUpload) { in.Size = 0 }), nil, 422, "size"},
		{"negative bytes", phone, "POST", uploadsPath, change(func(in *files.NewUpload) { in.Size = -1 }), nil, 422, "size"},
		{"larger than a photo may be", phone, "POST", uploadsPath, change(func(in *files.NewUpload) { in.Size = files.MaxPhotoBytes + 1 }), nil, 413, "size"},
		{"unknown kind", phone, "POST", uploadsPath, change(func(in *files.NewUpload) { in.Kind = "video" }), nil, 422, "kind"},
		{"no hash", phone, "POST", uploadsPath, change(func(in *files.NewUpload) { in.SHA256 = models.SHA256{} }), nil, 422, "sha256"},
		{"hash that is none", phone, "POST", uploadsPath, `{"id":"` + models.NewID().String() + `","sha256":"abc","size":1,"kind":"photo","name":"x"}`, nil, 422, "sha256"},
		{"no id", phone, "POST", uploadsPath, `{"sha256":"` + hashText(photo) + `","size":1,"kind":"photo","name":"x"}`, nil, 422, "id"},
		{"name with a line break", phone, "POST", uploadsPath, change(func(in *files.NewUpload) { in.Name = "a\nb" }), nil, 422, "name"},
		{"unknown key", phone, "POST", uploadsPath, `{"received":5}`, nil, 400, "received"},
		{"a viewer sends", s.as(t, models.Viewer), "POST", uploadsPath, announced(photo, models.FilePhoto), nil, 403, ""},
	} {
		b.check(t, s)
	}
}

// pngHeader announces a picture of that size and holds none.
func pngHeader(w, h uint32) []byte {
	var b bytes.Buffer
	_ = png.Encode(&b, image.NewGray(image.Rect(0, 0, 1, 1))) // a bytes.Buffer refuses nothing
	out := b.Bytes()[:33]
	binary.BigEndian.PutUint32(out[16:], w)
	binary.BigEndian.PutUint32(out[20:], h)
	binary.BigEndian.PutUint32(out[29:], crc32.ChecksumIEEE(out[12:29]))
	return out
}

// TestPhotosAreRefusedWhole: what is no photo is known when all of it is here; then nothing of it stays.
func TestPhotosAreRefusedWhole(t *testing.T) {
	s := newSite(t)
	phone, photo := s.as(t, models.Inspector), mustJPEG(t, 400, 300)
	damaged := bytes.Clone(photo)
	copy(damaged[len(damaged)/2:], bytes.Repeat([]byte{0xff, 0x00, 0xff, 0xd9}, 40))
	for _, test := range []struct {
		name   string
		data   []byte
		as     []byte // announced as this one's hash; nil: its own
		status int
	}{
		{"cut off", photo[:len(photo)*2/3], nil, 422},
		{"damaged", damaged, nil, 422},
		{"text named .jpg", []byte("this is not a photo at all, whatever it is called"), nil, 415},
		{"page that runs a script", []byte("<html><script>alert(1)</script></html>"), nil, 415},
		{"start of a JPEG and no more", photo[:3], nil, 422},
		{"more than 40 megapixels", pngHeader(8000, 6000), nil, 413},
		{"wider than 12000 pixels", pngHeader(12001, 10), nil, 413},
		{"HEIC while it is switched off", append([]byte("\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic"), make([]byte, 64)...), nil, 415},
		{"other bytes than announced", photo, mustJPEG(t, 30, 40), 422},
	} {
		t.Run(test.name, func(t *testing.T) {
			phone := *phone
			phone.t = t
			before := rows(t, s.DB)
			for _, lang := range []string{"zh", "en"} {
				in := announced(test.data, models.FilePhoto)
				if test.as != nil {
					in.SHA256 = hashOf(test.as)
				}
				phone.want(201, "POST", uploadsPath, in, nil)
				phone.sendPart(200, in.ID, 0, test.data, nil)
				p := phone.refused(test.status, "file", "POST", uploadsPath+"/"+in.ID.String()+"/complete", nil, "Accept-Language", lang)
				if bytes.ContainsFunc([]byte(p.Detail), isHan) != (lang == "zh") {
					t.Errorf("asked in %s the answer is %q", lang, p.Detail)
				}
				if stored, err := s.Files.Store.Has(t.Context(), files.Key{SHA256: hashOf(test.data)}); err != nil || stored {
					t.Errorf("the store holds what was refused: %v, %v", stored, err)
				}
			}
			after := rows(t, s.DB)
			for _, table := range []string{"uploads", "upload_parts", "files", "audit_entries"} {
				if before[table] != after[table] {
					t.Errorf("%s has %d rows, want %d as before", table, after[table], before[table])
				}
			}
		})
	}
}

// TestPhotoIsShownUpright follows a photo taken with the phone turned, from the upload to the three sizes.
func TestPhotoIsShownUpright(t *testing.T) {
	v := newVisit(t)
	photo := turned(mustJPEG(t, 400, 300))
	file := v.inspector.upload(photo, models.FilePhoto)
	if file.Orientation != 6 || file.Width != 300 || file.Height != 400 {
		t.Errorf("file = %+v, want 300 × 400 of orientation 6", file)
	}
	i := v.recorded(t, `"photos":[]`, `"photos":[{"sha256":"`+hashText(photo)+`","caption":"corner"}]`)
	if i.PhotosWanted != 1 || i.PhotosPresent != 1 {
		t.Fatalf("%d of %d photos, want 1 of 1", i.PhotosPresent, i.PhotosWanted)
	}
	at := v.path("/photos/", i.Photos[0].ID.String(), "/file")
	for size, want := range map[string]string{"": "inline", "large": "inline", "thumb": "inline", "original": "attachment"} {
		r := v.inspector.want(200, "GET", at+"?size="+size, nil, nil)
		if kind := r.header.Get("Content-Type"); kind != "image/jpeg" || r.header.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("size %q is sent as %s, %v", size, kind, r.header)
		}
		if how := r.header.Get("Content-Disposition"); len(how) < len(want) || how[:len(want)] != want {
			t.Errorf("size %q is sent as %q, want %s", size, how, want)
		}
		img, err := jpeg.Decode(bytes.NewReader(r.body))
		if err != nil {
			t.Fatalf("size %q: %v", size, err)
		}
		if size == "original" {
			if !bytes.Equal(r.body, photo) {
				t.Error("the original differs from what was sent")
			}
			continue
		}
		b := img.Bounds()
		top, _, _, _ := img.At(b.Dx()/2, 3).RGBA()
		foot, _, _, _ := img.At(b.Dx()/2, b.Dy()-3).RGBA()
		if b.Dy() <= b.Dx() || top >= foot {
			t.Errorf("size %q measures %v, %d at the top, %d at the foot: want it upright, dark on top", size, b, top, foot)
		}
		if bytes.Contains(r.body, []byte("Exif")) {
			t.Errorf("size %q carries metadata", size)
		}
	}
	bad{"unknown size", v.inspector, "GET", at + "?size=huge", nil, nil, 422, "size"}.check(t, v.site)
	bad{"unknown parameter", v.inspector, "GET", at + "?width=10", nil, nil, 400, "width"}.check(t, v.site)
	part := v.inspector.want(http.StatusPartialContent, "GET", at+"?size=original", nil, nil, "Range", "bytes=0-9")
	if !bytes.Equal(part.body, photo[:10]) {
		t.Errorf("the first ten bytes are %x, want %x", part.body, photo[:10])
	}
}

// TestHashIsNoProof: who merely knows the hash of another's photo gets nothing by it.
func TestHashIsNoProof(t *testing.T) {
	v := newVisit(t)
	photo := mustJPEG(t, 60, 40)
	v.as(t, models.Inspector).upload(photo, models.FilePhoto)
	i := v.recorded(t, `"photos":[]`, `"photos":[{"sha256":"`+hashText(photo)+`"}]`)
	if i.PhotosPresent != 0 {
		t.Errorf("a photo that somebody else sent counts as received")
	}
	bad{"see it", v.inspector, "GET", v.path("/photos/", i.Photos[0].ID.String(), "/file"), nil, nil, 404, ""}.check(t, v.site)
	var up models.Upload
	v.inspector.want(201, "POST", uploadsPath, announced(photo, models.FilePhoto), &up)
	if up.DoneAt != nil || up.Received != 0 {
		t.Errorf("announcing it is answered by %+v, want that it be sent", up)
	}
	signed := strings.Replace(signatures, `"title":"inspector"`, `"image_sha256":"`+hashText(photo)+`"`, 1)
	bad{"sign with it", v.inspector, "POST", v.path("/submit"), signed, []string{"If-Match", version(i)}, 422, "inspector.image_sha256"}.check(t, v.site)
	v.inspector.upload(photo, models.FilePhoto)
	v.inspector.want(200, "GET", v.path(), nil, &i)
	if i.PhotosPresent != 1 {
		t.Errorf("after sending it %d photos are there, want 1", i.PhotosPresent)
	}
	v.inspector.want(200, "POST", v.path("/submit"), signed, nil, "If-Match", version(i))
}

// TestDocumentIsNeverShown: what a user sent as a document is only ever saved. (No route of a visit gives it out.)
func TestDocumentIsNeverShown(t *testing.T) {
	v := newVisit(t)
	page := []byte("<html><script>alert(1)</script></html>")
	file := v.inspector.upload(page, models.FileDocument)
	if file.Kind != models.FileDocument || file.Width != 0 {
		t.Errorf("file = %+v", file)
	}
	content, err := v.Files.Open(t.Context(), &file, files.Original)
	if err != nil {
		t.Fatal(err)
	}
	defer content.Close()
	if kept, err := io.ReadAll(content); err != nil || !bytes.Equal(kept, page) || !content.Attachment {
		t.Errorf("kept %q, %v, attachment %t", kept, err, content.Attachment)
	}
	i := v.recorded(t, `"photos":[]`, `"photos":[{"sha256":"`+hashText(page)+`"}]`)
	if i.PhotosPresent != 0 {
		t.Error("a document counts as a photo")
	}
}

// TestUnfinishedUploadsArePurged: what got no part for two weeks goes, in steps; the rest stays.
func TestUnfinishedUploadsArePurged(t *testing.T) {
	s := newSite(t)
	phone := s.as(t, models.Inspector)
	done := phone.upload(mustJPEG(t, 40, 30), models.FilePhoto)
	for n := range 130 {
		in := announced([]byte{byte(n), 1}, models.FilePhoto)
		phone.want(201, "POST", uploadsPath, in, nil)
		if n%10 == 0 {
			phone.sendPart(200, in.ID, 0, []byte{byte(n)}, nil)
		}
	}
	s.now = s.now.Add(13 * 24 * time.Hour)
	fresh := announced([]byte("fresh"), models.FileDocument)
	phone.want(201, "POST", uploadsPath, fresh, nil)
	for _, step := range []struct {
		later time.Duration
		want  int
	}{{0, 132}, {25 * time.Hour, 2}} {
		s.now = s.now.Add(step.later)
		if err := s.purge(t.Context(), "test"); err != nil {
			t.Fatal(err)
		}
		if n := rows(t, s.DB)["uploads"]; n != step.want {
			t.Errorf("%v later %d uploads are left, want %d", step.later, n, step.want)
		}
	}
	if n := rows(t, s.DB)["upload_parts"]; n != 0 {
		t.Errorf("%d parts are left", n)
	}
	phone.want(200, "GET", uploadsPath+"/"+fresh.ID.String(), nil, nil)
	if stored, err := s.Files.Store.Has(t.Context(), files.Key{SHA256: done.SHA256}); err != nil || !stored {
		t.Errorf("a finished file went with the others: %v, %v", stored, err)
	}
}
