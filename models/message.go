package models

import "time"

// Endpoint is where messages may go beside a user's e-mail: a webhook, or a
// group robot of WeCom, DingTalk or Feishu. Secret is kept encrypted or unset.
type Endpoint struct {
	ID         ID         `json:"id"`
	Kind       string     `json:"kind"` // webhook, wecom, dingtalk, feishu
	Name       string     `json:"name"`
	URL        string     `json:"url"`
	Secret     string     `json:"-"`
	Events     []string   `json:"events" gorm:"serializer:json"` // empty: all
	DisabledAt *time.Time `json:"disabled_at"`
	Version    int        `json:"version"`
	CreatedAt  time.Time  `json:"created_at"`
	UpdatedAt  time.Time  `json:"updated_at"`
}

// Subscription says which event a user wants by e-mail.
type Subscription struct {
	UserID ID     `json:"-" gorm:"primaryKey"`
	Event  string `json:"event" gorm:"primaryKey"`
}

// OutboxMessage is one message to one address. It is written in the transaction
// of what it reports, and sent by a leased job with growing delay for three days.
type OutboxMessage struct {
	ID         ID         `json:"id"`
	Event      string     `json:"event"`
	OnceKey    string     `json:"once_key"` // the same happening is announced once to an address
	EntityID   ID         `json:"entity_id"`
	Channel    string     `json:"channel"` // email, webhook, wecom, dingtalk, feishu
	EndpointID *ID        `json:"endpoint_id"`
	Address    string     `json:"address"`
	Lang       string     `json:"lang"`
	Subject    string     `json:"subject"`
	Body       string     `json:"body"`
	State      string     `json:"state"` // waiting, sent, failed
	Tries      int        `json:"tries"`
	DueAt      time.Time  `json:"due_at"`
	GiveUpAt   time.Time  `json:"give_up_at"`
	LastError  string     `json:"last_error"`
	SentAt     *time.Time `json:"sent_at"`
	CreatedAt  time.Time  `json:"created_at"`
	UpdatedAt  time.Time  `json:"updated_at"`
}
