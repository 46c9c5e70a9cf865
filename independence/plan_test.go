package independence_test

import (
	"fmt"
	"strings"
	"testing"

	"recourse/database"
)

// TestLookupsUseTheirIndexes: what is sought in the whole history is found by an index, from the small side.
func TestLookupsUseTheirIndexes(t *testing.T) {
	h := newHistory(t, 1, 1)
	h.background(0, 0, 300)
	h.store()
	tests := []struct{ query, index string }{
		{"SELECT p.n FROM reading_prints p JOIN inspections ON inspections.id = p.inspection_id WHERE inspections.superseded_by_id IS NULL AND " +
			"(inspections.state = 'final' OR inspections.state = 'submitted' AND inspections.revision = 0) AND p.sorted IN (1, 2, 3)", "reading_prints_by_readings"},
		{"SELECT COUNT(*) FROM reading_prints WHERE series = 1 AND supplier_id = x'00'", "reading_prints_by_series"},
	}
	for _, test := range tests {
		explain := "EXPLAIN "
		if h.db.Dialect == database.SQLite {
			explain = "EXPLAIN QUERY PLAN "
		}
		var rows []map[string]any
		if err := h.db.Read.Raw(explain + test.query).Scan(&rows).Error; err != nil {
			t.Fatal(err)
		}
		if plan := fmt.Sprint(rows); !strings.Contains(plan, test.index) {
			t.Errorf("%s\nis read by %s, want %s", test.query, plan, test.index)
		}
	}
}
