package auth

import (
	"context"
	"net/netip"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"recourse/models"
)

// Failures that are tolerated within the window: of one account, so that a
// password can't be guessed, and of one address, so that accounts can't be tried
// in turn; a whole office may share an address.
const (
	limitWindow  = 15 * time.Minute
	accountLimit = 10
	addressLimit = 60
)

type loginFailure struct {
	Subject  string `gorm:"primaryKey"`
	Failures int
	Since    time.Time
}

// limit is a subject with what it may fail.
type limit struct {
	subject string
	most    int
}

// limitsFor are the subjects that a try to sign in counts against. IPv6 counts by its /64.
func limitsFor(loginKey, address string) []limit {
	if ip, err := netip.ParseAddr(address); err == nil && ip.Unmap().Is6() {
		if p, err := ip.Prefix(64); err == nil {
			address = p.String()
		}
	}
	limits := []limit{{"address " + address, addressLimit}}
	if loginKey != "" {
		limits = append(limits, limit{"account " + loginKey, accountLimit})
	}
	return limits
}

// countTry counts a try before it is made, so that tries at the same moment
// can't slip through, and refuses it when a subject has failed too often.
func countTry(ctx context.Context, tx *gorm.DB, limits []limit, now time.Time) error {
	now = models.Now(now)
	for _, l := range limits {
		fresh := loginFailure{Subject: l.subject, Since: now}
		if err := tx.WithContext(ctx).Clauses(clause.OnConflict{DoNothing: true}).Create(&fresh).Error; err != nil {
			return err
		}
		begun := now.Add(-limitWindow)
		err := tx.WithContext(ctx).Model(&loginFailure{}).Where("subject = ? AND since < ?", l.subject, begun).
			UpdateColumns(map[string]any{"failures": 0, "since": now}).Error
		if err != nil {
			return err
		}
		err = tx.WithContext(ctx).Model(&loginFailure{}).Where("subject = ?", l.subject).UpdateColumn("failures", gorm.Expr("failures + 1")).Error
		if err != nil {
			return err
		}
		row, err := gorm.G[loginFailure](tx).Where("subject = ?", l.subject).Take(ctx)
		if err != nil {
			return err
		}
		if row.Failures > l.most {
			return tooMany(row.Since.Add(limitWindow).Sub(now))
		}
	}
	return nil
}

func tooMany(wait time.Duration) error {
	seconds := max(1, int(wait.Seconds())+1)
	e := models.Errorf(models.CodeTooMany, "", "Too many failed attempts: try again in %d minutes.", "失败次数过多：请在 %d 分钟后重试。", (seconds+59)/60)
	e.Current = map[string]any{"retry_after": seconds}
	return e
}

// forgetTry takes back a try that succeeded: the account starts afresh.
func forgetTry(ctx context.Context, tx *gorm.DB, limits []limit) error {
	for _, l := range limits {
		q := tx.WithContext(ctx).Model(&loginFailure{}).Where("subject = ? AND failures > 0", l.subject)
		change := any(gorm.Expr("failures - 1"))
		if l.most == accountLimit {
			change = 0
		}
		if err := q.UpdateColumn("failures", change).Error; err != nil {
			return err
		}
	}
	return nil
}
