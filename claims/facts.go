package claims

import (
	"context"
	"slices"
	"time"

	"gorm.io/gorm"

	"recourse/models"
)

// ClocksOf computes the clocks of claims, whose items are loaded, as of now, a
// time in the company's zone. It takes seven statements however many claims there
// are, and checks no scope.
func ClocksOf(ctx context.Context, tx *gorm.DB, claims []models.Claim, now time.Time) (map[models.ID][]Clock, error) {
	out := make(map[models.ID][]Clock, len(claims))
	if len(claims) == 0 {
		return out, nil
	}
	r, err := loadRelated(ctx, tx, claims)
	if err != nil {
		return nil, err
	}
	rules, err := Rules(ctx, tx, now)
	if err != nil {
		return nil, err
	}
	for _, c := range claims {
		out[c.ID] = ComputeClocks(r.facts(c, now.Location()), rules.Items, models.DateOf(now))
	}
	return out, nil
}

// feed says that a purchase contract feeds a sales line, or that a lot is of it.
type feed struct{ SourceID, ContractID models.ID }

// related is what claims refer to.
type related struct {
	contracts map[models.ID]models.Contract
	shipments map[models.ID]models.Shipment
	parties   map[models.ID]models.Party
	feeds     map[models.ID][]models.ID            // sales line or lot → purchase contracts
	noticed   map[[2]models.ID]models.Date         // claim and party
	told      map[models.ID]map[string]models.Date // claim → kind of party
}

func loadRelated(ctx context.Context, tx *gorm.DB, claims []models.Claim) (*related, error) {
	tx = tx.WithContext(ctx)
	r := &related{contracts: map[models.ID]models.Contract{}, shipments: map[models.ID]models.Shipment{}, parties: map[models.ID]models.Party{},
		feeds: map[models.ID][]models.ID{}, noticed: map[[2]models.ID]models.Date{}, told: map[models.ID]map[string]models.Date{}}
	var claimIDs, contractIDs, shipmentIDs, lines, lots []models.ID
	for _, c := range claims {
		claimIDs, contractIDs = append(claimIDs, c.ID), append(contractIDs, c.SalesContractID)
		if c.ShipmentID != nil {
			shipmentIDs = append(shipmentIDs, *c.ShipmentID)
		}
		for _, i := range c.Items {
			lines = append(lines, i.SalesLineID)
			if i.LotID != nil {
				lots = append(lots, *i.LotID)
			}
		}
	}
	var shipments []models.Shipment
	if err := tx.Where("id IN ?", shipmentIDs).Find(&shipments).Error; err != nil {
		return nil, err
	}
	for _, s := range shipments {
		r.shipments[s.ID] = s
	}
	if err := r.loadFeeds(tx, lines, lots); err != nil {
		return nil, err
	}
	for _, ids := range r.feeds {
		contractIDs = append(contractIDs, ids...)
	}
	return r, r.loadParties(tx, claimIDs, contractIDs)
}

func (r *related) loadFeeds(tx *gorm.DB, lines, lots []models.ID) error {
	for _, q := range []struct {
		statement string
		ids       []models.ID
	}{
		{`SELECT DISTINCT k.sales_line_id AS source_id, b.contract_id FROM line_links k JOIN contract_lines b ON b.id = k.purchase_line_id WHERE k.sales_line_id IN ? ORDER BY b.contract_id`, lines},
		{`SELECT DISTINCT lots.id AS source_id, b.contract_id FROM lots JOIN contract_lines b ON b.id = lots.line_id WHERE lots.id IN ?`, lots},
	} {
		var feeds []feed
		if err := tx.Raw(q.statement, q.ids).Scan(&feeds).Error; err != nil {
			return err
		}
		for _, f := range feeds {
			r.feeds[f.SourceID] = append(r.feeds[f.SourceID], f.ContractID)
		}
	}
	return nil
}

// loadParties loads the contracts, the suppliers, and the protective notices that went to them.
func (r *related) loadParties(tx *gorm.DB, claimIDs, contractIDs []models.ID) error {
	var contracts []models.Contract
	if err := tx.Where("id IN ?", contractIDs).Find(&contracts).Error; err != nil {
		return err
	}
	var ids []models.ID
	for _, c := range contracts {
		r.contracts[c.ID] = c
		ids = append(ids, c.PartyID)
	}
	var found []models.Party
	if err := tx.Where("id IN ?", ids).Find(&found).Error; err != nil {
		return err
	}
	for _, s := range found {
		r.parties[s.ID] = s
	}
	var cases []models.RecoveryCase
	if err := tx.Where("claim_id IN ? AND notice_on IS NOT NULL", claimIDs).Find(&cases).Error; err != nil {
		return err
	}
	for _, c := range cases {
		if c.PartyID != nil {
			r.noticed[[2]models.ID{c.ClaimID, *c.PartyID}] = c.NoticeOn
		}
		if r.told[c.ClaimID] == nil {
			r.told[c.ClaimID] = map[string]models.Date{}
		}
		r.told[c.ClaimID][string(c.Party)] = c.NoticeOn
	}
	return nil
}

// facts are those of one claim. An item that names its lot concerns that lot's
// purchase contract alone.
func (r *related) facts(c models.Claim, zone *time.Location) Facts {
	f := Facts{ReceivedOn: c.ReceivedOn, SurveyOn: c.SurveyOn, Sales: r.contracts[c.SalesContractID], Items: c.Items, Noticed: r.told[c.ID]}
	if c.AnsweredAt != nil {
		f.AnsweredOn = models.DateOf(c.AnsweredAt.In(zone))
	}
	if c.ShipmentID != nil {
		f.Shipment = r.shipments[*c.ShipmentID]
	}
	for _, i := range c.Items {
		of := r.feeds[i.SalesLineID]
		if i.LotID != nil && len(r.feeds[*i.LotID]) > 0 {
			of = r.feeds[*i.LotID]
		}
		for _, id := range of {
			n := slices.IndexFunc(f.Sources, func(s Source) bool { return s.Purchase.ID == id })
			if n < 0 {
				p := r.contracts[id]
				n = len(f.Sources)
				f.Sources = append(f.Sources, Source{Purchase: p, Supplier: r.parties[p.PartyID], NoticedOn: r.noticed[[2]models.ID{c.ID, p.PartyID}]})
			}
			f.Sources[n].Items = append(f.Sources[n].Items, i.ItemNo)
		}
	}
	return f
}
