package databasetest_test

import (
	"bufio"
	"context"
	"net"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"recourse/database"
	"recourse/database/databasetest"
)

func leases(t *testing.T, db *database.DB) int64 {
	t.Helper()
	var n int64
	if err := db.Read.Table("leases").Count(&n).Error; err != nil {
		t.Fatal(err)
	}
	return n
}

func TestOpenGivesEachTestItsOwnDatabase(t *testing.T) {
	first, second := databasetest.Open(t), databasetest.Open(t)
	before := leases(t, second)
	if err := first.Write.Exec("INSERT INTO leases (name, holder, until_at) VALUES ('seal', 'here', '2026-01-01 00:00:00')").Error; err != nil {
		t.Fatal(err)
	}
	if got := leases(t, second); got != before {
		t.Errorf("a row in one database gives %d rows in another, want %d", got, before)
	}
	if got := leases(t, first); got != before+1 {
		t.Errorf("after an insert there are %d rows, want %d", got, before+1)
	}
}

func TestCopyEqualsMigratedSchema(t *testing.T) {
	copied := databasetest.Open(t)
	if err := copied.CheckSchema(context.Background()); err != nil {
		t.Errorf("CheckSchema() of a copy = %v", err)
	}
	migrated, err := database.Open(context.Background(), database.Config{URL: databasetest.EmptyURL(t)})
	if err != nil {
		t.Fatal(err)
	}
	defer migrated.Close()
	if err := migrated.Migrate(context.Background()); err != nil {
		t.Fatal(err)
	}
	if got, want := schema(t, copied), schema(t, migrated); !slices.Equal(got, want) {
		t.Errorf("schema of a copy = %q, want %q", got, want)
	}
}

// schema returns a line for each column, index part, check and trigger.
func schema(t *testing.T, db *database.DB) []string {
	t.Helper()
	queries := []string{"SELECT type || ' ' || name || ' ' || coalesce(sql, '') FROM sqlite_master"}
	if db.Dialect == database.MySQL {
		queries = []string{
			"SELECT concat_ws(' ', 'column', table_name, column_name, column_type, is_nullable, column_default, collation_name) FROM information_schema.columns WHERE table_schema = database()",
			"SELECT concat_ws(' ', 'index', table_name, index_name, seq_in_index, column_name, non_unique) FROM information_schema.statistics WHERE table_schema = database()",
			"SELECT concat_ws(' ', 'reference', table_name, constraint_name, referenced_table_name) FROM information_schema.referential_constraints WHERE constraint_schema = database()",
			"SELECT concat_ws(' ', 'check', table_name, constraint_name, check_clause) FROM information_schema.check_constraints WHERE constraint_schema = database()",
			"SELECT concat_ws(' ', 'trigger', trigger_name, event_manipulation, event_object_table, action_statement) FROM information_schema.triggers WHERE trigger_schema = database()",
		}
	}
	var all []string
	for _, query := range queries {
		var lines []string
		if err := db.Read.Raw(query).Scan(&lines).Error; err != nil {
			t.Fatal(err)
		}
		if len(lines) == 0 && !strings.Contains(query, "'check'") {
			t.Errorf("%s finds nothing", query)
		}
		all = append(all, lines...)
	}
	slices.Sort(all)
	return all
}

// TestServerEndsWithItsProcess kills a test process that started a MariaDB of its own.
func TestServerEndsWithItsProcess(t *testing.T) {
	if os.Getenv("RECOURSE_TEST_CHILD") != "" {
		os.Stdout.WriteString(databasetest.EmptyURL(t) + "\n")
		select {} // until it is killed
	}
	child := exec.Command(os.Args[0], "-test.run=^TestServerEndsWithItsProcess$")
	child.Env = append(os.Environ(), "RECOURSE_TEST_CHILD=1", "RECOURSE_TEST_ENGINE=mysql", "RECOURSE_TEST_MYSQL=")
	stdout, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	defer child.Wait()
	defer child.Process.Kill()
	line, err := bufio.NewReader(stdout).ReadString('\n')
	host, ok := strings.CutPrefix(line, "mysql://root@")
	if !ok {
		t.Fatalf("the child printed %q, %v", line, err)
	}
	host, _, _ = strings.Cut(host, "/")
	if !answers(host) {
		t.Fatalf("nothing listens at %s", host)
	}
	if err := child.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	for start := time.Now(); answers(host); time.Sleep(100 * time.Millisecond) {
		if time.Since(start) > 30*time.Second {
			t.Fatalf("the server at %s outlives its test process", host)
		}
	}
}

func answers(host string) bool {
	conn, err := net.DialTimeout("tcp", host, time.Second)
	if err != nil {
		return false
	}
	return conn.Close() == nil
}

func BenchmarkOpen(b *testing.B) {
	for b.Loop() {
		databasetest.Open(b)
	}
}
