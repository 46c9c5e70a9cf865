package demo

// What people of the company write, as they would: mostly Chinese, some English.
var (
	remarks = []string{
		"货物已全部包装完毕，按抽取的箱号开箱。", "现场整洁，配合良好。", "抽样按箱号进行，外箱完好。",
		"Goods packed, cartons as drawn by the plan.", "光线充足，对照封样检验。", "All drawn cartons could be reached.", "成品与封样一致。",
	}
	deviations = []string{
		"最里一排无法搬出，改抽相邻箱。 The innermost row could not be moved; the next cartons were taken.",
		"抽检期间停电二十分钟。 Power cut for twenty minutes.",
		"部分货物尚在贴标。 Some goods were still being labelled.",
	}
	findingRemarks = []string{"集中在同一托盘", "零星分布", "与上批相同问题", "near the edge, visible at arm's length", "封样对照后确认", "only on units of the night shift"}
	factoryRemarks = []string{"已通知车间整改。", "同意返工。", "认为属运输途中压损。", "We will sort and replace."}
	notReady       = []string{
		"货物未备齐，仅完成六成包装。 Goods not ready: only 60 % packed.", "到厂后厂方要求改期。 The factory asked for another day on arrival.",
		"包装材料未到，无法验货。 Packing material had not arrived.",
	}
	released = []string{"各级缺陷均在接收数内，放行。", "检验合格。", "Accepted on all classes.", "合格，按期装运。", "All within the limits."}
	waived   = []string{
		"船期在即，客户同意让步接收，工厂承担折让。 The customer accepts against an allowance.",
		"缺陷不影响使用，折价放行。 Does not affect use; released at a reduced price.",
		"次要项目超限，让步放行。 A lesser item beyond its limit.",
	}
	reworked = []string{"工厂返工后复验。 Rework, then re-inspection.", "更换不良品并重新包装后复验。 Replace and repack, then re-inspection.", "返修后重新报验。"}
	sorted   = []string{"全检挑选后复验。 Sort 100 %, then re-inspection.", "工厂逐件挑选，剔除不良品。"}
	rejected = []string{"不合格率过高，拒收。 Too many nonconforming units.", "复验仍不合格，拒收，改由下批补货。 Still not accepted: replaced by the next lot."}
)
