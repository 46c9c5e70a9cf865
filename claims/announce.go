package claims

import (
	"context"
	"fmt"

	"gorm.io/gorm"

	"recourse/messages"
	"recourse/models"
)

// announceOpened tells who wants to know that a claim came in.
func announceOpened(ctx context.Context, tx *gorm.DB, by models.Actor, c *models.Claim, contract string) error {
	return messages.Enqueue(ctx, tx, by, messages.Happening{
		Event: messages.ClaimOpened, EntityID: c.ID, Once: "claim.opened:" + c.ID.String(), Path: "/claims/" + c.ID.String(),
		Subject: models.Say("Claim %s received", "收到索赔 %s", c.Number),
		Body: models.Say("Claim %s under contract %s was received on %s with %d items. Acknowledge it within the day.",
			"索赔 %s（合同 %s）于 %s 收到，共 %d 项。请在一日内确认收到。", c.Number, contract, c.ReceivedOn, len(c.Items)),
	})
}

// announceMoved tells that a claim is in another state.
func announceMoved(ctx context.Context, tx *gorm.DB, by models.Actor, c *models.Claim, was models.ClaimState) error {
	return messages.Enqueue(ctx, tx, by, messages.Happening{
		Event: messages.ClaimMoved, EntityID: c.ID, Once: fmt.Sprintf("claim.moved:%s:%d", c.ID, c.Version), Path: "/claims/" + c.ID.String(),
		Subject: models.Say("Claim %[1]s is %[2]s", "索赔 %[1]s：%[3]s", c.Number, c.State, stateZH(c.State)),
		Body: models.Say("Claim %[1]s was %[2]s and is %[3]s now.", "索赔 %[1]s 由“%[4]s”变为“%[5]s”。",
			c.Number, was, c.State, stateZH(was), stateZH(c.State)),
	})
}
