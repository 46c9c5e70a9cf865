package server

import (
	"recourse/models"
	"recourse/scorecards"
)

func scorecardRoutes() []Route {
	read := []models.Role{models.Purchasing, models.Sales, models.Finance, models.Viewer}
	purchasing := []models.Role{models.Purchasing}
	const at, supplier, profile, measure, rate = "/api/v1/scorecards", "/api/v1/suppliers/{id}", "/api/v1/score-profiles", "/api/v1/supplier-measures", "/api/v1/exchange-rates"
	const cards, profiles, measures, rates = "scorecards", "scoring profiles", "supplier measures", "exchange rates"
	return []Route{
		{Method: "GET", Path: at, Roles: read, Handle: lists(scorecards.List), List: &scorecards.CardList, Tag: cards, Summary: "Published scorecards"},
		{Method: "GET", Path: at + "/{id}", Roles: read, Handle: gets(scorecards.Get), Tag: cards, Summary: "A published scorecard, as it was frozen"},
		{Method: "GET", Path: at + "/ranking", Roles: read, Handle: with(getRanking), Tag: cards, Summary: "Suppliers of a period, best first, by product, category and country"},
		{Method: "GET", Path: at + "/differing", Roles: read, Handle: with(differing), Tag: cards, Summary: "Published scorecards whose figures are others by now"},
		{Method: "GET", Path: at + "/escapes", Roles: read, Handle: with(escapeAnalysis), Tag: cards, Summary: "Accepted lots that were claimed: what was missed, by which plan and whom, and what would catch it"},
		{Method: "GET", Path: at + "/cost", Roles: seesMoney, Handle: with(costOfQuality), Tag: cards, Summary: "Cost of poor quality by supplier, product or contract: claimed, accepted, recovered, lost"},
		{Method: "POST", Path: at + "/back-test", Roles: read, Handle: with(backTest), Tag: cards, Summary: "How another profile would have ranked past periods; nothing is stored"},
		{Method: "POST", Path: at + "/publications", Roles: purchasing, Handle: outside(publishCards), Tag: cards, Summary: "Publish the scorecards of a period that is over; repeating it changes nothing"},
		{Method: "GET", Path: supplier + "/scorecard", Roles: read, Handle: with(getCard), Tag: cards, Summary: "A supplier's scorecard by today's records"},
		{Method: "GET", Path: supplier + "/trend", Roles: read, Handle: with(getTrend), Tag: cards, Summary: "A supplier's scores over the periods, with the median of all"},
		{Method: "GET", Path: supplier + "/pareto", Roles: read, Handle: with(getPareto), Tag: cards, Summary: "A supplier's defects of a period, most frequent first"},

		{Method: "GET", Path: profile, Roles: read, Handle: lists(scorecards.ListProfiles), List: &scorecards.ProfileList, Tag: profiles, Summary: "Scoring profiles with their versions"},
		{Method: "GET", Path: profile + "/in-force", Roles: read, Handle: with(profileInForce), Tag: profiles, Summary: "The profile in force, by code; the standard one without"},
		{Method: "POST", Path: profile, Roles: purchasing, Handle: creates(scorecards.CreateProfile), Idempotent: true, Status: 201, Tag: profiles, Summary: "Make a draft of a profile"},
		{Method: "GET", Path: profile + "/{id}", Roles: read, Handle: gets(scorecards.GetProfile), Tag: profiles, Summary: "A version of a profile"},
		{Method: "PUT", Path: profile + "/{id}", Roles: purchasing, Handle: changes(scorecards.EditProfile), IfMatch: true, Tag: profiles, Summary: "Change a draft"},
		{Method: "DELETE", Path: profile + "/{id}", Roles: purchasing, Handle: with(deleteProfile), IfMatch: true, Tag: profiles, Summary: "Remove a draft"},
		{Method: "POST", Path: profile + "/{id}/activate", Roles: purchasing, Handle: moves(scorecards.ActivateProfile), IfMatch: true, Idempotent: true, Tag: profiles, Summary: "Put a draft in force; the version before it retires"},
		{Method: "POST", Path: profile + "/{id}/retire", Roles: purchasing, Handle: moves(scorecards.RetireProfile), IfMatch: true, Idempotent: true, Tag: profiles, Summary: "Take a version out of use"},

		{Method: "GET", Path: measure, Roles: read, Handle: lists(scorecards.ListMeasures), List: &scorecards.MeasureList, Tag: measures, Summary: "Measures confirmed for suppliers"},
		{Method: "GET", Path: measure + "/proposals", Roles: read, Handle: with(measureProposals), Tag: measures, Summary: "What the bands of a period's published scorecards propose and nobody has confirmed"},
		{Method: "POST", Path: measure, Roles: purchasing, Handle: creates(scorecards.Confirm), Idempotent: true, Status: 201, Tag: measures, Summary: "Confirm a measure: watch, tightened or no_new_contract"},
		{Method: "POST", Path: measure + "/{id}/lift", Roles: purchasing, Handle: changes(scorecards.Lift), IfMatch: true, Idempotent: true, Tag: measures, Summary: "End a measure"},

		{Method: "GET", Path: rate, Roles: read, Handle: lists(scorecards.ListRates), List: &scorecards.RateList, Tag: rates, Summary: "Exchange rates of the months"},
		{Method: "POST", Path: rate, Roles: movesMoney, Handle: with(addRate), Idempotent: true, Status: 201, Tag: rates, Summary: "Enter the rate of a currency in a month"},
		{Method: "PUT", Path: rate, Roles: movesMoney, Handle: with(changeRate), IfMatch: true, Tag: rates, Summary: "Change the rate of a currency in a month"},
	}
}

func getRanking(s *Server, r *Request, in scorecards.RankInput) (*models.Ranking, error) {
	return scorecards.Rank(r.Ctx, r.Tx, s.locally(r), in, s.Config.Currency)
}

// differences are published cards whose figures are others by now.
type differences struct {
	Items []scorecards.Difference `json:"items"`
}

func differing(s *Server, r *Request, in scorecards.PeriodInput) (differences, error) {
	items, err := scorecards.Differing(r.Ctx, r.Tx, s.locally(r), in)
	return differences{items}, err
}

func escapeAnalysis(s *Server, r *Request, in scorecards.EscapeInput) (*scorecards.EscapeAnalysis, error) {
	return scorecards.Escapes(r.Ctx, r.Tx, s.locally(r), in)
}

func costOfQuality(s *Server, r *Request, in scorecards.CostInput) (*scorecards.CostReport, error) {
	return scorecards.Cost(r.Ctx, r.Tx, s.locally(r), in, s.Config.Currency)
}

func backTest(s *Server, r *Request, in scorecards.BackTestInput) (*scorecards.BackTest, error) {
	return scorecards.Try(r.Ctx, r.Tx, s.locally(r), in)
}

func publishCards(s *Server, r *Request, in scorecards.PublishInput) (*scorecards.Publications, error) {
	return scorecards.Publish(r.Ctx, s.DB, s.locally(r), in, s.Config.Currency)
}

// cardInput asks for a card; full adds trend, Pareto and claims.
type cardInput struct {
	scorecards.RankInput
	Full bool `json:"full"`
}

func getCard(s *Server, r *Request, in cardInput) (*models.CardContent, error) {
	id, err := r.ID("id")
	if err != nil {
		return nil, err
	}
	if in.Full {
		return scorecards.Full(r.Ctx, r.Tx, s.locally(r), id, in.RankInput, s.Config.Currency)
	}
	return scorecards.Card(r.Ctx, r.Tx, s.locally(r), id, in.RankInput, s.Config.Currency)
}

func getTrend(s *Server, r *Request, in scorecards.RankInput) (*scorecards.Line, error) {
	id, err := r.ID("id")
	if err != nil {
		return nil, err
	}
	return scorecards.Trend(r.Ctx, r.Tx, s.locally(r), id, in)
}

func getPareto(s *Server, r *Request, in scorecards.RankInput) (*scorecards.Defects, error) {
	id, err := r.ID("id")
	if err != nil {
		return nil, err
	}
	return scorecards.Pareto(r.Ctx, r.Tx, s.locally(r), id, in)
}

// profileAsked names a profile by its code.
type profileAsked struct {
	Code string `json:"code" validate:"max=40"`
}

func profileInForce(_ *Server, r *Request, in profileAsked) (*models.ScoreProfile, error) {
	return scorecards.InForce(r.Ctx, r.Tx, in.Code)
}

func deleteProfile(_ *Server, r *Request, _ none) (none, error) {
	id, err := r.ID("id")
	if err != nil {
		return none{}, err
	}
	return none{}, scorecards.DeleteProfile(r.Ctx, r.Tx, r.By, id, r.Version)
}

// proposedMeasures are measures that nobody has confirmed.
type proposedMeasures struct {
	Items []scorecards.MeasureProposal `json:"items"`
}

func measureProposals(s *Server, r *Request, in scorecards.PeriodInput) (proposedMeasures, error) {
	items, err := scorecards.MeasureProposals(r.Ctx, r.Tx, s.locally(r), in)
	return proposedMeasures{items}, err
}

func addRate(s *Server, r *Request, in scorecards.RateInput) (*models.ExchangeRate, error) {
	return scorecards.SetRate(r.Ctx, r.Tx, s.locally(r), 0, in, s.Config.Currency)
}

func changeRate(s *Server, r *Request, in scorecards.RateInput) (*models.ExchangeRate, error) {
	return scorecards.SetRate(r.Ctx, r.Tx, s.locally(r), r.Version, in, s.Config.Currency)
}
