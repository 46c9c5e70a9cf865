package files

import (
	"image"
	"image/color"
	"image/draw"

	xdraw "golang.org/x/image/draw"
)

// The longer sides of the copies that are shown and printed, in pixels.
const (
	largeSide = 1600
	thumbSide = 320
)

// shrink returns img on white with its longer side at most side; a smaller
// picture keeps its size. The kernel scalers of x/image/draw keep 32 bytes for
// each source row × target column, hundreds of megabytes for a phone's picture,
// so whole multiples are averaged first, strip by strip.
func shrink(img image.Image, side int) *image.RGBA {
	b := img.Bounds()
	longer := max(b.Dx(), b.Dy())
	w, h := b.Dx(), b.Dy()
	if longer > side {
		w, h = max(1, (w*side+longer/2)/longer), max(1, (h*side+longer/2)/longer)
	}
	if k := longer / side; k > 1 {
		img = average(img, k)
	}
	dst := image.NewRGBA(image.Rect(0, 0, w, h))
	draw.Draw(dst, dst.Bounds(), image.White, image.Point{}, draw.Src)
	xdraw.ApproxBiLinear.Scale(dst, dst.Bounds(), img, img.Bounds(), draw.Over, nil)
	return dst
}

// average makes one pixel of each k × k, of fewer at the right and lower edge.
func average(img image.Image, k int) *image.RGBA {
	b := img.Bounds()
	dst := image.NewRGBA(image.Rect(0, 0, (b.Dx()+k-1)/k, (b.Dy()+k-1)/k))
	strip := image.NewRGBA(image.Rect(0, 0, b.Dx(), k))
	sums := make([]uint32, 3*dst.Rect.Dx())
	for y := range dst.Rect.Dy() {
		rows := min(k, b.Dy()-y*k)
		area := image.Rect(0, 0, b.Dx(), rows)
		draw.Draw(strip, area, image.White, image.Point{}, draw.Src)
		draw.Draw(strip, area, img, b.Min.Add(image.Pt(0, y*k)), draw.Over)
		clear(sums)
		for row := range rows {
			addRow(sums, strip.Pix[row*strip.Stride:row*strip.Stride+4*b.Dx()], k)
		}
		for x := range dst.Rect.Dx() {
			n := uint32(rows * min(k, b.Dx()-x*k))
			p := dst.Pix[y*dst.Stride+4*x:]
			for c := range 3 {
				p[c] = uint8((sums[3*x+c] + n/2) / n)
			}
			p[3] = 0xff
		}
	}
	return dst
}

// addRow adds each run of k RGBA pixels to its three sums.
func addRow(sums []uint32, row []byte, k int) {
	for i, left := 0, k; len(row) >= 4; row = row[4:] {
		sums[i] += uint32(row[0])
		sums[i+1] += uint32(row[1])
		sums[i+2] += uint32(row[2])
		if left--; left == 0 {
			i, left = i+3, k
		}
	}
}

// turn applies an EXIF orientation (1–8, TIFF 6.0 tag 274), so that the first row
// is the top of the scene.
func turn(src *image.RGBA, orientation int) *image.RGBA {
	if orientation < 2 || orientation > 8 {
		return src
	}
	w, h := src.Rect.Dx(), src.Rect.Dy()
	dst := image.NewRGBA(image.Rect(0, 0, w, h))
	if orientation > 4 {
		dst = image.NewRGBA(image.Rect(0, 0, h, w))
	}
	for y := range dst.Rect.Dy() {
		for x := range dst.Rect.Dx() {
			sx, sy := x, y
			switch orientation {
			case 2: // mirrored
				sx = w - 1 - x
			case 3: // upside down
				sx, sy = w-1-x, h-1-y
			case 4: // mirrored, upside down
				sy = h - 1 - y
			case 5: // mirrored, on its side
				sx, sy = y, x
			case 6: // on its left side: a quarter turn clockwise
				sx, sy = y, h-1-x
			case 7: // mirrored, on its other side
				sx, sy = w-1-y, h-1-x
			case 8: // on its right side: a quarter turn counter-clockwise
				sx, sy = w-1-y, x
			}
			copy(dst.Pix[dst.PixOffset(x, y):][:4], src.Pix[src.PixOffset(sx, sy):][:4])
		}
	}
	return dst
}

// differenceHash is 64 bits, row by row: whether each of 9 × 8 grey fields is
// darker than its right neighbour. Copies of a picture at another size or
// quality differ in a few bits only.
func differenceHash(img *image.RGBA) int64 {
	small := image.NewGray(image.Rect(0, 0, 9, 8))
	xdraw.BiLinear.Scale(small, small.Bounds(), img, img.Bounds(), draw.Src, nil)
	var hash uint64
	for y := range 8 {
		for x := range 8 {
			hash <<= 1
			if small.At(x, y).(color.Gray).Y < small.At(x+1, y).(color.Gray).Y {
				hash |= 1
			}
		}
	}
	return int64(hash)
}
