package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"recourse/database"
	"recourse/models"
)

// withDatabase runs f on the configured database, closing it afterwards.
func withDatabase(cmd *cobra.Command, open func(context.Context, *config) (*database.DB, error), f func(context.Context, *config, *database.DB) error) error {
	c, err := loadConfig(os.Environ())
	if err != nil {
		return err
	}
	db, err := open(cmd.Context(), c)
	if err != nil {
		return err
	}
	return errors.Join(f(cmd.Context(), c, db), db.Close())
}

// asIs opens the database without looking at its schema.
func asIs(ctx context.Context, c *config) (*database.DB, error) { return c.open(ctx) }

// operator is who acts on the command line.
func operator() models.Actor {
	by := models.System("command", models.Now(time.Now()))
	by.RequestID = models.NewID().String()
	return by
}

func migrateCommand() *cobra.Command {
	up := &cobra.Command{
		Use: "up", Short: "Bring the schema to this program's version", Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return withDatabase(cmd, asIs, func(ctx context.Context, _ *config, db *database.DB) error {
				if err := db.Migrate(ctx); err != nil {
					return err
				}
				_, err := fmt.Fprintln(cmd.OutOrStdout(), "the schema is up to date")
				return err
			})
		},
	}
	status := &cobra.Command{
		Use: "status", Short: "List the migrations; exit 1 when the database is behind or ahead", Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return withDatabase(cmd, asIs, func(ctx context.Context, _ *config, db *database.DB) error {
				rows, err := db.Migrations(ctx)
				if err != nil {
					return err
				}
				w := tabwriter.NewWriter(cmd.OutOrStdout(), 0, 0, 2, ' ', 0)
				for _, r := range rows {
					state := "pending"
					if r.Applied {
						state = "applied"
					}
					fmt.Fprintf(w, "%d\t%s\t%s\n", r.Version, state, r.Name)
				}
				return errors.Join(w.Flush(), db.CheckSchema(ctx))
			})
		},
	}
	return group("migrate", "The database's schema", up, status)
}
