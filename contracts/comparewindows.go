package contracts

import (
	"fmt"

	"recourse/models"
)

// Days of the way of the goods that are assumed where two claim windows count
// from different events: from delivery by the supplier to loading, on to arrival
// at the port of destination, on to receipt at the customer's. By sea from China
// to Europe or America the whole way is about 50 days.
const (
	deliveryToLoading = 5
	loadingToArrival  = 40
	arrivalToReceipt  = 7
)

// eventDays is the assumed day of each event, counted from delivery.
var eventDays = map[string]int{
	"delivery": 0,
	"loading":  deliveryToLoading,
	"arrival":  deliveryToLoading + loadingToArrival,
	"receipt":  deliveryToLoading + loadingToArrival + arrivalToReceipt,
}

var eventNames = map[string]models.Text{
	"delivery": {EN: "delivery", ZH: "交货"},
	"loading":  {EN: "loading", ZH: "装运"},
	"arrival":  {EN: "arrival", ZH: "到港"},
	"receipt":  {EN: "receipt", ZH: "收货"},
}

// windows compares the claim windows of two contracts, per kind of claim: ours
// towards the supplier must not close before the customer's towards us.
func (p pair) windows() []Warning {
	sale, purchase := p.sales.ClaimClause, p.purchase.ClaimClause
	var warnings []Warning
	for _, window := range []struct {
		reason         string
		name           models.Text
		sold, boughtOf *int
	}{
		{"quality", models.Text{EN: "quality", ZH: "质量"}, sale.QualityDays, purchase.QualityDays},
		{"quantity", models.Text{EN: "quantity", ZH: "数量"}, sale.QuantityDays, purchase.QuantityDays},
		{"other", models.Text{EN: "other", ZH: "其他"}, sale.OtherDays, purchase.OtherDays},
	} {
		if window.sold == nil {
			continue
		}
		var w Warning
		switch sold := *window.sold; {
		case window.boughtOf == nil:
			w = p.warn(WindowMissing, models.Text{
				EN: fmt.Sprintf("The customer has %d days from %s for %s claims; the purchase contract names no days for us.", sold, eventNames[sale.From].EN, window.name.EN),
				ZH: fmt.Sprintf("客户%s索赔期为%s后 %d 天；采购合同未约定我方对供应商的期限。", window.name.ZH, eventNames[sale.From].ZH, sold),
			})
		case closesFirst(*window.boughtOf, purchase.From, sold, sale.From):
			w = p.warn(WindowClosesFirst, windowText(window.name, *window.boughtOf, purchase.From, sold, sale.From))
		default:
			continue
		}
		w.Reason = window.reason
		warnings = append(warnings, w)
	}
	return warnings
}

// between is the assumed days from one event to another; 0 where the other
// isn't later, since at worst the two fall on one day.
func between(from, to string) int { return max(0, eventDays[to]-eventDays[from]) }

// closesFirst reports whether the supplier's window ends before the customer's.
func closesFirst(boughtDays int, boughtFrom string, soldDays int, soldFrom string) bool {
	return boughtDays < soldDays+between(boughtFrom, soldFrom)
}

func windowText(name models.Text, boughtDays int, boughtFrom string, soldDays int, soldFrom string) models.Text {
	text := models.Text{
		EN: fmt.Sprintf("For %s claims the supplier's window closes %d days after %s, the customer's %d days after %s.", name.EN, boughtDays, eventNames[boughtFrom].EN, soldDays, eventNames[soldFrom].EN),
		ZH: fmt.Sprintf("%s索赔：对供应商的期限为%s后 %d 天，客户的期限为%s后 %d 天。", name.ZH, eventNames[boughtFrom].ZH, boughtDays, eventNames[soldFrom].ZH, soldDays),
	}
	if days := between(boughtFrom, soldFrom); days > 0 {
		text.EN += fmt.Sprintf(" Assumed from %s to %s: %d days.", eventNames[boughtFrom].EN, eventNames[soldFrom].EN, days)
		text.ZH += fmt.Sprintf("假定%s至%s为 %d 天。", eventNames[boughtFrom].ZH, eventNames[soldFrom].ZH, days)
	}
	return text
}
