package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"gorm.io/gorm"

	"recourse/auth"
	"recourse/contracts"
	"recourse/database"
	"recourse/inspections"
	"recourse/models"
)

const (
	login    = "inspector"
	password = "correct horse battery"
)

// works are the roles of who is measured.
var works = []models.Role{models.Inspector, models.Purchasing, models.Sales, models.Finance}

// company is what an inspection needs: a supplier, a standard, a contract with
// lots, and a user who may record.
type company struct {
	db       *database.DB
	by       models.Actor
	supplier models.ID
	contract models.ID
	lots     []models.ID // each of a product of its own, so that no history grows long
	measured int         // characteristics of its standard
}

const (
	readingsOfEach = 10
	defects        = 8
	lotSize        = 12000
	sampleUnits    = 315 // of level II, letter M
)

// standard has so many measured characteristics, of ten readings each, and eight defects.
func standard(characteristics int) models.StandardContent {
	s := models.StandardContent{
		Cites: []models.Citation{{Standard: "GB/T 2828.1", Edition: "2012"}},
		Sampling: models.SamplingRules{Scheme: "iso2859-1", Level: "II", Classes: []models.ClassRule{
			{Class: models.Critical, Rule: models.RuleNotAllowed}, {Class: models.Major, Rule: models.RuleAQL, AQL: "2.5"}, {Class: models.Minor, Rule: models.RuleAQL, AQL: "4.0"},
		}},
		Checks: []models.CheckItem{
			{Code: "packing", Section: "packing", Name: models.Text{ZH: "托盘包装", EN: "Packing on pallets"}},
			{Code: "marks", Section: "marks", Name: models.Text{ZH: "唛头与合同一致", EN: "Marks as in the contract"}},
		},
	}
	for n := range characteristics {
		s.Characteristics = append(s.Characteristics, models.Characteristic{
			Code: fmt.Sprintf("C%02d", n+1), Name: models.Text{ZH: fmt.Sprintf("检验项目 %d", n+1), EN: fmt.Sprintf("Characteristic %d", n+1)},
			Kind: "measured", Class: models.Major, Unit: "mm", Decimals: 1, Nominal: models.MustDecimal("595"), Lower: models.MustDecimal("590"),
			Upper: models.MustDecimal("600"), SampleSize: readingsOfEach, Ac: 1, Instrument: "steel tape 1 mm", Source: "GB/T 9775-2008, 6.5.2",
		})
	}
	for n := range defects {
		s.Defects = append(s.Defects, models.Defect{Code: fmt.Sprintf("D%02d", n+1), Name: models.Text{ZH: fmt.Sprintf("缺陷 %d", n+1), EN: fmt.Sprintf("Defect %d", n+1)}, Class: []models.DefectClass{models.Major, models.Minor}[n%2]})
	}
	return s
}

// found fills a database with a company of so many products, each with a lot to
// inspect by a standard of so many characteristics.
func found(ctx context.Context, db *database.DB, products, characteristics int) (*company, error) {
	c := &company{db: db, measured: characteristics, by: models.System("bench", time.Now())}
	hash, err := auth.NewPasswords(auth.DefaultCost, 1).Hash(ctx, "password", password, login)
	if err != nil {
		return nil, err
	}
	return c, db.Tx(ctx, func(tx *gorm.DB) error {
		c.lots = nil
		user := auth.AddUserInput{Login: login, Name: "王检", Lang: "zh", Roles: append([]models.Role{models.Admin}, works...)}
		if _, err := auth.AddUser(ctx, tx, c.by, user, hash); err != nil {
			return err
		}
		supplier, err := contracts.CreateParty(ctx, tx, c.by, contracts.PartyInput{Kind: models.PartySupplier, Code: "JZ01", Country: "CN", Place: "河北省晋州市", Name: models.Text{ZH: "晋州装饰建材厂", EN: "Jinzhou Decorative Building Materials Factory"}})
		if err != nil {
			return err
		}
		draft, err := contracts.CreateStandard(ctx, tx, c.by, contracts.StandardInput{Code: "QS-JZ", EffectiveFrom: "2026-01-01", Content: standard(characteristics), Title: models.Text{ZH: "天花板质量控制标准", EN: "Ceiling board quality control standard"}})
		if err != nil {
			return err
		}
		active, err := contracts.ActivateStandard(ctx, tx, c.by, draft.ID, draft.Version)
		if err != nil {
			return err
		}
		c.supplier = supplier.ID
		return c.sign(ctx, tx, active.ID, products)
	})
}

// sign makes the purchase contract with a line, product and lot each.
func (c *company) sign(ctx context.Context, tx *gorm.DB, standard models.ID, products int) error {
	in := contracts.ContractInput{Kind: models.PurchaseContract, Number: "PC-2026-017", SignedOn: "2026-03-02", Currency: "CNY", PartyID: c.supplier, ClaimClause: clause(30), Packing: "每箱 12 张，护角 corner boards"}
	for n := range products {
		p, err := contracts.CreateProduct(ctx, tx, c.by, contracts.ProductInput{Code: fmt.Sprintf("PVC-%03d", n+1), Unit: "sheet", Specification: "595 × 595 × 7.5 mm, white", Name: models.Text{ZH: "PVC贴面石膏天花板", EN: "PVC-laminated gypsum ceiling tile"}})
		if err != nil {
			return err
		}
		in.Lines = append(in.Lines, contracts.LineInput{LineNo: n + 1, ProductID: p.ID, Quantity: models.Pieces(lotSize), TolerancePercent: models.MustDecimal("5"), UnitPrice: models.MustDecimal("6.80"), StandardID: &standard})
	}
	contract, err := contracts.CreateContract(ctx, tx, c.by, in)
	if err != nil {
		return err
	}
	c.contract = contract.ID
	for n, line := range contract.Lines {
		lot, err := contracts.CreateLot(ctx, tx, c.by, line.ID, contracts.LotInput{Batch: fmt.Sprintf("2604-%03d", n+1), Quantity: models.Pieces(lotSize), Cartons: 1000, PerCarton: 12, CartonFrom: 1, CartonTo: 1000})
		if err != nil {
			return err
		}
		c.lots = append(c.lots, lot.ID)
	}
	return nil
}

// record is the full record of a lot with its plan, as a phone sends it that
// began offline: every reading, and a finding of each defect.
func (c *company) record(lot models.ID) inspections.RecordInput {
	presented, cartons, examined := models.Pieces(lotSize), 1000, sampleUnits
	l := inspections.LotRecord{LotID: lot, QuantityPresented: &presented, CartonsPresented: &cartons, CartonsOpened: []int{14, 61, 118, 208}, UnitsExamined: &examined, Remark: "批次整齐 tidy lot"}
	for n := range c.measured {
		m := models.Measurement{Characteristic: fmt.Sprintf("C%02d", n+1)}
		for k := range readingsOfEach {
			m.Readings = append(m.Readings, models.DecimalFromScaled(int64(5930+(n*7+k*3)%40), 1))
		}
		l.Measurements = append(l.Measurements, m)
	}
	for n := range defects {
		l.Findings = append(l.Findings, inspections.FindingInput{Defect: fmt.Sprintf("D%02d", n+1), Units: 1 + n%3, Cartons: []int{14, 208}, Remark: "角部压损 crushed on the lower layers"})
	}
	for _, code := range []string{"packing", "marks"} {
		l.Checks = append(l.Checks, inspections.CheckInput{Code: code, Result: models.CheckOK, Seen: "HBM / HAMBURG / C/NO. 1-1000"})
	}
	return inspections.RecordInput{
		Plan:        &inspections.PlanInput{Kind: models.PreShipment, ContractID: c.contract, PlannedOn: "2026-04-20", Place: "warehouse 2", Lots: []models.ID{lot}},
		InspectedOn: "2026-04-20", FactoryRemark: "基本属实", Lots: []inspections.LotRecord{l},
		Equipment: []models.Equipment{{Name: "游标卡尺 caliper", Number: "CAL-77", Resolution: "0.02 mm", CalibratedTo: "2026-12-31"}},
	}
}

// inspect plans, records, submits and decides: the inspection is final. The
// cartons drawn are those opened, so that the sample counts as random.
func (c *company) inspect(ctx context.Context, lot models.ID, photos []models.SHA256) (final *models.Inspection, err error) {
	id, in := models.NewID(), c.record(lot)
	plan := in.Plan
	in.Plan, plan.ID = nil, &id
	for n, hash := range photos {
		finding := &in.Lots[0].Findings[n%defects]
		finding.Photos = append(finding.Photos, inspections.PhotoInput{SHA256: hash, Caption: fmt.Sprintf("第 %d 托，底层角部压损 pallet %d, crushed corner on the lower layer", n+1, n+1)})
	}
	in.InspectorRemark = strings.Repeat("二号库光线不足；底层托盘为旧木，须加护角。The light was poor and the lower layers stood on old wood. ", 20)
	signed := inspections.SubmitInput{Inspector: inspections.SignatureInput{Name: "王检", Title: "QC"}, Factory: inspections.SignatureInput{Name: "李厂长", Title: "厂长"}}
	err = c.db.Tx(ctx, func(tx *gorm.DB) error {
		i, err := inspections.Plan(ctx, tx, c.by, *plan, models.SHA256{7})
		if err != nil {
			return err
		}
		drawn := i.Lots[0].Plan.CartonNumbers
		in.Lots[0].CartonsOpened = drawn
		for n := range in.Lots[0].Findings {
			in.Lots[0].Findings[n].Cartons = drawn[:2]
		}
		if i, err = inspections.Record(ctx, tx, c.by, id, i.Version, in, models.SHA256{7}); err != nil {
			return err
		}
		if i, err = inspections.Submit(ctx, tx, c.by, id, i.Version, signed); err != nil {
			return err
		}
		final, err = inspections.Decide(ctx, tx, c.by, id, i.Version, inspections.DecideInput{Decision: models.Release, Reason: "样品与封样一致 as the sealed sample"})
		return err
	})
	return final, err
}
