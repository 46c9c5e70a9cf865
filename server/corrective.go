package server

import (
	"recourse/database"
	"recourse/models"
	"recourse/recovery"
)

func correctiveRoutes() []Route {
	change := []models.Role{models.Purchasing}
	read := []models.Role{models.Purchasing, models.Sales, models.Finance, models.Viewer}
	const at, tag = "/api/v1/corrective-actions", "corrective actions"
	return []Route{
		{Method: "GET", Path: at, Roles: read, Handle: with(listActions), List: &recovery.ActionList, Tag: tag, Summary: "Corrective actions; due_before finds the overdue ones"},
		{Method: "POST", Path: at, Roles: change, Handle: with(openAction), Idempotent: true, Status: 201, Tag: tag, Summary: "Ask a supplier for a corrective action (8D in short)"},
		{Method: "GET", Path: at + "/{id}", Roles: read, Handle: with(getAction), Tag: tag, Summary: "A corrective action"},
		{Method: "PUT", Path: at + "/{id}/steps/{step}/answer", Roles: change, Handle: with(answerStep), IfMatch: true, Tag: tag, Summary: "The supplier's answer to a step"},
		{Method: "PUT", Path: at + "/{id}/steps/{step}/review", Roles: change, Handle: with(reviewStep), IfMatch: true, Tag: tag, Summary: "Accept or reject the answer to a step"},
		{Method: "POST", Path: at + "/{id}/verify", Roles: change, Handle: with(verifyAction), IfMatch: true, Idempotent: true, Tag: tag, Summary: "Effective or not, by a later inspection"},
		{Method: "POST", Path: at + "/{id}/cancel", Roles: change, Handle: with(cancelAction), IfMatch: true, Idempotent: true, Tag: tag, Summary: "End an action that is not needed any more"},
	}
}

func listActions(_ *Server, r *Request, _ none) (database.Page[models.CorrectiveAction], error) {
	return recovery.ListActions(r.Ctx, r.Tx, r.By, r.Query)
}

func openAction(s *Server, r *Request, in recovery.ActionInput) (*models.CorrectiveAction, error) {
	return recovery.OpenAction(r.Ctx, r.Tx, s.locally(r), in)
}

func getAction(_ *Server, r *Request, _ none) (*models.CorrectiveAction, error) {
	id, err := r.ID("id")
	if err != nil {
		return nil, err
	}
	return recovery.GetAction(r.Ctx, r.Tx, r.By, id)
}

func answerStep(s *Server, r *Request, in recovery.AnswerInput) (*models.CorrectiveAction, error) {
	id, err := r.ID("id")
	if err != nil {
		return nil, err
	}
	return recovery.AnswerStep(r.Ctx, r.Tx, s.locally(r), id, r.Param("step"), r.Version, in)
}

func reviewStep(s *Server, r *Request, in recovery.ReviewInput) (*models.CorrectiveAction, error) {
	id, err := r.ID("id")
	if err != nil {
		return nil, err
	}
	return recovery.ReviewStep(r.Ctx, r.Tx, s.locally(r), id, r.Param("step"), r.Version, in)
}

func verifyAction(s *Server, r *Request, in recovery.VerifyInput) (*models.CorrectiveAction, error) {
	id, err := r.ID("id")
	if err != nil {
		return nil, err
	}
	return recovery.Verify(r.Ctx, r.Tx, s.locally(r), id, r.Version, in)
}

func cancelAction(s *Server, r *Request, in recovery.CancelInput) (*models.CorrectiveAction, error) {
	id, err := r.ID("id")
	if err != nil {
		return nil, err
	}
	return recovery.CancelAction(r.Ctx, r.Tx, s.locally(r), id, r.Version, in)
}
