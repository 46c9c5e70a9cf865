package models

import "time"

// ContractKind tells the two contracts apart.
type ContractKind string

// The kinds of contract.
const (
	PurchaseContract ContractKind = "purchase" // us ↔ supplier 采购合同
	SalesContract    ContractKind = "sales"    // us ↔ customer 销售合同
)

// Contract is a purchase contract (party: supplier) or a sales contract (party: customer).
type Contract struct {
	ID                ID             `json:"id"`
	Kind              ContractKind   `json:"kind"`
	Number            string         `json:"number"`
	NumberKey         string         `json:"-"`
	SignedOn          Date           `json:"signed_on"`
	PartyID           ID             `json:"party_id"`
	Currency          string         `json:"currency"`
	Incoterm          string         `json:"incoterm"`
	Port              string         `json:"port"`
	LatestShipment    Date           `json:"latest_shipment"`
	ShippingMarks     string         `json:"shipping_marks"`
	Packing           string         `json:"packing"`
	QualityClause     string         `json:"quality_clause"`
	RequiredDocuments []string       `json:"required_documents" gorm:"serializer:json"`
	ClaimClause       ClaimClause    `json:"claim_clause" gorm:"serializer:json"`
	Remark            string         `json:"remark"`
	ClosedAt          *time.Time     `json:"closed_at"`
	Version           int            `json:"version"`
	CreatedAt         time.Time      `json:"created_at"`
	UpdatedAt         time.Time      `json:"updated_at"`
	Lines             []ContractLine `json:"lines" gorm:"-"`
}

// ClaimClause is what the contract says about claims. Days count calendar days
// from the event From; nil means the contract is silent.
type ClaimClause struct {
	QualityDays  *int   `json:"quality_days" validate:"omitempty,min=0,max=3650"`
	QuantityDays *int   `json:"quantity_days" validate:"omitempty,min=0,max=3650"`
	OtherDays    *int   `json:"other_days" validate:"omitempty,min=0,max=3650"`
	From         string `json:"from" validate:"omitempty,oneof=delivery loading arrival receipt"`
	SurveyReport bool   `json:"survey_report"`
	SurveyBody   string `json:"survey_body" validate:"max=200"`
	ReplyDays    *int   `json:"reply_days" validate:"omitempty,min=0,max=365"`
	Text         string `json:"text" validate:"max=4000"`
}

// ContractLine is one product of a contract. A purchase line pins a standard's
// version; a sales line may pin the customer's own.
type ContractLine struct {
	ID               ID                `json:"id"`
	ContractID       ID                `json:"contract_id"`
	LineNo           int               `json:"line"`
	ProductID        ID                `json:"product_id"`
	Specification    string            `json:"specification"`
	Attributes       map[string]string `json:"attributes" gorm:"serializer:json"` // thickness: 9.5 …
	Quantity         Quantity          `json:"quantity"`
	Unit             string            `json:"unit"`
	TolerancePercent Decimal           `json:"tolerance_percent"` // 溢短装
	ToleranceOption  string            `json:"tolerance_option"`  // whose option: buyer, seller, or empty
	TolerancePrice   string            `json:"tolerance_price"`   // contract or market, or empty
	UnitPrice        Decimal           `json:"unit_price,omitzero"`
	StandardID       *ID               `json:"standard_id"`
	FedBy            []LineLink        `json:"fed_by" gorm:"-"` // of a sales line
}

// MaxQuantity is the most the line lets through: quantity × (1 + tolerance), in thousandths, rounded down.
func (l ContractLine) MaxQuantity() Quantity { return l.withTolerance(1) }

// MinQuantity is the least that fulfils the line, in thousandths, rounded up.
func (l ContractLine) MinQuantity() Quantity { return l.withTolerance(-1) }

func (l ContractLine) withTolerance(sign int64) Quantity {
	t, _ := l.TolerancePercent.Scaled(9)
	q := DecimalFromScaled(int64(l.Quantity), 0).Exact()
	part := q.Mul(DecimalFromScaled(t, 11).Exact()).Floor().IntPart()
	return Quantity(int64(l.Quantity) + sign*part)
}

// LineLink feeds a sales line from a purchase line.
type LineLink struct {
	SalesLineID    ID `json:"-" gorm:"primaryKey"`
	PurchaseLineID ID `json:"purchase_line_id" gorm:"primaryKey"`
}

// Lot (批) is the goods presented at one inspection: a purchase line's
// production batch with its dates and quantity.
type Lot struct {
	ID           ID        `json:"id"`
	LineID       ID        `json:"line_id"`
	Batch        string    `json:"batch"`
	BatchKey     string    `json:"-"`
	ProducedFrom Date      `json:"produced_from"`
	ProducedTo   Date      `json:"produced_to"`
	Quantity     Quantity  `json:"quantity"`
	Cartons      int       `json:"cartons"`
	PerCarton    int       `json:"per_carton"`
	CartonFrom   int       `json:"carton_from"`
	CartonTo     int       `json:"carton_to"`
	Version      int       `json:"version"`
	CreatedAt    time.Time `json:"created_at"`
	UpdatedAt    time.Time `json:"updated_at"`
}

// Shipment carries lots to a customer. That join answers every later question.
type Shipment struct {
	ID              ID                 `json:"id"`
	SalesContractID ID                 `json:"sales_contract_id"`
	BillOfLading    string             `json:"bill_of_lading"`
	BillKey         string             `json:"-"`
	Vessel          string             `json:"vessel"`
	DeliveredOn     Date               `json:"delivered_on"` // by the supplier to us or the carrier
	LoadedOn        Date               `json:"loaded_on"`
	ArrivedOn       Date               `json:"arrived_on"`
	Remark          string             `json:"remark"`
	Version         int                `json:"version"`
	CreatedAt       time.Time          `json:"created_at"`
	UpdatedAt       time.Time          `json:"updated_at"`
	Lots            []ShipmentLot      `json:"lots" gorm:"-"`
	Containers      []Container        `json:"containers" gorm:"-"`
	Documents       []ShipmentDocument `json:"documents" gorm:"-"`
}

// ShipmentLot is the part of a lot that went with a shipment.
type ShipmentLot struct {
	ShipmentID  ID       `json:"-" gorm:"primaryKey"`
	LotID       ID       `json:"lot_id" gorm:"primaryKey"`
	SalesLineID ID       `json:"sales_line_id" gorm:"primaryKey"`
	Quantity    Quantity `json:"quantity"`
}

// Container is a box with its seal.
type Container struct {
	ID         ID     `json:"id"`
	ShipmentID ID     `json:"-"`
	Number     string `json:"number"`
	NumberKey  string `json:"-"`
	Seal       string `json:"seal"`
}

// ShipmentDocument is one entry of the document check-list: its draft sent to
// the customer, confirmed in writing, and the file.
type ShipmentDocument struct {
	ID           ID     `json:"id"`
	ShipmentID   ID     `json:"-"`
	Kind         string `json:"kind"` // bill_of_lading, certificate_of_origin …
	DraftSentOn  Date   `json:"draft_sent_on"`
	ConfirmedOn  Date   `json:"confirmed_on"`
	ConfirmedBy  string `json:"confirmed_by"`
	FileSHA256   SHA256 `json:"file_sha256,omitzero" gorm:"column:file_sha256"`
	FileName     string `json:"file_name"`
	NotNeededWhy string `json:"not_needed_why"`
}
