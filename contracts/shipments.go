package contracts

import (
	"context"

	"gorm.io/gorm"

	"recourse/audit"
	"recourse/database"
	"recourse/models"
)

// ShipmentInput makes a shipment of a sales contract with what it carries. ID
// may be the client's own.
type ShipmentInput struct {
	ID              *models.ID         `json:"id"`
	SalesContractID models.ID          `json:"sales_contract_id" validate:"required"`
	BillOfLading    string             `json:"bill_of_lading" validate:"max=60"` // empty until it is issued
	Vessel          string             `json:"vessel" validate:"max=100"`
	DeliveredOn     models.Date        `json:"delivered_on"`
	LoadedOn        models.Date        `json:"loaded_on"`
	ArrivedOn       models.Date        `json:"arrived_on"`
	Remark          string             `json:"remark" validate:"max=4000"`
	Lots            []ShipmentLotInput `json:"lots" validate:"max=500,dive"`
	Containers      []ContainerInput   `json:"containers" validate:"max=200,dive"`
}

// ShipmentLotInput is what of a lot goes with a shipment, and as which sale.
type ShipmentLotInput struct {
	LotID       models.ID       `json:"lot_id" validate:"required"`
	SalesLineID models.ID       `json:"sales_line_id" validate:"required"`
	Quantity    models.Quantity `json:"quantity" validate:"gt=0"`
}

// ContainerInput is a container with its seal.
type ContainerInput struct {
	Number string `json:"number" validate:"required,max=20"`
	Seal   string `json:"seal" validate:"max=40"`
}

// ShipmentPatch changes what it gives; lots and containers are replaced as a whole.
type ShipmentPatch struct {
	BillOfLading *string             `json:"bill_of_lading,omitempty" validate:"omitempty,max=60"`
	Vessel       *string             `json:"vessel,omitempty" validate:"omitempty,max=100"`
	DeliveredOn  *models.Date        `json:"delivered_on,omitempty"`
	LoadedOn     *models.Date        `json:"loaded_on,omitempty"`
	ArrivedOn    *models.Date        `json:"arrived_on,omitempty"`
	Remark       *string             `json:"remark,omitempty" validate:"omitempty,max=4000"`
	Lots         *[]ShipmentLotInput `json:"lots,omitempty" validate:"omitempty,max=500,dive"`
	Containers   *[]ContainerInput   `json:"containers,omitempty" validate:"omitempty,max=200,dive"`
}

// Shipped is a shipment as stored, with what to mind about it.
type Shipped struct {
	models.Shipment
	Warnings []Warning `json:"warnings"`
}

// ShipmentList is what a list of shipments may be filtered and sorted by.
var ShipmentList = database.List{
	Filters: map[string]database.Filter{
		"sales_contract_id": {SQL: "shipments.sales_contract_id = ?", Kind: database.FilterID},
		"bill_of_lading":    {SQL: "shipments.bill_key = ?", Kind: database.FilterKey},
		"container":         {SQL: "shipments.id IN (SELECT x.shipment_id FROM containers x WHERE x.number_key = ?)", Kind: database.FilterKey},
		"lot_id":            {SQL: "shipments.id IN (SELECT x.shipment_id FROM shipment_lots x WHERE x.lot_id = ?)", Kind: database.FilterID},
	},
	Sorts:   []string{"id"},
	Default: "-id",
}

// CreateShipment enters a shipment. Its document check-list starts with the
// documents that the sales contract requires.
func CreateShipment(ctx context.Context, tx *gorm.DB, by models.Actor, in ShipmentInput) (*Shipped, error) {
	if again, err := repeated(ctx, tx, "shipment", in.ID, in); err != nil {
		return nil, err
	} else if again {
		return shipped(ctx, tx, by, *in.ID)
	}
	if err := allow(by, "shipments", "发运", models.Sales); err != nil {
		return nil, err
	}
	contract, err := salesOf(ctx, tx, by, in.SalesContractID)
	if err != nil {
		return nil, err
	}
	s := models.Shipment{
		ID: idOr(in.ID), SalesContractID: in.SalesContractID, BillOfLading: in.BillOfLading, Vessel: in.Vessel,
		DeliveredOn: in.DeliveredOn, LoadedOn: in.LoadedOn, ArrivedOn: in.ArrivedOn, Remark: in.Remark,
		Version: 1, CreatedAt: models.Now(by.At), UpdatedAt: models.Now(by.At),
	}
	if err := checkShipment(&s); err != nil {
		return nil, err
	}
	if err := gorm.G[models.Shipment](tx).Create(ctx, &s); err != nil {
		return nil, err
	}
	if err := writeLots(ctx, tx, contract, s.ID, in.Lots); err != nil {
		return nil, err
	}
	if err := writeContainers(ctx, tx, s.ID, in.Containers); err != nil {
		return nil, err
	}
	if err := seedDocuments(ctx, tx, s.ID, contract.RequiredDocuments); err != nil {
		return nil, err
	}
	if err := audit.Record(ctx, tx, by, "create", "shipment", s.ID, in); err != nil {
		return nil, err
	}
	return shipped(ctx, tx, by, s.ID)
}

// UpdateShipment changes a shipment that is at version.
func UpdateShipment(ctx context.Context, tx *gorm.DB, by models.Actor, id models.ID, version int, in ShipmentPatch) (*Shipped, error) {
	s, err := shipmentAt(ctx, tx, by, id, version)
	if err != nil {
		return nil, err
	}
	c := changes{}
	give(c, "bill_of_lading", &s.BillOfLading, in.BillOfLading)
	give(c, "vessel", &s.Vessel, in.Vessel)
	give(c, "delivered_on", &s.DeliveredOn, in.DeliveredOn)
	give(c, "loaded_on", &s.LoadedOn, in.LoadedOn)
	give(c, "arrived_on", &s.ArrivedOn, in.ArrivedOn)
	give(c, "remark", &s.Remark, in.Remark)
	if err := checkShipment(s); err != nil {
		return nil, err
	}
	c["bill_of_lading"], c["bill_key"] = s.BillOfLading, s.BillKey
	if in.Lots != nil {
		if err := changeLots(ctx, tx, by, s, *in.Lots); err != nil {
			return nil, err
		}
	}
	if in.Containers != nil {
		if err := writeContainers(ctx, tx, id, *in.Containers); err != nil {
			return nil, err
		}
	}
	if err := update[models.Shipment](ctx, tx, by, "update", "shipment", id, version, c, in); err != nil {
		return nil, err
	}
	return shipped(ctx, tx, by, id)
}

// GetShipment loads a shipment with what it carries and its documents.
func GetShipment(ctx context.Context, tx *gorm.DB, by models.Actor, id models.ID) (*models.Shipment, error) {
	s, err := one[models.Shipment](ctx, visibleShipments(tx, by), "shipment", "发运", "shipments.id = ?", id)
	if err != nil {
		return nil, err
	}
	found := []models.Shipment{*s}
	if err := withParts(ctx, tx, found); err != nil {
		return nil, err
	}
	return &found[0], nil
}

// ListShipments reads a page of shipments with their parts, in four statements.
func ListShipments(ctx context.Context, tx *gorm.DB, by models.Actor, q database.Query) (database.Page[models.Shipment], error) {
	page, err := database.Find[models.Shipment](ctx, visibleShipments(tx, by), ShipmentList, q)
	if err != nil {
		return page, err
	}
	return page, withParts(ctx, tx, page.Items)
}

func shipmentAt(ctx context.Context, tx *gorm.DB, by models.Actor, id models.ID, version int) (*models.Shipment, error) {
	s, err := one[models.Shipment](ctx, visibleShipments(tx, by), "shipment", "发运", "shipments.id = ?", id)
	if err != nil {
		return nil, err
	}
	if s.Version != version {
		return nil, database.Stale(s.Version)
	}
	return s, allow(by, "shipments", "发运", models.Sales)
}

// salesOf loads the open sales contract that a shipment is of.
func salesOf(ctx context.Context, tx *gorm.DB, by models.Actor, id models.ID) (*models.Contract, error) {
	c, err := GetContract(ctx, tx, by, id)
	if models.IsCode(err, models.CodeNotFound) || err == nil && c.Kind != models.SalesContract {
		return nil, models.Invalid("sales_contract_id", "There is no such sales contract.", "没有此销售合同。")
	}
	if err != nil {
		return nil, err
	}
	return c, mustBeOpen("sales_contract_id", c)
}

// checkShipment: the goods are delivered, loaded, and arrive, in this order.
func checkShipment(s *models.Shipment) (err error) {
	s.BillKey = ""
	if s.BillOfLading != "" {
		if s.BillOfLading, s.BillKey, err = code("bill_of_lading", s.BillOfLading, 60); err != nil {
			return err
		}
	}
	for _, o := range []struct {
		field, before string
		first, then   models.Date
	}{
		{"loaded_on", "delivered_on", s.DeliveredOn, s.LoadedOn},
		{"arrived_on", "loaded_on", s.LoadedOn, s.ArrivedOn},
		{"arrived_on", "delivered_on", s.DeliveredOn, s.ArrivedOn},
	} {
		if !o.first.IsZero() && !o.then.IsZero() && o.then < o.first {
			return models.Invalid(o.field, "%[1]s is before %[2]s (%[3]s).", "%[1]s 早于 %[2]s（%[3]s）。", o.then, o.before, o.first)
		}
	}
	return nil
}

// shipped loads a shipment with its warnings.
func shipped(ctx context.Context, tx *gorm.DB, by models.Actor, id models.ID) (*Shipped, error) {
	s, err := GetShipment(ctx, tx, by, id)
	if err != nil {
		return nil, err
	}
	return &Shipped{*s, ShipmentWarnings(s)}, nil
}

// ShipmentWarnings says what to mind about a shipment: container numbers whose
// check digit is wrong are most likely misread.
func ShipmentWarnings(s *models.Shipment) []Warning {
	warnings := []Warning{}
	for i, c := range s.Containers {
		if want := checkDigit(c.Number); c.Number[10] != want {
			warnings = append(warnings, Warning{Code: ContainerCheckDigit, Field: at("containers", i, "number"), Text: says(
				"The check digit of container %s should be %c (ISO 6346): compare it with the door.", "集装箱 %s 的校验位应为 %c（ISO 6346）：请与箱门核对。", c.Number, want)})
		}
	}
	return warnings
}
