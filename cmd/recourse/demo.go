package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"recourse/auth"
	"recourse/database"
	"recourse/demo"
	"recourse/files"
)

// signInFile keeps the example company's password, which nobody else has.
const signInFile = "sign-in.txt"

func demoCommand() *cobra.Command {
	return &cobra.Command{
		Use: "demo", Short: "Fill a fresh database with the example company", Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return withDatabase(cmd, openToServe, func(ctx context.Context, c *config, db *database.DB) error {
				archive, err := c.files(ctx)
				if err != nil {
					return err
				}
				empty, err := demo.Empty(ctx, db)
				if err != nil {
					return err
				}
				if !empty {
					return errors.New("this database is in use: the example company is loaded into a fresh one only; name a new folder in RECOURSE_DATA")
				}
				return loadDemo(ctx, c, db, archive, cmd.OutOrStdout())
			})
		},
	}
}

// serveDemo loads the example company where the database is fresh, and says how
// to sign in. A signal breaks the loading off; then nothing is stored.
func serveDemo(ctx context.Context, c *config, db *database.DB, archive *files.Archive, out io.Writer, signals <-chan os.Signal) error {
	empty, err := demo.Empty(ctx, db)
	if err != nil {
		return err
	}
	if !empty {
		return announceSignIn(c, out)
	}
	fmt.Fprintln(out, "Loading the example company, this once …")
	loading, stop := context.WithCancel(ctx)
	defer stop()
	done := make(chan error, 1)
	go func() { done <- loadDemo(loading, c, db, archive, out) }()
	select {
	case err := <-done:
		return err
	case got := <-signals:
		stop()
		<-done
		return fmt.Errorf("%s while the example company was being loaded: start again", got)
	}
}

// loadDemo makes the password, keeps it in the data folder and loads the company.
func loadDemo(ctx context.Context, c *config, db *database.DB, archive *files.Archive, out io.Writer) error {
	password := strings.ToLower(rand.Text()[:16])
	hash, err := auth.NewPasswords(c.server().PasswordCost, 1).Hash(ctx, "password", password, "")
	if err != nil {
		return err
	}
	if err := keepSignIn(c, password); err != nil {
		return fmt.Errorf("keep the password: %w", err)
	}
	start := time.Now()
	loaded, err := demo.Load(ctx, db, archive, demo.Options{Now: start, Zone: c.location, PasswordHash: hash, Currency: c.Currency})
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "%d contracts, %d inspections, %d shipments and %d scorecards in %.1f s.\n", loaded.Contracts, loaded.Inspections, loaded.Shipments, loaded.Scorecards, time.Since(start).Seconds())
	return announceSignIn(c, out)
}

// keepSignIn writes who can sign in, for the owner of the data folder only.
func keepSignIn(c *config, password string) error {
	if err := os.MkdirAll(c.Data, 0o700); err != nil {
		return err
	}
	path := filepath.Join(c.Data, signInFile)
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	fmt.Fprintf(f, "password: %s\n\nEverybody of the example company has this password; it was made for this folder.\n\n", password)
	w := tabwriter.NewWriter(f, 0, 0, 2, ' ', 0)
	for _, p := range demo.People() {
		fmt.Fprintf(w, "%s\t%v\t%s\n", p.Login, p.Roles, p.Name)
	}
	return errors.Join(w.Flush(), f.Sync(), f.Close())
}

// announceSignIn says where and how to sign in, as long as the password is kept.
func announceSignIn(c *config, out io.Writer) error {
	path := filepath.Join(c.Data, signInFile)
	text, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil // somebody's own database, or they removed the password on purpose
	}
	if err != nil {
		return err
	}
	line, _, _ := strings.Cut(string(text), "\n")
	_, err = fmt.Fprintf(out, "\nThe example company: %s\nSign in as admin, purchasing, inspector, sales, finance or viewer, each with the %s\n(all names in %s).\n\n", c.baseURL(), line, path)
	return err
}
