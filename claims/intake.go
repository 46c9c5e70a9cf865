package claims

import (
	"context"
	"fmt"

	"gorm.io/gorm"

	"recourse/audit"
	"recourse/contracts"
	"recourse/database"
	"recourse/models"
)

// OpenInput is a customer's claim as it arrived. ID may be the client's own; the
// customer, when given, must be the contract's.
type OpenInput struct {
	ID                *models.ID    `json:"id"`
	CustomerID        *models.ID    `json:"customer_id"`
	SalesContractID   models.ID     `json:"sales_contract_id" validate:"required"`
	ShipmentID        *models.ID    `json:"shipment_id"`
	CustomerReference string        `json:"customer_reference" validate:"max=100"`
	ReceivedOn        models.Date   `json:"received_on" validate:"required"`
	SurveyBody        string        `json:"survey_body" validate:"max=200"`
	SurveyOn          models.Date   `json:"survey_on"`
	SurveySHA256      models.SHA256 `json:"survey_sha256,omitzero"`
	Summary           string        `json:"summary" validate:"max=4000"`
	AssignedTo        *models.ID    `json:"assigned_to"`
	Items             []ItemInput   `json:"items" validate:"required,min=1,max=200,dive"`
}

// PatchInput changes what it gives of a claim's head. Without a proposal the
// rebuttal proposes what the answers add up to.
type PatchInput struct {
	ShipmentID        *models.ID     `json:"shipment_id,omitempty"`
	CustomerReference *string        `json:"customer_reference,omitempty" validate:"omitempty,max=100"`
	ReceivedOn        *models.Date   `json:"received_on,omitempty"`
	SurveyBody        *string        `json:"survey_body,omitempty" validate:"omitempty,max=200"`
	SurveyOn          *models.Date   `json:"survey_on,omitempty"`
	SurveySHA256      *models.SHA256 `json:"survey_sha256,omitempty"`
	Summary           *string        `json:"summary,omitempty" validate:"omitempty,max=4000"`
	Proposal          *string        `json:"proposal,omitempty" validate:"omitempty,max=8000"`
	ReplyByOn         *models.Date   `json:"reply_by_on,omitempty"`
}

// AssignInput names who answers the claim; nil: nobody.
type AssignInput struct {
	UserID *models.ID `json:"user_id"`
}

// Open enters a claim: it gets its number, its check-list of evidence, and holds
// the claimed quantities of its lines.
func Open(ctx context.Context, tx *gorm.DB, by models.Actor, in OpenInput) (*models.Claim, error) {
	if again, err := repeated(ctx, tx, in.ID, in); err != nil {
		return nil, err
	} else if again {
		return Get(ctx, tx, by, *in.ID)
	}
	if !by.Is(models.Sales) {
		return nil, models.Errorf(models.CodeForbidden, "", "Opening claims needs the role %s.", "登记索赔需要角色 %s。", models.Sales)
	}
	g, err := goodsOf(ctx, tx, by, in.SalesContractID)
	if err != nil {
		return nil, err
	}
	c := newClaim(by, in, g)
	if err := checkClaim(ctx, tx, by, c, g, models.SHA256{}); err != nil {
		return nil, err
	}
	if err := checkAssignee(ctx, tx, "assigned_to", in.AssignedTo); err != nil {
		return nil, err
	}
	if c.Items, err = checkItems(by, c, g, in.Items); err != nil {
		return nil, err
	}
	if err := checkShipped(c, g); err != nil {
		return nil, err
	}
	if err := hold(ctx, tx, c.Items, itemField); err != nil {
		return nil, err
	}
	if c.Number, err = database.NextNumber(ctx, tx, "CLM", by.At.Year()); err != nil {
		return nil, err
	}
	if err := gorm.G[models.Claim](tx).Create(ctx, c); err != nil {
		return nil, err
	}
	if err := gorm.G[models.ClaimItem](tx).CreateInBatches(ctx, &c.Items, 200); err != nil {
		return nil, err
	}
	if err := seedEvidence(ctx, tx, c, c.Items); err != nil {
		return nil, err
	}
	if err := ensureRules(ctx, tx, by.At); err != nil {
		return nil, err
	}
	if err := audit.Record(ctx, tx, by, "open", "claim", c.ID, in); err != nil {
		return nil, err
	}
	if err := announceOpened(ctx, tx, by, c, g.contract.Number); err != nil {
		return nil, err
	}
	return Get(ctx, tx, by, c.ID)
}

func newClaim(by models.Actor, in OpenInput, g *goods) *models.Claim {
	now := models.Now(by.At)
	c := models.Claim{
		ID: models.NewID(), CustomerReference: in.CustomerReference, CustomerID: g.contract.PartyID, SalesContractID: in.SalesContractID,
		ShipmentID: in.ShipmentID, ReceivedOn: in.ReceivedOn, SurveyBody: in.SurveyBody, SurveyOn: in.SurveyOn, SurveySHA256: in.SurveySHA256,
		Summary: in.Summary, State: models.ClaimReceived, AssignedTo: in.AssignedTo, Version: 1, CreatedBy: author(by), CreatedAt: now, UpdatedAt: now,
	}
	if in.ID != nil {
		c.ID = *in.ID
	}
	if in.CustomerID != nil {
		c.CustomerID = *in.CustomerID
	}
	return &c
}

// Patch changes the head of an open claim that is at version.
func Patch(ctx context.Context, tx *gorm.DB, by models.Actor, id models.ID, version int, in PatchInput) (*models.Claim, error) {
	c, err := forSalesAt(ctx, tx, by, id, version)
	if err != nil {
		return nil, err
	}
	if err := mustBeOpen(c); err != nil {
		return nil, err
	}
	had, set := c.SurveySHA256, map[string]any{}
	give(set, "customer_reference", &c.CustomerReference, in.CustomerReference)
	give(set, "received_on", &c.ReceivedOn, in.ReceivedOn)
	give(set, "survey_body", &c.SurveyBody, in.SurveyBody)
	give(set, "survey_on", &c.SurveyOn, in.SurveyOn)
	give(set, "survey_sha256", &c.SurveySHA256, in.SurveySHA256)
	give(set, "summary", &c.Summary, in.Summary)
	give(set, "proposal", &c.Proposal, in.Proposal)
	give(set, "reply_by_on", &c.ReplyByOn, in.ReplyByOn)
	if in.ShipmentID != nil {
		c.ShipmentID, set["shipment_id"] = in.ShipmentID, in.ShipmentID
	}
	g, err := goodsOf(ctx, tx, by, c.SalesContractID)
	if err != nil {
		return nil, err
	}
	if err := checkClaim(ctx, tx, by, c, g, had); err != nil {
		return nil, err
	}
	if err := inOrder("reply_by_on", "received_on", c.ReceivedOn, c.ReplyByOn); err != nil {
		return nil, err
	}
	for n := range c.Items {
		if err := models.At(itemField(n), checkItem(by, c, g, &c.Items[n])); err != nil {
			return nil, err
		}
	}
	if err := checkShipped(c, g); err != nil {
		return nil, err
	}
	set["customer_reference"], set["reference_key"] = c.CustomerReference, c.ReferenceKey
	if err := write(ctx, tx, by, c, "patch", set, in); err != nil {
		return nil, err
	}
	return Get(ctx, tx, by, id)
}

// give sets the record's field and its column when the input has a value.
func give[T any](set map[string]any, column string, field *T, value *T) {
	if value != nil {
		*field, set[column] = *value, *value
	}
}

// Assign says who answers the claim.
func Assign(ctx context.Context, tx *gorm.DB, by models.Actor, id models.ID, version int, in AssignInput) (*models.Claim, error) {
	c, err := forSalesAt(ctx, tx, by, id, version)
	if err != nil {
		return nil, err
	}
	if err := checkAssignee(ctx, tx, "user_id", in.UserID); err != nil {
		return nil, err
	}
	if err := write(ctx, tx, by, c, "assign", map[string]any{"assigned_to": in.UserID}, in); err != nil {
		return nil, err
	}
	return Get(ctx, tx, by, id)
}

// checkAssignee: claims are answered by a sales user who can sign in.
func checkAssignee(ctx context.Context, tx *gorm.DB, field string, id *models.ID) error {
	if id == nil {
		return nil
	}
	users, err := gorm.G[models.User](tx).Where("id = ? AND disabled_at IS NULL", *id).Find(ctx)
	if err != nil {
		return err
	}
	if len(users) == 0 {
		return models.Invalid(field, "There is no such user, or the user is disabled.", "没有此用户，或该用户已停用。")
	}
	if !(models.Actor{Roles: users[0].Roles}).Is(models.Sales) {
		return models.Invalid(field, "%s doesn't have the role sales.", "%s 没有销售角色。", users[0].Name)
	}
	return nil
}

// goods is what was sold under a contract and how it went.
type goods struct {
	contract  *models.Contract
	lines     map[models.ID]models.ContractLine
	shipments map[models.ID]models.Shipment
	shipped   []models.ShipmentLot
	catalogue map[models.ID]map[string]bool // sales line → codes of its standards; nil where none is pinned
}

// goodsOf loads the sales contract that is claimed under, with its shipments.
func goodsOf(ctx context.Context, tx *gorm.DB, by models.Actor, id models.ID) (*goods, error) {
	contract, err := contracts.GetContract(ctx, tx, by, id)
	if models.IsCode(err, models.CodeNotFound) || err == nil && contract.Kind != models.SalesContract {
		return nil, models.Invalid("sales_contract_id", "There is no such sales contract.", "没有此销售合同。")
	}
	if err != nil {
		return nil, err
	}
	g := &goods{contract: contract, lines: map[models.ID]models.ContractLine{}, shipments: map[models.ID]models.Shipment{}}
	for _, l := range contract.Lines {
		g.lines[l.ID] = l
	}
	shipments, err := gorm.G[models.Shipment](tx).Where("sales_contract_id = ?", id).Find(ctx)
	if err != nil {
		return nil, err
	}
	for _, s := range shipments {
		g.shipments[s.ID] = s
	}
	g.shipped, err = gorm.G[models.ShipmentLot](tx).Where("shipment_id IN (SELECT s.id FROM shipments s WHERE s.sales_contract_id = ?)", id).Find(ctx)
	if err != nil {
		return nil, err
	}
	return g, g.loadCatalogue(ctx, tx)
}

// loadCatalogue finds the codes that an item may name: of the standard that the
// sales line pins and of those that its purchase lines pin.
func (g *goods) loadCatalogue(ctx context.Context, tx *gorm.DB) error {
	var pins []struct{ SalesLineID, StandardID models.ID }
	err := tx.WithContext(ctx).Raw(`SELECT l.id AS sales_line_id, l.standard_id FROM contract_lines l WHERE l.contract_id = ? AND l.standard_id IS NOT NULL
		UNION SELECT k.sales_line_id, b.standard_id FROM contract_lines l JOIN line_links k ON k.sales_line_id = l.id
		JOIN contract_lines b ON b.id = k.purchase_line_id WHERE l.contract_id = ? AND b.standard_id IS NOT NULL`, g.contract.ID, g.contract.ID).Scan(&pins).Error
	if err != nil {
		return err
	}
	ids := make([]models.ID, len(pins))
	for n, p := range pins {
		ids[n] = p.StandardID
	}
	standards, err := gorm.G[models.Standard](tx).Where("id IN ?", ids).Find(ctx)
	if err != nil {
		return err
	}
	content := map[models.ID]models.StandardContent{}
	for _, s := range standards {
		content[s.ID] = s.Content
	}
	g.catalogue = map[models.ID]map[string]bool{}
	for _, p := range pins {
		codes := g.catalogue[p.SalesLineID]
		if codes == nil {
			codes = map[string]bool{}
			g.catalogue[p.SalesLineID] = codes
		}
		for _, d := range content[p.StandardID].Defects {
			codes["defect "+d.Code] = true
		}
		for _, x := range content[p.StandardID].Characteristics {
			codes["characteristic "+x.Code] = true
		}
	}
	return nil
}

// itemField is the path of the n-th item in an input.
func itemField(n int) string { return fmt.Sprintf("items[%d]", n) }
