// Package cases answers for case files: one contract's story as a JSON document,
// from the parties to the recovered money, with the figures the program must
// reach. It reads a file strictly, writes it through the same verbs as the API,
// all or nothing, and compares what was computed with what the file expects. It
// holds no rule of its own. Its invariant: a file that is refused leaves no record.
package cases

import (
	"encoding/json"
	"os"
	"path/filepath"

	"recourse/models"
	"recourse/wire"
)

// File is a case file. Any part may be missing; a part may refer by code or
// number to records that are already stored.
type File struct {
	Supplier         *Party           `json:"supplier"`
	Customer         *Party           `json:"customer"`
	Product          *Product         `json:"product"`
	QualityStandard  *Standard        `json:"quality_standard"`
	PurchaseContract *Contract        `json:"purchase_contract"`
	SalesContract    *Contract        `json:"sales_contract"`
	ExpectedWarnings *json.RawMessage `json:"expected_contract_warnings"`
	Inspection       *Inspection      `json:"inspection"`
	Shipment         *Shipment        `json:"shipment"`
	Claim            *Claim           `json:"claim"`
	Recovery         *Recovery        `json:"recovery"`
}

// Party is a supplier or a customer.
type Party struct {
	Code    string      `json:"code" validate:"required"`
	Name    models.Text `json:"name"`
	Country string      `json:"country"`
	Place   string      `json:"place"`
}

// Product is what is traded.
type Product struct {
	Code          string      `json:"code" validate:"required"`
	Name          models.Text `json:"name"`
	Unit          string      `json:"unit"`
	Category      string      `json:"category"`
	Specification string      `json:"specification"`
}

// Standard is one version of a quality standard.
type Standard struct {
	Code          string            `json:"code" validate:"required"`
	Version       int               `json:"version" validate:"min=1"`
	Status        string            `json:"status" validate:"omitempty,oneof=draft active retired"`
	EffectiveFrom models.Date       `json:"effective_from"`
	Title         models.Text       `json:"title"`
	Cites         []models.Citation `json:"cites"`
	Sampling      struct {
		Scheme   string `json:"scheme"`
		Level    string `json:"level"`
		CommonN  bool   `json:"common_n"`
		Critical string `json:"critical" validate:"omitempty,oneof=not_allowed all"`
		// An AQL per class; a class without one is not sampled.
		CriticalAQL string `json:"critical_aql"`
		MajorAQL    string `json:"major_aql"`
		MinorAQL    string `json:"minor_aql"`
	} `json:"sampling"`
	Measured []Measured         `json:"measured" validate:"dive"`
	Defects  []models.Defect    `json:"defects"`
	Checks   []models.CheckItem `json:"checks"`
}

// Measured is a measured characteristic. Decimals, when missing, is one more
// than the limits are written with.
type Measured struct {
	Code        string             `json:"code" validate:"required"`
	Name        models.Text        `json:"name"`
	Unit        string             `json:"unit"`
	Decimals    *int               `json:"decimals"`
	Nominal     models.Decimal     `json:"nominal"`
	Lower       models.Decimal     `json:"lower"`
	Upper       models.Decimal     `json:"upper"`
	MeanLower   models.Decimal     `json:"mean_lower"`
	MeanUpper   models.Decimal     `json:"mean_upper"`
	Class       models.DefectClass `json:"class"`
	Level       string             `json:"level"`
	AQL         string             `json:"aql"`
	SampleSize  int                `json:"sample_size"`
	Destructive bool               `json:"destructive"`
	Instrument  string             `json:"instrument"`
}

// Contract is a purchase or a sales contract.
type Contract struct {
	Number            string             `json:"number" validate:"required"`
	Date              models.Date        `json:"date"`
	Supplier          string             `json:"supplier"` // code; of a purchase contract
	Customer          string             `json:"customer"` // code; of a sales contract
	Currency          string             `json:"currency"`
	Incoterm          string             `json:"incoterm"`
	LatestShipment    models.Date        `json:"latest_shipment"`
	ShippingMarks     string             `json:"shipping_marks"`
	Packing           string             `json:"packing"`
	QualityClause     string             `json:"quality_clause"`
	RequiredDocuments []string           `json:"required_documents"`
	ClaimClause       models.ClaimClause `json:"claim_clause"`
	Lines             []Line             `json:"lines" validate:"required,dive"`
}

// Line is a contract line.
type Line struct {
	Line             int             `json:"line" validate:"min=1"`
	Product          string          `json:"product" validate:"required"` // code
	Quantity         models.Quantity `json:"quantity"`
	TolerancePercent models.Decimal  `json:"tolerance_percent"`
	ToleranceOption  string          `json:"tolerance_option"`
	UnitPrice        models.Decimal  `json:"unit_price"`
	Standard         string          `json:"standard"` // code
	StandardVersion  int             `json:"standard_version"`
	FedBy            *LineRef        `json:"fed_by"`
}

// LineRef names a purchase line.
type LineRef struct {
	Contract string `json:"contract" validate:"required"`
	Line     int    `json:"line" validate:"min=1"`
}

// Inspection is one visit to one lot.
type Inspection struct {
	Kind     models.InspectionKind `json:"kind" validate:"required"`
	Date     models.Date           `json:"date" validate:"required"`
	Place    string                `json:"place"`
	Contract string                `json:"contract" validate:"required"`
	Line     int                   `json:"line" validate:"min=1"`
	Lot      struct {
		Batch             string          `json:"batch" validate:"required"`
		ProducedFrom      models.Date     `json:"produced_from"`
		ProducedTo        models.Date     `json:"produced_to"`
		QuantityPresented models.Quantity `json:"quantity_presented"`
		Cartons           int             `json:"cartons"`
		PerCarton         int             `json:"per_carton"`
	} `json:"lot"`
	ExpectedPlan    *json.RawMessage   `json:"expected_plan"`
	UnitsExamined   *int               `json:"units_examined"` // default: the sample, where findings are given
	Findings        *[]Finding         `json:"findings" validate:"omitempty,dive"`
	UnitOverlap     []overlap          `json:"unit_overlap"`
	Readings        Readings           `json:"readings"`
	Checks          []check            `json:"checks"`
	InspectorRemark string             `json:"inspector_remark"`
	FactoryRemark   string             `json:"factory_remark"`
	Deviations      []string           `json:"deviations"`
	Equipment       []models.Equipment `json:"equipment"`
	Signatures      *signatures        `json:"signatures"`
	Expected        *json.RawMessage   `json:"expected"`
	Decision        *Decision          `json:"decision"`
}

// Readings are the readings of each characteristic, by its code.
type Readings map[string][]models.Decimal

type overlap = models.UnitOverlap

type check struct {
	Code   string   `json:"code" validate:"required"`
	Result string   `json:"result" validate:"required"`
	Seen   string   `json:"seen"`
	Remark string   `json:"remark"`
	Photos []string `json:"photos"`
}

type signatures struct {
	Inspector signature `json:"inspector"`
	Factory   signature `json:"factory"`
}

type signature struct {
	Name  string `json:"name" validate:"required"`
	Title string `json:"title"`
}

// Finding is a defect found, with the names of its photo files.
type Finding struct {
	Defect string   `json:"defect" validate:"required"`
	Units  int      `json:"units"`
	Remark string   `json:"remark"`
	Photos []string `json:"photos"`
}

// Decision is what was ruled. By is a person or a department.
type Decision struct {
	By       string              `json:"by"`
	Decision models.DecisionKind `json:"decision" validate:"required"`
	Reason   string              `json:"reason"`
}

// Shipment is how the goods went.
type Shipment struct {
	BillOfLading string          `json:"bill_of_lading" validate:"required"`
	Container    string          `json:"container"`
	Seal         string          `json:"seal"`
	Delivered    models.Date     `json:"delivered"`
	Loaded       models.Date     `json:"loaded"`
	Arrived      models.Date     `json:"arrived"`
	Lots         []string        `json:"lots"` // batches
	Quantity     models.Quantity `json:"quantity"`
}

// Read reads a case file. Unknown, repeated and malformed keys are refused by name.
func Read(path string) (*File, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, models.Invalid("file", "%s cannot be read: check the path.", "无法读取 %s：请检查路径。", path)
	}
	var f File
	if err := wire.Read(data, &f); err != nil {
		return nil, err
	}
	return &f, nil
}

// photoNames lists the photo files the case names, once each.
func (f *File) photoNames() []string {
	var names []string
	seen := map[string]bool{}
	add := func(more []string) {
		for _, n := range more {
			if !seen[n] {
				seen[n] = true
				names = append(names, n)
			}
		}
	}
	if f.Inspection == nil {
		return nil
	}
	if f.Inspection.Findings != nil {
		for _, finding := range *f.Inspection.Findings {
			add(finding.Photos)
		}
	}
	for _, c := range f.Inspection.Checks {
		add(c.Photos)
	}
	return names
}

// PhotoFolder is where a case's photos are: given, or else photos/ beside the
// file, or else ../photos/.
func PhotoFolder(given, file string) string {
	if given != "" {
		return given
	}
	beside := filepath.Join(filepath.Dir(file), "photos")
	if s, err := os.Stat(beside); err == nil && s.IsDir() {
		return beside
	}
	return filepath.Join(filepath.Dir(file), "..", "photos")
}
