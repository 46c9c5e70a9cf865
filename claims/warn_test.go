package claims_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"gorm.io/gorm"

	"recourse/claims"
	"recourse/contracts/contractstest"
	"recourse/messages"
	"recourse/models"
)

// announced runs the warnings on a day and gives the steps that our reply to
// the customer has been announced for, over all days so far.
func announced(t *testing.T, d deal, day models.Date) (steps []string) {
	t.Helper()
	_, err := do(d, func(ctx context.Context, tx *gorm.DB) (models.ID, error) {
		return claims.WarnDeadlines(ctx, tx, models.System("job", day.Time().Add(9*time.Hour)), models.ID{})
	})
	if err != nil {
		t.Fatal(err)
	}
	err = d.db.View(t.Context(), func(tx *gorm.DB) error {
		rows, err := gorm.G[models.OutboxMessage](tx).Where("once_key LIKE ?", "%:"+claims.ClockOurReply+":%").Order("id").Find(t.Context())
		for _, r := range rows {
			steps = append(steps, r.Event+r.OnceKey[strings.LastIndex(r.OnceKey, ":"):])
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return steps
}

func TestDeadlinesAreAnnouncedOnceAlsoAfterAPause(t *testing.T) {
	d := newDeal(t)
	_, err := do(d, func(ctx context.Context, tx *gorm.DB) (models.ID, error) {
		e := models.Endpoint{ID: models.NewID(), Kind: messages.WeCom, Name: "group", URL: "https://qyapi.weixin.qq.com/", Events: []string{}, Version: 1, CreatedAt: contractstest.Now, UpdatedAt: contractstest.Now}
		return e.ID, gorm.G[models.Endpoint](tx).Create(ctx, &e)
	})
	if err != nil {
		t.Fatal(err)
	}
	c := d.mustOpen()
	due := c.ReceivedOn.AddDays(30) // the sales contract's days for our answer
	tests := []struct {
		left int
		want string
	}{
		{10, ""}, {7, "deadline.near:7"}, {6, "deadline.near:7"}, {3, "deadline.near:7 deadline.near:3"},
		{1, "deadline.near:7 deadline.near:3 deadline.near:1"}, {0, "deadline.near:7 deadline.near:3 deadline.near:1"},
		{-5, "deadline.near:7 deadline.near:3 deadline.near:1 deadline.missed:-1"}, {-6, "deadline.near:7 deadline.near:3 deadline.near:1 deadline.missed:-1"},
	}
	for _, test := range tests {
		if got := strings.Join(announced(t, d, due.AddDays(-test.left)), " "); got != test.want {
			t.Errorf("%d days left: announced %q, want %q", test.left, got, test.want)
		}
	}
}
