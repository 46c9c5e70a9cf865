package sheets

import (
	"bytes"
	"testing"

	"github.com/xuri/excelize/v2"

	"recourse/models"
)

func rankingOf() *models.Ranking {
	score, points, raw, value := models.Percent(7840), models.Percent(6800), 89.13, 90.4
	share := 0.125
	definitions := []models.IndicatorWords{
		{Code: "first_pass", Name: title("一次检验合格率", "First-pass acceptance"), Unit: title("%", "%"), Definition: title("定义", "Lots accepted of all.")},
		{Code: "claim_value", Name: title("索赔金额", "Claimed value"), Unit: title("%", "%"), Definition: title("定义二", "=Claimed of shipped.")},
		{Code: "escape", Name: title("漏检率", "Escape rate"), Unit: title("%", "%"), Definition: title("未用", "Not in this profile.")},
	}
	return &models.Ranking{
		Period: models.Period{Kind: models.PeriodMonth, From: "2026-10", To: "2026-10"}, ProfileCode: "standard", ProfileNo: 3, ProfileName: title("标准", "Standard"), Currency: "CNY", Rated: 1, Missing: []string{"USD 2026-10"}, Definitions: definitions,
		Rows: []models.RankingRow{
			{Place: 1, SupplierCode: "+1", SupplierName: title("=HYPERLINK(\"http://x\")", "=1+1"), Country: "CN", Counts: models.SupplierCounts{LossMinor: -647255},
				Result: models.ScoreResult{Score: &score, Band: "B", Rated: 9500, Measure: models.MeasureWatch, Indicators: []models.IndicatorScore{
					{Code: "first_pass", Numerator: 41, Denominator: 46, N: 46, Raw: &raw, Value: &value, Points: &points},
					{Code: "claim_value", Numerator: 1234567, Denominator: 987654321, N: 44, Raw: &share, Value: &share, Points: &points},
				}}},
			{SupplierCode: "S2", SupplierName: title("二厂", "Second"), Country: "CN", Result: models.ScoreResult{Why: title("无数据。", "No data."), Indicators: []models.IndicatorScore{{Code: "first_pass"}}}},
		},
	}
}

func TestWriteRanking(t *testing.T) {
	for _, lang := range []string{"zh", "en", "both"} {
		var out bytes.Buffer
		if err := WriteRanking(&out, rankingOf(), lang); err != nil {
			t.Fatal(err)
		}
		f, err := excelize.OpenReader(bytes.NewReader(out.Bytes()))
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		for _, sheet := range []string{rankingSheet, definitionsSheet} {
			rows, err := f.GetRows(sheet)
			if err != nil || len(rows) < 3 {
				t.Fatalf("%s: %s has %d rows, %v", lang, sheet, len(rows), err)
			}
			for y, row := range rows {
				for x := range row {
					at, _ := excelize.CoordinatesToCellName(x+1, y+1)
					if formula, err := f.GetCellFormula(sheet, at); err != nil || formula != "" {
						t.Errorf("%s: %s!%s holds the formula %q, %v", lang, sheet, at, formula, err)
					}
				}
			}
			if panes, err := f.GetPanes(sheet); err != nil || !panes.Freeze || panes.YSplit != 1 {
				t.Errorf("%s: the titles of %s don't stay in view: %+v, %v", lang, sheet, panes, err)
			}
		}
	}
}

func TestRankingHoldsNumbers(t *testing.T) {
	var out bytes.Buffer
	if err := WriteRanking(&out, rankingOf(), "en"); err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(bytes.NewReader(out.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for at, want := range map[string]string{
		"A1": "Place", "A2": "1", "B2": "+1", "C2": "=1+1", "E2": "78.40", "F2": "B", "G2": "On watch", "H2": "95.00", "I2": "",
		"J1": "First-pass acceptance · %", "J2": "90.400", "K2": "89.130", "L2": "41", "M2": "46", "N2": "46", "Q2": "12345.67", "R2": "9876543.21", "V2": "-6472.55",
		"A3": "", "C3": "Second", "E3": "", "H3": "0.00", "I3": "No data.", "J3": "", "L3": "0", "O3": "",
	} {
		if got, err := f.GetCellValue(rankingSheet, at); err != nil || got != want {
			t.Errorf("%s = %q, %v, want %q", at, got, err, want)
		}
	}
	for at, numeric := range map[string]bool{"A2": true, "E2": true, "J2": true, "Q2": true, "B2": false, "C2": false} {
		kind, err := f.GetCellType(rankingSheet, at)
		if got := kind == excelize.CellTypeNumber || kind == excelize.CellTypeUnset; err != nil || got != numeric {
			t.Errorf("%s is of type %v, %v, want a number: %v", at, kind, err, numeric)
		}
	}
	if rows, err := f.GetRows(definitionsSheet); err != nil || rows[len(rows)-1][1] != "Not in this profile." {
		t.Errorf("the definitions end with %v, %v", rows[len(rows)-1], err)
	}
}

func TestRankingWithoutAmounts(t *testing.T) {
	r := rankingOf()
	r.Rows[0].Counts = models.SupplierCounts{}
	r.Rows[0].Result.Indicators[1].Numerator, r.Rows[0].Result.Indicators[1].Denominator = 0, 0
	var out bytes.Buffer
	if err := WriteRanking(&out, r, "en"); err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(bytes.NewReader(out.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for at, want := range map[string]string{"O2": "0.125", "Q2": "", "R2": "", "S2": "44", "T1": "", "V2": ""} {
		if got, err := f.GetCellValue(rankingSheet, at); err != nil || got != want {
			t.Errorf("%s = %q, %v, want %q", at, got, err, want)
		}
	}
}
