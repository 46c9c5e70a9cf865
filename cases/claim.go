package cases

import (
	"fmt"

	"encoding/json"

	"recourse/claims"
	"recourse/database"
	"recourse/models"
	"recourse/wire"
)

// Claim is a customer's demand with our answer to each item.
type Claim struct {
	CustomerReference string           `json:"customer_reference"`
	Received          models.Date      `json:"received" validate:"required"`
	SurveyReport      *models.Date     `json:"survey_report"` // its date; null: none was sent
	Items             []ClaimItem      `json:"items" validate:"required,dive"`
	Expected          *json.RawMessage `json:"expected"`
	Answer            []ClaimAnswer    `json:"answer" validate:"dive"`
}

// ClaimItem is one complaint.
type ClaimItem struct {
	Item           int                `json:"item" validate:"min=1"`
	Reason         models.ClaimReason `json:"reason" validate:"required"`
	Defect         string             `json:"defect"`
	Characteristic string             `json:"characteristic"`
	Quantity       models.Quantity    `json:"quantity"`
	Amount         string             `json:"amount"`
	Currency       string             `json:"currency"`
	Apparent       *bool              `json:"apparent" validate:"required"`
	Text           string             `json:"text"`
}

// ClaimAnswer is our answer to one item.
type ClaimAnswer struct {
	Item   int           `json:"item" validate:"min=1"`
	Answer models.Answer `json:"answer" validate:"required"`
	Ground string        `json:"ground" validate:"required"`
	Text   string        `json:"text"`
	Amount string        `json:"amount"`
}

// ClaimResult is what was computed about a claim, under the keys of a case file.
type ClaimResult struct {
	Number   string       `json:"number"`
	Expected claimFigures `json:"expected"`
}

type claimFigures struct {
	DayOfClaimPeriod *int                      `json:"day_of_claim_period"`
	Clocks           map[string]any            `json:"clocks"`
	Coverage         map[string]map[string]any `json:"coverage"`
}

// claim opens the claim, reads clocks and coverage, and answers the items.
func (w *writer) claim(r *Result) error {
	in := w.file.Claim
	if in == nil {
		return nil
	}
	if w.sales == nil || w.shipped == nil {
		return models.Invalid("", "A claim needs the sales contract and the shipment in the same file.", "索赔需要同一文件中的销售合同及发运信息。")
	}
	open := claims.OpenInput{SalesContractID: w.sales.ID, ShipmentID: &w.shipped.ID, CustomerReference: in.CustomerReference, ReceivedOn: in.Received}
	if in.SurveyReport != nil {
		open.SurveyOn = *in.SurveyReport
	}
	for n, i := range in.Items {
		item, err := w.claimItem(i)
		if err != nil {
			return models.At(fmt.Sprintf("items[%d]", n), err)
		}
		open.Items = append(open.Items, item)
	}
	if err := wire.Validate(&open); err != nil {
		return err
	}
	c, err := claims.Open(w.ctx, w.tx, w.by, open)
	if err != nil {
		return err
	}
	if r.Claim, err = w.claimFigures(c); err != nil {
		return err
	}
	for _, step := range []func(*models.Claim) (*models.Claim, error){
		func(c *models.Claim) (*models.Claim, error) {
			return claims.Acknowledge(w.ctx, w.tx, w.by, c.ID, c.Version)
		},
		func(c *models.Claim) (*models.Claim, error) {
			return claims.Investigate(w.ctx, w.tx, w.by, c.ID, c.Version)
		},
		w.answer,
	} {
		if c, err = step(c); err != nil {
			return err
		}
	}
	w.opened = c
	return nil
}

func (w *writer) claimItem(i ClaimItem) (claims.ItemInput, error) {
	money, err := models.ParseMoney("", i.Amount, i.Currency)
	if err != nil {
		return claims.ItemInput{}, err
	}
	return claims.ItemInput{
		Item: i.Item, Reason: i.Reason, SalesLineID: w.sales.Lines[0].ID, Defect: i.Defect, Characteristic: i.Characteristic,
		Quantity: i.Quantity, Claimed: money, Apparent: i.Apparent, Text: i.Text,
	}, nil
}

// answer answers the items as the file says and, when all are answered, closes the enquiry.
func (w *writer) answer(c *models.Claim) (*models.Claim, error) {
	for n, a := range w.file.Claim.Answer {
		at := fmt.Sprintf("answer[%d]", n)
		in := claims.AnswerInput{Answer: a.Answer, Ground: a.Ground, Text: a.Text}
		item, err := database.Take[models.ClaimItem](w.ctx, w.tx, "item of the claim", "索赔项", "claim_id = ? AND item_no = ?", c.ID, a.Item)
		if err != nil {
			return nil, models.At(at+".item", err)
		}
		if a.Amount != "" {
			granted, err := models.ParseMoney(at, a.Amount, item.Claimed.Currency)
			if err != nil {
				return nil, err
			}
			in.Granted = &granted
		}
		if c, err = claims.Answer(w.ctx, w.tx, w.by, c.ID, a.Item, item.Version, in); err != nil {
			return nil, models.At(at, err)
		}
	}
	if len(w.file.Claim.Answer) < len(w.file.Claim.Items) {
		return c, nil
	}
	return claims.Assess(w.ctx, w.tx, w.by, c.ID, c.Version)
}

// claimFigures reads clocks and coverage as the file's expected values name them.
func (w *writer) claimFigures(c *models.Claim) (*ClaimResult, error) {
	r := &ClaimResult{Number: c.Number, Expected: claimFigures{Clocks: map[string]any{}, Coverage: map[string]map[string]any{}}}
	shown, err := claims.Show(w.ctx, w.tx, w.by, c.ID)
	if err != nil {
		return nil, err
	}
	for _, k := range shown.Clocks {
		switch k.Code {
		case claims.ClockOurReply:
			r.Expected.Clocks["our_reply_due"] = k.EndsOn
		case claims.ClockSupplierQuality, claims.ClockSupplierQuantity, claims.ClockSupplierOther:
			r.Expected.Clocks[k.Code] = map[string]any{"ended": k.EndsOn}
		default:
			r.Expected.Clocks[k.Code] = map[string]any{"ends": k.EndsOn, "in_time": k.InTime}
		}
		if k.Period && k.Day != nil {
			r.Expected.DayOfClaimPeriod = k.Day
		}
	}
	covered, err := claims.Coverage(w.ctx, w.tx, c)
	if err != nil {
		return nil, err
	}
	for _, item := range covered {
		figures := map[string]any{"status": item.Status}
		if s := item.Statistics; s != nil {
			figures["lot"], figures["sample"], figures["found"], figures["claimed"] = s.Lot, s.Sample, s.Found, s.Claimed
			figures["p_at_most"], figures["upper_bound"] = s.PAtMost, s.UpperBound
		}
		if q := item.Quantity; q != nil {
			figures["presented"], figures["loading_witnessed"] = q.Presented, q.LoadingWitnessed
		}
		r.Expected.Coverage[fmt.Sprint(item.Item)] = figures
	}
	return r, nil
}
