package reports

import (
	"fmt"
	"strings"
	"testing"

	"recourse/models"
)

// numbered is n short paragraphs.
func numbered(n int) []models.Text {
	list := make([]models.Text, n)
	for i := range list {
		list[i] = Same(fmt.Sprintf("line %d", i))
	}
	return list
}

// pageTexts is the text of each page, squeezed, without head and foot.
func pageTexts(t *testing.T, pdf []byte) []string {
	var out []string
	for _, page := range pages(t, pdf) {
		var b strings.Builder
		for _, p := range page {
			if p.y > (pageHeight-281)/mmPerPoint && p.y < (pageHeight-17)/mmPerPoint {
				b.WriteString(p.text)
			}
		}
		out = append(out, squeeze(b.String()))
	}
	return out
}

func TestHeadingStaysWithItsTable(t *testing.T) {
	tall := Same(strings.Repeat("tall\n", 12) + "first-row")
	for n := range 60 {
		sheet := &Sheet{Columns: []Column{{text("很长的列标题在此", "a long column title"), 10, false}, {text("数", "figure"), 90, false}}, Rows: [][]models.Text{{Same("x"), tall}, {Same("y"), Same("second")}}}
		p := Paper{Title: text("函", "Letter"), Blocks: []Block{{Text: numbered(n)}, {Heading: Same("the-heading"), Sheet: sheet}}}
		for i, page := range pageTexts(t, mustPaper(t, p, Options{Lang: "both", Edition: Internal, Created: moment})) {
			if strings.Contains(page, "the-heading") && !strings.Contains(page, "first-row") {
				t.Errorf("%d lines before: the heading stands on page %d without its table's first row", n, i+1)
			}
			if n := strings.Index(page, "acolumntitle"); n >= 0 && !strings.Contains(page[n:], "first-row") && !strings.Contains(page[n:], "second") {
				t.Errorf("%d lines before: the table's head stands alone on page %d", n, i+1)
			}
		}
	}
}

func TestSignatureIsNeverAlone(t *testing.T) {
	for n := range 45 {
		for what, last := range map[string]Block{
			"paragraphs": {Text: numbered(n)},
			"one text":   {Text: []models.Text{Same(strings.Repeat("line of a long text\n", n) + "line end")}},
			"table":      {Sheet: &Sheet{Columns: []Column{{Same("head"), 1, false}}, Rows: rowsOf(numbered(n + 1))}},
			"with facts": {Heading: Same("closing"), Text: numbered(n + 1), Facts: []Fact{{Same("by"), "2026-08-15"}}},
		} {
			p := Paper{Title: text("函", "Letter"), Sign: true, Blocks: []Block{{Text: numbered(8)}, last, {Heading: Same("over nothing"), Text: []models.Text{{}}}}}
			list := pageTexts(t, mustPaper(t, p, Options{Lang: "en", Edition: Internal, Created: moment}))
			if end := list[len(list)-1]; !strings.Contains(end, "line") || !strings.HasSuffix(end, squeeze(word("sign_here").EN)) {
				t.Errorf("%s, %d: the last page holds only %q", what, n, end)
			}
		}
	}
}

func rowsOf(list []models.Text) [][]models.Text {
	rows := make([][]models.Text, len(list))
	for i, l := range list {
		rows[i] = []models.Text{l}
	}
	return rows
}

func TestColumnsHoldTheirTitlesWords(t *testing.T) {
	d, err := newDocument()
	if err != nil {
		t.Fatal(err)
	}
	for _, lang := range Langs {
		d.language = lang
		for _, columns := range [][]column{
			{{word("item"), 1, 0}, {word("remark"), 60, 0}, {word("granted"), 40, 'R'}},
			{{word("characteristic"), 0.1, 0}, {word("quantity"), 0.1, 'R'}, {word("document"), 99, 0}},
			{{word("item"), 10, 0}, {word("remark"), 90, 0}},
		} {
			tab, sum := d.table(columns...), 0.0
			for i, c := range columns {
				sum += tab.widths[i]
				for _, s := range d.sides(c.title, heads) {
					if lines := d.lines(s.text, s.style, tab.inner(i)); len(lines) > len(strings.Fields(s.text)) {
						t.Errorf("%s: the title %q is broken within a word over %d lines", lang, s.text, len(lines))
					}
				}
			}
			if sum < d.width()-0.01 || sum > d.width()+0.01 {
				t.Errorf("%s: the columns are %v wide together, want %v", lang, sum, d.width())
			}
		}
	}
	tooMany := make([]column, 40)
	for i := range tooMany {
		tooMany[i] = column{word("characteristic"), float64(i%3 + 1), 0}
	}
	if w := d.table(tooMany...).widths; w[1] != 2*w[0] {
		t.Errorf("titles that can't all fit change the shares: %v, %v", w[0], w[1])
	}
}
