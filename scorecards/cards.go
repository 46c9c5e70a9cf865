package scorecards

import (
	"context"
	"crypto/sha256"
	"time"

	"gorm.io/gorm"

	"recourse/database"
	"recourse/models"
)

// CardList is what a list of published cards may be filtered and sorted by.
var CardList = database.List{
	Default: "-id",
	Sorts:   []string{"id"},
	Filters: map[string]database.Filter{
		"supplier_id": {SQL: "scorecards.supplier_id = ?", Kind: database.FilterID},
		"kind":        {SQL: "scorecards.period_kind = ?", Values: []string{"month", "quarter", "year", "rolling"}},
		"month":       {SQL: "scorecards.to_month = ?"},
		"band":        {SQL: "scorecards.band = ?"},
		"number":      {SQL: "scorecards.number = ?"},
		"newest":      {SQL: "(scorecards.superseded_by_id IS NULL) = ?", Kind: database.FilterBool},
	},
}

// CardRow is a published card in a list, without its content.
type CardRow struct {
	ID             models.ID       `json:"id"`
	Number         string          `json:"number"`
	Revision       int             `json:"revision"`
	Reason         string          `json:"reason"`
	SupersededByID *models.ID      `json:"superseded_by_id"`
	SupplierID     models.ID       `json:"supplier_id"`
	PeriodKind     string          `json:"period_kind"`
	FromMonth      models.Month    `json:"from_month"`
	ToMonth        models.Month    `json:"to_month"`
	Score          *models.Percent `json:"score"`
	Band           string          `json:"band"`
	PublishedAt    time.Time       `json:"published_at"`
	PublisherName  string          `json:"publisher_name"`
}

// TableName is scorecards.
func (CardRow) TableName() string { return "scorecards" }

// List reads one page of the published cards.
func List(ctx context.Context, tx *gorm.DB, by models.Actor, q database.Query) (database.Page[CardRow], error) {
	if err := mayRead(by); err != nil {
		return database.Page[CardRow]{}, err
	}
	return database.Find[CardRow](ctx, tx.Model(&CardRow{}), CardList, q)
}

// Get loads a published card as it was frozen.
func Get(ctx context.Context, tx *gorm.DB, by models.Actor, id models.ID) (*models.Scorecard, error) {
	if err := mayRead(by); err != nil {
		return nil, err
	}
	card, err := database.Take[models.Scorecard](ctx, tx, "scorecard", "供应商评分", "id = ?", id)
	if err == nil {
		forReader(&card.Content, by)
	}
	return card, err
}

// Difference is a published card whose figures are others by today's records,
// such as after an inspection that a phone sent late.
type Difference struct {
	Card      CardRow               `json:"card"`
	Published models.SupplierCounts `json:"published"`
	Now       models.SupplierCounts `json:"now"`
}

// Differing lists the published cards of a period that a new revision would change.
func Differing(ctx context.Context, tx *gorm.DB, by models.Actor, in PeriodInput) ([]Difference, error) {
	if err := mayRead(by); err != nil {
		return nil, err
	}
	period, err := in.parse(today(by.At))
	if err != nil {
		return nil, err
	}
	cards, err := gorm.G[models.Scorecard](tx).Where("period_kind = ? AND to_month = ? AND superseded_by_id IS NULL", period.Kind, period.To).Order("number").Find(ctx)
	if err != nil {
		return nil, err
	}
	all, err := populationOf(ctx, tx, period, Scope{})
	out := []Difference{}
	for _, c := range cards {
		if now := all.find(c.SupplierID).SupplierCounts; now != c.Content.Counts {
			row := CardRow{c.ID, c.Number, c.Revision, c.Reason, nil, c.SupplierID, c.PeriodKind, c.FromMonth, c.ToMonth, c.Score, c.Band, c.PublishedAt, c.PublisherName}
			d := Difference{row, c.Content.Counts, now}
			if !by.SeesPrices() {
				hideAmounts(&d.Published, nil)
				hideAmounts(&d.Now, nil)
			}
			out = append(out, d)
		}
	}
	return out, err
}

// CheckCards recomputes the hash of every published card's content and calls
// problem for each that does not hold. It returns how many there are.
func CheckCards(ctx context.Context, tx *gorm.DB, problem func(string)) (int, error) {
	count := 0
	var rows []models.Scorecard
	err := tx.WithContext(ctx).FindInBatches(&rows, 100, func(*gorm.DB, int) error {
		for _, c := range rows {
			count++
			text, err := toJSON(c.Content)
			if err != nil {
				return err
			}
			if sha256.Sum256([]byte(text)) != [32]byte(c.ContentHash) {
				problem("scorecard " + c.Number + " revision " + itoa(c.Revision) + " was changed")
			}
		}
		return nil
	}).Error
	return count, err
}
