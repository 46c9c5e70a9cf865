package server

import (
	"fmt"

	"gorm.io/gorm"

	"recourse/contracts"
	"recourse/database"
	"recourse/files"
	"recourse/models"
)

func partyRoutes() []Route {
	write := []models.Role{models.Purchasing, models.Sales}
	const at = "/api/v1/parties"
	const product = "/api/v1/products"
	return []Route{
		{Method: "GET", Path: at, Handle: lists(contracts.ListParties), List: &contracts.PartyList, Tag: "parties", Summary: "Suppliers, customers and other parties"},
		{Method: "GET", Path: "/api/v1/suppliers", Handle: with(listSuppliers), List: &contracts.PartyList, Tag: "parties", Summary: "Parties of kind supplier"},
		{Method: "GET", Path: "/api/v1/customers", Handle: with(listCustomers), List: &contracts.PartyList, Tag: "parties", Summary: "Parties of kind customer"},
		{Method: "POST", Path: at, Roles: write, Handle: creates(contracts.CreateParty), Idempotent: true, Status: 201, Tag: "parties", Summary: "Enter a supplier (purchasing), a customer (sales) or another party"},
		{Method: "GET", Path: at + "/{id}", Handle: gets(contracts.GetParty), Tag: "parties", Summary: "One party"},
		{Method: "PATCH", Path: at + "/{id}", Roles: write, Handle: changes(contracts.UpdateParty), IfMatch: true, Tag: "parties", Summary: "Change a party"},
		{Method: "POST", Path: at + "/{id}/archive", Roles: write, Handle: moves(contracts.ArchiveParty), IfMatch: true, Idempotent: true, Tag: "parties", Summary: "Take a party out of use"},
		{Method: "POST", Path: at + "/{id}/restore", Roles: write, Handle: moves(contracts.RestoreParty), IfMatch: true, Idempotent: true, Tag: "parties", Summary: "Put an archived party back into use"},

		{Method: "GET", Path: product, Handle: lists(contracts.ListProducts), List: &contracts.ProductList, Tag: "products", Summary: "Products"},
		{Method: "POST", Path: product, Roles: write, Handle: creates(contracts.CreateProduct), Idempotent: true, Status: 201, Tag: "products", Summary: "Enter a product"},
		{Method: "GET", Path: product + "/{id}", Handle: gets(contracts.GetProduct), Tag: "products", Summary: "One product"},
		{Method: "PATCH", Path: product + "/{id}", Roles: write, Handle: changes(contracts.UpdateProduct), IfMatch: true, Tag: "products", Summary: "Change a product"},
	}
}

func standardRoutes() []Route {
	write := []models.Role{models.Purchasing}
	const at = "/api/v1/standards"
	return []Route{
		{Method: "GET", Path: at, Handle: lists(contracts.ListStandards), List: &contracts.StandardList, Tag: "standards", Summary: "Quality standards, each version by itself"},
		{Method: "POST", Path: at, Roles: write, Handle: creates(contracts.CreateStandard), Idempotent: true, Status: 201, Tag: "standards", Summary: "Draft a standard with a new code"},
		{Method: "GET", Path: at + "/{id}", Handle: gets(contracts.GetStandard), Tag: "standards", Summary: "One version of a standard"},
		{Method: "PUT", Path: at + "/{id}", Roles: write, Handle: changes(contracts.EditStandard), IfMatch: true, Tag: "standards", Summary: "Replace the content of a draft"},
		{Method: "PUT", Path: at + "/{id}/file", Roles: write, Handle: changes(contracts.AttachOriginal), IfMatch: true, Tag: "standards", Summary: "Name the uploaded original of a draft"},
		{Method: "GET", Path: at + "/{id}/file", Handle: outside(standardFile), Tag: "standards", Summary: "The attached original"},
		{Method: "POST", Path: at + "/{id}/activate", Roles: write, Handle: moves(contracts.ActivateStandard), IfMatch: true, Idempotent: true, Tag: "standards", Summary: "Let lines pin the draft; from now on it never changes"},
		{Method: "POST", Path: at + "/{id}/retire", Roles: write, Handle: moves(contracts.RetireStandard), IfMatch: true, Idempotent: true, Tag: "standards", Summary: "Let no new line pin the version"},
		{Method: "POST", Path: at + "/{id}/versions", Roles: write, Handle: with(newVersion), Idempotent: true, Status: 201, Tag: "standards", Summary: "Draft the next version as a copy of this one"},
	}
}

func contractRoutes() []Route {
	write := []models.Role{models.Purchasing, models.Sales}
	lots := []models.Role{models.Purchasing, models.Inspector}
	const at = "/api/v1/contracts"
	const line = at + "/{id}/lines/{line_id}"
	return []Route{
		{Method: "GET", Path: at, Handle: lists(contracts.ListContracts), List: &contracts.ContractList, Tag: "contracts", Summary: "Purchase and sales contracts with their lines"},
		{Method: "POST", Path: at, Roles: write, Handle: creates(contracts.CreateContract), Idempotent: true, Status: 201, Tag: "contracts", Summary: "Enter a contract; answers where we buy looser than we sell"},
		{Method: "GET", Path: at + "/{id}", Handle: gets(contracts.GetContract), Tag: "contracts", Summary: "One contract"},
		{Method: "PATCH", Path: at + "/{id}", Roles: write, Handle: changes(contracts.UpdateContract), IfMatch: true, Tag: "contracts", Summary: "Change the head of a contract"},
		{Method: "PUT", Path: at + "/{id}/lines", Roles: write, Handle: changes(contracts.ReplaceLines), IfMatch: true, Tag: "contracts", Summary: "Replace the lines of a contract"},
		{Method: "PUT", Path: line + "/fed_by", Roles: write, Handle: with(feedLine), IfMatch: true, Tag: "contracts", Summary: "Say which purchase lines feed a sales line"},
		{Method: "GET", Path: at + "/{id}/warnings", Handle: with(contractWarnings), Tag: "contracts", Summary: "Where we buy looser than we sell"},
		{Method: "POST", Path: at + "/{id}/close", Roles: write, Handle: moves(contracts.CloseContract), IfMatch: true, Idempotent: true, Tag: "contracts", Summary: "Close a contract"},
		{Method: "POST", Path: at + "/{id}/reopen", Roles: write, Handle: moves(contracts.ReopenContract), IfMatch: true, Idempotent: true, Tag: "contracts", Summary: "Reopen a closed contract"},

		{Method: "GET", Path: line + "/lots", Handle: with(listLineLots), List: &contracts.LotList, Tag: "lots", Summary: "The lots of a purchase line"},
		{Method: "POST", Path: line + "/lots", Roles: lots, Handle: with(createLot), Idempotent: true, Status: 201, Tag: "lots", Summary: "Enter a lot of a purchase line"},
		{Method: "GET", Path: "/api/v1/lots", Handle: lists(contracts.ListLots), List: &contracts.LotList, Tag: "lots", Summary: "Lots"},
		{Method: "GET", Path: "/api/v1/lots/{id}", Handle: gets(contracts.GetLot), Tag: "lots", Summary: "One lot"},
		{Method: "PATCH", Path: "/api/v1/lots/{id}", Roles: lots, Handle: changes(contracts.UpdateLot), IfMatch: true, Tag: "lots", Summary: "Change a lot"},
	}
}

func shipmentRoutes() []Route {
	write := []models.Role{models.Sales}
	const at = "/api/v1/shipments"
	const document = at + "/{id}/documents/{kind}"
	return []Route{
		{Method: "GET", Path: at, Handle: lists(contracts.ListShipments), List: &contracts.ShipmentList, Tag: "shipments", Summary: "Shipments with lots, containers and documents"},
		{Method: "POST", Path: at, Roles: write, Handle: creates(contracts.CreateShipment), Idempotent: true, Status: 201, Tag: "shipments", Summary: "Enter a shipment of a sales contract"},
		{Method: "GET", Path: at + "/{id}", Handle: gets(contracts.GetShipment), Tag: "shipments", Summary: "One shipment"},
		{Method: "PATCH", Path: at + "/{id}", Roles: write, Handle: changes(contracts.UpdateShipment), IfMatch: true, Tag: "shipments", Summary: "Change a shipment; lots and containers as a whole"},
		{Method: "PUT", Path: document, Roles: write, Handle: with(setDocument), IfMatch: true, Tag: "shipments", Summary: "Draft, confirmation and file of one document; the version is the shipment's"},
		{Method: "GET", Path: document + "/file", Handle: outside(documentFile), Tag: "shipments", Summary: "The file of one document"},
	}
}

func listSuppliers(_ *Server, r *Request, _ none) (database.Page[models.Party], error) {
	return contracts.ListParties(r.Ctx, r.Tx, r.By, r.only("kind", string(models.PartySupplier)))
}

func listCustomers(_ *Server, r *Request, _ none) (database.Page[models.Party], error) {
	return contracts.ListParties(r.Ctx, r.Tx, r.By, r.only("kind", string(models.PartyCustomer)))
}

// only is the query with one filter set by the route.
func (r *Request) only(filter, value string) database.Query {
	q := r.Query
	q.Filters = map[string]string{filter: value}
	for name, text := range r.Query.Filters {
		if name != filter {
			q.Filters[name] = text
		}
	}
	return q
}

func newVersion(_ *Server, r *Request, in contracts.VersionInput) (*models.Standard, error) {
	id, err := r.ID("id")
	if err != nil {
		return nil, err
	}
	return contracts.NewVersion(r.Ctx, r.Tx, r.By, id, in)
}

func standardFile(s *Server, r *Request, _ none) (Blob, error) {
	id, err := r.ID("id")
	if err != nil {
		return Blob{}, err
	}
	blob, err := s.attached(r, func(tx *gorm.DB) (models.SHA256, string, error) {
		standard, err := contracts.GetStandard(r.Ctx, tx, r.By, id)
		if err != nil {
			return models.SHA256{}, "", err
		}
		return standard.FileSHA256, fmt.Sprintf("%s-v%d", standard.Code, standard.VersionNo), nil
	})
	blob.Name += files.Extension(blob.Type)
	return blob, err
}

// warnings are a contract's warnings as a reply.
type warnings struct {
	Warnings []contracts.Warning `json:"warnings"`
}

func contractWarnings(_ *Server, r *Request, _ none) (warnings, error) {
	id, err := r.ID("id")
	if err != nil {
		return warnings{}, err
	}
	found, err := contracts.Warnings(r.Ctx, r.Tx, r.By, id)
	return warnings{found}, err
}

func feedLine(_ *Server, r *Request, in contracts.FeedInput) (*contracts.Entered, error) {
	id, err := r.ID("id")
	if err != nil {
		return nil, err
	}
	line, err := r.ID("line_id")
	if err != nil {
		return nil, err
	}
	return contracts.FeedLine(r.Ctx, r.Tx, r.By, id, line, r.Version, in)
}

// line is the contract's line in the path; another contract's is not found.
func (r *Request) line() (models.ID, error) {
	id, err := r.ID("id")
	if err != nil {
		return id, err
	}
	lineID, err := r.ID("line_id")
	if err != nil {
		return id, err
	}
	line, _, err := contracts.LineIn(r.Ctx, r.Tx, r.By, id, lineID)
	if err != nil {
		return id, err
	}
	return line.ID, nil
}

func listLineLots(_ *Server, r *Request, _ none) (database.Page[models.Lot], error) {
	line, err := r.line()
	if err != nil {
		return database.Page[models.Lot]{}, err
	}
	return contracts.ListLots(r.Ctx, r.Tx, r.By, r.only("line_id", line.String()))
}

func createLot(_ *Server, r *Request, in contracts.LotInput) (*models.Lot, error) {
	line, err := r.line()
	if err != nil {
		return nil, err
	}
	return contracts.CreateLot(r.Ctx, r.Tx, r.By, line, in)
}

func setDocument(_ *Server, r *Request, in contracts.DocumentInput) (*contracts.Shipped, error) {
	id, err := r.ID("id")
	if err != nil {
		return nil, err
	}
	return contracts.SetDocument(r.Ctx, r.Tx, r.By, id, r.Param("kind"), r.Version, in)
}

func documentFile(s *Server, r *Request, _ none) (Blob, error) {
	id, err := r.ID("id")
	if err != nil {
		return Blob{}, err
	}
	return s.attached(r, func(tx *gorm.DB) (models.SHA256, string, error) {
		d, err := contracts.DocumentOf(r.Ctx, tx, r.By, id, r.Param("kind"))
		if err != nil {
			return models.SHA256{}, "", err
		}
		return d.FileSHA256, or(d.FileName, d.Kind), nil
	})
}

// attached answers with the file that a record names: found within the
// reader's scope, and only ever saved.
func (s *Server) attached(r *Request, find func(tx *gorm.DB) (models.SHA256, string, error)) (Blob, error) {
	var file *models.File
	var name string
	err := s.DB.View(r.Ctx, func(tx *gorm.DB) error {
		hash, called, err := find(tx)
		if err != nil {
			return err
		}
		name = called
		file, err = files.Get(r.Ctx, tx, hash)
		return err
	})
	if err != nil {
		return Blob{}, err
	}
	content, err := s.Files.Open(r.Ctx, file, files.Original)
	if err != nil {
		return Blob{}, err
	}
	return Blob{Name: name, Type: content.MediaType, Content: content, ETag: file.SHA256.String()}, nil
}
