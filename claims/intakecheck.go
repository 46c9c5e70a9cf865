package claims

import (
	"context"
	"slices"

	"gorm.io/gorm"

	"recourse/models"
)

// checkClaim checks a claim's head before it is written and fills its key.
func checkClaim(ctx context.Context, tx *gorm.DB, by models.Actor, c *models.Claim, g *goods, hadSurvey models.SHA256) (err error) {
	if c.CustomerReference, c.ReferenceKey, err = quoted("customer_reference", c.CustomerReference, 100); err != nil {
		return err
	}
	if c.CustomerID != g.contract.PartyID {
		return models.Invalid("customer_id", "Contract %s is with another customer.", "合同 %s 的对方是另一客户。", g.contract.Number)
	}
	loaded := models.Date("")
	if c.ShipmentID != nil {
		s, known := g.shipments[*c.ShipmentID]
		if !known {
			return models.Invalid("shipment_id", "Contract %s has no such shipment.", "合同 %s 没有此发运。", g.contract.Number)
		}
		loaded = s.LoadedOn
	}
	if c.ReceivedOn.IsZero() {
		return models.Invalid("received_on", "is required.", "必须填写。")
	}
	for _, d := range []struct {
		field string
		date  models.Date
	}{{"received_on", c.ReceivedOn}, {"survey_on", c.SurveyOn}} {
		if err := past(by, d.field, d.date); err != nil {
			return err
		}
		if err := inOrder(d.field, "signed_on", g.contract.SignedOn, d.date); err != nil {
			return err
		}
	}
	if err := inOrder("survey_on", "loaded_on", loaded, c.SurveyOn); err != nil {
		return err
	}
	if c.SurveySHA256 == hadSurvey {
		return nil
	}
	return uploaded(ctx, tx, by, "survey_sha256", c.SurveySHA256)
}

// checkItem holds an item against the goods: whose line, which lot, how much of
// it went, in which currency and when.
func checkItem(by models.Actor, c *models.Claim, g *goods, i *models.ClaimItem) error {
	if _, known := g.lines[i.SalesLineID]; !known {
		return models.Invalid("sales_line_id", "Contract %s has no such line.", "合同 %s 没有此行。", g.contract.Number)
	}
	if codes := g.catalogue[i.SalesLineID]; codes != nil {
		if i.Defect != "" && !codes["defect "+i.Defect] {
			return models.Invalid("defect", "The line's standard has no defect %q: use its code, or describe it in text.", "该行的标准没有缺陷 %q：请使用其代码，或用文字说明。", i.Defect)
		}
		if i.Characteristic != "" && !codes["characteristic "+i.Characteristic] {
			return models.Invalid("characteristic", "The line's standard has no characteristic %q: use its code, or describe it in text.",
				"该行的标准没有检验项目 %q：请使用其代码，或用文字说明。", i.Characteristic)
		}
	}
	if _, known := models.CurrencyPlaces(i.Claimed.Currency); !known {
		return models.Invalid("claimed.currency", "%q is not a currency: use an ISO 4217 code such as USD or CNY.", "%q 不是币种：请使用 ISO 4217 代码，例如 USD、CNY。", i.Claimed.Currency)
	}
	if i.Claimed.Minor < 0 {
		return models.Invalid("claimed.amount", "An amount claimed is not negative.", "索赔金额不得为负。")
	}
	return checkGoods(by, c, g, i)
}

// checkGoods: nothing is claimed of what did not go, nor found before it went.
func checkGoods(by models.Actor, c *models.Claim, g *goods, i *models.ClaimItem) error {
	went, loaded, found := g.went(c, i)
	if i.LotID != nil && !found {
		return models.Invalid("lot_id", "This lot was not shipped on this line.", "此批未在该行发运。")
	}
	if i.Quantity < 0 || i.Quantity > went {
		return models.Invalid("quantity", "%s are claimed, but %s were shipped.", "索赔数量 %s，而发运数量为 %s。", i.Quantity, went)
	}
	if err := past(by, "discovered_on", i.DiscoveredOn); err != nil {
		return err
	}
	if aboutGoods(i.Reason) {
		if err := inOrder("discovered_on", "loaded_on", loaded, i.DiscoveredOn); err != nil {
			return err
		}
	}
	if i.DiscoveredOn > c.ReceivedOn {
		return models.Invalid("discovered_on", "%s is after the claim was received (%s).", "%s 晚于索赔收到日期（%s）。", i.DiscoveredOn, c.ReceivedOn)
	}
	return nil
}

// went is how much of what an item is about was shipped, and when the first of
// it was loaded; the day is not known as long as one of its shipments has none.
func (g *goods) went(c *models.Claim, i *models.ClaimItem) (quantity models.Quantity, loaded models.Date, found bool) {
	known := true
	for _, s := range g.shipped {
		if s.SalesLineID != i.SalesLineID || c.ShipmentID != nil && s.ShipmentID != *c.ShipmentID || i.LotID != nil && s.LotID != *i.LotID {
			continue
		}
		on := g.shipments[s.ShipmentID].LoadedOn
		known = known && !on.IsZero()
		if !found || on < loaded {
			loaded = on
		}
		quantity, found = quantity+s.Quantity, true
	}
	if !known {
		loaded = ""
	}
	return quantity, loaded, found
}

// checkShipped refuses a claim about goods that had not gone when it was received.
func checkShipped(c *models.Claim, g *goods) error {
	for n := range c.Items {
		_, loaded, _ := g.went(c, &c.Items[n])
		if aboutGoods(c.Items[n].Reason) && c.ReceivedOn < loaded {
			return models.Invalid("received_on", "The claim was received on %s, before its goods were loaded (%s).", "索赔收到日期 %s 早于货物装运日期（%s）。", c.ReceivedOn, loaded)
		}
	}
	return nil
}

// aboutGoods: late delivery and documents are claimed while the goods still wait.
func aboutGoods(r models.ClaimReason) bool {
	return r != models.ReasonLateDelivery && slices.Contains(models.GoodsReasons, r)
}

// past refuses a day to come.
func past(by models.Actor, field string, d models.Date) error {
	if d > today(by) {
		return models.Invalid(field, "%s lies in the future.", "日期 %s 在未来。", d)
	}
	return nil
}

// inOrder refuses a day before one that it follows; either may be unknown.
func inOrder(field, before string, first, then models.Date) error {
	if !first.IsZero() && !then.IsZero() && then < first {
		return models.Invalid(field, "%[1]s is before %[2]s (%[3]s).", "%[1]s 早于 %[2]s（%[3]s）。", then, before, first)
	}
	return nil
}
