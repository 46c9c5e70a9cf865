package files

import (
	"bytes"
	"context"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"math/bits"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"recourse/models"
)

func mustPhoto(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func mustArchive(t testing.TB, o Options) *Archive {
	t.Helper()
	return NewArchive(mustOpenStore(t, "file://"+t.TempDir()), o)
}

func mustJPEG(t testing.TB, img image.Image) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := jpeg.Encode(&out, img, nil); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func mustPNG(t testing.TB, img image.Image) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := png.Encode(&out, img); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// withExif puts an APP1 segment with this body behind the start of a JPEG.
func withExif(picture []byte, body string) []byte {
	body = "Exif\x00\x00" + body
	segment := append([]byte{0xff, 0xe1, byte((len(body) + 2) >> 8), byte(len(body) + 2)}, body...)
	return append(append(bytes.Clone(picture[:2]), segment...), picture[2:]...)
}

// pngHeader is a PNG that announces a size and has no pixels.
func pngHeader(w, h uint32) []byte {
	ihdr := append([]byte("IHDR"), make([]byte, 13)...)
	binary.BigEndian.PutUint32(ihdr[4:], w)
	binary.BigEndian.PutUint32(ihdr[8:], h)
	ihdr[12], ihdr[13] = 8, 2 // 8-bit RGB
	out := append([]byte("\x89PNG\r\n\x1a\n"), 0, 0, 0, 13)
	out = append(out, ihdr...)
	return binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE(ihdr))
}

// jpegOfSize is a sound JPEG whose frame header announces another size.
func jpegOfSize(t testing.TB, w, h uint16) []byte {
	t.Helper()
	out := mustJPEG(t, image.NewGray(image.Rect(0, 0, 8, 8)))
	sof := bytes.Index(out, []byte{0xff, 0xc0})
	binary.BigEndian.PutUint16(out[sof+5:], h)
	binary.BigEndian.PutUint16(out[sof+7:], w)
	return out
}

func TestTakeRefuses(t *testing.T) {
	photo := mustPhoto(t, "DSCN0010.jpg")
	damagedScan := bytes.Clone(photo)
	copy(damagedScan[len(damagedScan)/2:], bytes.Repeat([]byte{0xff, 0x17}, 200))
	for _, test := range []struct {
		name string
		kind models.FileKind
		data []byte
		code models.Code
	}{
		{"empty photo", models.FilePhoto, nil, models.CodeInvalid},
		{"empty document", models.FileDocument, nil, models.CodeInvalid},
		{"cut in half", models.FilePhoto, photo[:len(photo)/2], models.CodeInvalid},
		{"last bytes missing", models.FilePhoto, photo[:len(photo)-16], models.CodeInvalid},
		{"cut in the header", models.FilePhoto, photo[:100], models.CodeInvalid},
		{"three bytes", models.FilePhoto, photo[:3], models.CodeInvalid},
		{"overwritten scan", models.FilePhoto, damagedScan, models.CodeInvalid},
		{"HTML named photo.jpg", models.FilePhoto, []byte("<html><script>alert(1)</script>"), models.CodeUnsupported},
		{"GIF", models.FilePhoto, []byte("GIF89a\x01\x00\x01\x00\x00\x00\x00;"), models.CodeUnsupported},
		{"PDF", models.FilePhoto, []byte("%PDF-1.7\n"), models.CodeUnsupported},
		{"AVIF", models.FilePhoto, []byte("\x00\x00\x00\x20ftypavif\x00\x00\x00\x00"), models.CodeUnsupported},
		{"HEIC switched off", models.FilePhoto, mustPhoto(t, "IMG_5195.HEIC"), models.CodeUnsupported},
		{"JPEG signature and noise", models.FilePhoto, append([]byte("\xff\xd8\xff\xe0"), bytes.Repeat([]byte("noise"), 999)...), models.CodeInvalid},
		{"PNG cut off", models.FilePhoto, mustPNG(t, image.NewGray(image.Rect(0, 0, 99, 99)))[:120], models.CodeInvalid},
		{"PNG header only", models.FilePhoto, pngHeader(100, 100), models.CodeInvalid},
		{"PNG of no width", models.FilePhoto, pngHeader(0, 100), models.CodeInvalid},
		{"PNG above 40 MP", models.FilePhoto, pngHeader(8000, 5001), models.CodeTooLarge},
		{"PNG above 12 000 a side", models.FilePhoto, pngHeader(12001, 10), models.CodeTooLarge},
		{"PNG of 2 billion a side", models.FilePhoto, pngHeader(1<<31-1, 1<<31-1), models.CodeUnsupported},
		{"JPEG above 40 MP", models.FilePhoto, jpegOfSize(t, 8000, 5001), models.CodeTooLarge},
		{"JPEG of 65535 a side", models.FilePhoto, jpegOfSize(t, 65535, 65535), models.CodeTooLarge},
		{"JPEG announcing more than it has", models.FilePhoto, jpegOfSize(t, 7000, 5000), models.CodeInvalid},
		{"above 50 MiB", models.FilePhoto, append(bytes.Clone(photo), make([]byte, MaxPhotoBytes)...), models.CodeTooLarge},
		{"no kind", "", photo, models.CodeInvalid},
	} {
		a := mustArchive(t, Options{})
		file, err := a.Take(t.Context(), test.kind, bytes.NewReader(test.data))
		if !models.IsCode(err, test.code) {
			t.Errorf("Take(%s) = %v, %v, want code %s", test.name, file, err, test.code)
			continue
		}
		refusal := err.(*models.Error)
		if want := "file"; refusal.Field != want && test.kind != "" {
			t.Errorf("Take(%s) names the field %q, want %q", test.name, refusal.Field, want)
		}
		if refusal.Message.ZH == "" || refusal.Message.EN == "" {
			t.Errorf("Take(%s) = %+v, want a sentence in both languages", test.name, refusal.Message)
		}
		if had, err := a.Store.Has(t.Context(), keyOf(test.data)); had || err != nil {
			t.Errorf("after Take(%s) Has = %v, %v, want false", test.name, had, err)
		}
	}
}

func TestTakeReadsMetadata(t *testing.T) {
	gps := time.Date(2008, 10, 23, 14, 27, 7, 0, time.UTC)
	plain := mustJPEG(t, image.NewGray(image.Rect(0, 0, 40, 20)))
	for _, test := range []struct {
		name string
		data []byte
		want models.File
	}{
		{"DSCN0010.jpg", mustPhoto(t, "DSCN0010.jpg"), models.File{MediaType: typeJPEG, Width: 640, Height: 480, Orientation: 1,
			TakenAt: "2008-10-22T16:28:39", GPSAt: &gps, Camera: "NIKON COOLPIX P6000",
			Latitude: models.MustDecimal("43.467448"), Longitude: models.MustDecimal("11.885127")}},
		{"IMG_5195.HEIC", mustPhoto(t, "IMG_5195.HEIC"), models.File{MediaType: typeHEIC, Width: 2566, Height: 3313, Orientation: 1,
			TakenAt: "2021-04-11T15:47:53-05:00", Camera: "Apple iPhone 11 Pro Max",
			Latitude: models.MustDecimal("39.051344"), Longitude: models.MustDecimal("-94.288772")}},
		{"portrait_6.jpg", mustPhoto(t, "portrait_6.jpg"), models.File{MediaType: typeJPEG, Width: 450, Height: 600, Orientation: 6}},
		{"landscape_3.jpg", mustPhoto(t, "landscape_3.jpg"), models.File{MediaType: typeJPEG, Width: 600, Height: 450, Orientation: 3}},
		{"landscape_8.jpg", mustPhoto(t, "landscape_8.jpg"), models.File{MediaType: typeJPEG, Width: 600, Height: 450, Orientation: 8}},
		{"image00971.jpg, whose metadata is invalid", mustPhoto(t, "image00971.jpg"), models.File{MediaType: typeJPEG, Width: 636, Height: 227, Orientation: 1}},
		{"no metadata", plain, models.File{MediaType: typeJPEG, Width: 40, Height: 20, Orientation: 1}},
		{"metadata of noise", withExif(plain, "MM\x00*\xff\xff\xff\xff\xff"), models.File{MediaType: typeJPEG, Width: 40, Height: 20, Orientation: 1}},
		{"metadata pointing in a circle", withExif(plain, "II*\x00\x08\x00\x00\x00\x00\x00\x08\x00\x00\x00"), models.File{MediaType: typeJPEG, Width: 40, Height: 20, Orientation: 1}},
		{"PNG", mustPNG(t, image.NewNRGBA(image.Rect(0, 0, 30, 50))), models.File{MediaType: typePNG, Width: 30, Height: 50, Orientation: 1}},
	} {
		a := mustArchive(t, Options{HEIC: true})
		got, err := a.Take(t.Context(), models.FilePhoto, bytes.NewReader(test.data))
		if err != nil {
			t.Errorf("Take(%s) = %v", test.name, err)
			continue
		}
		want := test.want
		want.Kind, want.SHA256, want.Size, want.DHash = models.FilePhoto, keyOf(test.data).SHA256, int64(len(test.data)), got.DHash
		if diff := cmp.Diff(want, *got, cmp.Comparer(func(a, b models.Decimal) bool { return a == b })); diff != "" {
			t.Errorf("Take(%s) (-want +got):\n%s", test.name, diff)
		}
		content, err := a.Open(t.Context(), got, Original)
		if err != nil {
			t.Errorf("Open(%s) = %v", test.name, err)
		} else if kept := mustRead(t, content); !bytes.Equal(kept, test.data) {
			t.Errorf("%s is not kept byte for byte", test.name)
		}
	}
}

func TestCopiesAreUprightAndBare(t *testing.T) {
	for _, name := range []string{"portrait_6.jpg", "landscape_3.jpg", "landscape_8.jpg", "DSCN0010.jpg"} {
		data := mustPhoto(t, name)
		stored, err := jpeg.Decode(bytes.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		a := mustArchive(t, Options{})
		file, err := a.Take(t.Context(), models.FilePhoto, bytes.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		for size, side := range copySides {
			content, err := a.Open(t.Context(), file, size)
			if err != nil {
				t.Fatalf("Open(%s, %s) = %v", name, size, err)
			}
			if content.Attachment || content.MediaType != typeJPEG {
				t.Errorf("Open(%s, %s) = %v, attachment %v, want a picture to show", name, size, content.MediaType, content.Attachment)
			}
			bare := mustRead(t, content)
			if bytes.Contains(bare, []byte("Exif")) || bytes.Contains(bare, []byte{0xff, 0xe1}) {
				t.Errorf("the %s copy of %s has metadata", size, name)
			}
			img, err := jpeg.Decode(bytes.NewReader(bare))
			if err != nil {
				t.Fatal(err)
			}
			b := img.Bounds()
			if longer := max(b.Dx(), b.Dy()); longer > side || b.Dx()*file.Height-b.Dy()*file.Width > 2*side {
				t.Errorf("the %s copy of %s measures %v, want at most %d in proportion to %d × %d", size, name, b.Max, side, file.Width, file.Height)
			}
			comparePixels(t, name+" "+string(size), img, stored, file.Orientation)
		}
	}
}

// comparePixels checks fields of an upright copy against the stored picture.
func comparePixels(t *testing.T, name string, upright, stored image.Image, orientation int) {
	t.Helper()
	const n = 10
	for y := range n {
		for x := range n {
			// Where in the stored picture the field is, by the definition of the tag:
			// 3: both ends swapped; 6: the row becomes the column from the right; 8: from the left.
			sx, sy := x, y
			switch orientation {
			case 3:
				sx, sy = n-1-x, n-1-y
			case 6:
				sx, sy = y, n-1-x
			case 8:
				sx, sy = n-1-y, x
			}
			got, want := fieldMean(upright, x, y, n), fieldMean(stored, sx, sy, n)
			if d := got - want; d < -4 || d > 4 {
				t.Errorf("%s: field %d,%d has brightness %d, want %d", name, x, y, got, want)
			}
		}
	}
}

func fieldMean(img image.Image, x, y, n int) int {
	b := img.Bounds()
	sum, count := 0, 0
	for py := b.Min.Y + y*b.Dy()/n; py < b.Min.Y+(y+1)*b.Dy()/n; py++ {
		for px := b.Min.X + x*b.Dx()/n; px < b.Min.X+(x+1)*b.Dx()/n; px++ {
			sum += int(color.GrayModel.Convert(img.At(px, py)).(color.Gray).Y)
			count++
		}
	}
	return sum / count
}

func TestSimilarPicturesShareTheirHash(t *testing.T) {
	a := mustArchive(t, Options{})
	hash := func(data []byte) uint64 {
		file, err := a.Take(t.Context(), models.FilePhoto, bytes.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		return uint64(*file.DHash)
	}
	original := mustPhoto(t, "landscape_3.jpg")
	decoded, err := jpeg.Decode(bytes.NewReader(mustPhoto(t, "landscape_3.jpg")))
	if err != nil {
		t.Fatal(err)
	}
	resent := mustJPEG(t, shrink(turn(shrink(decoded, 600), 3), 300)) // upright, smaller, other quality
	if d := bits.OnesCount64(hash(original) ^ hash(resent)); d > 4 {
		t.Errorf("a smaller copy differs in %d of 64 bits, want at most 4", d)
	}
	if d := bits.OnesCount64(hash(original) ^ hash(mustPhoto(t, "DSCN0010.jpg"))); d < 12 {
		t.Errorf("another scene differs in %d of 64 bits, want at least 12", d)
	}
}

func TestDecodingMemoryIsBounded(t *testing.T) {
	a := mustArchive(t, Options{DecodeMemory: 100})
	first, err := a.memory.take(t.Context(), 60)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if _, err := a.memory.take(ctx, 60); err == nil {
		t.Error("two decodings of 60 fit into 100 bytes")
	}
	first()
	if _, err := a.memory.take(t.Context(), 1<<40); err != nil {
		t.Errorf("a picture above the bound alone = %v, want nil", err)
	}
}

func TestBombsTakeNoMemory(t *testing.T) {
	a := mustArchive(t, Options{})
	flat := mustPNG(t, image.NewGray(image.Rect(0, 0, 6320, 6320))) // 40 MP in some 40 kB
	for _, test := range []struct {
		name  string
		data  []byte
		limit uint64 // MB allocated in all
		taken bool
	}{
		{"PNG of 900 MP", pngHeader(30000, 30000), 1, false},
		{"JPEG of 4 300 MP", jpegOfSize(t, 65535, 65535), 1, false},
		{"flat PNG of 40 MP", flat, 80, true},
	} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, err := a.Take(t.Context(), models.FilePhoto, bytes.NewReader(test.data))
		runtime.ReadMemStats(&after)
		if (err == nil) != test.taken {
			t.Errorf("Take(%s) = %v, want taken %v", test.name, err, test.taken)
		}
		if mb := (after.TotalAlloc - before.TotalAlloc) >> 20; mb > test.limit {
			t.Errorf("Take(%s) allocated %d MB, want at most %d", test.name, mb, test.limit)
		}
	}
}

func TestLostSourceIsNotADamagedPicture(t *testing.T) {
	a := mustArchive(t, Options{})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, _, err := a.examine(ctx, bytes.NewReader(mustPhoto(t, "DSCN0010.jpg"))); err != context.Canceled {
		t.Errorf("examine after cancelling = %v, want %v", err, context.Canceled)
	}
}

// scanBomb is a sound progressive JPEG of 36 MP in which each scan of 80 bytes
// makes the decoder visit every block once more.
func scanBomb(scans int) []byte {
	const side = 6000
	out := []byte("\xff\xd8\xff\xc2\x00\x0b\x08") // one component, 8 bits
	out = binary.BigEndian.AppendUint16(out, side)
	out = binary.BigEndian.AppendUint16(out, side)
	out = append(out, "\x01\x01\x11\x00"...)
	table := func(class, symbol byte) { // the code 0 of one bit for one symbol
		out = append(out, 0xff, 0xc4, 0, 20, class<<4, 1)
		out = append(append(out, make([]byte, 15)...), symbol)
	}
	table(0, 0)    // no difference
	table(1, 0xe0) // 16384 blocks are zero to their end, and 14 bits for more
	blocks := side / 8 * side / 8
	scan := func(from, to byte, bits int) {
		out = append(out, 0xff, 0xda, 0, 8, 1, 1, 0, from, to, 0)
		out = append(out, make([]byte, (bits+7)/8)...)
	}
	scan(0, 0, blocks)
	for range scans {
		scan(1, 63, (blocks+16383)/16384*15)
	}
	return append(out, 0xff, 0xd9)
}

func TestDecodingTimeIsBounded(t *testing.T) {
	a := mustArchive(t, Options{})
	if _, err := a.Take(t.Context(), models.FilePhoto, bytes.NewReader(scanBomb(1))); err != nil {
		t.Fatalf("Take of two scans = %v, want nil", err)
	}
	a.time = 200 * time.Millisecond
	start := time.Now()
	if _, err := a.Take(t.Context(), models.FilePhoto, bytes.NewReader(scanBomb(20_000))); err != error(errTooSlow) {
		t.Errorf("Take of 20 000 scans = %v, want %v", err, errTooSlow)
	}
	if took := time.Since(start); took > 30*time.Second {
		t.Errorf("it took %v to give up", took)
	}
}
