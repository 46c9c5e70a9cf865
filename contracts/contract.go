package contracts

import (
	"context"
	"strings"

	"gorm.io/gorm"

	"recourse/audit"
	"recourse/database"
	"recourse/models"
)

// ContractInput makes a contract with its lines at once. ID may be the client's own.
type ContractInput struct {
	ID                *models.ID          `json:"id"`
	Kind              models.ContractKind `json:"kind" validate:"required,oneof=purchase sales"`
	Number            string              `json:"number" validate:"required,max=60"`
	SignedOn          models.Date         `json:"signed_on"`
	PartyID           models.ID           `json:"party_id" validate:"required"`
	Currency          string              `json:"currency" validate:"required,len=3"`
	Incoterm          string              `json:"incoterm" validate:"max=60"`
	Port              string              `json:"port" validate:"max=100"`
	LatestShipment    models.Date         `json:"latest_shipment"`
	ShippingMarks     string              `json:"shipping_marks" validate:"max=4000"`
	Packing           string              `json:"packing" validate:"max=4000"`
	QualityClause     string              `json:"quality_clause" validate:"max=4000"`
	RequiredDocuments []string            `json:"required_documents" validate:"max=50,dive,required,max=60"`
	ClaimClause       models.ClaimClause  `json:"claim_clause"`
	Remark            string              `json:"remark" validate:"max=4000"`
	Lines             []LineInput         `json:"lines" validate:"required,min=1,max=500,dive"`
}

// ContractPatch changes what it gives of a contract's head; kind and party stay.
type ContractPatch struct {
	Number            *string             `json:"number,omitempty" validate:"omitempty,min=1,max=60"`
	SignedOn          *models.Date        `json:"signed_on,omitempty"`
	Currency          *string             `json:"currency,omitempty" validate:"omitempty,len=3"`
	Incoterm          *string             `json:"incoterm,omitempty" validate:"omitempty,max=60"`
	Port              *string             `json:"port,omitempty" validate:"omitempty,max=100"`
	LatestShipment    *models.Date        `json:"latest_shipment,omitempty"`
	ShippingMarks     *string             `json:"shipping_marks,omitempty" validate:"omitempty,max=4000"`
	Packing           *string             `json:"packing,omitempty" validate:"omitempty,max=4000"`
	QualityClause     *string             `json:"quality_clause,omitempty" validate:"omitempty,max=4000"`
	RequiredDocuments *[]string           `json:"required_documents,omitempty" validate:"omitempty,max=50,dive,required,max=60"`
	ClaimClause       *models.ClaimClause `json:"claim_clause,omitempty"`
	Remark            *string             `json:"remark,omitempty" validate:"omitempty,max=4000"`
}

// Entered is a contract as stored, with what to mind about it.
type Entered struct {
	models.Contract
	Warnings []Warning `json:"warnings"`
}

// CreateContract enters a purchase contract (by purchasing) or a sales contract (by sales).
func CreateContract(ctx context.Context, tx *gorm.DB, by models.Actor, in ContractInput) (*Entered, error) {
	if again, err := repeated(ctx, tx, "contract", in.ID, in); err != nil {
		return nil, err
	} else if again {
		return entered(ctx, tx, by, *in.ID)
	}
	if err := mayWriteContract(by, in.Kind); err != nil {
		return nil, err
	}
	c := models.Contract{
		ID: idOr(in.ID), Kind: in.Kind, Number: in.Number, SignedOn: in.SignedOn, PartyID: in.PartyID, Currency: in.Currency,
		Incoterm: in.Incoterm, Port: in.Port, LatestShipment: in.LatestShipment, ShippingMarks: in.ShippingMarks, Packing: in.Packing,
		QualityClause: in.QualityClause, RequiredDocuments: in.RequiredDocuments, ClaimClause: in.ClaimClause, Remark: in.Remark,
		Version: 1, CreatedAt: models.Now(by.At), UpdatedAt: models.Now(by.At),
	}
	if err := checkContractParty(ctx, tx, by, &c); err != nil {
		return nil, err
	}
	if err := refuseStopped(ctx, tx, c); err != nil {
		return nil, err
	}
	if err := checkHead(ctx, tx, &c); err != nil {
		return nil, err
	}
	lines, err := checkLines(ctx, tx, by, &c, nil, in.Lines)
	if err != nil {
		return nil, err
	}
	if err := gorm.G[models.Contract](tx).Create(ctx, &c); err != nil {
		return nil, err
	}
	if err := insertLines(ctx, tx, lines); err != nil {
		return nil, err
	}
	if err := audit.Record(ctx, tx, by, "create", "contract", c.ID, in); err != nil {
		return nil, err
	}
	return entered(ctx, tx, by, c.ID)
}

// refuseStopped refuses a purchase from a supplier with whom purchasing decided
// to make no new contract.
func refuseStopped(ctx context.Context, tx *gorm.DB, c models.Contract) error {
	if c.Kind != models.PurchaseContract {
		return nil
	}
	stops, err := gorm.G[models.SupplierMeasure](tx).Where("supplier_id = ? AND kind = ? AND lifted_at IS NULL", c.PartyID, models.MeasureNoNewContract).Limit(1).Find(ctx)
	if err != nil || len(stops) == 0 {
		return err
	}
	return models.Conflict("party_id", "No new contract with this supplier since %s (%s): purchasing has to lift the measure first.",
		"自 %s 起不与该供应商签订新合同（%s）：须先由采购部解除该措施。", stops[0].ConfirmedAt.Format("2006-01-02"), stops[0].Reason)
}

// UpdateContract changes the head of an open contract that is at version.
func UpdateContract(ctx context.Context, tx *gorm.DB, by models.Actor, id models.ID, version int, in ContractPatch) (*Entered, error) {
	c, err := openContractAt(ctx, tx, by, id, version)
	if err != nil {
		return nil, err
	}
	set := changes{}
	give(set, "number", &c.Number, in.Number)
	give(set, "signed_on", &c.SignedOn, in.SignedOn)
	give(set, "currency", &c.Currency, in.Currency)
	give(set, "incoterm", &c.Incoterm, in.Incoterm)
	give(set, "port", &c.Port, in.Port)
	give(set, "latest_shipment", &c.LatestShipment, in.LatestShipment)
	give(set, "shipping_marks", &c.ShippingMarks, in.ShippingMarks)
	give(set, "packing", &c.Packing, in.Packing)
	give(set, "quality_clause", &c.QualityClause, in.QualityClause)
	give(set, "remark", &c.Remark, in.Remark)
	give(set, "required_documents", &c.RequiredDocuments, in.RequiredDocuments)
	give(set, "claim_clause", &c.ClaimClause, in.ClaimClause)
	if err := checkHead(ctx, tx, c); err != nil {
		return nil, err
	}
	set["number"], set["number_key"] = c.Number, c.NumberKey
	set["required_documents"], set["claim_clause"] = jsonText(c.RequiredDocuments), jsonText(c.ClaimClause)
	if err := update[models.Contract](ctx, tx, by, "update", "contract", id, version, set, in); err != nil {
		return nil, err
	}
	return entered(ctx, tx, by, id)
}

// CloseContract ends a contract: it takes no change, lot or shipment any more.
func CloseContract(ctx context.Context, tx *gorm.DB, by models.Actor, id models.ID, version int) (*Entered, error) {
	if _, err := openContractAt(ctx, tx, by, id, version); err != nil {
		return nil, err
	}
	if err := update[models.Contract](ctx, tx, by, "close", "contract", id, version, changes{"closed_at": models.Now(by.At)}, nil); err != nil {
		return nil, err
	}
	return entered(ctx, tx, by, id)
}

// ReopenContract takes back CloseContract.
func ReopenContract(ctx context.Context, tx *gorm.DB, by models.Actor, id models.ID, version int) (*Entered, error) {
	c, err := contractAt(ctx, tx, by, id, version)
	if err != nil {
		return nil, err
	}
	if c.ClosedAt == nil {
		return nil, models.Conflict("closed_at", "Contract %s is open.", "合同 %s 未关闭。", c.Number)
	}
	if err := update[models.Contract](ctx, tx, by, "reopen", "contract", id, version, changes{"closed_at": nil}, nil); err != nil {
		return nil, err
	}
	return entered(ctx, tx, by, id)
}

// entered loads a contract with its warnings.
func entered(ctx context.Context, tx *gorm.DB, by models.Actor, id models.ID) (*Entered, error) {
	c, err := GetContract(ctx, tx, by, id)
	if err != nil {
		return nil, err
	}
	warnings, err := Warnings(ctx, tx, by, id)
	if err != nil {
		return nil, err
	}
	return &Entered{*c, warnings}, nil
}

func mayWriteContract(by models.Actor, kind models.ContractKind) error {
	if kind == models.PurchaseContract {
		return allow(by, "purchase contracts", "采购合同", models.Purchasing)
	}
	return allow(by, "sales contracts", "销售合同", models.Sales)
}

// contractAt loads a contract's head for a change by who may make it.
func contractAt(ctx context.Context, tx *gorm.DB, by models.Actor, id models.ID, version int) (*models.Contract, error) {
	c, err := head(ctx, tx, by, id)
	if err != nil {
		return nil, err
	}
	if c.Version != version {
		return nil, database.Stale(c.Version)
	}
	return c, mayWriteContract(by, c.Kind)
}

func openContractAt(ctx context.Context, tx *gorm.DB, by models.Actor, id models.ID, version int) (*models.Contract, error) {
	c, err := contractAt(ctx, tx, by, id, version)
	if err != nil {
		return nil, err
	}
	return c, mustBeOpen("", c)
}

func mustBeOpen(field string, c *models.Contract) error {
	if c.ClosedAt == nil {
		return nil
	}
	return models.Conflict(field, "Contract %s is closed: reopen it first.", "合同 %s 已关闭：请先重新打开。", c.Number)
}

// checkContractParty: we buy from suppliers and sell to customers that are in use.
func checkContractParty(ctx context.Context, tx *gorm.DB, by models.Actor, c *models.Contract) error {
	p, err := GetParty(ctx, tx, by, c.PartyID)
	if models.IsCode(err, models.CodeNotFound) {
		return models.Invalid("party_id", "There is no such party.", "没有此责任方。")
	}
	if err != nil {
		return err
	}
	if c.Kind == models.PurchaseContract && p.Kind != models.PartySupplier {
		return models.Invalid("party_id", "A purchase contract is made with a supplier; %s is not one.", "采购合同的对方须为供应商；%s 不是。", p.Code)
	}
	if c.Kind == models.SalesContract && p.Kind != models.PartyCustomer {
		return models.Invalid("party_id", "A sales contract is made with a customer; %s is not one.", "销售合同的对方须为客户；%s 不是。", p.Code)
	}
	if p.ArchivedAt != nil {
		return models.Conflict("party_id", "%s is archived: restore it first.", "%s 已归档：请先恢复。", p.Code)
	}
	return nil
}

// checkHead checks a contract's head before it is written and fills its key.
func checkHead(ctx context.Context, tx *gorm.DB, c *models.Contract) (err error) {
	if c.Number, c.NumberKey, err = code("number", c.Number, 60); err != nil {
		return err
	}
	if _, known := models.CurrencyPlaces(c.Currency); !known {
		return models.Invalid("currency", "%q is not a currency: use an ISO 4217 code such as USD or CNY.", "%q 不是币种：请使用 ISO 4217 代码，例如 USD、CNY。", c.Currency)
	}
	if err := models.At("claim_clause", checkClaimClause(c.ClaimClause)); err != nil {
		return err
	}
	if c.RequiredDocuments == nil {
		c.RequiredDocuments = []string{}
	}
	seen := map[string]bool{}
	for i, kind := range c.RequiredDocuments {
		if !documentKind(kind) {
			return models.Invalid(at("required_documents", i, ""), "%q is not a kind of document: write it as bill_of_lading.", "%q 不是单据种类：请写成 bill_of_lading 的形式。", kind)
		}
		if seen[kind] {
			return models.Invalid(at("required_documents", i, ""), "%s is listed twice.", "%s 重复。", kind)
		}
		seen[kind] = true
	}
	return free[models.Contract](ctx, tx, c.ID, "number", c.Number, "kind = ? AND number_key = ?", c.Kind, c.NumberKey)
}

// checkClaimClause: days need to know what they count from.
func checkClaimClause(c models.ClaimClause) error {
	if c.From == "" && (c.QualityDays != nil || c.QuantityDays != nil || c.OtherDays != nil) {
		return models.Invalid("from", "is required where days are given: delivery, loading, arrival or receipt.", "填写天数时必须指明起算事件：delivery、loading、arrival 或 receipt。")
	}
	return nil
}

// documentKind reports whether s is a word in snake_case.
func documentKind(s string) bool {
	return s != "" && s[0] != '_' && strings.Trim(s, "abcdefghijklmnopqrstuvwxyz0123456789_") == "" && len(s) <= 60
}
