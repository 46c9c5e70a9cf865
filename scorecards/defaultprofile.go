package scorecards

import "recourse/models"

// DefaultCode is the code of the profile that counts where none is named.
const DefaultCode = "standard"

// defaultProfile is the first version of the profile that a house starts with.
// It is data: purchasing makes a new version of it.
func defaultProfile() models.ScoreProfile {
	weight := func(code string, percent int, zero, full string) models.IndicatorWeight {
		return models.IndicatorWeight{Code: code, Weight: models.Percent(percent * 100), Zero: models.MustDecimal(zero), Full: models.MustDecimal(full)}
	}
	band := func(code, en, zh string, from, to int, measure string) models.Band {
		return models.Band{Code: code, Name: models.Text{EN: en, ZH: zh}, From: models.Percent(from * 100), To: models.Percent(to * 100), Measure: measure}
	}
	return models.ScoreProfile{
		Code: DefaultCode, CodeKey: models.Key(DefaultCode), VersionNo: 1, State: models.ProfileActive,
		Name: models.Text{EN: "Standard profile", ZH: "标准评分方案"},
		Content: models.ProfileContent{
			Indicators: []models.IndicatorWeight{
				weight("first_pass", 20, "70", "100"),
				weight("critical_lots", 10, "10", "0"),
				weight("major_defects", 10, "4", "0"),
				weight("minor_defects", 5, "10", "0"),
				weight("not_ready", 5, "30", "0"),
				weight("on_time", 10, "60", "100"),
				weight("claim_rate", 10, "25", "0"),
				weight("claim_value", 8, "3", "0"),
				weight("escape", 10, "30", "0"),
				weight("document_faults", 2, "10", "0"),
				weight("recovered", 4, "0", "100"),
				weight("recovery_days", 1, "180", "30"),
				weight("actions_on_time", 5, "50", "100"),
			},
			Bands: []models.Band{
				band("A", "preferred", "优选", 85, 100, ""),
				band("B", "approved", "合格", 70, 85, ""),
				band("C", "on watch", "观察", 55, 70, models.MeasureWatch),
				band("D", "tightened", "加严", 40, 55, models.MeasureTightened),
				band("E", "stopped", "停止新合同", 0, 40, models.MeasureNoNewContract),
			},
			MinWeight: 4000,
			MinLots:   3,
		},
	}
}
