package main

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/spf13/cobra"
	"gorm.io/gorm"

	"recourse/audit"
	"recourse/database"
)

// sealingLate is the age from which an unsealed entry means that no server seals.
const sealingLate = time.Hour

func verifyCommand() *cobra.Command {
	return &cobra.Command{
		Use: "verify", Short: "Check the audit chain; exit 1 when a row was changed, removed or swapped", Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return withDatabase(cmd, asIs, func(ctx context.Context, _ *config, db *database.DB) error {
				if err := db.CheckSchema(ctx); err != nil {
					return err
				}
				var report audit.Report
				err := db.View(ctx, func(tx *gorm.DB) (err error) {
					report, err = audit.Verify(ctx, tx, time.Now().Add(-sealingLate))
					return err
				})
				if err != nil {
					return err
				}
				e := json.NewEncoder(cmd.OutOrStdout())
				e.SetIndent("", "  ")
				if err := e.Encode(report); err != nil {
					return err
				}
				if n := len(report.Problems); n > 0 {
					return fmt.Errorf("the audit chain has %d problems", n)
				}
				return nil
			})
		},
	}
}
