package claims

import (
	"context"

	"gorm.io/gorm"

	"recourse/models"
)

// CoverageStatus says what our evidence is worth for a claim item.
type CoverageStatus string

// The statuses, the most useful first.
const (
	InspectedHere      CoverageStatus = "inspected_here"      // this lot, this characteristic, nothing found
	InspectedElsewhere CoverageStatus = "inspected_elsewhere" // another lot of the same line
	NotInspected       CoverageStatus = "not_inspected"
	NotInspectable     CoverageStatus = "not_inspectable"     // latent: could not be seen
	FoundAndTolerated  CoverageStatus = "found_and_tolerated" // within Ac: the report would hurt us
	FoundAndWaived     CoverageStatus = "found_and_waived"    // by us: liability moves to us
	FoundAndReworked   CoverageStatus = "found_and_reworked"
)

// statusTexts says each status in a sentence for sales.
var statusTexts = map[CoverageStatus]models.Text{
	InspectedHere:      {EN: "This lot was inspected for this before shipment.", ZH: "此批在出货前已就此项验货。"},
	InspectedElsewhere: {EN: "Another lot of the same contract line was inspected, not this one.", ZH: "验货的是同一合同行的其他批，不是此批。"},
	NotInspected:       {EN: "Nobody inspected this lot for this.", ZH: "此批未就此项验货。"},
	NotInspectable:     {EN: "This could not be seen at an inspection.", ZH: "此项在验货时无法看出。"},
	FoundAndTolerated:  {EN: "This defect was found and tolerated within the acceptance number: the report shows it too.", ZH: "该缺陷在验货时已发现且在接收数以内被容许：使用报告也会暴露这一点。"},
	FoundAndWaived:     {EN: "This defect was found and released under waiver: liability for it moves to who granted the waiver.", ZH: "该缺陷已发现并让步放行：相应责任转由让步方承担。"},
	FoundAndReworked:   {EN: "This defect was found and reworked or sorted out; the last inspection of the chain is what counts.", ZH: "该缺陷已发现并经返工或挑选；以末次复验为准。"},
}

// ItemCoverage is what our evidence is worth for one claim item.
type ItemCoverage struct {
	Item       int                  `json:"item"`
	Status     CoverageStatus       `json:"status"`
	Text       models.Text          `json:"text"`
	Outward    models.Text          `json:"outward"` // the same as a letter to the customer may say it
	Matches    []Match              `json:"matches"` // ranked, best first
	Statistics *AttributeStatistics `json:"statistics"`
	Measured   *MeasuredStatistics  `json:"measured"`
	Quantity   *QuantityCoverage    `json:"quantity"`
}

// QuantityCoverage is what was counted, and whether we saw the loading.
type QuantityCoverage struct {
	Presented        *models.Quantity `json:"presented"`
	Shipped          models.Quantity  `json:"shipped"`
	LoadingWitnessed bool             `json:"loading_witnessed"`
}

// Match is an inspected lot that bears on an item, with the reasons for it.
type Match struct {
	InspectionID models.ID             `json:"inspection_id"`
	Number       string                `json:"number"`
	Revision     int                   `json:"revision"`
	Kind         models.InspectionKind `json:"kind"`
	InspectedOn  models.Date           `json:"inspected_on"`
	LotID        models.ID             `json:"lot_id"`
	Batch        string                `json:"batch"`
	SameLot      bool                  `json:"same_lot"`
	Checked      bool                  `json:"checked"` // for this defect or characteristic
	Found        int                   `json:"found"`   // units with the defect, or readings outside
	Sample       int                   `json:"sample"`
	Verdict      models.Verdict        `json:"verdict"`
	Decision     models.DecisionKind   `json:"decision"`
	FindingIDs   []models.ID           `json:"finding_ids"`
	Why          []models.Text         `json:"why"`
	Reveals      []models.Text         `json:"reveals"` // what using the report would show too
	Photos       []PhotoRef            `json:"photos"`

	lot models.InspectionLot
}

// PhotoRef is a photo that may be shown, with its capture time.
type PhotoRef struct {
	ID      models.ID     `json:"id"`
	SHA256  models.SHA256 `json:"sha256"`
	Caption string        `json:"caption"`
	TakenAt string        `json:"taken_at"` // by the camera's clock; empty when it does not say
}

// maxCandidates bounds the inspected lots that are looked at for one claim.
const maxCandidates = 60

// Coverage says for each item of a claim what our inspections are worth, from
// the data alone, in a constant number of statements. It checks no scope: the
// claim was loaded through it.
func Coverage(ctx context.Context, tx *gorm.DB, claim *models.Claim) ([]ItemCoverage, error) {
	e, err := gatherEvidence(ctx, tx, claim)
	if err != nil {
		return nil, err
	}
	out := make([]ItemCoverage, len(claim.Items))
	for n, item := range claim.Items {
		out[n] = e.cover(item)
	}
	return out, nil
}

// inspectable reasons are those that a look at the goods can answer.
var inspectable = map[models.ClaimReason]bool{
	models.ReasonWrongName: true, models.ReasonWrongGoods: true, models.ReasonQuality: true, models.ReasonSpecification: true,
	models.ReasonPacking: true, models.ReasonMarks: true, models.ReasonTransportDamage: true, models.ReasonOther: true,
}

// cover judges one item against the evidence.
func (e *evidence) cover(item models.ClaimItem) ItemCoverage {
	c := ItemCoverage{Item: item.ItemNo, Matches: e.rank(item)}
	switch {
	case item.Reason == models.ReasonQuantity:
		c.Status, c.Quantity = e.coverQuantity(item, c.Matches)
	case !inspectable[item.Reason]:
		c.Status = NotInspectable
	default:
		c.Status = status(item, c.Matches, e.latent(item))
		e.figures(&c, item)
	}
	c.Text, c.Outward = statusTexts[c.Status], outward(c)
	return c
}

// status reads the ranked matches: the newest inspection of this lot that
// checked for the defect decides.
func status(item models.ClaimItem, matches []Match, latent bool) CoverageStatus {
	var here, elsewhere, reworked, waived, tolerated bool
	for _, m := range matches {
		if !m.Checked {
			continue
		}
		if !m.SameLot {
			elsewhere = true
			continue
		}
		here = true
		if m.Found == 0 {
			continue
		}
		switch m.Decision {
		case models.ReleaseWaived:
			waived = true
		case models.ReworkAndRetry, models.SortAll:
			reworked = true
		default:
			tolerated = true
		}
	}
	switch {
	case latent && item.Characteristic == "":
		return NotInspectable
	case waived:
		return FoundAndWaived
	case tolerated:
		return FoundAndTolerated
	case reworked:
		return FoundAndReworked
	case here:
		return InspectedHere
	case latent:
		return NotInspectable
	case elsewhere:
		return InspectedElsewhere
	}
	return NotInspected
}

// figures adds the statistics of the best match that checked this lot.
func (e *evidence) figures(c *ItemCoverage, item models.ClaimItem) {
	for _, m := range c.Matches {
		if !m.SameLot || !m.Checked && item.Defect != "" {
			continue
		}
		if item.Characteristic != "" {
			if ch, known := m.lot.Snapshot.Characteristic(item.Characteristic); known {
				s := Measured(ch, e.readings(m.lot, ch))
				c.Measured = &s
			}
			return
		}
		s := Attribute(AttributeFacts{
			Lot: m.lot.Plan.LotSize, Sample: m.Sample, Found: m.Found, Claimed: e.claimedOf(item, m.lot),
			Random: random(m.lot), SameDefinition: item.Defect != "", Visible: item.Apparent && !e.latent(item),
		})
		c.Statistics = &s
		return
	}
}

// random reports whether the record shows a random sample: the cartons that were
// opened are the ones drawn, or all were.
func random(l models.InspectionLot) bool {
	if l.Plan.CartonsToOpen == 0 {
		return len(l.CartonsOpened) == 0 // goods without cartons: the plan draws none
	}
	opened := map[int]bool{}
	for _, n := range l.CartonsOpened {
		opened[n] = true
	}
	for _, n := range l.Plan.CartonNumbers {
		if !opened[n] {
			return false
		}
	}
	return true
}

// claimedOf is the part of a claimed quantity that falls on one lot: all of it
// where the item names the lot or only one lot was shipped, else in proportion
// to what was shipped, rounded up.
func (e *evidence) claimedOf(item models.ClaimItem, l models.InspectionLot) int {
	total, here := models.Quantity(0), models.Quantity(0)
	for _, s := range e.shipped[item.SalesLineID] {
		total += s.Quantity
		if s.LotID == l.LotID {
			here += s.Quantity
		}
	}
	if item.LotID != nil || total == 0 || here == total {
		return item.Quantity.Whole()
	}
	part := float64(item.Quantity) * float64(here) / float64(total)
	return models.Quantity(int64(part + 0.999999)).Whole()
}

// coverQuantity says what was counted in the factory, and whether the loading
// was seen: a count before the loading alone does not show what left.
func (e *evidence) coverQuantity(item models.ClaimItem, matches []Match) (CoverageStatus, *QuantityCoverage) {
	q := &QuantityCoverage{}
	for _, s := range e.shipped[item.SalesLineID] {
		if item.LotID == nil || *item.LotID == s.LotID {
			q.Shipped += s.Quantity
		}
	}
	counted := map[models.ID]bool{}
	found := NotInspected
	for _, m := range matches {
		if !m.SameLot {
			if found == NotInspected {
				found = InspectedElsewhere
			}
			continue
		}
		q.LoadingWitnessed = q.LoadingWitnessed || m.Kind == models.ContainerLoading
		if m.lot.QuantityPresented == nil || counted[m.LotID] {
			continue
		}
		counted[m.LotID], found = true, InspectedHere
		sum := *m.lot.QuantityPresented
		if q.Presented != nil {
			sum += *q.Presented
		}
		q.Presented = &sum
	}
	return found, q
}
