package models

// Plan is how one lot is sampled: computed from lot size, standard and severity
// before the visit, and kept with the lot.
type Plan struct {
	Scheme          string               `json:"scheme"`
	LotSize         int                  `json:"lot_size"`
	CodeLetter      string               `json:"code_letter"` // of the standard's level; empty when every unit is inspected
	Classes         []ClassPlan          `json:"classes"`
	Characteristics []CharacteristicPlan `json:"characteristics"`
	Units           int                  `json:"units"` // units to draw: the largest sample of all classes
	Cartons         int                  `json:"cartons"`
	CartonsToOpen   int                  `json:"cartons_to_open"`
	CartonNumbers   []int                `json:"carton_numbers"` // drawn from the seed, ascending
}

// ClassPlan is the sample of one defect class with its acceptance (Ac) and
// rejection (Re) numbers.
type ClassPlan struct {
	Class      DefectClass `json:"class"`
	Rule       string      `json:"rule"`
	Severity   string      `json:"severity"`
	Level      string      `json:"level,omitempty"`
	AQL        string      `json:"aql,omitempty"`
	CodeLetter string      `json:"code_letter,omitempty"`
	PlanLetter string      `json:"plan_letter,omitempty"`
	SampleSize int         `json:"sample_size"`
	Ac         int         `json:"ac"`
	Re         int         `json:"re"`
	InspectAll bool        `json:"inspect_all"`
	Per100     bool        `json:"per_100"` // defects per 100 units are counted, not units
	Why        Text        `json:"why"`     // the severity in force and its reason
	// LimitingQuality, in per cent, is what a plan ruled in the AQL's place is made for;
	// goods that bad are accepted with ConsumerRisk, goods at the AQL refused with ProducerRisk.
	LimitingQuality Decimal `json:"limiting_quality,omitzero"`
	ConsumerRisk    float64 `json:"consumer_risk,omitempty"`
	ProducerRisk    float64 `json:"producer_risk,omitempty"`
}

// CharacteristicPlan is the sample of one characteristic.
type CharacteristicPlan struct {
	Code       string `json:"code"`
	Severity   string `json:"severity,omitempty"`
	Level      string `json:"level,omitempty"`
	AQL        string `json:"aql,omitempty"`
	CodeLetter string `json:"code_letter,omitempty"`
	PlanLetter string `json:"plan_letter,omitempty"`
	SampleSize int    `json:"sample_size"`
	Ac         int    `json:"ac"`
	Re         int    `json:"re"`
	InspectAll bool   `json:"inspect_all"`
}

// Judgement is the computed verdict on one lot with its reasons.
type Judgement struct {
	Verdict         Verdict                   `json:"verdict"`
	Classes         []ClassJudgement          `json:"classes"`
	Characteristics []CharacteristicJudgement `json:"characteristics"`
	Sections        []SectionJudgement        `json:"sections"`
}

// ClassJudgement is one class's count against Ac and Re.
type ClassJudgement struct {
	Class    DefectClass `json:"class"`
	Found    int         `json:"found"` // nonconforming units, or defects where per 100 units
	Units    int         `json:"units"` // nonconforming units by worst class
	Examined *int        `json:"examined"`
	Ac       int         `json:"ac"`
	Re       int         `json:"re"`
	Verdict  Verdict     `json:"verdict"`
	Reason   Text        `json:"reason"`
}

// CharacteristicJudgement is one characteristic's readings against its limits.
// Mean is exact to 15 decimals; nil when there is no reading.
type CharacteristicJudgement struct {
	Code        string   `json:"code"`
	Readings    int      `json:"readings"`
	SampleSize  int      `json:"sample_size"`
	OutOfLimits int      `json:"out_of_limits"`
	Ac          int      `json:"ac"`
	Mean        *float64 `json:"mean"`
	MeanText    string   `json:"mean_text"` // the mean rounded to one digit more than the readings
	Min         Decimal  `json:"min,omitzero"`
	Max         Decimal  `json:"max,omitzero"`
	Verdict     Verdict  `json:"verdict"`
	Reason      Text     `json:"reason"`
}

// SectionJudgement is the verdict on a ticked section, or on the quantity.
type SectionJudgement struct {
	Code    string  `json:"code"`
	Section string  `json:"section"`
	Verdict Verdict `json:"verdict"`
	Reason  Text    `json:"reason"`
}
