package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"
	"gorm.io/gorm"

	"recourse/database"
	"recourse/documents"
	"recourse/inspections"
	"recourse/models"
)

func reportCommand() *cobra.Command {
	return group("report", "Print a document as PDF", append(append(claimReportCommands(), scorecardReportCommands()...), reportInspectionCommand())...)
}

func reportInspectionCommand() *cobra.Command {
	var asked documents.Asked
	var path string
	c := &cobra.Command{
		Use: "inspection NUMBER", Short: "The inspection report; that of a final inspection is issued once", Args: args("NUMBER"),
		RunE: func(cmd *cobra.Command, given []string) error {
			return withDatabase(cmd, openToServe, func(ctx context.Context, c *config, db *database.DB) error {
				press, err := c.press(ctx, db)
				if err != nil {
					return err
				}
				var id models.ID
				err = db.View(ctx, func(tx *gorm.DB) error {
					i, err := inspections.ByNumber(ctx, tx, operator(), given[0])
					if err == nil {
						id = i.ID
					}
					return err
				})
				if err != nil {
					return err
				}
				d, err := press.Inspection(ctx, operator(), id, asked)
				if err != nil {
					return err
				}
				return saveDocument(cmd.OutOrStdout(), d, path)
			})
		},
	}
	c.Flags().StringVar(&asked.Lang, "lang", "both", "zh, en or both")
	c.Flags().StringVar(&asked.Edition, "edition", "internal", "internal, customer or supplier")
	c.Flags().StringVarP(&path, "output", "o", "", "file to write (default: the document's own name, here)")
	return c
}

// press is what printing needs, from the configuration.
func (c *config) press(ctx context.Context, db *database.DB) (documents.Press, error) {
	archive, err := c.files(ctx)
	if err != nil {
		return documents.Press{}, err
	}
	s := c.server()
	return documents.Press{DB: db, Files: archive, BaseURL: s.BaseURL, Company: s.Company, Zone: s.Location}, nil
}

// saveDocument writes the PDF beside its place and moves it there, so that a
// failed write leaves no half file.
func saveDocument(out io.Writer, d *documents.Document, path string) error {
	if path == "" {
		path = d.Name
	}
	if closer, ok := d.Content.(io.Closer); ok {
		defer closer.Close()
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".recourse-*.pdf")
	if err != nil {
		return err
	}
	_, err = io.Copy(f, d.Content)
	if err := errors.Join(err, f.Chmod(0o644), f.Close()); err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	if err := os.Rename(f.Name(), path); err != nil {
		return err
	}
	state := "issued"
	if !d.Issued {
		state = "draft"
	}
	_, err = fmt.Fprintf(out, "%s  %s  %s\n", d.SHA256, state, path)
	return err
}
