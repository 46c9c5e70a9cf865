package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"
)

// runSampling runs `recourse sampling …` and gives what it printed.
func runSampling(t *testing.T, stdin string, args ...string) (string, error) {
	t.Helper()
	c := samplingCommand()
	var out bytes.Buffer
	c.SetOut(&out)
	c.SetErr(&out)
	c.SetIn(strings.NewReader(stdin))
	c.SetArgs(args)
	c.SilenceErrors = true
	err := c.Execute()
	return out.String(), err
}

func TestSamplingJSON(t *testing.T) {
	series := `{"scheme":"iso2859-1","level":"II","aql":"1.0","limit_number":null,"lots":[{"size":2000,"found":0,"original":true,"steady":true,"approved":true,"resume":false}]}`
	for _, c := range []struct{ args, want string }{
		{"plan --scheme iso2859-1 --lot 12000 --level II --aql 2.5 --severity normal --json",
			`{"code_letter":"M","plan_letter":"M","sample_size":315,"ac":14,"re":15,"inspect_all":false}`},
		{"--json plan --lot 1000 --aql .1", `{"code_letter":"J","plan_letter":"K","sample_size":125,"ac":0,"re":1,"inspect_all":false}`},
		{"severity --json", `[{"severity":"normal","plan_letter":"K","sample_size":125,"ac":3,"re":4,"accepted":true,"score":3,"next":"normal",` +
			`"reason":"normal inspection goes on: the switching score is 3 of 30","reason_code":"stays","reason_zh":"继续正常检验：转移得分为3（需30）"}]`},
	} {
		got, err := runSampling(t, series, strings.Fields(c.args)...)
		if err != nil || got != c.want+"\n" {
			t.Errorf("sampling %s = %s, %v, want %s", c.args, got, err, c.want)
		}
	}
}

func TestSamplingFigures(t *testing.T) {
	var risk struct {
		PAtMost    float64 `json:"p_at_most"`
		UpperBound struct {
			D     *int    `json:"d"`
			Share float64 `json:"share"`
		} `json:"upper_bound"`
		PAccept float64 `json:"p_accept"`
	}
	out, err := runSampling(t, "", strings.Fields("risk --lot 12000 --sample 315 --found 6 --claimed 1440 --ac 14 --json")...)
	if err := errors.Join(err, json.Unmarshal([]byte(out), &risk)); err != nil {
		t.Fatal(err)
	}
	if near := risk.PAtMost / 2.0872337971052986e-11; near < 1-1e-9 || near > 1+1e-9 || *risk.UpperBound.D != 444 || risk.UpperBound.Share != 0.037 || risk.PAccept < risk.PAtMost {
		t.Errorf("risk = %s", out)
	}
	out, err = runSampling(t, "", strings.Fields("risk --sample 315 --found 6 --claimed-share 0.12 --json")...)
	if err != nil || !strings.Contains(out, `"upper_bound":{"share":0.03`) {
		t.Errorf("risk of a process = %s, %v", out, err)
	}
	var plans []struct{ C, N int }
	out, err = runSampling(t, "", strings.Fields("lq --lot 2000 --limiting-quality 5 --risk 0.10 --good 1 --json")...)
	if err := errors.Join(err, json.Unmarshal([]byte(out), &plans)); err != nil || len(plans) != 11 || plans[0].N != 45 || !strings.Contains(out, `"producer_risk":`) {
		t.Errorf("lq = %s, %v", out, err)
	}
}

func TestSamplingTables(t *testing.T) {
	for args, want := range map[string]string{
		"plan --lot 12000 --aql 2.5":                                     "315",
		"risk --lot 12000 --sample 315 --found 6 --claimed-share 0.12":   "444 of 12000",
		"risk --sample 10 --found 25 --claimed-share 0.5 --unit defects": "per 100 units",
		"lq --lot 2000 --limiting-quality 5 --good 1":                    "producer's risk",
		"severity": "discontinued until",
	} {
		lot := `{"size":2000,"found":9,"original":true,"steady":true,"approved":true,"resume":false},`
		series := `{"scheme":"z1.4","level":"II","aql":"1.0","lots":[` + strings.TrimSuffix(strings.Repeat(lot, 8), ",") + `]}`
		if got, err := runSampling(t, series, strings.Fields(args)...); err != nil || !strings.Contains(got, want) {
			t.Errorf("sampling %s = %s, %v, want %q in it", args, got, err, want)
		}
	}
}

// A bad value is a usage error (exit code 2) of one line that names it.
func TestSamplingRefuses(t *testing.T) {
	for _, c := range []struct{ args, stdin, words string }{
		{"plan --lot 1000 --aql 2.0", "", "use 1.5 or 2.5"},
		{"plan --lot 1000 --aql 2.5 --level IV", "", `"IV"`},
		{"plan --lot 0 --aql 2.5", "", "at least 1"},
		{"plan --lot 1e3 --aql 2.5", "", "--lot"},
		{"plan --lot 10 --aql 2.5 --speed 3", "", "--speed"},
		{"plan --lot 10 --aql 2.5 extra", "", "extra"},
		{"plan --lot 10 --aql 2.5 --severity discontinued", "", "discontinued"},
		{"risk --lot 0 --sample 5", "", "at least 1"},
		{"risk --lot 100 --sample 5 --found 6", "", "6 nonconforming units in a sample of 5"},
		{"risk --sample 5 --claimed 3", "", "needs the lot"},
		{"risk --sample 5 --claimed-share 1,15", "", "claimed-share"},
		{"lq --lot 0 --limiting-quality 5", "", "at least 1"},
		{"lq --lot 10 --limiting-quality NaN", "", "limiting quality"},
		{"severity", "", "JSON object"},
		{"severity", `{"scheme":"z1.4","colour":1}`, `"colour" is unknown`},
		{"severity", strings.Repeat(" ", maxSeries+1), "larger than"},
		{"", "", "say which"},
		{"plans", "", "plans"},
	} {
		out, err := runSampling(t, c.stdin, strings.Fields(c.args)...)
		var usage usageError
		if !errors.As(err, &usage) || !strings.Contains(err.Error(), c.words) || strings.Contains(err.Error(), "\n") || out != "" {
			t.Errorf("sampling %s = %q, %v, want a usage error with %q", c.args, out, err, c.words)
		}
	}
}
