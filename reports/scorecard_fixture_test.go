package reports

import (
	"crypto/sha256"
	"fmt"
	"time"

	"recourse/models"
)

func bandsOf() []models.Band {
	return []models.Band{
		{Code: "A", Name: text("优选", "preferred"), From: 8500, To: 10000}, {Code: "B", Name: text("合格", "approved"), From: 7000, To: 8500},
		{Code: "C", Name: text("观察", "on watch"), From: 5500, To: 7000, Measure: models.MeasureWatch}, {Code: "D", Name: text("加严", "tightened"), From: 4000, To: 5500, Measure: models.MeasureTightened},
		{Code: "E", Name: text("停止新合同", "stopped"), From: 0, To: 4000, Measure: models.MeasureNoNewContract},
	}
}

func definitions() []models.IndicatorWords {
	perCent, perHundred := text("%", "%"), text("每百", "per 100")
	return []models.IndicatorWords{
		{Code: "first_pass", Name: text("一次检验合格率", "First-pass acceptance"), Unit: perCent, Definition: text("首次出货前检验即被接受的批数占首次检验批数的比例。", "Lots accepted at their original pre-shipment inspection, of all lots so inspected.")},
		{Code: "major_defects", Name: text("每百单位主要缺陷数", "Major defects per 100 units"), Unit: perHundred, Definition: text("首次检验中每检查一百单位发现的主要缺陷数。", "Major defects found, per hundred units examined at original inspections.")},
		{Code: "claim_rate", Name: text("每百批索赔数", "Claims per 100 shipped lots"), Unit: perHundred, Definition: text("期内收到的涉及该供应商货物的客户索赔数，按期内每装运一百批计。", "Customers' claims received on the supplier's goods, per hundred lots shipped in the period.")},
		{Code: "claim_value", Name: text("索赔金额占装运金额", "Claimed value of shipped value"), Unit: perCent, Definition: text("期内涉及该供应商货物的索赔金额占期内装运货物销售金额的比例。", "Amount claimed on the supplier's goods, of the sales value of what was shipped in the period.")},
		{Code: "recovered", Name: text("扣款追回率", "Recovered of debited"), Unit: perCent, Definition: text("期内开出的扣款通知中供应商已结清的金额比例；核销不计。", "Amount settled by the supplier, of the debit notes issued to it in the period; write-offs don't count.")},
		{Code: "recovery_days", Name: text("追回天数", "Days to recover"), Unit: text("天", "days"), Definition: text("期内已结清扣款通知从开出到最后一次结算的平均天数。", "Days from issue to the last settlement, averaged over the period's debit notes that are settled.")},
		{Code: "actions_on_time", Name: text("纠正措施按时率", "Corrective action on time"), Unit: perCent, Definition: text("期内到期的纠正措施步骤中按时答复的比例。", "Steps of corrective actions answered by their due date, of all steps due in the period.")},
	}
}

func rated(code string, weight, share models.Percent, x, n int64, raw, value, low, high, mean float64, points models.Percent) models.IndicatorScore {
	return models.IndicatorScore{Code: code, Weight: weight, Share: share, Numerator: x, Denominator: n, N: n, Raw: &raw, Value: &value, Low: &low, High: &high, PriorMean: &mean, Points: &points}
}

func unrated(code string, weight models.Percent) models.IndicatorScore {
	return models.IndicatorScore{Code: code, Weight: weight, Why: text("期内无数据。", "No data in the period.")}
}

// unshrunk is an amount over an amount, or a mean.
func unshrunk(code string, weight, share models.Percent, x, n, size int64, value float64, points models.Percent) models.IndicatorScore {
	i := rated(code, weight, share, x, n, value, value, 0, 0, 0, points)
	i.N, i.Low, i.High, i.PriorMean = size, nil, nil, nil
	return i
}

// trendOf is the last n months up to October 2026, some of them without a score.
func trendOf(n int) []models.TrendPoint {
	var out []models.TrendPoint
	for i := range n {
		m := models.Month("2026-10").Add(i - n + 1)
		t := models.TrendPoint{Period: models.Period{Kind: models.PeriodMonth, From: m, To: m}, Median: ptr(models.Percent(7150 + 90*(i%4)))}
		if i%6 != 2 {
			score := models.Percent(6010 + (i*1373)%3900)
			t.Score, t.Band = &score, "B"
			t.Counts = models.SupplierCounts{Lots: int64(4 + i%5), LotsAccepted: int64(2 + i%3), Units: int64(800 + 120*i), DefectsCritical: int64(i % 2), DefectsMajor: int64(9 + i%7), DefectsMinor: int64(20 + i%9)}
		}
		out = append(out, t)
	}
	return out
}

// paretoOf is n defects, most frequent first.
func paretoOf(n int) []models.ParetoRow {
	total := int64(0)
	for i := range n {
		total += int64(2 + 60/(i+1))
	}
	var out []models.ParetoRow
	sum := int64(0)
	for i := range n {
		d := int64(2 + 60/(i+1))
		sum += d
		row := models.ParetoRow{Defect: fmt.Sprintf("D%02d", i+1), Name: text(fmt.Sprintf("缺陷%d：板边缺角", i+1), fmt.Sprintf("defect %d: broken corner at the edge", i+1)), Class: models.Major, Defects: d, Lots: d/3 + 1,
			Share: models.Percent(d * 10000 / total), Cumulated: models.Percent(sum * 10000 / total)}
		if i%3 == 1 {
			row.Class = models.Minor
		}
		out = append(out, row)
	}
	return out
}

// scorecardFile is a published card with something in every field.
func scorecardFile() ScorecardFile {
	score := models.Percent(7840)
	c := models.CardContent{
		Formula: 1, SupplierCode: "JZ01", SupplierName: text("晋州装饰建材厂", "Jinzhou Decorative Building Materials Factory"), Country: "CN", Category: "ceilings",
		Period: models.Period{Kind: models.PeriodRolling, From: "2025-11", To: "2026-10"}, ProfileCode: "standard", ProfileNo: 3, ProfileName: text("标准评分方案", "Standard profile"),
		Bands: bandsOf(), Currency: "CNY", Missing: []string{"USD 2026-09", "EUR 2026-10"}, Definitions: definitions(),
		Counts: models.SupplierCounts{Lots: 46, LotsAccepted: 41, Units: 9210, DefectsMajor: 110, DefectsMinor: 240, ShippedMinor: 987654321},
		Result: models.ScoreResult{Score: &score, Band: "B", Rated: 9500, Indicators: []models.IndicatorScore{
			rated("first_pass", 3000, 3158, 41, 46, 89.13, 90.4, 80.2, 96.1, 92.7, 6800), rated("major_defects", 2000, 2105, 110, 9210, 1.194, 1.21, 0.98, 1.44, 1.02, 6975),
			rated("claim_rate", 1500, 1579, 3, 44, 6.818, 4.9, 1.1, 11.7, 3.1, 5100), unshrunk("claim_value", 1500, 1579, 1234567, 987654321, 44, 0.125, 9583), unshrunk("recovered", 1000, 1053, 388353, 500000, 2, 77.67, 7767),
			unshrunk("recovery_days", 500, 526, 93, 2, 2, 46.5, 8900), unrated("actions_on_time", 500),
		}},
		Peers: models.Peers{Suppliers: 21, Rated: 18, Rank: 5, Ties: 1, Best: ptr(models.Percent(9412)), Upper: ptr(models.Percent(7990)), Median: ptr(models.Percent(7150)), Lower: ptr(models.Percent(6105))},
		Trend: trendOf(12), Pareto: paretoOf(14),
		Actions: []models.CardAction{{Number: "CA-2026-0001", Problem: "缺角：汉堡客户索赔；Oslo Timber 亦然 corners broken, as Hamburg wrote", State: "open", OpenedOn: "2026-07-01", NextDueOn: "2026-07-08", Overdue: true}, {Number: "CA-2026-0002", Problem: "bubbles 𠮷", State: models.ActionEffective, OpenedOn: "2026-09-01"}},
		Claims: []models.CardClaim{
			{Number: "CLM-2026-000042", Customer: "Hamburg Building Materials Import", ReceivedOn: "2026-06-30", State: models.ClaimSettled, Reasons: []models.ClaimReason{models.ReasonQuality, models.ReasonQuantity}, Claimed: []models.Money{{Minor: 281300, Currency: "USD"}}, Loss: 647255, Debited: 388353, Recovered: 388353},
			{Number: "CLM-2026-000051", Customer: "汉堡建材进口公司", ReceivedOn: "2026-09-12", State: models.ClaimInvestigating, Reasons: []models.ClaimReason{models.ReasonQuality}, Claimed: []models.Money{{Minor: 92000, Currency: "USD"}, {Minor: 1000, Currency: "EUR"}}},
		},
		Measures: []models.CardMeasure{{Kind: models.MeasureTightened, Reason: "两批不接收，HH02 投诉；比 Foshan Best Tile 更差 worse than FS09", ConfirmedAt: moment}},
	}
	return ScorecardFile{
		Card: models.Scorecard{Number: "SC-2026-0007", Revision: 1, Reason: "汇率更正 rate corrected after Hamburg wrote", PeriodKind: models.PeriodRolling, FromMonth: "2025-11", ToMonth: "2026-10", Score: &score, Band: "B", Content: c,
			ContentHash: sha256.Sum256([]byte("content")), PublishedAt: moment.Add(24 * time.Hour), PublisherName: "王采购"},
		SupersededBy: "SC-2026-0007-R2",
		Customers:    []models.Party{{Kind: models.PartyCustomer, Code: "HH02", Name: text("汉堡建材进口公司", "Hamburg Building Materials Import"), Country: "DE"}, {Kind: models.PartyCustomer, Code: "OS07", Name: text("奥斯陆木业", "Oslo Timber AS")}},
		Sales:        []string{"SC-2026-031"},
		Others:       []models.Party{{Code: "FS09", Name: text("佛山瓷砖厂", "Foshan Best Tile")}, {Code: "JZ02", Name: text("晋州装饰建材", "Jinzhou Decorative")}},
	}
}

// emptyCard is a supplier of whom nothing is known in the period.
func emptyCard() ScorecardFile {
	f := scorecardFile()
	f.SupersededBy = ""
	f.Card.Number, f.Card.Revision, f.Card.Reason, f.Card.Score, f.Card.Band, f.Card.PublishedAt, f.Card.PublisherName, f.Card.ContentHash = "", 0, "", nil, "", time.Time{}, "", models.SHA256{}
	c := &f.Card.Content
	c.Category, c.Missing, c.Counts, c.Peers, c.Trend, c.Pareto, c.Actions, c.Claims, c.Measures = "", nil, models.SupplierCounts{}, models.Peers{}, nil, nil, nil, nil, nil
	c.Result = models.ScoreResult{Why: text("未评分：有数据的指标权重为 0.00 %，评分方案要求 40.00 %。", "Not rated: indicators with data carry 0.00 % of the weight; the profile asks for 40.00 %.")}
	for _, d := range c.Definitions {
		c.Result.Indicators = append(c.Result.Indicators, unrated(d.Code, 1428))
	}
	return f
}

// luckyCard is one lot of two pieces, without a fault, in one month.
func luckyCard() ScorecardFile {
	f := emptyCard()
	c := &f.Card.Content
	score := models.Percent(6012)
	c.Period = models.Period{Kind: models.PeriodMonth, From: "2026-10", To: "2026-10"}
	c.Counts = models.SupplierCounts{Lots: 1, LotsAccepted: 1, Units: 2}
	c.Result.Why, c.Result.Score, c.Result.Band, c.Result.Rated, c.Result.Measure = models.Text{}, &score, "C", 2856, models.MeasureWatch
	c.Result.Indicators[0] = rated("first_pass", 1428, 5000, 1, 1, 100, 93.1, 71.2, 99.8, 92.7, 7700)
	c.Result.Indicators[1] = rated("major_defects", 1428, 5000, 0, 2, 0, 1.01, 0.21, 2.9, 1.02, 7475)
	c.Peers = models.Peers{Suppliers: 3, Rated: 2, Rank: 1, Best: &score, Upper: &score, Median: ptr(models.Percent(7000)), Lower: ptr(models.Percent(7000))}
	c.Trend = []models.TrendPoint{{Period: c.Period, Score: &score, Band: "C", Counts: c.Counts, Median: ptr(models.Percent(7000))}}
	return f
}

// longCard has long names, forty defects, two years of months and many claims.
func longCard() ScorecardFile {
	f := scorecardFile()
	c := &f.Card.Content
	c.SupplierName = text("内蒙古自治区呼和浩特市第二新型建筑装饰材料综合制造有限责任公司天花板与石膏制品分厂", "Hohhot No. 2 New Building and Decorative Materials Comprehensive Manufacturing Co., Ltd, Ceiling and Gypsum Works")
	c.Result.Measure, c.Result.Band = models.MeasureNoNewContract, "E"
	score := models.Percent(120)
	c.Result.Score = &score
	c.Trend, c.Pareto = trendOf(24), paretoOf(40)
	c.Pareto[0].Name = text("膜下气泡，直径大于十毫米并且分布于可见面的中央区域或者靠近拼接边缘", "Bubbles under the film of more than ten millimetres across, in the middle of the visible face or near a joining edge")
	for i := range 30 {
		claim := c.Claims[i%2]
		claim.Number = fmt.Sprintf("CLM-2026-%06d", 100+i)
		c.Claims = append(c.Claims, claim)
	}
	c.Claims[0].Loss = 123456789012
	for i := range 9 {
		c.Actions = append(c.Actions, models.CardAction{Number: fmt.Sprintf("CA-2026-%04d", 10+i), Problem: "包装托盘受潮，纸护角压损。", State: "open", OpenedOn: "2026-10-01", NextDueOn: "2026-12-01"})
	}
	return f
}

// rankingFile ranks n suppliers; two share a place, the last two are not rated.
func rankingFile(n int) RankingFile {
	r := models.Ranking{Period: models.Period{Kind: models.PeriodQuarter, From: "2026-07", To: "2026-09"}, ProfileCode: "standard", ProfileNo: 3, ProfileName: text("标准评分方案", "Standard profile"), Category: "ceilings", Country: "CN", Currency: "CNY",
		Missing: []string{"USD 2026-09"}, Pending: 4, Definitions: definitions()}
	full := scorecardFile().Card.Content.Result
	for i := range n {
		score := models.Percent(max(9412-300*i, 100))
		row := models.RankingRow{Place: i + 1, SupplierCode: fmt.Sprintf("S%03d", i+1), SupplierName: text(fmt.Sprintf("第%d装饰材料厂", i+1), fmt.Sprintf("Decorative Materials Works No. %d 𠮷", i+1)), Country: "CN",
			Result: models.ScoreResult{Indicators: full.Indicators, Score: &score, Band: "B"}}
		switch {
		case i == 2:
			row.Place, row.Result.Score = 2, r.Rows[1].Result.Score
		case i == 3:
			row.Result.Band, row.Result.Measure = "E", models.MeasureNoNewContract
			row.SupplierName = longCard().Card.Content.SupplierName
		case i >= n-2 && n > 3:
			row.Place, row.Result = 0, emptyCard().Card.Content.Result
		}
		if row.Result.Score != nil {
			r.Rated++
		}
		r.Rows = append(r.Rows, row)
	}
	return RankingFile{Ranking: r, Product: "PVC-595 天花板 ceiling tile"}
}
