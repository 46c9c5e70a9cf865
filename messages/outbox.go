package messages

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"gorm.io/gorm"

	"recourse/audit"
	"recourse/database"
	"recourse/models"
)

// Outbox sends what waits. AllowPrivate lets webhooks go to private addresses
// and plain http: for an installation whose receivers are inside its own network.
type Outbox struct {
	Vault        *Vault
	SMTP         *SMTP // nil: no mail server
	AllowPrivate bool
	client       *http.Client
}

// NewOutbox makes an outbox.
func NewOutbox(vault *Vault, smtp *SMTP, allowPrivate bool) *Outbox {
	return &Outbox{Vault: vault, SMTP: smtp, AllowPrivate: allowPrivate, client: newClient(allowPrivate)}
}

// delays are the pauses before each further try; the last one repeats.
var delays = []time.Duration{30 * time.Second, 2 * time.Minute, 5 * time.Minute, 15 * time.Minute, time.Hour, 3 * time.Hour, 6 * time.Hour}

// Deliver sends up to limit due messages, one after the other, and returns how
// many were tried. Only the holder of the sending lease may call it. A message
// that was sent while its row could not be written is sent again: receivers
// know it by its id.
func (o *Outbox) Deliver(ctx context.Context, db *database.DB, now func() time.Time, limit int) (int, error) {
	var due []models.OutboxMessage
	err := db.View(ctx, func(tx *gorm.DB) (err error) {
		due, err = gorm.G[models.OutboxMessage](tx).Where("state = ? AND due_at <= ?", Waiting, models.Now(now())).Order("due_at, id").Limit(limit).Find(ctx)
		return err
	})
	if err != nil {
		return 0, err
	}
	for n, m := range due {
		if ctx.Err() != nil {
			return n, nil
		}
		sending := o.send(ctx, db, m, now())
		if err := settle(ctx, db, m, sending, models.Now(now())); err != nil {
			return n, err
		}
	}
	return len(due), nil
}

func (o *Outbox) send(ctx context.Context, db *database.DB, m models.OutboxMessage, now time.Time) error {
	ctx, cancel := context.WithTimeout(ctx, maxSending)
	defer cancel()
	if m.Channel == Email {
		return o.sendEmail(ctx, m)
	}
	var e *models.Endpoint
	err := db.View(ctx, func(tx *gorm.DB) (err error) {
		e, err = database.Take[models.Endpoint](ctx, tx, "endpoint", "消息端点", "id = ?", m.EndpointID)
		return err
	})
	if err != nil {
		return err
	}
	if e.DisabledAt != nil {
		return fmt.Errorf("the endpoint %s is disabled", e.Name)
	}
	secret, err := o.Vault.Open(e.Secret)
	if err != nil {
		return err
	}
	if m.Channel == Webhook {
		return o.sendWebhook(ctx, *e, secret, m, now)
	}
	return o.sendRobot(ctx, *e, secret, m, now)
}

// settle writes down what came of a try.
func settle(ctx context.Context, db *database.DB, m models.OutboxMessage, failure error, now time.Time) error {
	values := map[string]any{"tries": m.Tries + 1, "updated_at": now}
	if failure == nil {
		values["state"], values["sent_at"], values["last_error"] = Sent, now, ""
	} else {
		values["last_error"] = shorten(failure.Error())
		due := now.Add(delays[min(m.Tries, len(delays)-1)])
		values["due_at"] = due
		if due.After(m.GiveUpAt) {
			values["state"] = Failed
		}
	}
	return db.Tx(ctx, func(tx *gorm.DB) error {
		return tx.WithContext(ctx).Model(&models.OutboxMessage{}).Where("id = ? AND tries = ?", m.ID, m.Tries).UpdateColumns(values).Error
	})
}

func shorten(s string) string {
	if r := []rune(s); len(r) > 500 {
		return string(r[:500]) + "…"
	}
	return s
}

// OutboxList is what a list of messages may be asked for.
var OutboxList = database.List{
	Default: "-id", Sorts: []string{"id"},
	Filters: map[string]database.Filter{
		"state":     {SQL: "outbox_messages.state = ?", Values: []string{Waiting, Sent, Failed}},
		"event":     {SQL: "outbox_messages.event = ?", Values: Events},
		"entity_id": {SQL: "outbox_messages.entity_id = ?", Kind: database.FilterID},
	},
}

// List reads a page of messages.
func List(ctx context.Context, tx *gorm.DB, q database.Query) (database.Page[models.OutboxMessage], error) {
	return database.Find[models.OutboxMessage](ctx, tx, OutboxList, q)
}

// Resend puts a failed or waiting message at the head of the queue, for three more days.
func Resend(ctx context.Context, tx *gorm.DB, by models.Actor, id models.ID) (*models.OutboxMessage, error) {
	now := models.Now(by.At)
	r := tx.WithContext(ctx).Model(&models.OutboxMessage{}).Where("id = ? AND state <> ?", id, Sent).
		UpdateColumns(map[string]any{"state": Waiting, "tries": 0, "due_at": now, "give_up_at": now.Add(KeepTrying), "updated_at": now})
	if r.Error != nil {
		return nil, r.Error
	}
	m, err := database.Take[models.OutboxMessage](ctx, tx, "message", "消息", "id = ?", id)
	if err != nil {
		return nil, err
	}
	if r.RowsAffected == 0 {
		return nil, models.Conflict("", "This message was sent already.", "此消息已发送。")
	}
	return m, audit.Record(ctx, tx, by, "resend", "message", id, nil)
}
