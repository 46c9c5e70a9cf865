package server

import (
	"crypto/rand"

	"recourse/inspections"
	"recourse/models"
)

func inspectionRoutes() []Route {
	record := []models.Role{models.Inspector, models.Purchasing}
	decide := []models.Role{models.Purchasing}
	const at = "/api/v1/inspections"
	const lot = at + "/{id}/lots/{lot_id}"
	return []Route{
		{Method: "GET", Path: at, Handle: lists(inspections.List), List: &inspections.Filters, Tag: "inspections", Summary: "Inspections the reader may see"},
		{Method: "POST", Path: at, Roles: record, Handle: with(planInspection), Idempotent: true, Status: 201, Tag: "inspections", Summary: "Plan a visit: samples and cartons are drawn"},
		{Method: "GET", Path: at + "/{id}", Handle: gets(inspections.Get), Tag: "inspections", Summary: "A whole inspection"},
		{Method: "PUT", Path: at + "/{id}", Roles: record, Handle: with(recordInspection), MaxBody: 8 << 20, Tag: "inspections", Summary: "Store the whole record of a visit; the id may be the phone's own"},
		{Method: "PATCH", Path: at + "/{id}", Roles: record, Handle: changes(inspections.RecordHead), IfMatch: true, Tag: "inspections", Summary: "Date, place, remarks, deviations and equipment of the visit"},
		{Method: "PUT", Path: lot, Roles: record, Handle: with(recordLot), IfMatch: true, MaxBody: 8 << 20, Tag: "inspections", Summary: "The whole record of one lot"},
		{Method: "POST", Path: lot + "/findings", Roles: record, Handle: with(addFinding), IfMatch: true, Idempotent: true, Status: 201, Tag: "inspections", Summary: "One more finding"},
		{Method: "DELETE", Path: lot + "/findings/{finding_id}", Roles: record, Handle: with(removeFinding), IfMatch: true, Tag: "inspections", Summary: "Take back a finding recorded by mistake"},
		{Method: "PUT", Path: lot + "/readings/{code}", Roles: record, Handle: with(recordReadings), IfMatch: true, Tag: "inspections", Summary: "The readings of one characteristic"},
		{Method: "PUT", Path: lot + "/checks/{code}", Roles: record, Handle: with(recordCheck), IfMatch: true, Tag: "inspections", Summary: "Tick a section or attribute characteristic"},
		{Method: "POST", Path: at + "/{id}/submit", Roles: record, Handle: changes(inspections.Submit), IfMatch: true, Idempotent: true, Tag: "inspections", Summary: "Sign and submit: the verdict is fixed"},
		{Method: "POST", Path: at + "/{id}/decision", Roles: decide, Handle: changes(inspections.Decide), IfMatch: true, Idempotent: true, Tag: "inspections", Summary: "Decide on one lot or on all"},
		{Method: "POST", Path: at + "/{id}/abort", Roles: record, Handle: changes(inspections.Abort), IfMatch: true, Idempotent: true, Tag: "inspections", Summary: "End a visit that came to nothing"},
		{Method: "POST", Path: at + "/{id}/revisions", Roles: decide, Handle: changes(inspections.Revise), IfMatch: true, Idempotent: true, Status: 201, Tag: "inspections", Summary: "Open a correction of a final inspection"},
	}
}

// seed is 256 random bits for drawing cartons.
func seed() (s models.SHA256, err error) {
	_, err = rand.Read(s[:])
	return s, err
}

func planInspection(_ *Server, r *Request, in inspections.PlanInput) (*models.Inspection, error) {
	s, err := seed()
	if err != nil {
		return nil, err
	}
	return inspections.Plan(r.Ctx, r.Tx, r.By, in, s)
}

func recordInspection(_ *Server, r *Request, in inspections.RecordInput) (*models.Inspection, error) {
	id, err := r.ID("id")
	if err != nil {
		return nil, err
	}
	s, err := seed()
	if err != nil {
		return nil, err
	}
	return inspections.Record(r.Ctx, r.Tx, r.By, id, r.Version, in, s)
}

// inspectionLot reads the two ids of a route about one lot of an inspection.
func (r *Request) inspectionLot() (id, lotID models.ID, err error) {
	if id, err = r.ID("id"); err != nil {
		return id, lotID, err
	}
	lotID, err = r.ID("lot_id")
	return id, lotID, err
}

func recordLot(_ *Server, r *Request, in inspections.LotRecord) (*models.Inspection, error) {
	id, lotID, err := r.inspectionLot()
	if err != nil {
		return nil, err
	}
	return inspections.RecordLot(r.Ctx, r.Tx, r.By, id, lotID, r.Version, in)
}

func addFinding(_ *Server, r *Request, in inspections.FindingInput) (*models.Inspection, error) {
	id, lotID, err := r.inspectionLot()
	if err != nil {
		return nil, err
	}
	return inspections.AddFinding(r.Ctx, r.Tx, r.By, id, lotID, r.Version, in)
}

func removeFinding(_ *Server, r *Request, _ none) (*models.Inspection, error) {
	id, lotID, err := r.inspectionLot()
	if err != nil {
		return nil, err
	}
	findingID, err := r.ID("finding_id")
	if err != nil {
		return nil, err
	}
	return inspections.RemoveFinding(r.Ctx, r.Tx, r.By, id, lotID, findingID, r.Version)
}

func recordReadings(_ *Server, r *Request, in inspections.ReadingsInput) (*models.Inspection, error) {
	id, lotID, err := r.inspectionLot()
	if err != nil {
		return nil, err
	}
	return inspections.RecordReadings(r.Ctx, r.Tx, r.By, id, lotID, r.Param("code"), r.Version, in)
}

func recordCheck(_ *Server, r *Request, in inspections.CheckInput) (*models.Inspection, error) {
	id, lotID, err := r.inspectionLot()
	if err != nil {
		return nil, err
	}
	if in.Code != r.Param("code") {
		return nil, models.Invalid("code", "The code differs from the one in the address.", "与地址中的代码不一致。")
	}
	return inspections.RecordCheck(r.Ctx, r.Tx, r.By, id, lotID, r.Version, in)
}
