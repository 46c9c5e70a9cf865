package server

import (
	"recourse/database"
	"recourse/recovery"
)

func listNotes(_ *Server, r *Request, _ none) (database.Page[recovery.Note], error) {
	return recovery.ListNotes(r.Ctx, r.Tx, r.By, r.Query)
}

func issueNote(s *Server, r *Request, in recovery.IssueInput) (*recovery.Note, error) {
	return recovery.IssueDebitNote(r.Ctx, r.Tx, s.locally(r), in)
}

func getNote(_ *Server, r *Request, _ none) (*recovery.Note, error) {
	id, err := r.ID("id")
	if err != nil {
		return nil, err
	}
	return recovery.GetNote(r.Ctx, r.Tx, r.By, id)
}

func acknowledgeNote(s *Server, r *Request, _ none) (*recovery.Note, error) {
	id, err := r.ID("id")
	if err != nil {
		return nil, err
	}
	return recovery.Acknowledge(r.Ctx, r.Tx, s.locally(r), id, r.Version)
}

func objectNote(s *Server, r *Request, in recovery.ObjectInput) (*recovery.Note, error) {
	id, err := r.ID("id")
	if err != nil {
		return nil, err
	}
	return recovery.Object(r.Ctx, r.Tx, s.locally(r), id, r.Version, in)
}

func acceptInPart(s *Server, r *Request, in recovery.PartInput) (*recovery.Note, error) {
	id, err := r.ID("id")
	if err != nil {
		return nil, err
	}
	return recovery.AcceptInPart(r.Ctx, r.Tx, s.locally(r), id, r.Version, in)
}

func cancelNote(s *Server, r *Request, in recovery.CancelInput) (*recovery.Note, error) {
	id, err := r.ID("id")
	if err != nil {
		return nil, err
	}
	return recovery.Cancel(r.Ctx, r.Tx, s.locally(r), id, r.Version, in)
}

func settleNote(s *Server, r *Request, in recovery.SettleInput) (*recovery.Note, error) {
	id, err := r.ID("id")
	if err != nil {
		return nil, err
	}
	return recovery.Settle(r.Ctx, r.Tx, s.locally(r), id, r.Version, in)
}

func reverseSettlement(s *Server, r *Request, in recovery.ReverseInput) (*recovery.Note, error) {
	id, err := r.ID("id")
	if err != nil {
		return nil, err
	}
	settlement, err := r.ID("settlement_id")
	if err != nil {
		return nil, err
	}
	return recovery.Reverse(r.Ctx, r.Tx, s.locally(r), id, settlement, r.Version, in)
}
