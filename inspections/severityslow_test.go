package inspections_test

import (
	"cmp"
	"encoding/json"
	"os"
	"slices"
	"testing"
	"time"

	"recourse/models"
)

// The severity of a class read anew from the standards' words over the whole
// history at every step, with the cells of ../sampling/testdata. Nothing here
// uses the code that is tested.

// slowEvent is a lot of the class, or a ruling.
type slowEvent struct {
	day models.Date
	at  time.Time // of the first submission, or of the ruling
	pos int

	// A lot.
	used, letter  string
	ac, re, found int

	// A ruling; what it withdraws is the ruling itself.
	kind     models.RulingKind
	severity string
	of       *slowEvent
}

// slowPast is an event with what it was worth.
type slowPast struct {
	*slowEvent
	spell    int
	accepted bool
	gain     int // switching score points; -1 resets
}

type slowClass struct {
	scheme, aql string
	table       slowTable
}

// slowTable is normal inspection's Ac by letter and AQL.
type slowTable struct {
	AQL    []string `json:"aql"`
	Single map[string]map[string]map[string]map[string][]any
}

func readTable(t testing.TB) (table slowTable) {
	t.Helper()
	data, err := os.ReadFile("../sampling/testdata/attributes.json")
	if err == nil {
		err = json.Unmarshal(data, &table)
	}
	if err != nil {
		t.Fatal(err)
	}
	return table
}

// tighter is Ac one AQL step tighter on a letter's row of normal inspection.
func (c slowClass) tighter(letter string) int {
	scheme := map[string]string{"iso2859-1": "iso2859_1", "z1.4": "z1_4"}[c.scheme]
	step := c.table.AQL[slices.Index(c.table.AQL, c.aql)-1]
	return int(c.table.Single[scheme]["normal"][letter][step][2].(float64))
}

// computed is the severity after all events, and every change as "normal>tightened 2026-04-03".
func (c slowClass) computed(events []*slowEvent) (severity string, changes []string) {
	events = slices.Clone(events)
	slices.SortStableFunc(events, func(a, b *slowEvent) int {
		return cmp.Or(cmp.Compare(a.day, b.day), a.at.Compare(b.at), cmp.Compare(a.pos, b.pos))
	})
	severity = "normal"
	spell := 0
	var past []slowPast
	for n, e := range events {
		next := severity
		steady, approved := !holds(events[:n+1], models.RuleIrregular), holds(events[:n+1], models.RuleReduced)
		switch {
		case e.kind == models.RuleResume:
			if severity == "discontinued" {
				next = "tightened"
			}
		case e.kind != "":
			if severity == "reduced" && !(steady && approved) {
				next = "normal"
			}
			if severity == "normal" && c.earned(past, spell) && steady && approved {
				next = "reduced"
			}
		case severity == "discontinued":
		default:
			lot := c.worth(e)
			lot.spell = spell
			if lot.accepted && milder(e.used, severity) {
				break
			}
			past = append(past, lot)
			next = c.after(past, severity, steady, approved)
		}
		if next != severity {
			changes = append(changes, severity+">"+next+" "+string(e.day))
			severity, spell = next, spell+1
		}
	}
	return severity, changes
}

func milder(used, severity string) bool {
	order := []string{"reduced", "normal", "tightened"}
	return slices.Index(order, used) < slices.Index(order, severity)
}

// holds reports whether a ruling of the kind stands at the end of these events.
func holds(events []*slowEvent, kind models.RulingKind) bool {
	return slices.ContainsFunc(events, func(e *slowEvent) bool {
		return e.kind == kind && !slices.ContainsFunc(events, func(w *slowEvent) bool { return w.of == e })
	})
}

func (c slowClass) worth(e *slowEvent) slowPast {
	lot := slowPast{slowEvent: e, accepted: e.found < e.re, gain: -1}
	switch {
	case e.ac < 2 && e.found <= e.ac:
		lot.gain = 2
	case e.ac >= 2 && e.found <= c.tighter(e.letter):
		lot.gain = 3
	}
	return lot
}

// after is the severity after the last lot of past.
func (c slowClass) after(past []slowPast, severity string, steady, approved bool) string {
	now := past[len(past)-1]
	spell := ofSpell(past, now.spell)
	switch severity {
	case "tightened":
		if refusedOf(spell) == 5 {
			return "discontinued"
		}
		if len(spell) >= 5 && refusedOf(spell[len(spell)-5:]) == 0 {
			return "normal"
		}
		return "tightened"
	case "reduced":
		if !now.accepted || now.found > now.ac || !steady || !approved {
			return "normal"
		}
		return "reduced"
	}
	if refusedOf(spell[max(0, len(spell)-5):]) >= 2 {
		return "tightened"
	}
	if c.earned(past, now.spell) && steady && approved {
		return "reduced"
	}
	return "normal"
}

// earned reports a switching score of 30, or by Z1.4 ten accepted in a row.
func (c slowClass) earned(past []slowPast, number int) bool {
	spell := ofSpell(past, number)
	if c.scheme == "z1.4" {
		return len(spell) >= 10 && refusedOf(spell[len(spell)-10:]) == 0
	}
	score := 0
	for _, p := range spell {
		if score += p.gain; p.gain < 0 {
			score = 0
		}
	}
	return score >= 30
}

func ofSpell(past []slowPast, spell int) (out []slowPast) {
	for _, p := range past {
		if p.spell == spell {
			out = append(out, p)
		}
	}
	return out
}

func refusedOf(lots []slowPast) (n int) {
	for _, p := range lots {
		if !p.accepted {
			n++
		}
	}
	return n
}
