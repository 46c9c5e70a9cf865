package inspections

import (
	"slices"
	"strings"
	"sync"
	"testing"

	"gorm.io/gorm/schema"

	"recourse/models"
)

// TestRowsHaveEveryColumn: a column that the models gained is written with a new inspection.
func TestRowsHaveEveryColumn(t *testing.T) {
	for _, test := range []struct {
		columns string
		values  []any
		model   any
	}{
		{inspectionColumns, inspectionRow(&models.Inspection{}), &models.Inspection{}},
		{lotColumns, lotRow(&models.InspectionLot{}), &models.InspectionLot{}},
	} {
		table, list, _ := strings.Cut(strings.TrimSuffix(test.columns, ")"), " (")
		got := strings.Split(list, ", ")
		of, err := schema.Parse(test.model, &sync.Map{}, schema.NamingStrategy{})
		if err != nil {
			t.Fatal(err)
		}
		want := of.DBNames
		if table != of.Table || len(got) != len(test.values) || !slices.Equal(slices.Sorted(slices.Values(got)), slices.Sorted(slices.Values(want))) {
			t.Errorf("%s is written with %d values for the columns %v, want %v", table, len(test.values), got, want)
		}
	}
}
