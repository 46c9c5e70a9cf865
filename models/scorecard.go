package models

import "time"

// AllProducts stands for the product in a roll-up row of a supplier's whole month.
var AllProducts = ID{0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff}

// SupplierCounts are the figures that every indicator is made of. They add up
// over months and products. Amounts are minor units of the base currency.
type SupplierCounts struct {
	Lots         int64 `json:"lots"` // original pre-shipment lots, decided
	LotsAccepted int64 `json:"lots_accepted"`
	LotsCritical int64 `json:"lots_critical"` // with a critical finding

	Units           int64 `json:"units"` // examined for defects
	DefectsCritical int64 `json:"defects_critical"`
	DefectsMajor    int64 `json:"defects_major"`
	DefectsMinor    int64 `json:"defects_minor"`

	Visits   int64 `json:"visits"`    // original pre-shipment visits, made or found not ready
	NotReady int64 `json:"not_ready"` // of these aborted to the supplier's account

	Released    int64 `json:"released"`     // lots accepted at their inspection or re-inspection
	EscapedLots int64 `json:"escaped_lots"` // of these claimed by a customer, the claim not rejected or withdrawn

	Shipped       int64 `json:"shipped"`       // lots that went with a shipment
	ShippedDated  int64 `json:"shipped_dated"` // of these with a date and a latest date
	ShippedOnTime int64 `json:"shipped_on_time"`

	Claims         int64 `json:"claims"`
	DocumentClaims int64 `json:"document_claims"`

	Steps       int64 `json:"steps"` // of corrective actions, due and not cancelled
	StepsOnTime int64 `json:"steps_on_time"`

	Notes          int64 `json:"notes"` // debit notes that stand
	NotesSettled   int64 `json:"notes_settled"`
	SettlementDays int64 `json:"settlement_days"` // from issue to the last settlement, over those notes

	ShippedMinor   int64 `json:"shipped_minor"` // at the price of sale
	ClaimedMinor   int64 `json:"claimed_minor"`
	GrantedMinor   int64 `json:"granted_minor"`
	LossMinor      int64 `json:"loss_minor"`
	DebitedMinor   int64 `json:"debited_minor"`
	RecoveredMinor int64 `json:"recovered_minor"`
}

// SupplierMonth is the roll-up of one supplier's month, of one product or of
// AllProducts. Missing names the currencies, with commas, whose amounts are left
// out because the month has no rate.
type SupplierMonth struct {
	ProductID  ID    `gorm:"primaryKey"`
	Month      Month `gorm:"primaryKey"`
	SupplierID ID    `gorm:"primaryKey"`
	SupplierCounts
	Missing string
}

// ExchangeRate is the rate of a month: base currency per unit of Currency.
type ExchangeRate struct {
	ID        ID        `json:"id"`
	Currency  string    `json:"currency"`
	Month     Month     `json:"month"`
	Rate      Decimal   `json:"rate"`
	Source    string    `json:"source"` // whose rate: the bank, the contract …
	Version   int       `json:"version"`
	CreatedAt time.Time `json:"created_at"`
	UpdatedAt time.Time `json:"updated_at"`
}

// The kinds of period.
const (
	PeriodMonth   = "month"
	PeriodQuarter = "quarter"
	PeriodYear    = "year"
	PeriodRolling = "rolling" // twelve months that end with To
)

// Period is the months a score is about, both included.
type Period struct {
	Kind string `json:"kind"`
	From Month  `json:"from"`
	To   Month  `json:"to"`
}

// Scorecard is a published score, frozen with its inputs. A correction is a new
// revision; both stay readable.
type Scorecard struct {
	ID             ID          `json:"id"`
	Number         string      `json:"number"`
	Revision       int         `json:"revision"`
	Reason         string      `json:"reason"` // of a revision
	SupersededByID *ID         `json:"superseded_by_id"`
	SupplierID     ID          `json:"supplier_id"`
	PeriodKind     string      `json:"period_kind"`
	FromMonth      Month       `json:"from_month"`
	ToMonth        Month       `json:"to_month"`
	ProfileID      ID          `json:"profile_id"`
	Score          *Percent    `json:"score"` // nil: not rated
	Band           string      `json:"band"`
	Content        CardContent `json:"content" gorm:"serializer:json"`
	ContentHash    SHA256      `json:"content_hash"`
	PublishedAt    time.Time   `json:"published_at"`
	PublishedBy    *ID         `json:"published_by"`
	PublisherName  string      `json:"publisher_name"`
	CreatedAt      time.Time   `json:"created_at"`
}

// CardContent is everything a scorecard says.
type CardContent struct {
	Formula      int              `json:"formula"` // version of the formulas
	SupplierID   ID               `json:"supplier_id"`
	SupplierCode string           `json:"supplier_code"`
	SupplierName Text             `json:"supplier_name"`
	Country      string           `json:"country"`
	Category     string           `json:"category,omitempty"` // when the score is about one category of products
	Period       Period           `json:"period"`
	ProfileCode  string           `json:"profile_code"`
	ProfileNo    int              `json:"profile_version"`
	ProfileName  Text             `json:"profile_name"`
	Bands        []Band           `json:"bands"`
	Currency     string           `json:"currency"` // base currency of all amounts
	Counts       SupplierCounts   `json:"counts"`
	Missing      []string         `json:"missing_rates"`
	Result       ScoreResult      `json:"result"`
	Peers        Peers            `json:"peers"`
	Trend        []TrendPoint     `json:"trend"`
	Pareto       []ParetoRow      `json:"pareto"`
	Actions      []CardAction     `json:"actions"`
	Claims       []CardClaim      `json:"claims"`
	Measures     []CardMeasure    `json:"measures"` // in force when the card was made
	Definitions  []IndicatorWords `json:"definitions"`
}

// ScoreResult is a score with every indicator it is made of. Rated is the weight
// of the indicators that have data; the others' weight is spread over these.
type ScoreResult struct {
	Indicators []IndicatorScore `json:"indicators"`
	Rated      Percent          `json:"rated"`
	Score      *Percent         `json:"score"`
	Band       string           `json:"band"`
	Measure    string           `json:"measure"`
	Why        Text             `json:"why"` // why there is no score
}

// IndicatorScore is one indicator: the raw value, the one shrunk toward the
// population that earns the points, and its 95 % interval, all in the
// indicator's unit. Values are nil where there is no data, and Why says so.
type IndicatorScore struct {
	Code        string   `json:"code"`
	Weight      Percent  `json:"weight"`
	Share       Percent  `json:"share"` // of the score, after the weights without data are spread
	Numerator   int64    `json:"numerator"`
	Denominator int64    `json:"denominator"`
	N           int64    `json:"n"`
	Raw         *float64 `json:"raw"`
	Value       *float64 `json:"value"`
	Low         *float64 `json:"low"`
	High        *float64 `json:"high"`
	PriorMean   *float64 `json:"prior_mean"`
	PriorWeight *float64 `json:"prior_weight"` // in units of the denominator
	Points      *Percent `json:"points"`
	Why         Text     `json:"why"`
}

// IndicatorWords is what an indicator is called, its unit and its definition in
// one sentence. Money says that numerator and denominator are minor units of the base currency.
type IndicatorWords struct {
	Code       string `json:"code"`
	Money      bool   `json:"money"`
	Name       Text   `json:"name"`
	Unit       Text   `json:"unit"`
	Definition Text   `json:"definition"`
}

// Peers is where a score stands among all suppliers of the period, without names.
type Peers struct {
	Suppliers int      `json:"suppliers"` // with data in the period
	Rated     int      `json:"rated"`
	Rank      int      `json:"rank"` // 1 is best; 0: not rated
	Ties      int      `json:"ties"` // others with the same rank
	Best      *Percent `json:"best"`
	Upper     *Percent `json:"upper_quartile"`
	Median    *Percent `json:"median"`
	Lower     *Percent `json:"lower_quartile"`
}

// TrendPoint is the score of one period before, by the same profile.
type TrendPoint struct {
	Period Period         `json:"period"`
	Score  *Percent       `json:"score"`
	Band   string         `json:"band"`
	Counts SupplierCounts `json:"counts"`
	Median *Percent       `json:"median"` // of all suppliers rated
}

// ParetoRow is one defect of the period, most frequent first. Share and
// Cumulated are of all defects.
type ParetoRow struct {
	Defect    string      `json:"defect"`
	Name      Text        `json:"name"`
	Class     DefectClass `json:"class"`
	Defects   int64       `json:"defects"`
	Lots      int64       `json:"lots"`
	Share     Percent     `json:"share"`
	Cumulated Percent     `json:"cumulated"`
}

// CardAction is a corrective action that is open, or was in the period.
type CardAction struct {
	Number    string `json:"number"`
	Problem   string `json:"problem"`
	State     string `json:"state"`
	OpenedOn  Date   `json:"opened_on"`
	NextDueOn Date   `json:"next_due_on"`
	Overdue   bool   `json:"overdue"`
}

// CardClaim is a claim of the period on this supplier's lots. Customer is left
// out of the supplier's edition.
type CardClaim struct {
	Number     string        `json:"number"`
	Customer   string        `json:"customer,omitempty"`
	ReceivedOn Date          `json:"received_on"`
	State      ClaimState    `json:"state"`
	Reasons    []ClaimReason `json:"reasons"`
	Claimed    []Money       `json:"claimed"` // of this supplier's items, by currency
	Loss       int64         `json:"loss_minor"`
	Debited    int64         `json:"debited_minor"`
	Recovered  int64         `json:"recovered_minor"`
}

// CardMeasure is a consequence in force.
type CardMeasure struct {
	Kind        string    `json:"kind"`
	Reason      string    `json:"reason"`
	ConfirmedAt time.Time `json:"confirmed_at"`
}

// SupplierMeasure is a consequence that purchasing confirmed for a supplier. It
// holds until it is lifted.
type SupplierMeasure struct {
	ID            ID         `json:"id"`
	SupplierID    ID         `json:"supplier_id"`
	Kind          string     `json:"kind"`     // watch, tightened, no_new_contract
	InForce       *bool      `json:"in_force"` // true, or nil once it is lifted: one of a kind is in force at a time
	ScorecardID   *ID        `json:"scorecard_id"`
	Reason        string     `json:"reason"`
	ConfirmedBy   *ID        `json:"confirmed_by"`
	ConfirmedName string     `json:"confirmed_name"`
	ConfirmedAt   time.Time  `json:"confirmed_at"`
	LiftedBy      *ID        `json:"lifted_by"`
	LiftedAt      *time.Time `json:"lifted_at"`
	LiftReason    string     `json:"lift_reason"`
	Version       int        `json:"version"`
	CreatedAt     time.Time  `json:"created_at"`
	UpdatedAt     time.Time  `json:"updated_at"`
}

// Ranking is all suppliers of a period by one profile, best first, those that
// are not rated last by code. Equal scores share a place, and the next place counts them.
type Ranking struct {
	Period      Period           `json:"period"`
	ProfileCode string           `json:"profile_code"`
	ProfileNo   int              `json:"profile_version"`
	ProfileName Text             `json:"profile_name"`
	Product     *ID              `json:"product"` // nil: all products
	Category    string           `json:"category"`
	Country     string           `json:"country"`
	Currency    string           `json:"currency"`
	Rated       int              `json:"rated"`
	Rows        []RankingRow     `json:"rows"`
	Missing     []string         `json:"missing_rates"`
	Pending     int64            `json:"pending"` // changes that the roll-up has not followed yet
	Definitions []IndicatorWords `json:"definitions"`
}

// RankingRow is one supplier of a ranking. Place is 0 for one that is not rated.
type RankingRow struct {
	Place        int            `json:"place"`
	SupplierID   ID             `json:"supplier_id"`
	SupplierCode string         `json:"supplier_code"`
	SupplierName Text           `json:"supplier_name"`
	Country      string         `json:"country"`
	Result       ScoreResult    `json:"result"`
	Counts       SupplierCounts `json:"counts"`
}
