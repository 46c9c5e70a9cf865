package cases

import (
	"context"
	"os"
	"path/filepath"

	"recourse/database"
	"recourse/files"
	"recourse/models"
)

// Check loads a case into a throw-away database and compares what was computed
// with what the file expects.
func Check(ctx context.Context, by models.Actor, f *File, open Photos) (*Result, *Comparison, error) {
	dir, err := os.MkdirTemp("", "recourse-check-")
	if err != nil {
		return nil, nil, err
	}
	defer os.RemoveAll(dir)
	db, err := database.Open(ctx, database.Config{URL: "sqlite://" + filepath.Join(dir, "check.db")})
	if err != nil {
		return nil, nil, err
	}
	defer db.Close()
	if err := db.Migrate(ctx); err != nil {
		return nil, nil, err
	}
	store, err := files.OpenStore(ctx, "file://"+filepath.Join(dir, "files"))
	if err != nil {
		return nil, nil, err
	}
	result, err := Load(ctx, db, files.NewArchive(store, files.Options{HEIC: true}), by, f, open)
	if err != nil {
		return nil, nil, err
	}
	c := &Comparison{}
	return result, c, f.compare(c, result)
}

// compare holds every expected value of the file against the result.
func (f *File) compare(c *Comparison, r *Result) error {
	if f.ExpectedWarnings != nil {
		if err := c.Compare("expected_contract_warnings", *f.ExpectedWarnings, r.Warnings); err != nil {
			return err
		}
	}
	if f.Inspection == nil || r.Inspection == nil {
		return nil
	}
	if want := f.Inspection.ExpectedPlan; want != nil {
		if err := c.Compare("inspection.expected_plan", *want, r.Inspection.ExpectedPlan); err != nil {
			return err
		}
	}
	if want := f.Inspection.Expected; want != nil {
		return c.Compare("inspection.expected", *want, r.Inspection.Expected)
	}
	return nil
}
