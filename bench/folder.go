package main

import (
	"bytes"
	"context"
	"fmt"
	"path/filepath"

	"gorm.io/gorm"

	"recourse/database"
	"recourse/files"
	"recourse/models"
)

const photos = 24

// folder is a data folder with a final inspection in it, as a server leaves it.
type folder struct {
	path       string
	company    *company
	archive    *files.Archive
	inspection *models.Inspection
	files      []models.File
	bytes      int64 // of all photos as sent
}

// file is the photo with that content.
func (f *folder) file(hash models.SHA256) (found models.File) {
	for _, known := range f.files {
		if known.SHA256 == hash {
			found = known
		}
	}
	return found
}

// folder makes the folder, at the first call.
func (b *bench) folder(ctx context.Context) (*folder, error) {
	if b.data != nil {
		return b.data, nil
	}
	f := &folder{path: filepath.Join(b.dir, "data")}
	db, err := database.Open(ctx, database.Config{URL: "sqlite://" + filepath.Join(f.path, "recourse.db")})
	if err != nil {
		return nil, err
	}
	if err := db.Migrate(ctx); err != nil {
		return nil, err
	}
	store, err := files.OpenStore(ctx, "file://"+filepath.Join(f.path, "files"))
	if err != nil {
		return nil, err
	}
	f.archive = files.NewArchive(store, files.Options{})
	if f.company, err = found(ctx, db, dossierLots, 20); err != nil {
		return nil, err
	}
	hashes, err := f.receive(ctx, 0, photos)
	if err != nil {
		return nil, err
	}
	if f.inspection, err = f.company.inspect(ctx, f.company.lots[0], hashes); err != nil {
		return nil, err
	}
	b.data = f
	return f, nil
}

// receive takes photos in.
func (f *folder) receive(ctx context.Context, first, end int) ([]models.SHA256, error) {
	var hashes []models.SHA256
	for n := first; n < end; n++ {
		data, err := photo(n, photoWidth, photoHeight)
		if err != nil {
			return nil, err
		}
		f.bytes += int64(len(data))
		file, err := keep(ctx, f.company, f.archive, models.FilePhoto, fmt.Sprintf("IMG_%04d.jpg", n), data)
		if err != nil {
			return nil, err
		}
		hashes, f.files = append(hashes, file.SHA256), append(f.files, *file)
	}
	return hashes, nil
}

// keep takes a file in, as an upload does when its last part is there.
func keep(ctx context.Context, c *company, archive *files.Archive, kind models.FileKind, name string, data []byte) (*models.File, error) {
	file, err := archive.Take(ctx, kind, bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	return file, c.db.Tx(ctx, func(tx *gorm.DB) error { return files.Record(ctx, tx, c.by, name, file) })
}

// forget removes what was issued, so that the next report is printed anew.
func (f *folder) forget(ctx context.Context) error {
	return f.company.db.Write.WithContext(ctx).Exec("DELETE FROM issued_reports").Error
}
