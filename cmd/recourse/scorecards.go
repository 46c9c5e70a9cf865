package main

import (
	"context"
	"fmt"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"recourse/audit"
	"recourse/database"
	"recourse/models"
	"recourse/scorecards"
)

func scorecardsCommand() *cobra.Command {
	return group("scorecards", "Suppliers' figures and scorecards", computeCommand(), publishCommand())
}

// sealNow seals what waits, so that it counts. A server that runs does so by itself.
func sealNow(ctx context.Context, db *database.DB) error {
	return audit.SealWaiting(ctx, db, models.NewID().String(), time.Now())
}

func computeCommand() *cobra.Command {
	var all bool
	c := &cobra.Command{
		Use: "compute", Short: "Bring the figures of all months up to date; a running server does so by itself", Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return withDatabase(cmd, openToServe, func(ctx context.Context, c *config, db *database.DB) error {
				if err := sealNow(ctx, db); err != nil {
					return err
				}
				today := models.DateOf(c.locally().At)
				if all {
					if err := scorecards.Rebuild(ctx, db, c.Currency, today); err != nil {
						return err
					}
				}
				begun := time.Now()
				if err := scorecards.CatchUp(ctx, db, c.Currency, today); err != nil {
					return err
				}
				left, err := scorecards.Pending(ctx, db.Read)
				if err != nil {
					return err
				}
				_, err = fmt.Fprintf(cmd.OutOrStdout(), "up to date in %.1f s; %d changes wait for their seal\n", time.Since(begun).Seconds(), left)
				return err
			})
		},
	}
	c.Flags().BoolVar(&all, "all", false, "compute every month anew from the records")
	return c
}

func publishCommand() *cobra.Command {
	var in scorecards.PublishInput
	var suppliers []string
	c := &cobra.Command{
		Use: "publish", Short: "Publish the scorecards of a period that is over; repeating it changes nothing", Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := kindKnown(in.Kind); err != nil {
				return err
			}
			return withDatabase(cmd, openToServe, func(ctx context.Context, c *config, db *database.DB) error {
				if err := sealNow(ctx, db); err != nil {
					return err
				}
				in.Suppliers = nil
				for _, code := range suppliers {
					id, err := partyID(ctx, db.Read, code)
					if err != nil {
						return fmt.Errorf("--supplier %s: %w", code, err)
					}
					in.Suppliers = append(in.Suppliers, id)
				}
				out, err := scorecards.Publish(ctx, db, c.locally(), in, c.Currency)
				if out != nil {
					printPublications(cmd, out)
				}
				return err
			})
		},
	}
	c.Flags().StringVar(&in.Kind, "kind", models.PeriodRolling, "month, quarter, year or rolling (twelve months)")
	c.Flags().StringVar(&in.Period, "period", "", "2026-10, 2026-Q3 or 2026; the last one that is over without it")
	c.Flags().StringVar(&in.Profile, "profile", "", "code of the scoring profile; the standard one without it")
	c.Flags().StringVar(&in.Reason, "reason", "", "why cards are revised whose figures have changed since")
	c.Flags().StringArrayVar(&suppliers, "supplier", nil, "code of a supplier; may be given again; all without it")
	return c
}

func printPublications(cmd *cobra.Command, out *scorecards.Publications) {
	w := tabwriter.NewWriter(cmd.OutOrStdout(), 0, 0, 2, ' ', 0)
	fmt.Fprintf(w, "%s %s – %s\n", out.Period.Kind, out.Period.From, out.Period.To)
	for _, p := range out.Items {
		score := "not rated"
		if p.Score != nil {
			score = p.Score.String()
		}
		fmt.Fprintf(w, "%s\t%s\trevision %d\t%s\t%s\t%s\n", p.SupplierCode, p.Number, p.Revision, score, p.Band, p.Outcome)
	}
	w.Flush()
}
