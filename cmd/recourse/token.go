package main

import (
	"context"
	"fmt"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"
	"gorm.io/gorm"

	"recourse/auth"
	"recourse/database"
	"recourse/models"
	"recourse/wire"
)

func tokenCommand() *cobra.Command {
	return group("token", "API tokens for programs", tokenAddCommand(), tokenListCommand(), tokenRevokeCommand())
}

func tokenAddCommand() *cobra.Command {
	var in auth.AddTokenInput
	var roles []string
	var days int
	c := &cobra.Command{
		Use: "add LOGIN --name NAME --role ROLE", Short: "Make an API token of a user and print it, this once", Args: args("LOGIN"),
		RunE: func(cmd *cobra.Command, given []string) error {
			for _, r := range roles {
				in.Roles = append(in.Roles, models.Role(r))
			}
			if err := wire.Validate(in); err != nil {
				return usageError{err}
			}
			by := operator()
			if days > 0 {
				end := by.At.Add(time.Duration(days) * 24 * time.Hour)
				in.ExpiresAt = &end
			}
			return withDatabase(cmd, openToServe, func(ctx context.Context, _ *config, db *database.DB) error {
				var made *auth.NewToken
				err := db.Tx(ctx, func(tx *gorm.DB) error {
					u, err := auth.UserByLogin(ctx, tx, given[0])
					if err != nil {
						return err
					}
					made, err = auth.AddToken(ctx, tx, by, *u, in)
					return err
				})
				if err != nil {
					return err
				}
				_, err = fmt.Fprintln(cmd.OutOrStdout(), made.Secret)
				return err
			})
		},
	}
	f := c.Flags()
	f.StringVar(&in.Name, "name", "", "what it is for")
	f.StringSliceVar(&roles, "role", nil, "at most the user's own; may be repeated")
	f.BoolVar(&in.ReadOnly, "read-only", false, "may only read")
	f.IntVar(&days, "days", 0, "ends after so many days (default: never)")
	return c
}

func tokenListCommand() *cobra.Command {
	return &cobra.Command{
		Use: "list", Short: "List API tokens", Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return withDatabase(cmd, openToServe, func(ctx context.Context, _ *config, db *database.DB) error {
				w := tabwriter.NewWriter(cmd.OutOrStdout(), 0, 0, 2, ' ', 0)
				for q := (database.Query{Limit: "200"}); ; {
					page, err := auth.FindTokens(ctx, db.Read, operator(), q)
					if err != nil {
						return err
					}
					for _, t := range page.Items {
						fmt.Fprintf(w, "%s\t%s\t%v\t%s\n", t.ID, t.Name, t.Roles, tokenState(t))
					}
					if q.Cursor = page.NextCursor; q.Cursor == "" {
						return w.Flush()
					}
				}
			})
		},
	}
}

func tokenState(t models.Token) string {
	switch {
	case t.RevokedAt != nil:
		return "revoked"
	case t.ExpiresAt != nil:
		return "until " + t.ExpiresAt.Format(time.DateOnly)
	}
	return "in force"
}

func tokenRevokeCommand() *cobra.Command {
	return &cobra.Command{
		Use: "revoke ID", Short: "Revoke an API token", Args: args("ID"),
		RunE: func(cmd *cobra.Command, given []string) error {
			id, err := models.ParseID("ID", given[0])
			if err != nil {
				return usageError{err}
			}
			return withDatabase(cmd, openToServe, func(ctx context.Context, _ *config, db *database.DB) error {
				return db.Tx(ctx, func(tx *gorm.DB) error { return auth.RevokeToken(ctx, tx, operator(), id) })
			})
		},
	}
}
