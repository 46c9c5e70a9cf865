package demo

import "math"

// texture is the surface of a material: its colour at a point of a panel.
type texture func(u, v float64) colour

// textures by the name that the catalogue gives a product's material.
func textureOf(name string, seed uint32) texture {
	switch name {
	case "plywood":
		return func(u, v float64) colour {
			ring := math.Sin(v*.05 + 5*clouds(u*.0025, v*.012, seed))
			fibre := cloud(u*.01, v*.45, seed+7)
			return mix(colour{.80, .63, .42}, colour{.66, .47, .28}, .35+.3*ring+.25*(fibre-.5))
		}
	case "ceramic":
		return func(u, v float64) colour {
			vein := math.Abs(clouds(u*.006, v*.006, seed) - .5)
			shine := .08 * step(.3, .9, cloud(u*.002+9, v*.003, seed))
			return mix(colour{.62, .62, .63}, colour{.88, .87, .85}, step(0, .05, vein)*.8+.2).times(1 + shine)
		}
	case "steel":
		return func(u, v float64) colour {
			brush := cloud(u*.006, v*.9, seed)
			sheen := .18 * math.Exp(-sq((v+60)/110))
			return colour{.50, .52, .55}.times(.9 + .14*brush + sheen)
		}
	case "cloth":
		return func(u, v float64) colour {
			loop := .5 + .5*math.Sin(u*.62+1.5*cloud(u*.08, v*.08, seed))*math.Sin(v*.62)
			return colour{.42, .58, .72}.times(.72 + .22*loop + .16*clouds(u*.02, v*.02, seed))
		}
	case "glass":
		return func(u, v float64) colour {
			glare := math.Exp(-sq((u*.6+v*.8+80)/26)) + .5*math.Exp(-sq((u*.6+v*.8-120)/60))
			return mix(colour{.58, .68, .68}, colour{.97, .99, 1}, .25*cloud(u*.004, v*.004, seed)+.6*glare)
		}
	case "tin":
		return func(u, v float64) colour {
			round := math.Sqrt(max(1-sq(u/420), 0))
			bead := .06 * math.Sin(v*.16)
			return colour{.74, .73, .70}.times(.45 + .6*round + bead + .05*cloud(u*.02, v*.5, seed))
		}
	case "plastic":
		return func(u, v float64) colour {
			return colour{.90, .90, .87}.times(.93 + .06*cloud(u*.004, v*.004, seed) + .02*cloud(u*.3, v*.3, seed+1))
		}
	case "rattan":
		return func(u, v float64) colour {
			over := math.Mod(math.Floor(u/46)+math.Floor(v/30), 2) != 0
			bend := math.Sin(math.Mod(math.Abs(u), 46) / 46 * math.Pi)
			if over {
				bend = math.Sin(math.Mod(math.Abs(v), 30) / 30 * math.Pi)
			}
			return colour{.40, .30, .23}.times(.5 + .65*bend + .15*cloud(u*.2, v*.2, seed))
		}
	case "board":
		return func(u, v float64) colour {
			return colour{.83, .80, .72}.times(.94 + .05*clouds(u*.01, v*.01, seed) + .05*cloud(u*.5, v*.05, seed+3))
		}
	}
	return ceiling(seed)
}

func sq(v float64) float64 { return v * v }

// ceiling is the white film of a ceiling tile with its embossed pattern.
func ceiling(seed uint32) texture {
	return func(u, v float64) colour {
		worm := math.Abs(clouds(u*.021, v*.033, seed) - .5)
		emboss := .10 * (1 - step(.008, .03, worm))
		const cell = 17.0
		iu, iv := math.Floor(u/cell), math.Floor(v/cell)
		du := u - (iu+.2+.6*lattice(int(iu), int(iv), seed+5))*cell
		dv := v - (iv+.2+.6*lattice(int(iu), int(iv), seed+6))*cell
		hole := 0.0
		if lattice(int(iu), int(iv), seed+8) > .45 {
			hole = .32 * (1 - step(1.2, 2.6, math.Hypot(du, dv)))
		}
		return colour{.915, .915, .90}.times(1 - emboss - hole + .02*cloud(u*.01, v*.01, seed+3))
	}
}

// floor is what goods lie on: a workshop's concrete.
func floor(seed uint32) texture {
	return func(u, v float64) colour {
		spot := step(.62, .8, clouds(u*.012, v*.012, seed+11))
		return colour{.47, .465, .45}.times(.86 + .22*clouds(u*.03, v*.03, seed) - .12*spot)
	}
}
