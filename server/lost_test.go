package server

import (
	"context"
	"database/sql"
	"io"
	"net"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"recourse/database"
	"recourse/database/databasetest"
	"recourse/files"
	"recourse/models"
)

// TestDatabaseLost: while the database can't be had, writing answers 503 with
// Retry-After within 5 s, and goes on without a restart when it is back.
func TestDatabaseLost(t *testing.T) {
	if databasetest.Engine(t) == database.MySQL {
		testServerLost(t)
		return
	}
	address := databasetest.URL(t)
	s := siteAt(t, address)
	admin := s.as(t, models.Admin)
	holder, err := sql.Open("sqlite", strings.TrimPrefix(address, "sqlite://")+"?_txlock=immediate")
	if err != nil {
		t.Fatal(err)
	}
	defer holder.Close()
	tx, err := holder.BeginTx(context.Background(), nil)
	if err != nil {
		t.Fatal(err)
	}
	refusedInTime(t, admin, "POST", "/api/v1/products", `{"code":"P-1","name":{"zh":"板","en":"board"},"unit":"sheet"}`)
	admin.want(200, "GET", "/api/v1/me", nil, nil)
	if err := tx.Rollback(); err != nil {
		t.Fatal(err)
	}
	admin.want(201, "POST", "/api/v1/products", `{"code":"P-1","name":{"zh":"板","en":"board"},"unit":"sheet"}`, nil)
}

// testServerLost cuts and freezes the way to a database server.
func testServerLost(t *testing.T) {
	address, err := url.Parse(databasetest.URL(t))
	if err != nil {
		t.Fatal(err)
	}
	way := newWay(t, address.Host)
	address.Host = way.address
	s := siteAt(t, address.String())
	admin := s.as(t, models.Admin)
	for _, lose := range []func(){way.cut, way.freeze} {
		lose()
		refusedInTime(t, admin, "GET", "/api/v1/me", nil)
		refusedInTime(t, admin, "POST", "/api/v1/products", `{"code":"P-1","name":{"zh":"板","en":"board"},"unit":"sheet"}`)
		refusedInTime(t, admin, "GET", "/readyz", nil)
		s.anybody(t).want(200, "GET", "/healthz", nil, nil)
		way.mend()
		admin.want(200, "GET", "/api/v1/me", nil, nil)
		admin.want(200, "GET", "/readyz", nil, nil)
	}
}

func refusedInTime(t *testing.T, c *client, method, path string, body any) {
	t.Helper()
	begun := time.Now()
	r := c.do(method, path, body)
	if took := time.Since(begun); took > 5*time.Second || r.status != 503 || r.header.Get("Retry-After") == "" {
		t.Errorf("%s %s = %d after %v, want 503 with Retry-After within 5 s: %s", method, path, r.status, took, r.body)
	}
}

func siteAt(t *testing.T, address string) *site {
	t.Helper()
	db, err := database.Open(t.Context(), database.Config{URL: address})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	store, err := files.OpenStore(t.Context(), "file://"+t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	return newSiteOn(t, Config{PasswordCost: cheap, Version: "test"}, db, files.NewArchive(store, files.Options{}))
}

// way is a relay to a server that can be cut and frozen.
type way struct {
	address, to string
	mu          sync.Mutex
	mended      *sync.Cond
	frozen, off bool
	open        map[net.Conn]bool
}

func newWay(t *testing.T, to string) *way {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	w := &way{address: l.Addr().String(), to: to, open: map[net.Conn]bool{}}
	w.mended = sync.NewCond(&w.mu)
	t.Cleanup(func() { _ = l.Close(); w.mend(); w.cut() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go w.relay(c)
		}
	}()
	return w
}

func (w *way) relay(c net.Conn) {
	out, err := net.Dial("tcp", w.to)
	w.mu.Lock()
	if w.off || err != nil {
		w.mu.Unlock()
		_ = c.Close()
		return
	}
	w.open[c], w.open[out] = true, true
	w.mu.Unlock()
	go w.copy(c, out)
	w.copy(out, c)
}

func (w *way) copy(to, from net.Conn) {
	defer to.Close()
	buffer := make([]byte, 32<<10)
	for {
		n, err := from.Read(buffer)
		w.mu.Lock()
		for w.frozen {
			w.mended.Wait()
		}
		w.mu.Unlock()
		if _, failed := to.Write(buffer[:n]); failed != nil || err == io.EOF || err != nil {
			return
		}
	}
}

func (w *way) cut() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.off = true
	for c := range w.open {
		_ = c.Close()
	}
	clear(w.open)
}

func (w *way) freeze() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.frozen = true
}

func (w *way) mend() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.frozen, w.off = false, false
	w.mended.Broadcast()
}
