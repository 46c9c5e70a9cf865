package reports

import (
	"maps"
	"slices"
)

// A composite glyph's flags (OpenType, glyf table).
const (
	componentWords = 0x0001
	componentScale = 0x0008
	componentMore  = 0x0020
	componentXY    = 0x0040
	component2x2   = 0x0080
)

// subset is a TrueType font with only the glyphs of these runes. gofpdf reads
// every font from its first to its last byte in each document, so it is handed
// the few glyphs that the document shows instead of thirty thousand.
func (f *face) subset(runes []rune) []byte {
	old := []int{0}
	renumbered := map[int]int{0: 0}
	take := func(g int) {
		if _, ok := renumbered[g]; !ok {
			renumbered[g] = len(old)
			old = append(old, g)
		}
	}
	for _, r := range runes {
		take(int(f.glyphs[r]))
	}
	for i := 0; i < len(old); i++ { // grows while composites bring their parts
		components(f.glyph(old[i]), func(at int, g uint16) { take(int(g)) })
	}

	var glyf, loca, hmtx []byte
	for _, g := range old {
		loca = be.AppendUint32(loca, uint32(len(glyf)))
		data := slices.Clone(f.glyph(g))
		components(data, func(at int, g uint16) { be.PutUint16(data[at:], uint16(renumbered[int(g)])) })
		glyf = append(glyf, data...)
		glyf = append(glyf, make([]byte, -len(glyf)&3)...)
		hmtx = append(hmtx, f.metric(g)...)
	}
	loca = be.AppendUint32(loca, uint32(len(glyf)))

	tables := map[string][]byte{
		"glyf": glyf, "loca": loca, "hmtx": hmtx, "cmap": characterMap(runes, func(r rune) int { return renumbered[int(f.glyphs[r])] }),
		"name": {0, 0, 0, 0, 0, 6}, // no names
		"post": append([]byte{0, 3, 0, 0}, f.tables["post"][4:32]...),
	}
	for name, patch := range map[string]func([]byte){
		"head": func(t []byte) { be.PutUint16(t[50:], 1) }, // 32-bit offsets
		"hhea": func(t []byte) { be.PutUint16(t[34:], uint16(len(old))) },
		"maxp": func(t []byte) { be.PutUint16(t[4:], uint16(len(old))) },
		"OS/2": func([]byte) {}, "prep": func([]byte) {}, "fpgm": func([]byte) {}, "cvt ": func([]byte) {},
	} {
		if t, ok := f.tables[name]; ok {
			tables[name] = slices.Clone(t)
			patch(tables[name])
		}
	}
	return assemble(tables)
}

// metric is the glyph's advance and left bearing.
func (f *face) metric(g int) []byte {
	if g >= f.count {
		return be.AppendUint16(be.AppendUint16(nil, f.drawn[g-f.count].advance), be.Uint16(f.glyph(g)[2:]))
	}
	hmtx, n := f.tables["hmtx"], int(be.Uint16(f.tables["hhea"][34:]))
	if g < n {
		return hmtx[4*g : 4*g+4]
	}
	return slices.Concat(hmtx[4*n-4:4*n-2], hmtx[4*n+2*(g-n):4*n+2*(g-n)+2])
}

// components calls yield with each part of a composite glyph and where its number stands.
func components(data []byte, yield func(at int, glyph uint16)) {
	if len(data) < 10 || int16(be.Uint16(data)) >= 0 {
		return
	}
	for at, flags := 10, uint16(componentMore); flags&componentMore != 0; {
		flags = be.Uint16(data[at:])
		yield(at+2, be.Uint16(data[at+2:]))
		at += 6
		if flags&componentWords != 0 {
			at += 2
		}
		switch {
		case flags&componentScale != 0:
			at += 2
		case flags&componentXY != 0:
			at += 4
		case flags&component2x2 != 0:
			at += 8
		}
	}
}

// characterMap is a cmap table with one format 4 subtable: a segment for each run of neighbouring runes.
func characterMap(runes []rune, glyph func(rune) int) []byte {
	sorted := slices.Compact(slices.Sorted(slices.Values(runes)))
	type segment struct{ start, end, delta int }
	var segments []segment
	for _, r := range sorted {
		delta := glyph(r) - int(r)
		if n := len(segments); n > 0 && segments[n-1].end == int(r)-1 && segments[n-1].delta == delta {
			segments[n-1].end++
		} else {
			segments = append(segments, segment{int(r), int(r), delta})
		}
	}
	segments = append(segments, segment{0xFFFF, 0xFFFF, 1})
	n := len(segments)
	search := 1
	for search*2 <= n {
		search *= 2
	}
	power := 0
	for 1<<power < search {
		power++
	}
	out := []uint16{0, 1, 3, 1, 0, 12, 4, uint16(16 + 8*n), 0, uint16(2 * n), uint16(2 * search), uint16(power), uint16(2 * (n - search))}
	for _, s := range segments {
		out = append(out, uint16(s.end))
	}
	out = append(out, 0)
	for _, s := range segments {
		out = append(out, uint16(s.start))
	}
	for _, s := range segments {
		out = append(out, uint16(s.delta))
	}
	out = append(out, make([]uint16, n)...) // no glyph arrays
	var table []byte
	for _, v := range out {
		table = be.AppendUint16(table, v)
	}
	return table
}

// assemble writes the table directory and the tables. Checksums stay zero: the
// font is a step on the way, gofpdf computes those of the font that it embeds.
func assemble(tables map[string][]byte) []byte {
	names := slices.Sorted(maps.Keys(tables))
	out := be.AppendUint32(nil, 0x00010000)
	out = be.AppendUint16(out, uint16(len(names)))
	out = append(out, make([]byte, 6)...)
	at := 12 + 16*len(names)
	for _, name := range names {
		out = append(out, name...)
		out = be.AppendUint32(out, 0)
		out = be.AppendUint32(out, uint32(at))
		out = be.AppendUint32(out, uint32(len(tables[name])))
		at += (len(tables[name]) + 3) &^ 3
	}
	for _, name := range names {
		out = append(out, tables[name]...)
		out = append(out, make([]byte, -len(out)&3)...)
	}
	return out
}
