package server

import (
	"bytes"

	"recourse/documents"
	"recourse/models"
	"recourse/scorecards"
	"recourse/sheets"
)

func scorePaperRoutes() []Route {
	read := []models.Role{models.Purchasing, models.Sales, models.Finance, models.Viewer}
	const tag = "papers"
	return []Route{
		{Method: "GET", Path: "/api/v1/scorecards/{id}/report", Roles: read, Handle: outside(scorecardReport), Tag: tag, Summary: "A published scorecard as PDF: the same bytes every time"},
		{Method: "GET", Path: "/api/v1/suppliers/{id}/scorecard/report", Roles: read, Handle: outside(scorecardDraft), Tag: tag, Summary: "Draft of a supplier's scorecard by today's records"},
		{Method: "GET", Path: "/api/v1/scorecards/ranking/report", Roles: read, Handle: outside(rankingReport), Tag: tag, Summary: "The ranking as PDF or workbook"},
	}
}

func scorecardReport(s *Server, r *Request, in documents.Asked) (Blob, error) {
	id, err := r.ID("id")
	if err != nil {
		return Blob{}, err
	}
	return pdf(s.press().Scorecard(r.Ctx, s.locally(r), id, in))
}

// draftInput says of which period a draft is wanted, and how.
type draftInput struct {
	scorecards.RankInput
	documents.Asked
}

func scorecardDraft(s *Server, r *Request, in draftInput) (Blob, error) {
	id, err := r.ID("id")
	if err != nil {
		return Blob{}, err
	}
	return pdf(s.press().ScorecardDraft(r.Ctx, s.locally(r), id, in.RankInput, s.Config.Currency, in.Asked))
}

// rankingInput says which ranking is wanted, and how.
type rankingInput struct {
	scorecards.RankInput
	documents.Asked
	Format string `json:"format" validate:"omitempty,oneof=pdf xlsx"` // default pdf
}

func rankingReport(s *Server, r *Request, in rankingInput) (Blob, error) {
	if in.Format != "xlsx" {
		return pdf(s.press().Ranking(r.Ctx, s.locally(r), in.RankInput, s.Config.Currency, in.Asked))
	}
	tx, by := s.DB.Read.WithContext(r.Ctx), s.locally(r)
	ranking, err := scorecards.Rank(r.Ctx, tx, by, in.RankInput, s.Config.Currency)
	if err != nil {
		return Blob{}, err
	}
	var b bytes.Buffer
	if err := sheets.WriteRanking(&b, ranking, in.Lang); err != nil {
		return Blob{}, err
	}
	return Blob{Name: "ranking-" + string(ranking.Period.To) + ".xlsx", Type: xlsxType, Content: bytes.NewReader(b.Bytes())}, nil
}
