package reports

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"recourse/models"
)

// Annex is one piece that goes with a paper.
type Annex struct {
	No     string // 3, or 3.2 for what is on the pages of 3
	Title  models.Text
	SHA256 models.SHA256 // of the original as it is kept
	From   int           // the page of the whole on which it begins; 0: it is not among the pages
	Pages  int
	Made   bool // put together for this paper: there is no original
	Absent bool // looked for and not on file: only the index says so
}

// annexes lists what goes with a paper, each with its SHA-256.
func annexes(list []Annex) Block {
	s := &Sheet{Columns: []Column{{word("annex"), 14, false}, {word("document"), 80, false}, {word("sha256"), 76, false}}}
	for _, a := range list {
		s.Rows = append(s.Rows, []models.Text{Same(a.No), a.Title, a.original()})
	}
	return Block{Heading: models.Text{ZH: "附件", EN: "Annexes"}, Sheet: s}
}

// original is the hash of an annex's original, or why there is none.
func (a Annex) original() models.Text {
	if a.Made {
		return models.Text{ZH: "随案卷编制", EN: "made for this dossier"}
	}
	return Same(hash(a.SHA256))
}

// Index is the first pages of a dossier: what it holds, on which page it begins
// and under which hash, and what was looked for in vain. copies says that photos
// are given without their camera's data.
func Index(f ClaimFile, on models.Date, copies bool) Paper {
	s := &Sheet{Columns: []Column{{word("annex"), 14, false}, {word("document"), 70, false}, {word("from_page"), 14, true}, {word("pages"), 12, true}, {word("sha256"), 70, false}}}
	var absentZH, absentEN []string
	for _, a := range f.Annexes {
		if a.Absent {
			absentZH, absentEN = append(absentZH, a.Title.In("zh")), append(absentEN, a.Title.In("en"))
			continue
		}
		from, pages := Same("–"), Same("–")
		if a.From > 0 {
			from, pages = Same(number(a.From)), Same(number(a.Pages))
		}
		s.Rows = append(s.Rows, []models.Text{Same(a.No), a.Title, from, pages, a.original()})
	}
	note := models.Text{
		ZH: "SHA-256 为我方所存原件逐字节计算的哈希值，不是印出页面的。注明“随案卷编制”者没有原件。页码为本文件的页序；没有页码者在其上一附件的页面内，或只在压缩包内。",
		EN: "A SHA-256 is that of the original, byte for byte as we keep it, not of the page printed from it. What is made for this dossier has no original. Pages are counted through this file; what has none is on the pages of the annex above it, or in the zip only.",
	}
	if copies {
		note.ZH += "照片以不含相机数据的副本印出和提供，其 SHA-256 为原件的。"
		note.EN += " Photos are printed and given as copies without the camera's data; the SHA-256 is their original's."
	}
	return Paper{
		Title: models.Text{ZH: "索赔案卷", EN: "Claim dossier"}, Number: f.Claim.Number, On: on, To: f.Customer, References: f.references(), Hide: f.Hide(),
		Blocks: []Block{
			{Heading: models.Text{ZH: "目录", EN: "Index"}, Sheet: s, Note: note},
			{Heading: models.Text{ZH: "未存档", EN: "Not on file"}, Text: []models.Text{{ZH: strings.Join(absentZH, "；"), EN: strings.Join(absentEN, "; ")}}},
		},
	}
}

// Basis says why goods are judged by a standard.
type Basis int

// The sales contract's own standard goes before the one that was inspected by.
const (
	PinnedBySale      Basis = iota // the sales contract's line names it
	InspectedBy                    // the claimed lot was inspected by it
	OthersInspectedBy              // other lots of the line were
)

// AgreedStandard is a standard that claimed goods are judged by.
type AgreedStandard struct {
	Code      string
	VersionNo int
	Title     models.Text
	Content   models.StandardContent // what of it applies to the goods
	Snapshot  models.SHA256          // of what the lot was inspected by; zero for the sales contract's own
	Lines     []int                  // of the sales contract
	Basis     Basis
}

// QualityTerms is what the sales contract says about quality and claims; it has
// no blocks where the contract is silent.
func QualityTerms(f ClaimFile) Paper {
	c, claim := f.Sales, f.Sales.ClaimClause
	p := Paper{
		Title: models.Text{ZH: "合同条款", EN: "Contract clause"}, Number: c.Number, On: c.SignedOn, Hide: f.Hide(),
		References: []Fact{{word("contract"), c.Number}, {models.Text{ZH: "签订日期", EN: "Signed on"}, string(c.SignedOn)}, {word("incoterm"), c.Incoterm}},
	}
	add := func(b Block) {
		if !b.empty() {
			p.Blocks = append(p.Blocks, b)
		}
	}
	add(Block{Heading: word("quality_clause"), Text: []models.Text{Same(c.QualityClause)}})
	terms := []models.Text{Same(claim.Text)}
	for _, period := range []struct {
		days *int
		of   models.Text
	}{{claim.QualityDays, models.Text{ZH: "品质", EN: "quality"}}, {claim.QuantityDays, models.Text{ZH: "数量", EN: "quantity"}}, {claim.OtherDays, models.Text{ZH: "其他", EN: "anything else"}}} {
		if period.days == nil {
			continue
		}
		t := models.Text{ZH: fmt.Sprintf("%s索赔：%d 日内提出", period.of.ZH, *period.days), EN: fmt.Sprintf("Claims about %s: within %s", period.of.EN, inDays(*period.days))}
		if claim.From != "" {
			from := models.ClaimStartWords.Of(claim.From)
			t.ZH, t.EN = t.ZH+"，自"+from.ZH+"起算", t.EN+" of "+strings.ToLower(from.EN)
		}
		terms = append(terms, models.Text{ZH: t.ZH + "。", EN: t.EN + "."})
	}
	if claim.SurveyReport {
		t := models.Text{ZH: "索赔须附检验报告", EN: "A claim comes with a survey report"}
		if claim.SurveyBody != "" {
			t.ZH, t.EN = t.ZH+"（"+claim.SurveyBody+"）", t.EN+" ("+claim.SurveyBody+")"
		}
		terms = append(terms, models.Text{ZH: t.ZH + "。", EN: t.EN + "."})
	}
	if claim.ReplyDays != nil {
		terms = append(terms, models.Text{ZH: fmt.Sprintf("收到索赔后 %d 日内答复。", *claim.ReplyDays), EN: fmt.Sprintf("It is answered within %s.", inDays(*claim.ReplyDays))})
	}
	add(Block{Heading: models.Text{ZH: "索赔条款", EN: "Claims"}, Text: terms})
	return p
}

func inDays(n int) string {
	if n == 1 {
		return "1 day"
	}
	return fmt.Sprintf("%d days", n)
}

// StandardPage prints a standard that claimed goods are judged by.
func StandardPage(f ClaimFile, s AgreedStandard) Paper {
	basis := map[Basis]models.Text{
		PinnedBySale:      {ZH: "销售合同约定的质量标准。", EN: "The quality standard that the sales contract names."},
		InspectedBy:       {ZH: "销售合同未另行约定质量标准；该批依本标准验货。", EN: "The sales contract names no quality standard; the lot was inspected by this one."},
		OthersInspectedBy: {ZH: "销售合同未另行约定质量标准；同类货物的其他批依本标准验货。", EN: "The sales contract names no quality standard; other lots of the goods were inspected by this one."},
	}[s.Basis]
	cites := make([]string, len(s.Content.Cites))
	for n, c := range s.Content.Cites {
		cites[n] = join(" ", c.Standard, c.Edition)
	}
	facts := []Fact{{word("contract"), f.Sales.Number}, {word("line"), numbers(s.Lines)}, {word("cites"), lines(cites)}}
	if !s.Snapshot.IsZero() {
		facts = append(facts, Fact{word("snapshot"), hash(s.Snapshot)})
	}
	return Paper{
		Title: models.Text{ZH: "质量标准", EN: "Quality standard"}, Number: join(" ", s.Code, fmt.Sprintf("v%d", s.VersionNo)), References: facts, Hide: f.Hide(),
		Blocks: []Block{
			{Text: []models.Text{s.Title, basis}},
			{Heading: word("sampling"), Sheet: samplingOf(s.Content.Sampling), Note: word(s.Content.Sampling.Scheme)},
			{Heading: word("requirements"), Sheet: requirementsOf(s.Content.Characteristics)},
			{Heading: models.Text{ZH: "缺陷目录", EN: "Defect catalogue"}, Sheet: catalogueOf(s.Content.Defects)},
			{Heading: word("checks"), Sheet: checklist(s.Content.Checks)},
		},
	}
}

func samplingOf(r models.SamplingRules) *Sheet {
	s := &Sheet{Columns: []Column{{word("class"), 40, false}, {word("rule"), 60, false}, {word("level"), 30, false}}}
	for _, c := range r.Classes {
		rule, level := word(c.Rule), c.Level
		switch c.Rule {
		case models.RuleAQL:
			rule, level = Same("AQL "+c.AQL), cmp.Or(c.Level, r.Level)
		case models.RuleFixed:
			rule = models.Text{ZH: fmt.Sprintf("%s：n = %d，Ac = %d", rule.ZH, c.SampleSize, c.Ac), EN: fmt.Sprintf("%s: n = %d, Ac = %d", rule.EN, c.SampleSize, c.Ac)}
		case models.RuleAll:
			rule = models.Text{ZH: fmt.Sprintf("%s：Ac = %d", rule.ZH, c.Ac), EN: fmt.Sprintf("%s: Ac = %d", rule.EN, c.Ac)}
		}
		s.Rows = append(s.Rows, []models.Text{word(string(c.Class)), rule, Same(cmp.Or(level, "–"))})
	}
	return s
}

func requirementsOf(list []models.Characteristic) *Sheet {
	s := &Sheet{Columns: []Column{{word("characteristic"), 50, false}, {word("class"), 22, false}, {word("requirement"), 60, false}}}
	sourced := slices.ContainsFunc(list, func(c models.Characteristic) bool { return c.Source != "" })
	if sourced {
		s.Columns = append(s.Columns, Column{word("source"), 38, false})
	}
	for _, c := range list {
		var zh, en []string
		for _, l := range []struct {
			key   string
			limit models.Decimal
		}{{"nominal", c.Nominal}, {"lower", c.Lower}, {"upper", c.Upper}, {"mean_lower", c.MeanLower}, {"mean_upper", c.MeanUpper}} {
			if l.limit.IsSet() {
				value := join(" ", l.limit.String(), c.Unit)
				zh, en = append(zh, word(l.key).ZH+" "+value), append(en, word(l.key).EN+" "+value)
			}
		}
		row := []models.Text{coded(c.Code, c.Name), word(string(c.Class)), {ZH: join("，", zh...), EN: join(", ", en...)}}
		if sourced {
			row = append(row, Same(c.Source))
		}
		s.Rows = append(s.Rows, row)
	}
	return s
}

func catalogueOf(list []models.Defect) *Sheet {
	s := &Sheet{Columns: []Column{{word("defect"), 110, false}, {word("class"), 40, false}}}
	for _, d := range list {
		s.Rows = append(s.Rows, []models.Text{coded(d.Code, d.Name), word(string(d.Class))})
	}
	return s
}

func checklist(list []models.CheckItem) *Sheet {
	s := &Sheet{Columns: []Column{{word("check"), 150, false}}}
	for _, c := range list {
		name := c.Name
		if name.IsZero() {
			name = word(c.Code)
		}
		s.Rows = append(s.Rows, []models.Text{name})
	}
	return s
}
