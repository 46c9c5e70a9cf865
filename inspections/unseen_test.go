package inspections_test

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"gorm.io/gorm"

	"recourse/contracts/contractstest"
	"recourse/inspections"
	"recourse/models"
)

// TestRecordUnseenIsWhatIsRead: the answer isn't read back from the database, so
// it is held against what the database has.
func TestRecordUnseenIsWhatIsRead(t *testing.T) {
	v := newVisit(t)
	inspector := contractstest.MustUser(t, v.db, []models.Role{models.Inspector})
	plan, in, id := v.planInput(), v.record(), models.NewID()
	plan.Inspectors = []models.ID{inspector.ID}
	in.Plan, in.InspectorRemark, in.Place = &plan, "光线不足 poor light", "warehouse 3"
	in.DeviceTime = &contractstest.Now
	in.Equipment = []models.Equipment{{Name: "caliper", Number: "CAL-77"}}
	in.Photos = []inspections.PhotoInput{{SHA256: models.SHA256{7}, Caption: "pallet"}}
	l := &in.Lots[0]
	produced, packed := models.Pieces(12001), models.Pieces(11988)
	l.QuantityProduced, l.QuantityPacked, l.CartonsOpened, l.Remark = &produced, &packed, []int{14, 61}, "tidy"
	l.Checks = []inspections.CheckInput{{Code: "marks", Result: models.CheckOK, Seen: "HBM"}}
	answered := v.must(func(ctx context.Context, tx *gorm.DB) (*models.Inspection, error) {
		return inspections.Record(ctx, tx, v.by, id, 0, in, seed)
	})
	if answered.Version != 2 || len(answered.Inspectors) != 1 || answered.PhotosWanted != 1 {
		t.Errorf("Record() = version %d, inspectors %v, %d photos wanted", answered.Version, answered.Inspectors, answered.PhotosWanted)
	}
	same := cmp.Options{cmpopts.EquateEmpty(), cmp.Comparer(func(a, b models.Decimal) bool { return a.Cmp(b) == 0 })}
	if diff := cmp.Diff(v.get(id), answered, same); diff != "" {
		t.Errorf("what is read differs from the answer (-read +answered):\n%s", diff)
	}
}
