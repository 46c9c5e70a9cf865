package server

import (
	"recourse/database"
	"recourse/independence"
	"recourse/models"
)

func independenceRoutes() []Route {
	judges := []models.Role{models.Purchasing}
	const at, tag = "/api/v1/independence/hints", "independence"
	return []Route{
		{Method: "GET", Path: at, Roles: judges, Handle: with(findHints), Tag: tag, Summary: "What is worth asking about the visits of a supplier or inspector, the strongest first, with the figures behind it"},
		{Method: "POST", Path: at + "/{id}/set-aside", Roles: judges, Handle: with(setHintAside), Idempotent: true, Tag: tag, Summary: "Set a hint of the same question aside, with the reason"},
		{Method: "POST", Path: at + "/{id}/reopen", Roles: judges, Handle: with(reopenHint), Idempotent: true, Tag: tag, Summary: "Show a hint again that was set aside"},
	}
}

func findHints(s *Server, r *Request, in independence.Question) (database.Page[independence.Hint], error) {
	return independence.Find(r.Ctx, r.Tx, s.locally(r), in)
}

func setHintAside(s *Server, r *Request, in independence.SetAsideInput) (*independence.Hint, error) {
	id, err := r.ID("id")
	if err != nil {
		return nil, err
	}
	return independence.SetAside(r.Ctx, r.Tx, s.locally(r), id, in)
}

func reopenHint(s *Server, r *Request, in independence.ReopenInput) (*independence.Hint, error) {
	id, err := r.ID("id")
	if err != nil {
		return nil, err
	}
	return independence.Reopen(r.Ctx, r.Tx, s.locally(r), id, in)
}
