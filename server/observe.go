package server

import (
	"fmt"
	"log/slog"
	"regexp"
	"runtime/debug"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"

	"recourse/models"
)

// Keys of what one part of the frame leaves in gin's context for another.
const (
	keyRequestID = "request_id"
	keyUser      = "user"
	keyLang      = "lang"
)

// requestIDForm is what is taken over of an inbound X-Request-ID.
var requestIDForm = regexp.MustCompile(`^[A-Za-z0-9._-]{1,100}$`)

type metrics struct {
	registry *prometheus.Registry
	seconds  *prometheus.HistogramVec
	panics   prometheus.Counter
	jobs     *prometheus.CounterVec
}

func newMetrics() *metrics {
	m := &metrics{
		registry: prometheus.NewRegistry(),
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "recourse_http_request_seconds", Help: "Time to answer, by route template, method and status.",
			Buckets: []float64{.002, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30},
		}, []string{"route", "method", "status"}),
		panics: prometheus.NewCounter(prometheus.CounterOpts{Name: "recourse_panics_total", Help: "Panics recovered in requests and jobs."}),
		jobs: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "recourse_job_runs_total", Help: "Runs of background jobs by outcome.",
		}, []string{"job", "outcome"}),
	}
	m.registry.MustRegister(m.seconds, m.panics, m.jobs, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// observe gives the request its id, survives panics, and leaves one line in the log and one count.
func (s *Server) observe(c *gin.Context) {
	begun := time.Now()
	id := c.GetHeader("X-Request-ID")
	if !requestIDForm.MatchString(id) {
		id = models.NewID().String()
	}
	c.Set(keyRequestID, id)
	c.Header("X-Request-ID", id)
	defer func() {
		if v := recover(); v != nil {
			s.panicked(c, v)
		}
		route := c.FullPath()
		if route == "" {
			route = "none"
		}
		status, took := c.Writer.Status(), time.Since(begun)
		s.metrics.seconds.WithLabelValues(route, method(c.Request.Method), strconv.Itoa(status)).Observe(took.Seconds())
		level := slog.LevelInfo
		if quiet[route] {
			level = slog.LevelDebug
		}
		s.Log.Log(c.Request.Context(), level, "request", "method", c.Request.Method, "route", route, "status", status,
			"ms", took.Milliseconds(), "bytes", c.Writer.Size(), "request_id", id, "user", c.GetString(keyUser))
	}()
	c.Next()
}

// quiet are routes that machines ask all day.
var quiet = map[string]bool{"/healthz": true, "/readyz": true, "/metrics": true}

// method keeps foreign words out of the metrics.
func method(m string) string {
	switch m {
	case "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS":
		return m
	}
	return "other"
}

func (s *Server) panicked(c *gin.Context, v any) {
	s.metrics.panics.Inc()
	s.Log.Error("panic", "panic", fmt.Sprint(v), "route", c.FullPath(), "request_id", c.GetString(keyRequestID), "stack", string(debug.Stack()))
	if !c.Writer.Written() {
		s.problem(c, fmt.Errorf("panic: %v", v))
	}
}

// secureHeaders are on every answer.
func (s *Server) secureHeaders(c *gin.Context) {
	h := c.Writer.Header()
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "same-origin")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Content-Security-Policy", sitePolicy)
	if strings.HasPrefix(c.Request.URL.Path, "/api/v1/") {
		h.Set("Cache-Control", "no-store")
	}
	if s.secure {
		h.Set("Strict-Transport-Security", "max-age=31536000")
	}
	c.Next()
}

// sitePolicy lets pages load what this server sends, and no code in a page itself.
const sitePolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; " +
	"manifest-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
