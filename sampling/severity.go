package sampling

import "slices"

// Rules are what a series of lots is inspected by: one supplier, product,
// standard and defect class. The level never changes with the severity.
type Rules struct {
	Scheme Scheme `json:"scheme"`
	Level  Level  `json:"level"`
	AQL    AQL    `json:"aql"`
	// LimitNumber (Z1.4 only) is what the nonconforming found in the last 10
	// lots together must not exceed for reduced inspection; nil: dropped by agreement.
	LimitNumber *int `json:"limit_number"`
}

// Lot is one lot of a series, in the order of inspection.
type Lot struct {
	Size     int  `json:"size"`
	Found    int  `json:"found"`    // nonconforming units, or nonconformities from AQL 15 on
	Original bool `json:"original"` // false: resubmitted, never counts
	Steady   bool `json:"steady"`   // production runs at a steady rate
	Approved bool `json:"approved"` // purchasing agrees with reduced inspection
	Resume   bool `json:"resume"`   // a corrective action was accepted; counts only when discontinued
	// Plan is the plan that was really used; nil: the one of the tables for the severity in force.
	Plan *Plan `json:"-"`
	// Used is the severity that Plan was drawn at; "": the one in force. A lot
	// that was inspected more mildly than its series asks earns nothing when it is
	// accepted (9.3.2: five in a row while tightened inspection is carried out).
	Used Severity `json:"-"`
}

// State is the memory between two lots: the severity in force and the lots of
// the present spell of it. The zero State is a series before its first lot.
type State struct {
	Severity Severity  // in force for the next lot; "" is normal
	Score    int       // switching score (ISO, normal inspection)
	Scored   int       // lots that the score was gathered from
	Accepted int       // lots accepted in a row up to now in this spell
	Refused  []int     // numbers of the spell's last 5 lots not accepted
	Recent   []Counted // the spell's last 15 original lots
	Lots     int       // lots of the series so far, resubmitted ones too
}

// Counted is an original lot of the present spell, by its number from 1.
type Counted struct{ Lot, Found int }

// The figures of the switching rules (ISO 2859-1, 9.3 and 9.4; Z1.4, 8.3 and 8.4).
const (
	window        = 5  // normal to tightened: of so many lots or fewer
	refusedLimit  = 2  // … so many not accepted
	acceptedLimit = 5  // tightened to normal: so many in a row accepted
	discontinueAt = 5  // tightened: so many not accepted in all
	scoreLimit    = 30 // normal to reduced, ISO
	reducedAfter  = 10 // normal to reduced, Z1.4: so many in a row accepted
	remembered    = 15 // lots that can bring a score of 30
)

// SeverityLot is one lot's line: how it was inspected, how it came out, and
// the severity of the next lot with its reason. Pointers are nil where
// inspection is discontinued.
type SeverityLot struct {
	Severity   Severity `json:"severity"`
	PlanLetter *string  `json:"plan_letter"`
	SampleSize *int     `json:"sample_size"`
	Ac         *int     `json:"ac"`
	Re         *int     `json:"re"`
	Accepted   *bool    `json:"accepted"`
	Score      int      `json:"score"` // after this lot; 0 outside ISO normal inspection
	Next       Severity `json:"next"`
	Reason
}

// Series is a series of lots with its rules.
type Series struct {
	Rules
	Lots []Lot `json:"lots"`
}

// Switch runs a whole series from normal inspection on. The field of an error
// names the lot: "lots[3].found".
func Switch(in Series) ([]SeverityLot, error) {
	if err := in.Rules.Check(); err != nil {
		return nil, err
	}
	lines := make([]SeverityLot, 0, len(in.Lots))
	var s State
	for i, lot := range in.Lots {
		next, line, err := in.Rules.Step(s, lot)
		if err != nil {
			return nil, atLot(i, err)
		}
		lines, s = append(lines, line), next
	}
	return lines, nil
}

// Check refuses rules that no lot could be inspected by.
func (r Rules) Check() error {
	if _, err := PlanFor(PlanRequest{r.Scheme, 2, r.Level, r.AQL, Normal}); err != nil {
		return err
	}
	if r.LimitNumber == nil {
		return nil
	}
	if r.Scheme != Z14 {
		return refuse("limit_number", "a limit number belongs to z1.4 only", "界限数仅用于 z1.4")
	}
	if *r.LimitNumber < 0 {
		return refuse("limit_number", "the limit number %d is negative", "界限数 %d 为负数", *r.LimitNumber)
	}
	return nil
}

// Step folds one lot into the state: it inspects the lot by the severity in
// force and applies the switching rules. The state given isn't changed.
func (r Rules) Step(s State, lot Lot) (State, SeverityLot, error) {
	s.Lots++
	if s.Severity == "" {
		s.Severity = Normal
	}
	resumed := s.Severity == Discontinued && lot.Resume
	if resumed {
		s.enter(Tightened)
	}
	if lot.Size < 1 {
		return State{}, SeverityLot{}, refuse("size", "the lot has %d units: it must have at least 1", "批量为 %d：至少应为 1", lot.Size)
	}
	if lot.Found < 0 {
		return State{}, SeverityLot{}, refuse("found", "the number found, %d, is negative", "发现数 %d 为负数", lot.Found)
	}
	line := SeverityLot{Severity: s.Severity}
	if s.Severity == Discontinued {
		line.Next, line.Reason = Discontinued, whyDiscontinued()
		return s, line, nil
	}
	plan, err := r.planOf(s, lot)
	if err != nil {
		return State{}, SeverityLot{}, err
	}
	accepted := plan.Accepts(lot.Found)
	line.PlanLetter, line.SampleSize, line.Ac, line.Re, line.Accepted = &plan.PlanLetter, &plan.SampleSize, &plan.Ac, &plan.Re, &accepted
	switch {
	case !lot.Original:
		line.Score, line.Reason = s.Score, whyResubmitted()
	case accepted && lot.Used.milder(s.Severity):
		line.Score, line.Reason = s.Score, whyMilder(lot.Used)
	default:
		s.count(lot.Found, accepted)
		if s.Severity == Normal && r.Scheme == ISO2859 {
			if s.Score = r.score(s.Score, plan, lot.Found); s.Score == 0 {
				s.Scored = 0
			} else {
				s.Scored++
			}
		}
		line.Score = s.Score
		var next Severity
		if next, line.Reason = r.judge(s, plan, lot); next != s.Severity {
			s.enter(next)
		} else if resumed {
			line.Reason = whyResumed()
		}
	}
	line.Next = s.Severity
	return s, line, nil
}

// planOf is the plan the lot was inspected by, with the count checked against it.
func (r Rules) planOf(s State, lot Lot) (Plan, error) {
	if lot.Plan == nil {
		p, err := PlanFor(PlanRequest{r.Scheme, lot.Size, r.Level, r.AQL, s.Severity})
		lot.Plan = &p
		if err != nil {
			return Plan{}, err
		}
	}
	if lot.Found > lot.Plan.SampleSize && !r.AQL.Per100() {
		return Plan{}, refuse("found", "%d nonconforming units in a sample of %d: a unit counts once", "样本 %[2]d 件中有 %[1]d 件不合格品：每件只计一次", lot.Found, lot.Plan.SampleSize)
	}
	return *lot.Plan, nil
}

// enter begins a new spell of a severity.
func (s *State) enter(severity Severity) { *s = State{Severity: severity, Lots: s.Lots} }

// count adds an original lot to the spell, without touching older states' slices.
func (s *State) count(found int, accepted bool) {
	s.Recent = append(slices.Clone(s.Recent), Counted{s.Lots, found})
	s.Recent = s.Recent[max(0, len(s.Recent)-remembered):]
	if accepted {
		s.Accepted++
	} else {
		s.Accepted = 0
		s.Refused = append(slices.Clone(s.Refused), s.Lots)
		s.Refused = s.Refused[max(0, len(s.Refused)-discontinueAt):]
	}
}

// score is the switching score after an original lot on normal inspection
// (ISO 2859-1, 9.3.3.2). One AQL step tighter is read from the row of the
// resolved letter, where a plan with Ac >= 2 always has a printed neighbour.
func (r Rules) score(score int, plan Plan, found int) int {
	if plan.Ac < 2 {
		if found <= plan.Ac {
			return score + 2
		}
		return 0
	}
	column, err := aqlColumn(r.AQL)
	if err != nil || column == 0 || plan.PlanLetter == "" {
		return 0 // a plan from outside the tables has no tighter neighbour
	}
	row := rowOf(plan.PlanLetter)
	if !normal.printed(row, column-1) {
		return 0
	}
	if tighter, _ := acRe(normal.cell(row, column-1)); found <= tighter {
		return score + 3
	}
	return 0
}

// judge is the severity after an original lot was counted, and why.
func (r Rules) judge(s State, plan Plan, lot Lot) (Severity, Reason) {
	accepted := s.Accepted > 0
	switch s.Severity {
	case Tightened:
		if len(s.Refused) >= discontinueAt {
			return Discontinued, whyDiscontinue(s)
		}
		if s.Accepted >= acceptedLimit {
			return Normal, whyAcceptedInRow(s)
		}
		return Tightened, whyTightenedStays(s)
	case Reduced:
		switch {
		case !accepted:
			return Normal, whyNormalRefused(s.Lots)
		case plan.Gap(lot.Found):
			return Normal, whyGap(plan, lot.Found, s.Lots)
		case !lot.Steady:
			return Normal, whyIrregular(s.Lots)
		case !lot.Approved:
			return Normal, whyWithdrawn(s.Lots)
		}
		return Reduced, whyReducedStays()
	}
	if lots := s.refusedInWindow(); len(lots) >= refusedLimit {
		return Tightened, whyTighten(s.Recent, lots)
	}
	if r.Scheme == Z14 {
		return r.reduceZ14(s, lot.Steady, lot.Approved)
	}
	return reduceISO(s, lot.Steady, lot.Approved)
}

// refusedInWindow are the lots not accepted among the last five or fewer of the spell.
func (s State) refusedInWindow() []int {
	if len(s.Recent) == 0 {
		return nil
	}
	first := s.Recent[max(0, len(s.Recent)-window)].Lot
	from := slices.IndexFunc(s.Refused, func(lot int) bool { return lot >= first })
	if from < 0 {
		return nil
	}
	return s.Refused[from:]
}

// reduceISO is ISO 2859-1, 9.3.3.1.
func reduceISO(s State, steady, approved bool) (Severity, Reason) {
	switch {
	case s.Score < scoreLimit:
		return Normal, whyScoreStays(s)
	case !steady:
		return Normal, whyNotSteady()
	case !approved:
		return Normal, whyNotApproved()
	}
	return Reduced, whyScoreReached(s)
}

// reduceZ14 is Z1.4, 8.3.3.
func (r Rules) reduceZ14(s State, steady, approved bool) (Severity, Reason) {
	sum := 0
	for _, c := range s.Recent[max(0, len(s.Recent)-reducedAfter):] {
		sum += c.Found
	}
	switch {
	case s.Accepted < reducedAfter:
		return Normal, whyRunStays(s)
	case r.LimitNumber != nil && sum > *r.LimitNumber:
		return Normal, whyOverLimit(sum, *r.LimitNumber)
	case !steady:
		return Normal, whyNotSteady()
	case !approved:
		return Normal, whyNotApproved()
	}
	return Reduced, whyRunReached(s)
}
