package server

import (
	"crypto/sha256"
	"fmt"
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"
	"gorm.io/gorm"

	"recourse/contracts/contractstest"
	"recourse/database"
	"recourse/inspections"
	"recourse/models"
)

// visit is a site with one planned inspection of a lot of 12000 sheets, and who works on it.
type visit struct {
	*site
	purchase  *models.Contract
	lot       *models.Lot
	inspector *client // assigned to the visit
	buyer     *client
	planned   models.Inspection
}

const inspectionsPath = "/api/v1/inspections"

func newVisit(t testing.TB) *visit {
	t.Helper()
	v := &visit{site: newSite(t)}
	v.purchase = contractstest.MustPurchase(t, v.DB)
	v.lot = contractstest.MustLot(t, v.DB, v.purchase.Lines[0].ID)
	v.inspector, v.buyer = v.as(t, models.Inspector), v.as(t, models.Purchasing)
	v.buyer.want(201, "POST", inspectionsPath, v.plan(), &v.planned)
	return v
}

// plan asks for a visit of the lot by the inspector.
func (v *visit) plan() inspections.PlanInput {
	return inspections.PlanInput{
		Kind: models.PreShipment, ContractID: v.purchase.ID, PlannedOn: "2026-04-20", Place: "warehouse 2",
		Inspectors: []models.ID{v.inspector.user.ID}, Lots: []models.ID{v.lot.ID},
	}
}

// path is of the planned inspection, or of something below it.
func (v *visit) path(below ...string) string {
	return inspectionsPath + "/" + v.planned.ID.String() + strings.Join(below, "")
}

// lotPath is of the inspected lot.
func (v *visit) lotPath(below string) string { return v.path("/lots/", v.lot.ID.String(), below) }

// record is the whole record of the lot, accepted in every part, with that
// content in place of each old text: old, new, …
func (v *visit) record(replace ...string) string {
	text := strings.NewReplacer("LOT", v.lot.ID.String()).Replace(wholeRecord)
	for i := 0; i < len(replace); i += 2 {
		if strings.Count(text, replace[i]) != 1 {
			panic("not once in the record: " + replace[i])
		}
		text = strings.Replace(text, replace[i], replace[i+1], 1)
	}
	return text
}

const wholeRecord = `{"inspected_on":"2026-04-20","inspector_remark":"","factory_remark":"同意","deviations":["could not open row 3"],
"equipment":[{"name":"caliper","number":"C-7","calibrated_to":"2026-12-31"}],"device_time":"2026-04-20T16:00:30+08:00",
"lots":[{"lot_id":"LOT","quantity_presented":12000,"cartons_presented":1000,"cartons_opened":[4,9],"units_examined":315,
"findings":[{"defect":"COR","units":6,"photos":[]},{"defect":"BUB","units":9}],"unit_overlap":[{"unit":118,"defects":["COR","BUB"]}],
"measurements":[{"characteristic":"LEN","readings":["594.0","594.5","593.5",594.0,"595.0"]},
{"characteristic":"THK","readings":["7.5","7.6","7.4","7.5","7.7"]},
{"characteristic":"SQR","readings":["0.5","1.0","0.5","1.5","1.0","0.5","2.0","1.0","1.9","0.5","1.0","1.5","0.5"]},
{"characteristic":"BRK","readings":["151","149","158","146","143"]},
{"characteristic":"MOI","readings":["2.1","2.4","2.2"]}],
"checks":[{"code":"marks","result":"ok","seen":"HBM / HAMBURG / C/NO. 1-1000"}]}]}`

const signatures = `{"inspector":{"name":"李明","title":"inspector"},"factory":{"name":"王强","title":"QC manager"}}`

// recorded stores the record as the inspector and returns the inspection.
func (v *visit) recorded(t testing.TB, replace ...string) (i models.Inspection) {
	t.Helper()
	v.inspector.want(200, "PUT", v.path(), v.record(replace...), &i, "If-Match", version(v.planned))
	return i
}

// final brings the visit to its end: recorded, submitted, released.
func (v *visit) final(t testing.TB, replace ...string) models.Inspection {
	t.Helper()
	i := v.recorded(t, replace...)
	v.inspector.want(200, "POST", v.path("/submit"), signatures, &i, "If-Match", version(i))
	v.buyer.want(200, "POST", v.path("/decision"), `{"decision":"release","reason":"accepted on all classes"}`, &i, "If-Match", version(i))
	return i
}

// version is an inspection's ETag.
func version(i models.Inspection) string { return fmt.Sprintf("%q", fmt.Sprint(i.Version)) }

// salesOf is a sales user who sees own customers only, and this one is theirs.
func (s *site) salesOf(t testing.TB, customer models.ID) *client {
	t.Helper()
	c := s.as(t, models.Sales)
	err := s.DB.Tx(t.Context(), func(tx *gorm.DB) error {
		if err := tx.Model(&models.User{}).Where("id = ?", c.user.ID).Update("own_only", true).Error; err != nil {
			return err
		}
		return tx.Model(&models.Party{}).Where("id = ?", customer).Update("owner_id", c.user.ID).Error
	})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// rows counts every table, so that a test can say that nothing was stored.
func rows(t testing.TB, db *database.DB) map[string]int {
	t.Helper()
	list := "SELECT name FROM sqlite_master WHERE type = 'table'"
	if db.Dialect == database.MySQL {
		list = "SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE()"
	}
	var tables []string
	if err := db.Read.Raw(list).Scan(&tables).Error; err != nil {
		t.Fatal(err)
	}
	counts := map[string]int{}
	for _, table := range tables {
		var n int
		if err := db.Read.Raw("SELECT COUNT(*) FROM " + table).Scan(&n).Error; err != nil {
			t.Fatal(err)
		}
		counts[table] = n
	}
	return counts
}

// bad is a request that must be refused.
type bad struct {
	name   string
	who    *client
	method string
	path   string
	body   any
	header []string
	status int
	field  string
}

// check sends the request in both languages: each answer names the field in its
// language, and nothing is stored.
func (b bad) check(t *testing.T, s *site) {
	t.Helper()
	t.Run(b.name, func(t *testing.T) {
		before := rows(t, s.DB)
		who := *b.who
		who.t = t
		for _, lang := range []string{"zh", "en"} {
			p := who.refused(b.status, b.field, b.method, b.path, b.body, append([]string{"Accept-Language", lang}, b.header...)...)
			if chinese := strings.ContainsFunc(p.Title, isHan) && strings.ContainsFunc(p.Detail, isHan); chinese != (lang == "zh") {
				t.Errorf("asked in %s the answer is %q: %q", lang, p.Title, p.Detail)
			}
		}
		if diff := cmp.Diff(before, rows(t, s.DB)); diff != "" {
			t.Errorf("the refused request changed the number of rows (-before +after):\n%s", diff)
		}
	})
}

func isHan(r rune) bool { return unicode.Is(unicode.Han, r) }

// hashText is the SHA-256 of data as it is written in JSON.
func hashText(data []byte) string { return models.SHA256(sha256.Sum256(data)).String() }
