package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"recourse/auth"
	"recourse/database"
	"recourse/server"
)

// How long stopping may take: 30 s in all.
const (
	drainTime = 20 * time.Second
	jobsTime  = 5 * time.Second
)

func serveCommand() *cobra.Command {
	var withDemo bool
	c := &cobra.Command{
		Use: "serve", Short: "Serve the API and the pages", Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, err := loadConfig(os.Environ())
			if err != nil {
				return err
			}
			signals := make(chan os.Signal, 2)
			signal.Notify(signals, syscall.SIGTERM, os.Interrupt)
			defer signal.Stop(signals)
			return serve(cmd.Context(), c, withDemo, cmd.ErrOrStderr(), signals)
		},
	}
	c.Flags().BoolVar(&withDemo, "demo", false, "load the example company first, where the database is fresh")
	return c
}

// serve runs until a signal comes, then stops in order: not ready, requests
// finished, jobs finished, database closed. A second signal ends at once.
func serve(ctx context.Context, c *config, withDemo bool, logTo io.Writer, signals <-chan os.Signal) (err error) {
	log := slog.New(slog.NewJSONHandler(logTo, &slog.HandlerOptions{Level: c.level}))
	db, err := openToServe(ctx, c)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	archive, err := c.files(ctx)
	if err != nil {
		return err
	}
	if withDemo {
		if err := serveDemo(ctx, c, db, archive, logTo, signals); err != nil {
			return err
		}
	}
	s, err := server.New(c.server(), db, archive, log)
	if err != nil {
		return err
	}
	if s.Outbox, err = c.outbox(); err != nil {
		return err
	}
	handler, err := s.Handler()
	if err != nil {
		return err
	}
	if err := announceSetup(ctx, c, db, logTo); err != nil {
		return err
	}
	listener, err := net.Listen("tcp", c.Listen)
	if err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	web := &http.Server{
		Handler: handler, ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelWarn),
		ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 3 * time.Minute, WriteTimeout: 5 * time.Minute, IdleTimeout: 2 * time.Minute,
		MaxHeaderBytes: 32 << 10,
	}
	failed := make(chan error, 1)
	s.Go("http", func() error {
		if err := web.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			failed <- err
			return err
		}
		return nil
	})
	working, stopJobs := context.WithCancel(ctx)
	defer stopJobs()
	s.Start(working)
	log.Info("serving", "address", listener.Addr().String(), "url", c.baseURL(), "version", programVersion(), "database", db.Dialect)
	select {
	case err := <-failed:
		return fmt.Errorf("serve: %w", err)
	case got := <-signals:
		log.Info("stopping", "signal", got.String())
	}
	return stop(s, web, stopJobs, signals, log)
}

// stop ends in order and in time.
func stop(s *server.Server, web *http.Server, stopJobs func(), signals <-chan os.Signal, log *slog.Logger) error {
	go func() {
		got := <-signals
		log.Warn("stopped at once", "signal", got.String())
		os.Exit(1)
	}()
	s.Drain()
	ctx, cancel := context.WithTimeout(context.Background(), drainTime)
	defer cancel()
	if err := web.Shutdown(ctx); err != nil {
		log.Warn("requests were cut off", "error", err.Error())
		_ = web.Close()
	}
	stopJobs()
	ended := make(chan struct{})
	go func() { s.Wait(); close(ended) }()
	select {
	case <-ended:
	case <-time.After(jobsTime):
		log.Warn("jobs did not end in time")
	}
	sealing, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	if err := s.SealNow(sealing); err != nil {
		log.Warn("last entries not sealed yet: the next start does it", "error", err.Error())
	}
	log.Info("stopped")
	return nil
}

// openToServe opens the database at this program's schema: the embedded one
// migrates by itself, another is refused unless it fits.
func openToServe(ctx context.Context, c *config) (*database.DB, error) {
	db, err := c.open(ctx)
	if err != nil {
		return nil, err
	}
	if c.embedded() {
		err = db.Migrate(ctx)
	} else {
		err = db.CheckSchema(ctx)
	}
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}

// announceSetup prints the one-time code while there is no user.
func announceSetup(ctx context.Context, c *config, db *database.DB, out io.Writer) error {
	code, err := auth.OpenSetup(ctx, db, time.Now(), c.SetupCode)
	if err != nil || code == "" {
		return err
	}
	if c.SetupCode != "" {
		code = "(the one set as RECOURSE_SETUP_CODE)"
	}
	_, err = fmt.Fprintf(out, "\nThere is no user yet. Make the first administrator within 24 hours, with the code %s:\n"+
		"  curl -X POST %s/api/v1/setup -H 'Content-Type: application/json' \\\n"+
		"    -d '{\"code\":\"…\",\"login\":\"admin\",\"name\":\"…\",\"password\":\"…\"}'\n"+
		"or here: recourse user add admin --name … --role admin\n\n", code, c.baseURL())
	return err
}
