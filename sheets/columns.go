package sheets

import (
	"strings"

	"recourse/models"
)

// columnsOf says where each field stands. Titles are known by either language or by the field's name.
func columnsOf(titles []string, fields []field) (map[string]int, error) {
	columns := map[string]int{}
	for i, text := range titles {
		if strings.TrimSpace(text) == "" {
			continue
		}
		name := fieldOf(text, fields)
		if name == "" {
			return nil, models.Invalid("", "The column %q is not one of the template: leave its title as it was, or remove the column.", "“%s”列不在模板中：请保留原表头或删除该列。", cut(text))
		}
		if _, twice := columns[name]; twice {
			return nil, models.Invalid("", "The column %q stands there twice.", "“%s”列重复。", cut(text))
		}
		columns[name] = i
	}
	for _, f := range fields {
		if _, there := columns[f.name]; f.required && !there {
			return nil, models.Invalid("", "The column %[2]q is missing: take the template.", "缺少“%[1]s”列：请使用模板。", f.title.ZH, f.title.EN)
		}
	}
	return columns, nil
}

func fieldOf(text string, fields []field) string {
	key := models.Key(strings.TrimRight(normal(text), " *"))
	for _, f := range fields {
		for _, form := range []string{f.name, f.title.ZH, f.title.EN, heading(f)} {
			if models.Key(form) == key {
				return f.name
			}
		}
	}
	return ""
}

// columnOf is where a field of any kind of contract stands, -1 for nowhere.
func columnOf(titles []string, name string) int {
	for i, text := range titles {
		if fieldOf(text, contractFields) == name {
			return i
		}
	}
	return -1
}

// heading is a field's title in both languages, as the template has it.
func heading(f field) string { return f.title.ZH + " / " + f.title.EN }
