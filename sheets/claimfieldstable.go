package sheets

import (
	"slices"

	"recourse/models"
)

// claimFields are the columns of a sheet of claims, one row per item.
var claimFields = []field{
	{name: "customer_reference", head: true, key: true, required: true, width: 20, title: title("客户索赔编号", "Customer's reference"), note: title("客户来函的编号；同一编号、同一合同的各行为同一索赔", "The number of the customer's letter; rows with the same reference and contract are one claim")},
	{name: "sales_contract_id", head: true, key: true, required: true, width: 20, title: title("销售合同号", "Sales contract"), note: title("须为已登记的销售合同；每行都要填写", "A sales contract in the books; in every row")},
	{name: "customer_id", head: true, width: 18, title: title("客户代码", "Customer code"), note: title("可不填；填写时须为合同的客户", "May be left out; where given it is the contract's customer")},
	{name: "shipment_id", head: true, width: 20, title: title("提单号", "Bill of lading"), note: title("该合同下的发运；不填则不限于某次发运", "A shipment of the contract; without it the claim is about all of them")},
	{name: "received_on", head: true, required: true, kind: Day, title: title("收到日期", "Received on"), note: title("收到索赔的日期，如 2026-04-20、2026/4/20 或 2026年4月20日", "The day on which the claim came: 2026-04-20, 2026/4/20 or 2026年4月20日")},
	{name: "survey_body", head: true, width: 20, title: title("检验机构", "Survey body"), note: title("客户所附检验报告的机构", "Who made the survey report that the customer sent")},
	{name: "survey_on", head: true, kind: Day, title: title("检验日期", "Surveyed on"), note: title("日期", "A date")},
	{name: "summary", head: true, width: 36, title: title("摘要", "Summary"), note: title("客户要求什么", "What the customer wants")},
	{name: "reason", required: true, closed: true, width: 24, title: title("理由", "Reason"), note: title("从列表中选择；也可填写代码", "From the list; the code will do as well"), options: reasonOptions()},
	{name: "sales_line_id", required: true, kind: Number, width: 8, title: title("合同行号", "Contract line"), note: title("销售合同的行号，如 1", "The line of the sales contract, such as 1")},
	{name: "lot_id", width: 18, title: title("批号", "Batch"), note: title("该行发运的生产批号；不明则不填", "The production batch that was shipped on the line; empty where it isn't known")},
	{name: "defect", title: title("缺陷代码", "Defect"), note: title("该行质量标准的缺陷代码", "A defect code of the line's quality standard")},
	{name: "characteristic", title: title("检验项目", "Characteristic"), note: title("该行质量标准的检验项目代码", "The code of a characteristic of the line's quality standard")},
	{name: "quantity", kind: Number, title: title("索赔数量", "Quantity claimed"), note: title("不用千位分隔符，最多三位小数；与数量无关的索赔不填", "Without grouping, at most three decimals; empty where no goods are counted")},
	{name: "unit", width: 8, title: title("单位", "Unit"), note: title("可不填；填写时须为合同行的单位", "May be left out; where given it is the unit of the contract's line")},
	{name: "claimed.amount", required: true, kind: Number, title: title("索赔金额", "Amount claimed"), note: title("不用千位分隔符，小数位依币种；尚未提出金额则填 0", "Without grouping, with the decimals of its currency; 0 where none is named yet")},
	{name: "claimed.currency", required: true, width: 10, title: title("币种", "Currency"), note: title("ISO 4217 代码，如 USD", "An ISO 4217 code such as USD"), options: currencyOptions},
	{name: "apparent", required: true, kind: YesNo, closed: true, title: title("验货时可见", "Apparent"), note: title("缺陷在验货时能否看到：是或否", "Whether the defect could be seen at an inspection: yes or no"), options: yesOptions},
	{name: "discovered_on", kind: Day, title: title("发现日期", "Discovered on"), note: title("日期", "A date")},
	{name: "text", width: 40, title: title("索赔内容", "As stated"), note: title("客户原文", "The customer's words")},
}

// reasonOptions are the reasons as a drop-down shows them: about goods, then about documents.
func reasonOptions() []string {
	var all []string
	for _, r := range slices.Concat(models.GoodsReasons, models.DocumentReasons) {
		t := models.ReasonWords.Of(string(r))
		all = append(all, t.ZH+" / "+t.EN)
	}
	return all
}
