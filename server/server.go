// Package server answers for HTTP: one table of routes that registers,
// authorizes and describes itself, one way in for every body and query, one
// transaction per request, one form of error. It holds no SQL and no rule of the
// trade: a handler reads its input, makes one call into a domain package and
// returns the record. Its invariants: no route is reached without its row in the
// table; nothing is answered before the transaction is committed; nothing
// internal is shown.
package server

import (
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gin-gonic/gin"

	"recourse/auth"
	"recourse/database"
	"recourse/files"
	"recourse/messages"
	"recourse/models"
)

// Config is what an installation decides.
type Config struct {
	// BaseURL is how users reach the server; the only source of links. With
	// https the cookie is bound to the host and sent over TLS only.
	BaseURL string
	// TrustedProxies are addresses or networks whose X-Forwarded-For is believed.
	TrustedProxies []string
	Company        models.Text
	Location       *time.Location // of the trade's dates; nil is UTC
	Currency       string         // base currency of losses and debit notes; empty is CNY
	Version        string         // of the program
	PasswordCost   auth.Cost      // zero is auth.DefaultCost
}

// Server serves one database. Clock and Log may be set before Handler is called.
type Server struct {
	DB        *database.DB
	Files     *files.Archive
	Config    Config
	Clock     func() time.Time
	Log       *slog.Logger
	Passwords *auth.Passwords
	Outbox    *messages.Outbox // nil: nothing is sent

	secure   bool // users come by https
	csrf     *http.CrossOriginProtection
	metrics  *metrics
	draining atomic.Bool
	running  sync.Map // idempotency keys being worked on, credentials whose use is being noted
	schema   schemaCheck
	spec     func() ([]byte, error)
	jobs     sync.WaitGroup
}

// New makes a server; the database must be at this program's schema.
func New(cfg Config, db *database.DB, archive *files.Archive, log *slog.Logger) (*Server, error) {
	if cfg.PasswordCost == (auth.Cost{}) {
		cfg.PasswordCost = auth.DefaultCost
	}
	if cfg.Location == nil {
		cfg.Location = time.UTC
	}
	if cfg.Currency == "" {
		cfg.Currency = "CNY"
	}
	s := &Server{
		DB: db, Files: archive, Config: cfg, Clock: time.Now, Log: log,
		Passwords: auth.NewPasswords(cfg.PasswordCost, 2),
		secure:    strings.HasPrefix(cfg.BaseURL, "https://"),
		csrf:      http.NewCrossOriginProtection(),
		metrics:   newMetrics(),
	}
	s.spec = sync.OnceValues(s.describe)
	if cfg.BaseURL != "" {
		u, err := url.Parse(cfg.BaseURL)
		if err != nil {
			return nil, err
		}
		if err := s.csrf.AddTrustedOrigin(u.Scheme + "://" + u.Host); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// routes is every route of the API: one slice per domain, each beside its handlers.
func (s *Server) routes() []Route {
	var all []Route
	for _, part := range [][]Route{
		sessionRoutes(), userRoutes(), tokenRoutes(), auditRoutes(), samplingRoutes(),
		partyRoutes(), standardRoutes(), contractRoutes(), shipmentRoutes(),
		inspectionRoutes(), severityRoutes(), fileRoutes(), verifyRoutes(), messageRoutes(), recoveryRoutes(), correctiveRoutes(), scorecardRoutes(), scorePaperRoutes(), sheetRoutes(), claimRoutes(), paperRoutes(), independenceRoutes(),
	} {
		all = append(all, part...)
	}
	return all
}

// Handler is the whole site: the API, its description, health and metrics.
func (s *Server) Handler() (http.Handler, error) {
	gin.SetMode(gin.ReleaseMode)
	e := gin.New()
	e.HandleMethodNotAllowed = true
	e.RedirectTrailingSlash = false
	e.ContextWithFallback = true
	if err := e.SetTrustedProxies(s.Config.TrustedProxies); err != nil {
		return nil, err
	}
	e.Use(s.observe, s.secureHeaders)
	e.NoRoute(func(c *gin.Context) { s.problem(c, models.NotFound("page", "页面")) })
	e.NoMethod(func(c *gin.Context) { s.problem(c, errMethod()) })
	for _, r := range s.routes() {
		e.Handle(r.Method, ginPath(r.Path), s.handle(r))
	}
	s.mountSite(e)
	s.mountVerify(e)
	return e, nil
}

// ginPath writes /users/{id} as gin does: /users/:id.
func ginPath(path string) string {
	return strings.NewReplacer("{", ":", "}", "").Replace(path)
}

// now is the server's time as every engine keeps it.
func (s *Server) now() time.Time { return models.Now(s.Clock()) }
