package main

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"recourse/database/databasetest"
)

// TestReadmeWalk runs the walk of README.md as it is written, but for the port,
// against the real program with the example company, and a second start of it.
func TestReadmeWalk(t *testing.T) {
	walk := readmeBlock(t, "## From standard to signed-off report by curl")
	dir := t.TempDir()
	binary := filepath.Join(dir, "recourse")
	mustRun(t, exec.Command("go", "build", "-buildvcs=false", "-o", binary, "."), ".")
	env := os.Environ()
	if databasetest.Engine(t) == "mysql" {
		env = append(env, "RECOURSE_DATABASE_URL="+databasetest.URL(t))
	}
	address := freeAddress(t)
	env = append(env, "RECOURSE_LISTEN="+address, "RECOURSE_DATA=./data")

	first, stop := startDemo(t, binary, dir, env, address)
	script := strings.ReplaceAll(walk, "http://127.0.0.1:8080", "http://"+address)
	if script == walk {
		t.Error("the walk does not name the address http://127.0.0.1:8080")
	}
	out := mustRun(t, exec.Command("bash", "-euo", "pipefail", "-c", script), dir)
	for _, want := range []string{`"verdict": "accepted"`, `"state": "final"`, `"sample_size": 80`, "report.pdf"} {
		if !strings.Contains(out, want) {
			t.Errorf("the walk prints no %s:\n%s", want, out)
		}
	}
	pdf, err := os.ReadFile(filepath.Join(dir, "report.pdf"))
	if err != nil || !bytes.HasPrefix(pdf, []byte("%PDF")) {
		t.Errorf("report.pdf begins with %.8q, %v, want a PDF", pdf, err)
	}
	mustRun(t, exec.Command("qpdf", "--check", "report.pdf"), dir)
	stop()

	again, stop := startDemo(t, binary, dir, env, address)
	defer stop()
	if password := passwordIn(t, dir); !strings.Contains(first(), password) || !strings.Contains(again(), password) {
		t.Error("both starts must say how to sign in, with the same password")
	}
	if strings.Contains(again(), "Loading") {
		t.Error("the second start loads the example company again")
	}
	refused := exec.Command(binary, "demo")
	refused.Dir, refused.Env = dir, env
	if text, err := refused.CombinedOutput(); err == nil || !strings.Contains(string(text), "in use") {
		t.Errorf("recourse demo on a database in use = %v, %s, want a refusal", err, text)
	}
}

// readmeBlock is the first fenced block below a heading.
func readmeBlock(t *testing.T, heading string) string {
	t.Helper()
	text, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, section, found := strings.Cut(string(text), heading+"\n")
	_, block, fenced := strings.Cut(section, "```bash\n")
	block, _, closed := strings.Cut(block, "\n```")
	if !found || !fenced || !closed {
		t.Fatalf("README.md has no bash block below %q", heading)
	}
	return block
}

// mustRun runs a command in dir and returns what it printed.
func mustRun(t *testing.T, cmd *exec.Cmd, dir string) string {
	t.Helper()
	cmd.Dir = dir
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", cmd.Args[0], err, out)
	}
	return string(out)
}

func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// startDemo starts the program and waits until it is ready. printed is what it
// said so far; stop ends it and wants it to end well.
func startDemo(t *testing.T, binary, dir string, env []string, address string) (printed func() string, stop func()) {
	t.Helper()
	log, err := os.CreateTemp(dir, "log")
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(binary, "serve", "--demo")
	cmd.Dir, cmd.Env, cmd.Stdout, cmd.Stderr = dir, env, log, log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	t.Cleanup(func() { _ = cmd.Process.Kill() })
	printed = func() string {
		text, _ := os.ReadFile(log.Name())
		return string(text)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	for !isReady(ctx, address) {
		select {
		case err := <-ended:
			t.Fatalf("the program ended, %v:\n%s", err, printed())
		case <-ctx.Done():
			t.Fatalf("the program is not ready after five minutes:\n%s", printed())
		case <-time.After(100 * time.Millisecond):
		}
	}
	return printed, func() {
		_ = cmd.Process.Signal(syscall.SIGTERM)
		if err := <-ended; err != nil {
			t.Errorf("the program ended with %v:\n%s", err, printed())
		}
	}
}

func isReady(ctx context.Context, address string) bool {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+address+"/readyz", nil)
	if err != nil {
		return false
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return false
	}
	defer answer.Body.Close()
	return answer.StatusCode == http.StatusOK
}

// passwordIn is the kept password; nobody but the owner may read it.
func passwordIn(t *testing.T, dir string) string {
	t.Helper()
	path := filepath.Join(dir, "data", signInFile)
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if mode := info.Mode().Perm(); mode != 0o600 {
		t.Errorf("%s has mode %v, want 0600", path, mode)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	line, _, _ := strings.Cut(string(text), "\n")
	var password string
	if _, err := fmt.Sscanf(line, "password: %s", &password); err != nil {
		t.Fatalf("%s begins with %q", path, line)
	}
	return password
}
