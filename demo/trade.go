package demo

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"recourse/contracts"
	"recourse/models"
)

// deliverDays are those after the visit within which the factory has to deliver:
// time enough to rework once.
const deliverDays = 15

// products is what a supplier's contracts name.
type products struct{ product, standard models.ID }

// deal is one purchase, sold on to one customer, from its signing to its closing.
type deal struct {
	*company
	supplier *supplier
	customer *customer
	products products
	number   string // 2025-017, after PC- and SC-
	signed   time.Time
	visit    time.Time
	stage    string
	back     int // contracts with the supplier after this one
	quantity int

	// What will go wrong.
	bad, aborts, revised, during bool
	slips, rolled                int // days that the factory delivers late, and that the ship leaves late

	// What is written.
	purchase, sales *models.Contract
	lots            []*models.Lot
	good            []*models.Lot // let go
	open            int           // lots without a last decision
}

// plot draws what will go wrong with a deal.
func (d *deal) plot() {
	d.bad = d.rng.Float64() < d.supplier.Bad*d.drift()
	odds := d.rng.Float64()
	if d.stage == stageFinal {
		d.aborts = odds < .04+.25*d.supplier.Late
		d.revised = odds > .95
	}
	d.during = d.supplier.During && d.stage == stageFinal && d.rng.Float64() < .35
	if d.rng.Float64() < d.supplier.Late*d.drift() {
		d.slips = 10 + d.rng.IntN(14)
	}
	if d.rng.Float64() < .07 {
		d.rolled = 5 + d.rng.IntN(8)
	}
}

// drift is how much worse than usual the supplier works at the time of the deal.
func (d *deal) drift() float64 {
	years := d.now.Sub(d.visit).Hours() / 24 / historyDays
	return 1 + d.supplier.Drift*(1-2*years)
}

// number gives contracts their numbers, each year from 1, leaving out those of
// the example case.
func (c *company) number(deals []*deal) {
	taken := []string{
		strings.TrimPrefix(c.story.example.PurchaseContract.Number, "PC-"), strings.TrimPrefix(c.story.example.SalesContract.Number, "SC-"),
	}
	last := map[int]int{}
	for _, d := range deals {
		year := d.signed.Year()
		for d.number == "" || slices.Contains(taken, d.number) {
			last[year]++
			d.number = fmt.Sprintf("%d-%03d", year, last[year])
		}
	}
}

func (c *company) welcome(in *customer, at time.Time) error {
	owner := c.people[in.Sales].ID
	p, err := contracts.CreateParty(c.ctx, c.tx, c.as(in.Sales, at), contracts.PartyInput{
		Kind: models.PartyCustomer, Code: in.Code, Name: in.Name, Country: in.Country, Place: in.Place, OwnerID: &owner,
	})
	if err == nil {
		c.parties[in.Code] = *p
	}
	return err
}

// approve enters a supplier, its product and the standard it is bought by.
func (c *company) approve(s *supplier, at time.Time) (products, error) {
	by := c.as("purchasing", at)
	party, err := contracts.CreateParty(c.ctx, c.tx, by, contracts.PartyInput{
		Kind: models.PartySupplier, Code: s.Party.Code, Name: s.Party.Name, Country: s.Party.Country, Place: s.Party.Place, Contact: s.Factory,
	})
	if err != nil {
		return products{}, err
	}
	c.parties[s.Party.Code] = *party
	product, err := contracts.CreateProduct(c.ctx, c.tx, by, contracts.ProductInput{
		Code: s.Product.Code, Name: s.Product.Name, Category: s.Product.Category, Unit: s.Product.Unit, Specification: s.Product.Specification,
	})
	if err != nil {
		return products{}, err
	}
	draft, err := contracts.CreateStandard(c.ctx, c.tx, by, contracts.StandardInput{
		Code: s.Standard.Code, EffectiveFrom: models.DateOf(at), Title: s.Standard.Title, Content: s.Standard.Content,
	})
	if err != nil {
		return products{}, models.At(s.Standard.Code, err)
	}
	active, err := contracts.ActivateStandard(c.ctx, c.tx, by, draft.ID, draft.Version)
	if err != nil {
		return products{}, models.At(s.Standard.Code, err)
	}
	return products{product.ID, active.ID}, nil
}

// sign enters both contracts and notes what follows.
func (d *deal) sign(at time.Time) error {
	quantity := models.Pieces(int64(d.quantity))
	tolerance := models.MustDecimal("5")
	bought, err := contracts.CreateContract(d.ctx, d.tx, d.as("purchasing", at), contracts.ContractInput{
		Kind: models.PurchaseContract, Number: "PC-" + d.number, SignedOn: models.DateOf(d.signed), PartyID: d.parties[d.supplier.Party.Code].ID,
		Currency: "CNY", LatestShipment: models.DateOf(after(d.visit, deliverDays)), ShippingMarks: d.marks(),
		QualityClause: "质量标准：请见《" + d.supplier.Standard.Title.ZH + "》",
		ClaimClause:   models.ClaimClause{QualityDays: &d.supplier.Window, QuantityDays: days(15), From: "delivery", ReplyDays: days(10)},
		Lines: []contracts.LineInput{{
			LineNo: 1, ProductID: d.products.product, StandardID: &d.products.standard, Attributes: d.supplier.Attributes, Quantity: quantity,
			TolerancePercent: tolerance, ToleranceOption: "seller", UnitPrice: price(d.supplier.Price),
		}},
	})
	if err != nil {
		return err
	}
	d.purchase = &bought.Contract
	sold, err := contracts.CreateContract(d.ctx, d.tx, d.as(d.customer.Sales, at.Add(20*time.Minute)), contracts.ContractInput{
		Kind: models.SalesContract, Number: "SC-" + d.number, SignedOn: models.DateOf(after(d.signed, -2)), PartyID: d.parties[d.customer.Code].ID,
		Currency: d.customer.Currency, Incoterm: d.customer.Incoterm, Port: d.customer.Port, LatestShipment: models.DateOf(after(d.visit, deliverDays+4)),
		ShippingMarks: d.marks(), RequiredDocuments: d.customer.Documents, ClaimClause: d.customer.Clause,
		Lines: []contracts.LineInput{{
			LineNo: 1, ProductID: d.products.product, Attributes: d.supplier.Attributes, Quantity: quantity,
			TolerancePercent: tolerance, ToleranceOption: "seller", UnitPrice: price(d.supplier.Price * 1.19 / d.customer.Rate),
			FedBy: []models.LineLink{{PurchaseLineID: d.purchase.Lines[0].ID}},
		}},
	})
	if err != nil {
		return err
	}
	d.sales = &sold.Contract
	if d.during {
		d.later(d.clock(after(d.visit, -15), 9, 30), d.visitEarly)
	}
	d.later(d.clock(after(d.visit, -6), 10, 0), func(at time.Time) error { return d.arrange(at, d.visit) })
	return nil
}

func days(n int) *int { return &n }

func price(v float64) models.Decimal {
	return models.DecimalFromScaled(int64(math.Round(v*100)), 2)
}

// marks is the shipping mark that both contracts ask for.
func (d *deal) marks() string {
	return fmt.Sprintf("%s / SC-%s / %s / C/NO. 1-%d", d.customer.Mark, d.number, strings.ToUpper(d.customer.Port), d.quantity/d.supplier.PerCarton)
}

// enterLots enters the goods as the factory announces them: the supplier's usual
// number of batches, in whole cartons.
func (d *deal) enterLots(at time.Time) error {
	cartons := d.quantity / d.supplier.PerCarton
	first := 1
	for n := range d.supplier.Lots {
		count := cartons / d.supplier.Lots
		if n == d.supplier.Lots-1 {
			count = cartons - first + 1
		}
		l, err := contracts.CreateLot(d.ctx, d.tx, d.as("purchasing", at), d.purchase.Lines[0].ID, contracts.LotInput{
			Batch:        fmt.Sprintf("%s-%c", d.visit.Format("0601"), 'A'+n),
			ProducedFrom: models.DateOf(after(d.visit, -16)), ProducedTo: models.DateOf(after(d.visit, -2)),
			Quantity: models.Pieces(int64(count * d.supplier.PerCarton)), Cartons: count, PerCarton: d.supplier.PerCarton,
			CartonFrom: first, CartonTo: first + count - 1,
		})
		if err != nil {
			return err
		}
		first += count
		d.lots = append(d.lots, l)
	}
	d.open = len(d.lots)
	return nil
}
