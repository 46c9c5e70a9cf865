package files

import (
	"bytes"
	"errors"
	"image"
	"testing"

	"recourse/models"
)

// FuzzExamine: whatever the bytes, a photo is taken with sound facts or refused
// with an Error; nothing panics.
func FuzzExamine(f *testing.F) {
	f.Add(mustPhoto(f, "portrait_6.jpg")[:5000])
	small := mustJPEG(f, image.NewGray(image.Rect(0, 0, 16, 9)))
	f.Add(small)
	f.Add(withExif(small, "II*\x00\x08\x00\x00\x00\x01\x00\x12\x01\x03\x00\x01\x00\x00\x00\x06\x00\x00\x00\x00\x00\x00\x00"))
	f.Add(mustPNG(f, image.NewNRGBA(image.Rect(0, 0, 9, 16))))
	f.Add(pngHeader(40000, 2))
	f.Add([]byte("\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic"))
	a := mustArchive(f, Options{})
	f.Fuzz(func(t *testing.T, data []byte) {
		file, upright, err := a.examine(t.Context(), bytes.NewReader(data))
		if err != nil {
			if !errors.As(err, new(*models.Error)) {
				t.Fatalf("examine = %v, want a models.Error", err)
			}
			return
		}
		if file.Width < 1 || file.Height < 1 || file.Width*file.Height > maxPixels || file.Orientation < 1 || file.Orientation > 8 ||
			max(upright.Rect.Dx(), upright.Rect.Dy()) > largeSide || len(file.TakenAt) > 25 || len([]rune(file.Camera)) > 201 {
			t.Fatalf("examine = %+v, copy %v", file, upright.Rect)
		}
	})
}
