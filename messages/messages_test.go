package messages_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"gorm.io/gorm"

	"recourse/contracts/contractstest"
	"recourse/database"
	"recourse/database/databasetest"
	"recourse/messages"
	"recourse/models"
)

const (
	webhookSecret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8G"
	robotSecret   = "SEC000000000000"
)

// receivers is a real mail server and HTTP receivers, run by Node.
type receivers struct {
	t          testing.TB
	HTTP, SMTP int
	events     chan map[string]any
}

func startReceivers(t testing.TB) *receivers {
	t.Helper()
	if _, err := os.Stat("receivers/node_modules"); err != nil {
		t.Fatal("the receivers are not installed: run «make tools»")
	}
	node := exec.Command("node", "receive.mjs")
	node.Dir, node.Stderr = "receivers", os.Stderr
	node.Env = append(os.Environ(), "WEBHOOK_SECRET="+webhookSecret, "ROBOT_SECRET="+robotSecret)
	in, err := node.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := node.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := node.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { in.Close(); _ = node.Wait() })
	r := &receivers{t: t, events: make(chan map[string]any, 100)}
	lines := bufio.NewReader(out)
	first, err := lines.ReadString('\n')
	if err != nil || json.Unmarshal([]byte(first), r) != nil {
		t.Fatalf("the receivers did not start: %v %s", err, first)
	}
	go func() {
		for {
			line, err := lines.ReadString('\n')
			if err != nil {
				close(r.events)
				return
			}
			var e map[string]any
			if json.Unmarshal([]byte(line), &e) == nil {
				r.events <- e
			}
		}
	}()
	return r
}

func (r *receivers) url(path string) string {
	return fmt.Sprintf("http://127.0.0.1:%d%s", r.HTTP, path)
}

func (r *receivers) next() map[string]any {
	r.t.Helper()
	select {
	case e := <-r.events:
		return e
	case <-time.After(20 * time.Second):
		r.t.Fatal("nothing was received")
		return nil
	}
}

type house struct {
	t      testing.TB
	db     *database.DB
	outbox *messages.Outbox
	by     models.Actor
	now    time.Time
}

func newHouse(t testing.TB, smtp *messages.SMTP, private bool) *house {
	t.Helper()
	vault, err := messages.NewVault([]byte("0123456789abcdef0123456789abcdef"))
	if err != nil {
		t.Fatal(err)
	}
	return &house{t, databasetest.Open(t), messages.NewOutbox(vault, smtp, private), contractstest.System(), contractstest.Now}
}

func (h *house) tx(do func(ctx context.Context, tx *gorm.DB) error) {
	h.t.Helper()
	if err := h.db.Tx(h.t.Context(), func(tx *gorm.DB) error { return do(h.t.Context(), tx) }); err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) endpoint(kind, url, secret string, events ...string) {
	h.t.Helper()
	h.tx(func(ctx context.Context, tx *gorm.DB) error {
		_, err := h.outbox.CreateEndpoint(ctx, tx, h.by, messages.EndpointInput{Kind: kind, Name: kind, URL: url, Secret: secret, Events: events})
		return err
	})
}

var opened = messages.Happening{
	Event: messages.ClaimOpened, EntityID: models.NewID(), Once: "claim:1", Path: "/claims/1",
	Subject: models.Text{ZH: "新索赔 CLM-2026-000001", EN: "New claim CLM-2026-000001"}, Body: models.Text{ZH: "汉堡：12 % 缺角", EN: "Hamburg: 12 % broken corners"},
}

func (h *house) tell(what messages.Happening) {
	h.t.Helper()
	h.tx(func(ctx context.Context, tx *gorm.DB) error { return messages.Enqueue(ctx, tx, h.by, what) })
}

func (h *house) deliver() int {
	h.t.Helper()
	n, err := h.outbox.Deliver(h.t.Context(), h.db, func() time.Time { return h.now }, 50)
	if err != nil {
		h.t.Fatal(err)
	}
	return n
}

func (h *house) outboxRows() (rows []models.OutboxMessage) {
	h.t.Helper()
	err := h.db.View(h.t.Context(), func(tx *gorm.DB) (err error) {
		rows, err = gorm.G[models.OutboxMessage](tx).Order("id").Find(h.t.Context())
		return err
	})
	if err != nil {
		h.t.Fatal(err)
	}
	return rows
}

func TestEveryChannelReachesARealReceiver(t *testing.T) {
	r := startReceivers(t)
	h := newHouse(t, &messages.SMTP{Host: "127.0.0.1", Port: r.SMTP, From: "recourse@example.com", TLS: "none"}, true)
	user := contractstest.MustUser(t, h.db, []models.Role{models.Sales}, func(u *models.User) { u.Email, u.Lang = "li@example.com", "zh" })
	h.tx(func(ctx context.Context, tx *gorm.DB) error {
		_, err := messages.Subscribe(ctx, tx, contractstest.Actor(user), messages.SubscriptionInput{Events: []string{messages.ClaimOpened}})
		return err
	})
	h.endpoint(messages.Webhook, r.url("/webhook"), webhookSecret)
	h.endpoint(messages.WeCom, r.url("/wecom?key=k"), "")
	h.endpoint(messages.DingTalk, r.url("/dingtalk?access_token=k"), robotSecret)
	h.endpoint(messages.Feishu, r.url("/feishu"), robotSecret)
	h.now = time.Now() // the webhook's receiver refuses an old signature
	h.by.At = h.now
	h.tell(opened)
	h.tell(opened) // told once
	if n := h.deliver(); n != 5 {
		t.Errorf("Deliver = %d, want 5", n)
	}
	got := map[string]map[string]any{}
	for range 5 {
		e := r.next()
		got[e["channel"].(string)] = e
	}
	for _, channel := range []string{"email", "webhook", "wecom", "dingtalk", "feishu"} {
		if e := got[channel]; e == nil || e["ok"] != true {
			t.Errorf("%s received %v", channel, e)
		}
	}
	if text := fmt.Sprint(got["feishu"]["text"]); !strings.Contains(text, "缺角") || !strings.Contains(text, "Hamburg") {
		t.Errorf("feishu text = %q, want both languages", text)
	}
	for _, m := range h.outboxRows() {
		if m.State != messages.Sent || m.SentAt == nil {
			t.Errorf("%s message is %s (%s), want sent", m.Channel, m.State, m.LastError)
		}
	}
	if n := h.deliver(); n != 0 {
		t.Errorf("a second Deliver = %d, want 0", n)
	}
}

func TestFailuresAreTriedAgainAndGivenUp(t *testing.T) {
	r := startReceivers(t)
	h := newHouse(t, nil, true)
	h.endpoint(messages.Webhook, r.url("/failing"), webhookSecret)
	h.now = time.Now()
	h.by.At = h.now
	h.tell(opened)
	for try := 1; try <= 2; try++ {
		if h.deliver() != 1 {
			t.Fatal("the message is not due")
		}
		if m := h.outboxRows()[0]; m.State != messages.Waiting || m.Tries != try || !strings.Contains(m.LastError, "500") {
			t.Fatalf("after try %d: %s, %d tries, %q", try, m.State, m.Tries, m.LastError)
		}
		if h.deliver() != 0 {
			t.Fatal("the message is due at once")
		}
		h.now = h.now.Add(2 * time.Minute)
	}
	if h.deliver(); h.outboxRows()[0].State != messages.Sent {
		t.Errorf("after two failures: %+v, want sent", h.outboxRows()[0])
	}

	none := newHouse(t, nil, true) // nobody listens
	none.endpoint(messages.Webhook, "http://127.0.0.1:9/", webhookSecret)
	none.tell(opened)
	tries := 0
	for ; none.outboxRows()[0].State == messages.Waiting && tries < 100; tries++ {
		none.now = none.outboxRows()[0].DueAt
		none.deliver()
	}
	m := none.outboxRows()[0]
	if m.State != messages.Failed || tries < 10 || none.now.Sub(contractstest.Now) > messages.KeepTrying {
		t.Errorf("given up as %s after %d tries and %v, want failed within three days", m.State, tries, none.now.Sub(contractstest.Now))
	}
	none.tx(func(ctx context.Context, tx *gorm.DB) error {
		again, err := messages.Resend(ctx, tx, none.by, m.ID)
		if err == nil && again.State != messages.Waiting {
			t.Errorf("Resend = %s, want waiting", again.State)
		}
		return err
	})
}

func TestRedirectsAreNotFollowed(t *testing.T) {
	r := startReceivers(t)
	h := newHouse(t, nil, true)
	h.endpoint(messages.Webhook, r.url("/redirect"), webhookSecret)
	h.tell(opened)
	h.deliver()
	if m := h.outboxRows()[0]; m.State != messages.Waiting || !strings.Contains(m.LastError, "302") {
		t.Errorf("after a redirect: %s %q, want waiting with 302", m.State, m.LastError)
	}
}

func TestEndpointRefusals(t *testing.T) {
	h := newHouse(t, nil, false)
	for name, in := range map[string]messages.EndpointInput{
		"url":          {Kind: messages.Webhook, URL: "http://example.com/"},
		"url, private": {Kind: messages.Webhook, URL: "https://192.168.1.4/hook"}, "url, loopback": {Kind: messages.Webhook, URL: "https://localhost/"},
		"url, mapped": {Kind: messages.Webhook, URL: "https://[::ffff:10.0.0.1]/"}, "url, shared": {Kind: messages.Webhook, URL: "https://100.64.0.1/"},
		"url, metadata": {Kind: messages.Webhook, URL: "https://169.254.169.254/latest"}, "url, user": {Kind: messages.Webhook, URL: "https://a:b@example.com/"},
		"url, robot's host": {Kind: messages.DingTalk, URL: "https://example.com/robot/send"},
		"secret":            {Kind: messages.Webhook, URL: "https://example.com/", Secret: "short"},
		"events":            {Kind: messages.Webhook, URL: "https://example.com/", Events: []string{"everything"}},
	} {
		err := h.db.Tx(t.Context(), func(tx *gorm.DB) error {
			_, err := h.outbox.CreateEndpoint(t.Context(), tx, h.by, in)
			return err
		})
		field, _, _ := strings.Cut(name, ",")
		if e, ok := err.(*models.Error); !ok || e.Field != field || e.Message.ZH == "" {
			t.Errorf("%s: CreateEndpoint(%+v) = %v, want a refusal of %s", name, in, err, field)
		}
	}
}

// TestPrivateAddressesAreNotDialled: a public name that resolves to a private
// address is caught when it is dialled.
func TestPrivateAddressesAreNotDialled(t *testing.T) {
	h := newHouse(t, nil, false)
	h.tx(func(ctx context.Context, tx *gorm.DB) error {
		e := models.Endpoint{ID: models.NewID(), Kind: messages.Webhook, Name: "inside", URL: "https://localhost:9/", Events: []string{}, Version: 1, CreatedAt: h.now, UpdatedAt: h.now}
		sealed, err := h.outbox.Vault.Seal(webhookSecret)
		if err != nil {
			return err
		}
		e.Secret = sealed
		return gorm.G[models.Endpoint](tx).Create(ctx, &e)
	})
	h.tell(opened)
	h.deliver()
	if m := h.outboxRows()[0]; !strings.Contains(m.LastError, "private address") {
		t.Errorf("last error = %q, want a private address refused", m.LastError)
	}
}

func TestSecretsAreKeptEncrypted(t *testing.T) {
	h := newHouse(t, nil, false)
	h.endpoint(messages.Webhook, "https://example.com/hook", webhookSecret)
	h.tx(func(ctx context.Context, tx *gorm.DB) error {
		e, err := gorm.G[models.Endpoint](tx).Take(ctx)
		if strings.Contains(e.Secret, "MfKQ") || e.Secret == "" {
			t.Errorf("the secret is stored as %q", e.Secret)
		}
		entries, listErr := gorm.G[models.AuditEntry](tx).Find(ctx)
		for _, a := range entries {
			if strings.Contains(a.Detail, "MfKQ") {
				t.Errorf("the secret is in the audit log: %s", a.Detail)
			}
		}
		if err == nil {
			err = listErr
		}
		return err
	})
	other, err := messages.NewVault([]byte("ffffffffffffffff0123456789abcdef"))
	if err != nil {
		t.Fatal(err)
	}
	sealed, err := h.outbox.Vault.Seal("x")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := other.Open(sealed); err == nil {
		t.Error("another key opens the secret")
	}
}

func TestOnlyWantedEventsAreTold(t *testing.T) {
	h := newHouse(t, nil, false)
	h.endpoint(messages.Webhook, "https://example.com/a", "", messages.DeadlineMissed)
	h.endpoint(messages.Webhook, "https://example.com/b", "")
	h.tell(opened)
	if rows := h.outboxRows(); len(rows) != 1 {
		t.Errorf("%d messages, want 1: only one endpoint wants the event", len(rows))
	}
}

func TestParseSMTP(t *testing.T) {
	s, err := messages.ParseSMTP("smtp://u:p%40ss@mail.example.com:465?from=r@example.com&tls=tls")
	if err != nil || s.Host != "mail.example.com" || s.Port != 465 || s.Password != "p@ss" || s.TLS != "tls" {
		t.Errorf("ParseSMTP = %+v, %v", s, err)
	}
	for _, bad := range []string{"http://x", "smtp://host", "smtp://host:25?from=a@b&tls=maybe", "smtp://:25?from=a@b"} {
		if _, err := messages.ParseSMTP(bad); err == nil {
			t.Errorf("ParseSMTP(%q) is accepted", bad)
		}
	}
}
