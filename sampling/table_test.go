package sampling

import (
	"encoding/json"
	"os"
	"strings"
	"testing"
)

// attributes is testdata/attributes.json: every cell of the tables, resolved,
// from transcriptions independent of the tables in the code.
type attributes struct {
	AQL         []AQL                                            `json:"aql"`
	Levels      []Level                                          `json:"levels"`
	CodeLetters []map[string]any                                 `json:"code_letters"`
	SampleSize  map[Severity]map[string]int                      `json:"sample_size"`
	Single      map[string]map[Severity]map[string]map[AQL][]any `json:"single"`
}

func loadAttributes(t testing.TB) attributes {
	t.Helper()
	data, err := os.ReadFile("testdata/attributes.json")
	if err != nil {
		t.Fatal(err)
	}
	var a attributes
	if err := json.Unmarshal(data, &a); err != nil {
		t.Fatal(err)
	}
	return a
}

// fileScheme is the scheme's key in testdata/attributes.json.
var fileScheme = map[Scheme]string{ISO2859: "iso2859_1", Z14: "z1_4"}

// resolved is one cell of the file.
type resolved struct {
	letter    string
	n, ac, re int
	arrow     string
}

func (a attributes) cell(scheme Scheme, severity Severity, letter string, aql AQL) resolved {
	c := a.Single[fileScheme[scheme]][severity][letter][aql]
	arrow, _ := c[4].(string)
	return resolved{c[0].(string), int(c[1].(float64)), int(c[2].(float64)), int(c[3].(float64)), arrow}
}

func TestEveryCell(t *testing.T) {
	a := loadAttributes(t)
	arrows := map[byte]string{'v': "down", '^': "up"}
	cells := 0
	for scheme := range fileScheme {
		for _, severity := range []Severity{Normal, Tightened, Reduced} {
			tab, err := tableFor(scheme, severity)
			if err != nil {
				t.Fatal(err)
			}
			rows := a.Single[fileScheme[scheme]][severity]
			if len(rows) != 16 {
				t.Fatalf("%s %s has %d letters in the file, want 16", scheme, severity, len(rows))
			}
			for letter := range rows {
				for column, aql := range a.AQL {
					want := a.cell(scheme, severity, letter, aql)
					p := tab.plan(letter, rowOf(letter), column, 1_000_000)
					got := resolved{p.PlanLetter, p.SampleSize, p.Ac, p.Re, arrows[tab.cell(rowOf(letter), column)[cellWidth-1]]}
					if got != want {
						t.Errorf("%s %s %s AQL %s = %v, want %v", scheme, severity, letter, aql, got, want)
					}
					cells++
				}
			}
		}
	}
	if want := 2 * 3 * 16 * 26; cells != want {
		t.Errorf("%d cells compared, want %d", cells, want)
	}
}

// PlanFor itself, through every lot class, level, AQL, severity and scheme.
func TestPlanForEveryRequest(t *testing.T) {
	a := loadAttributes(t)
	for _, class := range a.CodeLetters {
		lot := int(class["lot_min"].(float64))
		for _, level := range a.Levels {
			letter := class[string(level)].(string)
			for scheme := range fileScheme {
				for _, severity := range []Severity{Normal, Tightened, Reduced} {
					for _, aql := range a.AQL {
						want := a.cell(scheme, severity, letter, aql)
						got, err := PlanFor(PlanRequest{scheme, lot, level, aql, severity})
						wantPlan := Plan{letter, want.letter, min(want.n, lot), want.ac, want.re, want.n >= lot}
						if err != nil || got != wantPlan {
							t.Fatalf("PlanFor(%s %d %s %s %s) = %v, %v, want %v", scheme, lot, level, aql, severity, got, err, wantPlan)
						}
					}
				}
			}
		}
	}
}

func TestCodeLetters(t *testing.T) {
	a := loadAttributes(t)
	for _, class := range a.CodeLetters {
		low := int(class["lot_min"].(float64))
		high := 1 << 40
		if m, ok := class["lot_max"].(float64); ok {
			high = int(m)
		}
		for _, level := range a.Levels {
			for _, lot := range []int{low, (low + high) / 2, high} {
				if got, err := CodeLetter(lot, level); err != nil || got != class[string(level)] {
					t.Errorf("CodeLetter(%d, %s) = %q, %v, want %v", lot, level, got, err, class[string(level)])
				}
			}
		}
	}
}

func TestSampleSizes(t *testing.T) {
	a := loadAttributes(t)
	for severity, sizes := range a.SampleSize {
		for _, scheme := range []Scheme{ISO2859, Z14} {
			tab, _ := tableFor(scheme, severity)
			for letter, want := range sizes {
				if got := number(tab.line(rowOf(letter))[1:headWidth]); got != want {
					t.Errorf("%s %s: n of %s = %d, want %d", scheme, severity, letter, got, want)
				}
			}
		}
	}
}

// The heads name the series and each line its letter, all at one width.
func TestTableLayout(t *testing.T) {
	for name, tab := range map[string]table{"normal": normal, "tightenedISO": tightenedISO, "tightenedZ14": tightenedZ14, "reducedISO": reducedISO, "reducedZ14": reducedZ14} {
		lines := strings.Split(strings.Trim(string(tab), "\n"), "\n")
		if heads := strings.Fields(lines[0]); len(heads) != len(aqls) {
			t.Fatalf("%s has %d heads, want %d", name, len(heads), len(aqls))
		} else {
			for i, head := range heads {
				if AQL(head) != aqls[i] {
					t.Errorf("%s head %d = %s, want %s", name, i, head, aqls[i])
				}
			}
		}
		for i, line := range lines[1:] {
			if len(line) != lineWidth-1 || line[0] != letters[i] {
				t.Errorf("%s line %d begins with %q and has %d bytes, want %q and %d", name, i, line[:1], len(line), letters[i], lineWidth-1)
			}
		}
	}
}

// The published difference between the schemes: 251 reduced cells and one tightened.
func TestSchemesDiffer(t *testing.T) {
	for severity, want := range map[Severity]int{Normal: 0, Tightened: 1, Reduced: 251} {
		iso, _ := tableFor(ISO2859, severity)
		z, _ := tableFor(Z14, severity)
		got := 0
		for row := range 16 {
			for column := range aqls {
				if iso.plan("", row, column, 5000) != z.plan("", row, column, 5000) {
					got++
				}
			}
		}
		if got != want {
			t.Errorf("%s: the schemes differ in %d cells, want %d", severity, got, want)
		}
	}
}
