package server

import (
	"bytes"
	"io"
	"net/http"
	"reflect"
	"time"

	"recourse/database"
	"recourse/models"
	"recourse/wire"
)

// Route is one row of the table: what it is reached by, who may, what it takes
// and gives. Everything the frame does with a request follows from its row.
type Route struct {
	Method, Path string        // Path with {id} for parameters
	Roles        []models.Role // nil: anybody signed in; Public: everybody
	Handle       endpoint
	List         *database.List // of a route that takes limit, cursor, sort and these filters
	IfMatch      bool           // the version must be given
	Idempotent   bool           // takes an Idempotency-Key
	SessionOnly  bool           // not for API tokens
	Status       int            // of success; 0: 200, or 204 without a reply
	MaxBody      int64          // bytes; 0: 1 MiB
	Timeout      time.Duration  // 0: 3.5 s in a transaction, 60 s outside
	Tag, Summary string
}

// Public, as a route's roles, lets everybody in.
var Public = []models.Role{"public"}

const (
	defaultMaxBody = 1 << 20
	txTimeout      = 3500 * time.Millisecond // so that a lost database is reported within 5 s, a last wait for a lock included
	outsideTimeout = time.Minute
)

// none is the input or reply of a route that has none.
type none struct{}

// Raw is the input of a route that takes a body other than JSON. In a transaction
// it was read whole before; outside, it comes as it is sent.
type Raw struct {
	Body   io.Reader // ends with a too_large Error at the route's MaxBody
	Type   string    // media type as sent
	Length int64     // -1 when not known
}

// Blob is a reply that isn't JSON: a PDF, a photo. Content is closed after it
// was sent if it can be.
type Blob struct {
	Name     string // as saved by the reader
	Type     string
	Content  io.ReadSeeker
	Inline   bool // shown by the browser; otherwise only ever saved
	Modified time.Time
	ETag     string // without quotes; empty for none
}

// endpoint is a handler with the types of its input and reply.
type endpoint struct {
	in, out reflect.Type
	outside bool
	input   func(r *Request) (any, error)
	call    func(s *Server, r *Request, in any) (any, error)
}

// with makes an endpoint whose handler runs in a transaction: a read-only
// snapshot for GET, one that writes otherwise. It may run again when the
// transaction lost against another, so it does database work only. In is none,
// a struct (the JSON body; of GET the query) or Raw; Out is none, Blob or what is
// written as JSON.
func with[In, Out any](f func(*Server, *Request, In) (Out, error)) endpoint {
	return endpoint{
		in: reflect.TypeFor[In](), out: reflect.TypeFor[Out](),
		input: func(r *Request) (any, error) {
			var in In
			err := r.read(&in)
			return in, err
		},
		call: func(s *Server, r *Request, in any) (any, error) { return f(s, r, in.(In)) },
	}
}

// outside makes an endpoint whose handler gets no transaction (Tx is nil): for
// slow work such as hashing, decoding and drawing, around transactions of its own.
func outside[In, Out any](f func(*Server, *Request, In) (Out, error)) endpoint {
	e := with(f)
	e.outside = true
	return e
}

// read fills the input from the body, or of GET from the query.
func (r *Request) read(in any) error {
	switch in := in.(type) {
	case *none:
		return nil
	case *Raw:
		*in = r.raw
		if r.body != nil {
			in.Body = bytes.NewReader(r.body)
		}
		return nil
	}
	if r.http.Method == http.MethodGet {
		if err := wire.Query(r.http.URL.Query(), in); err != nil {
			return err
		}
	} else if err := wire.Decode(r.body, in); err != nil {
		return err
	}
	return wire.Validate(in)
}

// takesStruct reports whether the input is a struct of the domain: a JSON body, or of GET the query.
func (e endpoint) takesStruct() bool {
	return e.in != reflect.TypeFor[none]() && !e.takesBinary()
}

func (e endpoint) takesJSON(method string) bool { return e.takesStruct() && method != http.MethodGet }

func (e endpoint) takesQuery(method string) bool { return e.takesStruct() && method == http.MethodGet }

// takesBinary reports whether the body is something other than JSON.
func (e endpoint) takesBinary() bool { return e.in == reflect.TypeFor[Raw]() }

func (r Route) public() bool { return len(r.Roles) > 0 && r.Roles[0] == Public[0] }

func (r Route) maxBody() int64 {
	if r.MaxBody > 0 {
		return r.MaxBody
	}
	return defaultMaxBody
}

func (r Route) timeout() time.Duration {
	switch {
	case r.Timeout > 0:
		return r.Timeout
	case r.Handle.outside:
		return outsideTimeout
	}
	return txTimeout
}

func (r Route) status() int {
	switch {
	case r.Status > 0:
		return r.Status
	case r.Handle.out == reflect.TypeFor[none]():
		return http.StatusNoContent
	}
	return http.StatusOK
}
