package independence

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"

	"gorm.io/gorm"

	"recourse/database"
	"recourse/models"
)

// openDays is the longest period of a question about everybody.
const openDays = 31

// Asked says whose visits are in question, by the day of the visit. At least one
// of supplier and inspector is named, or the period has at most 31 days; it never
// has more than twelve months. Without dates it is the last twelve months, or 31 days, before today.
type Asked struct {
	SupplierID  *models.ID  `json:"supplier"`
	InspectorID *models.ID  `json:"inspector"`
	From        models.Date `json:"from"`
	To          models.Date `json:"to"`
}

// Question asks for a page of hints.
type Question struct {
	Asked
	Kind     Kind   `json:"kind" validate:"omitempty,oneof=copied_readings digits reused_photo similar_photo photo_time photo_place travel haste clock"`
	SetAside bool   `json:"set_aside"` // also those that were set aside
	Limit    int    `json:"limit" validate:"omitempty,min=1,max=200"`
	Cursor   string `json:"cursor" validate:"max=60"`
}

// settle fills in what was not given, and refuses a period that is too long.
func (a Asked) settle(by models.Actor) (Asked, error) {
	open := a.SupplierID == nil && a.InspectorID == nil
	if a.To.IsZero() {
		a.To = models.DateOf(by.At)
	}
	if a.From.IsZero() {
		a.From = models.DateOf(a.To.Time().AddDate(-1, 0, 1))
		if open {
			a.From = a.To.AddDays(1 - openDays)
		}
	}
	switch {
	case a.From > a.To:
		return a, models.Invalid("from", "The period begins after its end: exchange from and to.", "开始日期晚于结束日期：请调换。")
	case !a.To.Time().Before(a.From.Time().AddDate(1, 0, 0)):
		return a, models.Invalid("to", "The period is longer than twelve months: shorten it.", "时间范围超过十二个月：请缩短。")
	case open && !a.To.Time().Before(a.From.Time().AddDate(0, 0, openDays)):
		return a, models.Invalid("supplier", "Name a supplier or an inspector, or ask for at most %d days.", "请指定供应商或验货员，或将时间范围缩短到 %d 天以内。", openDays)
	}
	return a, nil
}

// mayAsk refuses who sees only some customers' records: a hint compares visits across all of them.
func mayAsk(by models.Actor) error {
	if by.OwnOnly || !by.Is(models.Purchasing) {
		return models.Errorf(models.CodeForbidden, "", "These hints compare the visits of all customers: ask a colleague in purchasing who sees all of them.",
			"这些提示涉及所有客户的验货：请由可查看全部客户的采购同事查询。")
	}
	return nil
}

// Find computes a page of the hints in question, the strongest first. What was
// set aside is left out unless it is asked for.
func Find(ctx context.Context, tx *gorm.DB, by models.Actor, q Question) (database.Page[Hint], error) {
	page := database.Page[Hint]{Items: []Hint{}}
	if err := mayAsk(by); err != nil {
		return page, err
	}
	asked, err := q.settle(by)
	if err != nil {
		return page, err
	}
	after, err := readCursor(q.Cursor)
	if err != nil {
		return page, err
	}
	s, err := read(ctx, tx, asked)
	if err != nil {
		return page, err
	}
	hints, err := s.search(ctx, tx, q.Kind)
	if err != nil {
		return page, err
	}
	if hints, err = s.markAside(ctx, tx, asked, q, hints); err != nil {
		return page, err
	}
	if after != nil {
		hints = hints[sortedAfter(hints, *after):]
	}
	limit := cmp.Or(q.Limit, 50)
	if len(hints) > limit {
		hints = hints[:limit]
		last := hints[limit-1]
		page.NextCursor = strconv.FormatFloat(last.Strength.Value, 'f', 1, 64) + "_" + last.ID.String()
	}
	page.Items = append(page.Items, hints...)
	return page, nil
}

func sortedAfter(hints []Hint, last Hint) int {
	n, found := slices.BinarySearchFunc(hints, last, strongest)
	if found {
		n++
	}
	return n
}

// readCursor reads the place in the order that a page ended at; nil for the first page.
func readCursor(text string) (*Hint, error) {
	if text == "" {
		return nil, nil
	}
	value, rest, _ := strings.Cut(text, "_")
	v, err := strconv.ParseFloat(value, 64)
	id, bad := models.ParseID("cursor", rest)
	if err != nil || bad != nil || v != v {
		return nil, models.Errorf(models.CodeMalformed, "cursor", "The cursor is not one of this list: take it from next_cursor.", "游标不属于此列表：请使用 next_cursor 的值。")
	}
	return &Hint{ID: id, Strength: Strength{Value: v}}, nil
}
