package server

import (
	"context"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"
	"gorm.io/gorm"

	"recourse/auth"
	"recourse/database"
	"recourse/models"
)

// Request is what a handler sees of a request.
type Request struct {
	Ctx     context.Context
	Tx      *gorm.DB     // nil outside a transaction
	By      models.Actor // nobody on public routes, but with time and request id
	Version int          // from If-Match; 0 when not given
	Query   database.Query
	Lang    string // of the answer: "zh" or "en"

	http    *http.Request
	params  gin.Params
	address string
	caller  auth.Caller
	body    []byte
	raw     Raw
	reply   http.Header // headers of the reply beside those of the frame
}

// Param is a path parameter.
func (r *Request) Param(name string) string { return r.params.ByName(name) }

// ID is a path parameter that names a record. What isn't an id names nothing, so it is not found.
func (r *Request) ID(name string) (models.ID, error) {
	id, err := models.ParseID(name, r.Param(name))
	if err != nil {
		return id, models.NotFound("record", "")
	}
	return id, nil
}

// Header is a header of the request.
func (r *Request) Header(name string) string { return r.http.Header.Get(name) }

// SetHeader sets a header of the reply.
func (r *Request) SetHeader(name, value string) { r.reply.Set(name, value) }

// visit is where the request comes from.
func (r *Request) visit() auth.Visit {
	return auth.Visit{Address: r.address, Agent: r.http.UserAgent()}
}

// newRequest reads everything but the body.
func (s *Server) newRequest(ctx context.Context, c *gin.Context, route Route) (*Request, error) {
	r := &Request{Ctx: ctx, http: c.Request, params: c.Params, address: c.ClientIP(), reply: http.Header{}}
	r.By = models.Actor{Name: "nobody", Via: "session", At: s.now(), RequestID: c.GetString(keyRequestID)}
	if !route.public() {
		var err error
		if r.caller, err = s.identify(r); err != nil {
			return nil, err
		}
		r.By = r.caller.Actor
		r.By.RequestID = c.GetString(keyRequestID)
		r.By.At = r.By.At.In(s.Config.Location) // whose day it is
		c.Set(keyUser, r.By.UserID.String())
	}
	r.Lang = chooseLanguage(r.Header("Accept-Language"), r.By.Lang)
	c.Set(keyLang, r.Lang)
	if err := s.admit(r, route); err != nil {
		return nil, err
	}
	if err := r.readVersion(route); err != nil {
		return nil, err
	}
	return r, r.readQuery(route)
}

// admit applies what the route's row says about who may.
func (s *Server) admit(r *Request, route Route) error {
	if err := s.csrf.Check(r.http); err != nil {
		return models.Errorf(models.CodeForbidden, "", "This request came from another site.", "此请求来自其他网站。")
	}
	if route.public() {
		return nil
	}
	switch {
	case len(route.Roles) > 0 && !r.By.Is(route.Roles...):
		return models.Errorf(models.CodeForbidden, "", "Your roles do not allow this; it takes one of: %s.", "您的角色无权执行此操作；需要以下角色之一：%s。", rolesList(route.Roles))
	case r.caller.ReadOnly && route.Method != http.MethodGet:
		return models.Errorf(models.CodeForbidden, "", "This token may only read.", "此令牌只能读取。")
	case route.SessionOnly && r.caller.Session.IsZero():
		return models.Errorf(models.CodeForbidden, "", "An API token can't do this: sign in.", "API 令牌不能执行此操作：请登录。")
	}
	return nil
}

func rolesList(roles []models.Role) string {
	var b strings.Builder
	for i, r := range roles {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(string(r))
	}
	return b.String()
}

// readVersion reads If-Match: a version in quotes, as ETag gave it.
func (r *Request) readVersion(route Route) error {
	tag := r.Header("If-Match")
	if tag == "" {
		if route.IfMatch {
			return models.Errorf(models.CodePrecondition, "If-Match", "Say which version you change: send the record's ETag as If-Match.", "请说明所修改的版本：以 If-Match 发送记录的 ETag。")
		}
		return nil
	}
	n, err := strconv.Atoi(strings.Trim(strings.TrimPrefix(tag, "W/"), `"`))
	if err != nil || n < 1 || !strings.HasSuffix(tag, `"`) {
		return models.Errorf(models.CodeMalformed, "If-Match", `must be an ETag as it was sent, such as "3".`, `须为收到的 ETag，例如 "3"。`)
	}
	r.Version = n
	return nil
}

// readQuery refuses every parameter that the route doesn't have.
func (r *Request) readQuery(route Route) error {
	values, err := url.ParseQuery(r.http.URL.RawQuery)
	if err != nil {
		return models.Errorf(models.CodeMalformed, "", "The query string can't be read.", "无法读取查询字符串。")
	}
	if route.Handle.takesQuery(route.Method) {
		return nil // wire.Query looks at each
	}
	for name, texts := range values {
		if len(texts) > 1 {
			return models.Errorf(models.CodeMalformed, name, "The parameter is given twice.", "参数重复。")
		}
		if route.List == nil {
			return models.Errorf(models.CodeMalformed, name, "There is no parameter of this name.", "没有此参数。")
		}
		switch text := texts[0]; name {
		case "limit":
			r.Query.Limit = text
		case "cursor":
			r.Query.Cursor = text
		case "sort":
			r.Query.Sort = text
		default:
			if r.Query.Filters == nil {
				r.Query.Filters = map[string]string{}
			}
			r.Query.Filters[name] = text
		}
	}
	return nil
}

// readBody reads the body that the route takes, within its bound.
func (r *Request) readBody(w http.ResponseWriter, route Route) error {
	body := http.MaxBytesReader(w, r.http.Body, route.maxBody())
	r.raw = Raw{Body: bounded{body}, Type: r.Header("Content-Type"), Length: r.http.ContentLength}
	var err error
	if route.Handle.takesBinary() {
		if !route.Handle.outside { // nobody waits for a slow network inside a transaction
			r.body, err = io.ReadAll(r.raw.Body)
		}
		return err
	}
	if !route.Handle.takesJSON(route.Method) {
		if n, _ := body.Read(make([]byte, 1)); n > 0 {
			return models.Errorf(models.CodeMalformed, "", "This request takes no body.", "此请求不接受请求体。")
		}
		return nil
	}
	if media, _, err := mime.ParseMediaType(r.raw.Type); err != nil || media != "application/json" {
		return models.Errorf(models.CodeUnsupported, "Content-Type", "The body must be sent as application/json.", "请求体须以 application/json 发送。")
	}
	r.body, err = io.ReadAll(r.raw.Body)
	return err
}

// bounded turns what the reader of a body reports into errors of ours.
type bounded struct{ r io.Reader }

func (b bounded) Read(p []byte) (int, error) {
	n, err := b.r.Read(p)
	if tooLarge := new(http.MaxBytesError); errors.As(err, &tooLarge) {
		return n, models.Errorf(models.CodeTooLarge, "", "The body is larger than %d bytes.", "请求体超过 %d 字节。", tooLarge.Limit)
	}
	if err != nil && err != io.EOF {
		return n, models.Errorf(models.CodeMalformed, "", "The body was cut off.", "请求体不完整。")
	}
	return n, err
}

// number is a path parameter that counts something, such as bytes; not negative.
func (r *Request) number(name string) (int64, error) {
	n, err := strconv.ParseInt(r.Param(name), 10, 64)
	if err != nil || n < 0 {
		return 0, models.Errorf(models.CodeMalformed, name, "must be a whole number, not negative.", "须为非负整数。")
	}
	return n, nil
}
