package main

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"recourse/database/databasetest"
)

func TestConfigRefuses(t *testing.T) {
	for _, c := range []struct{ variable, says string }{
		{"RECOURSE_LISTNE=x", "did you mean RECOURSE_LISTEN?"},
		{"RECOURSE_DATABASEURL=x", "did you mean RECOURSE_DATABASE_URL?"},
		{"RECOURSE_LISTEN_FILE=x", "not a setting"},
		{"RECOURSE_LISTEN=8080", "host:port"},
		{"RECOURSE_TIME_ZONE=Moon/Crater", "time zone"},
		{"RECOURSE_LOG_LEVEL=loud", "debug, info, warn or error"},
		{"RECOURSE_HEIC=maybe", "HEIC"},
		{"RECOURSE_TRUSTED_PROXIES=*", "never everybody"},
		{"RECOURSE_TRUSTED_PROXIES=10.0.0.1,0.0.0.0/0", "never everybody"},
		{"RECOURSE_TRUSTED_PROXIES=::/0", "never everybody"},
		{"RECOURSE_TRUSTED_PROXIES=proxy.example.com", "never everybody"},
		{"RECOURSE_BASE_URL=quality.example.com", "https://host"},
		{"RECOURSE_BASE_URL=https://quality.example.com/app", "https://host"},
		{"RECOURSE_BASE_URL=ftp://quality.example.com", "https://host"},
		{"RECOURSE_DATABASE_URL=postgres://u:s3cret@h/d", "mysql://"},
		{"RECOURSE_DATABASE_URL=://s3cret", "mysql://"},
		{"RECOURSE_DATABASE_URL_FILE=/nonexistent", "RECOURSE_DATABASE_URL_FILE"},
		{"RECOURSE_PASSWORD_MEMORY_KB=1", "at least 8"},
		{"RECOURSE_SETUP_CODE=s3cret", "at least 12"},
	} {
		_, err := loadConfig([]string{"PATH=/bin", c.variable})
		if err == nil || !strings.Contains(err.Error(), c.says) || !errors.As(err, new(usageError)) {
			t.Errorf("loadConfig(%s) = %v, want wrong use: %s", c.variable, err, c.says)
		}
		if err != nil && strings.Contains(err.Error(), "s3cret") {
			t.Errorf("loadConfig(%s) shows the secret: %v", c.variable, err)
		}
	}
}

func TestConfigReads(t *testing.T) {
	file := filepath.Join(t.TempDir(), "url")
	if err := os.WriteFile(file, []byte("mysql://u:s3cret@db:3306/recourse\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := loadConfig([]string{"RECOURSE_DATABASE_URL_FILE=" + file, "RECOURSE_TRUSTED_PROXIES=10.0.0.1,192.168.0.0/16", "RECOURSE_BASE_URL=https://quality.example.com/", "RECOURSE_TEST_ENGINE=x"})
	if err != nil {
		t.Fatal(err)
	}
	if c.DatabaseURL != "mysql://u:s3cret@db:3306/recourse" || c.embedded() || len(c.TrustedProxies) != 2 || c.baseURL() != "https://quality.example.com" {
		t.Errorf("config = %+v", c)
	}
	if c, err := loadConfig(nil); err != nil || !c.embedded() || c.baseURL() != "http://127.0.0.1:8080" || c.location.String() != "Asia/Shanghai" {
		t.Errorf("the default config = %+v, %v", c, err)
	}
	_, err = loadConfig([]string{"RECOURSE_DATABASE_URL_FILE=" + file, "RECOURSE_DATABASE_URL=mysql://u:p@h/d"})
	if err == nil || !strings.Contains(err.Error(), "keep one") {
		t.Errorf("both a secret and its file = %v, want a refusal", err)
	}
}

// recourse runs a command in this process.
func recourse(t *testing.T, in string, args ...string) (code int, out, log string) {
	t.Helper()
	var o, l bytes.Buffer
	code = run(args, strings.NewReader(in), &o, &l)
	return code, o.String(), l.String()
}

func TestConfigIsShownWithoutSecrets(t *testing.T) {
	for _, f := range settings() {
		if f.Tag.Get("secret") == "all" {
			t.Setenv(f.Tag.Get("env"), strings.Repeat("5ec4e7", 12)[:64])
		}
	}
	t.Setenv("RECOURSE_DATABASE_URL", "mysql://u:s3cret@db:3306/recourse")
	t.Setenv("RECOURSE_FILES_URL", "s3://key:s3cret@127.0.0.1:7070/bucket?token=s3cret")
	code, out, log := recourse(t, "", "config")
	if code != 0 || strings.Contains(out, "s3cret") || strings.Contains(out, "5ec4e7") {
		t.Errorf("config = %d, %s, %s; want no secret", code, out, log)
	}
	for _, want := range []string{"RECOURSE_DATABASE_URL=mysql://u:xxxxx@db:3306/recourse", "RECOURSE_SETUP_CODE=(set)", "RECOURSE_LISTEN=127.0.0.1:8080"} {
		if !strings.Contains(out, want) {
			t.Errorf("config lacks %s:\n%s", want, out)
		}
	}
	for _, f := range settings() {
		if !strings.Contains(out, f.Tag.Get("env")+"=") {
			t.Errorf("config lacks %s", f.Tag.Get("env"))
		}
	}
}

func TestExitCodes(t *testing.T) {
	t.Setenv("RECOURSE_DATA", t.TempDir())
	t.Setenv("RECOURSE_DATABASE_URL", databasetest.URL(t))
	t.Setenv("RECOURSE_PASSWORD_MEMORY_KB", "8")
	for _, c := range []struct {
		args string
		code int
		says string
	}{
		{"", 2, "recourse help"},
		{"nonsense", 2, "nonsense"},
		{"migrate", 2, "migrate"},
		{"migrate sideways", 2, "sideways"},
		{"version --loud", 2, "loud"},
		{"user add", 2, "LOGIN"},
		{"user add li --role king", 2, "roles[0]"},
		{"user add li", 2, "roles"},
		{"user disable li", 1, "no such user"},
		{"token revoke x", 2, "ID"},
		{"token add li --name x --role viewer", 1, "no such user"},
		{"version", 0, ""},
		{"migrate status", 0, ""},
		{"verify", 0, ""},
	} {
		code, _, log := recourse(t, "", strings.Fields(c.args)...)
		if code != c.code || !strings.Contains(log, c.says) || c.code != 0 && strings.Count(log, "\n") != 1 {
			t.Errorf("recourse %s = %d %q, want %d with one line that says %q", c.args, code, log, c.code, c.says)
		}
	}
}

func TestUserAndTokenCommands(t *testing.T) {
	t.Setenv("RECOURSE_DATA", t.TempDir())
	t.Setenv("RECOURSE_DATABASE_URL", databasetest.URL(t))
	t.Setenv("RECOURSE_PASSWORD_MEMORY_KB", "8")
	must := func(in string, args ...string) string {
		t.Helper()
		code, out, log := recourse(t, in, args...)
		if code != 0 {
			t.Fatalf("recourse %v = %d: %s", args, code, log)
		}
		return out
	}
	if out := must("", "user", "add", "admin", "--role", "admin"); !strings.Contains(out, "has the password ") {
		t.Errorf("user add = %q, want the password it made", out)
	}
	if out := must("a given password\n", "user", "add", "li", "--role", "inspector,purchasing", "--name", "李明", "--password-stdin"); strings.Contains(out, "given") {
		t.Errorf("user add shows the given password: %q", out)
	}
	if code, _, log := recourse(t, "short\n", "user", "password", "li", "--password-stdin"); code != 1 || !strings.Contains(log, "10 characters") {
		t.Errorf("a weak password = %d %q", code, log)
	}
	must("", "user", "password", "LI")
	secret := strings.TrimSpace(must("", "token", "add", "li", "--name", "phone", "--role", "inspector", "--days", "30"))
	list := must("", "token", "list")
	if !strings.HasPrefix(secret, "rct_") || strings.Contains(list, secret) || !strings.Contains(list, "phone") || !strings.Contains(list, "until ") {
		t.Errorf("token list = %q", list)
	}
	must("", "token", "revoke", strings.Fields(list)[0])
	if list := must("", "token", "list"); !strings.Contains(list, "revoked") {
		t.Errorf("token list = %q, want it revoked", list)
	}
	must("", "user", "disable", "li")
	if list := must("", "user", "list"); !strings.Contains(list, "李明") || strings.Count(list, "disabled") != 1 || strings.Count(list, "enabled") != 1 {
		t.Errorf("user list = %q", list)
	}
	if code, _, log := recourse(t, "", "user", "disable", "admin"); code != 1 || !strings.Contains(log, "last administrator") {
		t.Errorf("disabling the last administrator = %d %q", code, log)
	}
	if out := must("", "openapi"); !strings.Contains(out, `"openapi": "3.1`) {
		t.Errorf("openapi = %.80q", out)
	}
	must("", "verify")
}
