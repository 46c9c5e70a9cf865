package reports

import (
	"bytes"
	"encoding/gob"
	"fmt"
	"image"
	"image/jpeg"
	"maps"
	"slices"

	"github.com/jung-kurt/gofpdf"
)

// image draws a picture as large as it fits into w × h, centred, with a thin frame.
func (d *document) image(name string, p picture, w, h float64) box {
	d.images[name] = p
	scale := min(w/float64(p.width), h/float64(p.height))
	pw, ph := float64(p.width)*scale, float64(p.height)*scale
	return box{h, func(x, y float64) {
		x, y = x+(w-pw)/2, y+(h-ph)/2
		d.stroke(func(pdf *gofpdf.Fpdf) {
			pdf.ImageOptions(name, x, y, pw, ph, false, gofpdf.ImageOptions{ImageType: "jpg"}, 0, "")
		})
		d.frame(x, y, pw, ph, 0.15, hair)
	}}
}

// noPicture is a frame with words where a picture cannot be shown.
func (d *document) noPicture(note string, w, h float64) box {
	st := small.aligned('C')
	lines := d.lines(note, st, w-6)
	return box{h, func(x, y float64) {
		d.fill(x, y, w, h, tint)
		d.frame(x, y, w, h, 0.2, grey)
		top := y + (h-float64(len(lines))*st.lineHeight())/2
		for i, l := range lines {
			d.write(l, st, x+3, top+float64(i)*st.lineHeight(), w-6)
		}
	}}
}

// register hands the pictures to gofpdf. It writes them ordered by width alone,
// and equal widths in the random order of a map; so that the same report has the
// same bytes, each width is told a hair apart, which vanishes when it is printed
// as an integer. The only way to set it is gofpdf's own stored form of an image.
func (d *document) register(pdf *gofpdf.Fpdf) error {
	var dot bytes.Buffer
	if err := jpeg.Encode(&dot, image.NewGray(image.Rect(0, 0, 1, 1)), nil); err != nil {
		return err
	}
	for i, name := range slices.Sorted(maps.Keys(d.images)) {
		info := pdf.RegisterImageOptionsReader(name, gofpdf.ImageOptions{ImageType: "jpg"}, bytes.NewReader(dot.Bytes()))
		if err := pdf.Error(); err != nil {
			return fmt.Errorf("reports: %w", err)
		}
		stored, err := d.images[name].stored(float64(i+1)*1e-6, pdf.GetConversionRatio())
		if err != nil {
			return fmt.Errorf("reports: %w", err)
		}
		if err := info.GobDecode(stored); err != nil {
			return fmt.Errorf("reports: %w", err)
		}
	}
	return nil
}

// stored is the picture as ImageInfoType.GobDecode reads it: data, soft mask,
// object number, width, height, colour space, palette, bits, filter, decode
// parameters, transparency, scale, dots per inch.
func (p picture) stored(apart, scale float64) ([]byte, error) {
	space := "DeviceRGB"
	if p.grey {
		space = "DeviceGray"
	}
	var out bytes.Buffer
	encoder := gob.NewEncoder(&out)
	for _, field := range []any{p.data, []byte{}, 0, float64(p.width) + apart, float64(p.height), space, []byte{}, 8, "DCTDecode", "", []int{}, scale, 72.0} {
		if err := encoder.Encode(field); err != nil {
			return nil, err
		}
	}
	return out.Bytes(), nil
}
