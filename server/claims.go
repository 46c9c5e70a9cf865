package server

import (
	"context"
	"strconv"

	"gorm.io/gorm"

	"recourse/claims"
	"recourse/models"
)

func claimRoutes() []Route {
	answers := []models.Role{models.Sales}
	weighs := []models.Role{models.Sales, models.Purchasing, models.Finance, models.Viewer} // it shows visits of every inspector
	const at = "/api/v1/claims"
	const one, item, tag = at + "/{id}", at + "/{id}/items/{no}", "claims"
	move := func(name, summary string, handle endpoint) Route {
		return Route{Method: "POST", Path: one + "/" + name, Roles: answers, Handle: handle, IfMatch: true, Idempotent: true, Tag: tag, Summary: summary}
	}
	return []Route{
		{Method: "GET", Path: at, Handle: lists(claims.List), List: &claims.Filters, Tag: tag, Summary: "Claims; q finds by the beginning of any number that people quote"},
		{Method: "POST", Path: at, Roles: answers, Handle: creates(claims.Open), Idempotent: true, Status: 201, Tag: tag, Summary: "Enter a customer's claim; the id may be the client's own"},
		{Method: "GET", Path: one, Handle: gets(claims.Show), Tag: tag, Summary: "A whole claim with its clocks"},
		{Method: "PATCH", Path: one, Roles: answers, Handle: changes(claims.Patch), IfMatch: true, Tag: tag, Summary: "Change the head of an open claim"},
		{Method: "GET", Path: one + "/clocks", Handle: with(claimClocks), Tag: tag, Summary: "Every deadline as of today, with what is missing to compute it"},
		{Method: "GET", Path: one + "/coverage", Roles: weighs, Handle: with(claimCoverage), Tag: tag, Summary: "What our inspections are worth for each item"},
		{Method: "POST", Path: one + "/assign", Roles: answers, Handle: changes(claims.Assign), IfMatch: true, Idempotent: true, Tag: tag, Summary: "Say who answers the claim"},

		{Method: "POST", Path: one + "/items", Roles: answers, Handle: changes(claims.AddItem), IfMatch: true, Idempotent: true, Status: 201, Tag: tag, Summary: "One more item"},
		{Method: "PUT", Path: item, Roles: answers, Handle: changesItem(claims.ChangeItem), IfMatch: true, Tag: tag, Summary: "Replace an item; If-Match is the item's own version, and its answer is taken back"},
		{Method: "DELETE", Path: item, Roles: answers, Handle: with(removeClaimItem), IfMatch: true, Tag: tag, Summary: "Take out an item entered by mistake; If-Match is the item's own version"},
		{Method: "POST", Path: item + "/answer", Roles: answers, Handle: changesItem(claims.Answer), IfMatch: true, Idempotent: true, Tag: tag, Summary: "Answer an item; If-Match is the item's own version"},

		{Method: "POST", Path: one + "/evidence", Roles: answers, Handle: changes(claims.AddEvidence), IfMatch: true, Idempotent: true, Status: 201, Tag: tag, Summary: "Ask for one more piece of evidence"},
		{Method: "PUT", Path: one + "/evidence/{evidence_id}", Roles: answers, Handle: with(setClaimEvidence), IfMatch: true, Tag: tag, Summary: "Asked, received, sufficient; If-Match is the piece's own version"},
		{Method: "POST", Path: one + "/contacts", Roles: answers, Handle: with(addClaimContact), Idempotent: true, Status: 201, Tag: tag, Summary: "Enter a contact in the log"},

		move("acknowledge", "The customer was told that the claim is here", moves(claims.Acknowledge)),
		move("investigate", "Start gathering facts, or go back to it", moves(claims.Investigate)),
		move("assess", "Every item has its answer", moves(claims.Assess)),
		move("negotiate", "Our answer is with the customer", moves(claims.Negotiate)),
		move("settle", "The customer takes what the answers grant", moves(claims.Settle)),
		move("reject", "The claim ends with a no to every item", moves(claims.Reject)),
		move("withdraw", "The customer takes the claim back", changes(claims.Withdraw)),
		move("close", "Put a decided claim aside", changes(claims.Close)),
		move("reopen", "Take up a closed claim again, with a reason", changes(claims.Reopen)),

		{Method: "GET", Path: "/api/v1/clock-rules", Handle: with(clockRules), Tag: "clock rules", Summary: "Every edition of the dated rules about deadlines"},
		{Method: "POST", Path: "/api/v1/clock-rules", Roles: []models.Role{models.Admin}, Handle: creates(claims.AddRule), Idempotent: true, Status: 201, Tag: "clock rules", Summary: "A new edition of a rule, or a new rule; earlier editions stay"},
	}
}

// claimClockList are the clocks of a claim.
type claimClockList struct {
	Items []claims.Clock `json:"items"`
}

func claimClocks(_ *Server, r *Request, _ none) (*claimClockList, error) {
	id, err := r.ID("id")
	if err != nil {
		return nil, err
	}
	c, err := claims.Show(r.Ctx, r.Tx, r.By, id)
	if err != nil {
		return nil, err
	}
	return &claimClockList{c.Clocks}, nil
}

// claimCoverageList is the coverage of a claim's items.
type claimCoverageList struct {
	Items []claims.ItemCoverage `json:"items"`
}

func claimCoverage(_ *Server, r *Request, _ none) (*claimCoverageList, error) {
	id, err := r.ID("id")
	if err != nil {
		return nil, err
	}
	c, err := claims.Get(r.Ctx, r.Tx, r.By, id)
	if err != nil {
		return nil, err
	}
	items, err := claims.Coverage(r.Ctx, r.Tx, c)
	return &claimCoverageList{items}, err
}

// changesItem is a verb that changes one item of the claim, at the item's version.
func changesItem[In any](verb func(context.Context, *gorm.DB, models.Actor, models.ID, int, int, In) (*models.Claim, error)) endpoint {
	return with(func(_ *Server, r *Request, in In) (*models.Claim, error) {
		id, no, err := r.claimItem()
		if err != nil {
			return nil, err
		}
		return verb(r.Ctx, r.Tx, r.By, id, no, r.Version, in)
	})
}

// claimItem reads the claim and the item's number of a route about one item.
// What isn't a number names no item, so it is not found.
func (r *Request) claimItem() (models.ID, int, error) {
	id, err := r.ID("id")
	if err != nil {
		return id, 0, err
	}
	no, err := strconv.Atoi(r.Param("no"))
	if err != nil {
		return id, 0, models.NotFound("claim item", "索赔项")
	}
	return id, no, nil
}

func removeClaimItem(_ *Server, r *Request, _ none) (*models.Claim, error) {
	id, no, err := r.claimItem()
	if err != nil {
		return nil, err
	}
	return claims.RemoveItem(r.Ctx, r.Tx, r.By, id, no, r.Version)
}

func setClaimEvidence(_ *Server, r *Request, in claims.EvidenceInput) (*models.Claim, error) {
	id, err := r.ID("id")
	if err != nil {
		return nil, err
	}
	evidenceID, err := r.ID("evidence_id")
	if err != nil {
		return nil, err
	}
	return claims.SetEvidence(r.Ctx, r.Tx, r.By, id, evidenceID, r.Version, in)
}

func addClaimContact(_ *Server, r *Request, in claims.ContactInput) (*models.Claim, error) {
	id, err := r.ID("id")
	if err != nil {
		return nil, err
	}
	return claims.AddContact(r.Ctx, r.Tx, r.By, id, in)
}

func clockRules(_ *Server, r *Request, _ none) (*claims.RuleSet, error) {
	return claims.Rules(r.Ctx, r.Tx, r.By.At)
}
