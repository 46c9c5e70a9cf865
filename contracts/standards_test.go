package contracts_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"gorm.io/gorm"

	"recourse/contracts"
	"recourse/contracts/contractstest"
	"recourse/database"
	"recourse/database/databasetest"
	"recourse/models"
)

var exact = cmp.Comparer(func(a, b models.Decimal) bool { return a == b })

func draft(t *testing.T, db *database.DB, content models.StandardContent) (*models.Standard, error) {
	t.Helper()
	return try(t, db, func(tx *gorm.DB) (*models.Standard, error) {
		return contracts.CreateStandard(t.Context(), tx, system, contracts.StandardInput{Code: models.NewID().String(), Title: models.Text{ZH: "标准"}, Content: content})
	})
}

func TestStandardContentRefused(t *testing.T) {
	db := databasetest.Open(t)
	d := models.MustDecimal
	type content = models.StandardContent
	tests := []struct {
		name, field string
		change      func(*content)
	}{
		{"code twice in another case", "content.characteristics[1].code", func(c *content) { c.Characteristics[1].Code = "len" }},
		{"defect with a characteristic's code", "content.defects[0].code", func(c *content) { c.Defects[0].Code = "Len" }},
		{"check with a defect's code", "content.checks[0].code", func(c *content) {
			c.Checks = []models.CheckItem{{Code: "COR", Section: "packing", Name: models.Text{EN: "x"}}}
		}},
		{"blank code", "content.defects[2].code", func(c *content) { c.Defects[2].Code = " " }},
		{"no name", "content.characteristics[0].name", func(c *content) { c.Characteristics[0].Name = models.Text{} }},
		{"AQL outside the series", "content.sampling.classes[1].aql", func(c *content) { c.Sampling.Classes[1].AQL = "2.0" }},
		{"AQL missing", "content.sampling.classes[1].aql", func(c *content) { c.Sampling.Classes[1].AQL = "" }},
		{"AQL where none is allowed", "content.sampling.classes[0].aql", func(c *content) { c.Sampling.Classes[0].AQL = "0.010" }},
		{"level", "content.sampling.level", func(c *content) { c.Sampling.Level = "IV" }},
		{"level of a class", "content.sampling.classes[2].level", func(c *content) { c.Sampling.Classes[2].Level = "S-5" }},
		{"scheme", "content.sampling.scheme", func(c *content) { c.Sampling.Scheme = "iso3951" }},
		{"class ruled twice", "content.sampling.classes[2].class", func(c *content) { c.Sampling.Classes[2].Class = models.Major }},
		{"fixed without n", "content.sampling.classes[1].sample_size", func(c *content) {
			c.Sampling.Classes[1] = models.ClassRule{Class: models.Major, Rule: models.RuleFixed}
		}},
		{"fixed with Ac = n", "content.sampling.classes[1].ac", func(c *content) {
			c.Sampling.Classes[1] = models.ClassRule{Class: models.Major, Rule: models.RuleFixed, SampleSize: 5, Ac: 5}
		}},
		{"n of an AQL rule", "content.sampling.classes[1].sample_size", func(c *content) { c.Sampling.Classes[1].SampleSize = 5 }},
		{"Ac of an AQL rule", "content.sampling.classes[1].ac", func(c *content) { c.Sampling.Classes[1].Ac = 5 }},
		{"upper below lower", "content.characteristics[0].upper", func(c *content) { c.Characteristics[0].Upper = d("592.5") }},
		{"nominal above upper", "content.characteristics[1].nominal", func(c *content) { c.Characteristics[1].Nominal = d("7.9") }},
		{"nominal below lower", "content.characteristics[1].nominal", func(c *content) { c.Characteristics[1].Nominal = d("7.1") }},
		{"mean limit beyond the single one", "content.characteristics[3].mean_lower", func(c *content) { c.Characteristics[3].MeanLower = d("131") }},
		{"mean limits crossed", "content.characteristics[4].mean_upper", func(c *content) { c.Characteristics[4].MeanLower = d("2.6") }},
		{"mean limit above the single upper", "content.characteristics[4].mean_upper", func(c *content) { c.Characteristics[4].MeanUpper = d("3.1") }},
		{"more decimals than readings", "content.characteristics[0].lower", func(c *content) { c.Characteristics[0].Lower = d("593.25") }},
		{"mean limit with too many decimals", "content.characteristics[3].mean_lower", func(c *content) { c.Characteristics[3].MeanLower = d("147.25") }},
		{"no limit", "content.characteristics[2].lower", func(c *content) { c.Characteristics[2].Upper = models.Decimal{} }},
		{"limit of an attribute", "content.characteristics[2].upper", func(c *content) { c.Characteristics[2].Kind = "attribute" }},
		{"two ways to sample", "content.characteristics[3].sample_size", func(c *content) { c.Characteristics[3].AQL = "2.5" }},
		{"Ac without n", "content.characteristics[0].ac", func(c *content) { c.Characteristics[0].Ac = 1 }},
		{"level with n", "content.characteristics[3].level", func(c *content) { c.Characteristics[3].Level = "II" }},
		{"level of a characteristic", "content.characteristics[0].level", func(c *content) { c.Characteristics[0].Level = "s2" }},
		{"AQL per 100 units of a characteristic", "content.characteristics[0].aql", func(c *content) { c.Characteristics[0].AQL = "15" }},
		{"defect of no characteristic", "content.defects[1].characteristic", func(c *content) { c.Defects[1].Characteristic = "XXX" }},
		{"cited twice", "content.cites[1].standard", func(c *content) { c.Cites[1].Standard = "gb/t 2828.1" }},
	}
	for _, test := range tests {
		c := contractstest.CeilingStandard()
		test.change(&c)
		_, err := draft(t, db, c)
		refused(t, test.name, err, models.CodeInvalid, test.field)
	}
}

func TestStandardIncomplete(t *testing.T) {
	db := databasetest.Open(t)
	for _, test := range []struct {
		name, field string
		change      func(*models.StandardContent)
	}{
		{"nothing to check", "content.characteristics", func(c *models.StandardContent) { c.Characteristics, c.Defects = nil, nil }},
		{"characteristic's class without a rule", "content.characteristics[2].class", func(c *models.StandardContent) { c.Sampling.Classes = c.Sampling.Classes[:2] }},
		{"defect's class without a rule", "content.defects[6].class", func(c *models.StandardContent) { c.Sampling.Classes = c.Sampling.Classes[1:] }},
	} {
		c := contractstest.CeilingStandard()
		test.change(&c)
		s, err := draft(t, db, c)
		if err != nil {
			t.Fatalf("%s: a draft may be incomplete: %v", test.name, err)
		}
		_, err = try(t, db, func(tx *gorm.DB) (*models.Standard, error) {
			return contracts.ActivateStandard(t.Context(), tx, system, s.ID, s.Version)
		})
		refused(t, test.name, err, models.CodeInvalid, test.field)
	}
}

func TestStandardLife(t *testing.T) {
	db := databasetest.Open(t)
	type standard = models.Standard
	c := contractstest.CeilingStandard()
	c.Sampling.Classes[1].AQL = "02.50"
	in := contracts.StandardInput{ID: new(models.NewID()), Code: "QS-JZ-CB", VersionNo: 3, Title: models.Text{ZH: "标准"}, Content: c}
	create := func(tx *gorm.DB) (*standard, error) {
		return contracts.CreateStandard(t.Context(), tx, act(models.Purchasing), in)
	}
	s := must(t, db, create)
	if again := must(t, db, create); again.ID != s.ID {
		t.Error("the same draft again is another record")
	}
	if got := s.Content.Sampling.Classes[1].AQL; got != "2.5" {
		t.Errorf("AQL 02.50 is stored as %q, want 2.5", got)
	}
	in2 := in
	in2.ID = nil
	_, err := try(t, db, func(tx *gorm.DB) (*standard, error) { return contracts.CreateStandard(t.Context(), tx, system, in2) })
	refused(t, "code in use", err, models.CodeConflict, "code")
	_, err = try(t, db, func(tx *gorm.DB) (*standard, error) {
		return contracts.NewVersion(t.Context(), tx, system, s.ID, contracts.VersionInput{})
	})
	refused(t, "second draft", err, models.CodeConflict, "state")

	edit := contracts.StandardEdit{Title: s.Title, EffectiveFrom: "2026-01-01", Content: contractstest.CeilingStandard()}
	edit.Content.Defects = edit.Content.Defects[:6]
	edited := must(t, db, func(tx *gorm.DB) (*standard, error) {
		return contracts.EditStandard(t.Context(), tx, system, s.ID, 1, edit)
	})
	if edited.ContentHash == s.ContentHash || edited.ContentHash != contracts.ContentHash(edit.Content) {
		t.Error("the hash isn't the content's")
	}
	active := must(t, db, func(tx *gorm.DB) (*standard, error) {
		return contracts.ActivateStandard(t.Context(), tx, system, s.ID, 2)
	})
	stored := view(t, db, func(tx *gorm.DB) (*standard, error) {
		return contracts.StandardByCodeVersion(t.Context(), tx, system, "qs-jz-cb", 3)
	})
	if diff := cmp.Diff(active, stored, exact); diff != "" {
		t.Errorf("replied and stored differ: %s", diff)
	}

	hash := models.SHA256{1}
	must(t, db, func(tx *gorm.DB) (int, error) {
		return 0, tx.Exec("INSERT INTO files (sha256, kind, size, media_type, width, height, orientation, taken_at, camera, received_at) VALUES (?, 'document', 1, 'application/pdf', 0, 0, 0, '', '', ?)",
			hash, contractstest.Now).Error
	})
	for name, change := range map[string]func(tx *gorm.DB) (*standard, error){
		"edit": func(tx *gorm.DB) (*standard, error) {
			return contracts.EditStandard(t.Context(), tx, system, s.ID, 3, edit)
		},
		"activate": func(tx *gorm.DB) (*standard, error) {
			return contracts.ActivateStandard(t.Context(), tx, system, s.ID, 3)
		},
		"attach": func(tx *gorm.DB) (*standard, error) {
			return contracts.AttachOriginal(t.Context(), tx, system, s.ID, 3, contracts.FileRef{SHA256: hash})
		},
	} {
		_, err := try(t, db, change)
		refused(t, name+" an active version", err, models.CodeConflict, "state")
	}

	next := must(t, db, func(tx *gorm.DB) (*standard, error) {
		return contracts.NewVersion(t.Context(), tx, system, s.ID, contracts.VersionInput{})
	})
	if next.VersionNo != 4 || next.State != models.StandardDraft || next.ContentHash != active.ContentHash {
		t.Errorf("new version = %d %s, want draft 4 of the same content", next.VersionNo, next.State)
	}
	_, err = try(t, db, func(tx *gorm.DB) (*standard, error) {
		return contracts.AttachOriginal(t.Context(), tx, system, next.ID, 1, contracts.FileRef{SHA256: models.SHA256{2}})
	})
	refused(t, "file that isn't there", err, models.CodeInvalid, "sha256")
	attached := must(t, db, func(tx *gorm.DB) (*standard, error) {
		return contracts.AttachOriginal(t.Context(), tx, system, next.ID, 1, contracts.FileRef{SHA256: hash})
	})
	if attached.FileSHA256 != hash {
		t.Error("the original isn't attached")
	}
	retired := must(t, db, func(tx *gorm.DB) (*standard, error) {
		return contracts.RetireStandard(t.Context(), tx, system, s.ID, 3)
	})
	if retired.State != models.StandardRetired {
		t.Errorf("state = %s, want retired", retired.State)
	}
	_, err = try(t, db, func(tx *gorm.DB) (*standard, error) {
		return contracts.RetireStandard(t.Context(), tx, system, s.ID, 4)
	})
	refused(t, "retire twice", err, models.CodeConflict, "state")
	_, err = try(t, db, func(tx *gorm.DB) (*standard, error) {
		return contracts.EditStandard(t.Context(), tx, act(models.Sales), next.ID, 2, edit)
	})
	refused(t, "standard by sales", err, models.CodeForbidden, "")
	page := view(t, db, func(tx *gorm.DB) (database.Page[standard], error) {
		return contracts.ListStandards(t.Context(), tx, system, database.Query{Filters: map[string]string{"code": "QS-JZ-CB", "state": "draft", "q": "标准"}})
	})
	if len(page.Items) != 1 || page.Items[0].VersionNo != 4 {
		t.Errorf("list of drafts = %d items, want version 4", len(page.Items))
	}
}
