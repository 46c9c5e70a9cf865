package reports

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"recourse/models"
)

func weights(t testing.TB) [2]weight {
	t.Helper()
	w, err := typefaces()
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func (l line) String() string {
	var out strings.Builder
	for _, r := range l.runs {
		out.WriteString(r.text)
	}
	return out.String()
}

func TestWrapDropsNothing(t *testing.T) {
	w := weights(t)[0]
	alphabet := []rune("结论：合格。（）《标准》、AaBbwi 0123.,-/“”…—ŁőšéжΩ□☑\n\t 　\u00a0\u0301ﬁ㎡①")
	rapid.Check(t, func(t *rapid.T) {
		text := w.clean(rapid.StringOf(rapid.SampledFrom(alphabet)).Draw(t, "text"), func(rune, int) {})
		width := rapid.Float64Range(4, 120).Draw(t, "width")
		var joined strings.Builder
		for _, l := range w.wrap(text, 9, width) {
			joined.WriteString(l.String())
			if len([]rune(squeeze(l.String()))) > 2 && l.width > width+0.001 {
				t.Errorf("line %q is %.2f mm wide, want at most %.2f", l, l.width, width)
			}
		}
		if want := strings.ReplaceAll(text, "\n", ""); joined.String() != want {
			t.Errorf("wrapped lines join to %q, want %q", joined.String(), want)
		}
	})
}

func TestWrap(t *testing.T) {
	w := weights(t)[0]
	tests := []struct {
		text  string
		width float64
		want  []string
	}{
		{"结论：合格。", 9.6 * 9 * mmPerPoint / 2, []string{"结论：合", "格。"}}, // a full stop never begins a line
		{"one two three", 13, []string{"one two ", "three"}},
		{"SN0123456789", 9, []string{"SN01", "2345", "6789"}},
		{"a\n\nb", 50, []string{"a", "", "b"}},
		{"", 50, []string{""}},
	}
	for _, test := range tests {
		var got []string
		for _, l := range w.wrap(test.text, 9, test.width) {
			got = append(got, l.String())
		}
		if strings.Join(got, "|") != strings.Join(test.want, "|") {
			t.Errorf("wrap(%q, %.1f mm) = %q, want %q", test.text, test.width, got, test.want)
		}
	}
}

func TestClean(t *testing.T) {
	tests := []struct{ text, want, lost string }{
		{"中文 English š ł ő ☐ ☑ ✓ ✗ ≤ ㎡", "中文 English š ł ő ☐ ☑ ✓ ✗ ≤ ㎡", ""},
		{"a\r\nb\rc\u2028d", "a\nb\nc\nd", ""},
		{"砖🧱𠮷", "砖□□", "🧱𠮷"},
		{"a\u200b\ufe0fb\ufeff", "ab", "\u200b\ufe0f\ufeff"},
		{"bell\a", "bell□", "\a"},
		{"\xff", "\ufffd", ""}, // drawn as the mark for a broken byte
		{"한국\u3000x", "□□\u3000x", "한국"},
	}
	for _, test := range tests {
		var lost strings.Builder
		got := weights(t)[0].clean(test.text, func(r rune, _ int) { lost.WriteRune(r) })
		if got != test.want || lost.String() != test.lost {
			t.Errorf("clean(%q) = %q without %q, want %q without %q", test.text, got, lost.String(), test.want, test.lost)
		}
	}
}

// TestFontsCoverTheTrade: the letters of the customers' and suppliers' languages.
func TestFontsCoverTheTrade(t *testing.T) {
	for i, w := range weights(t) {
		for r := rune(0x4E00); r <= 0x9FA5; r++ {
			if w.pick(r, true) == nil {
				t.Errorf("weight %d cannot draw %c U+%04X", i, r, r)
			}
		}
		for _, r := range "ÄÖÜßéèñçøåæœšžčćłńąęőűğışțșđþÿŵĦАБЯёїєұΑΩπ€£¥₽₹₺°²³½×÷±≤≥≠≈µ‰№–—…“”‘’•→←↑↓√∞①Ⅳ、。《》「」％㎡℃☐☑☒✓✗□" {
			if w.pick(r, false) == nil {
				t.Errorf("weight %d cannot draw %c U+%04X", i, r, r)
			}
		}
	}
}

func TestSubsetDrawsTheSame(t *testing.T) {
	for _, w := range weights(t) {
		for _, f := range []*face{w.latin, w.han} {
			var runes []rune
			for _, r := range "合格é ő½☑a0" {
				if f.has(r) {
					runes = append(runes, r)
				}
			}
			cut, err := parseFace("cut", f.subset(runes))
			if err != nil {
				t.Fatal(err)
			}
			for _, r := range runes {
				if cut.advance(r) != f.advance(r) {
					t.Errorf("%s: advance of %c in the subset = %v, want %v", f.name, r, cut.advance(r), f.advance(r))
				}
				if got, want := len(cut.glyph(int(cut.glyphs[r]))), (len(f.glyph(int(f.glyphs[r])))+3)&^3; got != want {
					t.Errorf("%s: glyph of %c in the subset has %d bytes, want %d", f.name, r, got, want)
				}
			}
		}
	}
}

func TestReplace(t *testing.T) {
	in, _ := sample(0)
	in.Supplier.Name.ZH = "佛山市宏达陶瓷有限公司"
	terms := longestFirst(supplierTerms(in))
	tests := []struct{ text, lang, want string }{
		{"JINZHOU decorative  Building", "en", "[supplier] decorative  Building"},
		{"Jinzhou Decorative Building Materials Factory, Hebei", "en", "[supplier], [supplier]"},
		{"ｊｚ０１ and JZ012", "en", "[supplier] and JZ012"},
		{"宏达的货", "zh", "[供方]的货"},
		{"HONGDA brand", "both", "[supplier] brand"},
		{"晋州 board", "both", "[供方] board"},
		{"as in PC-2026-017", "en", "as in [purchase contract]"},
		{"nothing to hide", "en", "nothing to hide"},
	}
	for _, test := range tests {
		if got := replace(test.text, test.lang, terms); got != test.want {
			t.Errorf("replace(%q, %s) = %q, want %q", test.text, test.lang, got, test.want)
		}
	}
}

// TestWordsTakeTheSameValues: both wordings of a text are filled with the same values.
func TestWordsTakeTheSameValues(t *testing.T) {
	for key, w := range words {
		if w.ZH == "" || w.EN == "" {
			t.Errorf("words[%q] lacks a language", key)
		}
		if zh, en := strings.Count(strings.ReplaceAll(w.ZH, "%%", ""), "%"), strings.Count(strings.ReplaceAll(w.EN, "%%", ""), "%"); zh != en && !strings.Contains(w.ZH, "100 %") {
			t.Errorf("words[%q] takes %d values in Chinese, %d in English", key, zh, en)
		}
	}
}

func TestEditionLeavesTheValueAlone(t *testing.T) {
	in, _ := sample(2)
	Customer.apply(in, "en")
	if in.Record.Lots[0].Decisions[0].Reason == "" || in.Files == nil || in.Record.Place == "" || in.Record.Signatures[1].Name != "李厂长" || !strings.Contains(in.Record.InspectorRemark, "晋州") {
		t.Errorf("an edition changed the value that it was given: %+v", in.Record)
	}
	if got := (Internal).apply(in, "en"); got.Record.Lots[0].Decisions[0].Price.Minor != 123450 || got.Lots[0].Line.UnitPrice != models.MustDecimal("6.8135") {
		t.Error("the internal edition lost a price")
	}
}
