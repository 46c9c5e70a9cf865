package main

import (
	"bytes"
	"context"
	"fmt"
	"path/filepath"
	"strings"

	"gorm.io/gorm"

	"recourse/database"
	"recourse/files"
	"recourse/inspections"
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
	if f.company, err = found(ctx, db, 1, 20); err != nil {
		return nil, err
	}
	hashes, err := f.receive(ctx)
	if err != nil {
		return nil, err
	}
	b.data = f
	return f, f.inspect(ctx, hashes)
}

// receive takes the photos in, as an upload does when its last part is there.
func (f *folder) receive(ctx context.Context) ([]models.SHA256, error) {
	var hashes []models.SHA256
	for n := range photos {
		data, err := photo(n)
		if err != nil {
			return nil, err
		}
		f.bytes += int64(len(data))
		file, err := f.archive.Take(ctx, models.FilePhoto, bytes.NewReader(data))
		if err != nil {
			return nil, err
		}
		err = f.company.db.Tx(ctx, func(tx *gorm.DB) error {
			return files.Record(ctx, tx, f.company.by, fmt.Sprintf("IMG_%04d.jpg", n), file)
		})
		if err != nil {
			return nil, err
		}
		hashes, f.files = append(hashes, file.SHA256), append(f.files, *file)
	}
	return hashes, nil
}

// inspect records, submits and decides: the report is that of a final inspection.
func (f *folder) inspect(ctx context.Context, hashes []models.SHA256) error {
	c, id := f.company, models.NewID()
	in := c.record(c.lots[0])
	for n, hash := range hashes {
		finding := &in.Lots[0].Findings[n%defects]
		finding.Photos = append(finding.Photos, inspections.PhotoInput{SHA256: hash, Caption: fmt.Sprintf("第 %d 托，底层角部压损 pallet %d, crushed corner on the lower layer", n+1, n+1)})
	}
	in.InspectorRemark = strings.Repeat("二号库光线不足；底层托盘为旧木，须加护角。The light was poor and the lower layers stood on old wood. ", 20)
	signed := inspections.SubmitInput{Inspector: inspections.SignatureInput{Name: "王检", Title: "QC"}, Factory: inspections.SignatureInput{Name: "李厂长", Title: "厂长"}}
	return c.db.Tx(ctx, func(tx *gorm.DB) error {
		i, err := inspections.Record(ctx, tx, c.by, id, 0, in, models.SHA256{7})
		if err != nil {
			return err
		}
		if i, err = inspections.Submit(ctx, tx, c.by, id, i.Version, signed); err != nil {
			return err
		}
		f.inspection, err = inspections.Decide(ctx, tx, c.by, id, i.Version, inspections.DecideInput{Decision: models.Release, Reason: "样品与封样一致 as the sealed sample"})
		return err
	})
}

// forget removes what was issued, so that the next report is printed anew.
func (f *folder) forget(ctx context.Context) error {
	return f.company.db.Write.WithContext(ctx).Exec("DELETE FROM issued_reports").Error
}
