package sampling

// Plan is a single-sampling plan for one lot: draw SampleSize units, accept at
// Ac or fewer, don't accept at Re or more. Between them (Z1.4 reduced only) the
// lot is accepted and normal inspection follows.
type Plan struct {
	CodeLetter string `json:"code_letter"` // for lot size and level; "" where no table is used
	PlanLetter string `json:"plan_letter"` // whose row is used, after arrows; "" where no table is used
	SampleSize int    `json:"sample_size"`
	Ac         int    `json:"ac"`
	Re         int    `json:"re"`
	InspectAll bool   `json:"inspect_all"` // the sample is the whole lot
}

// Accepts reports whether a lot with that many found is accepted.
func (p Plan) Accepts(found int) bool { return found < p.Re }

// Gap reports whether the count lies between Ac and Re: accepted, but reduced
// inspection ends (Z1.4 only).
func (p Plan) Gap(found int) bool { return p.Ac < found && found < p.Re }

// PlanRequest asks for a plan from the tables.
type PlanRequest struct {
	Scheme   Scheme   `json:"scheme"`
	Lot      int      `json:"lot"` // units in the lot
	Level    Level    `json:"level"`
	AQL      AQL      `json:"aql"` // in any plain spelling
	Severity Severity `json:"severity"`
}

// PlanFor reads the plan from the master tables and follows their arrows. A
// sample not smaller than the lot means the whole lot with the same Ac and Re
// (ISO 2859-1, 10.3); a lot of one unit is inspected. Errors are *Error.
func PlanFor(in PlanRequest) (Plan, error) {
	t, err := tableFor(in.Scheme, in.Severity)
	if err != nil {
		return Plan{}, err
	}
	column, err := aqlColumn(in.AQL)
	if err != nil {
		return Plan{}, err
	}
	letter, err := CodeLetter(in.Lot, in.Level)
	if err != nil {
		return Plan{}, err
	}
	if letter == "" {
		return Plan{SampleSize: 1, Re: 1, InspectAll: true}, nil
	}
	return t.plan(letter, rowOf(letter), column, in.Lot), nil
}

// FixedPlan is a plan agreed outside the tables: sample n, acceptance number
// ac. A sample not smaller than the lot means the whole lot.
func FixedPlan(lot, n, ac int) (Plan, error) {
	switch {
	case lot < 1:
		return Plan{}, refuseLot(lot)
	case n < 1:
		return Plan{}, refuse("sample_size", "the sample has %d units: it must have at least 1", "样本量为 %d：至少应为 1", n)
	case ac < 0:
		return Plan{}, refuse("ac", "the acceptance number %d is negative", "接收数 %d 为负数", ac)
	}
	return Plan{SampleSize: min(n, lot), Ac: ac, Re: ac + 1, InspectAll: n >= lot}, nil
}

// EveryUnit is 100 % inspection: the whole lot, accepted at ac or fewer.
func EveryUnit(lot, ac int) (Plan, error) { return FixedPlan(lot, max(lot, 1), ac) }

// NotAllowed is the plan of a defect class of which none may be found. It is
// not in the tables: c = 0 over the largest sample of the other classes, or
// over the whole lot when there is no other.
func NotAllowed(lot int, others ...Plan) (Plan, error) {
	n := 0
	for _, p := range others {
		n = max(n, p.SampleSize)
	}
	if n == 0 {
		return EveryUnit(lot, 0)
	}
	return FixedPlan(lot, n, 0)
}

// CommonPlans gives the classes of one lot plans with one sample size, in the
// order asked (ISO 2859-1, 10.3: the letter of the largest sample may serve
// all classes). Each Ac is read from that letter's own row; where a class has
// only an arrow there, the next letter at which every class has a printed plan
// is taken, so that n and Ac never come from different rows. When there is no
// such letter the request is refused.
func CommonPlans(classes []PlanRequest) ([]Plan, error) {
	plans := make([]Plan, len(classes))
	largest := 0
	for i, in := range classes {
		if in.Lot != classes[0].Lot {
			return nil, refuse("lot", "one sample is drawn from one lot: sizes %d and %d differ", "一个样本只取自一批：批量 %d 与 %d 不同", classes[0].Lot, in.Lot)
		}
		var err error
		if plans[i], err = PlanFor(in); err != nil {
			return nil, err
		}
		if bySize := plans[i].SampleSize - plans[largest].SampleSize; bySize > 0 ||
			bySize == 0 && plans[i].PlanLetter > plans[largest].PlanLetter {
			largest = i
		}
	}
	if len(plans) == 0 || sameSize(plans) {
		return plans, nil
	}
	for row := rowOf(plans[largest].PlanLetter); row < len(letters); row++ {
		if common, ok := plansAt(row, classes, plans); ok {
			return common, nil
		}
	}
	return nil, refuse("aql", "these AQLs have no common sample size in the tables: use a sample for each class",
		"这些 AQL 在表中没有共同的样本量：请各类分别抽样")
}

// plansAt reads every class at one row; ok when all are printed there with one size.
func plansAt(row int, classes []PlanRequest, own []Plan) (common []Plan, ok bool) {
	common = make([]Plan, len(classes))
	for i, in := range classes {
		t, _ := tableFor(in.Scheme, in.Severity) // both passed PlanFor
		column, _ := aqlColumn(in.AQL)
		if !t.printed(row, column) {
			return nil, false
		}
		common[i] = t.plan(own[i].CodeLetter, row, column, in.Lot)
	}
	return common, sameSize(common)
}

func sameSize(plans []Plan) bool {
	for _, p := range plans {
		if p.SampleSize != plans[0].SampleSize {
			return false
		}
	}
	return true
}
