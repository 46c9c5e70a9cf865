package demo

import "math"

// The kinds of defect that can be drawn on a surface.
const (
	drawBroken  = "broken"
	drawCrack   = "crack"
	drawStain   = "stain"
	drawBubble  = "bubble"
	drawDent    = "dent"
	drawScratch = "scratch"
	drawShade   = "shade"
)

// closeUp is a photograph of one defect on a piece of goods, a tape beside it.
func closeUp(w, h int, material, defect string, seed uint32) ([]byte, error) {
	p := newPicture(w, h, seed)
	fw, fh := float64(w), float64(h)
	p.fill(floor(seed))
	r := func(i int) float64 { return lattice(i, 77, seed) - .5 }
	core := colour{.80, .77, .70}
	it := panel{frame: turned(fw*(.40+.04*r(1)), fh*(.40+.04*r(2)), -6+14*r(3)), w: fw * .40, h: fh * .40, surface: textureOf(material, seed)}
	spotX, spotY := it.w*(.15+.5*r(4)), it.h*(.1+.5*r(5))
	switch defect {
	case drawBroken:
		it.cut = corner(it.w, it.h, 150+70*r(6), seed)
	case drawShade:
		it.w /= 2.1
		other := it
		it.frame.x -= it.w * 1.03
		other.frame.x += it.w * 1.03
		good := it.surface
		other.surface = func(u, v float64) colour {
			c := good(u+300, v)
			return colour{c[0] * .93, c[1] * .905, c[2] * .82}
		}
		p.lay(other, core)
	default:
		it.surface = flawed(it.surface, defect, spotX, spotY, seed)
	}
	p.lay(it, core)
	if defect == drawBroken {
		u, v := it.w*.93, it.h*.93
		p.crumbs(it.x+u*it.cos-v*it.sin+10, it.y+u*it.sin+v*it.cos+10, 120, 26, core)
	}
	if err := p.ruler(fw*.5, fh*.90, 2+3*r(7), fw*.86); err != nil {
		return nil, err
	}
	return p.jpeg()
}

// flawed is a surface with a defect around a spot.
func flawed(good texture, defect string, x, y float64, seed uint32) texture {
	switch defect {
	case drawStain:
		return func(u, v float64) colour {
			d := math.Hypot(u-x, (v-y)*1.25)/150 + .75*(clouds(u*.013, v*.013, seed+31)-.5)
			rim := math.Exp(-sq((d - .62) / .07))
			return mix(good(u, v), colour{.55, .43, .25}, .42*(1-step(.55, .72, d))+.25*rim)
		}
	case drawBubble, drawDent:
		sign := 1.0
		if defect == drawDent {
			sign = -1
		}
		return func(u, v float64) colour {
			shade := 0.0
			for i := range 5 {
				r := 20 + 34*lattice(i, 41, seed)
				du, dv := u-x-260*(lattice(i, 42, seed)-.5), v-y-260*(lattice(i, 43, seed)-.5)
				d := math.Hypot(du, dv*(1+.5*lattice(i, 44, seed)))/r + .5*(cloud(u*.02, v*.02, seed+33)-.5)
				shade -= sign * .34 * (du + 1.3*dv) / r * math.Exp(-1.6*sq(d*d))
			}
			return good(u, v).times(1 + shade)
		}
	case drawCrack:
		return func(u, v float64) colour {
			way := 60*(clouds(u*.012, 3, seed+51)-.5) + 16*(cloud(u*.09, 5, seed+52)-.5)
			d := math.Abs(v - y - way - .25*(u-x))
			wide := 1.2 + 2.2*cloud(u*.05, 9, seed+53)
			dark := (1 - step(wide*.4, wide+.8, d)) * (1 - step(250, 300, math.Abs(u-x)))
			return mix(good(u, v), colour{.13, .12, .11}, .9*dark).times(1 - .06*(1-step(0, 14, d)))
		}
	case drawScratch:
		return func(u, v float64) colour {
			c := good(u, v)
			for i := range 4 {
				slope := .5 + .12*lattice(i, 61, seed)
				d := math.Abs(v - y - slope*(u-x) - 26*float64(i) + 10*cloud(u*.02, float64(i), seed))
				long := 1 - step(120, 190, math.Abs(u-x+40*(lattice(i, 62, seed)-.5)))
				c = mix(c, colour{.22, .21, .20}, .65*long*(1-step(.4, 1.9, d)))
				c = mix(c, colour{1, 1, 1}, .5*long*(1-step(.2, 1.2, math.Abs(d-2.2))))
			}
			return c
		}
	}
	return good
}

// stack is a photograph of sheets on their pallet, the lower ones crushed at the corner.
func stack(w, h int, seed uint32) ([]byte, error) {
	p := newPicture(w, h, seed)
	fw, fh := float64(w), float64(h)
	surface := textureOf("plastic", seed)
	p.fill(func(x, y float64) colour {
		if y < fh*.16 {
			return colour{.60, .61, .60}.times(.8 + .2*clouds(x*.004, y*.004, seed))
		}
		return floor(seed)(x, y*2)
	})
	const sheet = 19.0
	left, right, top, bottom := fw*.06, fw*.80, fh*.10, fh*.74
	p.paint(left, bottom, right+70, fh*.95, func(x, y float64) (colour, float64) { // shadow
		return colour{.07, .07, .07}, .6 * (1 - step(0, fh*.17, y-bottom))
	})
	p.paint(left, top, right+40, bottom, func(x, y float64) (colour, float64) {
		n := math.Floor((bottom - y) / sheet)
		in := bottom - y - n*sheet
		end := right + 26*(lattice(int(n), 5, seed)-.5)
		if n < 5 { // crushed
			end -= (150 - 26*n) * step(.2, .9, cloud(y*.11, n, seed)*.6+.35) * (.6 + .4*in/sheet)
		}
		c := surface(x*.8, n*40).times(.80 + .16*step(0, 4, in) - .55*(1-step(.5, 2.6, in)))
		if x > end-26 && n < 5 {
			c = mix(c, colour{.74, .70, .62}.times(.7+.5*cloud(x*.2, y*.2, seed)), .85*step(end-26, end-12, x))
		}
		return c.times(.92 + .08*x/fw), 1 - step(end-1.5, end+1, x)
	})
	wood := textureOf("plywood", seed+4)
	for i := range 3 {
		x := left + 20 + (right-left-130)*float64(i)/2
		p.paint(x, bottom+24, x+110, bottom+96, func(px, py float64) (colour, float64) { return wood(px, py*.7).times(.55), 1 })
	}
	p.paint(left-14, bottom, right+14, bottom+26, func(x, y float64) (colour, float64) { return wood(x, y).times(.84), 1 })
	p.paint(left-14, bottom+94, right+14, bottom+122, func(x, y float64) (colour, float64) { return wood(x, y+200).times(.78), 1 })
	p.crumbs(right-40, bottom+130, 190, 46, colour{.80, .77, .70})
	return p.jpeg()
}

// carton is a photograph of a carton with its shipping mark, a line each.
func carton(w, h int, marks []string, seed uint32) ([]byte, error) {
	p := newPicture(w, h, seed)
	fw, fh := float64(w), float64(h)
	p.fill(floor(seed))
	board := func(u, v float64) colour {
		flute := .03 * math.Sin(u*.55)
		return colour{.69, .53, .36}.times(.9 + flute + .16*clouds(u*.006, v*.01, seed) - .04*cloud(u*.3, v*.3, seed+2))
	}
	box := panel{frame: turned(fw*.5, fh*.52, -3+7*lattice(1, 9, seed)), w: fw * .38, h: fh * .36}
	size := min(box.h*1.5/float64(len(marks)+1), 64)
	text, err := lettered(int(box.w*2), int(box.h*2), func(write writer) {
		for i, line := range marks {
			fit := min(size, box.w*1.75/(.62*float64(len(line))))
			write(line, fit, box.w-.30*fit*float64(len(line)), box.h*.62+float64(i+1)*size*1.18)
		}
	})
	if err != nil {
		return nil, err
	}
	box.surface = func(u, v float64) colour {
		c := board(u, v)
		c = mix(c, colour{.16, .13, .11}, text(u+box.w, v+box.h)*(.55+.4*step(.2, .5, cloud(u*.25, v*.25, seed+8))))
		if v < -box.h+92 { // tape over the flaps
			c = mix(c, colour{.86, .76, .58}, .5+.12*cloud(u*.02, v*.3, seed+6))
		}
		return c.times(1 - .25*(1-step(0, 2.5, math.Abs(v+box.h-46))))
	}
	p.lay(box, colour{.5, .4, .3})
	return p.jpeg()
}
