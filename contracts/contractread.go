package contracts

import (
	"context"

	"gorm.io/gorm"

	"recourse/database"
	"recourse/models"
)

// ContractList is what a list of contracts may be filtered and sorted by.
var ContractList = database.List{
	Filters: map[string]database.Filter{
		"kind":        {SQL: "contracts.kind = ?", Values: []string{"purchase", "sales"}},
		"party_id":    {SQL: "contracts.party_id = ?", Kind: database.FilterID},
		"number":      {SQL: "contracts.number_key = ?", Kind: database.FilterKey},
		"product_id":  {SQL: "contracts.id IN (SELECT x.contract_id FROM contract_lines x WHERE x.product_id = ?)", Kind: database.FilterID},
		"standard_id": {SQL: "contracts.id IN (SELECT x.contract_id FROM contract_lines x WHERE x.standard_id = ?)", Kind: database.FilterID},
		"closed":      {SQL: "(contracts.closed_at IS NOT NULL) = ?", Kind: database.FilterBool},
		"q": {SQL: `contracts.id IN (SELECT x.id FROM contracts x JOIN parties p ON p.id = x.party_id
			WHERE CONCAT(x.number_key, ' ', p.search) LIKE ? ESCAPE '!')`, Kind: database.FilterSearch},
	},
	Sorts:   []string{"id"},
	Default: "-id",
}

// ListContracts reads a page of contracts with their lines, in three statements.
func ListContracts(ctx context.Context, tx *gorm.DB, by models.Actor, q database.Query) (database.Page[models.Contract], error) {
	page, err := database.Find[models.Contract](ctx, visibleContracts(tx, by), ContractList, q)
	if err != nil {
		return page, err
	}
	return page, withLines(ctx, tx, by, page.Items)
}

// GetContract loads a contract with its lines.
func GetContract(ctx context.Context, tx *gorm.DB, by models.Actor, id models.ID) (*models.Contract, error) {
	return whole(ctx, tx, by, "contracts.id = ?", id)
}

// ContractByNumber finds a contract by the number people quote.
func ContractByNumber(ctx context.Context, tx *gorm.DB, by models.Actor, kind models.ContractKind, number string) (*models.Contract, error) {
	return whole(ctx, tx, by, "contracts.kind = ? AND contracts.number_key = ?", kind, models.Key(number))
}

// Line loads a line with its contract; the contract's Lines hold all its lines.
func Line(ctx context.Context, tx *gorm.DB, by models.Actor, id models.ID) (*models.ContractLine, *models.Contract, error) {
	c, err := whole(ctx, tx, by, "contracts.id IN (SELECT x.contract_id FROM contract_lines x WHERE x.id = ?)", id)
	if err != nil {
		return nil, nil, lineNotFound(err)
	}
	return lineOf(c, id), c, nil
}

// LineIn loads a line of that contract; another contract's line is not found.
func LineIn(ctx context.Context, tx *gorm.DB, by models.Actor, contract, id models.ID) (*models.ContractLine, *models.Contract, error) {
	c, err := GetContract(ctx, tx, by, contract)
	if err != nil {
		return nil, nil, err
	}
	if l := lineOf(c, id); l != nil {
		return l, c, nil
	}
	return nil, nil, lineNotFound(nil)
}

// LineByNumber finds a line by its contract's kind and number and its own number.
func LineByNumber(ctx context.Context, tx *gorm.DB, by models.Actor, kind models.ContractKind, number string, lineNo int) (*models.ContractLine, *models.Contract, error) {
	c, err := ContractByNumber(ctx, tx, by, kind, number)
	if err != nil {
		return nil, nil, err
	}
	for i := range c.Lines {
		if c.Lines[i].LineNo == lineNo {
			return &c.Lines[i], c, nil
		}
	}
	return nil, nil, lineNotFound(nil)
}

func lineNotFound(err error) error {
	if err == nil || models.IsCode(err, models.CodeNotFound) {
		return models.NotFound("contract line", "合同行")
	}
	return err
}

func head(ctx context.Context, tx *gorm.DB, by models.Actor, id models.ID) (*models.Contract, error) {
	return one[models.Contract](ctx, visibleContracts(tx, by), "contract", "合同", "contracts.id = ?", id)
}

func whole(ctx context.Context, tx *gorm.DB, by models.Actor, where string, args ...any) (*models.Contract, error) {
	c, err := one[models.Contract](ctx, visibleContracts(tx, by), "contract", "合同", where, args...)
	if err != nil {
		return nil, err
	}
	found := []models.Contract{*c}
	if err := withLines(ctx, tx, by, found); err != nil {
		return nil, err
	}
	return &found[0], nil
}

// withLines fills the lines of contracts and their links in two statements, and
// leaves out prices for who may not see them.
func withLines(ctx context.Context, tx *gorm.DB, by models.Actor, contracts []models.Contract) error {
	ids := make([]models.ID, len(contracts))
	at := make(map[models.ID]*models.Contract, len(contracts))
	for i := range contracts {
		c := &contracts[i]
		c.Lines = []models.ContractLine{}
		ids[i], at[c.ID] = c.ID, c
	}
	lines, err := gorm.G[models.ContractLine](tx).Where("contract_id IN ?", ids).Order("contract_id, line_no").Find(ctx)
	if err != nil {
		return err
	}
	links, err := gorm.G[models.LineLink](tx).
		Where("sales_line_id IN (SELECT x.id FROM contract_lines x WHERE x.contract_id IN ?)", ids).Order("sales_line_id, purchase_line_id").Find(ctx)
	if err != nil {
		return err
	}
	fedBy := map[models.ID][]models.LineLink{}
	for _, l := range links {
		fedBy[l.SalesLineID] = append(fedBy[l.SalesLineID], l)
	}
	for _, l := range lines {
		if l.FedBy = fedBy[l.ID]; l.FedBy == nil {
			l.FedBy = []models.LineLink{}
		}
		if !by.SeesPrices() {
			l.UnitPrice = models.Decimal{}
		}
		c := at[l.ContractID]
		c.Lines = append(c.Lines, l)
	}
	return nil
}
