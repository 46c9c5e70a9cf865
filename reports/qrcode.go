package reports

import (
	"github.com/boombuler/barcode/qr"
	"github.com/jung-kurt/gofpdf"
)

// code is a QR code of side millimetres, quiet zone included, or nothing where
// the text is empty or too long for one.
func (d *document) code(text string, side float64) (box, bool) {
	if text == "" {
		return box{}, false
	}
	matrix, err := qr.Encode(text, qr.M, qr.Auto)
	if err != nil {
		return box{}, false
	}
	n := matrix.Bounds().Dx()
	dark := func(col, row int) bool {
		r, _, _, _ := matrix.At(col, row).RGBA()
		return r < 0x8000
	}
	return box{side, func(x, y float64) {
		module := side / float64(n+8)
		x, y = x+4*module, y+4*module
		d.stroke(func(pdf *gofpdf.Fpdf) {
			pdf.SetFillColor(0, 0, 0)
			for row := range n {
				for col := 0; col < n; col++ {
					run := 0
					for col+run < n && dark(col+run, row) {
						run++
					}
					if run > 0 { // a hair taller than a module, so that no seam shows between rows
						pdf.Rect(x+float64(col)*module, y+float64(row)*module, float64(run)*module, module*1.03, "F")
						col += run
					}
				}
			}
		})
	}}, true
}
