package contracts

import (
	"context"
	"crypto/sha256"

	"gorm.io/gorm"

	"recourse/audit"
	"recourse/database"
	"recourse/models"
)

// StandardInput makes a draft of a quality standard with a new code. VersionNo
// is the number by which the house already knows the version; 0 means 1.
type StandardInput struct {
	ID            *models.ID             `json:"id"`
	Code          string                 `json:"code" validate:"required,max=60"`
	VersionNo     int                    `json:"version_no" validate:"min=0,max=9999"`
	EffectiveFrom models.Date            `json:"effective_from"`
	Title         models.Text            `json:"title"`
	Content       models.StandardContent `json:"content"`
}

// StandardEdit is the whole of a draft, as it shall be.
type StandardEdit struct {
	EffectiveFrom models.Date            `json:"effective_from"`
	Title         models.Text            `json:"title"`
	Content       models.StandardContent `json:"content"`
}

// VersionInput names the next version of a standard; ID may be the client's own.
type VersionInput struct {
	ID *models.ID `json:"id"`
}

// FileRef refers to a file that was uploaded before.
type FileRef struct {
	SHA256 models.SHA256 `json:"sha256" validate:"required"`
}

// StandardList is what a list of quality standards may be filtered and sorted by.
var StandardList = database.List{
	Filters: map[string]database.Filter{
		"code":  {SQL: "quality_standards.code_key = ?", Kind: database.FilterKey},
		"state": {SQL: "quality_standards.state = ?", Values: []string{"draft", "active", "retired"}},
		"q":     {SQL: "LOWER(CONCAT(quality_standards.code_key, ' ', quality_standards.title_zh, ' ', quality_standards.title_en)) LIKE ? ESCAPE '!'", Kind: database.FilterSearch},
	},
	Sorts:   []string{"id", "code_key"},
	Default: "-id",
}

// CreateStandard makes the draft of a standard with a new code.
func CreateStandard(ctx context.Context, tx *gorm.DB, by models.Actor, in StandardInput) (*models.Standard, error) {
	if again, err := repeated(ctx, tx, "standard", in.ID, in); err != nil {
		return nil, err
	} else if again {
		return GetStandard(ctx, tx, by, *in.ID)
	}
	clean, key, err := code("code", in.Code, 60)
	if err != nil {
		return nil, err
	}
	s := models.Standard{
		ID: idOr(in.ID), Code: clean, CodeKey: key, VersionNo: max(in.VersionNo, 1),
		EffectiveFrom: in.EffectiveFrom, Title: in.Title, Content: in.Content,
	}
	last, err := lastVersion(ctx, tx, s.CodeKey)
	if err != nil {
		return nil, err
	}
	if last != nil {
		return nil, models.Conflict("code", "Standard %s exists (version %d): make a new version of it.", "标准 %s 已存在（版本 %d）：请在其上新建版本。", last.Code, last.VersionNo)
	}
	return insertDraft(ctx, tx, by, &s, in)
}

// NewVersion makes a draft of the next version as a copy of the one given.
// There is one draft of a code at a time.
func NewVersion(ctx context.Context, tx *gorm.DB, by models.Actor, from models.ID, in VersionInput) (*models.Standard, error) {
	if again, err := repeated(ctx, tx, "standard", in.ID, in); err != nil {
		return nil, err
	} else if again {
		return GetStandard(ctx, tx, by, *in.ID)
	}
	old, err := GetStandard(ctx, tx, by, from)
	if err != nil {
		return nil, err
	}
	drafts, err := gorm.G[models.Standard](tx).Where("code_key = ? AND state = ?", old.CodeKey, models.StandardDraft).Limit(1).Find(ctx)
	if err != nil {
		return nil, err
	}
	if len(drafts) > 0 {
		return nil, models.Conflict("state", "Standard %s has a draft already (version %d): edit or activate that one.",
			"标准 %s 已有草稿（版本 %d）：请修改或启用该草稿。", old.Code, drafts[0].VersionNo)
	}
	last, err := lastVersion(ctx, tx, old.CodeKey)
	if err != nil {
		return nil, err
	}
	s := models.Standard{
		ID: idOr(in.ID), Code: old.Code, CodeKey: old.CodeKey, VersionNo: last.VersionNo + 1, Title: old.Title, Content: old.Content,
	}
	return insertDraft(ctx, tx, by, &s, in)
}

// EditStandard replaces the whole content of a draft that is at version.
func EditStandard(ctx context.Context, tx *gorm.DB, by models.Actor, id models.ID, version int, in StandardEdit) (*models.Standard, error) {
	s, err := draftAt(ctx, tx, by, id, version)
	if err != nil {
		return nil, err
	}
	s.EffectiveFrom, s.Title, s.Content = in.EffectiveFrom, in.Title, in.Content
	if err := checkDraft(s); err != nil {
		return nil, err
	}
	return saveStandard(ctx, tx, by, "edit", s, changes{
		"effective_from": s.EffectiveFrom, "title_zh": s.Title.ZH, "title_en": s.Title.EN,
		"content": jsonText(s.Content), "content_hash": s.ContentHash,
	}, in)
}

// AttachOriginal names the file, sent by the same user, that the draft was written from.
func AttachOriginal(ctx context.Context, tx *gorm.DB, by models.Actor, id models.ID, version int, in FileRef) (*models.Standard, error) {
	s, err := draftAt(ctx, tx, by, id, version)
	if err != nil {
		return nil, err
	}
	if in.SHA256 != s.FileSHA256 {
		if err := uploaded(ctx, tx, by, "sha256", in.SHA256); err != nil {
			return nil, err
		}
	}
	s.FileSHA256 = in.SHA256
	return saveStandard(ctx, tx, by, "attach", s, changes{"file_sha256": in.SHA256}, in)
}

// ActivateStandard makes a complete draft the version that new lines may pin.
// Older active versions stay active until they are retired: contracts of the
// time between may still need them.
func ActivateStandard(ctx context.Context, tx *gorm.DB, by models.Actor, id models.ID, version int) (*models.Standard, error) {
	s, err := draftAt(ctx, tx, by, id, version)
	if err != nil {
		return nil, err
	}
	if err := checkComplete(s); err != nil {
		return nil, err
	}
	s.State = models.StandardActive
	c := changes{"state": s.State}
	if s.EffectiveFrom.IsZero() {
		s.EffectiveFrom = models.DateOf(by.At)
		c["effective_from"] = s.EffectiveFrom
	}
	return saveStandard(ctx, tx, by, "activate", s, c, nil)
}

// RetireStandard ends the use of an active version for new lines. Lines that pin
// it keep it.
func RetireStandard(ctx context.Context, tx *gorm.DB, by models.Actor, id models.ID, version int) (*models.Standard, error) {
	s, err := standardAt(ctx, tx, by, id, version)
	if err != nil {
		return nil, err
	}
	if s.State != models.StandardActive {
		return nil, models.Conflict("state", "Standard %s version %d is %s: only an active version can be retired.",
			"标准 %s 版本 %d 的状态为 %s：仅启用中的版本可停用。", s.Code, s.VersionNo, s.State)
	}
	s.State = models.StandardRetired
	return saveStandard(ctx, tx, by, "retire", s, changes{"state": s.State}, nil)
}

// GetStandard loads a version of a standard.
func GetStandard(ctx context.Context, tx *gorm.DB, by models.Actor, id models.ID) (*models.Standard, error) {
	return one[models.Standard](ctx, visibleStandards(tx, by), "quality standard", "质量标准", "quality_standards.id = ?", id)
}

// StandardByCodeVersion finds a version by the code and number people quote.
func StandardByCodeVersion(ctx context.Context, tx *gorm.DB, by models.Actor, code string, versionNo int) (*models.Standard, error) {
	return one[models.Standard](ctx, visibleStandards(tx, by), "quality standard", "质量标准",
		"quality_standards.code_key = ? AND quality_standards.version_no = ?", models.Key(code), versionNo)
}

// ListStandards reads a page of standards' versions.
func ListStandards(ctx context.Context, tx *gorm.DB, by models.Actor, q database.Query) (database.Page[models.Standard], error) {
	return database.Find[models.Standard](ctx, visibleStandards(tx, by), StandardList, q)
}

// ContentHash is SHA-256 of the content's JSON, whose keys have a fixed order.
func ContentHash(content models.StandardContent) models.SHA256 {
	return sha256.Sum256([]byte(jsonText(content)))
}

func insertDraft(ctx context.Context, tx *gorm.DB, by models.Actor, s *models.Standard, in any) (*models.Standard, error) {
	if err := allow(by, "quality standards", "质量标准", models.Purchasing); err != nil {
		return nil, err
	}
	s.State, s.Version, s.CreatedAt, s.UpdatedAt = models.StandardDraft, 1, models.Now(by.At), models.Now(by.At)
	if err := checkDraft(s); err != nil {
		return nil, err
	}
	if err := gorm.G[models.Standard](tx).Create(ctx, s); err != nil {
		return nil, err
	}
	return s, audit.Record(ctx, tx, by, "create", "standard", s.ID, in)
}

func saveStandard(ctx context.Context, tx *gorm.DB, by models.Actor, action string, s *models.Standard, c changes, in any) (*models.Standard, error) {
	if err := update[models.Standard](ctx, tx, by, action, "standard", s.ID, s.Version, c, in); err != nil {
		return nil, err
	}
	s.Version++
	s.UpdatedAt = models.Now(by.At)
	return s, nil
}

func standardAt(ctx context.Context, tx *gorm.DB, by models.Actor, id models.ID, version int) (*models.Standard, error) {
	s, err := GetStandard(ctx, tx, by, id)
	if err != nil {
		return nil, err
	}
	if s.Version != version {
		return nil, database.Stale(s.Version)
	}
	return s, allow(by, "quality standards", "质量标准", models.Purchasing)
}

// draftAt is standardAt for a change of what a version says.
func draftAt(ctx context.Context, tx *gorm.DB, by models.Actor, id models.ID, version int) (*models.Standard, error) {
	s, err := standardAt(ctx, tx, by, id, version)
	if err == nil && s.State != models.StandardDraft {
		err = models.Conflict("state", "Standard %s version %d is %s and never changes: make a new version.",
			"标准 %s 版本 %d 的状态为 %s，不可更改：请新建版本。", s.Code, s.VersionNo, s.State)
	}
	return s, err
}

func lastVersion(ctx context.Context, tx *gorm.DB, key string) (*models.Standard, error) {
	rows, err := gorm.G[models.Standard](tx).Where("code_key = ?", key).Order("version_no DESC").Limit(1).Find(ctx)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	return &rows[0], nil
}

// uploaded refuses a reference to a file that the actor has not sent: who merely
// knows the hash of another's file must not get it by attaching it. The program
// itself may name any file that is here.
func uploaded(ctx context.Context, tx *gorm.DB, by models.Actor, field string, hash models.SHA256) error {
	q := fresh[models.File](tx).WithContext(ctx).Where("sha256 = ?", hash)
	if !by.UserID.IsZero() {
		q = fresh[models.Upload](tx).WithContext(ctx).Where("sha256 = ? AND uploaded_by = ? AND done_at IS NOT NULL", hash, by.UserID)
	}
	var n int64
	if err := q.Count(&n).Error; err != nil {
		return err
	}
	if n == 0 {
		return models.Invalid(field, "You have sent no such file: upload it first.", "您尚未上传此文件：请先上传。")
	}
	return nil
}
