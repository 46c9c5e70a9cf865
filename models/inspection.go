package models

import (
	"slices"
	"time"
)

// InspectionKind says at which point of production the visit is.
type InspectionKind string

// The kinds of inspection.
const (
	Initial          InspectionKind = "initial"           // 产前
	DuringProduction InspectionKind = "during_production" // 产中
	PreShipment      InspectionKind = "pre_shipment"      // 出货前
	ContainerLoading InspectionKind = "container_loading" // 监装
	ReInspection     InspectionKind = "re_inspection"     // 复验
)

// InspectionKinds lists the kinds.
var InspectionKinds = []InspectionKind{Initial, DuringProduction, PreShipment, ContainerLoading, ReInspection}

// InspectionState is where an inspection stands.
type InspectionState string

// The states of an inspection.
const (
	Planned    InspectionState = "planned"
	InProgress InspectionState = "in_progress"
	Submitted  InspectionState = "submitted" // signed, verdict computed, waits for photos and the decision
	Final      InspectionState = "final"     // decided and locked
	Aborted    InspectionState = "aborted"
)

// inspectionTransitions is the only table of allowed moves.
var inspectionTransitions = map[InspectionState][]InspectionState{
	Planned:    {InProgress, Aborted},
	InProgress: {Submitted, Aborted},
	Submitted:  {Final},
}

// MayBecome reports whether the move is in the table of transitions.
func (s InspectionState) MayBecome(next InspectionState) bool {
	return slices.Contains(inspectionTransitions[s], next)
}

// Verdict (判定) is computed, never entered.
type Verdict string

// The verdicts.
const (
	Accepted    Verdict = "accepted"
	NotAccepted Verdict = "not_accepted"
	Pending     Verdict = "pending" // something required is not checked
)

// DecisionKind (处置) is a person's choice about a lot.
type DecisionKind string

// The decisions.
const (
	Release        DecisionKind = "release"
	ReleaseWaived  DecisionKind = "waiver" // 让步放行
	ReworkAndRetry DecisionKind = "rework" // rework and re-inspect
	Reject         DecisionKind = "reject"
	SortAll        DecisionKind = "sort" // sort 100 %
)

// DecisionKinds lists the decisions.
var DecisionKinds = []DecisionKind{Release, ReleaseWaived, ReworkAndRetry, Reject, SortAll}

// Inspection (验货) is one visit: the check of one lot, or of several lots
// reported together. Number and Revision name it; re-inspections share Chain.
type Inspection struct {
	ID             ID              `json:"id"`
	Number         string          `json:"number"`
	Revision       int             `json:"revision"` // 0 first, then 1, 2 … for corrections of a final one
	RevisesID      *ID             `json:"revises_id"`
	RevisionReason string          `json:"revision_reason"`
	SupersededByID *ID             `json:"superseded_by_id"`
	ChainID        ID              `json:"chain_id"` // id of the chain's original inspection
	ChainNo        int             `json:"chain_no"` // 0 original, 1 first re-inspection …
	PreviousID     *ID             `json:"previous_id"`
	Kind           InspectionKind  `json:"kind"`
	State          InspectionState `json:"state"`
	ContractID     ID              `json:"contract_id"` // purchase contract
	SupplierID     ID              `json:"supplier_id"`
	PlannedOn      Date            `json:"planned_on"`
	InspectedOn    Date            `json:"inspected_on"`
	Place          string          `json:"place"`
	Verdict        Verdict         `json:"verdict"`

	InspectorRemark string      `json:"inspector_remark"`
	FactoryRemark   string      `json:"factory_remark"`
	Deviations      []string    `json:"deviations" gorm:"serializer:json"`
	Equipment       []Equipment `json:"equipment" gorm:"serializer:json"`

	StartedAt     *time.Time `json:"started_at"`
	SubmittedAt   *time.Time `json:"submitted_at"`
	DecidedAt     *time.Time `json:"decided_at"`
	AbortedAt     *time.Time `json:"aborted_at"`
	AbortReason   string     `json:"abort_reason"`
	AbortBlame    PartyKind  `json:"abort_blame"` // against whom the abort counts
	DeviceTime    *time.Time `json:"device_time"` // the phone's clock at its last write
	DeviceOffset  *int       `json:"device_offset"`
	DeviceSkewed  bool       `json:"device_skewed"` // more than five minutes off the server
	RecordHash    SHA256     `json:"-"`             // of the last whole record received, so that a repeat is known
	Fingerprint   SHA256     `json:"fingerprint,omitzero"`
	PhotosWanted  int        `json:"photos_wanted"`
	PhotosPresent int        `json:"photos_present"`
	Version       int        `json:"version"`
	CreatedBy     *ID        `json:"created_by"`
	CreatedAt     time.Time  `json:"created_at"`
	UpdatedAt     time.Time  `json:"updated_at"`

	Inspectors []InspectorName `json:"inspectors" gorm:"-"`
	Lots       []InspectionLot `json:"lots" gorm:"-"`
	Photos     []Photo         `json:"photos" gorm:"-"`
	Signatures []Signature     `json:"signatures" gorm:"-"`
}

// Original reports whether the inspection is the chain's first: only such
// results feed severity and the first-pass rate.
func (i Inspection) Original() bool { return i.ChainNo == 0 && i.Kind != ReInspection }

// InspectorName is an inspector with the name to print.
type InspectorName struct {
	UserID ID     `json:"user_id"`
	Name   string `json:"name"`
}

// InspectionInspector assigns a user to a visit.
type InspectionInspector struct {
	InspectionID ID `gorm:"primaryKey"`
	UserID       ID `gorm:"primaryKey"`
}

// Equipment is an instrument used, with its calibration.
type Equipment struct {
	Name          string `json:"name" validate:"required,max=100"`
	Number        string `json:"number" validate:"max=60"`
	CalibratedTo  Date   `json:"calibrated_to"` // calibration valid until
	Resolution    string `json:"resolution" validate:"max=40"`
	CalibrationBy string `json:"calibration_by" validate:"max=100"`
}

// InspectionLot is the check of one lot at one visit, with the snapshot it is
// judged by and what was counted. Nil counts mean "not checked".
type InspectionLot struct {
	ID           ID              `json:"id"`
	InspectionID ID              `json:"-"`
	Position     int             `json:"position"`
	LotID        ID              `json:"lot_id"`
	LineID       ID              `json:"line_id"`
	ProductID    ID              `json:"product_id"`
	SupplierID   ID              `json:"-"` // repeated from the visit, so that history is one index
	StandardID   ID              `json:"standard_id"`
	StandardCode string          `json:"standard_code"`
	Snapshot     StandardContent `json:"snapshot" gorm:"serializer:json"`
	SnapshotHash SHA256          `json:"snapshot_hash"`
	Plan         Plan            `json:"plan" gorm:"serializer:json"`
	Seed         SHA256          `json:"seed"` // stored before the visit; draws the cartons

	QuantityOrdered   *Quantity `json:"quantity_ordered"`
	QuantityProduced  *Quantity `json:"quantity_produced"`
	QuantityPacked    *Quantity `json:"quantity_packed"`
	QuantityPresented *Quantity `json:"quantity_presented"`
	CartonsPresented  *int      `json:"cartons_presented"`
	CartonsOpened     []int     `json:"cartons_opened" gorm:"serializer:json"`
	UnitsExamined     *int      `json:"units_examined"` // units looked at for defects

	Judgement   *Judgement   `json:"judgement" gorm:"serializer:json"`
	Verdict     Verdict      `json:"verdict"`
	NcCritical  int          `json:"nc_critical"` // nonconforming units by worst class
	NcMajor     int          `json:"nc_major"`
	NcMinor     int          `json:"nc_minor"`
	Remark      string       `json:"remark"`
	Decision    DecisionKind `json:"decision"`
	InspectedOn Date         `json:"-"` // the visit's date, which orders the lots of a series

	Findings     []Finding     `json:"findings" gorm:"-"`
	Overlaps     []UnitOverlap `json:"unit_overlap" gorm:"serializer:json"`
	Measurements []Measurement `json:"measurements" gorm:"-"`
	Checks       []Check       `json:"checks" gorm:"-"`
	Decisions    []Decision    `json:"decisions" gorm:"-"`
}

// Finding (不符合项) is a recorded defect: catalogue code and number of units that show it.
type Finding struct {
	ID              ID          `json:"id"`
	InspectionLotID ID          `json:"-"`
	Position        int         `json:"position"`
	Defect          string      `json:"defect" gorm:"column:defect_code"`
	Class           DefectClass `json:"class"`
	Units           int         `json:"units"`
	// Defects is the number of defects on these units, where they are counted
	// per 100 units; at least Units.
	Defects int    `json:"defects"`
	Cartons []int  `json:"cartons" gorm:"serializer:json"`
	Remark  string `json:"remark"`
}

// UnitOverlap names one sample unit that shows several defects: it counts once, by its worst class.
type UnitOverlap struct {
	Unit    int      `json:"unit" validate:"min=1"`
	Defects []string `json:"defects" validate:"min=2,max=20,dive,required"`
}

// Reading is one measured value: Value × 10^-decimals of the pinned characteristic.
type Reading struct {
	InspectionLotID ID     `gorm:"primaryKey"`
	Characteristic  string `gorm:"primaryKey"`
	No              int    `gorm:"primaryKey;autoIncrement:false"`
	Value           int64
}

// Measurement is the readings of one characteristic in sample order.
type Measurement struct {
	Characteristic string    `json:"characteristic"`
	Readings       []Decimal `json:"readings"`
}

// The results of a check. Nothing starts as ok.
const (
	NotChecked    = "not_checked"
	CheckOK       = "ok"
	CheckNotOK    = "not_ok"
	NotApplicable = "not_applicable"
	NotPossible   = "not_possible" // could not be checked at the visit; the remark says why
)

// Check is a ticked section or attribute characteristic. For an attribute
// characteristic Nonconforming counts units out of Examined.
type Check struct {
	InspectionLotID ID     `json:"-" gorm:"primaryKey"`
	Code            string `json:"code" gorm:"primaryKey"`
	Result          string `json:"result"`
	Examined        *int   `json:"examined"`
	Nonconforming   *int   `json:"nonconforming"`
	Seen            string `json:"seen"` // what stood there: marks as printed, document numbers
	Remark          string `json:"remark"`
}

// Photo ties a file to what it shows. It is declared by its hash; the bytes may
// arrive later.
type Photo struct {
	ID              ID         `json:"id"`
	InspectionID    ID         `json:"-"`
	InspectionLotID *ID        `json:"inspection_lot_id"`
	FindingID       *ID        `json:"finding_id"`
	CheckCode       string     `json:"check"`
	Position        int        `json:"position"`
	SHA256          SHA256     `json:"sha256" gorm:"column:sha256"`
	Caption         string     `json:"caption"`
	TakenAt         *time.Time `json:"taken_at"` // by the phone; the file's own time stands with the file
	Present         bool       `json:"present"`  // the bytes have arrived
}

// TableName is inspection_photos.
func (Photo) TableName() string { return "inspection_photos" }

// TableName is inspection_checks.
func (Check) TableName() string { return "inspection_checks" }

// The sides that sign a record.
const (
	SideInspector = "inspector"
	SideFactory   = "factory" // acknowledges facts, not blame
)

// Signature is one side's signature under the record; a refusal is recorded with its reason.
type Signature struct {
	InspectionID ID        `json:"-" gorm:"primaryKey"`
	Side         string    `json:"side" gorm:"primaryKey"`
	Name         string    `json:"name"`
	Title        string    `json:"title"`
	SignedAt     time.Time `json:"signed_at"`
	Refused      bool      `json:"refused"`
	Reason       string    `json:"reason"`
	ImageSHA256  SHA256    `json:"image_sha256,omitzero" gorm:"column:image_sha256"`
}

// TableName is inspection_signatures.
func (Signature) TableName() string { return "inspection_signatures" }

// Decision is what a person ruled about a lot, with the reason. A waiver names
// its price and who bears later claims.
type Decision struct {
	ID              ID           `json:"id"`
	InspectionID    ID           `json:"-"`
	InspectionLotID ID           `json:"inspection_lot_id"`
	Decision        DecisionKind `json:"decision"`
	Reason          string       `json:"reason"`
	Conditions      string       `json:"conditions"`
	Price           *Money       `json:"price" gorm:"embedded;embeddedPrefix:price_"` // of a waiver: the allowance; 0 is a price
	BearsClaims     PartyKind    `json:"bears_claims"`
	DecidedBy       *ID          `json:"decided_by"`
	DecidedByName   string       `json:"decided_by_name"`
	DecidedAt       time.Time    `json:"decided_at"`
}

// TableName is inspection_decisions.
func (Decision) TableName() string { return "inspection_decisions" }
