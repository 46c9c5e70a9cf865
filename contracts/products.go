package contracts

import (
	"context"

	"gorm.io/gorm"

	"recourse/audit"
	"recourse/database"
	"recourse/models"
)

// ProductInput makes a product. ID may be the client's own.
type ProductInput struct {
	ID            *models.ID  `json:"id"`
	Code          string      `json:"code" validate:"required,max=60"`
	Name          models.Text `json:"name"`
	Category      string      `json:"category" validate:"max=100"`
	Unit          string      `json:"unit" validate:"required,max=20"` // sheet, m2, pcs …
	Specification string      `json:"specification" validate:"max=4000"`
}

// ProductPatch changes what it gives.
type ProductPatch struct {
	Code          *string      `json:"code,omitempty" validate:"omitempty,min=1,max=60"`
	Name          *models.Text `json:"name,omitempty"`
	Category      *string      `json:"category,omitempty" validate:"omitempty,max=100"`
	Unit          *string      `json:"unit,omitempty" validate:"omitempty,min=1,max=20"`
	Specification *string      `json:"specification,omitempty" validate:"omitempty,max=4000"`
}

// ProductList is what a list of products may be filtered and sorted by.
var ProductList = database.List{
	Filters: map[string]database.Filter{
		"code":     {SQL: "products.code_key = ?", Kind: database.FilterKey},
		"category": {SQL: "products.category = ?"},
		"q":        {SQL: "products.search LIKE ? ESCAPE '!'", Kind: database.FilterSearch},
	},
	Sorts:   []string{"code_key", "id"},
	Default: "code_key",
}

// CreateProduct enters a product.
func CreateProduct(ctx context.Context, tx *gorm.DB, by models.Actor, in ProductInput) (*models.Product, error) {
	if again, err := repeated(ctx, tx, "product", in.ID, in); err != nil {
		return nil, err
	} else if again {
		return GetProduct(ctx, tx, by, *in.ID)
	}
	p := models.Product{
		ID: idOr(in.ID), Code: in.Code, Name: in.Name, Category: in.Category, Unit: in.Unit, Specification: in.Specification,
		Version: 1, CreatedAt: models.Now(by.At), UpdatedAt: models.Now(by.At),
	}
	if err := checkProduct(ctx, tx, by, &p); err != nil {
		return nil, err
	}
	if err := gorm.G[models.Product](tx).Create(ctx, &p); err != nil {
		return nil, err
	}
	return &p, audit.Record(ctx, tx, by, "create", "product", p.ID, in)
}

// UpdateProduct changes a product that is at version.
func UpdateProduct(ctx context.Context, tx *gorm.DB, by models.Actor, id models.ID, version int, in ProductPatch) (*models.Product, error) {
	p, err := GetProduct(ctx, tx, by, id)
	if err != nil {
		return nil, err
	}
	if p.Version != version {
		return nil, database.Stale(p.Version)
	}
	c := changes{}
	give(c, "code", &p.Code, in.Code)
	give(c, "category", &p.Category, in.Category)
	give(c, "unit", &p.Unit, in.Unit)
	give(c, "specification", &p.Specification, in.Specification)
	if in.Name != nil {
		p.Name = *in.Name
		c["name_zh"], c["name_en"] = p.Name.ZH, p.Name.EN
	}
	if err := checkProduct(ctx, tx, by, p); err != nil {
		return nil, err
	}
	c["code"], c["code_key"], c["search"] = p.Code, p.CodeKey, p.Search
	if err := update[models.Product](ctx, tx, by, "update", "product", id, version, c, in); err != nil {
		return nil, err
	}
	p.Version++
	p.UpdatedAt = models.Now(by.At)
	return p, nil
}

// GetProduct loads a product.
func GetProduct(ctx context.Context, tx *gorm.DB, by models.Actor, id models.ID) (*models.Product, error) {
	return one[models.Product](ctx, visibleProducts(tx, by), "product", "商品", "products.id = ?", id)
}

// ProductByCode finds a product by the code people quote.
func ProductByCode(ctx context.Context, tx *gorm.DB, by models.Actor, code string) (*models.Product, error) {
	return one[models.Product](ctx, visibleProducts(tx, by), "product", "商品", "products.code_key = ?", models.Key(code))
}

// ListProducts reads a page of products.
func ListProducts(ctx context.Context, tx *gorm.DB, by models.Actor, q database.Query) (database.Page[models.Product], error) {
	return database.Find[models.Product](ctx, visibleProducts(tx, by), ProductList, q)
}

// checkProduct checks a product before it is written and fills its key and search text.
func checkProduct(ctx context.Context, tx *gorm.DB, by models.Actor, p *models.Product) (err error) {
	if err := allow(by, "products", "商品", models.Purchasing, models.Sales); err != nil {
		return err
	}
	if p.Code, p.CodeKey, err = code("code", p.Code, 60); err != nil {
		return err
	}
	if p.Name.IsZero() {
		return models.Invalid("name", "is required in Chinese or English.", "中文或英文名称至少填写一个。")
	}
	p.Search = searchText(p.Code, p.Name.ZH, p.Name.EN)
	return free[models.Product](ctx, tx, p.ID, "code", p.Code, "code_key = ?", p.CodeKey)
}
