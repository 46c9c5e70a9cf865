package reports

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	_ "image/png" // pictures may come as PNG
	"io"

	"golang.org/x/image/draw"
)

// What a picture may be. Smaller ones keep their bytes, larger ones are printed at maxPrint.
const (
	maxPictureBytes  = 24 << 20
	maxPicturePixels = 40_000_000
	keepBytes        = 1 << 20
	maxPrint         = 1600 // pixels on the long side
)

var errPicture = errors.New("not a picture that can be printed")

// picture is a JPEG ready for the page: 8 bits, grey or RGB, without metadata.
type picture struct {
	data          []byte
	width, height int
	grey          bool
}

// readPicture makes a printable picture of a JPEG or PNG that stands upright. A
// plain JPEG of moderate size keeps its compressed pixels and loses every
// metadata segment (EXIF, GPS, XMP); anything else is encoded anew.
func readPicture(r io.Reader) (p picture, err error) {
	defer func() {
		if failure := recover(); failure != nil { // a decoder that trips over foreign bytes costs one photo, not the report
			err = fmt.Errorf("%w: %v", errPicture, failure)
		}
	}()
	data, err := io.ReadAll(io.LimitReader(r, maxPictureBytes+1))
	if err != nil {
		return p, err
	}
	config, format, err := image.DecodeConfig(bytes.NewReader(data))
	if err != nil || len(data) > maxPictureBytes || config.Width <= 0 || config.Height <= 0 || config.Width*config.Height > maxPicturePixels {
		return p, errPicture
	}
	plain := config.ColorModel == color.YCbCrModel || config.ColorModel == color.GrayModel
	if format == "jpeg" && plain && len(data) <= keepBytes && max(config.Width, config.Height) <= 2*maxPrint {
		if bare, ok := stripJPEG(data); ok {
			return picture{bare, config.Width, config.Height, config.ColorModel == color.GrayModel}, nil
		}
	}
	img, _, err := image.Decode(bytes.NewReader(data))
	if err != nil {
		return p, errPicture
	}
	return encodePicture(img)
}

func encodePicture(img image.Image) (picture, error) {
	b := img.Bounds()
	w, h := b.Dx(), b.Dy()
	if long := max(w, h); long > maxPrint {
		w, h = max(1, w*maxPrint/long), max(1, h*maxPrint/long)
	}
	canvas := image.NewRGBA(image.Rect(0, 0, w, h))
	draw.Draw(canvas, canvas.Bounds(), image.White, image.Point{}, draw.Src)
	draw.ApproxBiLinear.Scale(canvas, canvas.Bounds(), img, b, draw.Over, nil)
	var out bytes.Buffer
	if err := jpeg.Encode(&out, canvas, &jpeg.Options{Quality: 82}); err != nil {
		return picture{}, err
	}
	return picture{data: out.Bytes(), width: w, height: h}, nil
}

// stripJPEG drops the segments that hold metadata, APP1–APP13, APP15 and
// comments; ok is false where the segments or the end are not as they should be.
func stripJPEG(data []byte) (out []byte, ok bool) {
	if len(data) < 4 || data[0] != 0xFF || data[1] != 0xD8 {
		return nil, false
	}
	out = append(make([]byte, 0, len(data)), 0xFF, 0xD8)
	for at := 2; at+4 <= len(data); {
		if data[at] != 0xFF {
			return nil, false
		}
		marker, size := data[at+1], int(data[at+2])<<8|int(data[at+3])
		if marker == 0xFF { // padding
			at++
			continue
		}
		if size < 2 || at+2+size > len(data) {
			return nil, false
		}
		if marker == 0xDA { // what follows the end of image (a preview, a maker's trailer) goes
			end, clean := scanEnd(data, at+2+size)
			return append(out, data[at:end]...), clean
		}
		metadata := marker >= 0xE1 && marker <= 0xEF && marker != 0xEE || marker == 0xFE
		if !metadata {
			out = append(out, data[at:at+2+size]...)
		}
		at += 2 + size
	}
	return nil, false
}

// scanEnd is where the only scan ends, end of image included; not clean where
// anything but pixels stands before it, as in a progressive picture.
func scanEnd(data []byte, at int) (end int, clean bool) {
	for {
		i := bytes.IndexByte(data[at:], 0xFF)
		if i < 0 || at+i+1 >= len(data) {
			return at, false
		}
		at += i + 2
		switch m := data[at-1]; {
		case m == 0xD9:
			return at, true
		case m == 0xFF:
			at--
		case m != 0 && (m < 0xD0 || m > 0xD7):
			return at, false
		}
	}
}
