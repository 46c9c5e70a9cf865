package reports

import (
	"encoding/binary"
	"fmt"
)

// face is a parsed TrueType font. It is shared by all documents and never written to.
type face struct {
	name     string // under which a document knows it
	tables   map[string][]byte
	upem     int
	glyphs   [1 << 16]uint16 // glyph of each rune of the basic plane; 0: none
	advances []uint16        // by glyph, in units of upem
	long     bool            // loca holds 32-bit offsets
	drawn    []outline       // glyphs of our own; their numbers follow the font's
	count    int             // glyphs of the font itself
}

// outline is a simple glyph.
type outline struct {
	advance uint16
	data    []byte
}

var be = binary.BigEndian

// parseFace reads a TrueType font with a format 4 character map.
func parseFace(name string, data []byte) (f *face, err error) {
	defer func() {
		if r := recover(); r != nil { // an index past the end: the file is cut
			err = fmt.Errorf("reports: font %s: %v", name, r)
		}
	}()
	f = &face{name: name, tables: map[string][]byte{}}
	for i := range int(be.Uint16(data[4:])) {
		entry := data[12+16*i:]
		start, size := be.Uint32(entry[8:]), be.Uint32(entry[12:])
		f.tables[string(entry[:4])] = data[start : start+size : start+size]
	}
	f.upem = int(be.Uint16(f.tables["head"][18:]))
	f.long = be.Uint16(f.tables["head"][50:]) == 1
	f.count = int(be.Uint16(f.tables["maxp"][4:]))
	f.readAdvances()
	return f, f.readMap()
}

func (f *face) readAdvances() {
	f.advances = make([]uint16, f.count)
	hmtx, n := f.tables["hmtx"], int(be.Uint16(f.tables["hhea"][34:]))
	for g := range f.advances {
		f.advances[g] = be.Uint16(hmtx[4*min(g, n-1):])
	}
}

// readMap fills glyphs from the first format 4 subtable.
func (f *face) readMap() error {
	cmap := f.tables["cmap"]
	for i := range int(be.Uint16(cmap[2:])) {
		sub := cmap[be.Uint32(cmap[8+8*i:]):]
		if be.Uint16(sub) != 4 {
			continue
		}
		n := int(be.Uint16(sub[6:])) // twice the number of segments
		ends, starts, deltas, ranges := sub[14:], sub[16+n:], sub[16+2*n:], sub[16+3*n:]
		for s := 0; s < n; s += 2 {
			start, delta, offset := int(be.Uint16(starts[s:])), be.Uint16(deltas[s:]), int(be.Uint16(ranges[s:]))
			for r := start; r <= int(be.Uint16(ends[s:])) && r < 0xFFFF; r++ {
				if offset == 0 {
					f.glyphs[r] = uint16(r) + delta
				} else if g := be.Uint16(ranges[s+offset+2*(r-start):]); g != 0 {
					f.glyphs[r] = g + delta
				}
			}
		}
		return nil
	}
	return fmt.Errorf("reports: font %s has no Unicode character map", f.name)
}

// has reports whether the face draws the rune.
func (f *face) has(r rune) bool { return r > 0 && r < 0xFFFF && f.glyphs[r] != 0 }

// advance is the rune's width in parts of the font size.
func (f *face) advance(r rune) float64 {
	g := int(f.glyphs[r])
	if g >= f.count {
		return float64(f.drawn[g-f.count].advance) / float64(f.upem)
	}
	return float64(f.advances[g]) / float64(f.upem)
}

// glyph is the outline's bytes; empty for a blank.
func (f *face) glyph(g int) []byte {
	if g >= f.count {
		return f.drawn[g-f.count].data
	}
	loca, glyf := f.tables["loca"], f.tables["glyf"]
	if f.long {
		return glyf[be.Uint32(loca[4*g:]):be.Uint32(loca[4*g+4:])]
	}
	return glyf[2*int(be.Uint16(loca[2*g:])) : 2*int(be.Uint16(loca[2*g+2:]))]
}

// add gives the face a glyph of straight lines for a rune that it lacks. Each
// contour lists x, y, x, y … in units of upem, clockwise for filled areas.
func (f *face) add(r rune, advance int, contours ...[]int) {
	if f.has(r) {
		return
	}
	var ends, flags, xs, ys []byte
	low, high, last, points := [2]int{1 << 14, 1 << 14}, [2]int{-1 << 14, -1 << 14}, [2]int{}, 0
	for _, c := range contours {
		for i := 0; i < len(c); i += 2 {
			flags = append(flags, 1) // on the curve, both deltas in two bytes
			xs = be.AppendUint16(xs, uint16(c[i]-last[0]))
			ys = be.AppendUint16(ys, uint16(c[i+1]-last[1]))
			last = [2]int{c[i], c[i+1]}
			for k := range last {
				low[k], high[k] = min(low[k], last[k]), max(high[k], last[k])
			}
		}
		points += len(c) / 2
		ends = be.AppendUint16(ends, uint16(points-1))
	}
	data := be.AppendUint16(nil, uint16(len(contours)))
	for _, v := range []int{low[0], low[1], high[0], high[1]} {
		data = be.AppendUint16(data, uint16(v))
	}
	data = append(data, ends...)
	data = append(data, 0, 0) // no instructions
	data = append(data, flags...)
	data = append(append(data, xs...), ys...)
	f.glyphs[r] = uint16(f.count + len(f.drawn))
	f.drawn = append(f.drawn, outline{uint16(advance), data})
}
