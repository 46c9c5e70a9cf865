package demo

import (
	"bytes"
	"image"
	"image/jpeg"
	"math"
)

// colour is red, green and blue from 0 to 1.
type colour [3]float64

// mix goes from a to b as t goes from 0 to 1.
func mix(a, b colour, t float64) colour {
	return colour{a[0] + (b[0]-a[0])*t, a[1] + (b[1]-a[1])*t, a[2] + (b[2]-a[2])*t}
}

// times lightens or darkens.
func (c colour) times(k float64) colour { return colour{c[0] * k, c[1] * k, c[2] * k} }

// picture is painted pixel by pixel; seed makes each one its own.
type picture struct {
	w, h int
	pix  []colour
	seed uint32
}

func newPicture(w, h int, seed uint32) *picture {
	return &picture{w: w, h: h, pix: make([]colour, w*h), seed: seed}
}

// ink is what a brush leaves at a point: a colour and how much it covers.
type ink func(x, y float64) (c colour, cover float64)

// paint lays ink over the rectangle from x0, y0 to x1, y1.
func (p *picture) paint(x0, y0, x1, y1 float64, brush ink) {
	for y := max(int(y0), 0); y < min(int(y1)+1, p.h); y++ {
		for x := max(int(x0), 0); x < min(int(x1)+1, p.w); x++ {
			c, cover := brush(float64(x)+.5, float64(y)+.5)
			if cover <= 0 {
				continue
			}
			at := &p.pix[y*p.w+x]
			*at = mix(*at, c, min(cover, 1))
		}
	}
}

// fill paints everything.
func (p *picture) fill(at func(x, y float64) colour) {
	p.paint(0, 0, float64(p.w), float64(p.h), func(x, y float64) (colour, float64) { return at(x, y), 1 })
}

// jpeg is the picture as a small camera would have it: light that falls off to
// the edges, noise of the sensor, and compression.
func (p *picture) jpeg() ([]byte, error) {
	out := image.NewRGBA(image.Rect(0, 0, p.w, p.h))
	cx, cy := float64(p.w)/2, float64(p.h)/2
	state := p.seed*2654435761 + 1
	random := func() float64 {
		state ^= state << 13
		state ^= state >> 17
		state ^= state << 5
		return float64(state) / (1 << 32)
	}
	for i, c := range p.pix {
		dx, dy := (float64(i%p.w)-cx)/cx, (float64(i/p.w)-cy)/cy
		light := 1.02 - .13*(dx*dx+dy*dy) - .05*dx
		noise := (random() + random() - 1) * .045
		for k := range 3 {
			v := c[k]*light + noise + (random()-.5)*.015
			out.Pix[i*4+k] = uint8(min(max(v, 0), 1)*255 + .5)
		}
		out.Pix[i*4+3] = 255
	}
	var b bytes.Buffer
	err := jpeg.Encode(&b, out, &jpeg.Options{Quality: 82})
	return b.Bytes(), err
}

// lattice is a fixed random value from 0 to 1 at each whole point.
func lattice(x, y int, seed uint32) float64 {
	h := uint32(x)*374761393 + uint32(y)*668265263 + seed*2246822519
	h = (h ^ h>>13) * 1274126177
	h ^= h >> 16
	return float64(h) / (1 << 32)
}

// cloud is smooth noise from 0 to 1 that changes over about a unit.
func cloud(x, y float64, seed uint32) float64 {
	fx, fy := math.Floor(x), math.Floor(y)
	ix, iy := int(fx), int(fy)
	tx, ty := x-fx, y-fy
	tx, ty = tx*tx*(3-2*tx), ty*ty*(3-2*ty)
	top := lattice(ix, iy, seed)*(1-tx) + lattice(ix+1, iy, seed)*tx
	low := lattice(ix, iy+1, seed)*(1-tx) + lattice(ix+1, iy+1, seed)*tx
	return top*(1-ty) + low*ty
}

// clouds adds ever finer noise, from 0 to 1.
func clouds(x, y float64, seed uint32) float64 {
	return .53*cloud(x, y, seed) + .28*cloud(x*2.1, y*2.1, seed+1) + .19*cloud(x*4.3, y*4.3, seed+2)
}

// step rises smoothly from 0 at a to 1 at b.
func step(a, b, v float64) float64 {
	t := min(max((v-a)/(b-a), 0), 1)
	return t * t * (3 - 2*t)
}

// frame is a place in the picture, turned by an angle.
type frame struct{ x, y, sin, cos float64 }

func turned(x, y, degrees float64) frame {
	s, c := math.Sincos(degrees * math.Pi / 180)
	return frame{x, y, s, c}
}

// in gives a point of the picture in the frame's own directions.
func (f frame) in(x, y float64) (u, v float64) {
	x, y = x-f.x, y-f.y
	return x*f.cos + y*f.sin, y*f.cos - x*f.sin
}

// outside is how far a point lies outside a box of half sizes w and h, negative inside.
func outside(u, v, w, h float64) float64 {
	dx, dy := math.Abs(u)-w, math.Abs(v)-h
	if dx > 0 && dy > 0 {
		return math.Hypot(dx, dy)
	}
	return max(dx, dy)
}
