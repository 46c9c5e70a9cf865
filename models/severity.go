package models

import "time"

// SeverityLot is what one defect class of a submitted lot counts for in its
// series: the plan it was really inspected by and what was found. It is derived
// from the signed record, written with it and never changed.
type SeverityLot struct {
	InspectionLotID ID          `gorm:"primaryKey"`
	Class           DefectClass `gorm:"primaryKey"`
	InspectionID    ID
	LotID           ID
	SupplierID      ID     `gorm:"primaryKey"`
	ProductID       ID     `gorm:"primaryKey"`
	StandardCode    string `gorm:"primaryKey"`
	InspectedOn     Date
	Position        int
	AQL             string `gorm:"column:aql"`
	Severity        string
	CodeLetter      string
	PlanLetter      string
	LotSize         int
	SampleSize      int
	Ac              int
	Re              int
	InspectAll      bool
	Found           int // nonconforming units, or defects where they count per 100 units
}

// RulingKind is what people may rule about the severity of a series.
type RulingKind string

// The kinds of ruling.
const (
	RuleReduced   RulingKind = "approve_reduced"  // purchasing agrees that reduced inspection begins or stays
	RuleOverride  RulingKind = "override"         // the severity is set by hand
	RuleIrregular RulingKind = "irregular"        // production is irregular; withdrawn when it is steady again
	RuleResume    RulingKind = "resume"           // after discontinuation: a corrective action was accepted
	RuleLimiting  RulingKind = "limiting_quality" // plans by limiting quality instead of the AQL
	RuleWithdraw  RulingKind = "withdraw"         // ends an earlier ruling
)

// RulingKinds lists what may be ruled; an end is its own verb.
var RulingKinds = []RulingKind{RuleReduced, RuleOverride, RuleIrregular, RuleResume, RuleLimiting, RuleWithdraw}

// SeverityRuling (严格度裁定) is what a person ruled about a series. Rows are only
// ever added. It comes after every lot inspected before EffectiveOn, and after
// those of that day that were submitted before RuledAt.
type SeverityRuling struct {
	ID                 ID          `json:"id"`
	SupplierID         ID          `json:"supplier_id"`
	ProductID          ID          `json:"product_id"`
	StandardCode       string      `json:"standard_code"`
	Class              DefectClass `json:"class"` // empty: every class
	Kind               RulingKind  `json:"kind"`
	Severity           string      `json:"severity"`                  // of an override
	LimitingQuality    Decimal     `json:"limiting_quality,omitzero"` // per cent nonconforming
	Ac                 *int        `json:"ac"`                        // with a limiting quality
	Reason             string      `json:"reason"`
	CorrectiveActionID *ID         `json:"corrective_action_id"`
	WithdrawsID        *ID         `json:"withdraws_id"`
	EffectiveOn        Date        `json:"effective_on"`
	RuledBy            *ID         `json:"ruled_by"`
	RuledByName        string      `json:"ruled_by_name"`
	RuledAt            time.Time   `json:"ruled_at"`
}
