package demo

import (
	"container/heap"
	"context"
	"math/rand/v2"
	"slices"
	"time"

	"gorm.io/gorm"

	"recourse/cases"
	"recourse/models"
)

// historyDays is how far back the company's books go.
const historyDays = 3 * 365

// company writes the story in one transaction, act by act in the order of time:
// so numbers follow the year, and each plan sees the lots before it.
type company struct {
	ctx      context.Context
	tx       *gorm.DB
	story    *story
	pictures map[string][]picked // by supplier
	now      time.Time
	zone     *time.Location
	rng      *rand.Rand
	people   map[string]models.User
	parties  map[string]models.Party
	acts     diary
	noted    int
	trusts   map[string]*trust // by supplier's code
}

// act is something that somebody does at a moment.
type act struct {
	at time.Time
	no int // in the order of planning, where moments are equal
	do func(at time.Time) error
}

// diary is a heap of acts, the earliest first.
type diary []act

// Len is the heap's.
func (d diary) Len() int { return len(d) }

// Less is the heap's.
func (d diary) Less(i, j int) bool {
	return d[i].at.Before(d[j].at) || d[i].at.Equal(d[j].at) && d[i].no < d[j].no
}

// Swap is the heap's.
func (d diary) Swap(i, j int) { d[i], d[j] = d[j], d[i] }

// Push is the heap's.
func (d *diary) Push(x any) { *d = append(*d, x.(act)) }

// Pop is the heap's.
func (d *diary) Pop() any {
	last := (*d)[len(*d)-1]
	*d = (*d)[:len(*d)-1]
	return last
}

// later notes an act for its moment.
func (c *company) later(at time.Time, do func(at time.Time) error) {
	c.noted++
	heap.Push(&c.acts, act{at, c.noted, do})
}

// live does what the diary holds up to now; the rest is still to come.
func (c *company) live() error {
	for c.acts.Len() > 0 {
		next := heap.Pop(&c.acts).(act)
		if next.at.After(c.now) {
			return nil
		}
		if err := next.do(next.at); err != nil {
			return err
		}
	}
	return nil
}

// day is midnight of the day that lies n days from today.
func (c *company) day(n int) time.Time {
	t := c.now.In(c.zone)
	return time.Date(t.Year(), t.Month(), t.Day()+n, 0, 0, 0, 0, c.zone)
}

// midnight begins a day.
func (c *company) midnight(on models.Date) time.Time {
	t := on.Time()
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, c.zone)
}

// clock is a time of that day, up to forty minutes late.
func (c *company) clock(day time.Time, hour, minute int) time.Time {
	return day.Add(time.Duration(hour)*time.Hour + time.Duration(minute)*time.Minute + time.Duration(c.rng.IntN(2400))*time.Second)
}

// after is the day n days later.
func after(day time.Time, n int) time.Time { return day.AddDate(0, 0, n) }

// open enters the master data and notes every contract and the example case.
func (c *company) open(photos map[string]*models.File, result **cases.Result) error {
	start := c.day(-historyDays - 20)
	for i := range c.story.Customers {
		if err := c.welcome(&c.story.Customers[i], c.clock(start, 10, 0)); err != nil {
			return err
		}
	}
	var deals []*deal
	for i := range c.story.Suppliers {
		s := &c.story.Suppliers[i]
		pinned, err := c.approve(s, c.clock(start, 14, 0))
		if err != nil {
			return err
		}
		deals = append(deals, c.deals(s, pinned)...)
	}
	slices.SortStableFunc(deals, func(a, b *deal) int { return a.signed.Compare(b.signed) })
	c.number(deals)
	for _, d := range deals {
		c.later(c.clock(d.signed, 11, 0), d.sign)
	}
	example := c.exampleAt("inspection")
	if example.After(c.now) {
		example = c.now
	}
	c.later(example, func(time.Time) (err error) { *result, err = c.tellExample(photos); return err })
	return nil
}

// deals are the contracts with a supplier, each with the day of its visit, from
// the latest back to the first.
func (c *company) deals(s *supplier, pinned products) []*deal {
	var out []*deal
	sooner := c.rng.IntN(s.Every * 3 / 5) // so that not all of them came at the same intervals
	for n := 0; ; n++ {
		visit, stage := c.day(s.Latest), s.Stage
		if n > 0 {
			visit, stage = after(visit, sooner+c.rng.IntN(13)-6-n*s.Every), stageFinal
		}
		signed := after(visit, -26-c.rng.IntN(24))
		if signed.Before(c.day(-historyDays)) {
			return out
		}
		d := &deal{company: c, supplier: s, products: pinned, signed: signed, visit: visit, stage: stage, back: n}
		d.customer = c.story.customer(s.Customers[c.rng.IntN(len(s.Customers))])
		d.quantity = s.Quantity / 100 * (70 + 5*c.rng.IntN(13))
		d.quantity -= d.quantity % s.PerCarton
		d.plot()
		out = append(out, d)
	}
}
