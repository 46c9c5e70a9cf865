package sheets

import (
	"context"
	"slices"
	"strconv"

	"gorm.io/gorm"

	"recourse/contracts"
	"recourse/database"
	"recourse/models"
)

// contractOptions are the fields of contracts with the codes that are in the books.
func contractOptions(ctx context.Context, tx *gorm.DB, by models.Actor, kind models.ContractKind) ([]field, error) {
	with := models.PartySupplier
	if kind == models.SalesContract {
		with = models.PartyCustomer
	}
	parties, err := codes(ctx, tx, by, database.Query{Filters: map[string]string{"kind": string(with), "archived": "false"}}, contracts.ListParties,
		func(p models.Party) string { return p.Code })
	if err != nil {
		return nil, err
	}
	products, err := codes(ctx, tx, by, database.Query{}, contracts.ListProducts, func(p models.Product) string { return p.Code })
	if err != nil {
		return nil, err
	}
	units, err := unitsOf(ctx, tx, by)
	if err != nil {
		return nil, err
	}
	standards, err := codes(ctx, tx, by, database.Query{Filters: map[string]string{"state": string(models.StandardActive)}}, contracts.ListStandards,
		func(s models.Standard) string { return s.Code + " v" + strconv.Itoa(s.VersionNo) })
	if err != nil {
		return nil, err
	}
	fields := fieldsOf(kind)
	for i := range fields {
		switch f := &fields[i]; f.name {
		case "party_id":
			f.options = parties
		case "product_id":
			f.options = products
		case "standard_id":
			f.options = standards
		case "unit":
			f.options = union(f.options, units)
		}
	}
	return fields, nil
}

// claimOptions are the fields of claims with the customers, sales contracts and
// units that are in the books.
func claimOptions(ctx context.Context, tx *gorm.DB, by models.Actor) ([]field, error) {
	customers, err := codes(ctx, tx, by, database.Query{Filters: map[string]string{"kind": string(models.PartyCustomer), "archived": "false"}}, contracts.ListParties,
		func(p models.Party) string { return p.Code })
	if err != nil {
		return nil, err
	}
	numbers, err := codes(ctx, tx, by, database.Query{Filters: map[string]string{"kind": string(models.SalesContract)}}, contracts.ListContracts,
		func(c models.Contract) string { return c.Number })
	if err != nil {
		return nil, err
	}
	units, err := unitsOf(ctx, tx, by)
	if err != nil {
		return nil, err
	}
	fields := slices.Clone(claimFields)
	for i := range fields {
		switch f := &fields[i]; f.name {
		case "customer_id":
			f.options = customers
		case "sales_contract_id":
			f.options = numbers
		case "unit":
			f.options = union(unitOptions, units)
		}
	}
	return fields, nil
}

// unitsOf are the units in which products are counted.
func unitsOf(ctx context.Context, tx *gorm.DB, by models.Actor) ([]string, error) {
	return codes(ctx, tx, by, database.Query{}, contracts.ListProducts, func(p models.Product) string { return p.Unit })
}

// union is a list with what it lacks of another behind it.
func union(all, more []string) []string {
	all = slices.Clone(all)
	for _, m := range more {
		if !slices.Contains(all, m) {
			all = append(all, m)
		}
	}
	return all
}

// maxOptions is how many codes a drop-down offers.
const maxOptions = 2000

// codes reads up to maxOptions different codes of a list.
func codes[T any](ctx context.Context, tx *gorm.DB, by models.Actor, q database.Query,
	verb func(context.Context, *gorm.DB, models.Actor, database.Query) (database.Page[T], error), code func(T) string) ([]string, error) {
	var all []string
	seen := map[string]bool{}
	q.Limit = strconv.Itoa(database.MaxLimit)
	for pages := 0; pages < maxOptions/database.MaxLimit; pages++ {
		page, err := verb(ctx, tx, by, q)
		if err != nil {
			return nil, err
		}
		for _, item := range page.Items {
			if c := code(item); !seen[c] {
				seen[c] = true
				all = append(all, c)
			}
		}
		if q.Cursor = page.NextCursor; q.Cursor == "" {
			break
		}
	}
	slices.Sort(all)
	return all, nil
}
