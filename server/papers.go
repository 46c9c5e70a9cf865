package server

import (
	"recourse/documents"
	"recourse/models"
)

func paperRoutes() []Route {
	letters := []models.Role{models.Sales, models.Purchasing, models.Finance}
	money := []models.Role{models.Sales, models.Purchasing, models.Finance, models.Viewer}
	send := []models.Role{models.Sales, models.Purchasing}
	const claim = "/api/v1/claims/{id}"
	const tag = "papers"
	return []Route{
		{Method: "GET", Path: claim + "/letters/{kind}", Roles: letters, Handle: outside(claimLetter), Tag: tag, Summary: "Draft of an acknowledgement, evidence_request, rebuttal or protective_notice"},
		{Method: "GET", Path: claim + "/dossier", Roles: letters, Handle: outside(claimDossier), Tag: tag, Summary: "The dossier: one PDF with an index, or a zip with the originals"},
		{Method: "GET", Path: claim + "/sent", Roles: letters, Handle: with(sentList), Tag: tag, Summary: "What was sent about the claim"},
		{Method: "POST", Path: claim + "/sent", Roles: send, Handle: outside(sendPaper), Status: 201, Tag: tag, Summary: "Send a letter or the dossier: its bytes are frozen and the log says so"},
		{Method: "GET", Path: claim + "/sent/{sent_id}/file", Roles: letters, Handle: outside(sentFile), Tag: tag, Summary: "A document as it went out"},
		{Method: "GET", Path: "/api/v1/debit-notes/{id}/report", Roles: money, Handle: outside(debitNoteReport), Tag: tag, Summary: "The debit note as PDF: the same bytes every time"},
		{Method: "GET", Path: "/api/v1/suppliers/{id}/statement/report", Roles: money, Handle: outside(statementReport), Tag: tag, Summary: "A party's statement of account as PDF"},
		{Method: "GET", Path: "/api/v1/corrective-actions/{id}/report", Roles: letters, Handle: outside(eightDReport), Tag: tag, Summary: "The 8D sheet as PDF"},
	}
}

// pdf sends a document.
func pdf(d *documents.Document, err error) (Blob, error) {
	if err != nil {
		return Blob{}, err
	}
	return Blob{Name: d.Name, Type: "application/pdf", Content: d.Content, Inline: true, Modified: d.Created, ETag: d.SHA256.String()}, nil
}

// letterInput says how a letter is wanted.
type letterInput struct {
	documents.Asked
	SupplierID string `json:"supplier_id" validate:"max=36"` // of a protective notice
}

func claimLetter(s *Server, r *Request, in letterInput) (Blob, error) {
	id, err := r.ID("id")
	if err != nil {
		return Blob{}, err
	}
	var supplier *models.ID
	if in.SupplierID != "" {
		known, err := models.ParseID("supplier_id", in.SupplierID)
		if err != nil {
			return Blob{}, err
		}
		supplier = &known
	}
	return pdf(s.press().ClaimPaper(r.Ctx, r.By, id, r.Param("kind"), supplier, in.Asked))
}

// dossierInput says how the dossier is wanted.
type dossierInput struct {
	documents.Asked
	Format string `json:"format" validate:"omitempty,oneof=pdf zip"` // default pdf
}

func claimDossier(s *Server, r *Request, in dossierInput) (Blob, error) {
	id, err := r.ID("id")
	if err != nil {
		return Blob{}, err
	}
	if in.Format != "zip" {
		return pdf(s.press().DossierPDF(r.Ctx, r.By, id, documents.DossierInput{}, in.Asked))
	}
	d, err := s.press().DossierZip(r.Ctx, r.By, id, documents.DossierInput{}, in.Asked)
	if err != nil {
		return Blob{}, err
	}
	return Blob{Name: d.Name, Type: "application/zip", Content: d.Content, Modified: d.Created, ETag: d.SHA256.String()}, nil
}

func sentList(_ *Server, r *Request, _ none) ([]models.SentDocument, error) {
	id, err := r.ID("id")
	if err != nil {
		return nil, err
	}
	return documents.SentList(r.Ctx, r.Tx, r.By, id)
}

func sendPaper(s *Server, r *Request, in documents.SendInput) (*models.SentDocument, error) {
	id, err := r.ID("id")
	if err != nil {
		return nil, err
	}
	return s.press().Send(r.Ctx, r.By, id, in)
}

func sentFile(s *Server, r *Request, _ none) (Blob, error) {
	id, err := r.ID("id")
	if err != nil {
		return Blob{}, err
	}
	sentID, err := r.ID("sent_id")
	if err != nil {
		return Blob{}, err
	}
	return pdf(s.press().Sent(r.Ctx, r.By, id, sentID))
}

func debitNoteReport(s *Server, r *Request, in documents.Asked) (Blob, error) {
	id, err := r.ID("id")
	if err != nil {
		return Blob{}, err
	}
	return pdf(s.press().DebitNote(r.Ctx, r.By, id, in))
}

func statementReport(s *Server, r *Request, in documents.Period) (Blob, error) {
	id, err := r.ID("id")
	if err != nil {
		return Blob{}, err
	}
	return pdf(s.press().Statement(r.Ctx, r.By, id, in))
}

func eightDReport(s *Server, r *Request, in documents.Asked) (Blob, error) {
	id, err := r.ID("id")
	if err != nil {
		return Blob{}, err
	}
	return pdf(s.press().EightD(r.Ctx, r.By, id, in))
}
