package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"path/filepath"
	"time"

	"recourse/auth"
	"recourse/files"
	"recourse/server"
)

// site is the program's real handler on a loopback listener, and a client of it.
type site struct {
	*client
	server *server.Server
	web    *http.Server
}

// serve serves a company without files.
func serve(ctx context.Context, b *bench, c *company) (*site, error) {
	archive, err := b.archive(ctx)
	if err != nil {
		return nil, err
	}
	return serveFiles(ctx, c, archive)
}

// archive is a place for the files of databases that are filled; content lies there once.
func (b *bench) archive(ctx context.Context) (*files.Archive, error) {
	store, err := files.OpenStore(ctx, "file://"+filepath.Join(b.dir, "files"))
	if err != nil {
		return nil, err
	}
	return files.NewArchive(store, files.Options{}), nil
}

// serveFiles serves a company's database and files; a token is got by signing in.
func serveFiles(ctx context.Context, c *company, archive *files.Archive) (*site, error) {
	s, err := server.New(server.Config{Version: "bench", BaseURL: "http://127.0.0.1"}, c.db, archive, slog.New(slog.NewJSONHandler(io.Discard, nil)))
	if err != nil {
		return nil, err
	}
	handler, err := s.Handler()
	if err != nil {
		return nil, err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	out := &site{client: newClient("http://" + listener.Addr().String()), server: s, web: &http.Server{Handler: handler}}
	go out.web.Serve(listener)
	return out, out.signIn(ctx)
}

func (s *site) close() error { return errors.Join(s.web.Close(), s.server.DB.Close()) }

// client asks a server over HTTP, as a token's bearer.
type client struct {
	http  *http.Client
	url   string
	token string
}

func newClient(url string) *client {
	return &client{http: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64}, Timeout: time.Minute}, url: url}
}

// signIn gets an API token the way a user does: password, session, token.
func (c *client) signIn(ctx context.Context) error {
	res, err := c.send(ctx, "POST", "/api/v1/session", mustJSON(auth.SignInInput{Login: login, Password: password}))
	if err != nil {
		return err
	}
	cookies := res.Cookies()
	if _, err := read(res); err != nil {
		return err
	}
	token, err := c.send(ctx, "POST", "/api/v1/tokens", mustJSON(auth.AddTokenInput{Name: "bench", Roles: works}), cookies...)
	if err != nil {
		return err
	}
	text, err := read(token)
	if err != nil {
		return err
	}
	var made auth.NewToken
	err = json.Unmarshal(text, &made)
	c.token = made.Secret
	return err
}

func (c *client) send(ctx context.Context, method, path string, body []byte, cookies ...*http.Cookie) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, method, c.url+path, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	if len(body) > 0 {
		req.Header.Set("Content-Type", "application/json")
	}
	if c.token != "" {
		req.Header.Set("Authorization", "Bearer "+c.token)
	}
	for _, cookie := range cookies {
		req.AddCookie(cookie)
	}
	return c.http.Do(req)
}

// read is the whole answer; one that isn't a success is an error.
func read(res *http.Response) ([]byte, error) {
	defer res.Body.Close()
	var text bytes.Buffer
	text.Grow(int(max(res.ContentLength, 0)) + bytes.MinRead) // a client's slow reading isn't the server's time
	_, err := text.ReadFrom(res.Body)
	if err == nil && res.StatusCode >= 300 {
		err = fmt.Errorf("%s %s: %s %s", res.Request.Method, res.Request.URL.Path, res.Status, text.Bytes())
	}
	return text.Bytes(), err
}

// do sends a request and reads the answer.
func (c *client) do(ctx context.Context, method, path string, body []byte) ([]byte, error) {
	res, err := c.send(ctx, method, path, body)
	if err != nil {
		return nil, err
	}
	return read(res)
}

func mustJSON(v any) []byte {
	text, err := json.Marshal(v)
	if err != nil {
		panic(err) // a value of ours
	}
	return text
}
