package scorecards

import (
	"context"
	"strconv"
	"strings"
	"time"

	"gorm.io/gorm"

	"recourse/audit"
	"recourse/database"
	"recourse/models"
)

// ProfileInput makes a draft: the next version of its code, or the first of a new one.
type ProfileInput struct {
	Code    string                `json:"code" validate:"required,max=40"`
	Name    models.Text           `json:"name"`
	Content models.ProfileContent `json:"content"`
}

// ProfileEdit is the whole of a draft, as it shall be.
type ProfileEdit struct {
	Name    models.Text           `json:"name"`
	Content models.ProfileContent `json:"content"`
}

// ProfileList is what a list of profiles may be filtered and sorted by.
var ProfileList = database.List{
	Default: "-id",
	Sorts:   []string{"id"},
	Filters: map[string]database.Filter{
		"code":  {SQL: "score_profiles.code_key = ?", Kind: database.FilterKey},
		"state": {SQL: "score_profiles.state = ?", Values: []string{"draft", "active", "retired"}},
	},
}

func itoa(n int) string { return strconv.Itoa(n) }

// mayPublish refuses everybody but purchasing: scores and what follows are theirs.
func mayPublish(by models.Actor) error {
	if !by.Is(models.Purchasing) {
		return models.Errorf(models.CodeForbidden, "", "This needs the role %s.", "此操作需要角色 %s。", models.Purchasing)
	}
	return nil
}

// mayRead refuses inspectors: who is scored by their findings isn't judged by them.
func mayRead(by models.Actor) error {
	if by.OnlyInspects() {
		return models.Errorf(models.CodeForbidden, "", "Scorecards are not shown to inspectors.", "供应商评分不对验货员显示。")
	}
	return nil
}

// ListProfiles reads one page of the versions of all profiles.
func ListProfiles(ctx context.Context, tx *gorm.DB, by models.Actor, q database.Query) (database.Page[models.ScoreProfile], error) {
	if err := mayRead(by); err != nil {
		return database.Page[models.ScoreProfile]{}, err
	}
	return database.Find[models.ScoreProfile](ctx, tx.Model(&models.ScoreProfile{}), ProfileList, q)
}

// GetProfile loads one version of a profile.
func GetProfile(ctx context.Context, tx *gorm.DB, by models.Actor, id models.ID) (*models.ScoreProfile, error) {
	if err := mayRead(by); err != nil {
		return nil, err
	}
	return database.Take[models.ScoreProfile](ctx, tx, "profile", "评分方案", "id = ?", id)
}

// InForce is the active version of a profile; an empty code is DefaultCode. A
// house that has stored no version of that one gets the built-in profile, without an id.
func InForce(ctx context.Context, tx *gorm.DB, code string) (*models.ScoreProfile, error) {
	if code == "" {
		code = DefaultCode
	}
	rows, err := gorm.G[models.ScoreProfile](tx).Where("code_key = ?", models.Key(code)).Order("version_no DESC").Find(ctx)
	if err != nil {
		return nil, err
	}
	for n := range rows {
		if rows[n].State == models.ProfileActive {
			return &rows[n], nil
		}
	}
	if len(rows) == 0 && models.Key(code) == models.Key(DefaultCode) {
		p := defaultProfile()
		return &p, nil
	}
	return nil, models.Invalid("profile", "Profile %q has no active version: activate one, or name another.", "评分方案 %q 没有启用的版本：请启用一个版本或改用其他方案。", code)
}

// stored is a profile with an id: the built-in one is kept when it is first used.
func stored(ctx context.Context, tx *gorm.DB, by models.Actor, p *models.ScoreProfile) error {
	if !p.ID.IsZero() {
		return nil
	}
	p.ID, p.Version = models.NewID(), 1
	p.CreatedAt, p.UpdatedAt = models.Now(by.At), models.Now(by.At)
	if err := gorm.G[models.ScoreProfile](tx).Create(ctx, p); err != nil {
		return err
	}
	return audit.Record(ctx, tx, by, "create", "score_profile", p.ID, map[string]any{"code": p.Code, "version_no": p.VersionNo})
}

// CreateProfile makes a draft. There is one draft of a code at a time.
func CreateProfile(ctx context.Context, tx *gorm.DB, by models.Actor, in ProfileInput) (*models.ScoreProfile, error) {
	if err := mayPublish(by); err != nil {
		return nil, err
	}
	code := strings.TrimSpace(in.Code)
	if models.Key(code) == "" {
		return nil, models.Invalid("code", "Give the profile a code of letters or digits.", "请用字母或数字填写评分方案代码。")
	}
	if err := checkNamed(in.Name, in.Content); err != nil {
		return nil, err
	}
	p := models.ScoreProfile{
		ID: models.NewID(), Code: code, CodeKey: models.Key(code), VersionNo: 1, State: models.ProfileDraft, Name: in.Name, Content: in.Content,
		Version: 1, CreatedAt: models.Now(by.At), UpdatedAt: models.Now(by.At),
	}
	if p.CodeKey == models.Key(DefaultCode) { // what it follows must stay readable
		builtIn, err := InForce(ctx, tx, "")
		if err == nil {
			err = stored(ctx, tx, by, builtIn)
		}
		if err != nil && !models.IsCode(err, models.CodeInvalid) {
			return nil, err
		}
	}
	earlier, err := gorm.G[models.ScoreProfile](tx).Where("code_key = ?", p.CodeKey).Find(ctx)
	if err != nil {
		return nil, err
	}
	for _, e := range earlier {
		if e.State == models.ProfileDraft {
			return nil, models.Conflict("code", "Profile %s has a draft already (version %d): edit or activate that one.", "评分方案 %s 已有草稿（版本 %d）：请修改或启用该草稿。", e.Code, e.VersionNo)
		}
		p.VersionNo = max(p.VersionNo, e.VersionNo+1)
	}
	if err := gorm.G[models.ScoreProfile](tx).Create(ctx, &p); err != nil {
		return nil, err
	}
	return &p, audit.Record(ctx, tx, by, "create", "score_profile", p.ID, in)
}

func checkNamed(name models.Text, content models.ProfileContent) error {
	if name.ZH == "" || name.EN == "" {
		return models.Invalid("name", "Name the profile in Chinese and English.", "请填写评分方案的中英文名称。")
	}
	return models.At("content", CheckProfile(content))
}

// EditProfile replaces a draft at version.
func EditProfile(ctx context.Context, tx *gorm.DB, by models.Actor, id models.ID, version int, in ProfileEdit) (*models.ScoreProfile, error) {
	p, err := profileAt(ctx, tx, by, id, version, models.ProfileDraft)
	if err != nil {
		return nil, err
	}
	if err := checkNamed(in.Name, in.Content); err != nil {
		return nil, err
	}
	p.Name, p.Content = in.Name, in.Content
	return saveProfile(ctx, tx, by, p, "edit", in)
}

// ActivateProfile puts a draft in force; the version before it retires.
func ActivateProfile(ctx context.Context, tx *gorm.DB, by models.Actor, id models.ID, version int) (*models.ScoreProfile, error) {
	p, err := profileAt(ctx, tx, by, id, version, models.ProfileDraft)
	if err != nil {
		return nil, err
	}
	err = tx.WithContext(ctx).Model(&models.ScoreProfile{}).Where("code_key = ? AND state = ?", p.CodeKey, models.ProfileActive).
		UpdateColumns(map[string]any{"state": models.ProfileRetired, "version": gorm.Expr("version + 1"), "updated_at": models.Now(by.At)}).Error
	if err != nil {
		return nil, err
	}
	p.State = models.ProfileActive
	return saveProfile(ctx, tx, by, p, "activate", nil)
}

// RetireProfile takes an active version out of use; cards published by it stay.
// The default profile always has a version in force.
func RetireProfile(ctx context.Context, tx *gorm.DB, by models.Actor, id models.ID, version int) (*models.ScoreProfile, error) {
	p, err := profileAt(ctx, tx, by, id, version, models.ProfileActive)
	if err != nil {
		return nil, err
	}
	if p.CodeKey == models.Key(DefaultCode) {
		return nil, models.Conflict("state", "The profile %s counts where none is named: activate another version of it instead.", "评分方案 %s 是默认方案：请改为启用它的另一版本。", p.Code)
	}
	p.State = models.ProfileRetired
	return saveProfile(ctx, tx, by, p, "retire", nil)
}

// DeleteProfile removes a draft. A version that was in force may have made
// cards, so it is only ever retired.
func DeleteProfile(ctx context.Context, tx *gorm.DB, by models.Actor, id models.ID, version int) error {
	p, err := profileAt(ctx, tx, by, id, version, "")
	if err != nil {
		return err
	}
	if p.State != models.ProfileDraft {
		cards, err := gorm.G[models.Scorecard](tx).Where("profile_id = ?", id).Count(ctx, "id")
		if err != nil {
			return err
		}
		return models.Conflict("state", "Version %d of %s is in use (%d published scorecards): retire it instead of deleting it.", "评分方案第 %d 版（%s）已在使用（%d 份已发布评分）：请停用，不能删除。", p.VersionNo, p.Code, cards)
	}
	if _, err := gorm.G[models.ScoreProfile](tx).Where("id = ?", id).Delete(ctx); err != nil {
		return err
	}
	return audit.Record(ctx, tx, by, "delete", "score_profile", id, nil)
}

// profileAt loads a version for a change by purchasing: at the record's version, in a state unless empty.
func profileAt(ctx context.Context, tx *gorm.DB, by models.Actor, id models.ID, version int, state models.ProfileState) (*models.ScoreProfile, error) {
	if err := mayPublish(by); err != nil {
		return nil, err
	}
	p, err := GetProfile(ctx, tx, by, id)
	if err != nil {
		return nil, err
	}
	if p.Version != version {
		return nil, database.Stale(p.Version)
	}
	if state != "" && p.State != state {
		return nil, models.Conflict("state", "Version %d of %s is %s: this is for one that is %s. Make a new version.", "第 %d 版（%s）状态为 %s：此操作只适用于 %s。请新建版本。", p.VersionNo, p.Code, p.State, state)
	}
	return p, nil
}

func saveProfile(ctx context.Context, tx *gorm.DB, by models.Actor, p *models.ScoreProfile, action string, detail any) (*models.ScoreProfile, error) {
	content, err := toJSON(p.Content)
	if err != nil {
		return nil, err
	}
	p.UpdatedAt = models.Now(by.At)
	err = database.Update[models.ScoreProfile](ctx, tx, p.ID, p.Version, map[string]any{
		"state": p.State, "name_zh": p.Name.ZH, "name_en": p.Name.EN, "content": content, "updated_at": p.UpdatedAt,
	})
	if err != nil {
		return nil, err
	}
	p.Version++
	return p, audit.Record(ctx, tx, by, action, "score_profile", p.ID, detail)
}

// today is the company's date: by.At stands in its zone.
func today(at time.Time) models.Date { return models.DateOf(at) }
