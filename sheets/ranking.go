package sheets

import (
	"fmt"
	"io"
	"strings"

	"github.com/xuri/excelize/v2"

	"recourse/models"
)

// The sheets of a ranking.
const (
	rankingSheet     = "ranking"
	definitionsSheet = "definitions"
)

// WriteRanking writes a ranking as a workbook: every supplier with its score,
// band, and for each indicator the shrunk value, the raw one, its counts and n;
// a second sheet says what they mean. Titles stay in view, figures are numbers,
// texts never formulas. Amounts are in the base currency. lang is zh or en, or
// both side by side.
func WriteRanking(w io.Writer, r *models.Ranking, lang string) (err error) {
	f := excelize.NewFile()
	defer func() {
		if closed := f.Close(); err == nil {
			err = closed
		}
	}()
	if err := f.SetSheetName("Sheet1", rankingSheet); err != nil {
		return err
	}
	if _, err := f.NewSheet(definitionsSheet); err != nil {
		return err
	}
	b := rankingBook{workbook{f: f, styles: map[string]int{}, lang: lang}, r}
	if err := b.write(rankingSheet, b.columns(), b.rows()); err != nil {
		return err
	}
	if err := b.write(definitionsSheet, []Column{{Title: models.Text{ZH: "项目", EN: "Term"}, Width: 30}, {Title: models.Text{ZH: "说明", EN: "Meaning"}, Width: 100}}, b.notes()); err != nil {
		return err
	}
	return f.Write(w)
}

// rankingBook is a ranking being written.
type rankingBook struct {
	workbook
	r *models.Ranking
}

// say is a wording in the workbook's language.
func (b rankingBook) say(t models.Text) string {
	if b.lang != "both" || t.ZH == "" || t.EN == "" || t.ZH == t.EN {
		return t.In(b.lang)
	}
	return t.ZH + " " + t.EN
}

// write fills a sheet: frozen titles, then rows of texts, numbers and nothing.
func (b rankingBook) write(sheet string, columns []Column, rows [][]any) error {
	out, err := b.f.NewStreamWriter(sheet)
	if err != nil {
		return err
	}
	said := make([]Column, len(columns))
	for i, c := range columns {
		title := b.say(c.Title)
		said[i] = Column{Title: models.Text{ZH: title, EN: title}, Width: c.Width}
	}
	if err := b.titles(out, said); err != nil {
		return err
	}
	for n, row := range rows {
		cells := make([]any, len(row))
		for i, v := range row {
			if cells[i], err = b.value(v); err != nil {
				return err
			}
		}
		if err := out.SetRow(fmt.Sprintf("A%d", n+2), cells); err != nil {
			return err
		}
	}
	return out.Flush()
}

// value is a cell: nil for nothing, counts whole, scores with two decimals,
// figures with three, texts as they are.
func (b rankingBook) value(v any) (any, error) {
	switch v := v.(type) {
	case int:
		return b.styled("0", v)
	case int64:
		return b.styled("0", v)
	case *models.Percent:
		if v == nil {
			return nil, nil
		}
		return b.styled("0.00", float64(*v)/100)
	case *float64:
		if v == nil {
			return nil, nil
		}
		return b.styled("0.000", *v)
	case amount:
		places, _ := models.CurrencyPlaces(b.r.Currency)
		d := models.DecimalFromScaled(int64(v), places)
		return b.styled("0"+strings.TrimSuffix("."+strings.Repeat("0", places), "."), d.Exact().InexactFloat64())
	case string:
		return shortened(v), nil
	}
	return nil, nil
}

// amount is minor units of the base currency.
type amount int64

// indicators are the codes in the order of the definitions, of those that the ranking's profile has.
func (b rankingBook) indicators() []models.IndicatorWords {
	used := map[string]bool{}
	for _, r := range b.r.Rows {
		for _, i := range r.Result.Indicators {
			used[i.Code] = true
		}
	}
	var out []models.IndicatorWords
	for _, w := range b.r.Definitions {
		if used[w.Code] {
			out = append(out, w)
		}
	}
	return out
}

func (b rankingBook) columns() []Column {
	list := []Column{
		{Title: models.Text{ZH: "名次", EN: "Place"}, Width: 8}, {Title: models.Text{ZH: "代码", EN: "Code"}}, {Title: models.Text{ZH: "供应商", EN: "Supplier"}, Width: 40},
		{Title: models.Text{ZH: "国家/地区", EN: "Country"}}, {Title: models.Text{ZH: "得分", EN: "Score"}, Width: 10}, {Title: models.Text{ZH: "等级", EN: "Band"}, Width: 8},
		{Title: models.Text{ZH: "后果", EN: "Consequence"}, Width: 22}, {Title: models.Text{ZH: "有数据的权重 %", EN: "Weight with data, %"}}, {Title: models.Text{ZH: "未评分原因", EN: "Why not rated"}, Width: 40},
	}
	for _, w := range b.indicators() {
		for _, part := range []models.Text{{ZH: w.Unit.ZH, EN: w.Unit.EN}, {ZH: "原始值", EN: "raw"}, {ZH: "分子", EN: "numerator"}, {ZH: "分母", EN: "denominator"}, {ZH: "n", EN: "n"}} {
			list = append(list, Column{Title: models.Text{ZH: w.Name.ZH + " · " + part.ZH, EN: w.Name.EN + " · " + part.EN}, Width: 16})
		}
	}
	if !b.amounts() {
		return list
	}
	for _, t := range []models.Text{{ZH: "索赔金额", EN: "Claimed"}, {ZH: "同意金额", EN: "Granted"}, {ZH: "损失", EN: "Loss"}, {ZH: "已扣款", EN: "Debited"}, {ZH: "已追回", EN: "Recovered"}} {
		list = append(list, Column{Title: models.Text{ZH: t.ZH + " " + b.r.Currency, EN: t.EN + " " + b.r.Currency}, Width: 16})
	}
	return list
}

// amounts reports whether there are any: they are left out for who sees no prices.
func (b rankingBook) amounts() bool {
	for _, r := range b.r.Rows {
		if c := r.Counts; c.ClaimedMinor != 0 || c.GrantedMinor != 0 || c.LossMinor != 0 || c.DebitedMinor != 0 || c.RecoveredMinor != 0 {
			return true
		}
	}
	return false
}

var consequences = map[string]models.Text{
	models.MeasureWatch: {ZH: "列入观察", EN: "On watch"}, models.MeasureTightened: {ZH: "加严检验", EN: "Tightened inspection"}, models.MeasureNoNewContract: {ZH: "不签新合同", EN: "No new contract"},
}

func (b rankingBook) rows() [][]any {
	indicators := b.indicators()
	var rows [][]any
	for _, r := range b.r.Rows {
		var place any
		if r.Place > 0 {
			place = r.Place
		}
		rated := r.Result.Rated
		row := []any{place, r.SupplierCode, b.say(r.SupplierName), r.Country, r.Result.Score, r.Result.Band, b.say(consequences[r.Result.Measure]), &rated, b.say(r.Result.Why)}
		for _, w := range indicators {
			row = append(row, b.indicator(r.Result.Indicators, w.Code)...)
		}
		if c := r.Counts; b.amounts() {
			row = append(row, amount(c.ClaimedMinor), amount(c.GrantedMinor), amount(c.LossMinor), amount(c.DebitedMinor), amount(c.RecoveredMinor))
		}
		rows = append(rows, row)
	}
	return rows
}

// indicator is a supplier's shrunk and raw value with what they are made of;
// numerators and denominators in money are amounts.
func (b rankingBook) indicator(list []models.IndicatorScore, code string) []any {
	for _, i := range list {
		if i.Code != code {
			continue
		}
		switch money := code == "claim_value" || code == "recovered"; {
		case money && i.Denominator == 0 && i.Value != nil: // left out for the reader
			return []any{i.Value, i.Raw, nil, nil, i.N}
		case money:
			return []any{i.Value, i.Raw, amount(i.Numerator), amount(i.Denominator), i.N}
		}
		return []any{i.Value, i.Raw, i.Numerator, i.Denominator, i.N}
	}
	return make([]any, 5)
}

// notes say what was ranked and what the columns mean.
func (b rankingBook) notes() [][]any {
	add := func(rows [][]any, zh, en, text string) [][]any {
		if text == "" {
			return rows
		}
		return append(rows, []any{b.say(models.Text{ZH: zh, EN: en}), text})
	}
	rows := add(nil, "期间", "Period", fmt.Sprintf("%s: %s – %s", b.r.Period.Kind, b.r.Period.From, b.r.Period.To))
	rows = add(rows, "评分方案", "Profile", fmt.Sprintf("%s %s, %s", b.r.ProfileCode, b.say(b.r.ProfileName), b.say(models.Text{ZH: fmt.Sprintf("第 %d 版", b.r.ProfileNo), EN: fmt.Sprintf("version %d", b.r.ProfileNo)})))
	rows = add(rows, "商品类别", "Product category", b.r.Category)
	rows = add(rows, "国家/地区", "Country", b.r.Country)
	rows = add(rows, "本位币", "Base currency", b.r.Currency)
	rows = add(rows, "缺少汇率，金额未计入", "Exchange rates missing, amounts left out", strings.Join(b.r.Missing, ", "))
	rows = add(rows, "未评分", "Not rated", b.say(models.Text{ZH: "数据不足；既不是好评，也不是差评。", EN: "Too little data: neither a good mark nor a bad one."}))
	rows = add(rows, "名次", "Place", b.say(models.Text{ZH: "得分相同者名次相同，下一名次计入并列者。", EN: "Equal scores share a place; the next place counts all who share it."}))
	rows = add(rows, "指标值", "Values", b.say(models.Text{ZH: "首列为向全体供应商收缩后的值，旁列为原始值及其计数。", EN: "The first column is the value shrunk toward all suppliers; beside it the raw one and its counts."}))
	for _, w := range b.r.Definitions {
		rows = append(rows, []any{b.say(w.Name), b.say(w.Definition)})
	}
	return rows
}
