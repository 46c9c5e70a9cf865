package reports

import (
	"bytes"
	"compress/zlib"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"unicode"
	"unicode/utf16"
)

// piece is a string drawn on a page, with its height in points from the foot.
type piece struct {
	y    float64
	text string
}

var (
	drawn  = regexp.MustCompile(`(?s)BT (-?[0-9.]+) (-?[0-9.]+) Td \((.*?[^\\]|.*?\\\\)\) Tj ET`)
	escape = regexp.MustCompile(`(?s)\\(.)`)
)

// pages reads what each page of a PDF of ours shows as text, in drawing order. The
// character codes are Unicode (the fonts' ToUnicode map is the identity).
func pages(t testing.TB, pdf []byte) [][]piece {
	t.Helper()
	var all [][]piece
	for _, chunk := range bytes.Split(pdf, []byte("stream\n"))[1:] {
		r, err := zlib.NewReader(bytes.NewReader(chunk))
		if err != nil {
			continue // a picture
		}
		content, err := io.ReadAll(r)
		if err != nil || !bytes.Contains(content, []byte(" Tj ET")) {
			continue
		}
		var page []piece
		for _, m := range drawn.FindAllSubmatch(content, -1) {
			raw := escape.ReplaceAllFunc(m[3], func(e []byte) []byte {
				if e[1] == 'r' {
					return []byte{'\r'}
				}
				return e[1:]
			})
			units := make([]uint16, len(raw)/2)
			for i := range units {
				units[i] = uint16(raw[2*i])<<8 | uint16(raw[2*i+1])
			}
			y, err := strconv.ParseFloat(string(m[2]), 64)
			if err != nil {
				t.Fatal(err)
			}
			page = append(page, piece{y, string(utf16.Decode(units))})
		}
		all = append(all, page)
	}
	if len(all) == 0 {
		t.Fatal("the PDF has no page with text")
	}
	return all
}

// squeeze removes blanks and line ends: what is compared are characters.
func squeeze(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, s)
}

// body is the squeezed text between head and foot of all pages.
func body(t testing.TB, pdf []byte) string {
	var out strings.Builder
	for _, page := range pages(t, pdf) {
		for _, p := range page {
			if p.y > (pageHeight-281)/mmPerPoint && p.y < (pageHeight-17)/mmPerPoint {
				out.WriteString(p.text)
			}
		}
	}
	return squeeze(out.String())
}

// whole is all text of a PDF, head and foot included, and its title and author.
func whole(t testing.TB, pdf []byte) string {
	var out strings.Builder
	for _, page := range pages(t, pdf) {
		for _, p := range page {
			out.WriteString(p.text)
		}
	}
	i, j := bytes.Index(pdf, []byte("<?xpacket begin")), bytes.Index(pdf, []byte("<?xpacket end"))
	return out.String() + string(pdf[i:j])
}

// checkFile lets qpdf and pdftotext judge the file where the machine has them:
// a second opinion beside our own reading.
func checkFile(t testing.TB, pdf []byte) {
	t.Helper()
	file := checkQPDF(t, pdf)
	if pdftotext, err := exec.LookPath("pdftotext"); err == nil {
		out, err := exec.Command(pdftotext, "-raw", file, "-").Output()
		if err != nil {
			t.Fatalf("pdftotext: %v", err)
		}
		ours, theirs := map[rune]int{}, map[rune]int{}
		for _, page := range pages(t, pdf) {
			for _, p := range page {
				countRunes(ours, p.text)
			}
		}
		countRunes(theirs, string(out))
		for r, n := range ours {
			if theirs[r] != n {
				t.Errorf("pdftotext finds %q %d times, %d are drawn", r, theirs[r], n)
			}
		}
	}
}

// checkQPDF lets qpdf judge the file, and gives its path.
func checkQPDF(t testing.TB, pdf []byte) (file string) {
	t.Helper()
	file = filepath.Join(t.TempDir(), "report.pdf")
	if err := os.WriteFile(file, pdf, 0o600); err != nil {
		t.Fatal(err)
	}
	if qpdf, err := exec.LookPath("qpdf"); err == nil {
		if out, err := exec.Command(qpdf, "--check", file).CombinedOutput(); err != nil {
			t.Errorf("qpdf --check: %v\n%s", err, out)
		}
	}
	return file
}

func countRunes(into map[rune]int, s string) {
	for _, r := range squeeze(s) {
		into[r]++
	}
}
