package sheets

import (
	"context"
	"fmt"
	"strings"

	"gorm.io/gorm"

	"recourse/models"
)

// reference says which record an id names, and what is written of it.
type reference string

// The references of columns. A record that may be seen may name these.
const (
	partyCode    reference = "party code"
	partyName    reference = "party name"
	productCode  reference = "product"
	standardCode reference = "standard" // QS-CEIL v2
	contractNo   reference = "contract"
	lineNo       reference = "line" // PC-2026-017/1
	lotBatch     reference = "lot"
	claimNo      reference = "claim"
	inspectionNo reference = "inspection"
)

// referenceQuery gives id, text and a second text of the records of a reference.
var referenceQuery = map[reference]string{
	partyCode:    "SELECT id, code AS zh, '' AS en FROM parties WHERE id IN ?",
	partyName:    "SELECT id, name_zh AS zh, name_en AS en FROM parties WHERE id IN ?",
	productCode:  "SELECT id, code AS zh, '' AS en FROM products WHERE id IN ?",
	standardCode: "SELECT id, CONCAT(code, ' v', version_no) AS zh, '' AS en FROM quality_standards WHERE id IN ?",
	contractNo:   "SELECT id, number AS zh, '' AS en FROM contracts WHERE id IN ?",
	lineNo:       "SELECT l.id, CONCAT(c.number, '/', l.line_no) AS zh, '' AS en FROM contract_lines l JOIN contracts c ON c.id = l.contract_id WHERE l.id IN ?",
	lotBatch:     "SELECT id, batch AS zh, '' AS en FROM lots WHERE id IN ?",
	claimNo:      "SELECT id, number AS zh, '' AS en FROM claims WHERE id IN ?",
	inspectionNo: "SELECT id, number AS zh, '' AS en FROM inspections WHERE id IN ?",
}

// references are the texts of records by id, as far as they are loaded.
type references struct {
	lang  string
	texts map[reference]map[string]string
}

// load reads what a page of records refers to and isn't known yet: one statement for each reference.
func (r *references) load(ctx context.Context, tx *gorm.DB, columns []Column, records []map[string]any) error {
	missing := map[reference]map[string]models.ID{}
	for _, c := range columns {
		if c.Refer == "" {
			continue
		}
		if missing[c.Refer] == nil {
			missing[c.Refer] = map[string]models.ID{}
		}
		for _, record := range records {
			for _, v := range deepAt(record, c.Path) {
				text := fmt.Sprint(v)
				id, err := models.ParseID("", text)
				if _, known := r.texts[c.Refer][text]; err == nil && !known {
					missing[c.Refer][text] = id
				}
			}
		}
	}
	for kind, ids := range missing {
		if err := r.loadKind(ctx, tx, kind, ids); err != nil {
			return err
		}
	}
	return nil
}

// batchSize keeps a statement below the number of parameters that engines take.
const batchSize = 500

func (r *references) loadKind(ctx context.Context, tx *gorm.DB, kind reference, missing map[string]models.ID) error {
	if r.texts[kind] == nil {
		r.texts[kind] = map[string]string{}
	}
	ids := make([]models.ID, 0, len(missing))
	for _, id := range missing {
		ids = append(ids, id)
	}
	for len(ids) > 0 {
		batch := ids[:min(batchSize, len(ids))]
		ids = ids[len(batch):]
		var rows []struct {
			ID     models.ID
			ZH, EN string
		}
		if err := tx.WithContext(ctx).Raw(referenceQuery[kind], batch).Scan(&rows).Error; err != nil {
			return err
		}
		for _, row := range rows {
			r.texts[kind][row.ID.String()] = models.Text{ZH: row.ZH, EN: row.EN}.In(r.lang)
		}
	}
	return nil
}

// deepAt is at, whichever list of the path an Each will spread.
func deepAt(record map[string]any, path string) []any {
	if found := at(record, path); found != nil {
		return found
	}
	head, rest, _ := strings.Cut(path, ".")
	return at(record, head+"[]."+rest)
}

// value is what stands in a column for a record.
func (r *references) value(c Column, record map[string]any) any {
	found := at(record, c.Path)
	for i, v := range found {
		if c.Refer != "" {
			found[i] = r.texts[c.Refer][fmt.Sprint(v)]
		}
		if c.Codes != nil {
			found[i] = c.Codes.Of(fmt.Sprint(v)).In(r.lang)
		}
	}
	switch len(found) {
	case 0:
		return nil
	case 1:
		return found[0]
	}
	words := make([]string, len(found))
	for i, v := range found {
		words[i] = fmt.Sprint(v)
	}
	return strings.Join(words, "; ")
}
