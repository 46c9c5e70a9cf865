package independence_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"gorm.io/gorm"

	"recourse/contracts/contractstest"
	"recourse/database"
	"recourse/database/databasetest"
	"recourse/independence"
	"recourse/models"
)

// history is a database with visits, stored row by row as the verbs of
// inspections would leave them, so that many are cheap.
type history struct {
	t         testing.TB
	db        *database.DB
	rng       *rand.Rand
	contracts []*models.Contract // one per supplier
	lots      []*models.Lot
	people    []models.ID
	snapshot  string
	no        int
	rows      map[string][][]any
}

// visit is what a test says of a visit; the rest is usual.
type visit struct {
	day       models.Date
	supplier  int // index
	people    []int
	place     string
	from, to  time.Time // default: 8 to 12 o'clock of the day
	skewed    bool
	revision  int
	number    string
	state     string
	lots      []map[string][]int64 // readings by characteristic, times 10^decimals
	photos    []shot
	unprinted bool
}

type shot struct {
	sha    int // a number for the hash
	camera string
	gpsAt  *time.Time
	phone  *time.Time
	at     [2]string // latitude, longitude
	dhash  uint64
}

// characteristics of the standard: THK has one decimal and a fine instrument,
// LEN is read in whole millimetres, WGT names no instrument.
var characteristics = []models.Characteristic{
	{Code: "THK", Name: models.Text{ZH: "厚度", EN: "Thickness"}, Kind: "measured", Class: models.Major, Unit: "mm", Decimals: 2, Instrument: "caliper 0.01 mm"},
	{Code: "LEN", Name: models.Text{ZH: "长度", EN: "Length"}, Kind: "measured", Class: models.Major, Unit: "mm", Decimals: 0, Instrument: "steel tape 1 mm"},
	{Code: "EST", Name: models.Text{ZH: "宽度", EN: "Width"}, Kind: "measured", Class: models.Major, Unit: "mm", Decimals: 1, Instrument: "steel tape 1 mm"},
	{Code: "WGT", Name: models.Text{ZH: "重量", EN: "Weight"}, Kind: "measured", Class: models.Major, Unit: "g", Decimals: 0},
}

func newHistory(t testing.TB, suppliers, people int) *history {
	t.Helper()
	h := &history{t: t, db: databasetest.Open(t), rng: rand.New(rand.NewPCG(1, 2)), rows: map[string][][]any{}}
	for range suppliers {
		c := contractstest.MustPurchase(t, h.db)
		h.contracts = append(h.contracts, c)
		h.lots = append(h.lots, contractstest.MustLot(t, h.db, c.Lines[0].ID))
	}
	for range people {
		h.people = append(h.people, contractstest.MustUser(t, h.db, []models.Role{models.Inspector}).ID)
	}
	text, err := json.Marshal(models.StandardContent{Characteristics: characteristics})
	if err != nil {
		t.Fatal(err)
	}
	h.snapshot = string(text)
	return h
}

// tables are in the order of their references.
var tables = []struct{ name, columns string }{
	{"inspections", "id, number, revision, revision_reason, chain_id, chain_no, kind, state, contract_id, supplier_id, planned_on, inspected_on, place, verdict, inspector_remark, factory_remark, deviations, equipment, started_at, submitted_at, abort_reason, abort_blame, device_time, device_skewed, photos_wanted, photos_present, version, created_at, updated_at"},
	{"inspection_inspectors", "inspection_id, user_id"},
	{"inspection_lots", "id, inspection_id, position, lot_id, line_id, product_id, supplier_id, standard_id, standard_code, snapshot, snapshot_hash, plan, seed, cartons_opened, verdict, nc_critical, nc_major, nc_minor, remark, decision, inspected_on, overlaps"},
	{"readings", "inspection_lot_id, characteristic, no, value"},
	{"reading_prints", "inspection_lot_id, characteristic, inspection_id, supplier_id, series, ordered, sorted, n"},
	{"inspection_photos", "id, inspection_id, check_code, position, sha256, caption, taken_at, present"},
	{"files", "sha256, kind, size, media_type, width, height, orientation, taken_at, latitude, longitude, camera, gps_at, dhash, received_at"},
}

// content is the hash of a photo by its number.
func content(n int) models.SHA256 { return models.SHA256{1, byte(n), byte(n >> 8), byte(n >> 16)} }

func (h *history) row(table string, values ...any) { h.rows[table] = append(h.rows[table], values) }

// add keeps a visit to be stored; its id is the answer.
func (h *history) add(v visit) models.ID {
	h.no++
	id, contract := models.NewID(), h.contracts[v.supplier]
	if v.from.IsZero() {
		v.from = v.day.Time().Add(8 * time.Hour)
	}
	if v.to.IsZero() {
		v.to = v.day.Time().Add(12 * time.Hour)
	}
	if v.number == "" {
		v.number = fmt.Sprintf("INS-%06d", h.no)
	}
	if v.state == "" {
		v.state = "final"
	}
	h.row("inspections", id, v.number, v.revision, "", id, 0, "pre_shipment", v.state, contract.ID, contract.PartyID, v.day, v.day, v.place, "accepted", "", "", "[]", "[]",
		v.from, v.to, "", "", v.to, v.skewed, len(v.photos), len(v.photos), 3, v.from, v.to)
	for _, p := range v.people {
		h.row("inspection_inspectors", id, h.people[p])
	}
	for n, readings := range v.lots {
		h.addLot(v, id, n, readings)
	}
	for n, p := range v.photos {
		h.row("inspection_photos", models.NewID(), id, "", n, content(p.sha), "", p.phone, true)
	}
	return id
}

func (h *history) addLot(v visit, inspection models.ID, n int, readings map[string][]int64) {
	contract := h.contracts[v.supplier]
	lot := h.lots[(v.supplier+n)%len(h.lots)] // a visit names a lot once
	id := models.NewID()
	h.row("inspection_lots", id, inspection, n, lot.ID, contract.Lines[0].ID, contract.Lines[0].ProductID, contract.PartyID, *contract.Lines[0].StandardID, "ST", h.snapshot, models.SHA256{7}, "{}",
		models.SHA256{1}, "[]", "accepted", 0, 0, 0, "", "release", v.day, "[]")
	for _, c := range characteristics {
		values := readings[c.Code]
		for no, value := range values {
			h.row("readings", id, c.Code, no, value)
		}
		if p, ok := models.PrintReadings("ST", c.Code, c.Decimals, values); ok && v.state == "final" && !v.unprinted {
			h.row("reading_prints", id, c.Code, inspection, contract.PartyID, p.Series, p.Ordered, p.Sorted, p.N)
		}
	}
}

// file says what the file of a photo holds.
func (h *history) file(p shot) {
	var latitude, longitude, hash any
	if p.at[0] != "" {
		latitude, longitude = p.at[0], p.at[1]
	}
	if p.dhash != 0 {
		hash = int64(p.dhash)
	}
	h.row("files", content(p.sha), "photo", 1, "image/jpeg", 1, 1, 1, p.camera, latitude, longitude, "", p.gpsAt, hash, time.Unix(0, 0).UTC())
}

func (h *history) store() {
	h.t.Helper()
	err := h.db.Tx(context.Background(), func(tx *gorm.DB) error {
		for _, table := range tables {
			if len(h.rows[table.name]) == 0 {
				continue
			}
			if err := database.Insert(context.Background(), tx, table.name+" ("+table.columns+")", h.rows[table.name]); err != nil {
				return fmt.Errorf("%s: %w", table.name, err)
			}
		}
		return nil
	})
	if err != nil {
		h.t.Fatal(err)
	}
	h.rows = map[string][][]any{}
}

var today = time.Date(2026, 12, 31, 12, 0, 0, 0, time.UTC)

func purchasing() models.Actor {
	return models.Actor{UserID: models.NewID(), Name: "purchasing", Roles: []models.Role{models.Purchasing}, Lang: "en", Via: "test", At: today}
}

// of asks about a supplier's year.
func (h *history) of(supplier int) independence.Asked {
	return independence.Asked{SupplierID: &h.contracts[supplier].PartyID, From: "2026-01-01", To: "2026-12-31"}
}

// by asks about an inspector's year.
func (h *history) by(person int) independence.Asked {
	return independence.Asked{InspectorID: &h.people[person], From: "2026-01-01", To: "2026-12-31"}
}

// find asks for up to 200 hints.
func (h *history) find(q independence.Question) []independence.Hint {
	h.t.Helper()
	if q.Limit == 0 {
		q.Limit = 200
	}
	var out []independence.Hint
	err := h.db.View(context.Background(), func(tx *gorm.DB) error {
		page, err := independence.Find(context.Background(), tx, purchasing(), q)
		out = page.Items
		return err
	})
	if err != nil {
		h.t.Fatal(err)
	}
	return out
}

// draws are n readings around a mean of the lot's own.
func draws(rng *rand.Rand, n int, mean, between, within float64) []int64 {
	level := mean + between*rng.NormFloat64()
	out := make([]int64, n)
	for i := range out {
		out[i] = int64(math.Round(level + within*rng.NormFloat64()))
	}
	return out
}

func on(n int) models.Date { return models.Date("2026-01-01").AddDays(n) }
