package inspections

import (
	"encoding/json"
	"os"
	"testing"

	"recourse/models"
)

// TestFingerprintsStand recomputes the fingerprint of a record that was final in
// an earlier release. When it fails, what joined the record has to be left out of
// the JSON while it is empty (omitzero): reports with the old fingerprint are out.
func TestFingerprintsStand(t *testing.T) {
	text, err := os.ReadFile("testdata/final.json")
	if err != nil {
		t.Fatal(err)
	}
	var i models.Inspection
	if err := json.Unmarshal(text, &i); err != nil {
		t.Fatal(err)
	}
	got, err := fingerprint(&i)
	if err != nil || got != i.Fingerprint || i.Fingerprint.IsZero() {
		t.Errorf("fingerprint = %s, %v, want %s", got, err, i.Fingerprint)
	}
	i.Lots[0].Measurements[0].Readings[0] = models.MustDecimal("594.1")
	if other, err := fingerprint(&i); err != nil || other == got {
		t.Errorf("another reading has the same fingerprint, %v", err)
	}
}
