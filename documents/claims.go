package documents

import (
	"context"

	"gorm.io/gorm"

	"recourse/audit"
	"recourse/claims"
	"recourse/database"
	"recourse/models"
	"recourse/reports"
)

// The kinds of paper about a claim.
const (
	Acknowledgement  = "acknowledgement"
	EvidenceRequest  = "evidence_request"
	Rebuttal         = "rebuttal"
	ProtectiveNotice = "protective_notice"
)

// ClaimPaper gives a letter about a claim as it would go out today: a draft
// until it is sent. A protective notice goes to supplier, who must be behind the
// claimed lines; nil takes the only one.
func (p Press) ClaimPaper(ctx context.Context, by models.Actor, claimID models.ID, kind string, supplier *models.ID, asked Asked) (*Document, error) {
	lang, edition, err := asked.towards(addressee(kind)).parse()
	if err != nil {
		return nil, err
	}
	var paper reports.Paper
	var head models.AuditSeal
	err = p.DB.View(ctx, func(tx *gorm.DB) error {
		f, err := claimFile(ctx, tx, by, claimID)
		if err != nil {
			return err
		}
		if paper, err = compose(f, kind, supplier, models.DateOf(by.At.In(p.zone()))); err != nil {
			return err
		}
		head, err = audit.Head(ctx, tx)
		return err
	})
	if err != nil {
		return nil, err
	}
	created := models.Now(by.At)
	pdf, err := p.print(ctx, paper, reports.Options{Lang: lang, Edition: edition, Draft: true, Created: created, AuditHead: head.Hash})
	if err != nil {
		return nil, err
	}
	return document(fileTitle(kind+"-"+paper.Number, lang, edition), pdf, created), nil
}

// addressee is the edition for whom a letter goes to.
func addressee(kind string) reports.Edition {
	if kind == ProtectiveNotice {
		return reports.Supplier
	}
	return reports.Customer
}

// compose picks the letter.
func compose(f claimParts, kind string, supplier *models.ID, today models.Date) (reports.Paper, error) {
	switch kind {
	case Acknowledgement:
		return reports.Acknowledgement(f.ClaimFile), nil
	case EvidenceRequest:
		return reports.EvidenceRequest(f.ClaimFile, today), nil
	case Rebuttal:
		return reports.Rebuttal(f.ClaimFile, today), nil
	case ProtectiveNotice:
		return f.notice(supplier)
	}
	return reports.Paper{}, models.Invalid("kind", "%q is no letter about a claim: use acknowledgement, evidence_request, rebuttal or protective_notice.",
		"%q 不是索赔函件：可用 acknowledgement、evidence_request、rebuttal、protective_notice。", kind)
}

// notice is the protective notice to one supplier of claimed goods.
func (f claimParts) notice(supplier *models.ID) (reports.Paper, error) {
	for n, s := range f.Suppliers {
		goods, claimed := f.goods[s.ID]
		if !claimed || supplier != nil && s.ID != *supplier || supplier == nil && len(f.goods) > 1 {
			continue
		}
		return reports.ProtectiveNotice(f.ClaimFile, f.Suppliers[n], *goods), nil
	}
	return reports.Paper{}, models.Invalid("supplier_id", "Name the supplier: one of those behind the claimed goods.", "请指明供应商：须为所索赔货物的供应商之一。")
}

// claimParts is a claim's file with what only the composing needs.
type claimParts struct {
	reports.ClaimFile
	goods    map[models.ID]*reports.ClaimedGoods // of each supplier
	coverage []claims.ItemCoverage
	attached []attached // originals of the standards that the sales contract names
}

// claimFile gathers everything that the papers about a claim name.
func claimFile(ctx context.Context, tx *gorm.DB, by models.Actor, id models.ID) (claimParts, error) {
	f := claimParts{goods: map[models.ID]*reports.ClaimedGoods{}}
	claim, err := claims.Get(ctx, tx, by, id)
	if err != nil {
		return f, err
	}
	f.Claim = *claim
	customer, err := database.Take[models.Party](ctx, tx, "customer", "客户", "id = ?", claim.CustomerID)
	if err != nil {
		return f, err
	}
	sales, err := database.Take[models.Contract](ctx, tx, "sales contract", "销售合同", "id = ?", claim.SalesContractID)
	if err != nil {
		return f, err
	}
	f.Customer, f.Sales = *customer, *sales
	if claim.ShipmentID != nil {
		s, err := database.Take[models.Shipment](ctx, tx, "shipment", "发运", "id = ?", *claim.ShipmentID)
		if err != nil {
			return f, err
		}
		if s.Containers, err = gorm.G[models.Container](tx).Where("shipment_id = ?", s.ID).Order("number_key").Find(ctx); err != nil {
			return f, err
		}
		f.Shipment = s
	}
	if err := f.suppliers(ctx, tx); err != nil {
		return f, err
	}
	if err := f.evidence(ctx, tx); err != nil {
		return f, err
	}
	return f, f.standards(ctx, tx)
}

// evidence words what our inspections are worth for each item.
func (f *claimParts) evidence(ctx context.Context, tx *gorm.DB) error {
	var err error
	if f.coverage, err = claims.Coverage(ctx, tx, &f.Claim); err != nil {
		return err
	}
	seen := map[models.ID]bool{}
	for _, c := range f.coverage {
		note := reports.CoverageNote{Item: c.Item, Status: c.Outward}
		if c.Statistics != nil {
			if note.Statistics = c.Statistics.Outward; !note.Statistics.IsZero() {
				note.Assumptions = c.Statistics.Assumptions
			}
		}
		if c.Measured != nil {
			note.Statistics = c.Measured.Outward
		}
		f.Coverage = append(f.Coverage, note)
		for _, m := range c.Matches {
			if m.SameLot && !seen[m.InspectionID] {
				seen[m.InspectionID] = true
				f.Inspections = append(f.Inspections, m.Number)
			}
		}
	}
	for id := range seen {
		i, err := database.Take[models.Inspection](ctx, tx, "inspection", "验货", "id = ?", id)
		if err != nil {
			return err
		}
		f.Places = append(f.Places, i.Place)
	}
	return nil
}
