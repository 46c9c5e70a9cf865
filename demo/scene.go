package demo

import (
	"fmt"
	"image"
	"math"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"
)

// panel is a piece of goods that lies in the picture.
type panel struct {
	frame
	w, h    float64 // half sizes
	surface texture
	// cut says how far a point of the edge was broken away; nil for a whole piece.
	cut func(u, v float64) float64
}

// lay paints a panel with its shadow and, where it is broken, the core.
func (p *picture) lay(it panel, core colour) {
	reach := math.Hypot(it.w, it.h) + 60
	p.paint(it.x-reach, it.y-reach, it.x+reach, it.y+reach, func(x, y float64) (colour, float64) {
		u, v := it.in(x-14, y-18)
		return colour{.06, .06, .07}, .55 * (1 - step(-16, 26, outside(u, v, it.w, it.h)))
	})
	p.paint(it.x-reach, it.y-reach, it.x+reach, it.y+reach, func(x, y float64) (colour, float64) {
		u, v := it.in(x, y)
		edge := outside(u, v, it.w, it.h)
		if edge > 1 {
			return colour{}, 0
		}
		c, cover := it.surface(u, v).times(1-.10*step(-9, 0, edge)), 1-step(-1, 1, edge)
		if it.cut != nil {
			lost := it.cut(u, v)
			rough := core.times(.78 + .4*cloud(u*.16, v*.16, p.seed+21))
			c = mix(c, rough, step(-1.5, 1, lost))
			cover *= 1 - step(20, 23, lost+9*cloud(u*.07, v*.07, p.seed+22))
		}
		return c, cover
	})
}

// corner breaks the lower right corner off a panel, size pixels along each edge.
func corner(w, h, size float64, seed uint32) func(u, v float64) float64 {
	return func(u, v float64) float64 {
		return (u-w+v-h+size)*.7 + 16*(clouds(u*.03, v*.03, seed)-.5) + 8*(cloud(u*.13, v*.13, seed+1)-.5)
	}
}

// crumbs scatters what broke off around a place.
func (p *picture) crumbs(x, y, spread float64, n int, c colour) {
	for i := range n {
		r := 1.5 + 5*sq(lattice(i, 1, p.seed))
		cx, cy := x+spread*(lattice(i, 2, p.seed)-.4), y+spread*(lattice(i, 3, p.seed)-.4)
		p.paint(cx-r-4, cy-r-4, cx+r+4, cy+r+4, func(px, py float64) (colour, float64) {
			d := math.Hypot(px-cx, (py-cy)*1.3) + 2.2*cloud(px*.5, py*.5, p.seed)
			return c.times(.7 + .5*cloud(px*.3, py*.3, p.seed+9) - .02*(py-cy)), 1 - step(r-.5, r+1, d)
		})
	}
}

// ruler lays a steel tape with centimetres along the lower edge.
func (p *picture) ruler(x, y, degrees, length float64) error {
	const half = 30.0
	at := turned(x, y, degrees)
	marks, err := lettered(int(length), int(half*2), func(write writer) {
		for i := range int(length/60) + 1 {
			write(fmt.Sprint(i+3), 19, float64(i)*60+5, half*2-8)
		}
	})
	if err != nil {
		return err
	}
	p.paint(0, y-length/2, float64(p.w), y+length/2, func(px, py float64) (colour, float64) {
		u, v := at.in(px, py)
		edge := outside(u, v, length/2, half)
		c := colour{.93, .79, .20}.times(.92 + .1*math.Cos(v/half))
		along := u + length/2
		long := 14.0
		if math.Mod(math.Floor(along/6+.5), 10) == 0 {
			long = 30
		}
		if v+half < long {
			c = mix(c, colour{.1, .1, .1}, 1-step(.9, 1.8, math.Abs(along-6*math.Floor(along/6+.5))))
		}
		c = mix(c, colour{.12, .1, .1}, marks(along, v+half))
		if edge > 1 {
			return colour{.05, .05, .05}, .4 * (1 - step(1, 12, edge))
		}
		return c, 1 - step(-1, 1, edge)
	})
	return nil
}

// writer writes a line in that size with its base line at x, y.
type writer func(text string, size, x, y float64)

// lettered gives how much of a point of a w × h card is covered by what write wrote.
func lettered(w, h int, draw func(write writer)) (func(u, v float64) float64, error) {
	card := image.NewAlpha(image.Rect(0, 0, w, h))
	parsed, err := opentype.Parse(gobold.TTF)
	if err != nil {
		return nil, err
	}
	draw(func(text string, size, x, y float64) {
		face, faceErr := opentype.NewFace(parsed, &opentype.FaceOptions{Size: size, DPI: 72, Hinting: font.HintingFull})
		if faceErr != nil {
			err = faceErr
			return
		}
		d := font.Drawer{Dst: card, Src: image.Opaque, Face: face, Dot: fixed.P(int(x), int(y))}
		d.DrawString(text)
		_ = face.Close()
	})
	return func(u, v float64) float64 {
		return float64(card.AlphaAt(int(math.Floor(u)), int(math.Floor(v))).A) / 255
	}, err
}
