package server

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"

	"github.com/gin-gonic/gin"

	"recourse/database"
	"recourse/models"
	"recourse/sampling"
)

// Problem is the one form of error (RFC 9457).
type Problem struct {
	Type      string         `json:"type"` // urn:recourse:problem:CODE
	Title     string         `json:"title"`
	Status    int            `json:"status"`
	Detail    string         `json:"detail"`
	Code      models.Code    `json:"code"`
	Field     string         `json:"field,omitempty"`
	RequestID string         `json:"request_id"`
	Current   map[string]any `json:"current,omitempty"`
}

// codeInternal is the code of everything that isn't the user's business.
const codeInternal models.Code = "internal"

type kind struct {
	status int
	title  models.Text
}

// kinds maps each code to its status and title.
var kinds = map[models.Code]kind{
	models.CodeInvalid:         {http.StatusUnprocessableEntity, models.Text{EN: "A value is refused", ZH: "值无效"}},
	models.CodeMalformed:       {http.StatusBadRequest, models.Text{EN: "The request can't be read", ZH: "请求无法读取"}},
	models.CodeUnauthenticated: {http.StatusUnauthorized, models.Text{EN: "Not signed in", ZH: "未登录"}},
	models.CodeForbidden:       {http.StatusForbidden, models.Text{EN: "Not allowed", ZH: "无权限"}},
	models.CodeNotFound:        {http.StatusNotFound, models.Text{EN: "Not found", ZH: "未找到"}},
	codeMethod:                 {http.StatusMethodNotAllowed, models.Text{EN: "Method not allowed", ZH: "不支持的方法"}},
	models.CodeConflict:        {http.StatusConflict, models.Text{EN: "Not possible in this state", ZH: "当前状态不允许"}},
	models.CodeStale:           {http.StatusPreconditionFailed, models.Text{EN: "Changed in the meantime", ZH: "已被他人修改"}},
	models.CodeTooLarge:        {http.StatusRequestEntityTooLarge, models.Text{EN: "Too large", ZH: "过大"}},
	models.CodeUnsupported:     {http.StatusUnsupportedMediaType, models.Text{EN: "Type not supported", ZH: "不支持的类型"}},
	models.CodePrecondition:    {http.StatusPreconditionRequired, models.Text{EN: "Version required", ZH: "需要版本号"}},
	models.CodeTooMany:         {http.StatusTooManyRequests, models.Text{EN: "Too many attempts", ZH: "尝试次数过多"}},
	models.CodeUnavailable:     {http.StatusServiceUnavailable, models.Text{EN: "Not available now", ZH: "暂时不可用"}},
	models.CodeStorageFull:     {http.StatusInsufficientStorage, models.Text{EN: "Storage is full", ZH: "存储空间已满"}},
	codeInternal:               {http.StatusInternalServerError, models.Text{EN: "Internal error", ZH: "内部错误"}},
}

// codeMethod is the code of a path that exists with another method.
const codeMethod models.Code = "method_not_allowed"

func errMethod() error {
	return models.Errorf(codeMethod, "", "This address exists, but not with this method: see the Allow header.", "此地址存在，但不支持该方法：参见 Allow 头。")
}

// known turns an error into one that can be shown; nil when it is internal.
func known(err error) *models.Error {
	var refused *sampling.Error
	if errors.As(err, &refused) {
		return models.Invalid(refused.Field, "%[1]s.", "%[2]s。", refused.EN, refused.ZH)
	}
	if errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled) {
		return models.Errorf(models.CodeUnavailable, "", "It took too long and was given up: try again shortly.", "处理超时，已放弃：请稍后重试。")
	}
	var e *models.Error
	if errors.As(database.Err(err), &e) {
		if _, listed := kinds[e.Code]; listed {
			return e
		}
	}
	return nil
}

// problem answers with an error. What isn't known is logged once and shown as internal.
func (s *Server) problem(c *gin.Context, err error) {
	e := known(err)
	if e == nil {
		s.Log.Error("internal error", "route", c.FullPath(), "user", c.GetString(keyUser), "request_id", c.GetString(keyRequestID), "error", err.Error())
		e = models.Errorf(codeInternal, "", "Something went wrong here. It is logged under the request's id.", "服务器内部错误，已按请求编号记录。")
	}
	k := kinds[e.Code]
	lang := c.GetString(keyLang)
	if lang == "" {
		lang = chooseLanguage(c.GetHeader("Accept-Language"), "")
	}
	h := c.Writer.Header()
	switch e.Code {
	case models.CodeUnavailable:
		h.Set("Retry-After", "2")
	case models.CodeTooMany:
		if seconds, ok := e.Current["retry_after"].(int); ok {
			h.Set("Retry-After", strconv.Itoa(seconds))
		}
	case models.CodeUnauthenticated:
		h.Set("WWW-Authenticate", `Bearer realm="recourse"`)
	}
	body, _ := json.Marshal(Problem{ // plain values cannot fail
		Type: "urn:recourse:problem:" + string(e.Code), Title: k.title.In(lang), Status: k.status, Detail: e.Message.In(lang),
		Code: e.Code, Field: e.Field, RequestID: c.GetString(keyRequestID), Current: e.Current,
	})
	h.Set("Content-Type", "application/problem+json")
	h.Set("Content-Language", lang)
	c.Status(k.status)
	_, _ = c.Writer.Write(body) // the reader may be gone
	c.Abort()
}
