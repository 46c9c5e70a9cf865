package sheets

import (
	"context"

	"gorm.io/gorm"

	"recourse/claims"
	"recourse/models"
)

// ImportedClaim is a claim of a sheet. ID and number are its own once it is
// stored; Claimed are its amounts, summed per currency.
type ImportedClaim struct {
	ID                *models.ID     `json:"id"`
	Number            string         `json:"number"`
	CustomerReference string         `json:"customer_reference"`
	ContractNumber    string         `json:"contract_number"`
	Row               int            `json:"row"` // its first
	Items             int            `json:"items"`
	Claimed           []models.Money `json:"claimed"`
}

// ClaimsPreview is what came of a sheet of claims: with Stored everything was
// entered, otherwise nothing.
type ClaimsPreview struct {
	Stored bool            `json:"stored"`
	Rows   int             `json:"rows"`
	Claims []ImportedClaim `json:"claims"`
	Errors []RowError      `json:"errors"`
}

// MaxClaims is how many claims a sheet may have: while it is entered other
// claims wait for their numbers.
const MaxClaims = 500

// maxErrors is with how many errors a sheet is looked at no further: each costs
// a try of its claim.
const maxErrors = 1000

// ImportClaims enters the claims of a sheet, all or none, each through
// claims.Open. With dryRun it only tries, as ImportContracts does. A sheet of
// more than MaxClaims claims is too_large.
func ImportClaims(ctx context.Context, tx *gorm.DB, by models.Actor, s *Sheet, dryRun bool) (*ClaimsPreview, error) {
	base, err := newReader(ctx, tx, by, s, title("索赔", "claim"), claimFields)
	if err != nil {
		return nil, err
	}
	r := &claimReader{reader: base, contracts: map[string]sold{}, customers: map[string]found{}, shipments: map[string]found{}, lots: map[string]found{}}
	p := &ClaimsPreview{Rows: len(s.rows), Claims: []ImportedClaim{}}
	p.Stored, err = r.allOrNone(dryRun, func() error { return r.enterAll(p) })
	if err != nil {
		return nil, err
	}
	if p.Errors = r.errors; !p.Stored {
		for i := range p.Claims {
			p.Claims[i].ID, p.Claims[i].Number = nil, ""
		}
	}
	return p, nil
}

func (r *claimReader) enterAll(p *ClaimsPreview) error {
	drafts, err := r.drafts()
	if err != nil {
		return err
	}
	headless := r.refusedHeads()
	for _, d := range drafts {
		if headless[d.head.n] || len(d.in.Items) == 0 {
			continue
		}
		if len(r.errors) >= maxErrors {
			r.refuse(d.head.n, "customer_reference", models.Invalid("", "was not looked at, nor was what follows: correct the errors above first.", "此行及以后各行未检查：请先更正以上错误。"))
			return nil
		}
		if before := len(r.errors); r.valid(d.head.n, &d.in) != nil || len(r.errors) > before { // too many items
			continue
		}
		made, err := r.enter(d)
		if err != nil {
			return err
		}
		if made != nil {
			claimed, _ := claims.Totals(made.Items)
			p.Claims = append(p.Claims, ImportedClaim{ID: &made.ID, Number: made.Number, CustomerReference: made.CustomerReference,
				ContractNumber: d.contract.Number, Row: d.head.n, Items: len(made.Items), Claimed: claimed})
		}
	}
	return nil
}

// enter tries a claim; it returns nil when anything of it was refused.
func (r *claimReader) enter(d *claimDraft) (made *models.Claim, err error) {
	good, err := r.tryRows(d.head.n, d.rows, func(tx *gorm.DB, left []int) (err error) {
		in := d.in
		in.Items = picked(d.in.Items, left)
		made, err = claims.Open(r.ctx, tx, r.by, in)
		return err
	})
	if err != nil || !good || d.bad {
		return nil, err
	}
	return made, nil
}
