package scorecards

import (
	"context"
	"crypto/sha256"
	"time"

	"gorm.io/gorm"

	"recourse/audit"
	"recourse/database"
	"recourse/models"
)

// PublishInput names the cards to publish: a period that is over, a profile, and
// suppliers, none for all with figures. Reason is needed where a card was
// published before and its figures have changed since.
type PublishInput struct {
	PeriodInput
	Profile   string      `json:"profile" validate:"max=40"`
	Suppliers []models.ID `json:"suppliers" validate:"max=5000"`
	Reason    string      `json:"reason" validate:"max=2000"`
}

// The outcomes of publishing one card.
const (
	Published = "published"
	Revised   = "revised"
	Unchanged = "unchanged" // published before, with the same figures and profile
	Differs   = "differs"   // published before with other figures; a reason is missing
)

// Publication is what became of one supplier's card.
type Publication struct {
	SupplierID   models.ID       `json:"supplier_id"`
	SupplierCode string          `json:"supplier_code"`
	ScorecardID  models.ID       `json:"scorecard_id"`
	Number       string          `json:"number"`
	Revision     int             `json:"revision"`
	Score        *models.Percent `json:"score"`
	Band         string          `json:"band"`
	Outcome      string          `json:"outcome"`
}

// Publications is what became of all cards of one publication.
type Publications struct {
	Period models.Period `json:"period"`
	Items  []Publication `json:"items"`
}

// edition is what all cards of one publication share.
type edition struct {
	query
	currency string
	reason   string
	all      population
	past     past
}

// Publish freezes the cards of a period. Each card is a transaction of its own:
// a run that was broken off is repeated, and what is published stays as it is.
func Publish(ctx context.Context, db *database.DB, by models.Actor, in PublishInput, currency string) (*Publications, error) {
	if err := mayPublish(by); err != nil {
		return nil, err
	}
	if err := CatchUp(ctx, db, currency, today(by.At)); err != nil {
		return nil, err
	}
	e := edition{currency: currency, reason: in.Reason}
	suppliers := in.Suppliers
	err := db.View(ctx, func(tx *gorm.DB) (err error) {
		if e.query, err = (RankInput{PeriodInput: in.PeriodInput, Profile: in.Profile}).read(ctx, tx, by); err != nil {
			return err
		}
		if err := e.over(ctx, tx, by); err != nil {
			return err
		}
		if e.all, err = populationOf(ctx, tx, e.period, e.scope); err != nil {
			return err
		}
		if e.past, err = history(ctx, tx, e.query); err != nil {
			return err
		}
		suppliers, err = e.suppliers(ctx, tx, suppliers)
		return err
	})
	if err != nil {
		return nil, err
	}
	out := &Publications{Period: e.period, Items: []Publication{}}
	for _, s := range suppliers {
		var p *Publication
		err := db.Tx(ctx, func(tx *gorm.DB) (err error) {
			p, err = e.publish(ctx, tx, by, s)
			return err
		})
		if err != nil {
			return out, err
		}
		out.Items = append(out.Items, *p)
	}
	return out, nil
}

// unsealedFor is how long an act may wait for its seal, and so for being counted,
// without the cards of a period that is over being held up.
const unsealedFor = time.Minute

// over refuses a period that still runs, and one whose figures lag behind.
func (e edition) over(ctx context.Context, tx *gorm.DB, by models.Actor) error {
	if now := models.MonthOf(today(by.At)); e.period.To >= now {
		return models.Invalid("period", "The period ends with %s, which is not over: publish it from the first of the month after.", "期间截至 %s，尚未结束：请在次月一日起发布。", e.period.To)
	}
	var waiting int64
	err := tx.WithContext(ctx).Table("audit_unsealed").Joins("JOIN audit_entries ON audit_entries.id = audit_unsealed.entry_id").
		Where("audit_entries.at < ?", by.At.Add(-unsealedFor).UTC()).Count(&waiting).Error
	if err == nil && waiting > 0 {
		err = models.Conflict("", "%d changes are not counted yet, since they wait for their seal: see that a server runs, and try again.", "还有 %d 项变更因等待封存而未计入：请确认服务正在运行后重试。", waiting)
	}
	return err
}

// CatchUp follows the audit chain to its end.
func CatchUp(ctx context.Context, db *database.DB, base string, today models.Date) error {
	for {
		n, err := Follow(ctx, db, base, today, 500)
		if err != nil || n == 0 {
			return err
		}
	}
}

// suppliers are those asked for, or all with figures in the period.
func (e edition) suppliers(ctx context.Context, tx *gorm.DB, asked []models.ID) ([]models.ID, error) {
	if len(asked) == 0 {
		for _, m := range e.all.members {
			asked = append(asked, m.SupplierID)
		}
		return asked, nil
	}
	known, err := suppliersOf(ctx, tx)
	for n, id := range asked {
		if _, is := known[id]; !is && err == nil {
			err = models.Invalid("suppliers["+itoa(n)+"]", "There is no supplier with this id.", "没有此编号的供应商。")
		}
	}
	return asked, err
}

// publish freezes one card, unless it stands already.
func (e edition) publish(ctx context.Context, tx *gorm.DB, by models.Actor, supplier models.ID) (*Publication, error) {
	s, err := supplierOf(ctx, tx, supplier)
	if err != nil {
		return nil, err
	}
	content, err := e.content(ctx, tx, by, *s)
	if err != nil {
		return nil, err
	}
	last, err := e.published(ctx, tx, supplier)
	if err != nil {
		return nil, err
	}
	if last != nil && !changed(last.Content, *content) {
		return publication(*s, *last, Unchanged), nil
	}
	if last != nil && e.reason == "" {
		return publication(*s, *last, Differs), nil
	}
	card, err := e.store(ctx, tx, by, *content, last)
	if err != nil {
		return nil, err
	}
	if last != nil {
		return publication(*s, *card, Revised), nil
	}
	return publication(*s, *card, Published), nil
}

// content is everything the card will say.
func (e edition) content(ctx context.Context, tx *gorm.DB, by models.Actor, s models.Party) (*models.CardContent, error) {
	card := e.all.card(s, e.query, e.currency)
	card.Trend = e.past.trend(s.ID)
	card.Peers = peersOf(e.past[len(e.past)-1].rows, s.ID)
	var err error
	if card.Pareto, err = pareto(ctx, tx, s.ID, e.query); err != nil {
		return nil, err
	}
	if card.Claims, err = claimsOf(ctx, tx, s.ID, e.period); err != nil {
		return nil, err
	}
	return card, addRecords(ctx, tx, card, today(by.At))
}

// published is the newest card of the supplier and period, if there is one.
func (e edition) published(ctx context.Context, tx *gorm.DB, supplier models.ID) (*models.Scorecard, error) {
	rows, err := gorm.G[models.Scorecard](tx).Where("supplier_id = ? AND period_kind = ? AND to_month = ?", supplier, e.period.Kind, e.period.To).
		Order("revision DESC").Limit(1).Find(ctx)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	return &rows[0], nil
}

// changed reports whether a card has to be revised: its own figures are others,
// or it is scored by another profile. That another supplier's figures moved the
// population is no reason.
func changed(old, now models.CardContent) bool {
	return old.Counts != now.Counts || old.ProfileCode != now.ProfileCode || old.ProfileNo != now.ProfileNo || old.Formula != now.Formula
}

// store inserts the card, as the next revision where one stands before it.
func (e edition) store(ctx context.Context, tx *gorm.DB, by models.Actor, content models.CardContent, last *models.Scorecard) (*models.Scorecard, error) {
	if err := stored(ctx, tx, by, e.profile); err != nil {
		return nil, err
	}
	text, err := toJSON(content)
	if err != nil {
		return nil, err
	}
	c := models.Scorecard{
		ID: models.NewID(), SupplierID: content.SupplierID, PeriodKind: e.period.Kind, FromMonth: e.period.From, ToMonth: e.period.To, ProfileID: e.profile.ID,
		Score: content.Result.Score, Band: content.Result.Band, Content: content, ContentHash: sha256.Sum256([]byte(text)),
		PublishedAt: models.Now(by.At), PublishedBy: userOf(by), PublisherName: by.Name, CreatedAt: models.Now(by.At),
	}
	if last == nil {
		c.Number, err = database.NextNumber(ctx, tx, "SR", by.At.Year())
	} else {
		c.Number, c.Revision, c.Reason = last.Number, last.Revision+1, e.reason
	}
	if err != nil {
		return nil, err
	}
	if err := gorm.G[models.Scorecard](tx).Create(ctx, &c); err != nil {
		return nil, err
	}
	if last != nil {
		err = tx.WithContext(ctx).Model(&models.Scorecard{}).Where("id = ?", last.ID).UpdateColumn("superseded_by_id", c.ID).Error
		if err != nil {
			return nil, err
		}
	}
	return &c, audit.Record(ctx, tx, by, "publish", "scorecard", c.ID, map[string]any{"number": c.Number, "revision": c.Revision, "reason": c.Reason, "content_hash": c.ContentHash})
}

func publication(s models.Party, c models.Scorecard, outcome string) *Publication {
	return &Publication{SupplierID: s.ID, SupplierCode: s.Code, ScorecardID: c.ID, Number: c.Number, Revision: c.Revision, Score: c.Score, Band: c.Band, Outcome: outcome}
}

// Unpublished lists the suppliers with figures in the twelve months that are over
// of which no card was published yet.
func Unpublished(ctx context.Context, tx *gorm.DB, by models.Actor) ([]models.ID, error) {
	period, err := PeriodInput{}.parse(today(by.At))
	if err != nil {
		return nil, err
	}
	var out []models.ID
	err = tx.WithContext(ctx).Model(&models.SupplierMonth{}).Distinct("supplier_id").
		Where("product_id = ? AND month BETWEEN ? AND ?", models.AllProducts, period.From, period.To).
		Where("supplier_id NOT IN (SELECT supplier_id FROM scorecards WHERE period_kind = ? AND to_month = ?)", period.Kind, period.To).
		Order("supplier_id").Pluck("supplier_id", &out).Error
	return out, err
}
