package claims

import (
	"cmp"
	"context"
	"slices"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"recourse/audit"
	"recourse/models"
)

// defaultRules are the first editions of the dated rules. They are data: an
// administrator replaces any of them by a new edition.
var defaultRules = []models.ClockRule{
	{Code: "law_outer_limit", Years: 2, Starts: "receipt", Towards: "customer",
		Name: models.Text{ZH: "买方通知的最长期限", EN: "Outer limit of the buyer's notice"},
		Source: models.Text{ZH: "买方须在发现或理应发现不符后的合理时间内通知卖方；无论如何，自货物实际交付买方之日起两年内未通知的，丧失声称货物不符的权利，除非与约定的保证期不符。",
			EN: "The buyer gives notice within a reasonable time after discovery; at the latest within two years from the day on which the goods were actually handed over, unless this is inconsistent with a contractual period of guarantee."},
		Citation: "CISG, Art. 39 (1), (2)"},
	{Code: "supplier_outer_limit", Years: 2, Starts: "delivery", Towards: "supplier",
		Name: models.Text{ZH: "国内买卖通知的最长期限", EN: "Outer limit of notice in a domestic purchase"},
		Source: models.Text{ZH: "未约定检验期限的，买受人应在合理期限内通知；自收到标的物之日起两年内未通知的，视为符合约定；有质量保证期的，适用质量保证期。约定的检验期限过短的，仅视为对外观瑕疵提出异议的期限。",
			EN: "Without an agreed period the buyer gives notice within a reasonable time, at the latest two years after receipt, or within the guarantee period. An agreed period that is too short counts for visible defects only."},
		Citation: "中华人民共和国民法典(2021)第621–623条 / Civil Code of the PRC (2021), Arts. 621–623"},
	{Code: "carrier_notice_apparent", Days: 0, Starts: "arrival", Hidden: "apparent", Towards: "carrier",
		Name: models.Text{ZH: "对承运人的通知(明显灭失或损坏)", EN: "Notice to the carrier of apparent loss or damage"},
		Source: models.Text{ZH: "货物明显灭失或损坏的，应在交付的当时书面通知承运人；此处以到港日计，交付日较晚的以交付日为准。",
			EN: "Apparent loss or damage is notified in writing at the time of delivery; counted from arrival here, a later day of delivery takes its place."},
		Citation: "中华人民共和国海商法(2026年修订前文本；请核对现行版本的条号) / Maritime Code of the PRC (text before the revision of 2026; check the edition in force); Hague-Visby Rules, Art. III (6)"},
	{Code: "carrier_notice_latent", Days: 15, Starts: "arrival", Hidden: "latent", Towards: "carrier",
		Name: models.Text{ZH: "对承运人的通知(不明显，集装箱货物)", EN: "Notice to the carrier of loss that is not apparent, containers"},
		Source: models.Text{ZH: "灭失或损坏不明显的，集装箱货物自交付次日起连续十五日内书面通知(非集装箱货物七日；《海牙-维斯比规则》三日)。",
			EN: "Loss that is not apparent is notified in writing within fifteen consecutive days from the day after delivery of containers (seven days for other goods; three days under the Hague-Visby Rules)."},
		Citation: "中华人民共和国海商法(2026年修订前文本；请核对现行版本的条号) / Maritime Code of the PRC (text before the revision of 2026; check the edition in force)"},
	{Code: "carrier_suit", Years: 1, Starts: "arrival", Towards: "carrier",
		Name: models.Text{ZH: "对承运人的诉讼时效", EN: "Time to sue the carrier"},
		Source: models.Text{ZH: "就海上货物运输向承运人要求赔偿的请求权，时效期间为一年，自交付或应当交付货物之日起计算。",
			EN: "Claims against the carrier are barred one year after the goods were or should have been delivered."},
		Citation: "中华人民共和国海商法(2026年修订前文本；请核对现行版本的条号) / Maritime Code of the PRC (text before the revision of 2026; check the edition in force); Hague-Visby Rules, Art. III (6)"},
	{Code: "insurer_notice", Days: 3, Starts: "claim", Towards: "insurer", Incoterms: "CIF CIP",
		Name: models.Text{ZH: "对保险人的出险通知", EN: "Notice of loss to the insurer"},
		Source: models.Text{ZH: "获悉货物损失后应立即通知保险人或其检验代理人；三日为公司内部上限，并非法定期限。",
			EN: "The insurer or its survey agent is told at once after loss is known; three days are our own bound, not one of the law."},
		Citation: "中国人民财产保险股份有限公司海洋运输货物保险条款(2009版) / PICC Ocean Marine Cargo Clauses (2009)"},
	{Code: "insurer_claim", Years: 2, Starts: "arrival", Towards: "insurer", Incoterms: "CIF CIP",
		Name: models.Text{ZH: "对保险人的索赔时效", EN: "Time to claim on the insurer"},
		Source: models.Text{ZH: "保险索赔时效自保险事故发生之日起两年；此处以到港日计，事故发生较早的以发生日为准。",
			EN: "Insurance claims are barred two years after the insured event; counted from arrival here, an earlier event takes its place."},
		Citation: "中国人民财产保险股份有限公司海洋运输货物保险条款(2009版) / PICC Ocean Marine Cargo Clauses (2009)"},
}

// RuleInput is a new edition of a dated rule, or a new rule. It counts for
// claims received from ValidFrom on; one that is retired counts no more. A rule
// whose code speaks of a notice is met by the notice that recovery recorded.
type RuleInput struct {
	Code      string      `json:"code" validate:"required,max=40"`
	ValidFrom models.Date `json:"valid_from" validate:"required"`
	Name      models.Text `json:"name"`
	Starts    string      `json:"starts" validate:"required,oneof=delivery loading arrival receipt claim discovery"`
	Days      int         `json:"days" validate:"min=0,max=3650"`
	Months    int         `json:"months" validate:"min=0,max=120"`
	Years     int         `json:"years" validate:"min=0,max=30"`
	Hidden    string      `json:"hidden" validate:"omitempty,oneof=apparent latent"`
	Towards   string      `json:"towards" validate:"required,oneof=customer supplier carrier insurer"`
	Incoterms string      `json:"incoterms" validate:"max=60"`
	Workdays  bool        `json:"workdays"`
	Source    models.Text `json:"source"`
	Citation  string      `json:"citation" validate:"required,max=500"`
	RetiredOn models.Date `json:"retired_on"`
}

// RuleSet is every edition of the dated rules, by code and edition.
type RuleSet struct {
	Items []models.ClockRule `json:"items"`
}

// SeedRules stores the first editions of the dated rules where they are missing;
// at may be any time. Repeating it changes nothing.
func SeedRules(ctx context.Context, tx *gorm.DB, at time.Time) error {
	rows := firstEditions(at)
	for n := range rows {
		rows[n].ID = models.NewID()
	}
	return tx.WithContext(ctx).Clauses(clause.OnConflict{DoNothing: true}).Create(&rows).Error
}

func firstEditions(at time.Time) []models.ClockRule {
	rows := slices.Clone(defaultRules)
	for n := range rows {
		rows[n].Edition, rows[n].CreatedAt = 1, models.Now(at)
	}
	return rows
}

// ensureRules is SeedRules for a database that has none.
func ensureRules(ctx context.Context, tx *gorm.DB, at time.Time) error {
	rows, err := gorm.G[models.ClockRule](tx).Select("id").Limit(1).Find(ctx)
	if err != nil || len(rows) > 0 {
		return err
	}
	return SeedRules(ctx, tx, at)
}

// Rules lists every edition of the dated rules; of a database that has none yet
// the first ones, which have no id.
func Rules(ctx context.Context, tx *gorm.DB, at time.Time) (*RuleSet, error) {
	rules, err := gorm.G[models.ClockRule](tx).Order("code, edition").Find(ctx)
	if err == nil && len(rules) == 0 {
		rules = firstEditions(at)
	}
	return &RuleSet{rules}, err
}

// AddRule enters a new edition of a rule, or a new rule. Earlier editions stay
// and count for the claims received before it.
func AddRule(ctx context.Context, tx *gorm.DB, by models.Actor, in RuleInput) (*models.ClockRule, error) {
	if !by.Is(models.Admin) {
		return nil, models.Errorf(models.CodeForbidden, "", "Changing rules needs the role %s.", "修改规则需要角色 %s。", models.Admin)
	}
	if err := checkRule(in); err != nil {
		return nil, err
	}
	if err := ensureRules(ctx, tx, by.At); err != nil {
		return nil, err
	}
	editions, err := gorm.G[models.ClockRule](tx).Where("code = ?", in.Code).Find(ctx)
	if err != nil {
		return nil, err
	}
	r := models.ClockRule{
		ID: models.NewID(), Code: in.Code, Edition: 1, ValidFrom: in.ValidFrom, Name: in.Name, Starts: in.Starts, Days: in.Days, Months: in.Months, Years: in.Years,
		Hidden: in.Hidden, Towards: in.Towards, Incoterms: in.Incoterms, Workdays: in.Workdays, Source: in.Source, Citation: in.Citation,
		CreatedAt: models.Now(by.At), RetiredOn: in.RetiredOn,
	}
	for _, e := range editions {
		r.Edition = max(r.Edition, e.Edition+1)
		if e.ValidFrom > in.ValidFrom {
			return nil, models.Invalid("valid_from", "Edition %d counts from %s: a later edition can't count before it.", "第 %d 版自 %s 起适用：较新版本不能早于该日。", e.Edition, e.ValidFrom)
		}
	}
	if err := gorm.G[models.ClockRule](tx).Create(ctx, &r); err != nil {
		return nil, err
	}
	return &r, audit.Record(ctx, tx, by, "add", "clock_rule", r.ID, in)
}

func checkRule(in RuleInput) error {
	if in.Name.ZH == "" || in.Name.EN == "" {
		return models.Invalid("name", "Name the rule in Chinese and English.", "请填写规则的中英文名称。")
	}
	if in.Source.ZH == "" || in.Source.EN == "" {
		return models.Invalid("source", "Give the source's text in Chinese and English.", "请填写来源的中英文文本。")
	}
	for _, r := range in.Code {
		if (r < 'a' || r > 'z') && (r < '0' || r > '9') && r != '_' {
			return models.Invalid("code", "%q is not a code: write it as carrier_notice.", "%q 不是有效代码：请写成 carrier_notice 的形式。", in.Code)
		}
	}
	return inOrder("retired_on", "valid_from", in.ValidFrom, in.RetiredOn)
}

// inForce are the rules that count for a claim received on a day: of each code
// the newest edition that was valid by then, unless it was retired.
func inForce(rules []models.ClockRule, on models.Date) []models.ClockRule {
	newest := map[string]models.ClockRule{}
	for _, r := range rules {
		if old, has := newest[r.Code]; r.ValidFrom <= on && (!has || r.Edition > old.Edition) {
			newest[r.Code] = r
		}
	}
	var out []models.ClockRule
	for _, r := range newest {
		if r.RetiredOn.IsZero() || on < r.RetiredOn {
			out = append(out, r)
		}
	}
	slices.SortFunc(out, func(a, b models.ClockRule) int { return cmp.Compare(a.Code, b.Code) })
	return out
}
