package server

import (
	"context"
	_ "embed"
	"net/http"
	"net/netip"
	"sync"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	"github.com/swaggest/swgui/v5emb"

	"recourse/models"
)

// The page of the API's description, without code in the page itself.
var (
	//go:embed docs.html
	docsPage []byte
	//go:embed docs.js
	docsScript []byte
)

// mountSite registers what isn't a record: description, health, metrics, the start page.
func (s *Server) mountSite(e *gin.Engine) {
	e.GET("/", func(c *gin.Context) { c.Redirect(http.StatusFound, "/api/docs") })
	e.GET("/healthz", func(c *gin.Context) { c.String(http.StatusOK, "ok\n") })
	e.GET("/readyz", s.ready)
	e.GET("/metrics", s.showMetrics)
	e.GET("/api/openapi.json", func(c *gin.Context) {
		spec, err := s.OpenAPI()
		if err != nil {
			s.problem(c, err)
			return
		}
		c.Data(http.StatusOK, "application/json; charset=utf-8", spec)
	})
	assets := sync.OnceValue(func() http.Handler { return v5emb.New("Recourse", "/api/openapi.json", "/api/docs/") })
	e.GET("/api/docs", func(c *gin.Context) { c.Data(http.StatusOK, "text/html; charset=utf-8", docsPage) })
	e.GET("/api/docs/*file", func(c *gin.Context) {
		switch c.Param("file") {
		case "/docs.js":
			c.Data(http.StatusOK, "text/javascript; charset=utf-8", docsScript)
		case "/":
			c.Redirect(http.StatusFound, "/api/docs")
		default:
			assets().ServeHTTP(c.Writer, c.Request)
		}
	})
}

// schemaCheck remembers for a moment that the schema was right: the check reads files.
type schemaCheck struct {
	mu sync.Mutex
	at time.Time
}

func (s *Server) checkSchema(ctx context.Context) error {
	s.schema.mu.Lock()
	defer s.schema.mu.Unlock()
	if time.Since(s.schema.at) < 30*time.Second {
		return nil
	}
	if err := s.DB.CheckSchema(ctx); err != nil {
		return err
	}
	s.schema.at = time.Now()
	return nil
}

// ready says whether requests should be sent here: the database answers, its
// schema is this program's, and the server isn't stopping.
func (s *Server) ready(c *gin.Context) {
	ctx, cancel := context.WithTimeout(c.Request.Context(), 2*time.Second)
	defer cancel()
	err := s.DB.Ping(ctx)
	if err == nil {
		err = s.checkSchema(ctx)
	}
	switch {
	case s.draining.Load():
		s.problem(c, models.Errorf(models.CodeUnavailable, "", "The server is stopping.", "服务器正在停止。"))
	case err != nil:
		s.Log.Warn("not ready", "error", err.Error())
		s.problem(c, models.Errorf(models.CodeUnavailable, "", "The database is not ready.", "数据库未就绪。"))
	default:
		c.String(http.StatusOK, "ready\n")
	}
}

// Drain makes readyz say no, so that no new visitors are sent here.
func (s *Server) Drain() { s.draining.Store(true) }

// showMetrics answers neighbours only: who comes through a proxy or from a public address sees no page.
func (s *Server) showMetrics(c *gin.Context) {
	peer, err := netip.ParseAddrPort(c.Request.RemoteAddr)
	near := err == nil && (peer.Addr().Unmap().IsLoopback() || peer.Addr().Unmap().IsPrivate())
	if !near || c.GetHeader("X-Forwarded-For") != "" || c.GetHeader("Forwarded") != "" {
		s.problem(c, models.NotFound("page", "页面"))
		return
	}
	promhttp.HandlerFor(s.metrics.registry, promhttp.HandlerOpts{}).ServeHTTP(c.Writer, c.Request)
}
