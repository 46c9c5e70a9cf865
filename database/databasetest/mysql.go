package databasetest

import (
	"bufio"
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/go-sql-driver/mysql"
)

// server is the MariaDB that the tests of this process share.
type server struct {
	url  string // mysql://root@127.0.0.1:PORT
	stop any    // the open end of a pipe: the server goes when this process does, however it ends
}

// sharedServer is the one that RECOURSE_TEST_MYSQL names, else one of this process's own.
var sharedServer = sync.OnceValues(func() (server, error) {
	if url := os.Getenv("RECOURSE_TEST_MYSQL"); url != "" {
		return server{url: strings.TrimSuffix(url, "/")}, nil
	}
	root, err := moduleRoot()
	if err != nil {
		return server{}, err
	}
	// The script runs its command beside the server, and this command ends when the pipe closes.
	cmd := exec.Command(filepath.Join(root, "scripts", "with-mariadb.sh"), "sh", "-c", `echo "$RECOURSE_TEST_MYSQL"; exec cat`)
	stdin, err := cmd.StdinPipe()
	if err != nil {
		return server{}, err
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		return server{}, err
	}
	if err := cmd.Start(); err != nil {
		return server{}, err
	}
	line, err := bufio.NewReader(stdout).ReadString('\n')
	if err != nil {
		return server{}, errors.New("MariaDB did not start: run scripts/with-mariadb.sh true to see why")
	}
	return server{url: strings.TrimSpace(line), stop: stdin}, nil
})

func moduleRoot() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for ; dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir, nil
		}
	}
	return "", errors.New("no go.mod above the working folder")
}

// mysqlTemplate migrates one database per test process and returns the statements that make a copy of it.
var mysqlTemplate = sync.OnceValues(func() (string, error) {
	name, err := createDatabase()
	if err != nil {
		return "", err
	}
	shared, err := sharedServer()
	if err != nil {
		return "", err
	}
	if err := migrate(shared.url + "/" + name); err != nil {
		return "", err
	}
	var script strings.Builder
	err = administer(name, func(conn *sql.DB) error { return dump(conn, name, &script) })
	return script.String(), err
})

func mysqlURL(t testing.TB) string {
	t.Helper()
	script, err := mysqlTemplate()
	if err != nil {
		t.Fatalf("migrating the template: %v", err)
	}
	url := emptyMySQL(t)
	name := url[strings.LastIndex(url, "/")+1:]
	if err := administer(name, func(conn *sql.DB) error {
		_, err := conn.Exec(script)
		return err
	}); err != nil {
		t.Fatalf("copying the template: %v", err)
	}
	return url
}

func emptyMySQL(t testing.TB) string {
	t.Helper()
	shared, err := sharedServer()
	if err != nil {
		t.Fatal(err)
	}
	name, err := createDatabase()
	if err != nil {
		t.Fatalf("making a database: %v", err)
	}
	t.Cleanup(func() {
		if err := administer("", func(conn *sql.DB) error {
			_, err := conn.Exec("DROP DATABASE " + name)
			return err
		}); err != nil {
			t.Errorf("dropping the test's database: %v", err)
		}
	})
	return shared.url + "/" + name
}

func createDatabase() (string, error) {
	name := "test_" + strings.ToLower(rand.Text()[:16])
	return name, administer("", func(conn *sql.DB) error {
		_, err := conn.Exec("CREATE DATABASE " + name + " CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci")
		return err
	})
}

// administer runs statements, several in one text if need be, on a connection of its own that is gone afterwards.
func administer(name string, do func(*sql.DB) error) error {
	shared, err := sharedServer()
	if err != nil {
		return err
	}
	at, err := url.Parse(shared.url)
	if err != nil {
		return fmt.Errorf("RECOURSE_TEST_MYSQL: %w", err)
	}
	config := mysql.NewConfig()
	config.Net, config.Addr, config.DBName, config.MultiStatements = "tcp", at.Host, name, true
	config.User = at.User.Username()
	config.Passwd, _ = at.User.Password()
	config.Params = map[string]string{"lock_wait_timeout": "20"} // a transaction that a test left open shows here, not after a day
	connector, err := mysql.NewConnector(config)
	if err != nil {
		return err
	}
	conn := sql.OpenDB(connector)
	defer conn.Close()
	conn.SetMaxOpenConns(1)
	return do(conn)
}

// dump writes the statements that make tables, rows and triggers of the database called name once more elsewhere on the same server.
func dump(conn *sql.DB, name string, script *strings.Builder) error {
	tables, err := column(conn, "SELECT table_name FROM information_schema.tables WHERE table_schema = ? AND table_type = 'BASE TABLE' ORDER BY 1", name)
	if err != nil {
		return err
	}
	triggers, err := column(conn, "SELECT trigger_name FROM information_schema.triggers WHERE trigger_schema = ? ORDER BY 1", name)
	if err != nil {
		return err
	}
	script.WriteString("SET foreign_key_checks = 0;\n")
	for _, table := range tables {
		var same, create string
		if err := conn.QueryRow("SHOW CREATE TABLE `"+table+"`").Scan(&same, &create); err != nil {
			return err
		}
		fmt.Fprintf(script, "%s;\n", create)
		rows, err := column(conn, "SELECT 1 FROM `"+table+"` LIMIT 1")
		if err != nil {
			return err
		}
		if len(rows) > 0 {
			fmt.Fprintf(script, "INSERT INTO `%s` SELECT * FROM `%s`.`%s`;\n", table, name, table)
		}
	}
	for _, trigger := range triggers {
		var create string
		var other any
		if err := conn.QueryRow("SHOW CREATE TRIGGER `"+trigger+"`").Scan(&other, &other, &create, &other, &other, &other, &other); err != nil {
			return err
		}
		fmt.Fprintf(script, "%s;\n", create)
	}
	script.WriteString("SET foreign_key_checks = 1")
	return nil
}

func column(conn *sql.DB, query string, args ...any) ([]string, error) {
	rows, err := conn.QueryContext(context.Background(), query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var values []string
	for rows.Next() {
		var value string
		if err := rows.Scan(&value); err != nil {
			return nil, err
		}
		values = append(values, value)
	}
	return values, rows.Err()
}
