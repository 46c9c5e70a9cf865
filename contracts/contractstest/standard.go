package contractstest

import "recourse/models"

// CeilingStandard is a content with every way of judging but fixed plans: AQLs
// per class and none allowed, limits of single readings and of the mean, own
// samples, a destructive test, and sections to tick.
func CeilingStandard() models.StandardContent {
	d := models.MustDecimal
	return models.StandardContent{
		Cites: []models.Citation{{Standard: "GB/T 2828.1", Edition: "2012"}, {Standard: "JC/T 799", Edition: "2016"}},
		Sampling: models.SamplingRules{Scheme: "iso2859-1", Level: "II", Classes: []models.ClassRule{
			{Class: models.Critical, Rule: models.RuleNotAllowed},
			{Class: models.Major, Rule: models.RuleAQL, AQL: "2.5"},
			{Class: models.Minor, Rule: models.RuleAQL, AQL: "4.0"},
		}},
		Characteristics: []models.Characteristic{
			{Code: "LEN", Name: models.Text{ZH: "长度", EN: "Length"}, Kind: "measured", Class: models.Major, Unit: "mm", Decimals: 1,
				Nominal: d("595"), Lower: d("593"), Upper: d("595"), Level: "S-2", Instrument: "steel tape 1 mm"},
			{Code: "THK", Name: models.Text{ZH: "边部厚度", EN: "Edge thickness"}, Kind: "measured", Class: models.Major, Unit: "mm", Decimals: 1,
				Nominal: d("7.5"), Lower: d("7.2"), Upper: d("7.8"), Level: "S-2", Instrument: "caliper 0.02 mm"},
			{Code: "SQR", Name: models.Text{ZH: "直角偏离度", EN: "Difference of diagonals"}, Kind: "measured", Class: models.Minor, Unit: "mm", Decimals: 1,
				Upper: d("2.0"), Level: "S-2"},
			{Code: "BRK", Name: models.Text{ZH: "断裂荷载", EN: "Breaking load"}, Kind: "measured", Class: models.Major, Unit: "N", Decimals: 0,
				MeanLower: d("147"), Lower: d("132"), SampleSize: 5, Destructive: true},
			{Code: "MOI", Name: models.Text{ZH: "含水率", EN: "Moisture content"}, Kind: "measured", Class: models.Major, Unit: "%", Decimals: 1,
				MeanUpper: d("2.5"), Upper: d("3.0"), SampleSize: 3},
		},
		Defects: []models.Defect{
			{Code: "COR", Name: models.Text{ZH: "缺角(大于10 mm)", EN: "Broken corner over 10 mm"}, Class: models.Major},
			{Code: "CRK", Name: models.Text{ZH: "裂纹", EN: "Crack"}, Class: models.Major},
			{Code: "DEL", Name: models.Text{ZH: "贴膜脱层", EN: "Film delaminated"}, Class: models.Major},
			{Code: "COL", Name: models.Text{ZH: "与封样色差明显", EN: "Colour differs from sealed sample"}, Class: models.Major},
			{Code: "BUB", Name: models.Text{ZH: "膜下气泡", EN: "Bubble under film"}, Class: models.Minor},
			{Code: "STN", Name: models.Text{ZH: "污痕", EN: "Stain"}, Class: models.Minor},
			{Code: "MLD", Name: models.Text{ZH: "霉变", EN: "Mould"}, Class: models.Critical},
		},
		Checks: []models.CheckItem{},
	}
}
