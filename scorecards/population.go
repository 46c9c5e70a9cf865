package scorecards

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"gorm.io/gorm"
	"gorm.io/gorm/schema"

	"recourse/database"
	"recourse/models"
)

// Scope limits figures to a product or a category of products; empty for all.
type Scope struct {
	Product  *models.ID `json:"product"`
	Category string     `json:"category" validate:"max=100"`
}

func (s Scope) about() about {
	if s.Product != nil || s.Category != "" {
		return oneProduct
	}
	return wholeSupplier
}

// member is one supplier's sums over a period.
type member struct {
	SupplierID models.ID
	models.SupplierCounts
	Missing string
}

// population is every supplier with figures in a period, and what they say together.
type population struct {
	members []member
	priors  priors
}

// sums is SUM(column) AS column for every figure of the roll-up.
var sums = sumColumns()

// missingRate lists the rates that the rows of a sum lack: "EUR,USD 2026-05,USD 2026-06".
const missingRate = "COALESCE(GROUP_CONCAT(CASE WHEN missing <> '' THEN CONCAT(missing, ' ', month) END), '') AS missing"

func sumColumns() string {
	var out []string
	t := reflect.TypeFor[models.SupplierCounts]()
	for n := range t.NumField() {
		column := schema.NamingStrategy{}.ColumnName("", t.Field(n).Name)
		out = append(out, "SUM("+column+") AS "+column)
	}
	return strings.Join(out, ", ")
}

// populationOf is the population of a period, remembered until the roll-up moves.
// One of a category isn't: a product's category may change without the roll-up.
func populationOf(ctx context.Context, tx *gorm.DB, p models.Period, s Scope) (population, error) {
	at, sweeping, err := marks(ctx, tx)
	if err != nil {
		return population{}, err
	}
	product := models.AllProducts
	switch {
	case s.Product != nil:
		product = *s.Product
	case s.Category != "":
		return summed(ctx, tx, p, s)
	}
	return database.Remember(tx, fmt.Sprint("population ", p.From, p.To, product), fmt.Sprint(at, sweeping), func() (population, error) {
		return summed(ctx, tx, p, s)
	})
}

// summed sums the roll-up over the months of a period: its cost grows with these
// and the number of suppliers, not with what was inspected.
func summed(ctx context.Context, tx *gorm.DB, p models.Period, s Scope) (population, error) {
	q := tx.WithContext(ctx).Model(&models.SupplierMonth{}).
		Select("supplier_id, "+sums+", "+missingRate).
		Where("month BETWEEN ? AND ?", p.From, p.To)
	switch {
	case s.Product != nil:
		q = q.Where("product_id = ?", *s.Product)
	case s.Category != "":
		q = q.Where("product_id IN (SELECT id FROM products WHERE category = ?)", s.Category)
	default:
		q = q.Where("product_id = ?", models.AllProducts)
	}
	var out population
	if err := q.Group("supplier_id").Scan(&out.members).Error; err != nil {
		return out, err
	}
	counts := make([]models.SupplierCounts, len(out.members))
	for n, m := range out.members {
		counts[n] = m.SupplierCounts
	}
	out.priors = priorsOf(counts)
	return out, nil
}

// find is one supplier's sums; zero where it has none.
func (p population) find(supplier models.ID) member {
	for _, m := range p.members {
		if m.SupplierID == supplier {
			return m
		}
	}
	return member{SupplierID: supplier}
}

// missing lists "USD 2026-05" for every month and currency without a rate.
func (m member) missing() []string {
	out, waiting := []string{}, []string{}
	if m.Missing == "" {
		return out
	}
	for token := range strings.SplitSeq(m.Missing, ",") {
		currency, month, last := strings.Cut(token, " ")
		if currency == "" {
			continue
		}
		if waiting = append(waiting, currency); last {
			for _, c := range waiting {
				out = append(out, c+" "+month)
			}
			waiting = waiting[:0]
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// weights are the indicators that count for a scope: the category's own where the profile has them.
func (s Scope) weights(c models.ProfileContent) []models.IndicatorWeight {
	if own, has := c.Categories[s.Category]; has && s.Category != "" {
		return own
	}
	return c.Indicators
}

// score scores one member by a profile.
func (p population) score(m member, c models.ProfileContent, s Scope) models.ScoreResult {
	return score(c, s.weights(c), p.priors, m.SupplierCounts, m.missing(), s.about())
}
