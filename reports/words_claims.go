package reports

import "recourse/models"

// claimWords are the fixed texts and codes of claims and recovery.
var claimWords = map[string]models.Text{
	"to":        {ZH: "致", EN: "To"},
	"sign_here": {ZH: "签字、盖章、日期", EN: "Signature, stamp, date"},

	// reasons
	"wrong_name": {ZH: "品名不符", EN: "Wrong name"}, "wrong_goods": {ZH: "货物不符", EN: "Wrong goods"}, "quality": {ZH: "品质不符", EN: "Quality"},
	"specification": {ZH: "规格不符", EN: "Specification"}, "late_delivery": {ZH: "交货延迟", EN: "Late delivery"},
	"transport_damage": {ZH: "运输损坏", EN: "Transport damage"}, "other": {ZH: "其他", EN: "Other"},
	"invoice": {ZH: "发票", EN: "Invoice"}, "other_document": {ZH: "其他单证", EN: "Other document"},

	// answers and grounds
	"accept": {ZH: "接受", EN: "Accepted"}, "accept_in_part": {ZH: "部分接受", EN: "Accepted in part"},
	"answer_reject": {ZH: "不接受", EN: "Not accepted"},
	"time_barred":   {ZH: "已过索赔期限", EN: "Time-barred"}, "evidence_missing": {ZH: "缺少证据", EN: "Evidence missing"},
	"not_nonconforming":        {ZH: "并非不符合（依限值及标准版本）", EN: "Not nonconforming (by limit and edition)"},
	"conforming_at_dispatch":   {ZH: "发运时符合（依验货）", EN: "Conforming at dispatch (by inspection)"},
	"arisen_after_risk_passed": {ZH: "产生于风险转移之后", EN: "Arisen after the risk passed"},
	"amount_not_shown":         {ZH: "金额未予证明", EN: "Amount not shown"},
	"liable":                   {ZH: "我方应负责", EN: "We answer for it"}, "goodwill": {ZH: "通融", EN: "Goodwill"},

	// evidence
	"sample": {ZH: "寄回样品", EN: "Sample sent back"}, "labelled_photos": {ZH: "带标签的照片", EN: "Photos with labels"},
	"survey_report": {ZH: "约定机构的检验报告", EN: "Survey report of the agreed body"}, "tally_sheet": {ZH: "理货单", EN: "Tally sheet"},
	"damage_certificate": {ZH: "残损证明", EN: "Damage certificate"}, "demurrage_receipts": {ZH: "滞期费收据", EN: "Demurrage receipts"},
	"discrepancy_notice": {ZH: "不符点通知", EN: "Discrepancy notice"},
	"delivery_receipt":   {ZH: "收货单（含批注）", EN: "Delivery receipt with its remarks"}, "installation_record": {ZH: "储存与安装记录", EN: "Record of storage and installation"},
	"cost_breakdown": {ZH: "损失明细与单据", EN: "Breakdown of the loss with its documents"}, "document_copy": {ZH: "有争议单据的副本", EN: "Copy of the document in dispute"},
	"container_seal_photos": {ZH: "集装箱及封条照片", EN: "Photos of container and seal"}, "batch_marks": {ZH: "批号与箱号清单", EN: "List of batch marks and carton numbers"},
	"contract_specification": {ZH: "所依据的合同规格", EN: "The contract's specification relied on"}, "delay_correspondence": {ZH: "延误的通知与往来函件", EN: "Notices and letters about the delay"},

	// loss
	"settlement": {ZH: "付客户赔款", EN: "Settlement to the customer"}, "replacement_goods": {ZH: "补货", EN: "Replacement goods"}, "freight": {ZH: "运费", EN: "Freight"},
	"duty": {ZH: "关税", EN: "Duty"}, "demurrage": {ZH: "滞期费", EN: "Demurrage"}, "survey": {ZH: "检验费", EN: "Survey"}, "sorting": {ZH: "挑选", EN: "Sorting"},
	"re_inspection_cost": {ZH: "复验费", EN: "Re-inspection"}, "courier": {ZH: "快递", EN: "Courier"}, "own_handling": {ZH: "本方处理费", EN: "Own handling"},

	// settlement of notes
	"set_off": {ZH: "抵扣货款", EN: "Set-off"}, "payment": {ZH: "付款", EN: "Payment"}, "goods": {ZH: "以货抵偿", EN: "Goods"}, "credit": {ZH: "折让", EN: "Credit"}, "write_off": {ZH: "核销", EN: "Write-off"},

	"debit_note": {ZH: "扣款通知", EN: "Debit note"}, "cancellation": {ZH: "撤销", EN: "Cancellation"}, "reversal": {ZH: "冲销", EN: "Reversal"},

	// corrective action
	"containment": {ZH: "临时措施 D3", EN: "Containment D3"}, "root_cause": {ZH: "根本原因 D4", EN: "Root cause D4"}, "correction": {ZH: "纠正措施 D5", EN: "Correction D5"},
	"prevention": {ZH: "预防措施 D7", EN: "Prevention D7"}, "effectiveness": {ZH: "有效性验证 D8", EN: "Effectiveness D8"},

	// parties
	"carrier": {ZH: "承运人", EN: "Carrier"}, "forwarder": {ZH: "货代", EN: "Forwarder"}, "insurer": {ZH: "保险人", EN: "Insurer"}, "own_company": {ZH: "本公司", EN: "Own company"},

	// field names
	"claim": {ZH: "索赔编号", EN: "Claim"}, "your_reference": {ZH: "贵方编号", EN: "Your reference"}, "contract": {ZH: "合同", EN: "Contract"},
	"bill": {ZH: "提单", EN: "Bill of lading"}, "container": {ZH: "集装箱", EN: "Container"}, "received_on": {ZH: "收到日期", EN: "Received on"},
	"item": {ZH: "项", EN: "Item"}, "reason": {ZH: "原因", EN: "Reason"}, "quantity": {ZH: "数量", EN: "Quantity"}, "claimed": {ZH: "索赔金额", EN: "Claimed"},
	"as_stated": {ZH: "索赔内容", EN: "As stated"}, "answer": {ZH: "我方答复", EN: "Our answer"}, "ground": {ZH: "理由", EN: "Ground"}, "granted": {ZH: "同意金额", EN: "Granted"},
	"amount": {ZH: "金额", EN: "Amount"}, "rate": {ZH: "汇率", EN: "Rate"}, "in_base": {ZH: "折本位币", EN: "In base currency"}, "document": {ZH: "凭证", EN: "Document"},
	"total": {ZH: "合计", EN: "Total"}, "share": {ZH: "承担比例", EN: "Share"}, "basis": {ZH: "依据", EN: "Basis"}, "in_words": {ZH: "大写", EN: "In words"},
	"clause": {ZH: "条款", EN: "Clause"}, "deviation": {ZH: "偏差", EN: "Deviation"}, "objection_until": {ZH: "异议截止日", EN: "Objection until"}, "object_to": {ZH: "异议提交至", EN: "Object to"},
	"date": {ZH: "日期", EN: "Date"}, "kind_of": {ZH: "类别", EN: "Kind"}, "debit": {ZH: "借方", EN: "Debit"}, "credited": {ZH: "贷方", EN: "Credit"}, "balance": {ZH: "余额", EN: "Balance"},
	"step": {ZH: "步骤", EN: "Step"}, "due_on": {ZH: "期限", EN: "Due"}, "supplier_answer": {ZH: "供应商答复", EN: "Supplier's answer"}, "answered_on": {ZH: "答复日期", EN: "Answered on"}, "judged": {ZH: "评定", EN: "Judged"},
	"annex": {ZH: "附件", EN: "Annex"}, "asked_on": {ZH: "索要日期", EN: "Asked on"}, "status": {ZH: "状态", EN: "Status"},
	"replaces": {ZH: "代替", EN: "Replaces"}, "inspection": {ZH: "验货", EN: "Inspection"}, "evidence": {ZH: "证据", EN: "Evidence"},
	"reply_by": {ZH: "请于此日前答复", EN: "Please reply by"}, "pages": {ZH: "页", EN: "Pages"},
}
