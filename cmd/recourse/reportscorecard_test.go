package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"recourse/audit"
	"recourse/models"
	"recourse/scorecards"
)

// rolled brings the figures up to the log.
func (in installation) rolled(t *testing.T) {
	t.Helper()
	by := operator()
	if err := scorecards.Rebuild(t.Context(), in.db, "CNY", models.DateOf(by.At)); err != nil {
		t.Fatal(err)
	}
	for done := 1; done > 0; {
		if err := audit.SealWaiting(t.Context(), in.db, "test", by.At); err != nil {
			t.Fatal(err)
		}
		var err error
		if done, err = scorecards.Follow(t.Context(), in.db, "CNY", models.DateOf(by.At), 1000); err != nil {
			t.Fatal(err)
		}
	}
}

func TestReportScorecardAndRanking(t *testing.T) {
	in := newInstallation(t)
	in.rolled(t)
	input := scorecards.PublishInput{PeriodInput: scorecards.PeriodInput{Kind: models.PeriodRolling, Period: "2026-07"}}
	published, err := scorecards.Publish(t.Context(), in.db, operator(), input, "CNY")
	if err != nil || len(published.Items) == 0 {
		t.Fatalf("Publish = %+v, %v", published, err)
	}
	card := published.Items[0]
	dir := t.TempDir()
	for n, test := range []struct {
		args  string
		state string
		start string
		code  int
	}{
		{"scorecard " + card.Number, "issued", "%PDF-", 0},
		{"scorecard " + card.Number + "-R0 --edition supplier --lang zh", "issued", "%PDF-", 0},
		{"scorecard " + card.SupplierCode + " --period 2026-07 --edition supplier", "draft", "%PDF-", 0},
		{"scorecard " + card.SupplierCode + " --kind month --period 2026-06 --lang en", "draft", "%PDF-", 0},
		{"ranking --kind year --period 2026", "draft", "%PDF-", 0},
		{"ranking --kind rolling --period 2026-07 --country CN --format xlsx --lang en", "draft", "PK", 0},
		{"scorecard NOBODY", "", "", 1},
		{"scorecard " + card.Number + " --edition customer", "", "", 1},
		{"scorecard " + card.SupplierCode + " --kind week", "", "", 2},
		{"ranking --format doc", "", "", 2},
		{"ranking --product NONE", "", "", 1},
	} {
		path := filepath.Join(dir, string(rune('a'+n)))
		var out, log bytes.Buffer
		code := run(append(append([]string{"report"}, strings.Fields(test.args)...), "-o", path), nil, &out, &log)
		if code != test.code || !strings.Contains(out.String(), test.state) {
			t.Errorf("report %s = %d, %q, %q, want %d, %q", test.args, code, out.String(), log.String(), test.code, test.state)
			continue
		}
		content, err := os.ReadFile(path)
		if test.code == 0 && (err != nil || !strings.HasPrefix(string(content), test.start)) {
			t.Errorf("report %s wrote %d bytes, %v, want %q …", test.args, len(content), err, test.start)
		}
		if test.code != 0 && err == nil {
			t.Errorf("report %s was refused and wrote a file", test.args)
		}
	}
}
