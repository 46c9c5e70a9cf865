package claims

import (
	"fmt"
	"math"
	"strings"

	"recourse/models"
	"recourse/sampling"
)

// confidence is that of every one-sided bound we print.
const confidence = 0.95

// The strength of what a sample says against a claimed extent, by the
// probability of finding so few if the claim had been true at inspection.
const (
	StrengthVeryStrong = "very_strong" // below 1 in 1000
	StrengthStrong     = "strong"      // below 1 in 100
	StrengthModerate   = "moderate"    // below 1 in 20
	StrengthNone       = "none"        // rebuts nothing
)

// AttributeFacts is what the statistics of an attribute defect rest on.
type AttributeFacts struct {
	Lot     int // units in the inspected lot
	Sample  int // units examined for the defect
	Found   int // of them with the defect
	Claimed int // units of this lot that the customer claims
	// The assumptions, each true only where the record shows it.
	Random         bool // the cartons drawn by seed were the ones opened
	SameDefinition bool // claimed by a code of the catalogue that was inspected by
	Visible        bool // could be seen at inspection
}

// AttributeStatistics is what a sample says about a claimed number of defective
// units. PAtMost and UpperBound are nil when the figures are refused.
type AttributeStatistics struct {
	Lot          int             `json:"lot"`
	Sample       int             `json:"sample"`
	Found        int             `json:"found"`
	Claimed      int             `json:"claimed"`
	ClaimedShare float64         `json:"claimed_share"`
	PAtMost      *float64        `json:"p_at_most"`
	UpperBound   *sampling.Bound `json:"upper_bound"`
	Strength     string          `json:"strength"`
	Refused      []models.Text   `json:"refused"`     // why no figure is given
	Assumptions  []models.Text   `json:"assumptions"` // what the figures rest on
	Text         models.Text     `json:"text"`
	// Outward is what a letter to the customer says of it: figures and what they
	// bear out. Empty where they do not answer the claim.
	Outward models.Text `json:"-"`
}

// Attribute computes P(X ≤ found | claimed) by the hypergeometric law and the
// one-sided 95 % upper bound of what the lot may have held, or refuses where an
// assumption fails: it is honest in both directions.
func Attribute(f AttributeFacts) AttributeStatistics {
	s := AttributeStatistics{Lot: f.Lot, Sample: f.Sample, Found: f.Found, Claimed: f.Claimed, Strength: StrengthNone, Refused: refusals(f), Assumptions: []models.Text{}}
	if f.Lot > 0 {
		s.ClaimedShare = float64(f.Claimed) / float64(f.Lot)
	}
	if len(s.Refused) > 0 {
		en, zh := make([]string, len(s.Refused)), make([]string, len(s.Refused))
		for n, r := range s.Refused {
			en[n], zh[n] = r.EN, r.ZH
		}
		s.Text = models.Say("No figure is given: %[1]s", "不提供统计数字：%[2]s", strings.Join(en, " "), strings.Join(zh, ""))
		return s
	}
	p := sampling.AtMost(f.Lot, f.Claimed, f.Sample, f.Found)
	d, share := sampling.UpperBound(f.Lot, f.Sample, f.Found, confidence)
	s.PAtMost, s.UpperBound = &p, &sampling.Bound{D: &d, Share: share}
	s.Strength = strength(p, d, f.Claimed)
	s.Assumptions = []models.Text{
		{EN: "The sample was drawn at random: the cartons opened are those drawn by a seed stored before the visit.", ZH: "样本随机抽取：开箱箱号由验货前存储的种子抽定。"},
		{EN: "The claim uses the same definition of the defect as the inspection.", ZH: "索赔与验货采用同一缺陷定义。"},
		{EN: "The defect could be seen at inspection.", ZH: "该缺陷在验货时可见。"},
	}
	s.Text = attributeText(s, conclusions[s.Strength])
	if answer, helps := outwardConclusions[s.Strength]; helps {
		s.Outward = attributeText(s, answer)
	}
	return s
}

// refusals lists the assumptions that fail.
func refusals(f AttributeFacts) []models.Text {
	out := []models.Text{}
	add := func(failed bool, en, zh string) {
		if failed {
			out = append(out, models.Text{EN: en, ZH: zh})
		}
	}
	add(f.Sample == 0, "No unit was examined for this defect.", "未对该缺陷检验任何样品。")
	add(!f.Random, "The sample is not shown to be random: other cartons were opened than those drawn.", "样本不能证明为随机：所开箱号与抽定箱号不符。")
	add(!f.SameDefinition, "The claim does not name a defect of the catalogue that was inspected by.", "索赔未采用验货所依缺陷目录中的缺陷。")
	add(!f.Visible, "The defect could not be seen at inspection.", "该缺陷在验货时不可见。")
	add(f.Claimed > f.Lot, "More is claimed than the inspected lot held.", "索赔数量超过所验批量。")
	return out
}

// strength words a probability; a bound that reaches the claim rebuts nothing.
func strength(p float64, bound, claimed int) string {
	switch {
	case claimed == 0 || bound >= claimed || p > 0.05:
		return StrengthNone
	case p < 0.001:
		return StrengthVeryStrong
	case p < 0.01:
		return StrengthStrong
	}
	return StrengthModerate
}

// conclusions say what a strength is worth.
var conclusions = map[string]models.Text{
	StrengthVeryStrong: {EN: "The claimed extent was, with near certainty, not there at inspection; the loss points to what came after: carriage, storage or installation.", ZH: "可以近乎肯定，验货时不存在索赔所称的程度；损失应产生于其后的运输、仓储或安装环节。"},
	StrengthStrong:     {EN: "It is very unlikely that the claimed extent was there at inspection; the loss points to carriage, storage or installation.", ZH: "验货时存在索赔所称程度的可能性很小；损失应产生于其后的运输、仓储或安装环节。"},
	StrengthModerate:   {EN: "It is unlikely that the claimed extent was there at inspection; other evidence should be looked at as well.", ZH: "验货时存在索赔所称程度的可能性较小；尚需结合其他证据判断。"},
	StrengthNone:       {EN: "The sample is too small to rebut the claim: the claimed extent may have been there.", ZH: "样本不足以反驳此项索赔：验货时可能已存在所称程度。"},
}

// outwardConclusions say to the customer what the figures bear out, and no more.
var outwardConclusions = map[string]models.Text{
	StrengthVeryStrong: {EN: "On these figures it is extremely unlikely that the claimed extent was present at the inspection.", ZH: "依上述数字，验货时存在索赔所称程度的可能性极小。"},
	StrengthStrong:     {EN: "On these figures it is very unlikely that the claimed extent was present at the inspection.", ZH: "依上述数字，验货时存在索赔所称程度的可能性很小。"},
	StrengthModerate:   {EN: "On these figures it is unlikely that the claimed extent was present at the inspection; other evidence is to be looked at as well.", ZH: "依上述数字，验货时存在索赔所称程度的可能性较小；尚需结合其他证据判断。"},
}

func attributeText(s AttributeStatistics, c models.Text) models.Text {
	return models.Say(
		"From the lot of %[1]d units %[2]d were drawn at random and examined; %[3]d showed this defect. Had %[4]d units (%[5]s) been defective then, the chance of finding %[3]d or fewer would have been %[6]s. With 95 %% confidence the lot held at most %[7]d such units (%[8]s). %[9]s",
		"从 %[1]d 件的批中随机抽检 %[2]d 件，发现该缺陷 %[3]d 件。如当时确有 %[4]d 件（%[5]s）不合格，则仅发现 %[3]d 件或更少的概率为 %[6]s。在 95 %% 单侧置信水平下，该批此类不合格品至多 %[7]d 件（%[8]s）。%[10]s",
		s.Lot, s.Sample, s.Found, s.Claimed, percent(s.ClaimedShare), probability(*s.PAtMost), *s.UpperBound.D, percent(s.UpperBound.Share), c.EN, c.ZH)
}

// percent prints a share with two decimals.
func percent(share float64) string { return fmt.Sprintf("%.2f %%", 100*share) }

var superscripts = strings.NewReplacer("-", "⁻", "0", "⁰", "1", "¹", "2", "²", "3", "³", "4", "⁴", "5", "⁵", "6", "⁶", "7", "⁷", "8", "⁸", "9", "⁹")

// probability prints two significant digits: 0.014, 2.1 × 10⁻¹¹.
func probability(p float64) string {
	switch {
	case p <= 0:
		return "0"
	case p >= 0.001:
		return fmt.Sprintf("%.2g", p)
	}
	exponent := int(math.Floor(math.Log10(p)))
	mantissa := p / math.Pow10(exponent)
	if mantissa >= 9.95 {
		mantissa, exponent = 1, exponent+1
	}
	return fmt.Sprintf("%.1f × 10%s", mantissa, superscripts.Replace(fmt.Sprint(exponent)))
}

// MeasuredStatistics is what readings say about a characteristic. The share
// outside is that of the readings, with its exact 95 % interval; nothing is
// assumed about their distribution, and nothing is said beyond the data.
type MeasuredStatistics struct {
	Characteristic string        `json:"characteristic"`
	Unit           string        `json:"unit"`
	Readings       int           `json:"readings"`
	Outside        int           `json:"outside"`
	Mean           float64       `json:"mean"`
	Deviation      *float64      `json:"deviation"` // sample standard deviation; nil below two readings
	Share          float64       `json:"share"`
	ShareLower     float64       `json:"share_lower"`
	ShareUpper     float64       `json:"share_upper"`
	Refused        []models.Text `json:"refused"`
	Text           models.Text   `json:"text"`
	// Outward is what a letter to the customer says of it; empty where a reading
	// is outside, or single readings have no limit.
	Outward models.Text `json:"-"`
}

// Measured computes what the readings of a characteristic say.
func Measured(c models.Characteristic, readings []models.Decimal) MeasuredStatistics {
	s := MeasuredStatistics{Characteristic: c.Code, Unit: c.Unit, Readings: len(readings), Refused: []models.Text{}}
	if len(readings) == 0 {
		s.Refused = append(s.Refused, models.Text{EN: "Nothing was measured.", ZH: "没有测量数据。"})
		s.Text = models.Say("No figure is given: nothing was measured.", "不提供统计数字：没有测量数据。")
		return s
	}
	sum, squares := 0.0, 0.0
	for _, r := range readings {
		v := r.Exact().InexactFloat64()
		sum += v
		if c.Lower.IsSet() && r.Cmp(c.Lower) < 0 || c.Upper.IsSet() && r.Cmp(c.Upper) > 0 {
			s.Outside++
		}
	}
	s.Mean = sum / float64(len(readings))
	for _, r := range readings {
		d := r.Exact().InexactFloat64() - s.Mean
		squares += d * d
	}
	spread := ""
	if n := len(readings); n > 1 {
		d := math.Sqrt(squares / float64(n-1))
		s.Deviation = &d
		spread = fmt.Sprintf(", s = %.*f %s", c.Decimals+1, d, c.Unit)
	}
	s.Share = float64(s.Outside) / float64(len(readings))
	s.ShareLower, s.ShareUpper = sampling.ShareBounds(len(readings), s.Outside, confidence)
	mean := fmt.Sprintf("%.*f %s", c.Decimals+1, s.Mean, c.Unit)
	figures := models.Say("%[1]s of %[2]s: %[3]d outside the limits (%[4]s); mean %[5]s%[6]s.", "%[7]s 共 %[8]d 个读数：%[3]d 个超出限值（%[4]s）；平均值 %[5]s%[6]s。",
		counted(len(readings), "reading"), c.Name.In("en"), s.Outside, limits(c), mean, spread, c.Name.In("zh"), len(readings))
	bounds := models.Say(" The share outside lies between %[1]s and %[2]s with 95 %% confidence; a sample of this size says no more.", "超限比例在 95 %% 置信水平下介于 %[1]s 与 %[2]s 之间；该样本量不能说明更多。",
		percent(s.ShareLower), percent(s.ShareUpper))
	s.Text = models.Text{ZH: figures.ZH + bounds.ZH, EN: figures.EN + bounds.EN}
	if s.Outside == 0 && (c.Lower.IsSet() || c.Upper.IsSet()) {
		s.Outward = figures
	}
	return s
}

// counted is a number of things: 1 reading, 5 readings.
func counted(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}

// limits words the limits of single readings: "593 – 595 mm", "≤ 2.0 mm".
func limits(c models.Characteristic) string {
	switch {
	case c.Lower.IsSet() && c.Upper.IsSet():
		return fmt.Sprintf("%s – %s %s", c.Lower, c.Upper, c.Unit)
	case c.Lower.IsSet():
		return fmt.Sprintf("≥ %s %s", c.Lower, c.Unit)
	case c.Upper.IsSet():
		return fmt.Sprintf("≤ %s %s", c.Upper, c.Unit)
	}
	return "—"
}
