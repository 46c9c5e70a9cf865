package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"recourse/sampling"
)

// usageError is what the caller typed wrongly: one line, exit code 2.
type usageError struct{ error }

func (e usageError) Unwrap() error { return e.error }

// maxSeries bounds the series read from standard input.
const maxSeries = 16 << 20

// samplingCommand is `recourse sampling`: plans, risks, severity and
// limiting-quality plans without a database.
func samplingCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "sampling",
		Short: "Sampling plans, risks, severity and limiting quality",
		RunE: func(*cobra.Command, []string) error {
			return usageError{errors.New("say which: sampling plan, risk, severity or lq")}
		},
	}
	c.PersistentFlags().Bool("json", false, "print JSON")
	c.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return usageError{err} })
	c.AddCommand(samplingPlanCommand(), samplingRiskCommand(), samplingSeverityCommand(), samplingLQCommand())
	for _, each := range append(c.Commands(), c) {
		each.Args = func(cmd *cobra.Command, args []string) error {
			if len(args) > 0 {
				return usageError{fmt.Errorf("%s takes flags only, not %q", cmd.CommandPath(), args[0])}
			}
			return nil
		}
		each.SilenceUsage = true
	}
	return c
}

func samplingPlanCommand() *cobra.Command {
	var scheme, level, aql, severity string
	var lot int
	c := &cobra.Command{
		Use:   "plan --lot N --aql AQL",
		Short: "The single-sampling plan for a lot",
		RunE: func(cmd *cobra.Command, _ []string) error {
			plan, err := sampling.PlanFor(sampling.PlanRequest{
				Scheme: sampling.Scheme(scheme), Lot: lot, Level: sampling.Level(level),
				AQL: sampling.AQL(aql), Severity: sampling.Severity(severity),
			})
			if err != nil {
				return refusedValue(err)
			}
			return printResult(cmd, plan, func(w io.Writer) {
				fmt.Fprintln(w, "code letter\tplan letter\tsample size\tAc\tRe\twhole lot")
				fmt.Fprintf(w, "%s\t%s\t%d\t%d\t%d\t%v\n", plan.CodeLetter, plan.PlanLetter, plan.SampleSize, plan.Ac, plan.Re, plan.InspectAll)
			})
		},
	}
	f := c.Flags()
	f.StringVar(&scheme, "scheme", string(sampling.ISO2859), "iso2859-1 or z1.4")
	f.IntVar(&lot, "lot", 0, "units in the lot")
	f.StringVar(&level, "level", string(sampling.LevelII), "S-1, S-2, S-3, S-4, I, II or III")
	f.StringVar(&aql, "aql", "", "acceptance quality limit, such as 2.5")
	f.StringVar(&severity, "severity", string(sampling.Normal), "normal, tightened or reduced")
	return c
}

func samplingRiskCommand() *cobra.Command {
	var in sampling.RiskRequest
	var lot, claimed, ac int
	var share, confidence float64
	var unit string
	c := &cobra.Command{
		Use:   "risk --sample N --found C [--lot N] [--claimed D | --claimed-share P]",
		Short: "What a sample says about a claimed share",
		RunE: func(cmd *cobra.Command, _ []string) error {
			in.Lot, in.Claimed, in.Ac = given(cmd, "lot", &lot), given(cmd, "claimed", &claimed), given(cmd, "ac", &ac)
			in.ClaimedShare, in.Confidence = given(cmd, "claimed-share", &share), &confidence
			in.Unit = sampling.Unit(unit)
			out, err := sampling.Risk(in)
			if err != nil {
				return refusedValue(err)
			}
			return printResult(cmd, out, func(w io.Writer) { riskTable(w, in, out) })
		},
	}
	f := c.Flags()
	f.IntVar(&lot, "lot", 0, "units in the lot; left out: a process, binomial")
	f.IntVar(&in.Sample, "sample", 0, "units in the sample")
	f.IntVar(&in.Found, "found", 0, "nonconforming units found in it")
	f.IntVar(&claimed, "claimed", 0, "nonconforming units claimed in the lot")
	f.Float64Var(&share, "claimed-share", 0, "claimed share, 0 to 1; of a lot rounded to the nearest unit")
	f.IntVar(&ac, "ac", 0, "acceptance number for p_accept (default: the number found)")
	f.Float64Var(&confidence, "confidence", 0.95, "of the one-sided upper bound")
	f.StringVar(&unit, "unit", string(sampling.NonconformingUnits), "nonconforming, or defects (Poisson)")
	return c
}

func riskTable(w io.Writer, in sampling.RiskRequest, out sampling.RiskResult) {
	if out.PAtMost != nil {
		fmt.Fprintf(w, "P(%d or fewer found) if the claim were true\t%.6g\n", in.Found, *out.PAtMost)
		fmt.Fprintf(w, "P(accept) if the claim were true\t%.6g\n", *out.PAccept)
	}
	bound := fmt.Sprintf("%.6g %%", 100*out.UpperBound.Share)
	if in.Unit == sampling.Nonconformities {
		bound = fmt.Sprintf("%.6g per 100 units", 100*out.UpperBound.Share)
	}
	if out.UpperBound.D != nil {
		bound += fmt.Sprintf(" (%d of %d)", *out.UpperBound.D, *in.Lot)
	}
	fmt.Fprintf(w, "upper bound, one-sided %v %%\t%s\n", 100**in.Confidence, bound)
	if in.Lot != nil && in.ClaimedShare != nil && in.Unit != sampling.Nonconformities {
		fmt.Fprintf(w, "claimed, to the nearest unit\t%d\n", sampling.Units(*in.Lot, *in.ClaimedShare))
	}
}

func samplingSeverityCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "severity < series.json",
		Short: "The severity of each lot of a series, with reasons",
		RunE: func(cmd *cobra.Command, _ []string) error {
			data, err := io.ReadAll(io.LimitReader(cmd.InOrStdin(), maxSeries+1))
			if err != nil {
				return fmt.Errorf("read the series: %w", err)
			}
			if len(data) > maxSeries {
				return usageError{fmt.Errorf("the series is larger than %d bytes", maxSeries)}
			}
			series, err := sampling.ParseSeries(data)
			if err != nil {
				return refusedValue(err)
			}
			lines, err := sampling.Switch(series)
			if err != nil {
				return refusedValue(err)
			}
			return printResult(cmd, lines, func(w io.Writer) { severityTable(w, lines) })
		},
	}
}

func severityTable(w io.Writer, lines []sampling.SeverityLot) {
	fmt.Fprintln(w, "lot\tseverity\tletter\tn\tAc\tRe\taccepted\tscore\tnext\treason")
	for i, l := range lines {
		if l.Accepted == nil {
			fmt.Fprintf(w, "%d\t%s\t\t\t\t\t\t%d\t%s\t%s\n", i+1, l.Severity, l.Score, l.Next, l.EN)
			continue
		}
		fmt.Fprintf(w, "%d\t%s\t%s\t%d\t%d\t%d\t%v\t%d\t%s\t%s\n", i+1, l.Severity, *l.PlanLetter, *l.SampleSize, *l.Ac, *l.Re, *l.Accepted, l.Score, l.Next, l.EN)
	}
}

func samplingLQCommand() *cobra.Command {
	var in sampling.LQRequest
	var good float64
	c := &cobra.Command{
		Use:   "lq --lot N --limiting-quality P",
		Short: "The smallest samples that refuse a limiting quality",
		RunE: func(cmd *cobra.Command, _ []string) error {
			in.Good = given(cmd, "good", &good)
			plans, err := sampling.LQPlans(in)
			if err != nil {
				return refusedValue(err)
			}
			return printResult(cmd, plans, func(w io.Writer) {
				fmt.Fprintln(w, "c\tn\tP(accept)\tproducer's risk")
				for _, p := range plans {
					fmt.Fprintf(w, "%d\t%d\t%.6g\t", p.C, p.N, p.PAccept)
					if p.ProducerRisk != nil {
						fmt.Fprintf(w, "%.6g", *p.ProducerRisk)
					}
					fmt.Fprintln(w)
				}
			})
		},
	}
	f := c.Flags()
	f.IntVar(&in.Lot, "lot", 0, "units in the lot")
	f.Float64Var(&in.LimitingQuality, "limiting-quality", 0, "per cent nonconforming that shall not pass")
	f.Float64Var(&in.Risk, "risk", 0.10, "at most this chance of accepting it")
	f.Float64Var(&good, "good", 0, "per cent nonconforming that should pass: adds the producer's risk")
	return c
}

// given is the flag's value, nil when the flag was left out.
func given[T any](cmd *cobra.Command, flag string, value *T) *T {
	if cmd.Flags().Changed(flag) {
		return value
	}
	return nil
}

// refusedValue marks a value that sampling refused as the caller's mistake.
func refusedValue(err error) error {
	var refused *sampling.Error
	if errors.As(err, &refused) {
		return usageError{err}
	}
	return err
}

// printResult prints one line of JSON with --json, a table without.
func printResult(cmd *cobra.Command, value any, human func(io.Writer)) error {
	if asJSON, _ := cmd.Flags().GetBool("json"); asJSON {
		e := json.NewEncoder(cmd.OutOrStdout())
		e.SetEscapeHTML(false)
		return e.Encode(value)
	}
	w := tabwriter.NewWriter(cmd.OutOrStdout(), 0, 0, 2, ' ', 0)
	human(w)
	return w.Flush()
}
