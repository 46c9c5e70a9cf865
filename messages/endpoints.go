package messages

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"net/netip"
	"net/url"
	"slices"
	"strings"

	"gorm.io/gorm"

	"recourse/audit"
	"recourse/database"
	"recourse/models"
)

// EndpointInput makes an endpoint. A webhook without a secret is given one; the
// reply is the only place that shows it.
type EndpointInput struct {
	Kind   string   `json:"kind" validate:"required,oneof=webhook wecom dingtalk feishu"`
	Name   string   `json:"name" validate:"required,max=100"`
	URL    string   `json:"url" validate:"required,max=1000"`
	Secret string   `json:"secret" validate:"max=200"`
	Events []string `json:"events" validate:"max=50"`
}

// MadeEndpoint is a new endpoint with its secret, shown once.
type MadeEndpoint struct {
	models.Endpoint
	Secret string `json:"secret"`
}

// CreateEndpoint stores where messages may go.
func (o *Outbox) CreateEndpoint(ctx context.Context, tx *gorm.DB, by models.Actor, in EndpointInput) (*MadeEndpoint, error) {
	if err := o.checkURL(in.Kind, in.URL); err != nil {
		return nil, err
	}
	if err := checkEvents(in.Events); err != nil {
		return nil, err
	}
	secret := in.Secret
	if in.Kind == Webhook {
		if secret == "" {
			var b [24]byte
			if _, err := rand.Read(b[:]); err != nil {
				return nil, err
			}
			secret = webhookPrefix + base64.StdEncoding.EncodeToString(b[:])
		}
		if _, err := webhookKey(secret); err != nil {
			return nil, err
		}
	}
	sealed, err := o.Vault.Seal(secret)
	if err != nil {
		return nil, err
	}
	now := models.Now(by.At)
	e := models.Endpoint{ID: models.NewID(), Kind: in.Kind, Name: in.Name, URL: in.URL, Secret: sealed, Events: slices.Clone(in.Events), Version: 1, CreatedAt: now, UpdatedAt: now}
	if e.Events == nil {
		e.Events = []string{}
	}
	if err := gorm.G[models.Endpoint](tx).Create(ctx, &e); err != nil {
		return nil, err
	}
	err = audit.Record(ctx, tx, by, "create", "endpoint", e.ID, map[string]any{"kind": e.Kind, "name": e.Name, "events": e.Events})
	return &MadeEndpoint{e, secret}, err
}

// robotHosts are where the robots of each kind live: their addresses hold the
// key, so a mistyped host would give it away.
var robotHosts = map[string][]string{
	WeCom: {"qyapi.weixin.qq.com"}, DingTalk: {"oapi.dingtalk.com", "api.dingtalk.com"}, Feishu: {"open.feishu.cn", "open.larksuite.com"},
}

// checkURL refuses what no message may go to: other schemes, private addresses,
// a robot at another host than its maker's. The address is checked once more
// when it is dialled.
func (o *Outbox) checkURL(kind, raw string) error {
	u, err := url.Parse(raw)
	if err != nil || u.Host == "" || u.User != nil || u.Scheme != "https" && !(o.AllowPrivate && u.Scheme == "http") {
		return models.Invalid("url", "must be an https address without a user.", "须为不含用户名的 https 地址。")
	}
	if o.AllowPrivate {
		return nil
	}
	host := u.Hostname()
	if ip, err := netip.ParseAddr(host); err == nil && !public(ip) || host == "localhost" || strings.HasSuffix(host, ".localhost") || strings.HasSuffix(host, ".internal") || strings.HasSuffix(host, ".local") {
		return models.Invalid("url", "%s is a private address: messages go to public ones only.", "%s 为内网地址：消息只能发往公网地址。", host)
	}
	if hosts := robotHosts[kind]; hosts != nil && !slices.Contains(hosts, host) {
		return models.Invalid("url", "A %s robot is at %s.", "%s 机器人的地址应在 %s。", kind, strings.Join(hosts, ", "))
	}
	return nil
}

func checkEvents(events []string) error {
	for _, e := range events {
		if !slices.Contains(Events, e) {
			return models.Invalid("events", "%q is no event: use %s.", "%q 不是事件：可用 %s。", e, strings.Join(Events, ", "))
		}
	}
	return nil
}

// EndpointList is what a list of endpoints may be asked for.
var EndpointList = database.List{
	Default: "-id", Sorts: []string{"id"},
	Filters: map[string]database.Filter{"kind": {SQL: "endpoints.kind = ?", Values: []string{Webhook, WeCom, DingTalk, Feishu}}},
}

// ListEndpoints reads a page of endpoints; the address of a robot holds its key, so only its host is shown.
func ListEndpoints(ctx context.Context, tx *gorm.DB, q database.Query) (database.Page[models.Endpoint], error) {
	page, err := database.Find[models.Endpoint](ctx, tx, EndpointList, q)
	for n := range page.Items {
		if e := &page.Items[n]; e.Kind != Webhook {
			if u, err := url.Parse(e.URL); err == nil {
				e.URL = u.Scheme + "://" + u.Host + "/…"
			}
		}
	}
	return page, err
}

// DisableEndpoint ends messages to an endpoint; what waits for it fails visibly.
func DisableEndpoint(ctx context.Context, tx *gorm.DB, by models.Actor, id models.ID, version int) (*models.Endpoint, error) {
	now := models.Now(by.At)
	if err := database.Update[models.Endpoint](ctx, tx, id, version, map[string]any{"disabled_at": now, "updated_at": now}); err != nil {
		return nil, err
	}
	if err := audit.Record(ctx, tx, by, "disable", "endpoint", id, nil); err != nil {
		return nil, err
	}
	return database.Take[models.Endpoint](ctx, tx, "endpoint", "消息端点", "id = ?", id)
}

// SubscriptionInput is all the events that a user wants by e-mail.
type SubscriptionInput struct {
	Events []string `json:"events" validate:"max=50"`
}

// Subscribe sets which events the acting user gets by e-mail.
func Subscribe(ctx context.Context, tx *gorm.DB, by models.Actor, in SubscriptionInput) (*SubscriptionInput, error) {
	if err := checkEvents(in.Events); err != nil {
		return nil, err
	}
	if err := tx.WithContext(ctx).Where("user_id = ?", by.UserID).Delete(&models.Subscription{}).Error; err != nil {
		return nil, err
	}
	events := slices.Clone(in.Events)
	slices.Sort(events)
	for _, e := range slices.Compact(events) {
		if err := gorm.G[models.Subscription](tx).Create(ctx, &models.Subscription{UserID: by.UserID, Event: e}); err != nil {
			return nil, err
		}
	}
	if err := audit.Record(ctx, tx, by, "subscribe", "user", by.UserID, in); err != nil {
		return nil, err
	}
	return Subscribed(ctx, tx, by)
}

// Subscribed lists the events that the acting user gets by e-mail.
func Subscribed(ctx context.Context, tx *gorm.DB, by models.Actor) (*SubscriptionInput, error) {
	out := SubscriptionInput{Events: []string{}}
	err := tx.WithContext(ctx).Model(&models.Subscription{}).Where("user_id = ?", by.UserID).Order("event").Pluck("event", &out.Events).Error
	return &out, err
}
