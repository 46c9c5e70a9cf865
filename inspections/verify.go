package inspections

import (
	"context"
	"encoding/json"
	"fmt"

	"gorm.io/gorm"

	"recourse/audit"
	"recourse/models"
)

// verifyPage is how many inspections are looked at together.
const verifyPage = 50

// CheckFingerprints recomputes the fingerprint of every final inspection and
// holds it against the record and against what the audit log says was decided;
// problem is called with a sentence about each that differs or is gone. It returns
// how many it looked at. tx may be a pool: what is final doesn't change.
func CheckFingerprints(ctx context.Context, tx *gorm.DB, problem func(string)) (int, error) {
	looked, last := 0, models.ID{}
	for {
		page, err := gorm.G[models.Inspection](tx).Where("state = ? AND id > ?", models.Final, last[:]).Order("id").Limit(verifyPage).Find(ctx)
		if err != nil {
			return looked, err
		}
		if len(page) == 0 {
			return looked, checkGone(ctx, tx, problem)
		}
		if err := checkPage(ctx, tx, page, problem); err != nil {
			return looked, err
		}
		looked, last = looked+len(page), page[len(page)-1].ID
	}
}

func checkPage(ctx context.Context, tx *gorm.DB, page []models.Inspection, problem func(string)) error {
	ids := make([]models.ID, len(page))
	for n := range page {
		ids[n] = page[n].ID
	}
	entries, err := audit.Of(ctx, tx, "inspection", "decide", ids)
	if err != nil {
		return err
	}
	decided := map[models.ID]models.SHA256{}
	for _, e := range entries {
		if d := decisionIn(e); d.State == models.Final {
			decided[e.EntityID] = d.Fingerprint
		}
	}
	for n := range page {
		i := &page[n]
		if err := load(ctx, tx, models.System("verify", i.UpdatedAt), i); err != nil {
			return err
		}
		want, err := fingerprint(i)
		if err != nil {
			return err
		}
		name := fmt.Sprintf("inspection %s revision %d", i.Number, i.Revision)
		logged, known := decided[i.ID]
		switch {
		case want != i.Fingerprint:
			problem(name + " was changed: its record no longer has its fingerprint")
		case !known:
			problem(name + " is final, but the audit log has no decision that made it so")
		case logged != i.Fingerprint:
			problem(name + " was changed: the audit log has another fingerprint of it")
		}
	}
	return nil
}

// decision is what the audit entry of a decision says.
type decision struct {
	Number      string                 `json:"number"`
	State       models.InspectionState `json:"state"`
	Fingerprint models.SHA256          `json:"fingerprint"`
}

// decisionIn reads an entry; one that can't be read says nothing, and the chain
// of the audit log tells that it was changed.
func decisionIn(e models.AuditEntry) (d decision) {
	_ = json.Unmarshal([]byte(e.Detail), &d)
	return d
}

// checkGone finds what the audit log knows as final and the table doesn't.
func checkGone(ctx context.Context, tx *gorm.DB, problem func(string)) error {
	entries, err := audit.NotIn(ctx, tx, "inspection", "decide", tx.Model(&models.Inspection{}).Select("id").Where("state = ?", models.Final))
	if err != nil {
		return err
	}
	for _, e := range entries {
		if d := decisionIn(e); d.State == models.Final {
			problem(fmt.Sprintf("inspection %s (%s) was decided, but is no longer there as final", d.Number, e.EntityID))
		}
	}
	return nil
}
