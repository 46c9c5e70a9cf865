package claims_test

import (
	"fmt"
	"strings"
	"testing"

	"gorm.io/gorm"

	"recourse/claims"
	"recourse/database"
	"recourse/models"
)

// TestCandidatesAreFoundByTheirLine holds the statement that finds candidates to the
// index on lines: starting at the states it would read every final inspection there is.
func TestCandidatesAreFoundByTheirLine(t *testing.T) {
	d := newDeal(t)
	c := d.mustOpen()
	var statement string
	var args []any
	err := d.db.Read.Callback().Query().After("gorm:query").Register("test:keep", func(tx *gorm.DB) {
		if sql := tx.Statement.SQL.String(); strings.Contains(sql, "JOIN inspections") {
			statement, args = sql, tx.Statement.Vars
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	err = d.db.View(t.Context(), func(tx *gorm.DB) error {
		whole, err := claims.Get(t.Context(), tx, d.by, c.ID)
		if err != nil {
			return err
		}
		_, err = claims.Coverage(t.Context(), tx, whole)
		return err
	})
	if err != nil || statement == "" {
		t.Fatalf("Coverage: %v, the candidates' statement is %q", err, statement)
	}
	explain := map[string]string{database.SQLite: "EXPLAIN QUERY PLAN ", database.MySQL: "EXPLAIN "}[d.db.Dialect]
	var steps []map[string]any
	if err := d.db.Read.Raw(explain+statement, args...).Scan(&steps).Error; err != nil {
		t.Fatal(err)
	}
	plan := fmt.Sprint(steps)
	if !strings.Contains(plan, "inspection_lots_by_line") || strings.Contains(plan, "USING INDEX inspections_by_state") {
		t.Errorf("the candidates of lines (%v) are found by %s, want inspection_lots_by_line", models.Final, plan)
	}
}
