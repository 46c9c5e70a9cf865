package reports

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"io"
	"strings"
	"testing"

	"recourse/models"
)

// withMetadata puts EXIF and a comment into a JPEG, and a trailer behind it.
func withMetadata(data []byte) []byte {
	segment := func(marker byte, s string) []byte {
		return append([]byte{0xFF, marker, byte((len(s) + 2) >> 8), byte(len(s) + 2)}, s...)
	}
	out := append([]byte{0xFF, 0xD8}, segment(0xE1, "Exif\x00\x00GPSLatitude 38.03")...)
	out = append(append(out, segment(0xFE, "secret comment")...), data[2:]...)
	return append(out, "trailer 115.04"...)
}

func pngBytes(t *testing.T, img image.Image) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := png.Encode(&out, img); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestReadPicture(t *testing.T) {
	photo := photoBytes(3, 320, 200)
	deep := image.NewRGBA64(image.Rect(0, 0, 30, 20))
	deep.Set(1, 1, color.RGBA64{0xFFFF, 0, 0, 0xFFFF})
	var grey bytes.Buffer
	if err := jpeg.Encode(&grey, image.NewGray(image.Rect(0, 0, 16, 8)), nil); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name          string
		data          []byte
		width, height int // 0: refused
		kept          bool
	}{
		{"plain", photo, 320, 200, true},
		{"with metadata", withMetadata(photo), 320, 200, true},
		{"grey", grey.Bytes(), 16, 8, true},
		{"16-bit PNG", pngBytes(t, deep), 30, 20, false},
		{"large", photoBytes(5, 3400, 200), 1600, 94, false},
		{"truncated", photo[:len(photo)/2], 0, 0, false},
		{"truncated PNG", pngBytes(t, deep)[:60], 0, 0, false},
		{"empty", nil, 0, 0, false},
		{"text", []byte("not a photo"), 0, 0, false},
		{"only a start", []byte{0xFF, 0xD8, 0xFF, 0xE0, 0, 2}, 0, 0, false},
	}
	for _, test := range tests {
		p, err := readPicture(bytes.NewReader(test.data))
		if (err != nil) != (test.width == 0) || p.width != test.width || p.height != test.height {
			t.Errorf("readPicture(%s) = %d × %d, %v, want %d × %d", test.name, p.width, p.height, err, test.width, test.height)
			continue
		}
		if err != nil {
			continue
		}
		config, err := jpeg.DecodeConfig(bytes.NewReader(p.data))
		if err != nil || config.Width != p.width || config.Height != p.height {
			t.Errorf("readPicture(%s) prints %v, %v, want a JPEG of %d × %d", test.name, config, err, p.width, p.height)
		}
		for _, secret := range []string{"Exif", "38.03", "secret", "115.04"} {
			if bytes.Contains(p.data, []byte(secret)) {
				t.Errorf("readPicture(%s) keeps %q", test.name, secret)
			}
		}
		if test.kept && !bytes.HasSuffix(test.data[:bytes.LastIndex(test.data, []byte{0xFF, 0xD9})+2], p.data[len(p.data)-100:]) {
			t.Errorf("readPicture(%s) encoded the pixels anew", test.name)
		}
	}
}

func FuzzReadPicture(f *testing.F) {
	f.Add(photoBytes(1, 40, 30))
	f.Add(withMetadata(photoBytes(2, 40, 30)))
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := readPicture(bytes.NewReader(data))
		if err == nil && (p.width < 1 || p.height < 1 || len(p.data) == 0) {
			t.Errorf("readPicture gave %d × %d in %d bytes", p.width, p.height, len(p.data))
		}
	})
}

// TestBrokenPhotosLeaveFrames: whatever a photo is, the report comes, says so, and hides no metadata.
func TestBrokenPhotosLeaveFrames(t *testing.T) {
	in, pictures := sample(5)
	photos := in.Record.Photos
	photos[0].Present = false
	photos[1].SHA256 = pictures.put(photoBytes(1, 64, 48)[:200])
	photos[2].SHA256 = pictures.put(nil)
	photos[3].SHA256 = models.SHA256{1} // not in the store
	photos[4].SHA256 = pictures.put(withMetadata(photoBytes(8, 640, 480)))
	in.Record.PhotosPresent = 4
	pdf := mustWrite(t, in, options("en", Customer, pictures))
	checkFile(t, pdf)
	got := body(t, pdf)
	for want, n := range map[string]int{"Photonotreceived": 1, "Photocannotbeshown": 3, "4of5photosreceived": 1} {
		if strings.Count(got, want) != n {
			t.Errorf("%q stands %d times in the report, want %d", want, strings.Count(got, want), n)
		}
	}
	for _, secret := range []string{"Exif", "GPSLatitude", "secret comment", "trailer 115"} {
		if bytes.Contains(pdf, []byte(secret)) {
			t.Errorf("the PDF holds %q", secret)
		}
	}
}

// BenchmarkInspectionReport is a bilingual report of 12 pages with 24 photos as
// they are kept for printing: 1600 × 1200 pixels, some 400 kB each.
func BenchmarkInspectionReport(b *testing.B) {
	in, pictures := sample(0)
	lot := in.Record.Lots[0]
	for n := range 24 {
		in.Record.Photos = append(in.Record.Photos, models.Photo{ID: models.NewID(), SHA256: pictures.put(photoBytes(n, 1600, 1200)), Present: true, FindingID: &lot.Findings[n%2].ID, Caption: "托盘 pallet"})
	}
	in.Record.InspectorRemark = strings.Repeat("检验发现角部压损，须加护角。Corners were crushed on the lower layers. ", 40)
	in.Record.Lots, in.Lots = append(in.Record.Lots, lot, lot), append(in.Lots, in.Lots[0], in.Lots[0])
	o := options("both", Internal, pictures)
	b.ReportMetric(float64(len(pages(b, mustWrite(b, in, o)))), "pages")
	b.ReportAllocs()
	for b.Loop() {
		if err := WriteInspection(io.Discard, in, o); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(len(pages(b, mustWrite(b, in, o)))), "pages")
}

// BenchmarkFonts is what the first report of a process pays on top.
func BenchmarkFonts(b *testing.B) {
	for b.Loop() {
		for _, data := range [][]byte{latinRegular, hanRegular, latinBold, hanBold} {
			raw, err := unpack(data)
			if err != nil {
				b.Fatal(err)
			}
			if _, err := parseFace("", raw); err != nil {
				b.Fatal(err)
			}
		}
	}
}
