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
	roadClosed = []string{"台风停运，检验员无法到厂。 The typhoon stopped the trains; the inspector could not come.", "高速封闭，改期检验。 The motorway was closed; another day."}
	released   = []string{"各级缺陷均在接收数内，放行。", "检验合格。", "Accepted on all classes.", "合格，按期装运。", "All within the limits."}
	waived     = []string{
		"船期在即，客户同意让步接收，工厂承担折让。 The customer accepts against an allowance.",
		"缺陷不影响使用，折价放行。 Does not affect use; released at a reduced price.",
		"次要项目超限，让步放行。 A lesser item beyond its limit.",
	}
	deliveredLate = []string{
		"工厂交货延迟：原料短缺。 Delivered late by the factory: raw material was short.", "工厂限电，生产延误。 Power was rationed at the factory; production fell behind.",
		"工厂交货延迟，未事先通知。 Delivered late by the factory, without notice.",
	}
	leftLate = []string{"船公司甩柜，改配下一航次。 Rolled by the carrier to the next vessel.", "船期推迟。 The vessel was delayed."}
	reworked = []string{"工厂返工后复验。 Rework, then re-inspection.", "更换不良品并重新包装后复验。 Replace and repack, then re-inspection.", "返修后重新报验。"}
	sorted   = []string{"全检挑选后复验。 Sort 100 %, then re-inspection.", "工厂逐件挑选，剔除不良品。"}
	rejected = []string{"不合格率过高，拒收。 Too many nonconforming units.", "复验仍不合格，拒收，改由下批补货。 Still not accepted: replaced by the next lot."}

	// A supplier's answers to the steps of a corrective action.
	contained = []string{
		"库存及在制品已全部隔离复检。 Stock and goods in process were set apart and checked again.", "同批剩余货物停止出货，逐箱挑选。 The rest of the batch was stopped and sorted carton by carton.",
	}
	causes = []string{
		"夜班更换模具后未做首件检验。 After the tool was changed on the night shift no first piece was checked.",
		"原料供应商更换，来料检验未调整。 Another source of raw material came in; incoming inspection had not followed.",
		"烘干时间为赶交期被缩短。 Drying was cut short to meet the date.",
	}
	corrections = []string{
		"已恢复工艺参数，首件须质检签字。 The process is back at its parameters; quality signs the first piece.", "更换磨损工装，重新培训两班操作员。 Worn fixtures were replaced, both shifts trained again.",
	}
	preventions = []string{
		"首件检验写入作业指导书，每两小时巡检。 First-piece checks are in the work instruction, with rounds every two hours.",
		"来料检验项目增加，供应商变更须报备。 Incoming inspection was widened; a change of source must be announced.",
	}
)
