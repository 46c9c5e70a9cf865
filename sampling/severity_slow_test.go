package sampling

import (
	"testing"

	"pgregory.net/rapid"
)

// past is one original lot as the slow implementation remembers it.
type past struct {
	severity Severity
	spell    int
	accepted bool
	found    int
	gain     int // score points; -1 resets
}

// slowSwitch reads the standards' words again over the whole history at every
// lot, with plans from testdata: nothing is carried from lot to lot but the
// history, the severity and the number of its spell.
func slowSwitch(a attributes, r Rules, in []Lot) (lines []SeverityLot) {
	var history []past
	severity, spell := Normal, 0
	column := 0
	for a.AQL[column] != r.AQL {
		column++
	}
	for _, lot := range in {
		if severity == Discontinued && lot.Resume {
			severity, spell = Tightened, spell+1
		}
		if severity == Discontinued {
			lines = append(lines, SeverityLot{Severity: severity, Next: severity})
			continue
		}
		letter, _ := CodeLetter(lot.Size, r.Level)
		cell := resolved{"", 1, 0, 1, ""}
		if letter != "" {
			cell = a.cell(r.Scheme, severity, letter, r.AQL)
		}
		n, accepted := min(cell.n, lot.Size), lot.Found < cell.re
		line := SeverityLot{Severity: severity, PlanLetter: &cell.letter, SampleSize: &n, Ac: &cell.ac, Re: &cell.re, Accepted: &accepted}
		next := severity
		if lot.Original {
			now := past{severity, spell, accepted, lot.Found, -1}
			if cell.ac < 2 && accepted {
				now.gain = 2
			} else if cell.ac >= 2 && lot.Found <= a.cell(r.Scheme, Normal, cell.letter, a.AQL[max(column-1, 0)]).ac {
				now.gain = 3
			}
			history = append(history, now)
			next = slowNext(r, history, lot, cell)
		}
		if severity == Normal && r.Scheme == ISO2859 {
			line.Score = slowScore(ofSpell(history, spell))
		}
		if next != severity {
			severity, spell = next, spell+1
		}
		line.Next = next
		lines = append(lines, line)
	}
	return lines
}

func ofSpell(history []past, spell int) (out []past) {
	for _, p := range history {
		if p.spell == spell {
			out = append(out, p)
		}
	}
	return out
}

func slowScore(spell []past) (score int) {
	for _, p := range spell {
		if p.gain < 0 {
			score = 0
		} else {
			score += p.gain
		}
	}
	return score
}

func slowNext(r Rules, history []past, lot Lot, cell resolved) Severity {
	now := history[len(history)-1]
	spell := ofSpell(history, now.spell)
	lastN := func(n int) []past { return spell[max(0, len(spell)-n):] }
	refused := func(of []past) (n int) {
		for _, p := range of {
			if !p.accepted {
				n++
			}
		}
		return n
	}
	switch now.severity {
	case Tightened:
		if refused(spell) == 5 {
			return Discontinued
		}
		if len(spell) >= 5 && refused(lastN(5)) == 0 {
			return Normal
		}
		return Tightened
	case Reduced:
		if !now.accepted || lot.Found > cell.ac || !lot.Steady || !lot.Approved {
			return Normal
		}
		return Reduced
	}
	if refused(lastN(5)) >= 2 {
		return Tightened
	}
	good := slowScore(spell) >= 30
	if r.Scheme == Z14 {
		sum := 0
		for _, p := range lastN(10) {
			sum += p.found
		}
		good = len(spell) >= 10 && refused(lastN(10)) == 0 && (r.LimitNumber == nil || sum <= *r.LimitNumber)
	}
	if good && lot.Steady && lot.Approved {
		return Reduced
	}
	return Normal
}

func TestSwitchAgainstSlowReading(t *testing.T) {
	a := loadAttributes(t)
	seen := map[Severity]int{}
	rapid.Check(t, func(t *rapid.T) {
		r := Rules{
			Scheme: rapid.SampledFrom([]Scheme{ISO2859, Z14}).Draw(t, "scheme"),
			Level:  rapid.SampledFrom(a.Levels).Draw(t, "level"),
			AQL:    rapid.SampledFrom(a.AQL).Draw(t, "aql"),
		}
		if limit := rapid.IntRange(-1, 30).Draw(t, "limit"); limit >= 0 && r.Scheme == Z14 {
			r.LimitNumber = &limit
		}
		badness := rapid.IntRange(0, 4).Draw(t, "badness")
		rarely := func(name string) bool { return rapid.IntRange(0, 19).Draw(t, name) == 0 }
		in := make([]Lot, rapid.IntRange(1, 150).Draw(t, "lots"))
		for i := range in {
			in[i] = Lot{
				Size:     rapid.SampledFrom([]int{1, 2, 7, 30, 120, 400, 2000, 12000, 90_000, 700_000}).Draw(t, "size"),
				Original: !rarely("resubmitted"), Steady: !rarely("irregular"), Approved: !rarely("refused"), Resume: rarely("resume"),
			}
			// Around the acceptance numbers, and never more than the smallest sample,
			// which isn't always that of reduced inspection: an arrow may lead further there.
			re, smallest := 0, in[i].Size
			for _, severity := range []Severity{Normal, Tightened, Reduced} {
				p, err := PlanFor(PlanRequest{r.Scheme, in[i].Size, r.Level, r.AQL, severity})
				if err != nil {
					t.Fatal(err)
				}
				re, smallest = p.Re, min(smallest, p.SampleSize)
			}
			in[i].Found = rapid.IntRange(0, re*badness/2+1).Draw(t, "found")
			if !r.AQL.Per100() {
				in[i].Found = min(in[i].Found, smallest)
			}
		}
		got, err := Switch(Series{r, in})
		if err != nil {
			t.Fatal(err)
		}
		for i, want := range slowSwitch(a, r, in) {
			seen[want.Next]++
			g := got[i]
			if g.Code == "" || g.EN == "" || g.ZH == "" {
				t.Fatalf("lot %d has no reason: %+v", i+1, g)
			}
			g.Reason = Reason{}
			if flat(g) != flat(want) {
				t.Fatalf("lot %d = %v, want %v", i+1, flat(g), flat(want))
			}
		}
	})
	for _, severity := range []Severity{Normal, Tightened, Reduced, Discontinued} {
		if seen[severity] == 0 {
			t.Errorf("no history reached %s", severity)
		}
	}
}

// line is a SeverityLot with its pointers followed.
type line struct {
	severity, next Severity
	letter         string
	n, ac, re      int
	accepted, plan bool
	score          int
}

func flat(l SeverityLot) line {
	out := line{severity: l.Severity, next: l.Next, score: l.Score}
	if l.Accepted != nil {
		out.plan, out.letter, out.n, out.ac, out.re, out.accepted = true, *l.PlanLetter, *l.SampleSize, *l.Ac, *l.Re, *l.Accepted
	}
	return out
}
