package independence

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"gorm.io/gorm"

	"recourse/audit"
	"recourse/database"
	"recourse/models"
)

// Aside says who set a hint aside, when and why.
type Aside struct {
	Reason string     `json:"reason"`
	By     *models.ID `json:"by"`
	ByName string     `json:"by_name"`
	At     time.Time  `json:"at"`
}

// SetAsideInput sets a hint of this question aside.
type SetAsideInput struct {
	Asked
	Reason string `json:"reason" validate:"required,max=2000"`
}

// ReopenInput shows a hint again that was set aside.
type ReopenInput struct {
	Reason string `json:"reason" validate:"required,max=2000"`
}

// SetAside keeps a hint, as it is shown for the question, with the reason why it
// needs no further asking, and answers it. It is not shown again; new visits
// that repeat the matter make a new hint. With the same reason again it is the same answer.
func SetAside(ctx context.Context, tx *gorm.DB, by models.Actor, id models.ID, in SetAsideInput) (*Hint, error) {
	if err := mayAsk(by); err != nil {
		return nil, err
	}
	if strings.TrimSpace(in.Reason) == "" {
		return nil, models.Invalid("reason", "Give the reason.", "请填写理由。")
	}
	before, err := asideByID(ctx, tx, id)
	switch {
	case err == nil && before.Reason == in.Reason:
		return asShown(*before)
	case err == nil:
		return nil, models.Conflict("reason", "This hint is set aside already (“%s”): reopen it first.", "此提示已搁置（“%s”）：请先重新打开。", before.Reason)
	case !models.IsCode(err, models.CodeNotFound):
		return nil, err
	}
	asked, err := in.settle(by)
	if err != nil {
		return nil, err
	}
	s, err := read(ctx, tx, asked)
	if err != nil {
		return nil, err
	}
	hints, err := s.search(ctx, tx, "")
	if err != nil {
		return nil, err
	}
	n := slices.IndexFunc(hints, func(h Hint) bool { return h.ID == id })
	if n < 0 {
		return nil, models.NotFound("hint", "提示")
	}
	return keepAside(ctx, tx, by, &hints[n], in.Reason)
}

func keepAside(ctx context.Context, tx *gorm.DB, by models.Actor, h *Hint, reason string) (*Hint, error) {
	content, err := json.Marshal(h)
	if err != nil {
		return nil, fmt.Errorf("keep a hint: %w", err)
	}
	row := models.HintSetAside{ID: h.ID, Kind: string(h.Kind), Subject: h.subject, Through: h.Inspections[len(h.Inspections)-1].InspectedOn,
		Content: string(content), Reason: reason, SetAsideByName: by.Name, SetAsideAt: models.Now(by.At)}
	if h.Digits != nil {
		row.InspectorID = &h.Digits.InspectorID
	}
	if !by.UserID.IsZero() {
		row.SetAsideBy = &by.UserID
	}
	if err := gorm.G[models.HintSetAside](tx).Create(ctx, &row); err != nil {
		return nil, err
	}
	h.SetAside = aside(row)
	return h, audit.Record(ctx, tx, by, "set_aside", "hint", h.ID, map[string]any{"kind": h.Kind, "reason": reason, "text": h.Text, "inspections": numbers(h)})
}

// Reopen shows a hint again that was set aside, and answers it.
func Reopen(ctx context.Context, tx *gorm.DB, by models.Actor, id models.ID, in ReopenInput) (*Hint, error) {
	if err := mayAsk(by); err != nil {
		return nil, err
	}
	if strings.TrimSpace(in.Reason) == "" {
		return nil, models.Invalid("reason", "Give the reason.", "请填写理由。")
	}
	row, err := asideByID(ctx, tx, id)
	if err != nil {
		return nil, err
	}
	h, err := asShown(*row)
	if err != nil {
		return nil, err
	}
	if _, err := gorm.G[models.HintSetAside](tx).Where("id = ?", id).Delete(ctx); err != nil {
		return nil, err
	}
	h.SetAside = nil
	return h, audit.Record(ctx, tx, by, "reopen", "hint", id, map[string]any{"kind": h.Kind, "reason": in.Reason, "set_aside_for": row.Reason, "inspections": numbers(h)})
}

func numbers(h *Hint) []string {
	var out []string
	for _, v := range h.Inspections {
		out = append(out, v.Number)
	}
	return out
}

func aside(row models.HintSetAside) *Aside {
	return &Aside{Reason: row.Reason, By: row.SetAsideBy, ByName: row.SetAsideByName, At: row.SetAsideAt}
}

func asideByID(ctx context.Context, tx *gorm.DB, id models.ID) (*models.HintSetAside, error) {
	return database.Take[models.HintSetAside](ctx, tx, "hint that was set aside", "已搁置的提示", "id = ?", id)
}

// asShown is the hint as it was when it was set aside.
func asShown(row models.HintSetAside) (*Hint, error) {
	h := &Hint{}
	if err := json.Unmarshal([]byte(row.Content), h); err != nil {
		return nil, fmt.Errorf("read hint %s: %w", row.ID, err)
	}
	h.SetAside = aside(row)
	return h, nil
}

// markAside drops the hints that were set aside, or marks them and adds those
// that are no longer found, such as digits whose readings don't count again.
func (s *scope) markAside(ctx context.Context, tx *gorm.DB, in Asked, q Question, hints []Hint) ([]Hint, error) {
	rows, err := gorm.G[models.HintSetAside](tx).Where("through BETWEEN ? AND ?", in.From, in.To).Order("through, id").Find(ctx)
	if err != nil {
		return nil, err
	}
	var found []models.ID
	for _, h := range hints {
		found = append(found, h.ID)
	}
	for some := range slices.Chunk(found, chunk) { // hints that rest on visits after the period
		more, err := gorm.G[models.HintSetAside](tx).Where("id IN ? AND (through < ? OR through > ?)", some, in.From, in.To).Find(ctx)
		if err != nil {
			return nil, err
		}
		rows = append(rows, more...)
	}
	kept := map[models.ID]bool{}
	for n := range rows {
		kept[rows[n].ID] = true
	}
	hints = slices.DeleteFunc(hints, func(h Hint) bool { return kept[h.ID] })
	if !q.SetAside {
		return hints, nil
	}
	asked := map[models.ID]bool{}
	for _, v := range s.visits {
		asked[v.ID] = true
	}
	for n := range rows {
		if q.Kind != "" && string(q.Kind) != rows[n].Kind {
			continue
		}
		h, err := asShown(rows[n])
		if err != nil {
			return nil, err
		}
		if slices.ContainsFunc(h.Inspections, func(v Visit) bool { return asked[v.ID] }) {
			hints = append(hints, *h)
		}
	}
	slices.SortFunc(hints, strongest)
	return hints, nil
}

// digitsAside says through which day the readings of an inspector's hint were
// looked into and set aside, by the hint's subject.
func (s *scope) digitsAside(ctx context.Context, tx *gorm.DB) (map[models.ID]models.Date, error) {
	var people []models.ID
	for id := range s.names {
		people = append(people, id)
	}
	through := map[models.ID]models.Date{}
	for some := range slices.Chunk(people, chunk) {
		rows, err := gorm.G[models.HintSetAside](tx).Where("inspector_id IN ? AND kind = ?", some, string(DigitHabit)).Find(ctx)
		if err != nil {
			return nil, err
		}
		for _, r := range rows {
			through[r.Subject] = max(through[r.Subject], r.Through)
		}
	}
	return through, nil
}
