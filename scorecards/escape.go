package scorecards

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"gorm.io/gorm"

	"recourse/claims"
	"recourse/models"
	"recourse/sampling"
)

// maxEscapes bounds the claim items that one analysis looks at, the newest first.
const maxEscapes = 300

// Escape is an accepted lot that a customer claimed: what was missed, by which
// plan and whom, and what would have caught it.
type Escape struct {
	ClaimID          models.ID             `json:"claim_id"`
	ClaimNumber      string                `json:"claim_number"`
	Item             int                   `json:"item"`
	Reason           models.ClaimReason    `json:"reason"`
	Defect           string                `json:"defect"`
	Characteristic   string                `json:"characteristic"`
	SupplierID       models.ID             `json:"supplier_id"`
	LotID            models.ID             `json:"lot_id"`
	Batch            string                `json:"batch"`
	InspectionID     models.ID             `json:"inspection_id"`
	InspectionNumber string                `json:"inspection_number"`
	InspectedOn      models.Date           `json:"inspected_on"`
	Inspectors       []string              `json:"inspectors"`
	Plan             string                `json:"plan"` // "J 80 2/3 normal" of the class concerned
	Status           claims.CoverageStatus `json:"status"`
	PassShare        *float64              `json:"pass_share"` // probability that a lot as bad as claimed passes this plan
	Proposal         string                `json:"proposal"`
	Text             models.Text           `json:"text"`
}

// EscapeCount is how often something stands behind an escape. Accepted is the
// number of lots accepted under it, 0 where that is not counted.
type EscapeCount struct {
	What     string `json:"what"`
	Escapes  int    `json:"escapes"`
	Accepted int64  `json:"accepted"`
}

// EscapeAnalysis is the escapes of a period with their sums. More says that
// older ones were left out.
type EscapeAnalysis struct {
	Period      models.Period `json:"period"`
	Items       []Escape      `json:"items"`
	ByWhat      []EscapeCount `json:"by_characteristic"`
	ByPlan      []EscapeCount `json:"by_plan"`
	ByInspector []EscapeCount `json:"by_inspector"`
	More        bool          `json:"more"`
}

// EscapeInput asks for the escapes of a period, of one supplier or of all.
type EscapeInput struct {
	PeriodInput
	Supplier *models.ID `json:"supplier"`
}

// The proposals.
const (
	AddCharacteristic = "add_characteristic"
	MakeMandatory     = "make_mandatory"
	Tighten           = "tighten"
	NoWaiver          = "no_waiver"
	AskCertificate    = "ask_certificate"
	CheckRework       = "check_rework"
)

var proposals = map[string]models.Text{
	AddCharacteristic: {EN: "The quality standard does not know what was claimed: add it as a characteristic or defect.", ZH: "质量标准中没有所索赔的项目：请增列检验项目或缺陷。"},
	MakeMandatory:     {EN: "The standard has it, but it was not checked at this lot: make it mandatory, and ask why it was left out.", ZH: "标准中已有此项，但该批未检：请列为必检项目，并查明漏检原因。"},
	Tighten:           {EN: "It was checked and passed: a larger sample or a smaller AQL for this class would see it.", ZH: "该项已检并合格：请对该等级加大样本量或降低 AQL。"},
	NoWaiver:          {EN: "It was found and waived: no waiver for it without the supplier bearing later claims.", ZH: "该缺陷已发现但让步放行：今后除非供应商承担后续索赔，否则不得让步。"},
	AskCertificate:    {EN: "It cannot be seen at an inspection: ask the supplier for test reports or tests in production.", ZH: "此项验货时无法看出：请要求供应商提供检测报告或在生产中测试。"},
	CheckRework:       {EN: "It was found and reworked: let the re-inspection look at it on a full sample.", ZH: "该缺陷曾发现并返工：复验时请按完整样本检查此项。"},
}

// escaped is one claim item on an accepted lot.
type escaped struct {
	ClaimID         models.ID
	ItemNo          int
	InspectionLotID models.ID
}

// Escapes analyses the lots accepted in a period that customers have claimed since.
func Escapes(ctx context.Context, tx *gorm.DB, by models.Actor, in EscapeInput) (*EscapeAnalysis, error) {
	if err := mayRead(by); err != nil {
		return nil, err
	}
	period, err := in.parse(today(by.At))
	if err != nil {
		return nil, err
	}
	out := &EscapeAnalysis{Period: period, Items: []Escape{}}
	rows, err := escapedLots(ctx, tx, period, in.Supplier)
	if err != nil {
		return nil, err
	}
	if len(rows) > maxEscapes {
		rows, out.More = rows[:maxEscapes], true
	}
	if len(rows) > 0 {
		if out.Items, err = escapes(ctx, tx, rows); err != nil {
			return nil, err
		}
	}
	return out, out.sum(ctx, tx, in.Supplier)
}

// acceptedLots limits a join of inspections and inspection_lots to lots accepted in a period.
const acceptedLots = "inspections.kind IN ('pre_shipment', 're_inspection') AND inspections.state = 'final' AND inspections.superseded_by_id IS NULL AND inspection_lots.verdict = 'accepted' AND inspection_lots.inspected_on BETWEEN ? AND ?"

func escapedLots(ctx context.Context, tx *gorm.DB, p models.Period, supplier *models.ID) ([]escaped, error) {
	q := tx.WithContext(ctx).Table("claims").Select("claims.id AS claim_id, claim_items.item_no, inspection_lots.id AS inspection_lot_id").
		Joins("JOIN claim_items ON claim_items.claim_id = claims.id").
		Joins("JOIN inspection_lots ON inspection_lots.lot_id = claim_items.lot_id").
		Joins("JOIN inspections ON inspections.id = inspection_lots.inspection_id").
		Where("claims.received_on >= ? AND claims.state NOT IN ? AND claim_items.answer <> ? AND claim_items.reason IN ?",
			p.From.First(), []models.ClaimState{models.ClaimWithdrawn, models.ClaimRejected}, models.AnswerReject, models.GoodsReasons).
		Where(acceptedLots, p.From.First(), p.To.Last())
	if supplier != nil {
		q = q.Where("inspection_lots.supplier_id = ?", *supplier)
	}
	var rows []escaped
	err := q.Order("claims.received_on DESC, claims.id, claim_items.item_no, inspection_lots.inspected_on DESC").Limit(maxEscapes + 1).Scan(&rows).Error
	return rows, err
}

// escapes joins what the claims say with what the inspections were.
func escapes(ctx context.Context, tx *gorm.DB, rows []escaped) ([]Escape, error) {
	cases, err := claimsWithCoverage(ctx, tx, rows)
	if err != nil {
		return nil, err
	}
	lotIDs := make([]models.ID, len(rows))
	for n, r := range rows {
		lotIDs[n] = r.InspectionLotID
	}
	checked, err := gorm.G[models.InspectionLot](tx).Where("id IN ?", lotIDs).Find(ctx)
	if err != nil {
		return nil, err
	}
	lots := map[models.ID]models.InspectionLot{}
	for _, l := range checked {
		lots[l.ID] = l
	}
	who, err := inspectorsOf(ctx, tx, checked)
	if err != nil {
		return nil, err
	}
	out := make([]Escape, 0, len(rows))
	for _, r := range rows {
		l, c := lots[r.InspectionLotID], cases[r.ClaimID]
		n := slices.IndexFunc(c.claim.Items, func(i models.ClaimItem) bool { return i.ItemNo == r.ItemNo })
		e := c.escape(n, l)
		e.Inspectors = who[l.InspectionID]
		out = append(out, e)
	}
	return out, nil
}

// covered is a claim with what our evidence is worth for each item.
type covered struct {
	claim *models.Claim
	items []claims.ItemCoverage
}

func claimsWithCoverage(ctx context.Context, tx *gorm.DB, rows []escaped) (map[models.ID]covered, error) {
	var ids []models.ID
	for _, r := range rows {
		if !slices.Contains(ids, r.ClaimID) {
			ids = append(ids, r.ClaimID)
		}
	}
	heads, err := gorm.G[models.Claim](tx).Where("id IN ?", ids).Find(ctx)
	if err != nil {
		return nil, err
	}
	items, err := gorm.G[models.ClaimItem](tx).Where("claim_id IN ?", ids).Order("item_no").Find(ctx)
	if err != nil {
		return nil, err
	}
	out := map[models.ID]covered{}
	for n := range heads {
		c := &heads[n]
		for _, i := range items {
			if i.ClaimID == c.ID {
				c.Items = append(c.Items, i)
			}
		}
		coverage, err := claims.Coverage(ctx, tx, c)
		if err != nil {
			return nil, err
		}
		out[c.ID] = covered{c, coverage}
	}
	return out, nil
}

func inspectorsOf(ctx context.Context, tx *gorm.DB, lots []models.InspectionLot) (map[models.ID][]string, error) {
	visits := make([]models.ID, len(lots))
	for n, l := range lots {
		visits[n] = l.InspectionID
	}
	var rows []struct {
		InspectionID models.ID
		Name         string
	}
	err := tx.WithContext(ctx).Table("inspection_inspectors").Select("inspection_inspectors.inspection_id, users.name").
		Joins("JOIN users ON users.id = inspection_inspectors.user_id").Where("inspection_inspectors.inspection_id IN ?", visits).Order("users.name").Scan(&rows).Error
	out := map[models.ID][]string{}
	for _, r := range rows {
		out[r.InspectionID] = append(out[r.InspectionID], r.Name)
	}
	return out, err
}

// escape says what was missed at one lot for one item, and what to propose.
func (c covered) escape(n int, l models.InspectionLot) Escape {
	item, coverage := c.claim.Items[n], c.items[n]
	e := Escape{
		ClaimID: c.claim.ID, ClaimNumber: c.claim.Number, Item: item.ItemNo, Reason: item.Reason, Defect: item.Defect, Characteristic: item.Characteristic,
		SupplierID: l.SupplierID, LotID: l.LotID, InspectionID: l.InspectionID, InspectedOn: l.InspectedOn, Status: coverage.Status,
	}
	for _, m := range coverage.Matches {
		if m.InspectionID == l.InspectionID && m.LotID == l.LotID {
			e.Batch, e.InspectionNumber = m.Batch, m.Number
		}
	}
	known := knows(l.Snapshot, item)
	if p, has := classPlan(l, item); has {
		e.Plan = strings.TrimSpace(fmt.Sprintf("%s %d %d/%d %s", p.PlanLetter, p.SampleSize, p.Ac, p.Re, p.Severity))
		if claimed := item.Quantity.Whole(); !p.Per100 && claimed > 0 && claimed <= l.Plan.LotSize && p.SampleSize <= l.Plan.LotSize {
			share := sampling.AtMost(l.Plan.LotSize, claimed, p.SampleSize, p.Ac)
			e.PassShare = &share
		}
	}
	e.Proposal = propose(e.Status, known)
	e.Text = proposals[e.Proposal]
	return e
}

// knows reports whether the standard names what is claimed.
func knows(s models.StandardContent, item models.ClaimItem) bool {
	_, defect := s.Defect(item.Defect)
	_, characteristic := s.Characteristic(item.Characteristic)
	return defect || characteristic
}

// classPlan is the sample by which the lot was judged for the item's defect class.
func classPlan(l models.InspectionLot, item models.ClaimItem) (models.ClassPlan, bool) {
	var class models.DefectClass
	if d, known := l.Snapshot.Defect(item.Defect); known {
		class = d.Class
	} else if c, known := l.Snapshot.Characteristic(item.Characteristic); known {
		class = c.Class
	}
	for _, p := range l.Plan.Classes {
		if p.Class == class {
			return p, true
		}
	}
	return models.ClassPlan{}, false
}

func propose(status claims.CoverageStatus, known bool) string {
	switch {
	case status == claims.NotInspectable:
		return AskCertificate
	case status == claims.FoundAndWaived:
		return NoWaiver
	case status == claims.FoundAndReworked:
		return CheckRework
	case !known:
		return AddCharacteristic
	case status == claims.InspectedHere || status == claims.FoundAndTolerated:
		return Tighten
	}
	return MakeMandatory
}

// sum counts the escapes by what was missed, by plan and by inspector, the last
// against the lots each has accepted.
func (a *EscapeAnalysis) sum(ctx context.Context, tx *gorm.DB, supplier *models.ID) error {
	what, plan, who := map[string]int{}, map[string]int{}, map[string]int{}
	for _, e := range a.Items {
		what[cmp.Or(e.Characteristic, e.Defect, string(e.Reason))]++
		if e.Plan != "" {
			plan[e.Plan]++
		}
		for _, name := range e.Inspectors {
			who[name]++
		}
	}
	accepted, err := acceptedBy(ctx, tx, a.Period, supplier, who)
	a.ByWhat, a.ByPlan, a.ByInspector = counted(what, nil), counted(plan, nil), counted(who, accepted)
	return err
}

func acceptedBy(ctx context.Context, tx *gorm.DB, p models.Period, supplier *models.ID, who map[string]int) (map[string]int64, error) {
	out := map[string]int64{}
	if len(who) == 0 {
		return out, nil
	}
	q := tx.WithContext(ctx).Table("inspection_lots").Select("users.name, COUNT(DISTINCT inspection_lots.lot_id) AS lots").
		Joins("JOIN inspections ON inspections.id = inspection_lots.inspection_id").
		Joins("JOIN inspection_inspectors ON inspection_inspectors.inspection_id = inspections.id").
		Joins("JOIN users ON users.id = inspection_inspectors.user_id").
		Where(acceptedLots, p.From.First(), p.To.Last())
	if supplier != nil {
		q = q.Where("inspection_lots.supplier_id = ?", *supplier)
	}
	var rows []struct {
		Name string
		Lots int64
	}
	err := q.Group("users.id, users.name").Scan(&rows).Error
	for _, r := range rows {
		out[r.Name] += r.Lots
	}
	return out, err
}

func counted(counts map[string]int, accepted map[string]int64) []EscapeCount {
	out := make([]EscapeCount, 0, len(counts))
	for what, n := range counts {
		out = append(out, EscapeCount{what, n, accepted[what]})
	}
	slices.SortFunc(out, func(a, b EscapeCount) int {
		return cmp.Or(cmp.Compare(b.Escapes, a.Escapes), cmp.Compare(a.What, b.What))
	})
	return out
}
