package main

import (
	"bytes"
	"image"
	"image/jpeg"
	"math"
)

const (
	photoWidth, photoHeight = 4000, 3000 // 12 megapixels: some 3 MB
	photoQuality            = 94
)

// photo draws a picture that differs by n and compresses as a phone's does: with
// soft shapes, edges and the grain of a sensor.
func photo(n, width, height int) ([]byte, error) {
	img := image.NewYCbCr(image.Rect(0, 0, width, height), image.YCbCrSubsampleRatio420)
	seed := uint32(n*7919 + 1)
	columns := make([]float64, width)
	for x := range columns {
		columns[x] = 40*math.Sin(float64(x*(n+3))/900) + 12*math.Sin(float64(x)/23)
	}
	for y := range height {
		base := 110 + 30*math.Cos(float64(y*(n%5+2))/700)
		if y/130%2 == n%2 {
			base += 25 // boards in a stack
		}
		row := img.Y[y*img.YStride:]
		for x := range width {
			seed = seed*1664525 + 1013904223
			grain := float64(seed>>25)/127*9 - 4.5
			row[x] = uint8(base + columns[x] + grain)
		}
	}
	for i := range img.Cb {
		img.Cb[i], img.Cr[i] = uint8(110+(i/997+n*5)%20), uint8(130+(i/1511+n*11)%16)
	}
	var out bytes.Buffer
	err := jpeg.Encode(&out, img, &jpeg.Options{Quality: photoQuality})
	return out.Bytes(), err
}
