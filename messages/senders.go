package messages

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/wneessen/go-mail"

	"recourse/models"
)

const webhookPrefix = "whsec_"

// webhookKey is the key in a secret of the Standard Webhooks form: whsec_ and base64 of 24 to 64 bytes.
func webhookKey(secret string) ([]byte, error) {
	key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(secret, webhookPrefix))
	if err != nil || !strings.HasPrefix(secret, webhookPrefix) || len(key) < 24 || len(key) > 64 {
		return nil, models.Invalid("secret", "must be whsec_ and base64 of 24 to 64 bytes, or empty to have one made.", "须为 whsec_ 加 24 至 64 字节的 base64；留空则自动生成。")
	}
	return key, nil
}

// sendWebhook signs after the Standard Webhooks scheme: base64 HMAC-SHA256 over
// "id.timestamp.body" in the header webhook-signature.
func (o *Outbox) sendWebhook(ctx context.Context, e models.Endpoint, secret string, m models.OutboxMessage, now time.Time) error {
	key, err := webhookKey(secret)
	if err != nil {
		return err
	}
	id, at := "msg_"+m.ID.String(), strconv.FormatInt(now.Unix(), 10)
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(id + "." + at + "." + m.Body))
	_, err = o.post(ctx, e.URL, []byte(m.Body), map[string]string{
		"webhook-id": id, "webhook-timestamp": at, "webhook-signature": "v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil)),
	})
	return err
}

// sendRobot posts a text message to a group robot and reads its verdict: all
// three answer 200 with an error code in the body.
func (o *Outbox) sendRobot(ctx context.Context, e models.Endpoint, secret string, m models.OutboxMessage, now time.Time) error {
	address, body := e.URL, map[string]any{}
	text := m.Subject + "\n" + m.Body
	switch e.Kind {
	case WeCom:
		body = map[string]any{"msgtype": "text", "text": map[string]string{"content": text}}
	case DingTalk:
		body = map[string]any{"msgtype": "text", "text": map[string]string{"content": text}}
		if secret != "" {
			at := strconv.FormatInt(now.UnixMilli(), 10)
			address += separator(address) + "timestamp=" + at + "&sign=" + url.QueryEscape(sign(secret, at+"\n"+secret))
		}
	case Feishu:
		body = map[string]any{"msg_type": "text", "content": map[string]string{"text": text}}
		if secret != "" {
			at := strconv.FormatInt(now.Unix(), 10)
			body["timestamp"], body["sign"] = at, sign(at+"\n"+secret, "")
		}
	}
	b, err := json.Marshal(body)
	if err != nil {
		return err
	}
	reply, err := o.post(ctx, address, b, nil)
	if err != nil {
		return err
	}
	var verdict struct {
		ErrCode int    `json:"errcode"`
		ErrMsg  string `json:"errmsg"`
		Code    int    `json:"code"`
		Msg     string `json:"msg"`
	}
	if err := json.Unmarshal(reply, &verdict); err != nil {
		return errors.New("the robot's answer is not JSON")
	}
	if code := verdict.ErrCode + verdict.Code; code != 0 {
		return fmt.Errorf("the robot answered %d %s", code, verdict.ErrMsg+verdict.Msg)
	}
	return nil
}

func separator(address string) string {
	if strings.Contains(address, "?") {
		return "&"
	}
	return "?"
}

// sign is base64 HMAC-SHA256.
func sign(key, text string) string {
	mac := hmac.New(sha256.New, []byte(key))
	mac.Write([]byte(text))
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

// SMTP is how e-mail leaves.
type SMTP struct {
	Host, User, Password, From string
	Port                       int
	TLS                        string // starttls (default), tls, none
}

// ParseSMTP reads smtp://user:password@host:port?from=address&tls=starttls.
func ParseSMTP(raw string) (*SMTP, error) {
	if raw == "" {
		return nil, nil
	}
	u, err := url.Parse(raw)
	if err != nil || u.Scheme != "smtp" || u.Hostname() == "" || u.Query().Get("from") == "" {
		return nil, errors.New("the SMTP address has the form smtp://user:password@host:port?from=name@example.com&tls=starttls")
	}
	s := &SMTP{Host: u.Hostname(), Port: 587, User: u.User.Username(), From: u.Query().Get("from"), TLS: u.Query().Get("tls")}
	s.Password, _ = u.User.Password()
	if u.Port() != "" {
		if s.Port, err = strconv.Atoi(u.Port()); err != nil {
			return nil, errors.New("the SMTP port is not a number")
		}
	}
	switch s.TLS {
	case "":
		s.TLS = "starttls"
	case "starttls", "tls", "none":
	default:
		return nil, errors.New("the SMTP address's tls is starttls, tls or none")
	}
	return s, nil
}

// sendEmail hands a message to the mail server; its id is fixed, so that a
// repeated sending is recognised as the same mail.
func (o *Outbox) sendEmail(ctx context.Context, m models.OutboxMessage) error {
	if o.SMTP == nil {
		return errors.New("no mail server is configured (RECOURSE_SMTP_URL)")
	}
	msg := mail.NewMsg()
	if err := msg.From(o.SMTP.From); err != nil {
		return err
	}
	if err := msg.To(m.Address); err != nil {
		return err
	}
	msg.Subject(strings.Join(strings.Fields(m.Subject), " "))
	msg.SetMessageIDWithValue(m.ID.String() + "@recourse")
	msg.SetBodyString(mail.TypeTextPlain, m.Body)
	options := []mail.Option{mail.WithPort(o.SMTP.Port), mail.WithTimeout(maxSending)}
	switch o.SMTP.TLS {
	case "tls":
		options = append(options, mail.WithSSL())
	case "none":
		options = append(options, mail.WithTLSPolicy(mail.NoTLS))
	default:
		options = append(options, mail.WithTLSPolicy(mail.TLSMandatory))
	}
	if o.SMTP.User != "" {
		options = append(options, mail.WithSMTPAuth(mail.SMTPAuthAutoDiscover), mail.WithUsername(o.SMTP.User), mail.WithPassword(o.SMTP.Password))
	}
	client, err := mail.NewClient(o.SMTP.Host, options...)
	if err != nil {
		return err
	}
	return client.DialAndSendWithContext(ctx, msg)
}
