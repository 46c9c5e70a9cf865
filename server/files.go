package server

import (
	"io"

	"gorm.io/gorm"

	"recourse/documents"
	"recourse/files"
	"recourse/inspections"
	"recourse/models"
)

func fileRoutes() []Route {
	send := []models.Role{models.Inspector, models.Purchasing, models.Sales, models.Finance}
	const upload = "/api/v1/uploads"
	const inspection = "/api/v1/inspections/{id}"
	return []Route{
		{Method: "POST", Path: upload, Roles: send, Handle: with(beginUpload), Status: 201, Tag: "files", Summary: "Announce a file by id, hash and size; answers where to go on"},
		{Method: "GET", Path: upload + "/{id}", Roles: send, Handle: with(getUpload), Tag: "files", Summary: "How far an upload has come"},
		{Method: "PUT", Path: upload + "/{id}/parts/{offset}", Roles: send, Handle: with(receivePart), MaxBody: 1 << 20, Tag: "files", Summary: "One part of the bytes; its SHA-256 in the header Content-SHA256"},
		{Method: "POST", Path: upload + "/{id}/complete", Roles: send, Handle: outside(completeUpload), Tag: "files", Summary: "All parts are sent: check and keep the file"},
		{Method: "DELETE", Path: upload + "/{id}", Roles: send, Handle: with(discardUpload), Tag: "files", Summary: "Give up an upload"},
		{Method: "GET", Path: inspection + "/photos/{photo_id}/file", Handle: outside(photoFile), Tag: "files", Summary: "A photo's bytes; size original, large or thumb"},
		{Method: "GET", Path: inspection + "/report", Handle: outside(inspectionReport), Tag: "reports", Summary: "The inspection report as PDF"},
	}
}

func beginUpload(_ *Server, r *Request, in files.NewUpload) (*models.Upload, error) {
	return files.Begin(r.Ctx, r.Tx, r.By, in)
}

func getUpload(_ *Server, r *Request, _ none) (*models.Upload, error) {
	id, err := r.ID("id")
	if err != nil {
		return nil, err
	}
	return files.FindUpload(r.Ctx, r.Tx, r.By, id)
}

func receivePart(_ *Server, r *Request, in Raw) (*models.Upload, error) {
	id, err := r.ID("id")
	if err != nil {
		return nil, err
	}
	offset, err := r.number("offset")
	if err != nil {
		return nil, err
	}
	hash, err := models.ParseSHA256("Content-SHA256", r.Header("Content-SHA256"))
	if err != nil {
		return nil, err
	}
	data, err := io.ReadAll(in.Body)
	if err != nil {
		return nil, err
	}
	return files.ReceivePart(r.Ctx, r.Tx, r.By, id, offset, hash, data)
}

func completeUpload(s *Server, r *Request, _ none) (*models.File, error) {
	id, err := r.ID("id")
	if err != nil {
		return nil, err
	}
	return s.Files.Complete(r.Ctx, s.DB, r.By, id, func(tx *gorm.DB, file *models.File) error {
		return inspections.PhotoArrived(r.Ctx, tx, r.By, file.SHA256)
	})
}

func discardUpload(_ *Server, r *Request, _ none) (none, error) {
	id, err := r.ID("id")
	if err != nil {
		return none{}, err
	}
	return none{}, files.Discard(r.Ctx, r.Tx, r.By, id)
}

// photoSize says which copy of a photo is wanted.
type photoSize struct {
	Size files.Size `json:"size" validate:"omitempty,oneof=original large thumb"` // default large
}

func photoFile(s *Server, r *Request, in photoSize) (Blob, error) {
	id, err := r.ID("id")
	if err != nil {
		return Blob{}, err
	}
	photoID, err := r.ID("photo_id")
	if err != nil {
		return Blob{}, err
	}
	var file *models.File
	err = s.DB.View(r.Ctx, func(tx *gorm.DB) error {
		photo, err := inspections.PhotoOf(r.Ctx, tx, r.By, id, photoID)
		if err != nil {
			return err
		}
		file, err = files.Get(r.Ctx, tx, photo.SHA256)
		return err
	})
	if err != nil {
		return Blob{}, err
	}
	size := or(in.Size, files.Large)
	content, err := s.Files.Open(r.Ctx, file, size)
	if err != nil {
		return Blob{}, err
	}
	etag := file.SHA256.String() + "-" + string(size)
	return Blob{Name: etag, Type: content.MediaType, Content: content, Inline: !content.Attachment, ETag: etag}, nil
}

// press is what printing needs of the server.
func (s *Server) press() documents.Press {
	return documents.Press{DB: s.DB, Files: s.Files, BaseURL: s.Config.BaseURL, Company: s.Config.Company, Zone: s.Config.Location}
}

func inspectionReport(s *Server, r *Request, in documents.Asked) (Blob, error) {
	id, err := r.ID("id")
	if err != nil {
		return Blob{}, err
	}
	d, err := s.press().Inspection(r.Ctx, r.By, id, in)
	if err != nil {
		return Blob{}, err
	}
	return Blob{Name: d.Name, Type: "application/pdf", Content: d.Content, Inline: true, Modified: d.Created, ETag: d.SHA256.String()}, nil
}
