package sheets

import (
	"slices"

	"recourse/models"
)

// field is a column of a sheet that is read: the name of its value, as errors of
// the domain name it, its title, and what to know to fill it in.
type field struct {
	name     string
	title    models.Text
	note     models.Text
	kind     Kind
	head     bool                  // of the contract or claim; else of its line or item
	key      bool                  // rows with the same one belong together
	of       []models.ContractKind // nil: of both
	required bool
	options  []string // that the template offers
	closed   bool     // nothing but the options
	width    float64
}

const tolerancePercent = "tolerance_percent"

var salesOnly = []models.ContractKind{models.SalesContract}

var (
	currencyOptions = []string{"CNY", "USD", "EUR", "GBP", "JPY", "HKD", "AUD", "CAD", "CHF", "SGD", "AED", "INR", "KRW", "RUB", "THB", "VND"}
	unitOptions     = []string{"pcs", "sheet", "set", "box", "carton", "pallet", "m", "m2", "m3", "kg", "t", "l"}
	yesOptions      = []string{"yes", "no", "是", "否"}
)

// contractFields are the columns of a sheet of contracts, one row per line.
var contractFields = []field{
	{name: "number", head: true, key: true, required: true, width: 18, title: title("合同号", "Contract number"), note: title("同一合同号的各行为同一合同", "Rows with the same number are one contract")},
	{name: "signed_on", head: true, kind: Day, title: title("签订日期", "Signed on"), note: title("日期，如 2026-04-20、2026/4/20 或 2026年4月20日", "A date: 2026-04-20, 2026/4/20 or 2026年4月20日")},
	{name: "party_id", head: true, required: true, width: 18, title: title("对方代码", "Party code"), note: title("采购合同填供应商代码，销售合同填客户代码", "The supplier's code in a purchase contract, the customer's in a sales contract")},
	{name: "currency", head: true, required: true, width: 10, title: title("币种", "Currency"), note: title("ISO 4217 代码，如 USD", "An ISO 4217 code such as USD"),
		options: currencyOptions},
	{name: "incoterm", head: true, title: title("贸易术语", "Incoterm"), note: title("如 FOB Tianjin", "Such as FOB Tianjin"),
		options: []string{"EXW", "FCA", "FAS", "FOB", "CFR", "CIF", "CPT", "CIP", "DAP", "DPU", "DDP"}},
	{name: "port", head: true, title: title("港口", "Port"), note: title("目的港或装运港", "Of destination or loading")},
	{name: "latest_shipment", head: true, kind: Day, title: title("最迟装运", "Latest shipment"), note: title("日期", "A date")},
	{name: "shipping_marks", head: true, width: 24, title: title("唛头", "Shipping marks"), note: title("合同原文", "The contract's text")},
	{name: "packing", head: true, width: 24, title: title("包装", "Packing"), note: title("合同原文", "The contract's text")},
	{name: "quality_clause", head: true, width: 30, title: title("质量条款", "Quality clause"), note: title("合同原文", "The contract's text")},
	{name: "required_documents", head: true, width: 30, title: title("所需单据", "Required documents"), note: title("以分号分隔，如 bill_of_lading; certificate_of_origin", "Separated by semicolons: bill_of_lading; certificate_of_origin")},
	{name: "claim_clause.quality_days", head: true, kind: Number, title: title("质量索赔天数", "Quality claim days"), note: title("日历天数", "Calendar days")},
	{name: "claim_clause.quantity_days", head: true, kind: Number, title: title("数量索赔天数", "Quantity claim days"), note: title("日历天数", "Calendar days")},
	{name: "claim_clause.other_days", head: true, kind: Number, title: title("其他索赔天数", "Other claim days"), note: title("日历天数", "Calendar days")},
	{name: "claim_clause.from", head: true, closed: true, title: title("起算", "Days from"), note: title("天数从何事件起算：交付、装运、到港、收货", "What the days count from"),
		options: []string{"delivery", "loading", "arrival", "receipt"}},
	{name: "claim_clause.survey_report", head: true, kind: YesNo, closed: true, title: title("须检验报告", "Survey report needed"), note: title("是或否", "yes or no"), options: yesOptions},
	{name: "claim_clause.survey_body", head: true, title: title("检验机构", "Survey body"), note: title("约定的检验机构", "The body agreed on")},
	{name: "claim_clause.reply_days", head: true, kind: Number, title: title("答复天数", "Reply days"), note: title("日历天数", "Calendar days")},
	{name: "claim_clause.text", head: true, width: 30, title: title("索赔条款", "Claim clause"), note: title("合同原文", "The contract's text")},
	{name: "remark", head: true, width: 24, title: title("备注", "Remark")},
	{name: "line", required: true, kind: Number, width: 8, title: title("行号", "Line"), note: title("自 1 起，同一合同内不重复", "From 1, once each in a contract")},
	{name: "product_id", required: true, width: 18, title: title("商品代码", "Product code"), note: title("须为已登记的商品", "A product in the books")},
	{name: "specification", width: 36, title: title("规格", "Specification")},
	{name: "quantity", required: true, kind: Number, title: title("数量", "Quantity"), note: title("不用千位分隔符，最多三位小数", "Without grouping, at most three decimals")},
	{name: "unit", width: 8, title: title("单位", "Unit"), note: title("不填则为商品的单位", "The product's where left out"), options: unitOptions},
	{name: tolerancePercent, kind: Number, title: title("溢短装 %", "Tolerance %"), note: title("5 % 写成 5", "Write 5 for 5 %")},
	{name: "tolerance_option", closed: true, title: title("溢短装选择权", "Tolerance option"), note: title("买方 buyer 或卖方 seller", "buyer or seller"), options: []string{"buyer", "seller"}},
	{name: "tolerance_price", closed: true, title: title("溢短装计价", "Tolerance price"), note: title("按合同价 contract 或市价 market", "contract or market"), options: []string{"contract", "market"}},
	{name: "unit_price", kind: Number, title: title("单价", "Unit price"), note: title("不用千位分隔符，最多六位小数", "Without grouping, at most six decimals")},
	{name: "standard_id", width: 20, title: title("质量标准", "Quality standard"), note: title("代码与版本，如 QS-CEIL v2；采购合同必填；不写版本则为最新启用版本", "Code and version, QS-CEIL v2; required in a purchase contract; the latest active version where only the code is given")},
	{name: "fed_by", of: salesOnly, width: 24, title: title("采购来源", "Fed by"), note: title("供货的采购合同行，以分号分隔，如 PC-2026-017/1", "The purchase lines that feed it, separated by semicolons: PC-2026-017/1")},
}

// fieldsOf are the columns for a kind of contract.
func fieldsOf(kind models.ContractKind) []field {
	var all []field
	for _, f := range contractFields {
		if f.of == nil || slices.Contains(f.of, kind) {
			f.required = f.required || f.name == "standard_id" && kind == models.PurchaseContract
			all = append(all, f)
		}
	}
	return all
}
