package server

import (
	"context"
	"fmt"
	"math/rand/v2"
	"runtime/debug"
	"time"

	"gorm.io/gorm"

	"recourse/audit"
	"recourse/auth"
	"recourse/database"
	"recourse/files"
	"recourse/models"
	"recourse/scorecards"
)

const (
	keepAnswers = 90 * 24 * time.Hour // phones can be offline for long
	keepUploads = 14 * 24 * time.Hour // that are not finished; the sender can begin again
	jobLease    = 30 * time.Second

	publishAtOnce = 200 // scorecards; the next run goes on
	scoreBatch    = 200 // changes, or suppliers, between two looks at the lease
)

// Start begins the background jobs; they end with ctx. Wait waits for them.
func (s *Server) Start(ctx context.Context) {
	holder := models.NewID().String()
	s.every(ctx, "audit_seal", 2*time.Second, func(ctx context.Context) error { return s.seal(ctx, holder) })
	s.every(ctx, "warn", 10*time.Minute, func(ctx context.Context) error { return s.warn(ctx, holder) })
	s.every(ctx, "deliver", 5*time.Second, func(ctx context.Context) error { return s.deliver(ctx, holder) })
	s.every(ctx, "scorecards", 5*time.Second, func(ctx context.Context) error { return s.followScores(ctx, holder) })
	s.every(ctx, "publish_scorecards", 10*time.Minute, func(ctx context.Context) error { return s.publishScores(ctx, holder) })
	s.every(ctx, "purge", time.Hour, func(ctx context.Context) error { return s.purge(ctx, holder) })
}

// Wait returns when every background job has ended.
func (s *Server) Wait() { s.jobs.Wait() }

// Go runs f beside everything else: the only way a goroutine is started here. A
// panic in it is counted and logged, and ends that run alone.
func (s *Server) Go(name string, f func() error) {
	s.jobs.Add(1)
	go func() {
		defer s.jobs.Done()
		s.guard(name, f)
	}()
}

func (s *Server) guard(name string, f func() error) {
	outcome := "ok"
	defer func() {
		if v := recover(); v != nil {
			outcome = "panic"
			s.metrics.panics.Inc()
			s.Log.Error("panic", "job", name, "panic", fmt.Sprint(v), "stack", string(debug.Stack()))
		}
		s.metrics.jobs.WithLabelValues(name, outcome).Inc()
	}()
	if err := f(); err != nil {
		outcome = "error"
		s.Log.Error("job failed", "job", name, "error", err.Error())
	}
}

// every runs a job again and again, with a little jitter so that servers don't keep step.
func (s *Server) every(ctx context.Context, name string, pause time.Duration, job func(context.Context) error) {
	s.Go(name+"_loop", func() error {
		for {
			select {
			case <-ctx.Done():
				return nil
			case <-time.After(pause + rand.N(pause/5)):
			}
			s.guard(name, func() error {
				ctx, cancel := context.WithTimeout(ctx, jobLease)
				defer cancel()
				if err := job(ctx); ctx.Err() == nil {
					return err
				}
				return nil // stopped in the middle: the next run continues
			})
		}
	})
}

// seal chains the new audit entries. An idle server writes nothing.
func (s *Server) seal(ctx context.Context, holder string) error {
	return audit.SealWaiting(ctx, s.DB, holder, s.now())
}

// followScores brings the suppliers' months up to what happened. An idle server
// writes nothing; what a run doesn't finish the next one goes on with.
func (s *Server) followScores(ctx context.Context, holder string) error {
	for {
		today := models.DateOf(s.now().In(s.Config.Location))
		waiting, err := scorecards.Waiting(ctx, s.DB.Read, today)
		if err != nil || !waiting {
			return err
		}
		held, err := s.DB.Lease(ctx, "scorecards", holder, s.now(), jobLease)
		if err != nil || !held {
			return err
		}
		if _, err := scorecards.Follow(ctx, s.DB, s.Config.Currency, today, scoreBatch); err != nil {
			return err
		}
	}
}

// publishScores publishes the cards of the twelve months that are over, on the
// first of a month or as soon after it as a server runs.
func (s *Server) publishScores(ctx context.Context, holder string) error {
	by := models.System("job", s.now().In(s.Config.Location))
	var due []models.ID
	err := s.DB.View(ctx, func(tx *gorm.DB) (err error) {
		due, err = scorecards.Unpublished(ctx, tx, by)
		return err
	})
	if err != nil || len(due) == 0 {
		return err
	}
	held, err := s.DB.Lease(ctx, "publish_scorecards", holder, s.now(), jobLease)
	if err != nil || !held {
		return err
	}
	_, err = scorecards.Publish(ctx, s.DB, by, scorecards.PublishInput{Suppliers: due[:min(len(due), publishAtOnce)]}, s.Config.Currency)
	return err
}

// SealNow seals what waits, as the last thing before the program stops.
func (s *Server) SealNow(ctx context.Context) error { return s.seal(ctx, models.NewID().String()) }

// purge forgets what nobody asks for any more. Unfinished uploads go in
// transactions of their own: their parts are large.
func (s *Server) purge(ctx context.Context, holder string) error {
	held, err := s.DB.Lease(ctx, "purge", holder, s.now(), jobLease)
	if err != nil || !held {
		return err
	}
	err = s.DB.Tx(ctx, func(tx *gorm.DB) error {
		if err := auth.Purge(ctx, tx, s.now()); err != nil {
			return err
		}
		return database.ForgetAnswers(ctx, tx, s.now().Add(-keepAnswers))
	})
	for removed := 1; err == nil && removed > 0; {
		err = s.DB.Tx(ctx, func(tx *gorm.DB) (err error) {
			removed, err = files.PurgeUploads(ctx, tx, s.now().Add(-keepUploads))
			return err
		})
	}
	return err
}
