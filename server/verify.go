package server

import (
	"bytes"
	_ "embed"
	"html/template"
	"net/http"

	"github.com/gin-gonic/gin"
	"gorm.io/gorm"

	"recourse/documents"
	"recourse/models"
)

// The page behind the QR code of a report.
var (
	//go:embed verify.html
	verifyPage string
	//go:embed verify.css
	verifyStyle []byte
	//go:embed verify.js
	verifyScript []byte
)

func verifyRoutes() []Route {
	return []Route{
		{Method: "GET", Path: "/api/v1/verify/{code}", Roles: Public, Handle: with(verifyReport), Tag: "reports", Summary: "What was issued under the code of a report's QR code"},
	}
}

func verifyReport(_ *Server, r *Request, _ none) (*documents.Verified, error) {
	return documents.Verify(r.Ctx, r.Tx, r.Param("code"))
}

// verifyView is what the page shows, in the reader's language.
type verifyView struct {
	Lang     string
	Company  string
	Report   *documents.Verified
	Issued   string
	Edition  string
	Language string
}

// T picks the wording in the page's language.
func (v verifyView) T(en, zh string) string { return models.Text{EN: en, ZH: zh}.In(v.Lang) }

// mountVerify registers the public page; its data is the API's.
func (s *Server) mountVerify(e *gin.Engine) {
	page := template.Must(template.New("verify").Parse(verifyPage))
	e.GET("/verify/:code", func(c *gin.Context) {
		switch c.Param("code") {
		case "verify.css":
			c.Data(http.StatusOK, "text/css; charset=utf-8", verifyStyle)
			return
		case "verify.js":
			c.Data(http.StatusOK, "text/javascript; charset=utf-8", verifyScript)
			return
		}
		view := verifyView{Lang: chooseLanguage(c.GetHeader("Accept-Language"), "")}
		err := s.DB.View(c.Request.Context(), func(tx *gorm.DB) (err error) {
			view.Report, err = documents.Verify(c.Request.Context(), tx, c.Param("code"))
			return err
		})
		if err != nil {
			s.problem(c, err)
			return
		}
		view.Company = s.Config.Company.In(view.Lang)
		view.Issued = view.Report.IssuedAt.In(s.Config.Location).Format("2006-01-02 15:04 MST")
		view.Edition = map[string]string{"internal": view.T("internal", "内部版"), "customer": view.T("customer", "客户版"), "supplier": view.T("supplier", "供应商版")}[view.Report.Edition]
		view.Language = map[string]string{"zh": view.T("Chinese", "中文"), "en": view.T("English", "英文"), "both": view.T("Chinese and English", "中英文")}[view.Report.Lang]
		var out bytes.Buffer
		if err := page.Execute(&out, view); err != nil {
			s.problem(c, err)
			return
		}
		c.Data(http.StatusOK, "text/html; charset=utf-8", out.Bytes())
	})
}
