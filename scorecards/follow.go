package scorecards

import (
	"context"
	"slices"

	"gorm.io/gorm"

	"recourse/audit"
	"recourse/database"
	"recourse/models"
)

// mark is a place that the roll-up has reached. Who moves one names the place it
// left, so that of two who follow at once one writes nothing.
type mark struct {
	ID  int `gorm:"primaryKey"`
	Seq int64
	Day models.Date
}

// TableName is scorecard_cursor.
func (mark) TableName() string { return "scorecard_cursor" }

const (
	// followed: up to which seal of the audit chain, and up to which day, for the
	// steps of corrective actions that fall due.
	followed = 1
	// sweep: how many suppliers are computed anew, in the order of their ids, and
	// the first day of the month it is about, or of the earliest for all months. It
	// is there until the last one is done, so a sweep goes on where it was stopped.
	sweep = 2
)

// marks reads both marks; a zero ID is one that isn't there.
func marks(ctx context.Context, tx *gorm.DB) (at, sweeping mark, err error) {
	rows, err := gorm.G[mark](tx).Find(ctx)
	for _, m := range rows {
		switch m.ID {
		case followed:
			at = m
		case sweep:
			sweeping = m
		}
	}
	return at, sweeping, err
}

// move takes the mark to its next place.
func (m mark) move(ctx context.Context, tx *gorm.DB, next mark) error {
	r := tx.WithContext(ctx).Model(&mark{}).Where("id = ? AND seq = ? AND day = ?", m.ID, m.Seq, m.Day).
		UpdateColumns(map[string]any{"seq": next.Seq, "day": next.Day})
	if r.Error == nil && r.RowsAffected != 1 {
		return models.Errorf(models.CodeUnavailable, "", "Another process computes the scorecards: try again.", "另一进程正在计算评分：请重试。")
	}
	return r.Error
}

// Waiting reports whether Follow has something to do, without writing anything.
func Waiting(ctx context.Context, tx *gorm.DB, today models.Date) (bool, error) {
	at, sweeping, err := marks(ctx, tx)
	if err != nil || at.ID == 0 || sweeping.ID != 0 || at.Day < today {
		return err == nil, err
	}
	head, err := audit.Head(ctx, tx)
	return head.Seq > at.Seq, err
}

// Pending counts the changes, of anything, that the roll-up has not followed yet.
func Pending(ctx context.Context, tx *gorm.DB) (int64, error) {
	at, sweeping, err := marks(ctx, tx)
	if err != nil {
		return 0, err
	}
	head, err := audit.Head(ctx, tx)
	if err != nil {
		return 0, err
	}
	var unsealed int64
	err = tx.WithContext(ctx).Table("audit_unsealed").Count(&unsealed).Error
	pending := max(head.Seq-at.Seq, 0) + unsealed
	if sweeping.ID != 0 {
		pending++
	}
	return pending, err
}

// Rebuild computes all months of all suppliers anew, in a transaction per
// supplier, and follows the changes from now on.
func Rebuild(ctx context.Context, db *database.DB, base string, today models.Date) error {
	if err := begin(ctx, db, today); err != nil {
		return err
	}
	for {
		var sweeping mark
		err := db.View(ctx, func(tx *gorm.DB) (err error) {
			_, sweeping, err = marks(ctx, tx)
			return err
		})
		if err != nil || sweeping.ID == 0 {
			return err
		}
		if _, err := sweepOn(ctx, db, base, today, sweeping, 100); err != nil {
			return err
		}
	}
}

// begin takes the place at the head of the chain and starts a sweep. What is
// changed while it goes on stands behind that place, and is followed afterwards.
func begin(ctx context.Context, db *database.DB, today models.Date) error {
	return db.Tx(ctx, func(tx *gorm.DB) error {
		head, err := audit.Head(ctx, tx)
		if err != nil {
			return err
		}
		if _, err := gorm.G[mark](tx).Where("id IN ?", []int{followed, sweep}).Delete(ctx); err != nil {
			return err
		}
		return tx.WithContext(ctx).Create([]mark{{followed, head.Seq, today}, {sweep, 0, earliest.First()}}).Error
	})
}

// Follow brings the roll-up up to the changes that the audit chain holds, at most
// limit of them, and returns how many steps it made: 0 when nothing is left.
// Where nothing was followed yet it begins with all months of all suppliers, and
// goes on with these, limit suppliers at a time. Figures are computed on a
// snapshot; the transactions that store them, with the place reached, are short,
// and what a stopped run has stored stays.
func Follow(ctx context.Context, db *database.DB, base string, today models.Date, limit int) (int, error) {
	var at, sweeping mark
	var entries []entry
	var due, of []task
	err := db.View(ctx, func(tx *gorm.DB) (err error) {
		if at, sweeping, err = marks(ctx, tx); err != nil || at.ID == 0 || sweeping.ID != 0 {
			return err
		}
		if entries, err = entriesAfter(ctx, tx, at.Seq, limit); err != nil {
			return err
		}
		if of, err = concerned(ctx, tx, entries); err != nil || at.Day >= today {
			return err
		}
		due, err = fellDue(ctx, tx, at.Day, today)
		return err
	})
	switch {
	case err != nil:
		return 0, err
	case at.ID == 0:
		return 1, begin(ctx, db, today)
	case sweeping.ID != 0:
		return sweepOn(ctx, db, base, today, sweeping, limit)
	}
	f := follower{db: db, base: base, today: today, at: at}
	done := 0
	if at.Day < today {
		next := at
		next.Day, done = today, 1
		if err := f.store(ctx, due, next); err != nil {
			return 0, err
		}
	}
	n, err := f.entries(ctx, entries, of)
	return done + n, err
}

// follower is on its way along the chain.
type follower struct {
	db    *database.DB
	base  string
	today models.Date
	at    mark
}

// together bounds the suppliers that are computed before the place is stored.
const together = 16

// entries follows entries in their order. of is whom each concerns. A rate, which
// concerns everybody, starts a sweep and ends the walk.
func (f *follower) entries(ctx context.Context, entries []entry, of []task) (int, error) {
	byEntry := map[models.ID][]task{}
	for _, t := range of {
		byEntry[t.because] = append(byEntry[t.because], t)
	}
	var tasks []task
	suppliers := map[models.ID]bool{}
	next := f.at
	for n, e := range entries {
		if e.Entity == rateEntity {
			if err := f.store(ctx, tasks, next); err != nil {
				return 0, err
			}
			return n + 1, f.sweepRates(ctx, entries[n:], byEntry)
		}
		next.Seq = e.Seq
		for _, t := range byEntry[e.EntityID] {
			tasks, suppliers[t.supplier] = append(tasks, t), true
		}
		if len(suppliers) < together && n+1 < len(entries) {
			continue
		}
		if err := f.store(ctx, tasks, next); err != nil {
			return 0, err
		}
		tasks = nil
		clear(suppliers)
	}
	return len(entries), nil
}

// store computes what the tasks ask for and writes it with the next place.
func (f *follower) store(ctx context.Context, tasks []task, next mark) error {
	if next == f.at {
		return nil
	}
	var changes []change
	err := f.db.View(ctx, func(tx *gorm.DB) error {
		changes = nil
		for _, a := range merge(tasks) {
			c, err := recompute(ctx, tx, f.base, f.today, a.span, a.part)
			if err != nil {
				return err
			}
			changes = append(changes, c)
		}
		return nil
	})
	if err != nil {
		return err
	}
	err = f.db.Tx(ctx, func(tx *gorm.DB) error {
		if err := f.at.move(ctx, tx, next); err != nil {
			return err
		}
		for _, c := range changes {
			if err := c.write(ctx, tx); err != nil {
				return err
			}
		}
		return nil
	})
	if err == nil {
		f.at = next
	}
	return err
}

// sweepRates passes the rates that stand one after the other and starts one
// sweep for them: of their month, or of all where they are of several.
func (f *follower) sweepRates(ctx context.Context, entries []entry, byEntry map[models.ID][]task) error {
	next, month := f.at, models.Month("")
	for _, e := range entries {
		if e.Entity != rateEntity {
			break
		}
		next.Seq = e.Seq
		for _, t := range byEntry[e.EntityID] {
			if month == "" {
				month = t.month
			} else if month != t.month {
				month = earliest
			}
		}
	}
	return f.db.Tx(ctx, func(tx *gorm.DB) error {
		if err := f.at.move(ctx, tx, next); err != nil || month == "" {
			return err
		}
		return tx.WithContext(ctx).Create(&mark{sweep, 0, month.First()}).Error
	})
}

// sweepOn computes the next suppliers of a sweep, at most limit of them.
func sweepOn(ctx context.Context, db *database.DB, base string, today models.Date, at mark, limit int) (int, error) {
	var suppliers, with []models.ID
	month := models.MonthOf(at.Day)
	err := db.View(ctx, func(tx *gorm.DB) error {
		err := tx.Model(&models.Party{}).Where("kind = ?", models.PartySupplier).Order("id").Offset(int(at.Seq)).Limit(limit).Pluck("id", &suppliers).Error
		if err != nil || month == earliest {
			return err
		}
		return tx.Model(&models.SupplierMonth{}).Where("product_id = ? AND month = ?", models.AllProducts, month).Pluck("supplier_id", &with).Error
	})
	if err != nil {
		return 0, err
	}
	for _, supplier := range suppliers {
		s, p := span{supplier, month, month}, ofTrade
		if month == earliest {
			s.to, p = latest, everything
		} else if !slices.Contains(with, supplier) {
			s = span{}
		}
		next := at
		next.Seq++
		if err := swept(ctx, db, base, today, s, p, at, next); err != nil {
			return 0, err
		}
		at = next
	}
	if len(suppliers) == limit {
		return limit, nil
	}
	return len(suppliers) + 1, db.Tx(ctx, func(tx *gorm.DB) error {
		_, err := gorm.G[mark](tx).Where("id = ? AND seq = ?", sweep, at.Seq).Delete(ctx)
		return err
	})
}

// swept computes one supplier of a sweep and takes the mark past it.
func swept(ctx context.Context, db *database.DB, base string, today models.Date, s span, p part, at, next mark) error {
	var c change
	if !s.supplier.IsZero() {
		err := db.View(ctx, func(tx *gorm.DB) (err error) {
			c, err = recompute(ctx, tx, base, today, s, p)
			return err
		})
		if err != nil {
			return err
		}
	}
	return db.Tx(ctx, func(tx *gorm.DB) error {
		if err := at.move(ctx, tx, next); err != nil {
			return err
		}
		return c.write(ctx, tx)
	})
}
