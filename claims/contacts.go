package claims

import (
	"context"
	"strings"
	"time"

	"gorm.io/gorm"

	"recourse/models"
)

// ContactInput is one entry of the communication log; without a time it is now.
type ContactInput struct {
	At         *time.Time    `json:"at"`
	Channel    string        `json:"channel" validate:"required,oneof=e-mail phone meeting chat letter other"`
	Direction  string        `json:"direction" validate:"required,oneof=in out"`
	With       string        `json:"with" validate:"required,max=200"`
	Text       string        `json:"text" validate:"required,max=8000"`
	FileSHA256 models.SHA256 `json:"file_sha256,omitzero"`
	FileName   string        `json:"file_name" validate:"max=255"`
}

// AddContact enters a contact in the log of a claim, in any of its states.
// Entries are only ever added.
func AddContact(ctx context.Context, tx *gorm.DB, by models.Actor, id models.ID, in ContactInput) (*models.Claim, error) {
	c, err := forSales(ctx, tx, by, id)
	if err != nil {
		return nil, err
	}
	e := models.ClaimContact{
		ID: models.NewID(), ClaimID: c.ID, At: models.Now(by.At), ByName: by.Name, Channel: in.Channel, Direction: in.Direction,
		With: strings.TrimSpace(in.With), Text: in.Text, FileSHA256: in.FileSHA256, FileName: in.FileName,
	}
	if in.At != nil {
		if in.At.After(by.At) {
			return nil, models.Invalid("at", "A contact to come can't be logged.", "不能登记将来的联系。")
		}
		e.At = models.Now(*in.At)
	}
	if strings.TrimSpace(in.Text) == "" {
		return nil, models.Invalid("text", "Say what was said.", "请填写联系内容。")
	}
	if err := uploaded(ctx, tx, by, "file_sha256", in.FileSHA256); err != nil {
		return nil, err
	}
	if err := gorm.G[models.ClaimContact](tx).Create(ctx, &e); err != nil {
		return nil, err
	}
	if err := touch(ctx, tx, by, c, "contact", in); err != nil {
		return nil, err
	}
	return Get(ctx, tx, by, id)
}
