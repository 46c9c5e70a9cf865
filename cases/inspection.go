package cases

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"recourse/contracts"
	"recourse/files"
	"recourse/inspections"
	"recourse/models"
	"recourse/wire"
)

// InspectionResult is a computed inspection under the keys of a case file.
type InspectionResult struct {
	Number       string        `json:"number"`
	ExpectedPlan planFigures   `json:"expected_plan"`
	Expected     recordFigures `json:"expected"`
}

type planFigures struct {
	CodeLetter      string             `json:"code_letter"`
	CartonsToOpen   int                `json:"cartons_to_open"`
	Classes         map[string]planRow `json:"classes"`
	Characteristics map[string]planRow `json:"characteristics"`
}

type planRow struct {
	PlanLetter string `json:"plan_letter"`
	SampleSize int    `json:"sample_size"`
	Ac         int    `json:"ac"`
	Re         int    `json:"re"`
}

type recordFigures struct {
	NonconformingUnits map[models.DefectClass]int `json:"nonconforming_units"`
	OutOfLimits        map[string]int             `json:"out_of_limits"`
	Mean               map[string]float64         `json:"mean"`
	Verdict            models.Verdict             `json:"verdict"`
}

// figures reads the computed values off a one-lot inspection.
func figures(i *models.Inspection) *InspectionResult {
	l := i.Lots[0]
	r := &InspectionResult{
		Number:       i.Number,
		ExpectedPlan: planFigures{l.Plan.CodeLetter, l.Plan.CartonsToOpen, map[string]planRow{}, map[string]planRow{}},
		Expected: recordFigures{
			map[models.DefectClass]int{models.Critical: l.NcCritical, models.Major: l.NcMajor, models.Minor: l.NcMinor},
			map[string]int{}, map[string]float64{}, i.Verdict,
		},
	}
	for _, c := range l.Plan.Classes {
		r.ExpectedPlan.Classes[string(c.Class)] = planRow{c.PlanLetter, c.SampleSize, c.Ac, c.Re}
	}
	for _, c := range l.Plan.Characteristics {
		r.ExpectedPlan.Characteristics[c.Code] = planRow{c.PlanLetter, c.SampleSize, c.Ac, c.Re}
	}
	if l.Judgement != nil {
		for _, c := range l.Judgement.Characteristics {
			r.Expected.OutOfLimits[c.Code] = c.OutOfLimits
			if c.Mean != nil {
				r.Expected.Mean[c.Code] = *c.Mean
			}
		}
	}
	return r
}

// inspection plans, records, submits and decides as far as the file goes.
func (w *writer) inspection(r *Result) error {
	in := w.file.Inspection
	if in == nil {
		return nil
	}
	line, _, err := contracts.LineByNumber(w.ctx, w.tx, w.by, models.PurchaseContract, in.Contract, in.Line)
	if err != nil {
		return models.At("contract", err)
	}
	if w.lot, err = contracts.CreateLot(w.ctx, w.tx, w.by, line.ID, contracts.LotInput{
		Batch: in.Lot.Batch, ProducedFrom: in.Lot.ProducedFrom, ProducedTo: in.Lot.ProducedTo,
		Quantity: in.Lot.QuantityPresented, Cartons: in.Lot.Cartons, PerCarton: in.Lot.PerCarton,
	}); err != nil {
		return models.At("lot", err)
	}
	seed, err := w.seed()
	if err != nil {
		return err
	}
	i, err := inspections.Plan(w.ctx, w.tx, w.by, inspections.PlanInput{
		Kind: in.Kind, ContractID: line.ContractID, PlannedOn: in.Date, Place: in.Place, Lots: []models.ID{w.lot.ID},
	}, seed)
	if err != nil {
		return err
	}
	defer func() {
		if i != nil && len(i.Lots) > 0 {
			r.Inspection = figures(i)
		}
	}()
	if in.Findings == nil && in.Readings == nil {
		return nil
	}
	if err := w.receive(); err != nil {
		return err
	}
	record := w.record(i)
	if err := wire.Validate(&record); err != nil {
		return err
	}
	if i, err = inspections.Record(w.ctx, w.tx, w.by, i.ID, i.Version, record, seed); err != nil || in.Decision == nil {
		return err
	}
	if i, err = inspections.Submit(w.ctx, w.tx, w.by, i.ID, i.Version, w.signatures()); err != nil {
		return err
	}
	who := w.by
	who.Name = cmp.Or(in.Decision.By, who.Name)
	i, err = inspections.Decide(w.ctx, w.tx, who, i.ID, i.Version, inspections.DecideInput{Decision: in.Decision.Decision, Reason: in.Decision.Reason})
	return models.At("decision", err)
}

// receive writes down the photos whose bytes were stored before.
func (w *writer) receive() error {
	for _, name := range slices.Sorted(maps.Keys(w.photos)) {
		if err := files.Record(w.ctx, w.tx, w.by, name, w.photos[name]); err != nil {
			return err
		}
	}
	return nil
}

func (w *writer) record(i *models.Inspection) inspections.RecordInput {
	in := w.file.Inspection
	presented, cartons := in.Lot.QuantityPresented, in.Lot.Cartons
	lot := inspections.LotRecord{LotID: w.lot.ID, QuantityPresented: &presented, UnitsExamined: in.UnitsExamined, UnitOverlap: in.UnitOverlap}
	if cartons > 0 {
		lot.CartonsPresented, lot.CartonsOpened = &cartons, i.Lots[0].Plan.CartonNumbers
	}
	if in.Findings != nil {
		for _, f := range *in.Findings {
			lot.Findings = append(lot.Findings, inspections.FindingInput{Defect: f.Defect, Units: f.Units, Remark: f.Remark, Photos: w.photo(f.Photos)})
		}
		if lot.UnitsExamined == nil {
			lot.UnitsExamined = &i.Lots[0].Plan.Units
		}
	}
	for _, code := range slices.Sorted(maps.Keys(in.Readings)) {
		lot.Measurements = append(lot.Measurements, models.Measurement{Characteristic: code, Readings: in.Readings[code]})
	}
	for _, c := range in.Checks {
		lot.Checks = append(lot.Checks, inspections.CheckInput{Code: c.Code, Result: c.Result, Seen: c.Seen, Remark: c.Remark, Photos: w.photo(c.Photos)})
	}
	return inspections.RecordInput{
		InspectedOn: in.Date, Place: in.Place, InspectorRemark: in.InspectorRemark, FactoryRemark: in.FactoryRemark,
		Deviations: in.Deviations, Equipment: in.Equipment, Lots: []inspections.LotRecord{lot},
	}
}

// signatures are the file's, or say plainly that it has none.
func (w *writer) signatures() inspections.SubmitInput {
	s := w.file.Inspection.Signatures
	if s == nil {
		const none = "the case file holds no signature 案例文件中无签字"
		return inspections.SubmitInput{
			Inspector: inspections.SignatureInput{Name: "—", Title: none},
			Factory:   inspections.SignatureInput{Name: "—", Refused: true, Reason: none},
		}
	}
	return inspections.SubmitInput{
		Inspector: inspections.SignatureInput{Name: s.Inspector.Name, Title: s.Inspector.Title},
		Factory:   inspections.SignatureInput{Name: s.Factory.Name, Title: s.Factory.Title},
	}
}

// shipment writes how the case's lots went to the customer.
func (w *writer) shipment() error {
	in := w.file.Shipment
	if in == nil {
		return nil
	}
	if w.sales == nil {
		return models.Invalid("", "A shipment needs the sales contract in the same file.", "发运信息需要同一文件中的销售合同。")
	}
	s := contracts.ShipmentInput{SalesContractID: w.sales.ID, BillOfLading: in.BillOfLading, DeliveredOn: in.Delivered, LoadedOn: in.Loaded, ArrivedOn: in.Arrived}
	if in.Container != "" {
		s.Containers = []contracts.ContainerInput{{Number: in.Container, Seal: in.Seal}}
	}
	for n, batch := range in.Lots {
		if w.lot == nil || models.Key(batch) != w.lot.BatchKey {
			return models.Invalid(fmt.Sprintf("lots[%d]", n), "Batch %s is not inspected in this file.", "批 %s 未在本文件中验货。", batch)
		}
		s.Lots = append(s.Lots, contracts.ShipmentLotInput{LotID: w.lot.ID, SalesLineID: w.sales.Lines[0].ID, Quantity: in.Quantity})
	}
	if err := wire.Validate(&s); err != nil {
		return err
	}
	entered, err := contracts.CreateShipment(w.ctx, w.tx, w.by, s)
	if err != nil {
		return err
	}
	w.shipped = &entered.Shipment
	return nil
}
