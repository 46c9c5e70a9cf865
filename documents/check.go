package documents

import (
	"context"
	"encoding/json"
	"fmt"

	"gorm.io/gorm"

	"recourse/audit"
	"recourse/database"
	"recourse/files"
	"recourse/models"
)

// CheckIssued holds every issued report against its bytes in the store, against
// the record that it prints and against what the audit log says was issued;
// problem is called with a sentence about each that differs. It returns how many it
// looked at and the heads of the audit chain that are printed on them.
func CheckIssued(ctx context.Context, tx *gorm.DB, store files.Store, problem func(string)) (looked int, heads []models.SHA256, err error) {
	var last models.ID
	for {
		page, err := gorm.G[models.IssuedReport](tx).Where("id > ?", last[:]).Order("id").Limit(200).Find(ctx)
		if err != nil {
			return looked, heads, database.Err(err)
		}
		if len(page) == 0 {
			return looked, heads, checkGone(ctx, tx, problem)
		}
		for _, r := range page {
			heads = append(heads, r.AuditHead)
			if err := files.Damage(ctx, store, &models.File{SHA256: r.SHA256, Size: r.Size}); err != nil {
				problem(fmt.Sprintf("%s: its PDF %s", titled(r), err))
			}
		}
		if ctx.Err() != nil {
			return looked, heads, ctx.Err()
		}
		if err := checkPage(ctx, tx, page, problem); err != nil {
			return looked, heads, err
		}
		looked, last = looked+len(page), page[len(page)-1].ID
	}
}

func titled(r models.IssuedReport) string {
	return fmt.Sprintf("report %s (%s of %s, %s, %s)", r.ID, r.Kind, r.EntityID, r.Lang, r.Edition)
}

// checkPage compares rows with the records that they print and the log of their issue.
func checkPage(ctx context.Context, tx *gorm.DB, page []models.IssuedReport, problem func(string)) error {
	ids, entities := make([]models.ID, len(page)), make([]models.ID, len(page))
	for n, r := range page {
		ids[n], entities[n] = r.ID, r.EntityID
	}
	entries, err := audit.Of(ctx, tx, "report", "issue", ids)
	if err != nil {
		return err
	}
	logged := map[models.ID]models.IssuedReport{}
	for _, e := range entries {
		var r models.IssuedReport
		_ = json.Unmarshal([]byte(e.Detail), &r) // what can't be read differs
		logged[e.EntityID] = r
	}
	printed, err := gorm.G[models.Inspection](tx).Select("id, fingerprint").Where("id IN ?", entities).Find(ctx)
	if err != nil {
		return err
	}
	fingerprints := map[models.ID]models.SHA256{}
	for _, i := range printed {
		fingerprints[i.ID] = i.Fingerprint
	}
	cards, err := gorm.G[models.Scorecard](tx).Select("id, content_hash").Where("id IN ?", entities).Find(ctx)
	if err != nil {
		return err
	}
	for _, c := range cards {
		fingerprints[c.ID] = c.ContentHash
	}
	for _, r := range page {
		r.CreatedAt = r.CreatedAt.UTC()
		was, known := logged[r.ID]
		was.CreatedAt = was.CreatedAt.UTC()
		switch {
		case !known:
			problem(titled(r) + ": the audit log does not know that it was issued")
		case was != r:
			problem(titled(r) + ": its row was changed: the audit log says that something else was issued")
		case (r.Kind == "inspection" || r.Kind == scorecardKind) && fingerprints[r.EntityID] != r.Fingerprint:
			problem(titled(r) + ": the record that it prints was changed")
		}
	}
	return nil
}

// checkGone finds what the audit log knows as issued and the table doesn't.
func checkGone(ctx context.Context, tx *gorm.DB, problem func(string)) error {
	entries, err := audit.NotIn(ctx, tx, "report", "issue", tx.Model(&models.IssuedReport{}).Select("id"))
	for _, e := range entries {
		problem(fmt.Sprintf("report %s was issued, but its row is gone", e.EntityID))
	}
	return err
}
