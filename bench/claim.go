package main

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"recourse/claims"
)

const (
	users      = 50
	openings   = 20 // claims that each of them opens
	thinking   = time.Second
	claimTries = 60
)

// measureClaims measures opening a claim: the claim with its clocks, then what 20
// inspections are worth against it, with statistics. People open claims at the same
// time and read in between; one user alone opens them by turns in lists of each size.
func measureClaims(ctx context.Context, b *bench) error {
	for _, e := range b.engines() {
		if err := openingClaims(ctx, b, e); err != nil {
			return fmt.Errorf("%s: %w", e.name, err)
		}
	}
	return nil
}

func openingClaims(ctx context.Context, b *bench, e engine) error {
	var lists []*list
	for _, rows := range []int{smallList, mediumList, b.rows} {
		if rows > b.rows {
			continue
		}
		l, err := b.list(ctx, e, rows)
		if err != nil {
			return err
		}
		if len(lists) == 0 || lists[len(lists)-1] != l {
			lists = append(lists, l)
		}
	}
	if err := growth(ctx, b, e, lists); err != nil {
		return err
	}
	for _, l := range lists {
		times, refused, err := l.crowd(ctx, openings, thinking)
		if err != nil {
			return err
		}
		name := fmt.Sprintf("open a claim, %s, %d inspections, %d users", e.name, l.rows, users)
		b.atMost(name+" with a second between: p99"+shed(refused), percentile(times, 99), 0.05, seconds)
		begun := time.Now()
		if times, refused, err = l.crowd(ctx, openings/4, 0); err != nil {
			return err
		}
		rate := float64(len(times)) / time.Since(begun).Seconds()
		b.note(name+" without a pause", fmt.Sprintf("p50 %s, p99 %s, %.0f/s%s", seconds(median(times)), seconds(percentile(times, 99)), rate, shed(refused)))
	}
	return nil
}

// growth compares one user's openings in lists of each size, by turns.
func growth(ctx context.Context, b *bench, e engine, lists []*list) error {
	times := make([][]float64, len(lists))
	for try := range claimTries {
		for n, l := range lists {
			took, text, err := l.open(ctx, try)
			if err != nil {
				return err
			}
			if err := covered(text); err != nil {
				return err
			}
			times[n] = append(times[n], took)
		}
	}
	first := median(times[0])
	for n, l := range lists {
		text := fmt.Sprintf("p50 %s, p99 %s", seconds(median(times[n])), seconds(percentile(times[n], 99)))
		name := fmt.Sprintf("open a claim, %s, one user, %d inspections", e.name, l.rows)
		if n == 0 {
			b.note(name, text)
			continue
		}
		b.ratio(name+fmt.Sprintf(" against %d", lists[0].rows), text, median(times[n])/first, 2, false)
	}
	return nil
}

// shed says how many openings an overloaded server refused; their time counts.
func shed(refused int64) string {
	if refused == 0 {
		return ""
	}
	return fmt.Sprintf(" (%d refused)", refused)
}

// crowd lets users open claims, each in an order of their own, with a pause of
// about that length between two; it returns the seconds of each opening, and how
// many were refused for lack of time.
func (l *list) crowd(ctx context.Context, each int, pause time.Duration) ([]float64, int64, error) {
	var wg sync.WaitGroup
	var refused atomic.Int64
	times := make([][]float64, users)
	for n := range users {
		wg.Go(func() {
			random := rand.New(rand.NewPCG(uint64(n), 1))
			for k := range each {
				if pause > 0 {
					time.Sleep(pause/2 + time.Duration(random.Int64N(int64(pause))))
				}
				begun := time.Now()
				if _, _, err := l.open(ctx, n+k*7); err != nil {
					refused.Add(1)
				}
				times[n] = append(times[n], time.Since(begun).Seconds())
			}
		})
	}
	wg.Wait()
	return slices.Concat(times...), refused.Load(), ctx.Err()
}

// open opens the nth claim and returns the seconds that it took, and its coverage.
func (l *list) open(ctx context.Context, n int) (float64, []byte, error) {
	path := "/api/v1/claims/" + l.claims[n%len(l.claims)].String()
	begun := time.Now()
	if _, err := l.site.do(ctx, "GET", path, nil); err != nil {
		return 0, nil, err
	}
	text, err := l.site.do(ctx, "GET", path+"/coverage", nil)
	return time.Since(begun).Seconds(), text, err
}

// covered refuses a coverage that lacks inspections or figures: its time would say nothing.
func covered(text []byte) error {
	var got struct{ Items []claims.ItemCoverage }
	if err := json.Unmarshal(text, &got); err != nil {
		return err
	}
	for _, c := range got.Items {
		if len(c.Matches) != perLine {
			return fmt.Errorf("item %d has %d inspections, not %d", c.Item, len(c.Matches), perLine)
		}
	}
	if s := got.Items[0].Statistics; s == nil || s.UpperBound == nil || got.Items[1].Measured == nil {
		return fmt.Errorf("the claim has no statistics: %+v", s)
	}
	return nil
}

// percentile of a list that is not empty.
func percentile(list []float64, p int) float64 {
	sorted := slices.Sorted(slices.Values(list))
	return sorted[min(len(sorted)*p/100, len(sorted)-1)]
}
