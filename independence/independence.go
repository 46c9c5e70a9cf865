// Package independence answers for looking at visits from a distance: readings
// that repeat, digits that a person prefers, photos that were used before, times
// and places that do not go together. What it finds are hints worth asking
// about, each with the numbers behind it; it accuses nobody, changes no record
// and knows no verdict.
//
// Hints are computed when they are asked for, from the visits of one supplier or
// one inspector in at most twelve months, so that what is shown is what the
// records say now and nothing has to be kept in step. Only two things are stored.
// A print of each lot's readings is written when its inspection becomes final,
// since a repetition may lie years back among millions of readings and an index
// finds it in milliseconds; and what purchasing has set aside, with the reason.
//
// Its invariants: readings recomputed from the record give the stored print; a
// figure of chance states its assumption and errs towards showing nothing; on
// records without anything unusual the statistical checks show a hint in at most
// one question in a hundred each.
package independence

import (
	"cmp"
	"context"
	"crypto/sha256"
	"math"
	"slices"

	"gorm.io/gorm"

	"recourse/models"
)

// Kind says which check a hint comes from.
type Kind string

// The kinds of hint.
const (
	CopiedReadings Kind = "copied_readings" // the same readings at two lots
	DigitHabit     Kind = "digits"          // last digits that one inspector prefers
	ReusedPhoto    Kind = "reused_photo"    // the same bytes at two visits
	SimilarPhoto   Kind = "similar_photo"   // nearly the same picture at two visits
	PhotoTime      Kind = "photo_time"      // taken on another day, or after the submission
	PhotoPlace     Kind = "photo_place"     // taken far from the others, or from where the place was before
	Travel         Kind = "travel"          // faster from visit to visit than an airliner
	Haste          Kind = "haste"           // submitted sooner than the work could be done
	Clock          Kind = "clock"           // the phone's clock was off
)

// kinds lists the checks in the order they are made.
var kinds = []Kind{CopiedReadings, DigitHabit, ReusedPhoto, SimilarPhoto, PhotoTime, PhotoPlace, Travel, Haste, Clock}

// Hint is something worth asking about, with the visits and figures it rests on.
// One of the groups of figures is given, by the kind.
type Hint struct {
	ID          models.ID     `json:"id"` // follows from kind and evidence: the same hint has the same id every time
	Kind        Kind          `json:"kind"`
	Strength    Strength      `json:"strength"`
	Text        models.Text   `json:"text"`
	Inspections []Visit       `json:"inspections"` // in the order of their dates
	Inspectors  []Person      `json:"inspectors"`  // who was at any of them
	Readings    *Repetition   `json:"readings,omitempty"`
	Digits      *Digits       `json:"digits,omitempty"`
	Photos      *PhotoFigures `json:"photos,omitempty"`
	Times       *TimeFigures  `json:"times,omitempty"`
	SetAside    *Aside        `json:"set_aside,omitempty"`

	subject models.ID // what it is about, whichever visits it rests on
}

// Visit is an inspection that a hint rests on.
type Visit struct {
	ID          models.ID   `json:"id"`
	Number      string      `json:"number"`
	InspectedOn models.Date `json:"inspected_on"`
	SupplierID  models.ID   `json:"supplier_id"`
}

// Person is an inspector by id and name.
type Person struct {
	ID   models.ID `json:"id"`
	Name string    `json:"name"`
}

// Strength says how far a hint stands out, from 0 to 10. Of a statistical check
// it is −log10 of the number of such findings expected by chance; of times and
// places twice the ratio to the limit; of equal photos 10.
type Strength struct {
	Value float64     `json:"value"`
	Words models.Text `json:"words"`
}

// alpha is the chance that a statistical check shows a hint where there is nothing, for everything it compares in one question.
const alpha = 0.01

// byChance is the strength of something expected this often by chance.
func byChance(expected float64) Strength { return strength(-math.Log10(max(expected, 1e-300))) }

// byRatio is the strength of something this many times beyond its limit.
func byRatio(ratio float64) Strength { return strength(2 * ratio) }

func strength(v float64) Strength {
	s := Strength{Value: math.Round(10*min(max(v, 0), 10)) / 10}
	switch {
	case s.Value < 3:
		s.Words = models.Text{ZH: "轻微", EN: "slight"}
	case s.Value < 6:
		s.Words = models.Text{ZH: "明显", EN: "clear"}
	default:
		s.Words = models.Text{ZH: "显著", EN: "strong"}
	}
	return s
}

// rounded keeps three significant digits: no figure here is known better.
func rounded(x float64) float64 {
	if x == 0 || math.IsInf(x, 0) {
		return x
	}
	unit := math.Pow(10, math.Floor(math.Log10(math.Abs(x)))-2)
	if unit == 0 { // too small to be scaled
		return x
	}
	return math.Round(x/unit) * unit
}

// identify is an id that follows from the parts.
func identify(kind Kind, parts ...[]byte) models.ID {
	h := sha256.New()
	h.Write([]byte(kind))
	for _, p := range parts {
		h.Write([]byte{0, byte(len(p) >> 8), byte(len(p))})
		h.Write(p)
	}
	var id models.ID
	copy(id[:], h.Sum(nil))
	id[6], id[8] = id[6]&0x0f|0x80, id[8]&0x3f|0x80 // UUID version 8: made by a program's own rule
	return id
}

// about completes a hint: visits in order, their inspectors, and the ids that
// follow from them and from what else tells the hint apart.
func (s *scope) about(h Hint, visits []*visit, parts ...[]byte) Hint {
	slices.SortFunc(visits, func(a, b *visit) int {
		return cmp.Or(cmp.Compare(a.InspectedOn, b.InspectedOn), cmp.Compare(a.Number, b.Number))
	})
	visits = slices.Compact(visits)
	h.subject = identify(h.Kind, parts...)
	all := slices.Clone(parts)
	seen := map[models.ID]bool{}
	for _, v := range visits {
		h.Inspections = append(h.Inspections, Visit{v.ID, v.Number, v.InspectedOn, v.SupplierID})
		all = append(all, v.ID[:])
		for _, person := range v.inspectors {
			if !seen[person] {
				seen[person] = true
				h.Inspectors = append(h.Inspectors, Person{person, s.names[person]})
			}
		}
	}
	h.ID = identify(h.Kind, all...)
	return h
}

// search runs the checks that were asked for over the scope, strongest hint first.
func (s *scope) search(ctx context.Context, tx *gorm.DB, kind Kind) ([]Hint, error) {
	checks := map[Kind]func(context.Context, *gorm.DB) ([]Hint, error){
		CopiedReadings: s.copied, DigitHabit: s.digits, ReusedPhoto: s.reused,
		SimilarPhoto: pure(s.similar), PhotoTime: pure(s.photoTimes), PhotoPlace: pure(s.photoPlaces),
		Travel: pure(s.travel), Haste: pure(s.haste), Clock: pure(s.clocks),
	}
	var all []Hint
	for _, k := range kinds {
		if kind != "" && kind != k {
			continue
		}
		hints, err := checks[k](ctx, tx)
		if err != nil {
			return nil, err
		}
		all = append(all, hints...)
	}
	slices.SortFunc(all, strongest)
	return all, nil
}

func strongest(a, b Hint) int {
	return cmp.Or(cmp.Compare(b.Strength.Value, a.Strength.Value), cmp.Compare(a.ID.String(), b.ID.String()))
}

// pure is a check that asks the database nothing more.
func pure(check func() []Hint) func(context.Context, *gorm.DB) ([]Hint, error) {
	return func(context.Context, *gorm.DB) ([]Hint, error) { return check(), nil }
}
