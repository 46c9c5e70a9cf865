package reports

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"image"
	"image/jpeg"
	"io"
	"strings"
	"testing"
	"time"

	"recourse/models"
)

var moment = time.Date(2026, 4, 20, 6, 30, 0, 0, time.UTC)

func text(zh, en string) models.Text { return models.Text{ZH: zh, EN: en} }

func ptr[T any](v T) *T { return &v }

func decimals(list string) []models.Decimal {
	var out []models.Decimal
	for s := range strings.FieldsSeq(list) {
		out = append(out, models.MustDecimal(s))
	}
	return out
}

// photoBytes draws a picture that differs by n: stripes with noise, so that it
// compresses like a photo.
func photoBytes(n, width, height int) []byte {
	img := image.NewYCbCr(image.Rect(0, 0, width, height), image.YCbCrSubsampleRatio420)
	seed := uint32(n*7919 + 1)
	for i := range img.Y {
		seed = seed*1664525 + 1013904223
		x, y := i%img.YStride, i/img.YStride
		img.Y[i] = uint8((x*n/9+y)/6%160) + uint8(seed>>28)
	}
	for i := range img.Cb {
		img.Cb[i], img.Cr[i] = uint8(100+n*5%60), uint8(120+n*11%40)
	}
	var out bytes.Buffer
	if err := jpeg.Encode(&out, img, &jpeg.Options{Quality: 80}); err != nil {
		panic(err)
	}
	return out.Bytes()
}

// album holds pictures by hash and opens them.
type album map[models.SHA256][]byte

func (a album) put(data []byte) models.SHA256 {
	sha := models.SHA256(sha256.Sum256(data))
	a[sha] = data
	return sha
}

func (a album) open(sha models.SHA256) (io.ReadCloser, error) {
	data, ok := a[sha]
	if !ok {
		return nil, fmt.Errorf("no file %s", sha)
	}
	return io.NopCloser(bytes.NewReader(data)), nil
}

func snapshot() models.StandardContent {
	return models.StandardContent{
		Cites:    []models.Citation{{Standard: "GB/T 2828.1", Edition: "2012"}, {Standard: "JC/T 799", Edition: "2016"}},
		Sampling: models.SamplingRules{Scheme: "iso2859-1", Level: "II", Classes: []models.ClassRule{{Class: models.Critical, Rule: models.RuleNotAllowed}, {Class: models.Major, Rule: models.RuleAQL, AQL: "2.5"}, {Class: models.Minor, Rule: models.RuleAQL, AQL: "4.0"}}},
		Characteristics: []models.Characteristic{
			{Code: "LEN", Name: text("长度", "Length"), Kind: "measured", Class: models.Major, Unit: "mm", Decimals: 1, Nominal: models.MustDecimal("595"), Lower: models.MustDecimal("593"), Upper: models.MustDecimal("595"), Instrument: "steel tape 1 mm"},
			{Code: "SQR", Name: text("直角偏离度", "Difference of diagonals"), Kind: "measured", Class: models.Minor, Unit: "mm", Decimals: 1, Upper: models.MustDecimal("2.0"), Source: "JC/T 799-2016, 5.2"},
			{Code: "BRK", Name: text("断裂荷载", "Breaking load"), Kind: "measured", Class: models.Major, Unit: "N", Lower: models.MustDecimal("132"), MeanLower: models.MustDecimal("147"), Destructive: true},
			{Code: "FLA", Name: text("平整度", "Flatness"), Kind: "attribute", Class: models.Minor, Method: "对照封样目测 visual against the sealed sample"},
		},
		Defects: []models.Defect{
			{Code: "COR", Name: text("缺角(大于10 mm)", "Broken corner over 10 mm"), Class: models.Major},
			{Code: "BUB", Name: text("膜下气泡", "Bubble under film"), Class: models.Minor},
		},
		Checks: []models.CheckItem{
			{Code: "marks", Section: "marks", Name: text("唛头与合同一致", "Marks as in the contract")},
			{Code: "packing", Section: "packing", Name: text("托盘包装", "Packing on pallets")},
		},
	}
}

func lotRecord() models.InspectionLot {
	finding := func(defect string, class models.DefectClass, units int, remark string) models.Finding {
		return models.Finding{ID: models.NewID(), Defect: defect, Class: class, Units: units, Defects: units, Remark: remark, Cartons: []int{14, 208}}
	}
	return models.InspectionLot{
		ID: models.NewID(), StandardCode: "QS-JZ-CB", Snapshot: snapshot(), SnapshotHash: sha256.Sum256([]byte("snapshot")), Seed: sha256.Sum256([]byte("seed")),
		Plan: models.Plan{Scheme: "iso2859-1", LotSize: 12000, CodeLetter: "M", Units: 315, Cartons: 1000, CartonsToOpen: 32, CartonNumbers: []int{14, 61, 118, 208, 377, 512, 640, 777, 803, 991},
			Classes: []models.ClassPlan{
				{Class: models.Critical, Rule: models.RuleNotAllowed, Severity: "normal", SampleSize: 315, Re: 1},
				{Class: models.Major, Rule: models.RuleAQL, Severity: "tightened", Level: "II", AQL: "2.5", PlanLetter: "M", SampleSize: 315, Ac: 14, Re: 15, Why: text("最近 4 批中有 2 批不接收。", "2 of the last 4 lots were not accepted.")},
				{Class: models.Minor, Rule: models.RuleAQL, Severity: "normal", Level: "II", AQL: "4.0", PlanLetter: "M", SampleSize: 315, Ac: 21, Re: 22},
			},
			Characteristics: []models.CharacteristicPlan{
				{Code: "LEN", Severity: "normal", Level: "S-2", AQL: "2.5", PlanLetter: "C", SampleSize: 5, Re: 1}, {Code: "SQR", Level: "S-2", AQL: "4.0", PlanLetter: "E", SampleSize: 13, Ac: 1, Re: 2},
				{Code: "BRK", SampleSize: 5, Re: 1}, {Code: "FLA", SampleSize: 5, Re: 1},
			}},
		QuantityOrdered: ptr(models.Pieces(12000)), QuantityProduced: ptr(models.Pieces(12000)), QuantityPacked: ptr(models.Pieces(11988)), QuantityPresented: ptr(models.Pieces(12000)),
		CartonsPresented: ptr(1000), CartonsOpened: []int{14, 61, 118, 208}, UnitsExamined: ptr(315),
		Findings:     []models.Finding{finding("COR", models.Major, 6, "角部在托盘底层 🧱 压损"), finding("BUB", models.Minor, 9, "one of these sheets also has a broken corner (unit 118)")},
		Overlaps:     []models.UnitOverlap{{Unit: 118, Defects: []string{"COR", "BUB"}}},
		Measurements: []models.Measurement{{Characteristic: "LEN", Readings: decimals("594.0 594.5 593.5 594.0 595.0")}, {Characteristic: "SQR", Readings: decimals("0.5 1.0 0.5 1.5 1.0 0.5 2.0 1.0 2.5 0.5 1.0 1.5 0.5")}, {Characteristic: "BRK", Readings: decimals("151 149 158 146 143")}},
		Checks:       []models.Check{{Code: "marks", Result: models.CheckOK, Seen: "HBM / SC-2026-031 / HAMBURG / C/NO. 1-1000"}, {Code: "FLA", Result: models.CheckOK, Examined: ptr(5), Nonconforming: ptr(0), Seen: "平整"}, {Code: "DUST", Result: models.CheckNotOK, Remark: "Jinzhou 仓库积灰 dusty"}},
		Verdict:      models.Accepted, Remark: "批次整齐 tidy lot",
		Judgement: &models.Judgement{Verdict: models.Accepted,
			Classes: []models.ClassJudgement{
				{Class: models.Critical, Examined: ptr(315), Re: 1, Verdict: models.Accepted, Reason: text("未发现。", "None found.")},
				{Class: models.Major, Found: 6, Units: 6, Examined: ptr(315), Ac: 14, Re: 15, Verdict: models.Accepted, Reason: text("发现 6，不超过 Ac 14。", "6 found, not above Ac 14.")},
				{Class: models.Minor, Found: 8, Units: 8, Examined: ptr(315), Ac: 21, Re: 22, Verdict: models.Accepted, Reason: text("发现 8，不超过 Ac 21。", "8 found, not above Ac 21.")},
			},
			Characteristics: []models.CharacteristicJudgement{
				{Code: "LEN", Readings: 5, SampleSize: 5, MeanText: "594.20", Min: models.MustDecimal("593.5"), Max: models.MustDecimal("595.0"), Verdict: models.Accepted, Reason: text("全部在限内。", "All within limits.")},
				{Code: "SQR", Readings: 13, SampleSize: 13, OutOfLimits: 1, Ac: 1, MeanText: "1.08", Min: models.MustDecimal("0.5"), Max: models.MustDecimal("2.5"), Verdict: models.Accepted, Reason: text("1 个超限，Ac 1。", "1 out of limits, Ac 1.")},
				{Code: "BRK", Readings: 5, SampleSize: 5, MeanText: "149.4", Min: models.MustDecimal("143"), Max: models.MustDecimal("158"), Verdict: models.Accepted, Reason: text("均值 149.4 ≥ 147。", "Mean 149.4 ≥ 147.")},
				{Code: "FLA", Readings: 5, Verdict: models.Accepted, Reason: text("符合。", "Conforms.")},
			},
			Sections: []models.SectionJudgement{{Code: "marks", Section: "marks", Verdict: models.Accepted, Reason: text("符合。", "Conforms.")}, {Code: "packing", Section: "packing", Verdict: models.Pending, Reason: text("未检验。", "Not checked.")}},
		},
		Decisions: []models.Decision{{Decision: models.ReleaseWaived, Reason: "交期紧，HH02 已知情 decided for the customer's date", Conditions: "下批加护角", Price: &models.Money{Minor: 123450, Currency: "CNY"}, BearsClaims: models.PartySupplier, DecidedByName: "王采购", DecidedAt: moment}},
	}
}

// sample is an inspection with something in every field, and its pictures.
func sample(photos int) (Inspection, album) {
	lot, pictures := lotRecord(), album{}
	in := Inspection{
		Supplier:  models.Party{Kind: models.PartySupplier, Code: "JZ01", Name: text("晋州装饰建材厂", "Jinzhou Decorative Building Materials Factory"), Country: "CN", Place: "河北省晋州市", Contact: "李厂长", Email: "li@jz-board.example"},
		Customers: []models.Party{{Kind: models.PartyCustomer, Code: "HH02", Name: text("汉堡建材进口公司", "Hamburg Building Materials Import"), Country: "DE"}},
		Purchase:  models.Contract{Kind: models.PurchaseContract, Number: "PC-2026-017", SignedOn: "2026-03-02", Currency: "CNY", QualityClause: "质量标准:请见《中国建材晋州天花板质量控制标准》", Packing: "每箱 12 张，护角 corner boards"},
		Sales:     []models.Contract{{Kind: models.SalesContract, Number: "SC-2026-031", SignedOn: "2026-02-25", Currency: "USD", ShippingMarks: "HBM / SC-2026-031 / HAMBURG / C/NO. 1-1000", RequiredDocuments: []string{"bill_of_lading", "certificate_of_origin"}}},
		Lots: []InspectedLot{{
			Lot:      models.Lot{Batch: "2604-A", ProducedFrom: "2026-04-02", ProducedTo: "2026-04-16", Quantity: models.Pieces(12000), Cartons: 1000, PerCarton: 12, CartonFrom: 1, CartonTo: 1000},
			Line:     models.ContractLine{LineNo: 1, Unit: "sheet", Quantity: models.Pieces(12000), TolerancePercent: models.MustDecimal("5"), ToleranceOption: "seller", UnitPrice: models.MustDecimal("6.8135"), Attributes: map[string]string{"thickness": "7.5"}},
			Product:  models.Product{Code: "PVC-595", Name: text("PVC贴面石膏天花板", "PVC-laminated gypsum ceiling tile"), Unit: "sheet", Specification: "595 × 595 × 7.5 mm, white, pattern 238, foil back"},
			Standard: models.Standard{Code: "QS-JZ-CB", VersionNo: 3, Title: text("中国建材晋州天花板质量控制标准", "Jinzhou ceiling board quality control standard")},
		}},
		Previous: "INS-2026-000099",
	}
	in.Record = models.Inspection{
		Number: "INS-2026-000123", Revision: 1, RevisionReason: "日期更正", Kind: models.PreShipment, State: models.Final, PlannedOn: "2026-04-19", InspectedOn: "2026-04-20", Place: "factory warehouse 2", Verdict: models.Accepted, ChainNo: 1,
		InspectorRemark: "晋州厂二号库光线不足；ＪＺ０１ 的托盘为旧木。Łódź, Győr, Škoda, 5 ≤ 6 m², “quoted” – ½ ☑ ☐ ✗ ① ㎡ 。第二行\nline two\tafter a tab",
		FactoryRemark:   "李厂长：基本属实。The Hamburg order was packed twice.",
		Deviations:      []string{"第 3 排无法打开 could not open row 3", "超高堆垛 𠮷"},
		Equipment:       []models.Equipment{{Name: "游标卡尺 caliper", Number: "CAL-77", Resolution: "0.02 mm", CalibratedTo: "2026-12-31", CalibrationBy: "CNAS L1234"}},
		StartedAt:       ptr(moment.Add(-3 * time.Hour)), SubmittedAt: ptr(moment), DecidedAt: ptr(moment), DeviceSkewed: true, Fingerprint: sha256.Sum256([]byte("record")),
		Inspectors: []models.InspectorName{{Name: "Zoë Müller"}, {Name: "陈检"}},
		Lots:       []models.InspectionLot{lot},
		Signatures: []models.Signature{{Side: models.SideInspector, Name: "陈检", Title: "QC", SignedAt: moment}, {Side: models.SideFactory, Name: "李厂长", Title: "厂长", SignedAt: moment}},
	}
	in.Record.Signatures[0].ImageSHA256 = pictures.put(photoBytes(99, 300, 90))
	for n := range photos {
		w, h := 640, 480
		if n%3 == 2 {
			w, h = h, w
		}
		sha := pictures.put(photoBytes(n, w, h))
		p := models.Photo{ID: models.NewID(), SHA256: sha, Present: true, Caption: fmt.Sprintf("第 %d 托，Jinzhou line %d", n+1, n), TakenAt: ptr(moment.Add(-time.Hour))}
		if n%2 == 0 {
			p.FindingID = &lot.Findings[n/2%2].ID
		} else {
			p.CheckCode = "marks"
		}
		in.Record.Photos = append(in.Record.Photos, p)
		in.Files = append(in.Files, models.File{SHA256: sha, TakenAt: "2026-04-20T13:30:01+08:00", Latitude: models.MustDecimal("38.031277"), Longitude: models.MustDecimal("115.044102"), Camera: "Pixel 7", ReceivedAt: moment})
	}
	in.Record.PhotosWanted, in.Record.PhotosPresent = photos, photos
	return in, pictures
}

func options(lang string, e Edition, pictures album) Options {
	return Options{Lang: lang, Edition: e, Company: text("华贸进出口有限公司", "Huamao Import & Export Co., Ltd"), Created: moment.Add(48 * time.Hour), Zone: time.FixedZone("CST", 8*3600),
		VerifyURL: "https://recourse.example/v/INS-2026-000123?f=0123456789abcdef", AuditHead: sha256.Sum256([]byte("head")), Open: pictures.open}
}

func mustWrite(t testing.TB, in Inspection, opts Options) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := WriteInspection(&out, in, opts); err != nil {
		t.Fatalf("WriteInspection(%s, %s, %s) = %v", in.Record.Number, opts.Lang, opts.Edition, err)
	}
	return out.Bytes()
}
