package cases

import (
	"context"
	"encoding/json"
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
	type pair struct {
		path string
		want *json.RawMessage
		got  any
	}
	pairs := []pair{{"expected_contract_warnings", f.ExpectedWarnings, r.Warnings}}
	if f.Inspection != nil && r.Inspection != nil {
		pairs = append(pairs, pair{"inspection.expected_plan", f.Inspection.ExpectedPlan, r.Inspection.ExpectedPlan}, pair{"inspection.expected", f.Inspection.Expected, r.Inspection.Expected})
	}
	if f.Claim != nil && r.Claim != nil {
		pairs = append(pairs, pair{"claim.expected", f.Claim.Expected, r.Claim.Expected})
	}
	if f.Recovery != nil && r.Recovery != nil {
		more, err := f.Recovery.given()
		if err != nil {
			return err
		}
		pairs = append(pairs, pair{"recovery.expected_loss", f.Recovery.ExpectedLoss, r.Recovery.ExpectedLoss}, pair{"recovery.expected_shares", f.Recovery.ExpectedShares, r.Recovery.ExpectedShares},
			pair{"recovery.debit_note", more["debit_note"], r.Recovery.DebitNote}, pair{"recovery.rounding_examples", more["rounding_examples"], r.Recovery.RoundingExamples})
	}
	for _, p := range pairs {
		if p.want == nil {
			continue
		}
		if err := c.Compare(p.path, *p.want, p.got); err != nil {
			return err
		}
	}
	return nil
}

// given is the debit note and the rounding examples as written, where the file has them.
func (in *Recovery) given() (map[string]*json.RawMessage, error) {
	out := map[string]*json.RawMessage{}
	put := func(name string, v any) error {
		b, err := json.Marshal(v)
		raw := json.RawMessage(b)
		out[name] = &raw
		return err
	}
	if in.DebitNote != nil {
		if err := put("debit_note", in.DebitNote); err != nil {
			return nil, err
		}
	}
	if len(in.RoundingExamples) > 0 {
		return out, put("rounding_examples", in.RoundingExamples)
	}
	return out, nil
}
