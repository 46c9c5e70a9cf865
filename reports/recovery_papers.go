package reports

import (
	"fmt"
	"strings"

	"recourse/models"
)

// DebitNoteFile is what a debit note is printed from: the note with its frozen content.
type DebitNoteFile struct {
	Note      models.DebitNote
	To        models.Party
	Replaces  string
	Customers []models.Party
	Sales     []string
}

// DebitNote is the numbered demand: contract and clause, lot, inspection and
// claim, the deviation in figures, the evidence, the formula, and how to object.
func DebitNote(f DebitNoteFile) Paper {
	n, c := f.Note, f.Note.Content
	loss := &Sheet{Columns: []Column{{word("kind_of"), 40, false}, {word("amount"), 34, true}, {word("rate"), 34, true}, {word("in_base"), 34, true}, {word("document"), 40, false}}}
	for _, l := range c.Loss {
		loss.Rows = append(loss.Rows, []models.Text{lossWords.Of(l.What), Same(l.Amount.String()), Same(join(" · ", l.Rate.String(), string(l.RateOn))), Same(l.Base.String()), Same(l.Document)})
	}
	loss.Total = []models.Text{word("total"), {}, {}, Same(c.Total.String()), {}}
	share := fmt.Sprintf("%d.%02d %%", c.Percent/100, c.Percent%100)
	return Paper{
		Title: models.Text{ZH: "扣款通知", EN: "Debit note"}, Number: n.Number, On: n.IssuedOn, To: f.To, Sign: true, Hide: Hide{Customers: f.Customers, Sales: f.Sales},
		References: []Fact{
			{word("purchase"), c.PurchaseContract}, {word("clause"), c.Clause}, {word("claim"), c.ClaimNumber}, {word("batch"), lines(c.Lots)},
			{word("inspection"), lines(c.Inspections)}, {word("replaces"), f.Replaces},
		},
		Blocks: []Block{
			{Heading: models.Text{ZH: "应付金额", EN: "Amount due"}, Facts: []Fact{{word("amount"), n.Amount.String()}, {word("in_words"), n.Amount.WordsZH() + "\n" + n.Amount.WordsEN()}}},
			{Heading: word("deviation"), Text: []models.Text{c.Deviation}, Facts: []Fact{{word("basis"), c.Basis}, {word("evidence"), lines(c.Evidence)}}},
			{Heading: models.Text{ZH: "损失及计算", EN: "Loss and calculation"}, Sheet: loss,
				Note: models.Say("%[1]s × %[2]s = %[3]s; shares are rounded so that they add up to the loss.", "%[1]s × %[2]s = %[3]s；各方份额按最大余数法取整，合计等于损失总额。", c.Total, share, n.Amount)},
			{Heading: models.Text{ZH: "异议", EN: "Objection"}, Facts: []Fact{{word("objection_until"), string(n.ObjectionUntil)}, {word("object_to"), c.ObjectTo}},
				Text: []models.Text{models.Say("If you disagree, object in writing with your evidence within %d days; otherwise the amount is taken as acknowledged and may be set off against what we owe you.", "如有异议，请于 %d 日内书面提出并附证据；逾期视为确认，我方可自应付货款中抵扣。", c.ObjectionDays)}},
		},
	}
}

func lines(list []string) string { return strings.Join(list, "\n") }

// StatementLine is one movement of a supplier's account.
type StatementLine struct {
	On      models.Date
	Kind    string // debit_note, cancellation, reversal, or a settlement's kind
	Number  string
	Debit   *models.Money
	Credit  *models.Money
	Balance models.Money
	Remark  string
}

// StatementAccount is the movements in one currency.
type StatementAccount struct {
	Opening models.Money
	Lines   []StatementLine
	Closing models.Money
}

// StatementFile is a party's account over a period, one account per currency.
type StatementFile struct {
	Party     models.Party
	From, To  models.Date
	Accounts  []StatementAccount
	Customers []models.Party
	Sales     []string
}

// Statement is the statement of account of a supplier.
func Statement(f StatementFile) Paper {
	p := Paper{
		Title: models.Text{ZH: "对账单", EN: "Statement of account"}, Number: f.Party.Code, On: f.To, To: f.Party, Hide: Hide{Customers: f.Customers, Sales: f.Sales},
		References: []Fact{{models.Text{ZH: "期间", EN: "Period"}, join(" – ", string(f.From), string(f.To))}},
	}
	for _, a := range f.Accounts {
		p.Blocks = append(p.Blocks, Block{Heading: models.Say("Account in %s", "%s 账户", a.Closing.Currency), Sheet: a.sheet(f.From, f.To)})
	}
	if len(f.Accounts) == 0 {
		p.Blocks = append(p.Blocks, Block{Text: []models.Text{{ZH: "本期间内没有往来。", EN: "There were no movements in this period."}}})
	}
	p.Blocks = append(p.Blocks, Block{Note: models.Text{ZH: "如与贵方账目不符，请于十日内告知。", EN: "If this differs from your books, please tell us within ten days."}})
	return p
}

func (a StatementAccount) sheet(from, to models.Date) *Sheet {
	s := &Sheet{Columns: []Column{{word("date"), 24, false}, {word("kind_of"), 34, false}, {word("number"), 34, false}, {word("debit"), 30, true}, {word("credited"), 30, true}, {word("balance"), 30, true}}}
	s.Rows = append(s.Rows, []models.Text{Same(string(from)), {ZH: "期初余额", EN: "Opening balance"}, {}, {}, {}, Same(a.Opening.Amount())})
	for _, l := range a.Lines {
		s.Rows = append(s.Rows, []models.Text{Same(string(l.On)), movementWords.Of(l.Kind), Same(join("\n", l.Number, l.Remark)), figure(l.Debit), figure(l.Credit), Same(l.Balance.Amount())})
	}
	s.Total = []models.Text{Same(string(to)), {ZH: "期末余额", EN: "Closing balance"}, {}, {}, {}, Same(a.Closing.String())}
	return s
}

func figure(m *models.Money) models.Text {
	if m == nil {
		return models.Text{}
	}
	return Same(m.Amount())
}

// CorrectiveFile is what an 8D sheet is printed from.
type CorrectiveFile struct {
	Action     models.CorrectiveAction
	Supplier   models.Party
	Product    models.Product
	Claim      string
	Inspection string
	VerifiedAt string // number of the inspection that verified it
	Customers  []models.Party
	Sales      []string
}

// EightD is the sheet of a corrective action, 8D in short.
func EightD(f CorrectiveFile) Paper {
	a := f.Action
	s := &Sheet{Columns: []Column{{word("step"), 34, false}, {word("due_on"), 24, false}, {word("supplier_answer"), 76, false}, {word("answered_on"), 24, false}, {word("judged"), 30, false}}}
	for _, step := range a.Steps {
		judged := models.Text{}
		if step.Accepted != nil {
			judged = models.Text{ZH: "未接受", EN: "not accepted"}
			if *step.Accepted {
				judged = models.Text{ZH: "已接受", EN: "accepted"}
			}
		}
		judged = models.Text{ZH: join("：", judged.ZH, step.Note), EN: join(": ", judged.EN, step.Note)}
		s.Rows = append(s.Rows, []models.Text{models.ActionStepWords.Of(step.Step), Same(string(step.DueOn)), Same(step.Answer), Same(string(step.AnsweredOn)), judged})
	}
	return Paper{
		Title: models.Text{ZH: "纠正措施要求 (8D)", EN: "Corrective action request (8D)"}, Number: a.Number, On: a.OpenedOn, To: f.Supplier, Sign: true, Hide: Hide{Customers: f.Customers, Sales: f.Sales},
		References: []Fact{{word("product"), join("\n", f.Product.Code, f.Product.Name.ZH, f.Product.Name.EN)}, {word("claim"), f.Claim}, {word("inspection"), f.Inspection}},
		Blocks: []Block{
			{Heading: models.Text{ZH: "问题描述 D2", EN: "Problem D2"}, Text: []models.Text{Same(a.Problem)}},
			{Heading: models.Text{ZH: "措施", EN: "Actions"}, Sheet: s},
			{Heading: models.Text{ZH: "验证", EN: "Verification"}, Facts: []Fact{{word("inspection"), f.VerifiedAt}, {word("date"), string(a.VerifiedOn)}}, Text: []models.Text{Same(a.Verification)}},
		},
	}
}
