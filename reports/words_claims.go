package reports

import "recourse/models"

// claimWords are the fixed texts of the papers about claims and recovery. Reasons,
// answers, grounds, evidence and steps have their words in models.
var claimWords = map[string]models.Text{
	"to":        {ZH: "致", EN: "To"},
	"sign_here": {ZH: "签字、盖章、日期", EN: "Signature, stamp, date"},

	// field names
	"claim": {ZH: "索赔编号", EN: "Claim"}, "your_reference": {ZH: "贵方编号", EN: "Your reference"}, "contract": {ZH: "合同", EN: "Contract"},
	"bill": {ZH: "提单", EN: "Bill of lading"}, "container": {ZH: "集装箱", EN: "Container"}, "received_on": {ZH: "收到日期", EN: "Received on"},
	"item": {ZH: "项", EN: "Item"}, "complaint": {ZH: "索赔原因", EN: "Reason"}, "claimed": {ZH: "索赔金额", EN: "Claimed"},
	"as_stated": {ZH: "索赔内容", EN: "As stated"}, "answer": {ZH: "我方答复", EN: "Our answer"}, "ground": {ZH: "理由", EN: "Ground"}, "granted": {ZH: "同意金额", EN: "Granted"},
	"amount": {ZH: "金额", EN: "Amount"}, "rate": {ZH: "汇率", EN: "Rate"}, "in_base": {ZH: "折本位币", EN: "In base currency"}, "document": {ZH: "凭证", EN: "Document"},
	"total": {ZH: "合计", EN: "Total"}, "share": {ZH: "承担比例", EN: "Share"}, "basis": {ZH: "依据", EN: "Basis"}, "in_words": {ZH: "大写", EN: "In words"},
	"clause": {ZH: "条款", EN: "Clause"}, "deviation": {ZH: "偏差", EN: "Deviation"}, "objection_until": {ZH: "异议截止日", EN: "Objection until"}, "object_to": {ZH: "异议提交至", EN: "Object to"},
	"date": {ZH: "日期", EN: "Date"}, "kind_of": {ZH: "类别", EN: "Kind"}, "debit": {ZH: "借方", EN: "Debit"}, "credited": {ZH: "贷方", EN: "Credit"}, "balance": {ZH: "余额", EN: "Balance"},
	"step": {ZH: "步骤", EN: "Step"}, "due_on": {ZH: "期限", EN: "Due"}, "supplier_answer": {ZH: "供应商答复", EN: "Supplier's answer"}, "answered_on": {ZH: "答复日期", EN: "Answered on"}, "judged": {ZH: "评定", EN: "Judged"},
	"annex": {ZH: "附件", EN: "Annex"}, "asked_on": {ZH: "索要日期", EN: "Asked on"}, "status": {ZH: "状态", EN: "Status"},
	"replaces": {ZH: "代替", EN: "Replaces"}, "inspection": {ZH: "验货", EN: "Inspection"}, "evidence": {ZH: "证据", EN: "Evidence"},
	"reply_by": {ZH: "请于此日前答复", EN: "Please reply by"}, "pages": {ZH: "页数", EN: "Pages"},
	"from_page": {ZH: "起始页", EN: "From page"}, "sha256": {ZH: "SHA-256", EN: "SHA-256"}, "incoterm": {ZH: "贸易术语", EN: "Incoterm"},
	"requirements": {ZH: "要求与限值", EN: "Requirements and limits"}, "rule": {ZH: "规则", EN: "Rule"},
}

// lossWords are the kinds of loss.
var lossWords = models.CodeWords{
	"settlement": {ZH: "付客户赔款", EN: "Settlement to the customer"}, "replacement_goods": {ZH: "补货", EN: "Replacement goods"}, "freight": {ZH: "运费", EN: "Freight"},
	"duty": {ZH: "关税", EN: "Duty"}, "demurrage": {ZH: "滞期费", EN: "Demurrage"}, "survey": {ZH: "检验费", EN: "Survey"}, "sorting": {ZH: "挑选", EN: "Sorting"},
	"rework": {ZH: "返工", EN: "Rework"}, "re_inspection": {ZH: "复验费", EN: "Re-inspection"}, "courier": {ZH: "快递", EN: "Courier"},
	"own_handling": {ZH: "本方处理费", EN: "Own handling"}, "other": {ZH: "其他", EN: "Other"},
}

// movementWords are what moves a party's account.
var movementWords = models.CodeWords{
	"debit_note": {ZH: "扣款通知", EN: "Debit note"}, "cancellation": {ZH: "撤销", EN: "Cancellation"}, "reversal": {ZH: "冲销", EN: "Reversal"},
	"set_off": {ZH: "抵扣货款", EN: "Set-off"}, "payment": {ZH: "付款", EN: "Payment"}, "goods": {ZH: "以货抵偿", EN: "Goods"}, "credit": {ZH: "折让", EN: "Credit"},
	"write_off": {ZH: "核销", EN: "Write-off"},
}
