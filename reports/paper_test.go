package reports

import (
	"bytes"
	"image"
	"image/jpeg"
	"io"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"recourse/models"
)

// claimFile is a claim like a real one: three items, answers, evidence, remarks
// that name the other side and characters that no font has.
func claimFile() ClaimFile {
	usd := func(minor int64) models.Money { return models.Money{Minor: minor, Currency: "USD"} }
	customer := models.Party{Code: "HH02", Name: text("汉堡建材进口公司", "Hamburg Building Materials Import"), Country: "DE", Place: "Hamburg", Address: "Speicherstadt 4"}
	supplier := models.Party{Code: "JZ01", Name: text("晋州装饰建材厂", "Jinzhou Decorative Building Materials Factory"), Country: "CN", Place: "河北省晋州市", Contact: "李厂长"}
	return ClaimFile{
		Customer: customer, Suppliers: []models.Party{supplier}, Places: []string{"factory warehouse 2"},
		Sales: models.Contract{Number: "SC-2026-031", SignedOn: "2026-02-25", QualityClause: "as sealed sample 238", ClaimClause: models.ClaimClause{QualityDays: ptr(30), OtherDays: ptr(1), From: "arrival", SurveyReport: true, SurveyBody: "SGS", ReplyDays: ptr(30), Text: "Claims in writing."}}, Purchase: []models.Contract{{Number: "PC-2026-017", QualityClause: "质量标准:请见《晋州天花板质量控制标准》"}},
		Shipment: &models.Shipment{BillOfLading: "HLCU-TSN-260424", Containers: []models.Container{{Number: "TEMU6021554", Seal: "CN448120"}}},
		Claim: models.Claim{
			Number: "CLM-2026-000042", CustomerReference: "Rekl. 26/118", ReceivedOn: "2026-06-30", ReplyByOn: "2026-08-15", Proposal: "We offer USD 626.40 🧱 in goodwill for the corners.",
			Items: []models.ClaimItem{
				{ItemNo: 1, Reason: models.ReasonQuality, Defect: "COR", Quantity: models.Pieces(1440), Claimed: usd(208800), Text: "12 % of the sheets have broken corners", Answer: models.AnswerInPart, Ground: "conforming_at_dispatch", AnswerText: "corners crushed in carriage; the Jinzhou factory packed by PC-2026-017", Granted: ptr(usd(62640))},
				{ItemNo: 2, Reason: models.ReasonQuantity, Quantity: models.Pieces(300), Claimed: usd(43500), Text: "25 cartons missing", Answer: models.AnswerReject, Ground: "time_barred"},
				{ItemNo: 3, Reason: models.ReasonQuality, Defect: "MLD", Quantity: models.Pieces(200), Claimed: usd(29000), Text: strings.Repeat("霉变见于板边，汉堡仓库受潮。", 40)},
			},
			Evidence: []models.ClaimEvidence{
				{ItemNo: 0, Kind: "survey_report", AskedOn: "2026-07-01"}, {ItemNo: 1, Kind: "labelled_photos", AskedOn: "2026-07-01", ReceivedOn: "2026-07-05", Note: "labels unreadable"},
				{ItemNo: 3, Kind: "sample", Sufficient: ptr(true)},
			},
		},
		Coverage: []CoverageNote{{Item: 1, Status: text("该缺陷已发现且被容许。", "This defect was found and tolerated."), Statistics: text("从 12000 件的批中随机抽检 315 件。", "From the lot of 12000 units 315 were drawn at random."), Assumptions: []models.Text{text("随机抽取。", "Drawn at random.")}}},
		Annexes:  []Annex{{No: "1", From: 3, Title: text("验货报告 INS-2026-000001", "Inspection report INS-2026-000001"), SHA256: models.SHA256{1, 2}, Pages: 6}, {No: "2", Title: text("照片 1 张", "1 photo"), From: 9, Pages: 1, Made: true}, {No: "–", Title: text("合同条款", "Contract clause"), Absent: true}},
		Names:    map[string]models.Text{"COR": text("缺角", "Broken corner")},
	}
}

func debitNoteFile() DebitNoteFile {
	cny := func(minor int64) models.Money { return models.Money{Minor: minor, Currency: "CNY"} }
	f := claimFile()
	return DebitNoteFile{
		To: f.Suppliers[0], Customers: []models.Party{f.Customer}, Sales: []string{"SC-2026-031"}, Replaces: "DN-2026-0003",
		Note: models.DebitNote{
			Number: "DN-2026-0004", Amount: cny(388353), IssuedOn: "2026-08-01", ObjectionUntil: "2026-08-11",
			Content: models.NoteContent{
				PurchaseContract: "PC-2026-017", Clause: "第 8 条", Lots: []string{"2604-A", "2604-B"}, Inspections: []string{"INS-2026-000001"}, ClaimNumber: "CLM-2026-000042",
				Deviation: text("1440 件缺角，占 12 %；汉堡客户来函", "1440 sheets with broken corners, 12 %; as Hamburg wrote"), Evidence: []string{"survey SV-77", "photo 1"},
				Loss:  []models.LossLine{{What: "settlement", Amount: models.Money{Minor: 62640, Currency: "USD"}, Rate: models.MustDecimal("7.18"), RateOn: "2026-07-28", Base: cny(449755), Document: "remittance 118"}, {What: "re_inspection", Amount: cny(18000), Base: cny(18000)}},
				Total: cny(647255), Percent: 6000, Basis: "corner protection missing against contract", ObjectionDays: 10, ObjectTo: "finance@example.com",
			},
		},
	}
}

// papers are all letters and forms, with the edition for their addressee.
func papers() map[string]Paper {
	f := claimFile()
	cny := func(minor int64) models.Money { return models.Money{Minor: minor, Currency: "CNY"} }
	return map[string]Paper{
		"acknowledgement":   Acknowledgement(f),
		"evidence request":  EvidenceRequest(f, "2026-07-02"),
		"rebuttal":          Rebuttal(f, "2026-07-20"),
		"dossier index":     Index(f, "2026-07-20", true),
		"contract clause":   QualityTerms(f),
		"standard":          StandardPage(f, agreedStandard()),
		"protective notice": ProtectiveNotice(f, f.Suppliers[0], ClaimedGoods{Purchase: f.Purchase, Items: []int{1, 3}, Lots: []string{"2604-A"}, AllShipped: []int{3}}),
		"debit note":        DebitNote(debitNoteFile()),
		"statement": Statement(StatementFile{Party: f.Suppliers[0], From: "2026-01-01", To: "2026-12-31", Customers: []models.Party{f.Customer}, Accounts: []StatementAccount{{Opening: cny(0), Closing: cny(188353),
			Lines: []StatementLine{{On: "2026-08-01", Kind: "debit_note", Number: "DN-2026-0004", Debit: ptr(cny(388353)), Balance: cny(388353)}, {On: "2026-08-20", Kind: "set_off", Number: "PAY-7", Credit: ptr(cny(200000)), Balance: cny(188353), Remark: "against invoice 5"}}}}}),
		"8D": EightD(CorrectiveFile{Supplier: f.Suppliers[0], Product: models.Product{Code: "PVC-595", Name: text("天花板", "Ceiling tile")}, Claim: "CLM-2026-000042", Inspection: "INS-2026-000001", VerifiedAt: "INS-2026-000009", Customers: []models.Party{f.Customer},
			Action: models.CorrectiveAction{Number: "CA-2026-0001", OpenedOn: "2026-07-01", Problem: "缺角：汉堡客户索赔 𠮷", VerifiedOn: "2026-09-01", Verification: "no corner broken in 315",
				Steps: []models.CAStep{{Step: "containment", DueOn: "2026-07-02", Answer: "库存全检", AnsweredOn: "2026-07-02", Accepted: ptr(true)}, {Step: "root_cause", DueOn: "2026-07-08", Note: "too general", Accepted: ptr(false)}, {Step: "effectiveness", DueOn: "2026-07-31"}}}}),
	}
}

func mustPaper(t testing.TB, p Paper, opts Options) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := WritePaper(&out, p, opts); err != nil {
		t.Fatalf("WritePaper(%s): %v", p.Title.EN, err)
	}
	return out.Bytes()
}

// unshown are the fields of a paper that are not printed.
var unshown = regexp.MustCompile(`^(Hide|To\.(Code|CodeKey|Email|Phone|Search))`)

func TestEveryPaperPrintsEveryCharacter(t *testing.T) {
	weights, err := typefaces()
	if err != nil {
		t.Fatal(err)
	}
	for name, paper := range papers() {
		for _, lang := range Langs {
			for _, edition := range editions {
				pdf := mustPaper(t, paper, options(lang, edition, nil))
				checkFile(t, pdf)
				got, found := body(t, pdf), 0
				shown := paper.edition(edition, lang)
				nameless := func(f Fact) bool { return f.Value == "" }
				shown.References = slices.DeleteFunc(slices.Clone(shown.References), nameless)
				shown.Blocks = slices.Clone(shown.Blocks)
				for n := range shown.Blocks {
					b := &shown.Blocks[n]
					b.Facts = slices.DeleteFunc(slices.Clone(b.Facts), nameless)
				}
				recorded(reflect.ValueOf(shown), "", lang, func(path, text string) {
					if unshown.MatchString(path) || text == "" {
						return
					}
					found++
					if want := squeeze(weights[0].clean(text, func(rune, int) {})); !inPieces(got, want) {
						t.Errorf("%s, %s, %s: %s = %q is not printed", name, lang, edition, path, text)
					}
				})
				if found < 10 {
					t.Errorf("%s, %s, %s: only %d texts compared", name, lang, edition, found)
				}
			}
		}
	}
}

func TestPapersHideTheOtherSide(t *testing.T) {
	secrets := map[Edition][]string{
		Customer: {"晋州", "jinzhou", "jz01", "pc-2026-017", "factorywarehouse", "李厂长", "河北"},
		Supplier: {"汉堡", "hamburg", "hh02", "sc-2026-031", "speicherstadt"},
	}
	towards := map[string]Edition{"acknowledgement": Customer, "evidence request": Customer, "rebuttal": Customer, "dossier index": Customer, "contract clause": Customer, "standard": Customer,
		"protective notice": Supplier, "debit note": Supplier, "statement": Supplier, "8D": Supplier}
	for name, paper := range papers() {
		for _, lang := range Langs {
			e := towards[name]
			folded, _ := fold(squeeze(whole(t, mustPaper(t, paper, options(lang, e, nil)))))
			for _, secret := range secrets[e] {
				if strings.Contains(string(folded), secret) {
					t.Errorf("%s for the %s in %s shows %q", name, e, lang, secret)
				}
			}
		}
	}
}

func TestPaperIsRepeatableAndRefuses(t *testing.T) {
	p := papers()["rebuttal"]
	if !bytes.Equal(mustPaper(t, p, options("both", Customer, nil)), mustPaper(t, p, options("both", Customer, nil))) {
		t.Error("the same paper gives other bytes")
	}
	for _, opts := range []Options{{Lang: "de", Edition: Internal}, {Lang: "zh", Edition: "public"}} {
		if err := WritePaper(io.Discard, p, opts); !models.IsCode(err, models.CodeInvalid) {
			t.Errorf("WritePaper(%s, %s) = %v, want invalid", opts.Lang, opts.Edition, err)
		}
	}
	if err := WritePaper(io.Discard, Paper{}, Options{Lang: "zh", Edition: Internal}); err == nil {
		t.Error("a paper without a title is printed")
	}
}

func TestPaperShowsPhotos(t *testing.T) {
	var b bytes.Buffer
	if err := jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, 40, 30)), nil); err != nil {
		t.Fatal(err)
	}
	open := func(h models.SHA256) (io.ReadCloser, error) {
		if h == (models.SHA256{1}) {
			return io.NopCloser(bytes.NewReader(b.Bytes())), nil
		}
		return nil, errNoPicture
	}
	opts := options("both", Internal, nil)
	opts.Open = open
	pdf := mustPaper(t, Paper{Title: text("照片", "Photos"), Blocks: []Block{{Photos: []Shot{{models.SHA256{1}, text("角", "corner")}, {models.SHA256{2}, text("缺", "gone")}}}}}, opts)
	got := body(t, pdf)
	if !strings.Contains(got, "corner") || !strings.Contains(got, squeeze(word("photo_broken").EN)) || !bytes.Contains(pdf, []byte("/DCTDecode")) {
		t.Errorf("photos are not shown: %s", got)
	}
}

// agreedStandard is the standard of the inspection's fixture, as a dossier shows it.
func agreedStandard() AgreedStandard {
	return AgreedStandard{Code: "QS-JZ-CB", VersionNo: 3, Title: text("晋州天花板质量控制标准", "Jinzhou ceiling board standard"), Content: snapshot(), Snapshot: models.SHA256{7}, Lines: []int{1, 2}, Basis: InspectedBy}
}

func TestItemsAreNamedByTheCatalogue(t *testing.T) {
	f := claimFile()
	if got := f.about(f.Claim.Items[0]); got.EN != "Quality: Broken corner" || got.ZH != "品质不符：缺角" {
		t.Errorf("about(COR) = %v, want the catalogue's name", got)
	}
	if got := f.about(models.ClaimItem{Reason: models.ReasonOther, Defect: "X9"}); got.EN != "Other: X9" {
		t.Errorf("about(X9) = %v, want the code itself", got)
	}
}

func TestNoticeNamesOnlyWhatConcernsTheSupplier(t *testing.T) {
	rows := papers()["protective notice"].Blocks[1]
	if len(rows.Sheet.Rows) != 2 || rows.Facts[0].Value != "2604-A" || !strings.Contains(rows.Note.EN, "item 3") {
		t.Errorf("the notice names %v, %v, %v", rows.Sheet.Rows, rows.Facts, rows.Note)
	}
}

func TestAbsentTermsHaveNoPage(t *testing.T) {
	f := claimFile()
	f.Sales = models.Contract{Number: "SC-1"}
	if p := QualityTerms(f); len(p.Blocks) > 0 {
		t.Errorf("a silent contract has the terms %v", p.Blocks)
	}
}
