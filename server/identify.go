package server

import (
	"context"
	"net/http"
	"strings"
	"time"

	"golang.org/x/text/language"
	"gorm.io/gorm"

	"recourse/auth"
	"recourse/models"
)

// identify finds out who asks: the bearer of an API token, or a browser by its cookie.
func (s *Server) identify(r *Request) (auth.Caller, error) {
	caller, err := s.credential(r)
	if err != nil {
		return caller, err
	}
	if caller.Touch {
		s.noteUse(caller)
	}
	return caller, nil
}

// noteUse writes down, beside the request, that a credential was used: nobody waits for that.
func (s *Server) noteUse(caller auth.Caller) {
	name := "use " + caller.Actor.UserID.String() + caller.Session.String()
	if _, busy := s.running.LoadOrStore(name, true); busy {
		return
	}
	s.Go("last_use", func() error {
		defer s.running.Delete(name)
		ctx, cancel := context.WithTimeout(context.Background(), txTimeout)
		defer cancel()
		return s.DB.Tx(ctx, func(tx *gorm.DB) error { return auth.Seen(ctx, tx, caller) })
	})
}

func (s *Server) credential(r *Request) (auth.Caller, error) {
	if header := r.Header("Authorization"); header != "" {
		kind, secret, _ := strings.Cut(header, " ")
		if !strings.EqualFold(kind, "Bearer") {
			return auth.Caller{}, models.Errorf(models.CodeUnauthenticated, "Authorization", "Send an API token as «Bearer rct_…».", "请以“Bearer rct_…”发送 API 令牌。")
		}
		return auth.ByToken(r.Ctx, s.DB.Read, strings.TrimSpace(secret), s.now())
	}
	cookie, err := r.http.Cookie(s.cookieName())
	if err != nil {
		return auth.Caller{}, models.Errorf(models.CodeUnauthenticated, "", "Sign in first.", "请先登录。")
	}
	return auth.BySession(r.Ctx, s.DB.Read, cookie.Value, s.now())
}

// cookieName binds the cookie to this host where users come by https.
func (s *Server) cookieName() string {
	if s.secure {
		return "__Host-recourse"
	}
	return "recourse"
}

// setCookie gives the session to the browser; an empty secret takes it away.
func (s *Server) setCookie(r *Request, secret string, expires time.Time) {
	c := http.Cookie{Name: s.cookieName(), Value: secret, Path: "/", Expires: expires, HttpOnly: true, Secure: s.secure, SameSite: http.SameSiteLaxMode}
	if secret == "" {
		c.MaxAge = -1
	}
	r.SetHeader("Set-Cookie", c.String())
}

var languages = language.NewMatcher([]language.Tag{language.English, language.Chinese})

// chooseLanguage is the language that the request accepts, else the user's, else English.
func chooseLanguage(accept, users string) string {
	if tags, _, err := language.ParseAcceptLanguage(accept); err == nil && len(tags) > 0 {
		if _, i, sure := languages.Match(tags...); sure != language.No {
			return [...]string{"en", "zh"}[i]
		}
	}
	if users == "zh" {
		return "zh"
	}
	return "en"
}
