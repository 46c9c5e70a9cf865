package server

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"reflect"
	"strconv"

	"github.com/gin-gonic/gin"
	"gorm.io/gorm"

	"recourse/database"
	"recourse/models"
)

// handle makes the handler of a route: who, what, one transaction, then the answer.
func (s *Server) handle(route Route) gin.HandlerFunc {
	return func(c *gin.Context) {
		answer, err := s.work(c, route)
		if err != nil {
			s.problem(c, err)
			return
		}
		answer.send(c)
	}
}

// work reads the request and does what it asks for. Who asks is found out, and
// the work is done, each within the route's time; between them the body may take
// long to come over a bad network.
func (s *Server) work(c *gin.Context, route Route) (*answer, error) {
	asking, cancel := context.WithTimeout(c.Request.Context(), txTimeout)
	defer cancel()
	r, err := s.newRequest(asking, c, route)
	if err != nil {
		return nil, err
	}
	if err := r.readBody(c.Writer, route); err != nil {
		return nil, err
	}
	working, cancel := context.WithTimeout(c.Request.Context(), route.timeout())
	defer cancel()
	r.Ctx = working
	out, err := s.run(r, route)
	if err != nil && known(err) == nil && working.Err() != nil {
		err = errors.Join(working.Err(), err) // a driver that is stopped in its work says so in words of its own
	}
	return out, err
}

// run does the route's work in the kind of transaction that its row asks for.
func (s *Server) run(r *Request, route Route) (*answer, error) {
	in, err := route.Handle.input(r)
	if err != nil {
		return nil, err
	}
	out, tries := &answer{}, 0
	body := func(tx *gorm.DB) error {
		if tries++; tries > 1 { // the try that lost may have changed its input
			if in, err = route.Handle.input(r); err != nil {
				return err
			}
			clear(r.reply)
		}
		r.Tx = tx
		result, err := route.Handle.call(s, r, in)
		if err != nil {
			return err
		}
		return out.fill(r, route, result)
	}
	key := r.Header("Idempotency-Key")
	switch {
	case route.Handle.outside:
		err = body(nil)
	case route.Method == http.MethodGet:
		err = s.DB.View(r.Ctx, body)
	case route.Idempotent && key != "":
		err = s.runOnce(r, key, out, body)
	default:
		err = s.DB.Tx(r.Ctx, body)
	}
	return out, err
}

// runOnce is Tx for a request that carries an Idempotency-Key.
func (s *Server) runOnce(r *Request, key string, out *answer, body func(*gorm.DB) error) error {
	if len(key) > 100 || !requestIDForm.MatchString(key) {
		return models.Errorf(models.CodeMalformed, "Idempotency-Key", "must be 1 to 100 letters, digits or ._-", "须为 1 至 100 个字母、数字或 ._-")
	}
	h := sha256.New()
	_, _ = io.WriteString(h, r.http.Method+" "+r.http.URL.RequestURI()+"\n")
	h.Write(r.body)
	once := database.Once{UserID: r.By.UserID, Key: key, Hash: models.SHA256(h.Sum(nil)), At: r.By.At}
	name := r.By.UserID.String() + key
	if _, busy := s.running.LoadOrStore(name, true); busy {
		return models.Conflict("Idempotency-Key", "The same request is being worked on: try again shortly.", "同一请求正在处理：请稍后重试。")
	}
	defer s.running.Delete(name)
	kept, err := s.DB.TxOnce(r.Ctx, once, func(tx *gorm.DB) (database.Answer, error) {
		err := body(tx)
		return database.Answer{Status: out.status, ETag: out.etag, Body: string(out.json)}, err
	})
	out.status, out.etag, out.json = kept.Status, kept.ETag, []byte(kept.Body)
	return err
}

// answer is what is sent once the transaction is committed.
type answer struct {
	status int
	etag   string
	json   []byte
	blob   *Blob
	header http.Header
}

// fill makes the answer of a handler's result.
func (a *answer) fill(r *Request, route Route, result any) error {
	*a = answer{status: route.status(), header: r.reply}
	switch v := result.(type) {
	case none:
		return nil
	case Blob:
		a.blob, a.etag = &v, v.ETag
		return nil
	}
	if n := versionOf(result); n > 0 {
		a.etag = strconv.Itoa(n)
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(withLists(result))
	a.json = b.Bytes()
	return err
}

// versionOf is the Version of a record, 0 when it has none.
func versionOf(record any) int {
	v := reflect.ValueOf(record)
	for v.Kind() == reflect.Pointer {
		v = v.Elem()
	}
	if v.Kind() != reflect.Struct {
		return 0
	}
	if f := v.FieldByName("Version"); f.IsValid() && f.CanInt() {
		return int(f.Int())
	}
	return 0
}

func (a *answer) send(c *gin.Context) {
	h := c.Writer.Header()
	for name, values := range a.header {
		h[name] = values
	}
	if a.etag != "" {
		h.Set("ETag", `"`+a.etag+`"`)
	}
	switch {
	case a.blob != nil:
		a.blob.send(c)
	case len(a.json) == 0:
		c.Status(a.status)
		c.Writer.WriteHeaderNow()
	default:
		h.Set("Content-Type", "application/json; charset=utf-8")
		h.Set("Content-Length", strconv.Itoa(len(a.json)))
		c.Status(a.status)
		_, _ = c.Writer.Write(a.json) // the reader may be gone
	}
}

// send lets the browser show only what is meant to be shown, and run nothing of it.
func (b *Blob) send(c *gin.Context) {
	if closes, ok := b.Content.(io.Closer); ok {
		defer closes.Close()
	}
	how := "attachment"
	if b.Inline {
		how = "inline"
	}
	h := c.Writer.Header()
	h.Set("Content-Type", b.Type)
	h.Set("Content-Disposition", mime.FormatMediaType(how, map[string]string{"filename": b.Name}))
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; sandbox")
	http.ServeContent(c.Writer, c.Request, "", b.Modified, b.Content)
}
