package models

import "time"

// ProfileState is where a version of a scoring profile stands: edited while
// draft, used while active, only read when retired.
type ProfileState string

// The states of a profile's version.
const (
	ProfileDraft   ProfileState = "draft"
	ProfileActive  ProfileState = "active"
	ProfileRetired ProfileState = "retired"
)

// ScoreProfile is one version of the weights, curves and bands by which
// suppliers are scored. An active version is never changed.
type ScoreProfile struct {
	ID        ID             `json:"id"`
	Code      string         `json:"code"`
	CodeKey   string         `json:"-"`
	VersionNo int            `json:"version_no"`
	State     ProfileState   `json:"state"`
	Name      Text           `json:"name" gorm:"embedded;embeddedPrefix:name_"`
	Content   ProfileContent `json:"content" gorm:"serializer:json"`
	Version   int            `json:"version"`
	CreatedAt time.Time      `json:"created_at"`
	UpdatedAt time.Time      `json:"updated_at"`
}

// ProfileContent is what a score is computed by. Categories replace the weights
// for products of a category.
type ProfileContent struct {
	Indicators []IndicatorWeight            `json:"indicators" validate:"required,min=1,max=30,dive"`
	Categories map[string][]IndicatorWeight `json:"categories,omitempty" validate:"max=100,dive,min=1,max=30,dive"`
	Bands      []Band                       `json:"bands" validate:"required,min=1,max=20,dive"`
	// MinWeight is the least weight of indicators with data for a score to be given.
	MinWeight Percent `json:"min_weight"`
	// MinLots is the least number of inspected lots for a score to be given: a
	// smaller sample says more about the population than about the supplier.
	MinLots int64 `json:"min_lots" validate:"min=0,max=1000"`
}

// IndicatorWeight is one indicator's weight and curve: Zero is the value that
// earns 0 points and Full the one that earns 100, in the indicator's unit.
type IndicatorWeight struct {
	Code   string  `json:"code" validate:"required,max=32"`
	Weight Percent `json:"weight"`
	Zero   Decimal `json:"zero"`
	Full   Decimal `json:"full"`
}

// The consequences of a band.
const (
	MeasureWatch         = "watch"
	MeasureTightened     = "tightened"       // inspected at tightened severity at least
	MeasureNoNewContract = "no_new_contract" // no new purchase contract
)

// Measures lists the consequences, mildest first.
var Measures = []string{MeasureWatch, MeasureTightened, MeasureNoNewContract}

// Band is a range of scores: From included, To not, but for the best one, which
// is closed at 100. Measure is its consequence; empty for none.
type Band struct {
	Code    string  `json:"code" validate:"required,max=8"`
	Name    Text    `json:"name"`
	From    Percent `json:"from"`
	To      Percent `json:"to"`
	Measure string  `json:"measure" validate:"omitempty,oneof=watch tightened no_new_contract"`
}
