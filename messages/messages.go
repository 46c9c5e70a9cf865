// Package messages answers for telling people: an outbox written in the
// transaction of what it reports, and a job that empties it by e-mail, signed
// webhooks and group robots. It decides nothing about what happened. Its
// invariants: a happening is announced once to an address; what could not be
// sent is tried again with growing delay for three days and stays visible; no
// request leaves for a private address.
package messages

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"recourse/models"
)

// The events that users and endpoints may ask for.
const (
	ClaimOpened         = "claim.opened"
	ClaimMoved          = "claim.moved"
	DeadlineNear        = "deadline.near"
	DeadlineMissed      = "deadline.missed"
	InspectionSubmitted = "inspection.submitted"
	InspectionDecided   = "inspection.decided"
	DebitNoteIssued     = "debit_note.issued"
	DebitNoteObjected   = "debit_note.objected"
	CorrectiveActionDue = "corrective_action.due"
	Test                = "test"
)

// Events lists the events.
var Events = []string{ClaimOpened, ClaimMoved, DeadlineNear, DeadlineMissed, InspectionSubmitted, InspectionDecided,
	DebitNoteIssued, DebitNoteObjected, CorrectiveActionDue, Test}

// The channels beside e-mail are the kinds of endpoint.
const (
	Email    = "email"
	Webhook  = "webhook"
	WeCom    = "wecom"
	DingTalk = "dingtalk"
	Feishu   = "feishu"
)

// The states of a message.
const (
	Waiting = "waiting"
	Sent    = "sent"
	Failed  = "failed"
)

// KeepTrying is how long a message is tried again.
const KeepTrying = 72 * time.Hour

// Happening is something to tell. Once names it: the same happening is told
// once to each address, however often it is enqueued.
type Happening struct {
	Event    string
	EntityID models.ID
	Once     string
	Subject  models.Text
	Body     models.Text
	// Path is the page it is about, below the configured base URL.
	Path string
}

// payload is the body of a webhook: what happened, in both languages.
type payload struct {
	Type      string      `json:"type"`
	Timestamp time.Time   `json:"timestamp"`
	Data      payloadData `json:"data"`
}

type payloadData struct {
	ID      models.ID   `json:"id"`
	Subject models.Text `json:"subject"`
	Body    models.Text `json:"body"`
	Path    string      `json:"path"`
}

// Enqueue writes one outbox row for each subscribed user with an e-mail address
// and each endpoint that wants the event.
func Enqueue(ctx context.Context, tx *gorm.DB, by models.Actor, h Happening) error {
	rows, err := forUsers(ctx, tx, h)
	if err != nil {
		return err
	}
	more, err := forEndpoints(ctx, tx, by, h)
	if err != nil {
		return err
	}
	rows = append(rows, more...)
	if len(rows) == 0 {
		return nil
	}
	now := models.Now(by.At)
	for n := range rows {
		r := &rows[n]
		r.ID, r.Event, r.EntityID, r.OnceKey = models.NewID(), h.Event, h.EntityID, h.Once
		if r.OnceKey == "" {
			r.OnceKey = r.ID.String()
		}
		r.State, r.DueAt, r.GiveUpAt, r.CreatedAt, r.UpdatedAt = Waiting, now, now.Add(KeepTrying), now, now
	}
	return tx.WithContext(ctx).Clauses(clause.OnConflict{DoNothing: true}).Create(&rows).Error
}

func forUsers(ctx context.Context, tx *gorm.DB, h Happening) ([]models.OutboxMessage, error) {
	users, err := gorm.G[models.User](tx).
		Where("email <> '' AND disabled_at IS NULL AND id IN (SELECT user_id FROM subscriptions WHERE event = ?)", h.Event).Order("id").Find(ctx)
	var rows []models.OutboxMessage
	for _, u := range users {
		rows = append(rows, models.OutboxMessage{Channel: Email, Address: u.Email, Lang: u.Lang, Subject: h.Subject.In(u.Lang), Body: h.Body.In(u.Lang) + "\n\n" + h.Path})
	}
	return rows, err
}

func forEndpoints(ctx context.Context, tx *gorm.DB, by models.Actor, h Happening) ([]models.OutboxMessage, error) {
	endpoints, err := gorm.G[models.Endpoint](tx).Where("disabled_at IS NULL").Order("id").Find(ctx)
	if err != nil {
		return nil, err
	}
	var rows []models.OutboxMessage
	for _, e := range endpoints {
		if len(e.Events) > 0 && !slices.Contains(e.Events, h.Event) {
			continue
		}
		row, err := forEndpoint(by, e, h)
		if err != nil {
			return nil, err
		}
		rows = append(rows, row)
	}
	return rows, nil
}

// forEndpoint words a message for a webhook as JSON, for a robot as text in both languages.
func forEndpoint(by models.Actor, e models.Endpoint, h Happening) (models.OutboxMessage, error) {
	id := e.ID
	row := models.OutboxMessage{Channel: e.Kind, EndpointID: &id, Address: e.ID.String(), Lang: "zh", Subject: h.Subject.In("zh"), Body: h.Body.ZH + "\n" + h.Body.EN}
	if e.Kind == Webhook {
		b, err := json.Marshal(payload{h.Event, models.Now(by.At), payloadData{h.EntityID, h.Subject, h.Body, h.Path}})
		if err != nil {
			return row, err
		}
		row.Body = string(b)
	}
	return row, nil
}
