package claims

import (
	"slices"
	"strings"

	"recourse/models"
)

// The codes of the clocks that come from the contracts; those from dated rules have the rule's code.
const (
	ClockQuality          = "quality"  // the customer's period for claims about quality
	ClockQuantity         = "quantity" // for claims about quantity
	ClockOther            = "other"    // for all other claims
	ClockOurReply         = "our_reply"
	ClockSupplierQuality  = "supplier_quality_window" // ours towards the supplier
	ClockSupplierQuantity = "supplier_quantity_window"
	ClockSupplierOther    = "supplier_other_window"
)

// Clock is one deadline of a claim: from which event and rule it runs, when it
// ends, and what is missing to compute it.
type Clock struct {
	Code      string        `json:"code"`
	Towards   string        `json:"towards"` // with whom it runs: customer, supplier, carrier, insurer
	PartyID   *models.ID    `json:"party_id"`
	Contract  string        `json:"contract"` // whose clause it is
	Items     []int         `json:"items"`    // that it concerns
	Name      models.Text   `json:"name"`
	Starts    string        `json:"starts"` // delivery, loading, arrival, receipt, claim, discovery
	StartOn   models.Date   `json:"start_on"`
	Length    models.Text   `json:"length"` // 30 days, 2 years
	EndsOn    models.Date   `json:"ends_on"`
	DaysLeft  *int          `json:"days_left"` // from today to the end; negative when it is over
	Day       *int          `json:"day"`       // of the period on which what must be in time happened
	InTime    *bool         `json:"in_time"`
	Missing   []models.Text `json:"missing"` // to compute it
	Notes     []models.Text `json:"notes"`
	Rule      models.Text   `json:"rule"`
	Source    models.Text   `json:"source"`
	Citation  string        `json:"citation"`
	Edition   int           `json:"edition"`   // of a dated rule; 0 for a contract's clause
	Period    bool          `json:"period"`    // the customer's period under the sales contract
	Protected bool          `json:"protected"` // what the clock asks for was done
}

// Facts are what the clocks of a claim rest on.
type Facts struct {
	ReceivedOn models.Date
	AnsweredOn models.Date // our answer went out; unknown: not yet
	SurveyOn   models.Date
	Sales      models.Contract
	Shipment   models.Shipment // without dates when the claim names none
	Items      []models.ClaimItem
	Sources    []Source
	Noticed    map[string]models.Date // notices that went to a carrier or insurer
}

// Source is a purchase contract that feeds claimed lines.
type Source struct {
	Purchase  models.Contract
	Supplier  models.Party
	Items     []int
	NoticedOn models.Date // of the protective notice to the supplier; unknown: none was sent
}

// ComputeClocks computes every deadline of a claim as of a day. Days are
// calendar days counted from the day after the event; months and years end on
// the same day of the month, or its last.
func ComputeClocks(f Facts, rules []models.ClockRule, today models.Date) []Clock {
	clocks := f.periods()
	clocks = append(clocks, f.reply(today))
	for _, s := range f.Sources {
		clocks = append(clocks, f.windows(s, today)...)
	}
	for _, r := range inForce(rules, f.ReceivedOn) {
		clocks = append(clocks, f.ruled(r, today)...)
	}
	for n := range clocks {
		clocks[n].finish(today)
	}
	return clocks
}

// kinds are the three periods that a claim clause knows.
var kinds = []struct {
	code, window string
	period, own  models.Text
	days         func(models.ClaimClause) *int
}{
	{ClockQuality, ClockSupplierQuality, models.Text{ZH: "客户质量索赔期", EN: "Customer's period for quality claims"}, models.Text{ZH: "对供应商的质量索赔期", EN: "Our period for quality claims on the supplier"},
		func(c models.ClaimClause) *int { return c.QualityDays }},
	{ClockQuantity, ClockSupplierQuantity, models.Text{ZH: "客户数量索赔期", EN: "Customer's period for quantity claims"}, models.Text{ZH: "对供应商的数量索赔期", EN: "Our period for quantity claims on the supplier"},
		func(c models.ClaimClause) *int { return c.QuantityDays }},
	{ClockOther, ClockSupplierOther, models.Text{ZH: "客户其他索赔期", EN: "Customer's period for other claims"}, models.Text{ZH: "对供应商的其他索赔期", EN: "Our period for other claims on the supplier"},
		func(c models.ClaimClause) *int { return c.OtherDays }},
}

// kindOf is the period that a reason falls under.
func kindOf(r models.ClaimReason) string {
	switch r {
	case models.ReasonQuantity:
		return ClockQuantity
	case models.ReasonQuality, models.ReasonSpecification, models.ReasonWrongGoods, models.ReasonPacking, models.ReasonTransportDamage:
		return ClockQuality
	}
	return ClockOther
}

func (f Facts) itemsWhere(is func(models.ClaimItem) bool) []int {
	items := []int{}
	for _, i := range f.Items {
		if is(i) {
			items = append(items, i.ItemNo)
		}
	}
	return items
}

// periods are the customer's under the sales contract, for the reasons that the claim has.
func (f Facts) periods() []Clock {
	var out []Clock
	for _, k := range kinds {
		items := f.itemsWhere(func(i models.ClaimItem) bool { return kindOf(i.Reason) == k.code })
		if len(items) == 0 {
			continue
		}
		clause := f.Sales.ClaimClause
		c := Clock{Code: k.code, Towards: string(models.PartyCustomer), Contract: f.Sales.Number, Items: items, Name: k.period, Period: true}
		c.byClause(clause, k.days(clause), f)
		c.happens(f.ReceivedOn)
		if clause.SurveyReport && f.SurveyOn.IsZero() {
			c.Notes = append(c.Notes, models.Say("The clause asks for a survey report: none was received.", "条款要求检验报告：尚未收到。"))
		}
		out = append(out, c)
	}
	return out
}

// reply is the day by which we owe the customer an answer.
func (f Facts) reply(today models.Date) Clock {
	c := Clock{
		Code: ClockOurReply, Towards: string(models.PartyCustomer), Contract: f.Sales.Number, Items: f.itemsWhere(func(models.ClaimItem) bool { return true }),
		Name: models.Text{ZH: "我方答复期限", EN: "Our reply to the customer"}, Protected: !f.AnsweredOn.IsZero(),
	}
	clause := f.Sales.ClaimClause
	clause.From = "claim"
	c.byClause(clause, clause.ReplyDays, f)
	c.happens(orToday(f.AnsweredOn, today))
	return c
}

// windows are ours towards a supplier, for the kinds of claim that concern them.
func (f Facts) windows(s Source, today models.Date) []Clock {
	var out []Clock
	for _, k := range kinds {
		items := f.itemsWhere(func(i models.ClaimItem) bool { return kindOf(i.Reason) == k.code && slices.Contains(s.Items, i.ItemNo) })
		if len(items) == 0 {
			continue
		}
		c := Clock{Code: k.window, Towards: string(models.PartySupplier), PartyID: &s.Supplier.ID, Contract: s.Purchase.Number, Items: items, Name: k.own, Protected: !s.NoticedOn.IsZero()}
		c.byClause(s.Purchase.ClaimClause, k.days(s.Purchase.ClaimClause), f)
		c.happens(orToday(s.NoticedOn, today))
		if slices.ContainsFunc(f.Items, func(i models.ClaimItem) bool { return !i.Apparent && slices.Contains(items, i.ItemNo) }) {
			c.Notes = append(c.Notes, models.Text{EN: "Part of the claim is latent: a short agreed period may cover visible defects only.", ZH: "部分缺陷为隐蔽缺陷：约定期限过短时，可能仅适用于外观缺陷。"})
		}
		out = append(out, c)
	}
	return out
}

// ruled are the clocks of a dated rule: one, or one for each supplier.
func (f Facts) ruled(r models.ClockRule, today models.Date) []Clock {
	if r.Incoterms != "" && !slices.Contains(strings.Fields(r.Incoterms), firstWord(f.Sales.Incoterm)) {
		return nil
	}
	matches := func(i models.ClaimItem) bool {
		return r.Hidden == "" || r.Hidden == "apparent" && i.Apparent || r.Hidden == "latent" && !i.Apparent
	}
	base := Clock{Code: r.Code, Towards: r.Towards, Name: r.Name, Source: r.Source, Citation: r.Citation, Edition: r.Edition}
	base.run(r.Starts, r.Days, r.Months, r.Years, f)
	if r.Workdays {
		base.EndsOn = workday(base.EndsOn)
		base.Rule = models.Text{EN: base.Rule.EN + "; an end on a rest day moves to the next working day", ZH: base.Rule.ZH + "；末日为休息日的顺延至下一工作日"}
	}
	if r.Towards != string(models.PartySupplier) {
		if base.Items = f.itemsWhere(matches); len(base.Items) == 0 {
			return nil
		}
		base.happens(today)
		if sent := f.Noticed[r.Towards]; !sent.IsZero() && strings.Contains(r.Code, "notice") {
			base.Protected = true
			base.happens(sent)
		}
		if r.Towards == string(models.PartyCustomer) {
			base.happens(f.ReceivedOn) // the customer's right: the claim is what must be in time
		}
		return []Clock{base}
	}
	var out []Clock
	for _, s := range f.Sources {
		c := base
		c.Notes, c.Missing = slices.Clone(base.Notes), slices.Clone(base.Missing)
		c.PartyID, c.Contract, c.Protected = &s.Supplier.ID, s.Purchase.Number, !s.NoticedOn.IsZero()
		c.Items = f.itemsWhere(func(i models.ClaimItem) bool { return matches(i) && slices.Contains(s.Items, i.ItemNo) })
		if len(c.Items) > 0 {
			c.happens(orToday(s.NoticedOn, today))
			out = append(out, c)
		}
	}
	return out
}

// byClause runs the clock by a contract's clause.
func (c *Clock) byClause(clause models.ClaimClause, days *int, f Facts) {
	c.Source = models.Say("Contract %s: %s", "合同 %s：%s", c.Contract, clause.Text)
	if clause.Text == "" {
		c.Source = models.Say("Claim clause of contract %s", "合同 %s 的索赔条款", c.Contract)
	}
	if days == nil {
		c.Starts = clause.From
		c.Missing = append(c.Missing, models.Say("contract %s names no period", "合同 %s 未约定期限", c.Contract))
		return
	}
	c.run(clause.From, *days, 0, 0, f)
}

// run counts from the event; a receipt that nobody recorded was at the earliest on arrival.
func (c *Clock) run(starts string, days, months, years int, f Facts) {
	c.Starts, c.StartOn = starts, f.event(starts)
	if starts == "receipt" && !c.StartOn.IsZero() {
		c.Notes = append(c.Notes, models.Text{EN: "Receipt date unknown: counted from arrival, the earliest that it can have been.", ZH: "收货日期未知：自最早可能的到港日起算。"})
	}
	c.Length = length(days, months, years)
	c.Rule = models.Say("%[1]s from %[3]s", "自%[4]s起 %[2]s", c.Length.EN, c.Length.ZH, eventTexts[starts].EN, eventTexts[starts].ZH)
	if c.StartOn.IsZero() {
		c.Missing = append(c.Missing, models.Say("%[1]s date unknown", "%[2]s日期未知", eventTexts[starts].EN, eventTexts[starts].ZH))
		return
	}
	c.EndsOn = addMonths(c.StartOn, 12*years+months).AddDays(days)
}

// happens says on which day what the clock asks for was done, or could be.
func (c *Clock) happens(on models.Date) {
	if c.EndsOn.IsZero() {
		return
	}
	c.Day, c.InTime = new(days(c.StartOn, on)), new(on <= c.EndsOn)
}

func (c *Clock) finish(today models.Date) {
	if !c.EndsOn.IsZero() {
		c.DaysLeft = new(days(today, c.EndsOn))
	}
	if c.Missing == nil {
		c.Missing = []models.Text{}
	}
	if c.Notes == nil {
		c.Notes = []models.Text{}
	}
}

var eventTexts = map[string]models.Text{
	"delivery": {EN: "delivery", ZH: "交货"}, "loading": {EN: "loading", ZH: "装运"}, "arrival": {EN: "arrival", ZH: "到港"},
	"receipt": {EN: "receipt", ZH: "收货"}, "claim": {EN: "the claim", ZH: "收到索赔"}, "discovery": {EN: "discovery", ZH: "发现缺陷"},
}

// event is the day of an event, empty when not known. Of discoveries the first
// counts; without any, the customer knew by the time of the claim.
func (f Facts) event(name string) models.Date {
	switch name {
	case "delivery":
		return f.Shipment.DeliveredOn
	case "loading":
		return f.Shipment.LoadedOn
	case "arrival", "receipt":
		return f.Shipment.ArrivedOn
	case "claim":
		return f.ReceivedOn
	case "discovery":
		first := f.ReceivedOn
		for _, i := range f.Items {
			if !i.DiscoveredOn.IsZero() && i.DiscoveredOn < first {
				first = i.DiscoveredOn
			}
		}
		return first
	}
	return ""
}
