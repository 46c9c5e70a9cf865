package models

import (
	"slices"
	"time"
)

// LossLine is one cost of a claim: its amount and document, and what it is in
// the base currency by the rate of a day. Base = amount × rate, rounded half
// away from zero to the base currency's minor unit.
type LossLine struct {
	ID         ID        `json:"id"`
	ClaimID    ID        `json:"-"`
	Position   int       `json:"position"`
	What       string    `json:"what"` // settlement, replacement_goods, freight …
	Amount     Money     `json:"amount" gorm:"embedded;embeddedPrefix:amount_"`
	Rate       Decimal   `json:"rate"` // base currency per unit of the amount's
	RateOn     Date      `json:"rate_on"`
	Base       Money     `json:"base" gorm:"embedded;embeddedPrefix:base_"`
	Document   string    `json:"document"`
	FileSHA256 SHA256    `json:"file_sha256,omitzero" gorm:"column:file_sha256"`
	CreatedAt  time.Time `json:"created_at"`
}

// LossKinds lists what a loss line may be.
var LossKinds = []string{"settlement", "replacement_goods", "freight", "duty", "demurrage", "survey", "sorting", "rework", "re_inspection", "courier", "own_handling", "other"}

// Liability (责任划分) is the share of one party in a claim's loss, in
// hundredths of a per cent, with its basis.
type Liability struct {
	ID        ID        `json:"id"`
	ClaimID   ID        `json:"-"`
	Position  int       `json:"position"`
	Party     PartyKind `json:"party" gorm:"column:party_kind"`
	PartyID   *ID       `json:"party_id"` // nil for a party that is not in the books
	Percent   Percent   `json:"percent"`
	Basis     string    `json:"basis"`
	Evidence  []ID      `json:"evidence" gorm:"serializer:json"` // inspections, findings, evidence it rests on
	Share     Money     `json:"share" gorm:"embedded;embeddedPrefix:share_"`
	CreatedAt time.Time `json:"created_at"`
}

// TableName is liabilities.
func (Liability) TableName() string { return "liabilities" }

// RecoveryCase is one liable party's share of one claim, to be got back.
// Debited and Recovered never exceed Share.
type RecoveryCase struct {
	ID        ID        `json:"id"`
	Number    string    `json:"number"`
	ClaimID   ID        `json:"claim_id"`
	Party     PartyKind `json:"party" gorm:"column:party_kind"`
	PartyID   *ID       `json:"party_id"`
	Share     Money     `json:"share" gorm:"embedded;embeddedPrefix:share_"`
	Debited   int64     `json:"-"`         // minor units of open and settled debit notes
	Recovered int64     `json:"-"`         // minor units settled otherwise than by write-off
	NoticeOn  Date      `json:"notice_on"` // protective notice sent
	State     string    `json:"state"`     // open, closed
	Version   int       `json:"version"`
	CreatedAt time.Time `json:"created_at"`
	UpdatedAt time.Time `json:"updated_at"`
}

// DebitNoteState is where a debit note stands.
type DebitNoteState string

// The states of a debit note.
const (
	NoteIssued       DebitNoteState = "issued"
	NoteAcknowledged DebitNoteState = "acknowledged"
	NoteDisputed     DebitNoteState = "disputed"
	NoteInPart       DebitNoteState = "accepted_in_part"
	NoteSettled      DebitNoteState = "settled"
	NoteWrittenOff   DebitNoteState = "written_off"
	NoteCancelled    DebitNoteState = "cancelled"
)

// noteTransitions is the only table of allowed moves.
var noteTransitions = map[DebitNoteState][]DebitNoteState{
	NoteIssued:       {NoteAcknowledged, NoteDisputed, NoteInPart, NoteSettled, NoteWrittenOff, NoteCancelled},
	NoteAcknowledged: {NoteDisputed, NoteInPart, NoteSettled, NoteWrittenOff, NoteCancelled},
	NoteDisputed:     {NoteAcknowledged, NoteInPart, NoteSettled, NoteWrittenOff, NoteCancelled},
	NoteInPart:       {NoteAcknowledged, NoteDisputed, NoteSettled, NoteWrittenOff, NoteCancelled},
	// A settlement that is reversed opens the note again, as it stood.
	NoteSettled:    {NoteIssued, NoteAcknowledged, NoteDisputed, NoteInPart},
	NoteWrittenOff: {NoteIssued, NoteAcknowledged, NoteDisputed, NoteInPart},
}

// MayBecome reports whether the move is in the table of transitions.
func (s DebitNoteState) MayBecome(next DebitNoteState) bool {
	return slices.Contains(noteTransitions[s], next)
}

// OpenNoteStates lists the states in which something is still owed.
var OpenNoteStates = []DebitNoteState{NoteIssued, NoteAcknowledged, NoteDisputed, NoteInPart}

// Open reports whether something is still owed.
func (s DebitNoteState) Open() bool { return slices.Contains(OpenNoteStates, s) }

// DebitNote (扣款通知) is the numbered demand to a party. It is issued once and
// never edited: a mistake is cancelled with a reason and issued anew. Content is
// what was printed, frozen.
type DebitNote struct {
	ID             ID             `json:"id"`
	Number         string         `json:"number"` // without gaps
	CaseID         ID             `json:"case_id"`
	ClaimID        ID             `json:"claim_id"`
	Party          PartyKind      `json:"party" gorm:"column:party_kind"`
	PartyID        *ID            `json:"party_id"`
	Amount         Money          `json:"amount" gorm:"embedded;embeddedPrefix:amount_"`
	Settled        int64          `json:"-"` // minor units settled, write-offs included
	State          DebitNoteState `json:"state"`
	ReopensAs      DebitNoteState `json:"-"` // where a closed one stood before
	IssuedOn       Date           `json:"issued_on"`
	ObjectionUntil Date           `json:"objection_until"`
	AcceptedMinor  *int64         `json:"-"` // of a part acceptance
	Objection      string         `json:"objection"`
	CancelReason   string         `json:"cancel_reason"`
	ReplacesID     *ID            `json:"replaces_id"`
	Content        NoteContent    `json:"content" gorm:"serializer:json"`
	Version        int            `json:"version"`
	CreatedAt      time.Time      `json:"created_at"`
	UpdatedAt      time.Time      `json:"updated_at"`
	Settlements    []Settlement   `json:"settlements" gorm:"-"`
}

// Outstanding is what is still owed: amount less all settlements.
func (n DebitNote) Outstanding() Money {
	return Money{Minor: n.Amount.Minor - n.Settled, Currency: n.Amount.Currency}
}

// NoteContent is what a debit note must name: contract and clause, lot,
// inspection and claim, the deviation in figures, the evidence, the formula and
// the way to object.
type NoteContent struct {
	PurchaseContract string     `json:"purchase_contract"`
	Clause           string     `json:"clause"`
	Lots             []string   `json:"lots"`
	Inspections      []string   `json:"inspections"`
	ClaimNumber      string     `json:"claim_number"`
	Deviation        Text       `json:"deviation"`
	Evidence         []string   `json:"evidence"`
	Loss             []LossLine `json:"loss"`
	Total            Money      `json:"total"`
	Percent          Percent    `json:"percent"`
	Basis            string     `json:"basis"`
	ObjectionDays    int        `json:"objection_days"`
	ObjectTo         string     `json:"object_to"`
}

// Settlement is one movement that settles a debit note, in part or whole. Rows
// are only ever added; a mistake is reversed by a row of the opposite sign.
type Settlement struct {
	ID         ID        `json:"id"`
	NoteID     ID        `json:"note_id"`
	Kind       string    `json:"kind"`                                          // set_off, payment, goods, credit, write_off
	Amount     Money     `json:"amount" gorm:"embedded;embeddedPrefix:amount_"` // in the note's currency
	Paid       *Money    `json:"paid" gorm:"embedded;embeddedPrefix:paid_"`     // what came, when in another currency
	Rate       Decimal   `json:"rate"`
	FxMinor    int64     `json:"-"` // exchange gain (+) or loss (-) in the note's currency, apart
	SettledOn  Date      `json:"settled_on"`
	Reference  string    `json:"reference"`
	Reason     string    `json:"reason"`
	ReversesID *ID       `json:"reverses_id"`
	CreatedBy  *ID       `json:"created_by"`
	CreatedAt  time.Time `json:"created_at"`
}

// SettlementKinds lists how a debit note is settled.
var SettlementKinds = []string{"set_off", "payment", "goods", "credit", "write_off"}

// The states of a corrective action.
const (
	ActionOpen         = "open"
	ActionAnswered     = "answered" // the supplier answered every step
	ActionAccepted     = "accepted" // and we accepted every answer
	ActionEffective    = "effective"
	ActionNotEffective = "not_effective"
	ActionCancelled    = "cancelled"
)

// actionTransitions is the only table of allowed moves.
var actionTransitions = map[string][]string{
	ActionOpen:     {ActionAnswered, ActionCancelled},
	ActionAnswered: {ActionOpen, ActionAccepted, ActionCancelled},
	ActionAccepted: {ActionEffective, ActionNotEffective, ActionCancelled},
}

// MayBecome reports whether the move is in the table of transitions.
func (a CorrectiveAction) MayBecome(next string) bool {
	return slices.Contains(actionTransitions[a.State], next)
}

// ActionSteps lists the steps of a corrective action with the days each has by default.
var ActionSteps = []struct {
	Step string
	Days int
}{{"containment", 1}, {"root_cause", 7}, {"correction", 14}, {"prevention", 25}, {StepEffectiveness, 30}}

// StepEffectiveness is the last step: ours to verify, not the supplier's to answer.
const StepEffectiveness = "effectiveness"

// CorrectiveAction (纠正措施) is what a supplier must change, by when, and how we
// verified it: 8D in short.
type CorrectiveAction struct {
	ID           ID         `json:"id"`
	Number       string     `json:"number"`
	SupplierID   ID         `json:"supplier_id"`
	ClaimID      *ID        `json:"claim_id"`
	InspectionID *ID        `json:"inspection_id"`
	ProductID    *ID        `json:"product_id"`
	Problem      string     `json:"problem"`
	Steps        []CAStep   `json:"steps" gorm:"serializer:json"`
	State        string     `json:"state"` // open, answered, accepted, effective, not_effective, cancelled
	OpenedOn     Date       `json:"opened_on"`
	NextDueOn    Date       `json:"next_due_on"`
	VerifiedBy   *ID        `json:"verified_by_inspection"`
	VerifiedOn   Date       `json:"verified_on"`
	Verification string     `json:"verification"`
	ClosedAt     *time.Time `json:"closed_at"`
	Version      int        `json:"version"`
	CreatedAt    time.Time  `json:"created_at"`
	UpdatedAt    time.Time  `json:"updated_at"`
}

// CAStep is one step of a corrective action with its due date and the supplier's answer.
type CAStep struct {
	Step       string `json:"step"` // containment, root_cause, correction, prevention, effectiveness
	DueOn      Date   `json:"due_on"`
	Answer     string `json:"answer"`
	AnsweredOn Date   `json:"answered_on"`
	Accepted   *bool  `json:"accepted"`
	Note       string `json:"note"`
}

// SentDocument is a document as it went out: its bytes are frozen in the file
// store under SHA256, with whom it went to and how.
type SentDocument struct {
	ID         ID        `json:"id"`
	ReportID   *ID       `json:"report_id"`
	Kind       string    `json:"kind"`
	EntityID   ID        `json:"entity_id"`
	ClaimID    *ID       `json:"claim_id"`
	Lang       string    `json:"lang"`
	Edition    string    `json:"edition"`
	SHA256     SHA256    `json:"sha256" gorm:"column:sha256"`
	Size       int64     `json:"size"`
	SentTo     string    `json:"sent_to"`
	Channel    string    `json:"channel"`
	SentAt     time.Time `json:"sent_at"`
	SentByName string    `json:"sent_by_name"`
}
