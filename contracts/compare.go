package contracts

import (
	"slices"

	"recourse/models"
)

// pair is a sales line and a purchase line that feeds it.
type pair struct {
	sales, purchase *models.Contract
	sold, bought    *models.ContractLine
}

// Compare warns where the purchases are looser than the sales they feed. It
// looks at records alone: sales and purchase contracts with their lines and
// links, and the standards that these pin. A link to a purchase line that isn't
// given is passed over.
func Compare(sales, purchases []models.Contract, standards map[models.ID]models.Standard) []Warning {
	warnings := []Warning{}
	compared := map[[2]models.ID]bool{} // pairs of contracts
	var pairs []pair
	for i := range sales {
		for _, p := range pairsOf(&sales[i], purchases) {
			pairs = append(pairs, p)
			if both := [2]models.ID{p.sales.ID, p.purchase.ID}; !compared[both] {
				compared[both] = true
				warnings = append(warnings, p.windows()...)
			}
		}
	}
	for _, p := range pairs {
		warnings = append(warnings, p.lines()...)
		if p.sold.StandardID == nil || p.bought.StandardID == nil || *p.sold.StandardID == *p.bought.StandardID {
			continue
		}
		ours, theirs := standards[*p.bought.StandardID], standards[*p.sold.StandardID]
		warnings = append(warnings, p.contents(theirs.Content.For(p.sold.Attributes), ours.Content.For(p.bought.Attributes))...)
	}
	return append(warnings, short(pairs)...)
}

func pairsOf(sales *models.Contract, purchases []models.Contract) []pair {
	var pairs []pair
	for i := range sales.Lines {
		for _, link := range sales.Lines[i].FedBy {
			for j := range purchases {
				if l := lineOf(&purchases[j], link.PurchaseLineID); l != nil {
					pairs = append(pairs, pair{sales, &purchases[j], &sales.Lines[i], l})
				}
			}
		}
	}
	return pairs
}

// warn names the two contracts; onLine their lines too.
func (p pair) warn(code string, text models.Text) Warning {
	return Warning{Code: code, SalesContract: p.sales.Number, PurchaseContract: p.purchase.Number, Text: text}
}

func (p pair) onLine(code string, text models.Text) Warning {
	w := p.warn(code, text)
	w.SalesLine, w.PurchaseLine = p.sold.LineNo, p.bought.LineNo
	return w
}

// lines compares what the two lines say themselves.
func (p pair) lines() []Warning {
	var warnings []Warning
	if p.sold.ProductID != p.bought.ProductID {
		warnings = append(warnings, p.onLine(ProductDiffers, says("The purchase line is for another product than the sales line.", "采购行与销售行的商品不同。")))
	}
	if models.Key(p.sold.Unit) != models.Key(p.bought.Unit) {
		warnings = append(warnings, p.onLine(UnitDiffers, says("Sold by the %s, bought by the %s: quantities can't be compared.", "销售单位为 %s，采购单位为 %s：数量无法比较。", p.sold.Unit, p.bought.Unit)))
	}
	for _, name := range sortedKeys(p.sold.Attributes) {
		sold := p.sold.Attributes[name]
		if bought, ok := p.bought.Attributes[name]; ok && bought != sold {
			w := p.onLine(AttributeDiffers, says("Sold with %[1]s %[2]s, bought with %[3]s.", "销售约定 %[1]s 为 %[2]s，采购为 %[3]s。", name, sold, bought))
			w.Field = name
			warnings = append(warnings, w)
		}
	}
	if sold, bought := number(p.sold.TolerancePercent), number(p.bought.TolerancePercent); bought.Cmp(sold) > 0 {
		warnings = append(warnings, p.onLine(ToleranceWider, says("The supplier may deliver ±%s %%, but we may ship ±%s %% only.",
			"供应商溢短装 ±%s%%，而我方对客户仅允许 ±%s%%。", bought, sold)))
	}
	return warnings
}

// number is a decimal that is 0 where not given.
func number(d models.Decimal) models.Decimal {
	if !d.IsSet() {
		return models.DecimalFromScaled(0, 0)
	}
	return d
}

func sortedKeys(m map[string]string) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// short warns where lines are sold more of than the lines that feed them are
// bought. Lines that share a source are summed together.
func short(pairs []pair) []Warning {
	var warnings []Warning
	done := map[models.ID]bool{}
	for _, p := range pairs {
		if done[p.sold.ID] {
			continue
		}
		group := groupOf(p, pairs)
		var sold, bought models.Quantity
		counted := map[models.ID]bool{}
		comparable := true
		for _, g := range group {
			done[g.sold.ID] = true
			comparable = comparable && models.Key(g.sold.Unit) == models.Key(g.bought.Unit)
			if !counted[g.sold.ID] {
				sold += g.sold.Quantity
			}
			if !counted[g.bought.ID] {
				bought += g.bought.Quantity
			}
			counted[g.sold.ID], counted[g.bought.ID] = true, true
		}
		if !comparable || bought >= sold {
			continue
		}
		for _, g := range group {
			warnings = append(warnings, g.onLine(QuantityShort, says("%[1]s %[3]s are sold, but only %[2]s %[3]s are bought for it.",
				"已售 %[1]s %[3]s，而对应采购仅 %[2]s %[3]s。", sold, bought, g.sold.Unit)))
		}
	}
	return warnings
}

// groupOf is the pairs that hang together with p by shared lines.
func groupOf(p pair, pairs []pair) []pair {
	in := map[models.ID]bool{p.sold.ID: true, p.bought.ID: true}
	for grown := true; grown; {
		grown = false
		for _, q := range pairs {
			if in[q.sold.ID] != in[q.bought.ID] {
				in[q.sold.ID], in[q.bought.ID], grown = true, true, true
			}
		}
	}
	var group []pair
	for _, q := range pairs {
		if in[q.sold.ID] {
			group = append(group, q)
		}
	}
	return group
}
