package main

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"
	"gorm.io/gorm"

	"recourse/audit"
	"recourse/database"
	"recourse/documents"
	"recourse/files"
	"recourse/inspections"
	"recourse/models"
	"recourse/scorecards"
)

// sealingLate is the age from which an unsealed entry means that no server seals.
const sealingLate = time.Hour

// verified is what was looked at and what is wrong.
type verified struct {
	Inspections int `json:"inspections"` // final ones, whose fingerprints were recomputed
	Reports     int `json:"reports"`     // issued ones, whose bytes were hashed
	Files       int `json:"files"`       // photos and documents, whose bytes were hashed
	Scorecards  int `json:"scorecards"`  // published ones, whose content was hashed
	audit.Report
}

func verifyCommand() *cobra.Command {
	var heads []string
	c := &cobra.Command{
		Use: "verify", Short: "Check audit chain, final inspections, issued reports and files; exit 1 when anything was changed, removed or swapped", Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			known, err := parseHeads(heads)
			if err != nil {
				return usageError{err}
			}
			return withDatabase(cmd, asIs, func(ctx context.Context, c *config, db *database.DB) error {
				if err := db.CheckSchema(ctx); err != nil {
					return err
				}
				archive, err := c.files(ctx)
				if err != nil {
					return err
				}
				found, err := verify(ctx, db, archive.Store, known)
				if err != nil {
					return err
				}
				if err := printJSON(cmd.OutOrStdout(), found); err != nil {
					return err
				}
				if n := len(found.Problems); n > 0 {
					return fmt.Errorf("verify found %d problems", n)
				}
				return nil
			})
		},
	}
	c.Flags().StringArrayVar(&heads, "head", nil, "a head of the audit chain that is printed on paper and must be in it; may be given again")
	return c
}

func parseHeads(texts []string) ([]models.SHA256, error) {
	heads := make([]models.SHA256, len(texts))
	for n, s := range texts {
		var err error
		if heads[n], err = models.ParseSHA256("--head", s); err != nil {
			return nil, err
		}
	}
	return heads, nil
}

// verify looks at everything that can be recomputed. The heads printed on reports
// are read before the chain, so that each must be in it even while others write.
func verify(ctx context.Context, db *database.DB, store files.Store, heads []models.SHA256) (found verified, err error) {
	problems := []string{}
	problem := func(s string) { problems = append(problems, s) }
	if found.Inspections, err = inspections.CheckFingerprints(ctx, db.Read, problem); err != nil {
		return found, err
	}
	reports, printed, err := documents.CheckIssued(ctx, db.Read, store, problem)
	if err != nil {
		return found, err
	}
	stored, err := files.CheckStore(ctx, db.Read, store, problem)
	if err != nil {
		return found, err
	}
	found.Reports, found.Files = reports, stored
	if found.Scorecards, err = scorecards.CheckCards(ctx, db.Read, problem); err != nil {
		return found, err
	}
	err = db.View(ctx, func(tx *gorm.DB) (err error) {
		found.Report, err = audit.Verify(ctx, tx, time.Now().Add(-sealingLate), append(heads, printed...)...)
		return err
	})
	found.Problems = append(problems, found.Problems...)
	return found, err
}
