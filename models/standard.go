package models

import (
	"maps"
	"time"
)

// StandardState is where a quality standard's version stands.
type StandardState string

// A version is edited while draft, pinned while active, only read when retired.
const (
	StandardDraft   StandardState = "draft"
	StandardActive  StandardState = "active"
	StandardRetired StandardState = "retired"
)

// DefectClass (缺陷等级) is how grave a defect is.
type DefectClass string

// The classes, worst first.
const (
	Critical DefectClass = "critical"
	Major    DefectClass = "major"
	Minor    DefectClass = "minor"
)

// DefectClasses lists the classes, worst first.
var DefectClasses = []DefectClass{Critical, Major, Minor}

// Standard (质量标准) is one version of a quality standard. An active version is
// never changed: Content and ContentHash are what inspections are judged by.
type Standard struct {
	ID            ID              `json:"id"`
	Code          string          `json:"code"`
	CodeKey       string          `json:"-"`
	VersionNo     int             `json:"version_no"`
	State         StandardState   `json:"state"`
	EffectiveFrom Date            `json:"effective_from"`
	Title         Text            `json:"title" gorm:"embedded;embeddedPrefix:title_"`
	Content       StandardContent `json:"content" gorm:"serializer:json"`
	ContentHash   SHA256          `json:"content_hash"`
	FileSHA256    SHA256          `json:"file_sha256,omitzero" gorm:"column:file_sha256"` // the attached original
	Version       int             `json:"version"`
	CreatedAt     time.Time       `json:"created_at"`
	UpdatedAt     time.Time       `json:"updated_at"`
}

// TableName is quality_standards.
func (Standard) TableName() string { return "quality_standards" }

// StandardContent is everything a lot is judged by.
type StandardContent struct {
	Cites           []Citation       `json:"cites" validate:"max=50,dive"`
	Sampling        SamplingRules    `json:"sampling"`
	Characteristics []Characteristic `json:"characteristics" validate:"max=500,dive"`
	Defects         []Defect         `json:"defects" validate:"max=1000,dive"`
	// Checks are the sections an inspection must tick beside findings and
	// readings: packing, marks, documents, quantity, or any code of the house.
	Checks []CheckItem `json:"checks" validate:"max=100,dive"`
}

// Citation pins the edition of a public standard.
type Citation struct {
	Standard string `json:"standard" validate:"required,max=80"`
	Edition  string `json:"edition" validate:"required,max=20"`
}

// SamplingRules says how samples are drawn for each defect class.
type SamplingRules struct {
	Scheme  string      `json:"scheme" validate:"required,oneof=iso2859-1 z1.4"`
	Level   string      `json:"level" validate:"required,max=4"`
	CommonN bool        `json:"common_n"` // one sample size for all classes
	Classes []ClassRule `json:"classes" validate:"required,min=1,max=3,dive"`
}

// How a class is sampled.
const (
	RuleAQL        = "aql"         // by the scheme's tables
	RuleNotAllowed = "not_allowed" // c = 0 over the whole sample of the other classes
	RuleFixed      = "fixed"       // n and c as given
	RuleAll        = "all"         // every unit, c as given
)

// ClassRule is the sampling rule of one defect class.
type ClassRule struct {
	Class      DefectClass `json:"class" validate:"required,oneof=critical major minor"`
	Rule       string      `json:"rule" validate:"required,oneof=aql not_allowed fixed all"`
	AQL        string      `json:"aql,omitempty" validate:"max=8"`
	Level      string      `json:"level,omitempty" validate:"max=4"` // default: the standard's
	SampleSize int         `json:"sample_size,omitempty" validate:"min=0,max=1000000"`
	Ac         int         `json:"ac,omitempty" validate:"min=0,max=100000"`
}

// Characteristic (检验项目) is one thing to check. A measured one has limits: for
// each single reading (Lower, Upper) and for the mean of its readings (MeanLower,
// MeanUpper); any may be absent. An attribute one is ticked ok or not ok.
type Characteristic struct {
	Code        string            `json:"code" validate:"required,max=32"`
	Name        Text              `json:"name"`
	Kind        string            `json:"kind" validate:"required,oneof=measured attribute"`
	Class       DefectClass       `json:"class" validate:"required,oneof=critical major minor"`
	Unit        string            `json:"unit,omitempty" validate:"max=20"`
	Decimals    int               `json:"decimals" validate:"min=0,max=6"`
	Nominal     Decimal           `json:"nominal,omitzero"`
	Lower       Decimal           `json:"lower,omitzero"`
	Upper       Decimal           `json:"upper,omitzero"`
	MeanLower   Decimal           `json:"mean_lower,omitzero"`
	MeanUpper   Decimal           `json:"mean_upper,omitzero"`
	Level       string            `json:"level,omitempty" validate:"max=4"`
	AQL         string            `json:"aql,omitempty" validate:"max=8"` // default: the class's
	SampleSize  int               `json:"sample_size,omitempty" validate:"min=0,max=100000"`
	Ac          int               `json:"ac,omitempty" validate:"min=0,max=100000"`
	All         bool              `json:"all,omitempty"`
	Optional    bool              `json:"optional,omitempty"`
	Destructive bool              `json:"destructive,omitempty"`
	Instrument  string            `json:"instrument,omitempty" validate:"max=200"`
	Method      string            `json:"method,omitempty" validate:"max=500"`
	Source      string            `json:"source,omitempty" validate:"max=200"` // standard, edition, clause
	Applies     map[string]string `json:"applies,omitempty" validate:"max=10"` // e.g. thickness: 9.5
}

// AppliesTo reports whether goods with these attributes are judged by the
// characteristic: every condition it names must be met.
func (c Characteristic) AppliesTo(attributes map[string]string) bool {
	for k, v := range c.Applies {
		if attributes[k] != v {
			return false
		}
	}
	return true
}

// Defect is an entry of the defect catalogue.
type Defect struct {
	Code           string      `json:"code" validate:"required,max=32"`
	Name           Text        `json:"name"`
	Class          DefectClass `json:"class" validate:"required,oneof=critical major minor"`
	Characteristic string      `json:"characteristic,omitempty" validate:"max=32"`
	Latent         bool        `json:"latent,omitempty"` // cannot be seen at inspection
}

// CheckItem is a section or point that is ticked.
type CheckItem struct {
	Code     string `json:"code" validate:"required,max=32"`
	Section  string `json:"section" validate:"required,oneof=quantity packing marks documents other"`
	Name     Text   `json:"name"`
	Optional bool   `json:"optional,omitempty"`
}

// Characteristic finds a characteristic by code.
func (s StandardContent) Characteristic(code string) (Characteristic, bool) {
	for _, c := range s.Characteristics {
		if c.Code == code {
			return c, true
		}
	}
	return Characteristic{}, false
}

// Defect finds a catalogue entry by code.
func (s StandardContent) Defect(code string) (Defect, bool) {
	for _, d := range s.Defects {
		if d.Code == code {
			return d, true
		}
	}
	return Defect{}, false
}

// Class finds the sampling rule of a class.
func (r SamplingRules) Class(class DefectClass) (ClassRule, bool) {
	for _, c := range r.Classes {
		if c.Class == class {
			return c, true
		}
	}
	return ClassRule{}, false
}

// For is the content that applies to goods with these attributes: what an
// inspection keeps as its snapshot.
func (s StandardContent) For(attributes map[string]string) StandardContent {
	out := s
	out.Characteristics = nil
	for _, c := range s.Characteristics {
		if c.AppliesTo(attributes) {
			c.Applies = maps.Clone(c.Applies)
			out.Characteristics = append(out.Characteristics, c)
		}
	}
	return out
}
