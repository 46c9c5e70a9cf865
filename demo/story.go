package demo

import (
	_ "embed" // the story's data

	"recourse/cases"
	"recourse/models"
	"recourse/wire"
)

//go:embed case.json
var caseFile []byte

//go:embed catalogue.json
var catalogueFile []byte

//go:embed claims.json
var claimsFile []byte

// story is who there is and what they trade.
type story struct {
	Customers []customer `json:"customers"`
	Suppliers []supplier `json:"suppliers"`

	example    *cases.File
	complaints []complaint
}

type customer struct {
	Code      string             `json:"code"`
	Name      models.Text        `json:"name"`
	Country   string             `json:"country"`
	Place     string             `json:"place"`
	Currency  string             `json:"currency"`
	Rate      float64            `json:"rate"` // CNY for one unit of the currency
	Incoterm  string             `json:"incoterm"`
	Port      string             `json:"port"`
	Mark      string             `json:"mark"`
	DaysAtSea int                `json:"days_at_sea"`
	Sales     string             `json:"sales"` // login of who serves them
	Clause    models.ClaimClause `json:"claim_clause"`
	Documents []string           `json:"documents"`
}

// supplier is a factory with its product, the standard it is bought by, and how
// well it works.
type supplier struct {
	Party         cases.Party       `json:"party"`
	Product       cases.Product     `json:"product"`
	Standard      standard          `json:"standard"`
	Attributes    map[string]string `json:"attributes"`
	Material      string            `json:"material"` // of the goods in photographs
	Draw          map[string]string `json:"draw"`     // defect code → how it looks in a photograph
	Price         float64           `json:"price"`    // CNY
	Quantity      int               `json:"quantity"` // of a usual contract
	PerCarton     int               `json:"per_carton"`
	Lots          int               `json:"lots"`  // in one visit
	Every         int               `json:"every"` // days between contracts
	Customers     []string          `json:"customers"`
	Latest        int               `json:"latest"`        // days from now to the latest visit
	Stage         string            `json:"stage"`         // how far that one came
	Nonconforming float64           `json:"nonconforming"` // per cent of units with a major defect, usually
	Bad           float64           `json:"bad"`           // share of lots that are much worse
	Drift         float64           `json:"drift"`         // worse (above 0) or better over the years
	Late          float64           `json:"late"`          // share of contracts whose goods come late to the port
	Window        int               `json:"window"`        // days within which the factory takes claims
	Inspector     string            `json:"inspector"`     // login
	Factory       string            `json:"factory"`       // who signs there
	During        bool              `json:"during"`        // is also visited during production
}

type standard struct {
	Code    string                 `json:"code"`
	Title   models.Text            `json:"title"`
	Content models.StandardContent `json:"content"`
}

// How far the latest visit to a supplier came.
const (
	stagePlanned    = "planned"
	stageInProgress = "in_progress"
	stagePhotos     = "photos"   // submitted, some photos still on the phone
	stageDecision   = "decision" // submitted, waits for the decision
	stageFinal      = "final"
)

func readStory() (*story, error) {
	s := &story{example: &cases.File{}}
	if err := wire.Read(catalogueFile, s); err != nil {
		return nil, models.At("catalogue.json", err)
	}
	if err := wire.Read(caseFile, s.example); err != nil {
		return nil, models.At("case.json", err)
	}
	var came struct {
		Claims []complaint `json:"claims"`
	}
	if err := wire.Read(claimsFile, &came); err != nil {
		return nil, models.At("claims.json", err)
	}
	s.complaints = came.Claims
	return s, nil
}

func (s *story) customer(code string) *customer {
	for i := range s.Customers {
		if s.Customers[i].Code == code {
			return &s.Customers[i]
		}
	}
	return nil
}
