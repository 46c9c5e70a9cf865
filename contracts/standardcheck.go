package contracts

import (
	"errors"
	"fmt"
	"slices"

	"recourse/models"
	"recourse/sampling"
)

// checkDraft checks that what a draft says is not contradictory, writes AQLs as
// the printed tables do, and computes the content's hash. A draft may be incomplete.
func checkDraft(s *models.Standard) error {
	if s.Title.IsZero() {
		return models.Invalid("title", "is required in Chinese or English.", "中文或英文标题至少填写一个。")
	}
	if err := models.At("content", checkContent(&s.Content)); err != nil {
		return err
	}
	s.ContentHash = ContentHash(s.Content)
	return nil
}

func checkContent(c *models.StandardContent) error {
	// AQLs are rewritten below: not in the lists of who gave them.
	c.Sampling.Classes, c.Characteristics = slices.Clone(c.Sampling.Classes), slices.Clone(c.Characteristics)
	for i, cite := range c.Cites {
		for j := range i {
			if models.Key(c.Cites[j].Standard) == models.Key(cite.Standard) {
				return models.Invalid(at("cites", i, "standard"), "%s is cited twice.", "%s 重复引用。", cite.Standard)
			}
		}
	}
	if err := models.At("sampling", checkRules(&c.Sampling)); err != nil {
		return err
	}
	if err := checkCodes(c); err != nil {
		return err
	}
	for i := range c.Characteristics {
		if err := models.At(at("characteristics", i, ""), checkCharacteristic(&c.Characteristics[i])); err != nil {
			return err
		}
	}
	for i, d := range c.Defects {
		if _, known := c.Characteristic(d.Characteristic); d.Characteristic != "" && !known {
			return models.Invalid(at("defects", i, "characteristic"), "There is no characteristic %s.", "没有检验项目 %s。", d.Characteristic)
		}
	}
	return nil
}

// at is the path of a list's entry.
func at(list string, i int, field string) string {
	if field == "" {
		return fmt.Sprintf("%s[%d]", list, i)
	}
	return fmt.Sprintf("%s[%d].%s", list, i, field)
}

// checkCodes: findings, readings and checks are recorded by code, so one code
// means one thing, in whatever case it is written.
func checkCodes(c *models.StandardContent) error {
	seen := map[string]string{}
	name := func(list string, i int, code string, words models.Text) error {
		path := at(list, i, "code")
		key := models.Key(code)
		if key == "" {
			return models.Invalid(path, "is required.", "必须填写。")
		}
		if other, twice := seen[key]; twice {
			return models.Invalid(path, "%[1]s is the code of %[2]s already.", "代码 %[1]s 已用于 %[2]s。", code, other)
		}
		seen[key] = at(list, i, "")
		if words.IsZero() {
			return models.Invalid(at(list, i, "name"), "is required in Chinese or English.", "中文或英文名称至少填写一个。")
		}
		return nil
	}
	for i, x := range c.Characteristics {
		if err := name("characteristics", i, x.Code, x.Name); err != nil {
			return err
		}
	}
	for i, x := range c.Defects {
		if err := name("defects", i, x.Code, x.Name); err != nil {
			return err
		}
	}
	for i, x := range c.Checks {
		if err := name("checks", i, x.Code, x.Name); err != nil {
			return err
		}
	}
	return nil
}

func checkRules(r *models.SamplingRules) error {
	if r.Scheme != string(sampling.ISO2859) && r.Scheme != string(sampling.Z14) {
		return models.Invalid("scheme", "must be iso2859-1 or z1.4.", "须为 iso2859-1 或 z1.4。")
	}
	if err := checkLevel("level", r.Level); err != nil {
		return err
	}
	for i := range r.Classes {
		for j := range i {
			if r.Classes[j].Class == r.Classes[i].Class {
				return models.Invalid(at("classes", i, "class"), "Class %s has a rule already.", "等级 %s 已有规则。", r.Classes[i].Class)
			}
		}
		if err := models.At(at("classes", i, ""), checkClass(&r.Classes[i])); err != nil {
			return err
		}
	}
	return nil
}

func checkClass(r *models.ClassRule) error {
	if r.Level != "" {
		if err := checkLevel("level", r.Level); err != nil {
			return err
		}
	}
	if (r.Rule == models.RuleAQL) != (r.AQL != "") {
		return models.Invalid("aql", "is given exactly when the rule is aql.", "规则为 aql 时必须且仅此时填写。")
	}
	if r.Rule != models.RuleFixed && r.SampleSize != 0 {
		return models.Invalid("sample_size", "is given for the rule fixed only.", "仅规则 fixed 可填写。")
	}
	if (r.Rule == models.RuleAQL || r.Rule == models.RuleNotAllowed) && r.Ac != 0 {
		return models.Invalid("ac", "is given for the rules fixed and all only.", "仅规则 fixed 与 all 可填写。")
	}
	switch r.Rule {
	case models.RuleAQL:
		return checkAQL("aql", &r.AQL)
	case models.RuleFixed:
		return checkFixed(r.SampleSize, r.Ac)
	}
	return nil
}

func checkFixed(n, ac int) error {
	if n < 1 {
		return models.Invalid("sample_size", "must be at least 1.", "至少为 1。")
	}
	if ac >= n {
		return models.Invalid("ac", "must be less than the sample size %d.", "须小于样本量 %d。", n)
	}
	return nil
}

// checkLevel asks sampling whether there is such a level.
func checkLevel(field, level string) error {
	_, err := sampling.CodeLetter(2, sampling.Level(level))
	return inField(field, err)
}

// checkAQL asks sampling for the printed spelling of an AQL of the series.
func checkAQL(field string, aql *string) error {
	printed, err := sampling.ParseAQL(*aql)
	if err != nil {
		return inField(field, err)
	}
	*aql = string(printed)
	return nil
}

// inField turns what sampling refuses into an error of the field.
func inField(field string, err error) error {
	var refused *sampling.Error
	if !errors.As(err, &refused) {
		return err
	}
	return models.Invalid(field, "%[1]s.", "%[2]s。", refused.EN, refused.ZH)
}

// checkComplete checks that lots can be judged by the draft: something is to be
// found or measured, and each class in use has its rule.
func checkComplete(s *models.Standard) error {
	c := s.Content
	if len(c.Characteristics)+len(c.Defects) == 0 {
		return models.Invalid("content.characteristics", "A standard needs at least one characteristic or defect before it is activated.",
			"启用前至少需要一个检验项目或缺陷。")
	}
	ruled := func(path string, class models.DefectClass) error {
		if _, ok := c.Sampling.Class(class); ok {
			return nil
		}
		return models.Invalid("content."+path, "Class %s has no sampling rule: add it to content.sampling.classes.",
			"等级 %s 没有抽样规则：请在 content.sampling.classes 中补充。", class)
	}
	for i, x := range c.Characteristics {
		if err := ruled(at("characteristics", i, "class"), x.Class); err != nil {
			return err
		}
	}
	for i, x := range c.Defects {
		if err := ruled(at("defects", i, "class"), x.Class); err != nil {
			return err
		}
	}
	return nil
}
