package reports

import "recourse/models"

// scoreWords are the fixed texts and codes of scorecards and rankings.
var scoreWords = map[string]models.Text{
	"scorecard": {ZH: "供应商评分卡", EN: "Supplier scorecard"}, "ranking": {ZH: "供应商排名", EN: "Supplier ranking"},

	// head
	"score": {ZH: "得分", EN: "Score"}, "of_100": {ZH: "满分 100", EN: "of 100"}, "not_rated": {ZH: "未评分", EN: "Not rated"},
	"band": {ZH: "等级", EN: "Band"}, "bands": {ZH: "等级划分", EN: "Bands"}, "consequence": {ZH: "后果", EN: "Consequence"},
	"peers": {ZH: "在已评分供应商中的排位", EN: "Place among suppliers rated"}, "place_ties": {ZH: "并列：另有 %d 家", EN: "shared with %d"},
	"no_place": {ZH: "无排位", EN: "No place"}, "peers_count": {ZH: "期内有数据 %d 家，已评分 %d 家", EN: "%d suppliers with data, %d rated"},
	"period": {ZH: "期间", EN: "Period"}, "profile": {ZH: "评分方案", EN: "Profile"},
	"country": {ZH: "国家/地区", EN: "Country"}, "category": {ZH: "商品类别", EN: "Product category"}, "base_currency": {ZH: "本位币", EN: "Base currency"},
	"published": {ZH: "发布", EN: "Published"}, "not_published": {ZH: "未发布", EN: "Not published"},
	"rolling": {ZH: "%s 至 %s（12 个月）", EN: "%s to %s (12 months)"}, "all_products": {ZH: "全部商品", EN: "All products"},

	"measure_":     {ZH: "无", EN: "None"},
	"measure_none": {ZH: "该等级无后果", EN: "This band has no consequence"}, "measure_watch": {ZH: "列入观察", EN: "On watch"},
	"measure_tightened": {ZH: "加严检验", EN: "Tightened inspection"}, "measure_no_new_contract": {ZH: "不签新合同", EN: "No new contract"},
	"on_confirm": {ZH: "经采购确认后生效", EN: "Takes effect when purchasing confirms it"},

	// indicators
	"indicators": {ZH: "指标", EN: "Indicators"}, "indicator": {ZH: "指标及定义", EN: "Indicator and definition"}, "counts": {ZH: "计数", EN: "Counts"}, "raw": {ZH: "原始值", EN: "Raw"},
	"shrunk": {ZH: "收缩值 [95 % 区间]", EN: "Shrunk value [95 % interval]"}, "weight": {ZH: "权重", EN: "Weight"}, "points": {ZH: "得分点", EN: "Points"},
	"rated_weight": {ZH: "有数据的权重", EN: "Weight with data"},
	"no_interval":  {ZH: "金额或平均数，不收缩", EN: "not shrunk: an amount or a mean"},
	"legend_raw":   {ZH: "原始值", EN: "raw"}, "legend_value": {ZH: "收缩值", EN: "shrunk value"}, "legend_interval": {ZH: "95 % 区间", EN: "95 % interval"}, "legend_mean": {ZH: "全体供应商均值", EN: "mean of all suppliers"},
	"axis_note": {ZH: "横轴自 0 起，止于右端数值。区间越短，结论越确定。权重下方 → 为其在得分中的实际占比。", EN: "Axes begin at 0 and end at the figure at their right. The shorter the interval, the surer the figure. Below a weight → is its actual share of the score."},

	// trend and comparison
	"trend": {ZH: "走势", EN: "Trend"}, "legend_own": {ZH: "本供应商", EN: "this supplier"}, "legend_median": {ZH: "同期中位数", EN: "median of suppliers rated"}, "legend_gap": {ZH: "未评分", EN: "not rated"},
	"no_trend": {ZH: "没有更早的期间。", EN: "There is no earlier period."}, "first_pass_chart": {ZH: "一次检验合格率，%", EN: "First-pass acceptance, %"},
	"defects_chart": {ZH: "每百单位缺陷数", EN: "Defects per 100 units"}, "accepted_lots": {ZH: "接受批 / 检验批", EN: "Lots accepted / inspected"},
	"defects_by_class": {ZH: "缺陷：致命 / 主要 / 次要", EN: "Defects: critical / major / minor"}, "examined_units": {ZH: "检查单位数", EN: "Units examined"}, "median": {ZH: "中位数", EN: "Median"}, "rolling_points": {ZH: "每点为截至该月的十二个月。", EN: "Each point is the twelve months that end with the month."},
	"no_data":    {ZH: "无数据", EN: "no data"},
	"comparison": {ZH: "与同期供应商比较", EN: "Comparison with the period's suppliers"}, "best": {ZH: "最高", EN: "best"}, "middle": {ZH: "中位数", EN: "median"}, "upper_quartile": {ZH: "上四分位", EN: "upper quartile"},
	"lower_quartile": {ZH: "下四分位", EN: "lower quartile"}, "few_peers": {ZH: "已评分的供应商不足，无法比较而不透露个别供应商。", EN: "Too few suppliers are rated to compare without telling of single ones."},
	"no_peers": {ZH: "期内没有已评分的供应商。", EN: "No supplier is rated in the period."},

	// pareto
	"pareto": {ZH: "缺陷帕累托图", EN: "Pareto of defects"}, "others": {ZH: "其余 %d 种", EN: "%d others"}, "pareto_count": {ZH: "缺陷 %d 个，检验 %d 批", EN: "%d defects in %d lots inspected"},
	"pareto_legend": {ZH: "横条：占全部缺陷的比例；折线：累计比例。右侧数字：缺陷数（涉及批数）、比例、累计比例。", EN: "Bars: share of all defects; line: cumulated share. Figures at the right: defects (in lots), share, cumulated share."}, "no_defects": {ZH: "期内没有记录缺陷。", EN: "No defect was recorded in the period."},

	// claims, actions, measures
	"claims": {ZH: "期内索赔", EN: "Claims of the period"}, "no_claims": {ZH: "期内没有索赔。", EN: "No claim in the period."}, "loss": {ZH: "损失", EN: "Loss"}, "debited": {ZH: "已扣款", EN: "Debited"}, "recovered_sum": {ZH: "已追回", EN: "Recovered"},
	"amounts_in": {ZH: "损失、扣款与追回以 %s 计。", EN: "Loss, debited and recovered in %s."},
	"actions":    {ZH: "纠正措施", EN: "Corrective actions"}, "no_actions": {ZH: "没有纠正措施。", EN: "No corrective action."}, "problem": {ZH: "问题", EN: "Problem"}, "opened_on": {ZH: "开立日期", EN: "Opened"}, "next_due": {ZH: "下一期限", EN: "Next due"}, "overdue": {ZH: "逾期", EN: "Overdue"},
	"measures": {ZH: "生效中的后果", EN: "Measures in force"}, "no_measures": {ZH: "没有生效中的后果。", EN: "No measure is in force."}, "measure": {ZH: "后果", EN: "Measure"}, "confirmed": {ZH: "确认时间", EN: "Confirmed"},

	// how it was made
	"how": {ZH: "计算说明", EN: "How it was computed"}, "formula": {ZH: "公式版本", EN: "Version of formulas"}, "content_hash": {ZH: "指纹（内容 SHA-256）", EN: "Fingerprint (SHA-256 of the content)"},
	"how_score": {ZH: "得分是各指标得分点按权重的平均；没有数据的指标不计，其权重按比例分给其余指标。小样本按期内全体供应商收缩（贝塔-二项或伽马-泊松），原始值并列。", EN: "The score is the mean of the indicators' points by weight; an indicator without data does not count, and its weight is spread over the others. Small samples are shrunk toward all suppliers of the period (beta-binomial or gamma-Poisson); the raw value stands beside."},
	"how_rated": {ZH: "“未评分”表示数据不足，既不是好评，也不是差评。", EN: "“Not rated” means that there is too little data: it is neither a good mark nor a bad one."},
	"how_rates": {ZH: "缺少汇率，相关金额未计入：%s。", EN: "Exchange rates are missing; these amounts are left out: %s."},
	"how_sales": {ZH: "本版不含销售金额、索赔金额及客户；文字中的客户与其他供应商名称以中性词代替。", EN: "This edition leaves out sales values, claimed amounts and customers; names of customers and of other suppliers in the texts are replaced by neutral words."},

	// ranking
	"place_no": {ZH: "名次", EN: "Place"}, "ranked_count": {ZH: "已评分 %d 家，共 %d 家", EN: "%d rated of %d suppliers"}, "ties_note": {ZH: "“=”表示并列；下一名次计入并列者。", EN: "“=” marks a shared place; the next place counts all who share it."},
	"rank_values":     {ZH: "指标栏：收缩值（金额与平均数为原始值），下方为 n。所列为权重最大的指标。", EN: "Indicators show the shrunk value (amounts and means: the raw one) above n. Shown are those of the largest weight."},
	"pending_changes": {ZH: "有 %d 项变更尚未汇总。", EN: "%d changes are not rolled up yet."}, "no_rows": {ZH: "期内没有供应商的数据。", EN: "No supplier has data in the period."},
}
