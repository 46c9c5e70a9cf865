package server

import (
	"recourse/inspections"
	"recourse/models"
)

func severityRoutes() []Route {
	rule := []models.Role{models.Purchasing}
	const at, tag = "/api/v1/severity", "severity"
	return []Route{
		{Method: "GET", Path: at, Handle: with(seriesSeverity), Tag: tag, Summary: "The severity in force of a supplier's product by a standard: computed, ruled, with the lots that caused it"},
		{Method: "GET", Path: "/api/v1/suppliers/{id}/severity", Handle: gets(inspections.SeveritiesOf), Tag: tag, Summary: "The severities in force of all series of a supplier"},
		{Method: "GET", Path: at + "/rulings", Handle: lists(inspections.Rulings), List: &inspections.RulingList, Tag: tag, Summary: "What was ruled about severity, withdrawals included"},
		{Method: "POST", Path: at + "/rulings", Roles: rule, Handle: creates(inspections.Rule), Idempotent: true, Status: 201, Tag: tag, Summary: "Rule: agree with reduced, set by hand, production irregular, resume, limiting quality"},
		{Method: "POST", Path: at + "/rulings/{id}/withdraw", Roles: rule, Handle: with(withdrawRuling), Idempotent: true, Status: 201, Tag: tag, Summary: "End a ruling by a later one"},
	}
}

func seriesSeverity(_ *Server, r *Request, in inspections.SeverityQuery) (*inspections.SeriesSeverity, error) {
	return inspections.SeverityOf(r.Ctx, r.Tx, r.By, in)
}

func withdrawRuling(_ *Server, r *Request, in inspections.WithdrawInput) (*models.SeverityRuling, error) {
	id, err := r.ID("id")
	if err != nil {
		return nil, err
	}
	return inspections.Withdraw(r.Ctx, r.Tx, r.By, id, in)
}
