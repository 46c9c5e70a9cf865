package independence_test

import (
	"bytes"
	"context"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"math/bits"
	"math/rand/v2"
	"testing"

	xdraw "golang.org/x/image/draw"

	"recourse/files"
	"recourse/models"
)

// scene draws boxes on a wall lit from one side, at an offset in pixels.
func scene(seed uint64, dx, dy int) *image.RGBA {
	rng := rand.New(rand.NewPCG(seed, 3))
	img := image.NewRGBA(image.Rect(0, 0, 480, 360))
	left, right := 60+rng.Float64()*120, 60+rng.Float64()*120
	for y := range 360 {
		for x := range 480 {
			v := uint8(left + (right-left)*float64(x)/480 + float64(y)/12)
			img.SetRGBA(x, y, color.RGBA{v, v, v, 255})
		}
	}
	for range 6 + rng.IntN(10) {
		x, y, w, h := rng.IntN(440), rng.IntN(320), 30+rng.IntN(160), 30+rng.IntN(120)
		c := color.RGBA{uint8(rng.IntN(256)), uint8(rng.IntN(256)), uint8(rng.IntN(256)), 255}
		draw.Draw(img, image.Rect(x+dx, y+dy, x+w+dx, y+h+dy), image.NewUniform(c), image.Point{}, draw.Src)
	}
	return img
}

// TestSimilarityIsMeasured holds the threshold of three bits against pictures:
// copies at another size and quality are found, other scenes and other shots of the same scene hardly ever.
func TestSimilarityIsMeasured(t *testing.T) {
	store, err := files.OpenStore(t.Context(), "file://"+t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	archive := files.NewArchive(store, files.Options{})
	hash := func(img image.Image, quality int) uint64 {
		t.Helper()
		var b bytes.Buffer
		if err := jpeg.Encode(&b, img, &jpeg.Options{Quality: quality}); err != nil {
			t.Fatal(err)
		}
		f, err := archive.Take(context.Background(), models.FilePhoto, bytes.NewReader(b.Bytes()))
		if err != nil {
			t.Fatal(err)
		}
		return uint64(*f.DHash)
	}
	const scenes, limit = 50, 3
	var originals []uint64
	copies, shots := 0, 0
	for n := range uint64(scenes) {
		img := scene(n, 0, 0)
		original := hash(img, 90)
		smaller := image.NewRGBA(image.Rect(0, 0, 320, 240))
		xdraw.BiLinear.Scale(smaller, smaller.Bounds(), img, img.Bounds(), draw.Src, nil)
		if bits.OnesCount64(original^hash(smaller, 50)) <= limit {
			copies++
		}
		if bits.OnesCount64(original^hash(scene(n, 24, 18), 90)) <= limit { // the camera moved by a twentieth
			shots++
		}
		originals = append(originals, original)
	}
	alike, pairs := 0, 0
	for n, a := range originals {
		for _, b := range originals[:n] {
			pairs++
			if bits.OnesCount64(a^b) <= limit {
				alike++
			}
		}
	}
	t.Logf("within %d bits: %d of %d copies, %d of %d other shots of the scene, %d of %d pairs of scenes", limit, copies, scenes, shots, scenes, alike, pairs)
	if copies < scenes*90/100 || shots > scenes*10/100 || alike > 0 {
		t.Errorf("copies %d of %d, want nine of ten; other shots %d, want at most 10; other scenes %d, want none", copies, scenes, shots, alike)
	}
}
