// Package audit answers for what was done: every change leaves an entry in the
// transaction that made it, and a leased job seals new entries into a hash
// chain. Its invariant: an entry or a seal is inserted once and never changed;
// Verify finds a changed, missing, added or swapped row.
package audit

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"time"

	"gorm.io/gorm"

	"recourse/database"
	"recourse/models"
)

// Act is something done to a record. Detail is the change as a value that
// marshals to JSON and holds no secret; nil for none.
type Act struct {
	Action string
	Detail any
}

// Record writes who did what to which record; detail as in Act.
func Record(ctx context.Context, tx *gorm.DB, by models.Actor, action, entity string, id models.ID, detail any) error {
	return RecordAll(ctx, tx, by, entity, id, Act{action, detail})
}

// RecordAll is Record of several acts on one record, in their order, in as many
// statements as one takes.
func RecordAll(ctx context.Context, tx *gorm.DB, by models.Actor, entity string, id models.ID, acts ...Act) error {
	var actor *models.ID
	if !by.UserID.IsZero() {
		actor = &by.UserID
	}
	var entries, unsealed [][]any
	for _, a := range acts {
		text, err := json.Marshal(a.Detail)
		if err != nil {
			return fmt.Errorf("audit %s %s: %w", a.Action, entity, err)
		}
		entry := models.NewID()
		entries = append(entries, []any{entry, models.Now(by.At), actor, by.Name, by.Via, by.RequestID, a.Action, entity, id, string(text)})
		unsealed = append(unsealed, []any{entry})
	}
	if err := database.Insert(ctx, tx, "audit_entries (id, at, actor_id, actor, via, request_id, action, entity, entity_id, detail)", entries); err != nil {
		return err
	}
	return database.Insert(ctx, tx, "audit_unsealed (entry_id)", unsealed)
}

// auditUnsealed marks an entry that no seal covers yet.
type auditUnsealed struct {
	EntryID models.ID `gorm:"primaryKey"`
}

// TableName is audit_unsealed.
func (auditUnsealed) TableName() string { return "audit_unsealed" }

// Hash is SHA-256(prev ‖ canonical JSON of the entry): keys in the fixed order
// of the record, times as UTC milliseconds.
func Hash(prev models.SHA256, e models.AuditEntry) models.SHA256 {
	actor := ""
	if e.ActorID != nil {
		actor = e.ActorID.String()
	}
	canonical, _ := json.Marshal([]string{ // strings cannot fail
		e.ID.String(), e.At.UTC().Format("2006-01-02T15:04:05.000Z"), actor, e.Actor, e.Via, e.RequestID,
		e.Action, e.Entity, e.EntityID.String(), e.Detail,
	})
	h := sha256.New()
	h.Write(prev[:])
	h.Write(canonical)
	return models.SHA256(h.Sum(nil))
}

// Seal chains up to limit unsealed entries and returns how many. Only the
// holder of the sealing lease may call it.
func Seal(ctx context.Context, tx *gorm.DB, limit int) (int, error) {
	head, err := Head(ctx, tx)
	if err != nil {
		return 0, err
	}
	var entries []models.AuditEntry
	err = tx.WithContext(ctx).Where("id IN (?)", tx.Table("audit_unsealed").Select("entry_id")).
		Order("id").Limit(limit).Find(&entries).Error
	if err != nil || len(entries) == 0 {
		return 0, err
	}
	seals := make([]models.AuditSeal, len(entries))
	ids := make([]models.ID, len(entries))
	for i, e := range entries {
		seals[i] = models.AuditSeal{Seq: head.Seq + 1, EntryID: e.ID, Prev: head.Hash, Hash: Hash(head.Hash, e)}
		head, ids[i] = seals[i], e.ID
	}
	if err := tx.WithContext(ctx).CreateInBatches(seals, 200).Error; err != nil {
		return 0, err
	}
	return len(seals), tx.WithContext(ctx).Where("entry_id IN ?", ids).Delete(&auditUnsealed{}).Error
}

// start is what the first seal continues: seal 0, which is never stored.
func start() models.AuditSeal {
	return models.AuditSeal{Hash: sha256.Sum256([]byte("recourse audit chain"))}
}

// Head is the last seal, or seal 0 before the first.
func Head(ctx context.Context, tx *gorm.DB) (models.AuditSeal, error) {
	seals, err := gorm.G[models.AuditSeal](tx).Order("seq DESC").Limit(1).Find(ctx)
	if err != nil || len(seals) == 0 {
		return start(), err
	}
	return seals[0], nil
}

// Report is what Verify found.
type Report struct {
	Entries  int64         `json:"entries"`
	Sealed   int64         `json:"sealed"`
	Unsealed int64         `json:"unsealed"`
	Head     models.SHA256 `json:"head"`
	Problems []string      `json:"problems"`
}

// Verify walks the chain from its start and counts what is not covered. since
// bounds the age of an unsealed entry: an older one means that the job is not
// running. heads are hashes known from elsewhere, such as a printed report: each
// must be in the chain, since who owns the database can cut off its end.
func Verify(ctx context.Context, tx *gorm.DB, since time.Time, heads ...models.SHA256) (Report, error) {
	wanted := map[models.SHA256]bool{}
	for _, h := range heads {
		wanted[h] = true
	}
	var r Report
	prev := start()
	problem := func(format string, args ...any) { r.Problems = append(r.Problems, fmt.Sprintf(format, args...)) }
	for {
		seals, err := gorm.G[models.AuditSeal](tx).Where("seq > ?", prev.Seq).Order("seq").Limit(500).Find(ctx)
		if err != nil {
			return r, err
		}
		if len(seals) == 0 {
			break
		}
		entries, err := entriesOf(ctx, tx, seals)
		if err != nil {
			return r, err
		}
		for _, s := range seals {
			e, found := entries[s.EntryID]
			switch {
			case s.Seq != prev.Seq+1:
				problem("seal %d follows %d: seals are missing", s.Seq, prev.Seq)
			case s.Prev != prev.Hash:
				problem("seal %d does not continue the chain", s.Seq)
			case !found:
				problem("entry %s of seal %d is missing", s.EntryID, s.Seq)
			case Hash(s.Prev, e) != s.Hash:
				problem("entry %s of seal %d was changed", s.EntryID, s.Seq)
			}
			prev = s
			delete(wanted, s.Hash)
			r.Sealed++
		}
	}
	r.Head = prev.Hash
	delete(wanted, start().Hash)
	for h := range wanted {
		problem("the chain does not hold %s, which was its head once: its end was cut off or rebuilt", h)
	}
	return r, countUncovered(ctx, tx, &r, since, problem)
}

func entriesOf(ctx context.Context, tx *gorm.DB, seals []models.AuditSeal) (map[models.ID]models.AuditEntry, error) {
	ids := make([]models.ID, len(seals))
	for i, s := range seals {
		ids[i] = s.EntryID
	}
	rows, err := gorm.G[models.AuditEntry](tx).Where("id IN ?", ids).Find(ctx)
	out := make(map[models.ID]models.AuditEntry, len(rows))
	for _, e := range rows {
		out[e.ID] = e
	}
	return out, err
}

func countUncovered(ctx context.Context, tx *gorm.DB, r *Report, since time.Time, problem func(string, ...any)) error {
	if err := tx.WithContext(ctx).Model(&models.AuditEntry{}).Count(&r.Entries).Error; err != nil {
		return err
	}
	if err := tx.WithContext(ctx).Model(&auditUnsealed{}).Count(&r.Unsealed).Error; err != nil {
		return err
	}
	if r.Entries != r.Sealed+r.Unsealed {
		problem("%d entries, but %d sealed and %d waiting: entries were added or removed by another hand", r.Entries, r.Sealed, r.Unsealed)
	}
	var late int64
	err := tx.WithContext(ctx).Model(&models.AuditEntry{}).
		Where("at < ? AND id IN (?)", since, tx.Table("audit_unsealed").Select("entry_id")).Count(&late).Error
	if late > 0 {
		problem("%d entries are still unsealed: is the server running?", late)
	}
	return err
}
