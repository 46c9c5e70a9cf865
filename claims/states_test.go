package claims_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"gorm.io/gorm"
	"pgregory.net/rapid"

	"recourse/audit"
	"recourse/claims"
	"recourse/models"
)

// twoItems is a claim with one item in its period and one after it.
func (d deal) twoItems() *models.Claim {
	return d.mustOpen(func(in *claims.OpenInput) {
		in.Items = append(in.Items, d.item(func(i *claims.ItemInput) {
			i.Reason, i.Defect, i.Quantity, i.Claimed = models.ReasonQuantity, "", models.Pieces(300), usd(43500)
		}))
	})
}

func TestAnswerRefuses(t *testing.T) {
	d := newDeal(t)
	c := d.twoItems()
	for _, x := range []struct {
		name, field string
		item        int
		in          claims.AnswerInput
	}{
		{"above the claim", "granted.amount", 1, claims.AnswerInput{Answer: models.AnswerInPart, Ground: "liable", Granted: new(usd(208801))}},
		{"negative", "granted.amount", 1, claims.AnswerInput{Answer: models.AnswerInPart, Ground: "liable", Granted: new(usd(-1))}},
		{"another currency", "granted.currency", 1, claims.AnswerInput{Answer: models.AnswerInPart, Ground: "liable", Granted: &models.Money{Minor: 1, Currency: "CNY"}}},
		{"a part that is all", "granted", 1, claims.AnswerInput{Answer: models.AnswerInPart, Ground: "liable", Granted: new(usd(208800))}},
		{"a part that is nothing", "granted", 1, claims.AnswerInput{Answer: models.AnswerInPart, Ground: "liable"}},
		{"acceptance of less", "granted.amount", 1, claims.AnswerInput{Answer: models.AnswerAccept, Ground: "liable", Granted: new(usd(1))}},
		{"acceptance on a ground for rejecting", "ground", 1, claims.AnswerInput{Answer: models.AnswerAccept, Ground: "amount_not_shown"}},
		{"rejection with money", "granted.amount", 1, claims.AnswerInput{Answer: models.AnswerReject, Ground: "amount_not_shown", Granted: new(usd(1))}},
		{"rejection for liability", "ground", 1, claims.AnswerInput{Answer: models.AnswerReject, Ground: "liable"}},
		{"in time, yet time-barred", "ground", 1, claims.AnswerInput{Answer: models.AnswerReject, Ground: "time_barred"}},
		{"time-barred, accepted without a reason", "text", 2, claims.AnswerInput{Answer: models.AnswerAccept, Ground: "goodwill", Text: " "}},
		{"time-barred, accepted in part without a reason", "text", 2, claims.AnswerInput{Answer: models.AnswerInPart, Ground: "goodwill", Granted: new(usd(100))}},
	} {
		_, err := d.answer(c, x.item, x.in)
		refused(t, x.name, err, models.CodeInvalid, x.field)
	}
	_, err := d.answer(c, 3, claims.AnswerInput{Answer: models.AnswerReject, Ground: "evidence_missing"})
	refused(t, "an item that isn't there", err, models.CodeNotFound, "")
	c = d.mustAnswer(c, 1, claims.AnswerInput{Answer: models.AnswerAccept, Ground: "liable"})
	if g := c.Items[0].Granted; g == nil || *g != usd(208800) {
		t.Errorf("accepted: granted %v, want all of it", g)
	}
	c = d.mustAnswer(c, 1, claims.AnswerInput{Answer: models.AnswerInPart, Ground: "conforming_at_dispatch", Text: "corners crushed in carriage", Granted: new(usd(62640))})
	c = d.mustAnswer(c, 2, claims.AnswerInput{Answer: models.AnswerReject, Ground: "time_barred"})
	if c.Items[0].Granted.Minor != 62640 || c.Items[1].Granted != nil || c.Items[1].Ground != "time_barred" {
		t.Errorf("answers = %+v", c.Items)
	}
	d.mustAnswer(c, 2, claims.AnswerInput{Answer: models.AnswerAccept, Ground: "goodwill", Text: "one day late, good customer"})
}

func TestTwoUsersAnswerOneItem(t *testing.T) {
	d := newDeal(t)
	c := d.twoItems()
	var wg sync.WaitGroup
	errs := make([]error, 4)
	for n := range errs {
		wg.Go(func() {
			_, errs[n] = d.answer(c, 1, claims.AnswerInput{Answer: models.AnswerReject, Ground: "evidence_missing"})
		})
	}
	wg.Wait()
	kept := 0
	for _, err := range errs {
		if err == nil {
			kept++
		} else if !models.IsCode(err, models.CodeStale) {
			t.Errorf("Answer: %v, want stale", err)
		}
	}
	if kept != 1 {
		t.Errorf("%d of %d answers were kept, want 1", kept, len(errs))
	}
}

func TestMovesNeedAnswers(t *testing.T) {
	d := newDeal(t)
	c := d.mustMove(d.twoItems(), claims.Acknowledge, claims.Investigate)
	_, err := d.move(c, claims.Assess)
	refused(t, "assess without answers", err, models.CodeConflict, "items")
	c = d.mustAnswer(c, 1, claims.AnswerInput{Answer: models.AnswerReject, Ground: "evidence_missing"})
	c = d.mustAnswer(c, 2, claims.AnswerInput{Answer: models.AnswerReject, Ground: "time_barred"})
	c = d.mustMove(c, claims.Assess)
	_, err = d.move(c, claims.Settle)
	refused(t, "settle for nothing", err, models.CodeConflict, "items")
	c = d.mustAnswer(c, 1, claims.AnswerInput{Answer: models.AnswerInPart, Ground: "goodwill", Granted: new(usd(100))})
	_, err = d.move(c, claims.Reject)
	refused(t, "reject what is granted", err, models.CodeConflict, "items")
	_, err = d.move(c, func(ctx context.Context, tx *gorm.DB, by models.Actor, id models.ID, version int) (*models.Claim, error) {
		return claims.Withdraw(ctx, tx, by, id, version, claims.ReasonInput{Reason: " "})
	})
	refused(t, "withdraw without a reason", err, models.CodeInvalid, "reason")
	c = d.mustMove(c, claims.Negotiate, claims.Settle, closeIt)
	if c.AnsweredAt == nil || c.SettledAt == nil || c.ClosedAt == nil {
		t.Errorf("times: answered %v, settled %v, closed %v", c.AnsweredAt, c.SettledAt, c.ClosedAt)
	}
	_, err = d.answer(c, 1, claims.AnswerInput{Answer: models.AnswerAccept, Ground: "liable"})
	refused(t, "answer a closed claim", err, models.CodeConflict, "state")
	_, err = d.move(c, claims.Investigate)
	refused(t, "investigate a closed claim", err, models.CodeConflict, "state")
	if c = d.mustMove(c, reopen); c.State != models.ClaimInvestigating || c.SettledAt != nil || c.ClosedAt != nil {
		t.Errorf("reopened = %+v", c)
	}
}

// TestADateThatComesToLight: an item accepted while nobody knew the arrival
// needs its reason once it turns out to be late.
func TestADateThatComesToLight(t *testing.T) {
	d := newDeal(t)
	c := d.mustOpen(func(in *claims.OpenInput) {
		in.ShipmentID = nil
		in.Items[0] = d.item(func(i *claims.ItemInput) { i.Reason, i.Defect = models.ReasonQuantity, "" })
	})
	c = d.mustAnswer(c, 1, claims.AnswerInput{Answer: models.AnswerAccept, Ground: "goodwill"})
	c = d.mustMove(c, claims.Acknowledge, claims.Investigate)
	c, err := do(d, func(ctx context.Context, tx *gorm.DB) (*models.Claim, error) {
		return claims.Patch(ctx, tx, d.by, c.ID, c.Version, claims.PatchInput{ShipmentID: &d.shipment.ID})
	})
	if err != nil {
		t.Fatal(err)
	}
	_, err = d.move(c, claims.Assess)
	refused(t, "assess", err, models.CodeInvalid, "items[0].text")
	c = d.mustAnswer(c, 1, claims.AnswerInput{Answer: models.AnswerAccept, Ground: "goodwill", Text: "a good customer"})
	d.mustMove(c, claims.Assess)
}

// verbs are all the moves with where each leads.
var verbs = []struct {
	name string
	to   models.ClaimState
	do   step
}{
	{"acknowledge", models.ClaimAcknowledged, claims.Acknowledge}, {"investigate", models.ClaimInvestigating, claims.Investigate},
	{"assess", models.ClaimAssessed, claims.Assess}, {"negotiate", models.ClaimNegotiating, claims.Negotiate}, {"settle", models.ClaimSettled, claims.Settle},
	{"reject", models.ClaimRejected, claims.Reject}, {"withdraw", models.ClaimWithdrawn, withdraw}, {"close", models.ClaimClosed, closeIt}, {"reopen", models.ClaimInvestigating, reopen},
}

// simple is a claim as a reader of the rules would keep it on paper.
type simple struct {
	state         models.ClaimState
	answered, won bool // the only item has an answer; it grants something
	withdrawn     bool
}

// allowed says from the rules alone whether a move is open.
func (m simple) allowed(verb string) bool {
	from := map[string][]models.ClaimState{
		"acknowledge": {models.ClaimReceived}, "investigate": {models.ClaimAcknowledged, models.ClaimAssessed},
		"assess": {models.ClaimInvestigating, models.ClaimNegotiating}, "negotiate": {models.ClaimAssessed, models.ClaimRejected},
		"settle": {models.ClaimAssessed, models.ClaimNegotiating}, "reject": {models.ClaimAssessed, models.ClaimNegotiating},
		"withdraw": {models.ClaimReceived, models.ClaimAcknowledged, models.ClaimInvestigating, models.ClaimAssessed, models.ClaimNegotiating},
		"close":    {models.ClaimSettled, models.ClaimRejected, models.ClaimWithdrawn}, "reopen": {models.ClaimClosed},
	}
	for _, s := range from[verb] {
		if s == m.state {
			switch verb {
			case "assess", "negotiate":
				return m.answered
			case "settle":
				return m.answered && m.won
			case "reject":
				return m.answered && !m.won
			}
			return true
		}
	}
	return false
}

// TestStatesAgainstASimpleModel makes random moves and answers, and finds the
// stored claim where the simple model has it.
func TestStatesAgainstASimpleModel(t *testing.T) {
	d := newDeal(t)
	rapid.Check(t, func(r *rapid.T) {
		c, err := d.open(d.by, d.input(func(in *claims.OpenInput) { in.Items[0].Quantity = models.Pieces(1) }))
		if err != nil {
			r.Fatal(err)
		}
		m, held := simple{state: models.ClaimReceived}, d.claimed()-models.Pieces(1)
		for range rapid.IntRange(1, 12).Draw(r, "steps") {
			n := rapid.IntRange(0, len(verbs)+1).Draw(r, "verb")
			if n >= len(verbs) {
				in := claims.AnswerInput{Answer: models.AnswerReject, Ground: "evidence_missing"}
				if n > len(verbs) {
					in = claims.AnswerInput{Answer: models.AnswerAccept, Ground: "liable"}
				}
				got, err := d.answer(c, 1, in)
				if (err == nil) != m.state.Open() {
					r.Fatalf("answer in %s: %v", m.state, err)
				}
				if err == nil {
					c, m.answered, m.won = got, true, n > len(verbs)
				}
				continue
			}
			v := verbs[n]
			got, err := d.move(c, v.do)
			if (err == nil) != m.allowed(v.name) {
				r.Fatalf("%s in %+v: %v", v.name, m, err)
			}
			if err == nil {
				c, m.state = got, v.to
				m.withdrawn = v.name == "withdraw" || m.withdrawn && v.name != "reopen"
			}
		}
		want := held + models.Pieces(1)
		if m.withdrawn {
			want = held
		}
		if c.State != m.state || (c.WithdrawnAt != nil) != m.withdrawn || d.claimed() != want {
			r.Fatalf("stored %s, withdrawn %v, %s claimed; want %+v and %s", c.State, c.WithdrawnAt, d.claimed(), m, want)
		}
	})
	if err := d.db.Tx(t.Context(), func(tx *gorm.DB) error {
		for {
			if n, err := audit.Seal(t.Context(), tx, 500); err != nil || n == 0 {
				return err
			}
		}
	}); err != nil {
		t.Fatal(err)
	}
	if err := d.db.View(t.Context(), func(tx *gorm.DB) error {
		r, err := audit.Verify(t.Context(), tx, time.Now())
		if len(r.Problems) > 0 {
			t.Errorf("audit: %v", r.Problems)
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
}
