package server

import (
	"recourse/database"
	"recourse/models"
	"recourse/recovery"
)

// The roles about money: who moves it, and who may see it.
var (
	movesMoney = []models.Role{models.Finance}
	seesMoney  = []models.Role{models.Finance, models.Purchasing, models.Sales}
)

func recoveryRoutes() []Route {
	const claim, at, note = "/api/v1/claims/{id}", "/api/v1/recovery-cases", "/api/v1/debit-notes"
	const loss, back, demand = "loss and liability", "recovery", "debit notes"
	return []Route{
		{Method: "GET", Path: claim + "/loss", Roles: seesMoney, Handle: with(getLoss), Tag: loss, Summary: "What the claim cost; its ETag is the claim's"},
		{Method: "PUT", Path: claim + "/loss", Roles: movesMoney, Handle: with(setLoss), IfMatch: true, Tag: loss, Summary: "Set the loss as a whole; the shares follow"},
		{Method: "GET", Path: claim + "/liability", Roles: seesMoney, Handle: with(getLiability), Tag: loss, Summary: "Who bears which share"},
		{Method: "PUT", Path: claim + "/liability", Roles: movesMoney, Handle: with(setLiability), IfMatch: true, Tag: loss, Summary: "Set the shares as a whole, 100 % in all; recovery cases follow"},
		{Method: "GET", Path: claim + "/liability/proposal", Roles: seesMoney, Handle: with(proposeLiability), Tag: loss, Summary: "The shares that the records suggest, with reasons"},
		{Method: "POST", Path: claim + "/what-if", Roles: seesMoney, Handle: with(whatIf), Tag: loss, Summary: "Try other shares or another offer; nothing is stored"},
		{Method: "GET", Path: at, Roles: seesMoney, Handle: with(listCases), List: &recovery.CaseList, Tag: back, Summary: "Recovery cases"},
		{Method: "GET", Path: at + "/{id}", Roles: seesMoney, Handle: with(getCase), Tag: back, Summary: "A recovery case with its figures"},
		{Method: "POST", Path: at + "/{id}/notice", Roles: seesMoney, Handle: with(notifyParty), IfMatch: true, Idempotent: true, Tag: back, Summary: "Record that the protective notice went out"},
		{Method: "GET", Path: note, Roles: seesMoney, Handle: with(listNotes), List: &recovery.NoteList, Tag: demand, Summary: "Debit notes with their movements"},
		{Method: "POST", Path: note, Roles: movesMoney, Handle: with(issueNote), Idempotent: true, Status: 201, Tag: demand, Summary: "Issue a debit note; it is numbered without gaps and never edited"},
		{Method: "GET", Path: note + "/{id}", Roles: seesMoney, Handle: with(getNote), Tag: demand, Summary: "A debit note"},
		{Method: "POST", Path: note + "/{id}/acknowledge", Roles: movesMoney, Handle: with(acknowledgeNote), IfMatch: true, Idempotent: true, Tag: demand, Summary: "The party accepts"},
		{Method: "POST", Path: note + "/{id}/object", Roles: movesMoney, Handle: with(objectNote), IfMatch: true, Idempotent: true, Tag: demand, Summary: "The party objects"},
		{Method: "POST", Path: note + "/{id}/accept-in-part", Roles: movesMoney, Handle: with(acceptInPart), IfMatch: true, Idempotent: true, Tag: demand, Summary: "The party accepts a part"},
		{Method: "POST", Path: note + "/{id}/cancel", Roles: movesMoney, Handle: with(cancelNote), IfMatch: true, Idempotent: true, Tag: demand, Summary: "Take a note back, to issue it anew"},
		{Method: "POST", Path: note + "/{id}/settlements", Roles: movesMoney, Handle: with(settleNote), IfMatch: true, Idempotent: true, Status: 201, Tag: demand, Summary: "Set-off, payment, goods, credit or write-off"},
		{Method: "POST", Path: note + "/{id}/settlements/{settlement_id}/reversal", Roles: movesMoney, Handle: with(reverseSettlement), IfMatch: true, Idempotent: true, Status: 201, Tag: demand, Summary: "Take a movement back by one of the opposite sign"},
		{Method: "GET", Path: "/api/v1/ageing", Roles: seesMoney, Handle: with(getAgeing), Tag: back, Summary: "What is owed, by party, currency and days since issue"},
		{Method: "GET", Path: "/api/v1/suppliers/{id}/statement", Roles: seesMoney, Handle: with(getStatement), Tag: back, Summary: "A party's statement of account"},
	}
}

// locally is the actor with the time in the company's zone, of which the trade's dates are.
func (s *Server) locally(r *Request) models.Actor {
	by := r.By
	by.At = by.At.In(s.Config.Location)
	return by
}

func getLoss(s *Server, r *Request, _ none) (*recovery.Loss, error) {
	id, err := r.ID("id")
	if err != nil {
		return nil, err
	}
	return recovery.GetLoss(r.Ctx, r.Tx, s.locally(r), id, s.Config.Currency)
}

func setLoss(s *Server, r *Request, in recovery.LossInput) (*recovery.Loss, error) {
	id, err := r.ID("id")
	if err != nil {
		return nil, err
	}
	return recovery.SetLoss(r.Ctx, r.Tx, s.locally(r), id, r.Version, in, s.Config.Currency)
}

func getLiability(s *Server, r *Request, _ none) (*recovery.Liability, error) {
	id, err := r.ID("id")
	if err != nil {
		return nil, err
	}
	return recovery.GetLiability(r.Ctx, r.Tx, s.locally(r), id, s.Config.Currency)
}

func setLiability(s *Server, r *Request, in recovery.LiabilityInput) (*recovery.Liability, error) {
	id, err := r.ID("id")
	if err != nil {
		return nil, err
	}
	return recovery.SetLiability(r.Ctx, r.Tx, s.locally(r), id, r.Version, in, s.Config.Currency)
}

// proposals are the shares that the records suggest.
type proposals struct {
	Shares []recovery.Proposal `json:"shares"`
}

func proposeLiability(_ *Server, r *Request, _ none) (proposals, error) {
	id, err := r.ID("id")
	if err != nil {
		return proposals{}, err
	}
	shares, err := recovery.ProposeLiability(r.Ctx, r.Tx, r.By, id)
	return proposals{shares}, err
}

func whatIf(s *Server, r *Request, in recovery.WhatIfInput) (*recovery.Comparison, error) {
	id, err := r.ID("id")
	if err != nil {
		return nil, err
	}
	return recovery.Compare(r.Ctx, r.Tx, r.By, id, in, s.Config.Currency)
}

func listCases(_ *Server, r *Request, _ none) (database.Page[recovery.Case], error) {
	return recovery.ListCases(r.Ctx, r.Tx, r.By, r.Query)
}

func getCase(_ *Server, r *Request, _ none) (*recovery.Case, error) {
	id, err := r.ID("id")
	if err != nil {
		return nil, err
	}
	return recovery.GetCase(r.Ctx, r.Tx, r.By, id)
}

func notifyParty(s *Server, r *Request, in recovery.NotifyInput) (*recovery.Case, error) {
	id, err := r.ID("id")
	if err != nil {
		return nil, err
	}
	return recovery.Notify(r.Ctx, r.Tx, s.locally(r), id, r.Version, in)
}

func getAgeing(s *Server, r *Request, in recovery.AgeingInput) (*recovery.AgeingReport, error) {
	return recovery.AgeingOf(r.Ctx, r.Tx, s.locally(r), in)
}

func getStatement(s *Server, r *Request, in recovery.StatementInput) (*recovery.Statement, error) {
	id, err := r.ID("id")
	if err != nil {
		return nil, err
	}
	return recovery.StatementOf(r.Ctx, r.Tx, s.locally(r), id, in)
}
