// Command bench answers for the program's figures of speed and size: it measures
// each on this machine, beside what it is compared with, and prints one table. It
// is no test: no figure makes it fail, only a measurement that could not be made.
// Its invariant: the two sides of a ratio are measured in one run, by turns, on
// the same data.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"runtime/pprof"
	"slices"
	"strings"
	"time"
)

// bench is one run: where its data lie and what it has found so far.
type bench struct {
	dir    string // removed at the end
	binary string // the built program
	mysql  string // mysql://root@127.0.0.1:PORT of a throw-away server; empty: none
	rows   int    // inspections in the large list
	data   *folder
	lists  map[string]*list // by engine and size
	table  []figure
}

// figure is one line of the table. A figure without a target is there to be read.
type figure struct {
	name, measured, target, ratio string
	met                           *bool
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "bench: "+err.Error())
		os.Exit(1)
	}
}

// part is a group of figures that can be measured alone.
type part struct {
	name    string
	measure func(ctx context.Context, b *bench) error
}

var parts = []part{
	{"sampling", measureSampling}, {"report", measureReport}, {"start", measureStart}, {"store", measureStoring}, {"list", measureLists},
	{"claim", measureClaims}, {"dossier", measureDossier}, {"ageing", measureAgeing}, {"scorecards", measureScorecards},
}

func run(ctx context.Context, args []string) (err error) {
	b := &bench{lists: map[string]*list{}, mysql: strings.TrimSuffix(os.Getenv("RECOURSE_TEST_MYSQL"), "/")}
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	only := flags.String("only", "", "parts to measure, with commas: sampling, report, start, store, list, claim, dossier, ageing, scorecards; all when empty")
	flags.StringVar(&b.binary, "binary", "bin/recourse", "the built program, for the figures of a process of its own")
	flags.IntVar(&b.rows, "rows", 1_000_000, "inspections in the large list")
	profile := flags.String("profile", "", "file for a CPU profile of the whole run")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if *profile != "" {
		f, err := os.Create(*profile)
		if err != nil {
			return err
		}
		defer f.Close()
		if err := pprof.StartCPUProfile(f); err != nil {
			return err
		}
		defer pprof.StopCPUProfile()
	}
	if b.binary, err = filepath.Abs(b.binary); err != nil {
		return err
	}
	if b.dir, err = os.MkdirTemp("", "recourse-bench"); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, b.close(), os.RemoveAll(b.dir)) }()
	fmt.Println(machine(ctx, b))
	for _, p := range parts {
		if *only != "" && !slices.Contains(strings.Split(*only, ","), p.name) {
			continue
		}
		begun := time.Now()
		if err := p.measure(ctx, b); err != nil {
			return fmt.Errorf("%s: %w", p.name, err)
		}
		fmt.Printf("%s: measured in %.0f s\n", p.name, time.Since(begun).Seconds())
	}
	fmt.Print("\n", b.lines())
	return nil
}

// note adds a figure without a target.
func (b *bench) note(name, measured string) {
	b.table = append(b.table, figure{name: name, measured: measured})
}

// atMost adds a figure that should not be above a bound.
func (b *bench) atMost(name string, measured, bound float64, show func(float64) string) {
	met := measured <= bound
	b.table = append(b.table, figure{name, show(measured), "≤ " + show(bound), fmt.Sprintf("%.2f", measured/bound), &met})
}

// ratio adds a comparison: measured says both sides, value is their ratio.
func (b *bench) ratio(name, measured string, value, bound float64, atLeast bool) {
	met, sign := value <= bound, "≤"
	if atLeast {
		met, sign = value >= bound, "≥"
	}
	b.table = append(b.table, figure{name, measured, fmt.Sprintf("%s %g ×", sign, bound), fmt.Sprintf("%.2f", value), &met})
}

// lines is the table as text.
func (b *bench) lines() string {
	rows := [][]string{{"figure", "measured", "target", "ratio", "met"}}
	for _, f := range b.table {
		met := ""
		if f.met != nil {
			met = map[bool]string{true: "yes", false: "NO"}[*f.met]
		}
		rows = append(rows, []string{f.name, f.measured, f.target, f.ratio, met})
	}
	width := make([]int, len(rows[0]))
	for _, r := range rows {
		for i, cell := range r {
			width[i] = max(width[i], len([]rune(cell)))
		}
	}
	var out strings.Builder
	for n, r := range rows {
		for i, cell := range r {
			out.WriteString("| " + cell + strings.Repeat(" ", width[i]-len([]rune(cell))+1))
		}
		out.WriteString("|\n")
		if n == 0 {
			for _, w := range width {
				out.WriteString("|" + strings.Repeat("-", w+2))
			}
			out.WriteString("|\n")
		}
	}
	return out.String()
}

func seconds(s float64) string {
	switch {
	case s < 1e-6:
		return fmt.Sprintf("%.0f ns", s*1e9)
	case s < 1e-3:
		return fmt.Sprintf("%.1f µs", s*1e6)
	case s < 1:
		return fmt.Sprintf("%.1f ms", s*1e3)
	}
	return fmt.Sprintf("%.2f s", s)
}

func megabytes(n float64) string { return fmt.Sprintf("%.0f MB", n) }

// median of a list that is not empty.
func median(list []float64) float64 {
	sorted := slices.Sorted(slices.Values(list))
	return sorted[len(sorted)/2]
}
