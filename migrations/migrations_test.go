package migrations_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"gorm.io/gorm/schema"

	"recourse/database"
	"recourse/database/databasetest"
	"recourse/migrations"
	"recourse/models"
)

// records are the models that are rows.
var records = []any{
	&models.User{}, &models.Session{}, &models.Token{}, &models.AuditEntry{}, &models.AuditSeal{},
	&models.Party{}, &models.Product{}, &models.Standard{},
	&models.Contract{}, &models.ContractLine{}, &models.LineLink{}, &models.Lot{},
	&models.Shipment{}, &models.ShipmentLot{}, &models.Container{}, &models.ShipmentDocument{},
	&models.Inspection{}, &models.InspectionInspector{}, &models.InspectionLot{}, &models.Finding{}, &models.Reading{},
	&models.Check{}, &models.Photo{}, &models.Signature{}, &models.Decision{},
	&models.File{}, &models.Upload{}, &models.UploadPart{}, &models.IssuedReport{},
	&models.Claim{}, &models.ClaimItem{}, &models.ClaimEvidence{}, &models.ClaimContact{}, &models.ClockRule{},
	&models.LossLine{}, &models.Liability{}, &models.RecoveryCase{}, &models.DebitNote{}, &models.Settlement{},
	&models.CorrectiveAction{}, &models.SentDocument{},
	&models.Endpoint{}, &models.Subscription{}, &models.OutboxMessage{},
	&models.SeverityLot{}, &models.SeverityRuling{},
	&models.SupplierMonth{}, &models.ExchangeRate{}, &models.ScoreProfile{}, &models.Scorecard{}, &models.SupplierMeasure{},
	&models.ReadingPrint{}, &models.HintSetAside{},
}

// plumbing are the tables that one package keeps to itself.
var plumbing = []string{
	"login_failures", "setup_codes", "leases", "number_blocks", "idempotency_keys", "audit_unsealed", "claimed_lines", "scorecard_cursor", "goose_db_version",
}

// open returns the empty database of a test, not migrated.
func open(t *testing.T) *database.DB {
	t.Helper()
	db, err := database.Open(context.Background(), database.Config{URL: databasetest.EmptyURL(t)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

// columns returns "table.column" with "null" or "not null", for every table.
func columns(t *testing.T, db *database.DB) map[string]string {
	t.Helper()
	query := "SELECT table_name AS t, column_name AS c, is_nullable = 'NO' AS n FROM information_schema.columns WHERE table_schema = database()"
	if db.Dialect == database.SQLite {
		query = `SELECT m.name AS t, c.name AS c, c."notnull" OR c.pk > 0 AS n FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%'`
	}
	var rows []struct {
		T, C string
		N    bool
	}
	if err := db.Read.Raw(query).Scan(&rows).Error; err != nil {
		t.Fatal(err)
	}
	all := map[string]string{}
	for _, row := range rows {
		all[row.T+"."+row.C] = "null"
		if row.N {
			all[row.T+"."+row.C] = "not null"
		}
	}
	return all
}

// constraints returns what the engine guards: unique keys, references and triggers, by the columns they are about.
func constraints(t *testing.T, db *database.DB) []string {
	t.Helper()
	queries := []string{
		`SELECT concat('unique ', table_name, ' ', group_concat(column_name ORDER BY seq_in_index)) FROM information_schema.statistics
		 WHERE table_schema = database() AND non_unique = 0 AND index_name <> 'PRIMARY' GROUP BY table_name, index_name`,
		`SELECT concat('reference ', table_name, '.', column_name, ' ', referenced_table_name, '.', referenced_column_name) FROM information_schema.key_column_usage
		 WHERE table_schema = database() AND referenced_table_name IS NOT NULL`,
		`SELECT concat('trigger ', trigger_name) FROM information_schema.triggers WHERE trigger_schema = database()`,
	}
	if db.Dialect == database.SQLite {
		queries = []string{
			`SELECT 'unique ' || t || ' ' || group_concat(c) FROM (SELECT m.name AS t, i.name AS i, x.name AS c FROM sqlite_master m
			 JOIN pragma_index_list(m.name) i JOIN pragma_index_info(i.name) x WHERE m.type = 'table' AND i."unique" AND i.origin <> 'pk' ORDER BY 1, 2, x.seqno) GROUP BY t, i`,
			`SELECT 'reference ' || m.name || '.' || f."from" || ' ' || f."table" || '.' || f."to" FROM sqlite_master m JOIN pragma_foreign_key_list(m.name) f WHERE m.type = 'table'`,
			`SELECT 'trigger ' || name FROM sqlite_master WHERE type = 'trigger'`,
		}
	}
	var all []string
	for _, query := range queries {
		var lines []string
		if err := db.Read.Raw(query).Scan(&lines).Error; err != nil {
			t.Fatal(err)
		}
		if len(lines) == 0 {
			t.Errorf("%s finds nothing", query)
		}
		all = append(all, lines...)
	}
	all = slices.DeleteFunc(all, func(s string) bool { return strings.Contains(s, "goose_db_version") })
	slices.Sort(all)
	return all
}

func names(t *testing.T, folder string) []string {
	t.Helper()
	entries, err := fs.ReadDir(migrations.FS, folder)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, entry := range entries {
		all = append(all, entry.Name())
	}
	return all
}

func TestFilesHaveTheSameNumbersAndSayWhy(t *testing.T) {
	if diff := gocmp.Diff(names(t, "mysql"), names(t, "sqlite")); diff != "" {
		t.Errorf("mysql and sqlite have different files: -mysql +sqlite\n%s", diff)
	}
	for _, folder := range []string{"mysql", "sqlite"} {
		for i, name := range names(t, folder) {
			if want := fmt.Sprintf("%05d_", i+1); !strings.HasPrefix(name, want) {
				t.Errorf("%s/%s is the file number %d, want its name to begin with %s", folder, name, i+1, want)
			}
			text, err := fs.ReadFile(migrations.FS, folder+"/"+name)
			if err != nil {
				t.Fatal(err)
			}
			if !strings.HasPrefix(string(text), "-- ") || strings.HasPrefix(string(text), "-- +goose") {
				t.Errorf("%s/%s doesn't say why in its first line", folder, name)
			}
			if strings.Contains(string(text), "+goose Down") {
				t.Errorf("%s/%s goes back; migrations go forward only", folder, name)
			}
		}
	}
}

// TestDialectsEndTheSame compares the engine under test with SQLite; the run on MariaDB is the one that tells.
func TestDialectsEndTheSame(t *testing.T) {
	tested := databasetest.Open(t)
	t.Setenv("RECOURSE_TEST_ENGINE", "sqlite")
	sqlite := databasetest.Open(t)
	if diff := gocmp.Diff(columns(t, sqlite), columns(t, tested)); diff != "" {
		t.Errorf("columns differ: -sqlite +%s\n%s", tested.Dialect, diff)
	}
	if diff := gocmp.Diff(constraints(t, sqlite), constraints(t, tested)); diff != "" {
		t.Errorf("constraints differ: -sqlite +%s\n%s", tested.Dialect, diff)
	}
}

func TestModelsAreTheTables(t *testing.T) {
	db := databasetest.Open(t)
	inSchema := map[string][]string{}
	for name := range columns(t, db) {
		table, column, _ := strings.Cut(name, ".")
		inSchema[table] = append(inSchema[table], column)
	}
	for _, record := range records {
		parsed, err := schema.Parse(record, new(sync.Map), schema.NamingStrategy{})
		if err != nil {
			t.Fatalf("%T: %v", record, err)
		}
		fields := slices.Sorted(slices.Values(parsed.DBNames))
		want := slices.Sorted(slices.Values(inSchema[parsed.Table]))
		if diff := gocmp.Diff(want, fields); diff != "" {
			t.Errorf("%T and table %s differ: -table +model\n%s", record, parsed.Table, diff)
		}
		delete(inSchema, parsed.Table)
	}
	for _, table := range plumbing {
		if inSchema[table] == nil {
			t.Errorf("table %s is not there", table)
		}
		delete(inSchema, table)
	}
	for table := range inSchema {
		t.Errorf("table %s has no model", table)
	}
}

// TestEachStepCanBeRepeated runs every migration once more over its own result, as after a kill in its last moment.
func TestEachStepCanBeRepeated(t *testing.T) {
	ctx, db := context.Background(), open(t)
	if err := db.Migrate(ctx); err != nil {
		t.Fatal(err)
	}
	before, guards := columns(t, db), constraints(t, db)
	for _, why := range []string{"a second run", "a run after the versions were lost"} {
		if err := db.Migrate(ctx); err != nil {
			t.Fatalf("%s: %v", why, err)
		}
		if diff := gocmp.Diff(before, columns(t, db)); diff != "" {
			t.Errorf("%s changes columns: -before +after\n%s", why, diff)
		}
		if diff := gocmp.Diff(guards, constraints(t, db)); diff != "" {
			t.Errorf("%s changes constraints: -before +after\n%s", why, diff)
		}
		if err := db.Write.Exec("DELETE FROM goose_db_version WHERE version_id > 0").Error; err != nil {
			t.Fatal(err)
		}
	}
}

func TestSchemaOfAnotherProgram(t *testing.T) {
	ctx := context.Background()
	t.Run("behind", func(t *testing.T) {
		db := open(t)
		if err := db.CheckSchema(ctx); !errors.As(err, new(*database.BehindError)) {
			t.Errorf("CheckSchema() of an empty database = %v, want a BehindError", err)
		}
	})
	t.Run("ahead", func(t *testing.T) {
		db := databasetest.Open(t)
		if err := db.Write.Exec("INSERT INTO goose_db_version (version_id, is_applied) VALUES (99999, true)").Error; err != nil {
			t.Fatal(err)
		}
		for name, err := range map[string]error{"CheckSchema": db.CheckSchema(ctx), "Migrate": db.Migrate(ctx)} {
			if !errors.As(err, new(*database.AheadError)) {
				t.Errorf("%s() of a newer database = %v, want an AheadError", name, err)
			}
		}
	})
}

func TestEveryTableHasAPrimaryKey(t *testing.T) {
	db := databasetest.Open(t)
	query := "SELECT DISTINCT table_name FROM information_schema.columns WHERE table_schema = database() AND column_key = 'PRI'"
	if db.Dialect == database.SQLite {
		query = "SELECT DISTINCT m.name FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type = 'table' AND c.pk > 0"
	}
	var with []string
	if err := db.Read.Raw(query).Scan(&with).Error; err != nil {
		t.Fatal(err)
	}
	all := map[string]bool{}
	for name := range columns(t, db) {
		table, _, _ := strings.Cut(name, ".")
		all[table] = true
	}
	for _, table := range slices.SortedFunc(maps.Keys(all), cmp.Compare[string]) {
		if !slices.Contains(with, table) {
			t.Errorf("table %s has no primary key", table)
		}
	}
}
