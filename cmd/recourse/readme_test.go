package main

import (
	"archive/zip"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"recourse/database/databasetest"
)

// readmes says which README's walk is run on which engine.
var readmes = map[string]string{"sqlite": "README.md", "mysql": "README.zh-CN.md"}

// TestReadmeWalk runs the walk of a README as it is written, but for the port,
// against the real program with the example company, and a second start of it.
func TestReadmeWalk(t *testing.T) {
	engine := databasetest.Engine(t)
	walk := readmeWalk(t, readmes[engine])
	dir := t.TempDir()
	binary := filepath.Join(dir, "recourse")
	mustRun(t, exec.Command("go", "build", "-buildvcs=false", "-o", binary, "."), ".")
	env := os.Environ()
	if engine == "mysql" {
		env = append(env, "RECOURSE_DATABASE_URL="+databasetest.URL(t))
	}
	address := freeAddress(t)
	env = append(env, "RECOURSE_LISTEN="+address, "RECOURSE_DATA=./data")

	first, stop := startDemo(t, binary, dir, env, address)
	script := strings.ReplaceAll(walk, "http://127.0.0.1:8080", "http://"+address)
	if script == walk {
		t.Error("the walk does not name the address http://127.0.0.1:8080")
	}
	bash := exec.Command("bash", "-euo", "pipefail", "-c", script)
	bash.Env = append(os.Environ(), "TMPDIR="+dir) // where the walk makes its folder
	checkPrinted(t, walk, mustRun(t, bash, dir))
	checkSaved(t, dir)
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
	verify := exec.Command(binary, "verify")
	verify.Env = env
	mustRun(t, verify, dir)
}

// TestReadmesAgree: both READMEs show the same commands; only what is said about
// them, and the language of what they print, differs.
func TestReadmesAgree(t *testing.T) {
	said := regexp.MustCompile(`(?m)(^|\s+)# .*$`)
	commands := func(name string) []string {
		return strings.Split(said.ReplaceAllString(strings.ReplaceAll(readmeWalk(t, name), ".zh", ".en"), ""), "\n")
	}
	if diff := cmp.Diff(commands("README.md"), commands("README.zh-CN.md")); diff != "" {
		t.Errorf("README.md and README.zh-CN.md (-, +):\n%s", diff)
	}
}

// checkPrinted wants what the walk says that it prints, in this order, and the
// debit note settled with nothing left and the whole share recovered.
func checkPrinted(t *testing.T, walk, out string) {
	t.Helper()
	lines := strings.Split(out, "\n")
	at, claims := 0, 0
	for line := range strings.Lines(walk) {
		want, said := strings.CutPrefix(strings.TrimSuffix(line, "\n"), "# → ")
		if !said {
			continue
		}
		claims++
		pattern := regexp.MustCompile("^" + strings.ReplaceAll(regexp.QuoteMeta(want), "…", ".*") + "$")
		n := slices.IndexFunc(lines[at:], pattern.MatchString)
		if n < 0 {
			t.Fatalf("the walk prints no line like %s after line %d of\n%s", want, at, out)
		}
		at += n + 1
	}
	if claims == 0 {
		t.Error("the walk doesn't say what it prints")
	}
	note := regexp.MustCompile(`\{"state":"settled","settled":\{"amount":"([^"]+)",.*"outstanding":\{"amount":"0.00"`).FindStringSubmatch(out)
	back := regexp.MustCompile(`\{"state":"closed","share":\{"amount":"([^"]+)",.*"recovered":\{"amount":"([^"]+)"`).FindStringSubmatch(out)
	if note == nil || back == nil || back[1] != note[1] || back[2] != note[1] {
		t.Errorf("settled note %q, recovery case %q: want the same amount settled, owed and recovered, and nothing outstanding", note, back)
	}
}

// checkSaved wants whole PDFs and an archive in the folder that the walk made.
func checkSaved(t *testing.T, dir string) {
	t.Helper()
	for _, name := range []string{"report.pdf", "debit-note.pdf", "statement.pdf", "dossier.pdf", "dossier.zip"} {
		found, err := filepath.Glob(filepath.Join(dir, "tmp.*", name))
		if err != nil || len(found) != 1 {
			t.Fatalf("%s lies at %q, %v, want one place", name, found, err)
		}
		if strings.HasSuffix(name, ".pdf") {
			mustRun(t, exec.Command("qpdf", "--check", found[0]), dir)
			continue
		}
		archive, err := zip.OpenReader(found[0])
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if err := errors.Join(fstest.TestFS(archive, archive.File[0].Name), archive.Close()); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// readmeWalk is every bash block of a README, one after the other.
func readmeWalk(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("../..", name))
	if err != nil {
		t.Fatal(err)
	}
	var walk strings.Builder
	for _, block := range regexp.MustCompile("(?s)\n```bash\n(.*?)```\n").FindAllSubmatch(text, -1) {
		walk.Write(block[1])
	}
	if walk.Len() == 0 {
		t.Fatalf("%s has no bash block", name)
	}
	return walk.String()
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
