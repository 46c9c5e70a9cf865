package reports

import (
	"fmt"
	"slices"
	"strings"

	"recourse/models"
)

// ClaimFile is what the papers about a claim are composed of.
type ClaimFile struct {
	Claim       models.Claim
	Customer    models.Party
	Suppliers   []models.Party // behind the claimed lines
	Sales       models.Contract
	Purchase    []models.Contract
	Shipment    *models.Shipment
	Inspections []string // numbers of the inspections that bear on it
	Places      []string // where they took place
	Coverage    []CoverageNote
	Annexes     []Annex
	Standards   []AgreedStandard       // of the claimed lines
	Names       map[string]models.Text // of claimed defects and characteristics, by code
}

// CoverageNote is what our evidence says about one item, worded.
type CoverageNote struct {
	Item        int
	Status      models.Text
	Statistics  models.Text
	Assumptions []models.Text
}

// Hide is what editions keep back in a paper about the claim.
func (f ClaimFile) Hide() Hide {
	h := Hide{Suppliers: f.Suppliers, Customers: []models.Party{f.Customer}, Sales: []string{f.Sales.Number}, Places: f.Places}
	for _, p := range f.Purchase {
		h.Purchase = append(h.Purchase, p.Number)
	}
	return h
}

// references name the claim as both sides do.
func (f ClaimFile) references() []Fact {
	list := []Fact{
		{word("claim"), f.Claim.Number}, {word("your_reference"), f.Claim.CustomerReference},
		{word("contract"), f.Sales.Number}, {word("received_on"), string(f.Claim.ReceivedOn)},
	}
	if f.Shipment != nil {
		list = append(list, Fact{word("bill"), f.Shipment.BillOfLading})
		for _, c := range f.Shipment.Containers {
			list = append(list, Fact{word("container"), join(" / ", c.Number, c.Seal)})
		}
	}
	return list
}

// stated is the claim as the customer states it.
func (f ClaimFile) stated() Block {
	s := &Sheet{Columns: []Column{{word("item"), 8, false}, {word("complaint"), 38, false}, {word("as_stated"), 58, false}, {word("quantity"), 20, true}, {word("claimed"), 28, true}}}
	for _, i := range f.Claim.Items {
		s.Rows = append(s.Rows, []models.Text{Same(fmt.Sprint(i.ItemNo)), f.about(i), Same(i.Text), quantity(i), Same(i.Claimed.String())})
	}
	return Block{Heading: models.Text{ZH: "索赔内容", EN: "The claim as stated"}, Sheet: s}
}

// about is the reason of an item, with the name of its defect or characteristic.
func (f ClaimFile) about(i models.ClaimItem) models.Text {
	t := models.ReasonWords.Of(string(i.Reason))
	for _, code := range []string{i.Defect, i.Characteristic} {
		if code == "" {
			continue
		}
		name, known := f.Names[code]
		if !known {
			name = Same(code)
		}
		t = models.Text{ZH: t.ZH + "：" + name.In("zh"), EN: t.EN + ": " + name.In("en")}
	}
	return t
}

// quantity of a claim about no goods, such as for delay, is a dash.
func quantity(i models.ClaimItem) models.Text {
	if i.Quantity == 0 {
		return Same("–")
	}
	return Same(i.Quantity.String())
}

// Acknowledgement tells the customer within the day that the claim has arrived:
// kind, and admitting nothing.
func Acknowledgement(f ClaimFile) Paper {
	return Paper{
		Title: models.Text{ZH: "索赔收悉函", EN: "Acknowledgement of your claim"}, Number: f.Claim.Number, On: f.Claim.ReceivedOn, To: f.Customer, References: f.references(), Sign: true, Hide: f.Hide(),
		Blocks: []Block{
			{Text: []models.Text{
				{ZH: "感谢贵方来函。我们已收到贵方索赔，并已开始核查，不会拖延。", EN: "Thank you for your message. We have received your claim and have begun to look into it without delay."},
				{ZH: "得知贵方遇到不便，我们深表关切。核查完成后，我们将逐项答复。", EN: "We are concerned to hear of the trouble you have had. We shall answer each item once our enquiry is complete."},
			}},
			f.stated(),
			{Text: []models.Text{
				{ZH: "为便于核查，请妥善保管货物、包装及标签，并允许我方或约定的检验机构查看。", EN: "To help the enquiry, please keep the goods, their packing and labels as they are, and open to inspection by us or the agreed survey body."},
				{ZH: "本函仅确认收到索赔，不构成对责任、数量或金额的任何承认；双方权利均予保留。", EN: "This letter confirms receipt only. It admits neither liability nor extent nor amount, and all rights are reserved on both sides."},
			}},
		},
	}
}

// EvidenceRequest asks the customer for what is missing. What was not asked for
// before is asked for by this letter.
func EvidenceRequest(f ClaimFile, on models.Date) Paper {
	open := f.outstanding(on)
	text := models.Text{ZH: "为公正、尽快地处理贵方索赔，烦请提供以下资料：", EN: "So that we can treat your claim fairly and soon, may we ask you for the following:"}
	if len(open.Rows) == 0 {
		text = models.Text{ZH: "所需资料均已收到，目前无需补充。", EN: "All that we asked for has arrived; there is nothing more to send at present."}
	}
	return Paper{
		Title: models.Text{ZH: "补充证据请求", EN: "Request for evidence"}, Number: f.Claim.Number, On: on, To: f.Customer, References: f.references(), Sign: true, Hide: f.Hide(),
		Blocks: []Block{
			{Text: []models.Text{text}},
			{Sheet: open},
			{Facts: []Fact{{word("reply_by"), string(f.Claim.ReplyByOn)}}, Text: []models.Text{{ZH: "提供资料不影响贵方权利；我方索取资料亦不构成承认。", EN: "Giving them prejudices none of your rights; asking for them admits nothing on our side."}}},
		},
	}
}

// outstanding lists the evidence that is not sufficient yet; of what we accept
// in full none is needed.
func (f ClaimFile) outstanding(on models.Date) *Sheet {
	s := &Sheet{Columns: []Column{{word("item"), 12, false}, {word("evidence"), 80, false}, {word("asked_on"), 30, false}, {word("status"), 40, false}}}
	accepted := map[int]bool{}
	for _, i := range f.Claim.Items {
		accepted[i.ItemNo] = i.Answer == models.AnswerAccept
	}
	for _, e := range f.Claim.Evidence {
		if e.Sufficient != nil && *e.Sufficient || accepted[e.ItemNo] {
			continue
		}
		status := models.Text{ZH: "未收到", EN: "not received"}
		if !e.ReceivedOn.IsZero() {
			status = models.Text{ZH: "已收到，尚不充分", EN: "received, not yet sufficient"}
			if e.Sufficient == nil {
				status = models.Text{ZH: "已收到，评估中", EN: "received, being looked at"}
			}
		}
		item := models.Text{ZH: "全部", EN: "all"}
		if e.ItemNo > 0 {
			item = Same(fmt.Sprint(e.ItemNo))
		}
		kind := models.EvidenceWords.Of(e.Kind)
		if e.Note != "" {
			kind = models.Text{ZH: kind.ZH + "：" + e.Note, EN: kind.EN + ": " + e.Note}
		}
		asked := e.AskedOn
		if asked.IsZero() && e.ReceivedOn.IsZero() {
			asked = on
		}
		s.Rows = append(s.Rows, []models.Text{item, kind, Same(string(asked)), status})
	}
	return s
}

// ClaimedGoods is what of a claim concerns one supplier.
type ClaimedGoods struct {
	Purchase   []models.Contract // by which the goods were bought
	Items      []int             // of the claim
	Lots       []string          // batches that are claimed
	AllShipped []int             // items that name no lot: all lots shipped on their lines are in Lots
}

// ProtectiveNotice tells the supplier, the day a claim arrives and before
// anyone knows who is to blame, that we may hold them to account.
func ProtectiveNotice(f ClaimFile, to models.Party, goods ClaimedGoods) Paper {
	s := &Sheet{Columns: []Column{{word("item"), 10, false}, {word("complaint"), 44, false}, {word("as_stated"), 76, false}, {word("quantity"), 24, true}}}
	for _, i := range f.Claim.Items {
		if slices.Contains(goods.Items, i.ItemNo) {
			s.Rows = append(s.Rows, []models.Text{Same(fmt.Sprint(i.ItemNo)), f.about(i), Same(i.Text), quantity(i)})
		}
	}
	facts := []Fact{{word("claim"), f.Claim.Number}, {word("received_on"), string(f.Claim.ReceivedOn)}}
	for _, p := range goods.Purchase {
		facts = append(facts, Fact{word("contract"), p.Number}, Fact{word("quality_clause"), p.QualityClause})
	}
	claimed := Block{Sheet: s, Facts: []Fact{{models.Text{ZH: "所涉生产批号", EN: "Lots claimed"}, lines(goods.Lots)}}}
	if len(goods.AllShipped) > 0 {
		items := strings.Trim(strings.ReplaceAll(fmt.Sprint(goods.AllShipped), " ", ", "), "[]")
		claimed.Note = models.Say("The claim names no lot for item %[1]s: all lots shipped on that contract line are listed.", "索赔第 %[1]s 项未指明批号：列出该合同行已发运的全部批。", items)
	}
	return Paper{
		Title: models.Text{ZH: "保全通知", EN: "Protective notice"}, Number: f.Claim.Number, On: f.Claim.ReceivedOn, To: to, References: facts, Sign: true, Hide: f.Hide(),
		Blocks: []Block{
			{Text: []models.Text{{ZH: "我方于上述日期收到关于贵方依上述合同所供货物的索赔，内容如下。", EN: "On the date above we received a claim about goods that you supplied under the contract above, as follows."}}},
			claimed,
			{Text: []models.Text{
				{ZH: "责任尚未查明。为维护我方依合同及法律享有的权利，特此就上述索赔所称的不符合情形通知贵方；本通知为遵守合同约定及法律规定的检验、异议期限而发出。", EN: "Who answers for it is not yet established. To preserve our rights under the contract and the law we hereby give you notice of the nonconformity that is claimed, so as to keep the periods for inspection and complaint."},
				{ZH: "请贵方保存该批的生产、检验记录及留样，并于收到本通知之日起五个工作日内提出书面意见。", EN: "Please keep the production and inspection records and the retained samples of the lots, and let us have your comments in writing within five working days."},
				{ZH: "我方保留向贵方追偿全部损失的权利。", EN: "We reserve the right to recover all loss from you."},
			}},
		},
	}
}

// Rebuttal is our reasoned answer to a claim: courteous, item by item, with the
// evidence, what is still asked for, the proposal and the reservation of rights.
func Rebuttal(f ClaimFile, on models.Date) Paper {
	blocks := []Block{
		{Text: []models.Text{{ZH: "感谢贵方的耐心。我们已依据合同及记录逐项核查贵方索赔，现答复如下。", EN: "Thank you for your patience. We have looked into each item of your claim by the contract and our records, and answer as follows."}}},
		f.stated(), f.answers(),
	}
	for _, c := range f.Coverage {
		b := Block{Heading: models.Say("Item %d: what the evidence shows", "第 %d 项：证据说明", c.Item), Text: []models.Text{c.Status}}
		if !c.Statistics.IsZero() {
			b.Text = append(b.Text, c.Statistics)
		}
		if len(c.Assumptions) > 0 {
			b.Note = models.Text{ZH: "前提：", EN: "Assumptions: "}
			for _, a := range c.Assumptions {
				b.Note.ZH, b.Note.EN = b.Note.ZH+a.ZH, b.Note.EN+a.EN+" "
			}
		}
		blocks = append(blocks, b)
	}
	blocks = append(blocks, Block{Heading: models.Text{ZH: "尚待提供的证据", EN: "Evidence still asked for"}, Sheet: f.outstanding(on)})
	if f.Claim.Proposal != "" {
		blocks = append(blocks, Block{Heading: models.Text{ZH: "我方建议", EN: "Our proposal"}, Text: []models.Text{Same(f.Claim.Proposal)}})
	}
	blocks = append(blocks, Block{
		Heading: models.Text{ZH: "保留权利", EN: "Reservation of rights"}, Facts: []Fact{{word("reply_by"), string(f.Claim.ReplyByOn)}},
		Text: []models.Text{{ZH: "除上文明示接受的部分外，本函为友好解决而出具，不影响我方权利，亦不构成对责任的承认。", EN: "Beyond what is accepted above, this letter is written for an amicable settlement: it prejudices none of our rights and admits no liability."}},
	}, annexes(f.Annexes))
	return Paper{Title: models.Text{ZH: "抗辩函", EN: "Reply to your claim"}, Number: f.Claim.Number, On: on, To: f.Customer, References: f.references(), Blocks: blocks, Sign: true, Hide: f.Hide()}
}

// answers is our answer and ground per item.
func (f ClaimFile) answers() Block {
	s := &Sheet{Columns: []Column{{word("item"), 8, false}, {word("answer"), 28, false}, {word("ground"), 44, false}, {word("remark"), 50, false}, {word("granted"), 28, true}}}
	for _, i := range f.Claim.Items {
		answer := models.AnswerWords.Of(string(i.Answer))
		if i.Answer == "" {
			answer = models.Text{ZH: "核查中", EN: "under enquiry"}
		}
		granted, ground := Same("—"), models.Text{}
		if i.Granted != nil {
			granted = Same(i.Granted.String())
		}
		if i.Ground != "" {
			ground = models.GroundWords.Of(i.Ground)
		}
		s.Rows = append(s.Rows, []models.Text{Same(fmt.Sprint(i.ItemNo)), answer, ground, Same(i.AnswerText), granted})
	}
	return Block{Heading: models.Text{ZH: "我方答复", EN: "Our answer"}, Sheet: s}
}
