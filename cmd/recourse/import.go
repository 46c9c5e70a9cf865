package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"recourse/cases"
	"recourse/database"
)

func importCommand() *cobra.Command {
	var check bool
	var photos string
	c := &cobra.Command{
		Use: "import FILE", Short: "Load a case file, all or nothing; prints what was computed", Args: args("FILE"),
		RunE: func(cmd *cobra.Command, given []string) error {
			f, err := cases.Read(given[0])
			if err != nil {
				return err
			}
			folder := cases.Folder(cases.PhotoFolder(photos, given[0]))
			if check {
				return checkCase(cmd, f, folder)
			}
			return withDatabase(cmd, openToServe, func(ctx context.Context, c *config, db *database.DB) error {
				archive, err := c.files(ctx)
				if err != nil {
					return err
				}
				result, err := cases.Load(ctx, db, archive, operator(), f, folder)
				if err != nil {
					return err
				}
				return printJSON(cmd.OutOrStdout(), result)
			})
		},
	}
	c.Flags().BoolVar(&check, "check", false, "load into a throw-away database and compare with the file's expected values")
	c.Flags().StringVar(&photos, "photos", "", "folder of the photos (default: photos/ beside the file, else ../photos/)")
	return c
}

// checkCase prints each difference and the counts; a difference is a failure.
func checkCase(cmd *cobra.Command, f *cases.File, photos cases.Photos) error {
	_, found, err := cases.Check(cmd.Context(), operator(), f, photos)
	if err != nil {
		return err
	}
	out := cmd.OutOrStdout()
	for _, d := range found.Differences {
		fmt.Fprintln(out, d)
	}
	fmt.Fprintf(out, "%d passed, %d failed\n", found.Passed, found.Failed)
	if found.Failed > 0 {
		return fmt.Errorf("%d values differ from what the file expects", found.Failed)
	}
	return nil
}

// printJSON writes v for people and programs alike.
func printJSON(out io.Writer, v any) error {
	e := json.NewEncoder(out)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(v)
}
