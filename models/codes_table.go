package models

// CodeWords are the words for the codes of one kind, in both languages: what
// people read where programs read the code.
type CodeWords map[string]Text

// Of is the word for a code. A code of the house's own stands for itself.
func (w CodeWords) Of(code string) Text {
	if t, known := w[code]; known {
		return t
	}
	return Text{ZH: code, EN: code}
}

// Code finds the code that a person wrote as itself, as its word in either
// language, or as both with a slash between them.
func (w CodeWords) Code(s string) (code string, known bool) {
	key := Key(s)
	for code, t := range w {
		for _, form := range []string{code, t.ZH, t.EN, t.ZH + " / " + t.EN} {
			if Key(form) == key {
				return code, true
			}
		}
	}
	return "", false
}

// The words of claims and recovery.
var (
	ClaimStateWords = CodeWords{
		"received": {ZH: "已收到", EN: "Received"}, "acknowledged": {ZH: "已确认收到", EN: "Acknowledged"}, "investigating": {ZH: "调查中", EN: "Investigating"},
		"assessed": {ZH: "已评估", EN: "Assessed"}, "negotiating": {ZH: "协商中", EN: "Negotiating"}, "settled": {ZH: "已和解", EN: "Settled"},
		"rejected": {ZH: "已拒绝", EN: "Rejected"}, "withdrawn": {ZH: "已撤回", EN: "Withdrawn"}, "closed": {ZH: "已结案", EN: "Closed"},
	}
	ReasonWords = CodeWords{
		"wrong_name": {ZH: "品名不符", EN: "Wrong name"}, "wrong_goods": {ZH: "货物不符", EN: "Wrong goods"}, "quality": {ZH: "品质不符", EN: "Quality"},
		"specification": {ZH: "规格不符", EN: "Specification"}, "quantity": {ZH: "数量", EN: "Quantity"}, "packing": {ZH: "包装", EN: "Packing"},
		"marks": {ZH: "唛头", EN: "Shipping marks"}, "late_delivery": {ZH: "交货延迟", EN: "Late delivery"}, "transport_damage": {ZH: "运输损坏", EN: "Transport damage"},
		"other": {ZH: "其他", EN: "Other"}, "certificate_of_origin": {ZH: "原产地证", EN: "Certificate of origin"}, "bill_of_lading": {ZH: "提单", EN: "Bill of lading"},
		"invoice": {ZH: "发票", EN: "Invoice"}, "other_document": {ZH: "其他单证", EN: "Other document"},
	}
	AnswerWords = CodeWords{
		"accept": {ZH: "接受", EN: "Accepted"}, "accept_in_part": {ZH: "部分接受", EN: "Accepted in part"}, "reject": {ZH: "不接受", EN: "Not accepted"},
	}
	GroundWords = CodeWords{
		"time_barred": {ZH: "已过索赔期限", EN: "Time-barred"}, "evidence_missing": {ZH: "缺少证据", EN: "Evidence missing"},
		"not_nonconforming":        {ZH: "并非不符合（依限值及标准版本）", EN: "Not nonconforming (by limit and edition)"},
		"conforming_at_dispatch":   {ZH: "发运时符合（依验货）", EN: "Conforming at dispatch (by inspection)"},
		"arisen_after_risk_passed": {ZH: "产生于风险转移之后", EN: "Arisen after the risk passed"},
		"amount_not_shown":         {ZH: "金额未予证明", EN: "Amount not shown"}, "liable": {ZH: "我方应负责", EN: "We answer for it"}, "goodwill": {ZH: "通融", EN: "Goodwill"},
	}
	// EvidenceWords are the pieces of evidence that a customer may be asked for.
	EvidenceWords = CodeWords{
		"sample":                 {ZH: "退回样品", EN: "Sample sent back"},
		"labelled_photos":        {ZH: "带标签的照片", EN: "Photos that show the goods with their labels"},
		"survey_report":          {ZH: "约定检验机构的检验报告", EN: "Survey report of the agreed body"},
		"tally_sheet":            {ZH: "理货单", EN: "Tally sheet"},
		"damage_certificate":     {ZH: "货损证明", EN: "Damage certificate of carrier or port"},
		"demurrage_receipts":     {ZH: "滞期费收据", EN: "Receipts of demurrage"},
		"discrepancy_notice":     {ZH: "不符点通知", EN: "Discrepancy notice of the bank or authority"},
		"packing_list":           {ZH: "装箱单", EN: "Packing list as received"},
		"delivery_receipt":       {ZH: "收货单(含批注)", EN: "Delivery receipt with its remarks"},
		"installation_record":    {ZH: "储存与安装记录", EN: "Record of storage and installation"},
		"cost_breakdown":         {ZH: "损失明细与单据", EN: "Breakdown of the loss with its documents"},
		"document_copy":          {ZH: "有争议单据的副本", EN: "Copy of the document in dispute"},
		"container_seal_photos":  {ZH: "集装箱及封条照片", EN: "Photos of container and seal"},
		"batch_marks":            {ZH: "批号与箱号清单", EN: "List of batch marks and carton numbers"},
		"contract_specification": {ZH: "所依据的合同规格", EN: "The contract's specification relied on"},
		"delay_correspondence":   {ZH: "延误的通知与往来函件", EN: "Notices and letters about the delay"},
		"other":                  {ZH: "其他", EN: "Other"},
	}
	CaseStateWords = CodeWords{"open": {ZH: "未结", EN: "Open"}, "closed": {ZH: "已结", EN: "Closed"}}
	NoteStateWords = CodeWords{
		"issued": {ZH: "已开具", EN: "Issued"}, "acknowledged": {ZH: "已确认", EN: "Acknowledged"}, "disputed": {ZH: "有异议", EN: "Disputed"},
		"accepted_in_part": {ZH: "部分接受", EN: "Accepted in part"}, "settled": {ZH: "已结清", EN: "Settled"}, "written_off": {ZH: "已核销", EN: "Written off"},
		"cancelled": {ZH: "已取消", EN: "Cancelled"},
	}
	ActionStateWords = CodeWords{
		"open": {ZH: "待答复", EN: "Open"}, "answered": {ZH: "已答复", EN: "Answered"}, "accepted": {ZH: "已接受", EN: "Accepted"},
		"effective": {ZH: "有效", EN: "Effective"}, "not_effective": {ZH: "无效", EN: "Not effective"}, "cancelled": {ZH: "已取消", EN: "Cancelled"},
	}
	ActionStepWords = CodeWords{
		"containment": {ZH: "临时措施 D3", EN: "Containment D3"}, "root_cause": {ZH: "根本原因 D4", EN: "Root cause D4"}, "correction": {ZH: "纠正措施 D5", EN: "Correction D5"},
		"prevention": {ZH: "预防措施 D7", EN: "Prevention D7"}, "effectiveness": {ZH: "有效性验证 D8", EN: "Effectiveness D8"},
	}
)

// The words of inspections and standards.
var (
	InspectionKindWords = CodeWords{
		"initial": {ZH: "产前验货", EN: "Initial"}, "during_production": {ZH: "产中验货", EN: "During production"}, "pre_shipment": {ZH: "出货前验货", EN: "Pre-shipment"},
		"container_loading": {ZH: "监装", EN: "Container loading"}, "re_inspection": {ZH: "复验", EN: "Re-inspection"},
	}
	InspectionStateWords = CodeWords{
		"planned": {ZH: "已计划", EN: "Planned"}, "in_progress": {ZH: "进行中", EN: "In progress"}, "submitted": {ZH: "已提交", EN: "Submitted"},
		"final": {ZH: "已定稿", EN: "Final"}, "aborted": {ZH: "已中止", EN: "Aborted"},
	}
	VerdictWords = CodeWords{
		"accepted": {ZH: "合格接收", EN: "Accepted"}, "not_accepted": {ZH: "不接收", EN: "Not accepted"}, "pending": {ZH: "待定", EN: "Pending"},
	}
	DecisionWords = CodeWords{
		"release": {ZH: "放行", EN: "Released"}, "waiver": {ZH: "让步放行", EN: "Released under waiver"}, "rework": {ZH: "返工并复验", EN: "Rework and re-inspect"},
		"reject": {ZH: "拒收", EN: "Rejected"}, "sort": {ZH: "100 % 挑选", EN: "Sort 100 %"},
	}
	StandardStateWords = CodeWords{
		"draft": {ZH: "草稿", EN: "Draft"}, "active": {ZH: "启用", EN: "Active"}, "retired": {ZH: "停用", EN: "Retired"},
	}
)

// The words of parties and contracts.
var (
	PartyKindWords = CodeWords{
		"supplier": {ZH: "供应商", EN: "Supplier"}, "customer": {ZH: "客户", EN: "Customer"}, "carrier": {ZH: "承运人", EN: "Carrier"},
		"forwarder": {ZH: "货代", EN: "Forwarder"}, "insurer": {ZH: "保险人", EN: "Insurer"}, "own_company": {ZH: "本公司", EN: "Own company"}, "other": {ZH: "其他", EN: "Other"},
	}
	ContractKindWords = CodeWords{"purchase": {ZH: "采购合同", EN: "Purchase contract"}, "sales": {ZH: "销售合同", EN: "Sales contract"}}
	ClaimStartWords   = CodeWords{
		"delivery": {ZH: "交付", EN: "Delivery"}, "loading": {ZH: "装运", EN: "Loading"}, "arrival": {ZH: "到港", EN: "Arrival"}, "receipt": {ZH: "收货", EN: "Receipt"},
	}
	ToleranceOptionWords = CodeWords{"buyer": {ZH: "买方", EN: "Buyer"}, "seller": {ZH: "卖方", EN: "Seller"}}
	TolerancePriceWords  = CodeWords{"contract": {ZH: "合同价", EN: "Contract price"}, "market": {ZH: "市价", EN: "Market price"}}
	DocumentWords        = CodeWords{
		"bill_of_lading": {ZH: "提单", EN: "Bill of lading"}, "commercial_invoice": {ZH: "商业发票", EN: "Commercial invoice"}, "packing_list": {ZH: "装箱单", EN: "Packing list"},
		"insurance_policy": {ZH: "保险单", EN: "Insurance policy"}, "letter_of_credit": {ZH: "信用证", EN: "Letter of credit"},
		"quality_certificate": {ZH: "品质证书", EN: "Quality certificate"}, "certificate_of_origin": {ZH: "原产地证", EN: "Certificate of origin"},
	}
)
