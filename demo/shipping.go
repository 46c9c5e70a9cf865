package demo

import (
	"fmt"
	"time"

	"recourse/contracts"
	"recourse/models"
)

// ship sends what was let go to the customer, and notes what follows.
func (d *deal) ship(at time.Time) error {
	loaded := d.dayOf(at)
	in := contracts.ShipmentInput{
		SalesContractID: d.sales.ID, BillOfLading: fmt.Sprintf("%s%s%05d", pick(d.rng, "COSU6", "HLCUTA", "MAEU2", "OOLU3"), loaded.Format("0601"), d.rng.IntN(100000)),
		Vessel:      pick(d.rng, "Xin Tian Jin 118W", "Ever Gather 042W", "Cosco Aries 071E", "Hansa Rotenburg 23W", "Al Jmeliyah 009W"),
		DeliveredOn: models.DateOf(after(loaded, -2-d.rolled)), LoadedOn: models.DateOf(loaded),
	}
	switch {
	case d.slips > 0:
		in.Remark = pick(d.rng, deliveredLate...)
	case d.rolled > 0:
		in.Remark = pick(d.rng, leftLate...)
	}
	for _, l := range d.good {
		in.Lots = append(in.Lots, contracts.ShipmentLotInput{LotID: l.ID, SalesLineID: d.sales.Lines[0].ID, Quantity: l.Quantity})
	}
	for range 1 + d.rng.IntN(3) {
		in.Containers = append(in.Containers, contracts.ContainerInput{Number: d.container(), Seal: fmt.Sprintf("CN%06d", d.rng.IntN(1000000))})
	}
	shipped, err := contracts.CreateShipment(d.ctx, d.tx, d.as(d.customer.Sales, at), in)
	if err != nil {
		return err
	}
	s := &shipped.Shipment
	drafted, confirmed := d.clock(after(loaded, 1), 10, 0), d.clock(after(loaded, 6), 15, 0)
	if confirmed.After(d.now) {
		d.later(drafted, func(at time.Time) error { return d.documents(at, s, false) })
	} else {
		d.later(confirmed, func(at time.Time) error { return d.documents(at, s, true) })
	}
	arrived := after(loaded, d.customer.DaysAtSea+d.rng.IntN(9)-3)
	d.later(d.clock(arrived, 16, 0), func(at time.Time) error {
		on := models.DateOf(arrived)
		_, err := contracts.UpdateShipment(d.ctx, d.tx, d.as(d.customer.Sales, at), s.ID, s.Version, contracts.ShipmentPatch{ArrivedOn: &on})
		return err
	})
	d.complain(arrived, s)
	d.later(d.clock(after(arrived, 75), 9, 0), d.close)
	return nil
}

// container is a number whose check digit is right.
func (d *deal) container() string {
	body := fmt.Sprintf("%s%06d", pick(d.rng, "TEMU", "CSNU", "MSKU", "TCLU"), d.rng.IntN(1000000))
	for digit := range 10 {
		number := fmt.Sprintf("%s%d", body, digit)
		if len(contracts.ShipmentWarnings(&models.Shipment{Containers: []models.Container{{Number: number}}})) == 0 {
			return number
		}
	}
	return body + "0"
}

// documents writes down that drafts went to the customer, and that they were confirmed.
func (d *deal) documents(at time.Time, s *models.Shipment, confirmed bool) error {
	by := d.as(d.customer.Sales, at)
	loaded := s.LoadedOn
	for _, kind := range d.customer.Documents {
		in := contracts.DocumentInput{DraftSentOn: loaded.AddDays(1)}
		if confirmed {
			in.ConfirmedOn, in.ConfirmedBy = loaded.AddDays(2+d.rng.IntN(4)), d.customer.Name.EN+" (e-mail)"
		}
		if kind == "test_report" && d.rng.Float64() < .2 {
			in = contracts.DocumentInput{NotNeededWhy: "customer accepts the report of the first shipment"}
		}
		shipped, err := contracts.SetDocument(d.ctx, d.tx, by, s.ID, kind, s.Version, in)
		if err != nil {
			return err
		}
		s.Version = shipped.Version
	}
	return nil
}

// close closes both contracts.
func (d *deal) close(at time.Time) error {
	if _, err := contracts.CloseContract(d.ctx, d.tx, d.as(d.customer.Sales, at), d.sales.ID, d.sales.Version); err != nil {
		return err
	}
	_, err := contracts.CloseContract(d.ctx, d.tx, d.as("purchasing", at), d.purchase.ID, d.purchase.Version)
	return err
}
