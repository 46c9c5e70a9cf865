package models

import (
	"slices"
	"time"
)

// ClaimState is where a claim stands.
type ClaimState string

// The states of a claim.
const (
	ClaimReceived      ClaimState = "received"
	ClaimAcknowledged  ClaimState = "acknowledged"
	ClaimInvestigating ClaimState = "investigating"
	ClaimAssessed      ClaimState = "assessed"
	ClaimNegotiating   ClaimState = "negotiating"
	ClaimSettled       ClaimState = "settled"
	ClaimRejected      ClaimState = "rejected"
	ClaimWithdrawn     ClaimState = "withdrawn"
	ClaimClosed        ClaimState = "closed"
)

// ClaimStates lists the states in their usual order.
var ClaimStates = []ClaimState{ClaimReceived, ClaimAcknowledged, ClaimInvestigating, ClaimAssessed, ClaimNegotiating,
	ClaimSettled, ClaimRejected, ClaimWithdrawn, ClaimClosed}

// claimTransitions is the only table of allowed moves. A closed claim is reopened with a reason.
var claimTransitions = map[ClaimState][]ClaimState{
	ClaimReceived:      {ClaimAcknowledged, ClaimWithdrawn},
	ClaimAcknowledged:  {ClaimInvestigating, ClaimWithdrawn},
	ClaimInvestigating: {ClaimAssessed, ClaimWithdrawn},
	ClaimAssessed:      {ClaimInvestigating, ClaimNegotiating, ClaimSettled, ClaimRejected, ClaimWithdrawn},
	ClaimNegotiating:   {ClaimAssessed, ClaimSettled, ClaimRejected, ClaimWithdrawn},
	ClaimSettled:       {ClaimClosed},
	ClaimRejected:      {ClaimNegotiating, ClaimClosed},
	ClaimWithdrawn:     {ClaimClosed},
	ClaimClosed:        {ClaimInvestigating},
}

// MayBecome reports whether the move is in the table of transitions.
func (s ClaimState) MayBecome(next ClaimState) bool {
	return slices.Contains(claimTransitions[s], next)
}

// Open reports whether the customer still waits for something.
func (s ClaimState) Open() bool {
	return !slices.Contains([]ClaimState{ClaimSettled, ClaimRejected, ClaimWithdrawn, ClaimClosed}, s)
}

// ClaimReason is why a customer claims: about the goods, or about the documents.
type ClaimReason string

// The reasons about goods, then about documents.
const (
	ReasonWrongName       ClaimReason = "wrong_name"
	ReasonWrongGoods      ClaimReason = "wrong_goods"
	ReasonQuality         ClaimReason = "quality"
	ReasonSpecification   ClaimReason = "specification"
	ReasonQuantity        ClaimReason = "quantity"
	ReasonPacking         ClaimReason = "packing"
	ReasonMarks           ClaimReason = "marks"
	ReasonLateDelivery    ClaimReason = "late_delivery"
	ReasonTransportDamage ClaimReason = "transport_damage"
	ReasonOther           ClaimReason = "other"

	ReasonCertificateOfOrigin ClaimReason = "certificate_of_origin"
	ReasonBillOfLading        ClaimReason = "bill_of_lading"
	ReasonInvoice             ClaimReason = "invoice"
	ReasonOtherDocument       ClaimReason = "other_document"
)

// GoodsReasons and DocumentReasons are the two taxonomies.
var (
	GoodsReasons = []ClaimReason{ReasonWrongName, ReasonWrongGoods, ReasonQuality, ReasonSpecification, ReasonQuantity, ReasonPacking,
		ReasonMarks, ReasonLateDelivery, ReasonTransportDamage, ReasonOther}
	DocumentReasons = []ClaimReason{ReasonCertificateOfOrigin, ReasonBillOfLading, ReasonInvoice, ReasonOtherDocument}
)

// Answer is our reply to one item.
type Answer string

// The answers.
const (
	AnswerAccept Answer = "accept"
	AnswerInPart Answer = "accept_in_part"
	AnswerReject Answer = "reject"
)

// Grounds lists the grounds of an answer.
var Grounds = []string{"time_barred", "evidence_missing", "not_nonconforming", "conforming_at_dispatch", "arisen_after_risk_passed", "amount_not_shown", "liable", "goodwill"}

// Claim (索赔) is a customer's demand against us, with claim items.
type Claim struct {
	ID                ID         `json:"id"`
	Number            string     `json:"number"`
	CustomerReference string     `json:"customer_reference"`
	ReferenceKey      string     `json:"-"`
	CustomerID        ID         `json:"customer_id"`
	SalesContractID   ID         `json:"sales_contract_id"`
	ShipmentID        *ID        `json:"shipment_id"`
	ReceivedOn        Date       `json:"received_on"`
	SurveyBody        string     `json:"survey_body"`
	SurveyOn          Date       `json:"survey_on"` // of the survey report; unknown: none was sent
	SurveySHA256      SHA256     `json:"survey_sha256,omitzero" gorm:"column:survey_sha256"`
	Summary           string     `json:"summary"`
	State             ClaimState `json:"state"`
	AssignedTo        *ID        `json:"assigned_to"`
	Proposal          string     `json:"proposal"`    // what we offer the customer, in the rebuttal
	ReplyByOn         Date       `json:"reply_by_on"` // by when we ask the customer to reply
	ClosedReason      string     `json:"closed_reason"`
	ReopenReason      string     `json:"reopen_reason"`
	AcknowledgedAt    *time.Time `json:"acknowledged_at"`
	AnsweredAt        *time.Time `json:"answered_at"`
	SettledAt         *time.Time `json:"settled_at"`
	WithdrawnAt       *time.Time `json:"withdrawn_at"` // since then its quantities are free for other claims
	ClosedAt          *time.Time `json:"closed_at"`
	Version           int        `json:"version"`
	CreatedBy         *ID        `json:"created_by"`
	CreatedAt         time.Time  `json:"created_at"`
	UpdatedAt         time.Time  `json:"updated_at"`

	Items    []ClaimItem     `json:"items" gorm:"-"`
	Evidence []ClaimEvidence `json:"evidence" gorm:"-"`
	Contacts []ClaimContact  `json:"contacts" gorm:"-"`
}

// ClaimItem is one complaint of a claim: what, how much, and our answer.
type ClaimItem struct {
	ID             ID          `json:"id"`
	ClaimID        ID          `json:"-"`
	ItemNo         int         `json:"item"`
	Reason         ClaimReason `json:"reason"`
	SalesLineID    ID          `json:"sales_line_id"`
	LotID          *ID         `json:"lot_id"`
	Defect         string      `json:"defect" gorm:"column:defect_code"`
	Characteristic string      `json:"characteristic"`
	Quantity       Quantity    `json:"quantity"`
	Claimed        Money       `json:"claimed,omitzero" gorm:"embedded;embeddedPrefix:claimed_"` // left out for who sees no prices
	Apparent       bool        `json:"apparent"`                                                 // could be seen at inspection; otherwise latent
	DiscoveredOn   Date        `json:"discovered_on"`
	Text           string      `json:"text"`
	Answer         Answer      `json:"answer"`
	Ground         string      `json:"ground"`
	AnswerText     string      `json:"answer_text"`
	Granted        *Money      `json:"granted" gorm:"embedded;embeddedPrefix:granted_"`
	AnsweredBy     *ID         `json:"answered_by"`
	AnsweredAt     *time.Time  `json:"answered_at"`
	Version        int         `json:"version"`
}

// ClaimEvidence is one piece of evidence: asked for, received, judged sufficient or not.
type ClaimEvidence struct {
	ID         ID     `json:"id"`
	ClaimID    ID     `json:"-"`
	ItemNo     int    `json:"item"` // 0: of the whole claim
	Kind       string `json:"kind"` // sample, labelled_photos, survey_report …
	AskedOn    Date   `json:"asked_on"`
	ReceivedOn Date   `json:"received_on"`
	Sufficient *bool  `json:"sufficient"`
	FileSHA256 SHA256 `json:"file_sha256,omitzero" gorm:"column:file_sha256"`
	FileName   string `json:"file_name"`
	Note       string `json:"note"`
	Version    int    `json:"version"`
}

// TableName is claim_evidence.
func (ClaimEvidence) TableName() string { return "claim_evidence" }

// ClaimContact is one entry of the communication log.
type ClaimContact struct {
	ID         ID        `json:"id"`
	ClaimID    ID        `json:"-"`
	At         time.Time `json:"at"`
	ByName     string    `json:"by_name"`
	Channel    string    `json:"channel"`   // e-mail, phone, meeting, chat, letter
	Direction  string    `json:"direction"` // in, out
	With       string    `json:"with" gorm:"column:with_whom"`
	Text       string    `json:"text"`
	FileSHA256 SHA256    `json:"file_sha256,omitzero" gorm:"column:file_sha256"`
	FileName   string    `json:"file_name"`
}

// ClockRule is a dated rule about a deadline: data with its source, never code.
// Editing one makes a new edition; earlier ones are kept.
type ClockRule struct {
	ID        ID        `json:"id"`
	Code      string    `json:"code"` // law_outer_limit, carrier_notice …
	Edition   int       `json:"edition"`
	ValidFrom Date      `json:"valid_from"`
	Name      Text      `json:"name" gorm:"embedded;embeddedPrefix:name_"`
	Starts    string    `json:"starts"` // delivery, loading, arrival, receipt, claim, discovery
	Days      int       `json:"days"`
	Months    int       `json:"months"`
	Years     int       `json:"years"`
	Hidden    string    `json:"hidden"`  // "", apparent or latent: to which defects it applies
	Towards   string    `json:"towards"` // customer, supplier, carrier, insurer
	Incoterms string    `json:"incoterms"`
	Workdays  bool      `json:"workdays"` // a limit that ends on a rest day moves to the next working day
	Source    Text      `json:"source" gorm:"embedded;embeddedPrefix:source_"`
	Citation  string    `json:"citation"` // law or contract form, with its edition
	CreatedAt time.Time `json:"created_at"`
	RetiredOn Date      `json:"retired_on"`
}
