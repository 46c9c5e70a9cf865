package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"recourse/database"
	"recourse/database/databasetest"
	"recourse/models"
)

// asProgram makes the test binary be the program, so that tests can start, stop and kill it.
const asProgram = "RECOURSE_TEST_AS_PROGRAM"

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		main()
		return
	}
	os.Exit(m.Run())
}

// program is a running server with its data and its log.
type program struct {
	t       *testing.T
	env     []string
	address string
	cmd     *exec.Cmd
	log     *logText
	ended   chan error
}

// newProgram has a fresh database of the engine under test, a known setup code
// and cheap passwords. It isn't started.
func newProgram(t *testing.T, settings ...string) *program {
	t.Helper()
	p := &program{t: t, address: freeAddress(t), log: &logText{}}
	p.env = append(os.Environ(), asProgram+"=1", "RECOURSE_DATA="+t.TempDir(), "RECOURSE_LISTEN="+p.address,
		"RECOURSE_SETUP_CODE=code-of-the-test", "RECOURSE_PASSWORD_MEMORY_KB=8", "RECOURSE_DATABASE_URL="+databasetest.URL(t))
	p.env = append(p.env, settings...)
	t.Cleanup(func() {
		if p.cmd != nil {
			_ = p.cmd.Process.Kill()
		}
	})
	return p
}

// command runs another command of the program with the same settings.
func (p *program) command(args ...string) (string, error) {
	cmd := exec.Command(os.Args[0], args...)
	cmd.Env = p.env
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// logText is what a running program has printed so far.
type logText struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (p *logText) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.text.Write(b)
}

func (p *logText) String() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.text.String()
}

func (p *logText) Reset() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.text.Reset()
}

func (p *program) start() {
	p.t.Helper()
	p.cmd = exec.Command(os.Args[0], "serve")
	p.log.Reset()
	p.cmd.Env, p.cmd.Stdout, p.cmd.Stderr = p.env, p.log, p.log
	if err := p.cmd.Start(); err != nil {
		p.t.Fatal(err)
	}
	p.ended = make(chan error, 1)
	go func(cmd *exec.Cmd, ended chan error) { ended <- cmd.Wait() }(p.cmd, p.ended)
	for begun := time.Now(); !isReady(p.t.Context(), p.address); time.Sleep(5 * time.Millisecond) {
		if time.Since(begun) > time.Minute {
			p.t.Fatalf("not ready after a minute: %s", p.log)
		}
	}
}

// wait wants the program to end with that exit code in time.
func (p *program) wait(code int, within time.Duration) {
	p.t.Helper()
	select {
	case <-p.ended:
		if got := p.cmd.ProcessState.ExitCode(); got != code {
			p.t.Errorf("exit code %d, want %d:\n%s", got, code, p.log)
		}
	case <-time.After(within):
		p.t.Fatalf("still running after %v:\n%s", within, p.log)
	}
}

// post sends JSON and returns the status, 0 when no answer came.
func (p *program) post(path, body, token, key string) (int, []byte) {
	r, err := http.NewRequest("POST", "http://"+p.address+path, strings.NewReader(body))
	if err != nil {
		p.t.Error(err)
		return 0, nil
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Idempotency-Key", key)
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return 0, nil
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		return 0, nil
	}
	return answer.StatusCode, text
}

// token makes an administrator and a token by the command line.
func (p *program) token() string {
	p.t.Helper()
	if out, err := p.command("user", "add", "admin", "--role", "admin"); err != nil {
		p.t.Fatalf("user add: %v: %s", err, out)
	}
	out, err := p.command("token", "add", "admin", "--name", "test", "--role", "admin")
	if err != nil {
		p.t.Fatalf("token add: %v: %s", err, out)
	}
	return strings.TrimSpace(out)
}

var kills = flag.Int("kills", 12, "how often TestKilled kills the server")

// TestKilled kills the server under load again and again. What was acknowledged
// is there; what was not can be sent again; each request has one effect.
func TestKilled(t *testing.T) {
	const writers = 4
	p := newProgram(t)
	token := p.token()
	var mu sync.Mutex
	acknowledged, lost := map[string]bool{}, []string{}
	for round := range *kills {
		p.start()
		stopped := make(chan struct{})
		var wg sync.WaitGroup
		for w := range writers {
			wg.Go(func() {
				for i := 0; ; i++ {
					select {
					case <-stopped:
						return
					default:
					}
					name := fmt.Sprintf("P-%d-%d-%d", round, w, i)
					status, text := p.post("/api/v1/products", product(name), token, name)
					mu.Lock()
					switch status {
					case 201:
						acknowledged[name] = true
					case 0:
						lost = append(lost, name)
					default:
						t.Errorf("%s = %d: %s", name, status, text)
					}
					mu.Unlock()
					if status == 0 {
						return
					}
				}
			})
		}
		time.Sleep(time.Duration(60+20*(round%10)) * time.Millisecond)
		_ = p.cmd.Process.Kill()
		close(stopped)
		wg.Wait()
		<-p.ended
	}
	p.start()
	for _, name := range lost {
		if status, text := p.post("/api/v1/products", product(name), token, name); status != 201 {
			t.Errorf("%s sent again = %d: %s", name, status, text)
		}
		acknowledged[name] = true
	}
	_ = p.cmd.Process.Signal(syscall.SIGTERM)
	p.wait(0, 30*time.Second)
	t.Logf("%d acknowledged over %d kills, %d of them sent again", len(acknowledged), *kills, len(lost))
	p.countEffects(acknowledged)
	if out, err := p.command("verify"); err != nil {
		t.Errorf("verify = %v: %s", err, out)
	}
}

func product(code string) string {
	return fmt.Sprintf(`{"code":%q,"name":{"zh":"板","en":"board"},"unit":"sheet"}`, code)
}

// countEffects wants one product and one audit entry for each code, and no other.
func (p *program) countEffects(codes map[string]bool) {
	p.t.Helper()
	address := ""
	for _, e := range p.env {
		if value, is := strings.CutPrefix(e, "RECOURSE_DATABASE_URL="); is {
			address = value
		}
	}
	db, err := database.Open(p.t.Context(), database.Config{URL: address})
	if err != nil {
		p.t.Fatal(err)
	}
	defer db.Close()
	var stored []string
	var entries int64
	if err := db.Read.Model(&models.Product{}).Pluck("code", &stored).Error; err != nil {
		p.t.Fatal(err)
	}
	if err := db.Read.Model(&models.AuditEntry{}).Where("entity = ?", "product").Count(&entries).Error; err != nil {
		p.t.Fatal(err)
	}
	for code := range codes {
		if !slices.Contains(stored, code) {
			p.t.Errorf("%s was acknowledged and is not there", code)
		}
	}
	if len(stored) != len(codes) || int(entries) != len(codes) {
		p.t.Errorf("%d products and %d entries for %d requests, want one of each", len(stored), entries, len(codes))
	}
}

// TestStops: a signal lets what is being worked on end, and the program ends well.
func TestStops(t *testing.T) {
	p := newProgram(t)
	token := p.token()
	p.start()
	var wg sync.WaitGroup
	statuses := make(chan int, 1000)
	for w := range 4 {
		wg.Go(func() {
			for i := range 200 {
				name := fmt.Sprintf("P-%d-%d", w, i)
				status, _ := p.post("/api/v1/products", product(name), token, name)
				statuses <- status
				if status == 0 {
					return
				}
			}
		})
	}
	time.Sleep(100 * time.Millisecond)
	_ = p.cmd.Process.Signal(syscall.SIGTERM)
	p.wait(0, 30*time.Second)
	wg.Wait()
	close(statuses)
	for status := range statuses {
		if status != 201 && status != 0 {
			t.Errorf("status %d while stopping, want 201 or no connection", status)
		}
	}
	for _, line := range []string{`"msg":"stopping"`, `"msg":"stopped"`} {
		if !strings.Contains(p.log.String(), line) {
			t.Errorf("the log lacks %s:\n%s", line, p.log)
		}
	}
	for line := range strings.Lines(p.log.String()) {
		if strings.HasPrefix(line, "{") && !json.Valid([]byte(line)) {
			t.Errorf("a log line isn't JSON: %s", line)
		}
	}
}

// TestSecondSignal: a request that hangs holds up the first signal, not the second.
func TestSecondSignal(t *testing.T) {
	p := newProgram(t)
	token := p.token()
	p.start()
	body, hang := io.Pipe()
	defer hang.Close()
	r, err := http.NewRequest("POST", "http://"+p.address+"/api/v1/products", body)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Authorization", "Bearer "+token)
	go func() {
		if answer, err := http.DefaultClient.Do(r); err == nil {
			answer.Body.Close()
		}
	}()
	if _, err := hang.Write([]byte("{")); err != nil {
		t.Fatal(err)
	}
	time.Sleep(100 * time.Millisecond)
	_ = p.cmd.Process.Signal(syscall.SIGTERM)
	time.Sleep(300 * time.Millisecond)
	select {
	case <-p.ended:
		t.Fatalf("the first signal did not wait for the request:\n%s", p.log)
	default:
	}
	_ = p.cmd.Process.Signal(syscall.SIGTERM)
	p.wait(1, 2*time.Second)
}

func TestSchemaGuard(t *testing.T) {
	p := newProgram(t, "RECOURSE_DATABASE_URL="+databasetest.EmptyURL(t))
	if out, err := p.command("migrate", "status"); err == nil || !strings.Contains(out, "pending") {
		t.Errorf("migrate status of an empty database = %v: %s", err, out)
	}
	if databasetest.Engine(t) == database.MySQL {
		if out, err := p.command("serve"); err == nil || !strings.Contains(out, "recourse migrate up") {
			t.Errorf("serve on an empty database = %v: %s, want the command that helps", err, out)
		}
		if out, err := p.command("migrate", "up"); err != nil {
			t.Fatalf("migrate up = %v: %s", err, out)
		}
	}
	p.start()
	if out, err := p.command("migrate", "status"); err != nil || strings.Contains(out, "pending") {
		t.Errorf("migrate status after the start = %v: %s", err, out)
	}
	status, text := p.post("/api/v1/setup", `{"code":"code-of-the-test","login":"admin","name":"x","password":"correct horse battery"}`, "", "x")
	if status != 201 {
		t.Errorf("setup = %d: %s", status, text)
	}
	if strings.Contains(p.log.String(), "code-of-the-test") {
		t.Errorf("the log holds the setup code that was set:\n%s", p.log)
	}
}
