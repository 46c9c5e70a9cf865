package server

import (
	"bytes"
	"context"
	"io"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"time"

	"gorm.io/gorm"

	"recourse/claims"
	"recourse/contracts"
	"recourse/database"
	"recourse/inspections"
	"recourse/models"
	"recourse/recovery"
	"recourse/sheets"
)

// sheetTimeout is for a whole list or sheet.
const sheetTimeout = 2 * time.Minute

const (
	xlsxType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	csvType  = "text/csv; charset=utf-8"
)

func sheetRoutes() []Route {
	actions := []models.Role{models.Purchasing, models.Sales, models.Finance, models.Viewer}
	return []Route{
		exports(sheets.Parties, contracts.PartyList, nil, contracts.ListParties),
		exports(sheets.Products, contracts.ProductList, nil, contracts.ListProducts),
		exports(sheets.Standards, contracts.StandardList, nil, contracts.ListStandards),
		exports(sheets.Contracts, contracts.ContractList, nil, contracts.ListContracts),
		exports(sheets.Lots, contracts.LotList, nil, contracts.ListLots),
		exports(sheets.Shipments, contracts.ShipmentList, nil, contracts.ListShipments),
		exports(sheets.Inspections, inspections.Filters, nil, inspections.List),
		exports(sheets.Claims, claims.Filters, nil, claims.List),
		exports(sheets.RecoveryCases, recovery.CaseList, seesMoney, recovery.ListCases),
		exports(sheets.DebitNotes, recovery.NoteList, seesMoney, recovery.ListNotes),
		exports(sheets.CorrectiveActions, recovery.ActionList, actions, recovery.ListActions),
		importTemplate("purchase_contracts", models.Purchasing, contractTemplate(models.PurchaseContract)),
		importTemplate("sales_contracts", models.Sales, contractTemplate(models.SalesContract)),
		importTemplate("claims", models.Sales, sheets.ClaimTemplate),
		imports("purchase_contracts", "contracts", models.Purchasing, importContracts(models.PurchaseContract)),
		imports("sales_contracts", "contracts", models.Sales, importContracts(models.SalesContract)),
		imports("claims", "claims", models.Sales, importClaims),
	}
}

// exports is the route of a list as a sheet: the same filters and scope as the
// list has, through the same verb, and the format and language of the sheet.
func exports[T any](l sheets.List, list database.List, roles []models.Role,
	verb func(context.Context, *gorm.DB, models.Actor, database.Query) (database.Page[T], error)) Route {
	list.Filters = maps.Clone(list.Filters)
	list.Filters["format"] = database.Filter{Values: []string{"csv", "xlsx"}}
	list.Filters["lang"] = database.Filter{Values: []string{"zh", "en"}}
	handle := with(func(s *Server, r *Request, _ none) (Blob, error) {
		if r.Query.Limit != "" || r.Query.Cursor != "" {
			return Blob{}, models.Errorf(models.CodeMalformed, "limit", "An export holds the whole list: leave out limit and cursor.", "导出包含整个列表：请勿指定 limit 与 cursor。")
		}
		q := r.Query // a copy: a transaction that lost runs again
		q.Filters = maps.Clone(q.Filters)
		format, err := takeFilter(q, "format", "xlsx", "csv")
		if err != nil {
			return Blob{}, err
		}
		lang, err := takeFilter(q, "lang", r.Lang, "zh", "en")
		if err != nil {
			return Blob{}, err
		}
		table := sheets.Export(r.Ctx, r.Tx, r.By, l, q, lang, verb)
		write, media := sheets.WriteXLSX, xlsxType
		if format == "csv" {
			write, media = sheets.WriteCSV, csvType
		}
		var b bytes.Buffer
		if err := write(&b, table, lang, s.Config.Location); err != nil {
			return Blob{}, err
		}
		day := models.DateOf(s.now().In(s.Config.Location))
		return Blob{Name: l.File + "-" + string(day) + "." + format, Type: media, Content: bytes.NewReader(b.Bytes())}, nil
	})
	return Route{Method: "GET", Path: "/api/v1/exports/" + l.File, Roles: roles, Handle: handle, List: &list, Timeout: sheetTimeout, Tag: "sheets",
		Summary: l.Name.EN + " as CSV or XLSX: the whole list, by its filters"}
}

// takeFilter takes a parameter of the route's own out of the list's filters.
func takeFilter(q database.Query, name, otherwise string, others ...string) (string, error) {
	text, given := q.Filters[name]
	if !given {
		return otherwise, nil
	}
	delete(q.Filters, name)
	if text != otherwise && !slices.Contains(others, text) {
		return "", models.Errorf(models.CodeMalformed, name, "%q is not a value of this parameter.", "%q 不是此参数的可选值。", text)
	}
	return text, nil
}

// writeTemplate is a verb that writes a workbook to fill in.
type writeTemplate func(ctx context.Context, tx *gorm.DB, by models.Actor, w io.Writer) error

func contractTemplate(kind models.ContractKind) writeTemplate {
	return func(ctx context.Context, tx *gorm.DB, by models.Actor, w io.Writer) error {
		return sheets.Template(ctx, tx, by, kind, w)
	}
}

func importTemplate(name string, role models.Role, write writeTemplate) Route {
	handle := with(func(_ *Server, r *Request, _ none) (Blob, error) {
		var b bytes.Buffer
		if err := write(r.Ctx, r.Tx, r.By, &b); err != nil {
			return Blob{}, err
		}
		return Blob{Name: name + ".xlsx", Type: xlsxType, Content: bytes.NewReader(b.Bytes())}, nil
	})
	return Route{Method: "GET", Path: "/api/v1/imports/" + name + "/template", Roles: []models.Role{role}, Handle: handle, Timeout: sheetTimeout,
		Tag: "sheets", Summary: "A workbook to fill in, with drop-downs and explanations"}
}

// tryOnly is the parameter of an import that stores nothing.
var tryOnly = database.List{Filters: map[string]database.Filter{"dry_run": {Kind: database.FilterBool}}}

// sheetInput is a sheet that was sent, and whether it is only to be tried.
type sheetInput struct {
	sheet  *sheets.Sheet
	dryRun bool
}

// readSheet reads the sheet that a request carries, before its transaction begins.
func readSheet(r *Request) (any, error) {
	for name := range r.Query.Filters {
		if name != "dry_run" {
			return nil, models.Errorf(models.CodeMalformed, name, "There is no parameter of this name.", "没有此参数。")
		}
	}
	var in sheetInput
	if text, given := r.Query.Filters["dry_run"]; given {
		var err error
		if in.dryRun, err = strconv.ParseBool(text); err != nil {
			return nil, models.Errorf(models.CodeMalformed, "dry_run", "must be true or false.", "须为 true 或 false。")
		}
	}
	var err error
	in.sheet, err = sheets.Read(r.body)
	return in, err
}

// imports is the route that enters a sheet through its verb, all of it or
// nothing; a repeated request under the same key has one effect.
func imports[Out any](name, what string, role models.Role, verb func(r *Request, in sheetInput) (Out, error)) Route {
	handle := endpoint{
		in: reflect.TypeFor[Raw](), out: reflect.TypeFor[Out](), input: readSheet,
		call: func(_ *Server, r *Request, in any) (any, error) { return verb(r, in.(sheetInput)) },
	}
	return Route{Method: "POST", Path: "/api/v1/imports/" + name, Roles: []models.Role{role}, Handle: handle, List: &tryOnly, Idempotent: true,
		MaxBody: sheets.MaxFile, Timeout: sheetTimeout, Tag: "sheets",
		Summary: "Enter the " + what + " of a sheet (XLSX or CSV), all or none; dry_run shows what would come of it"}
}

func importContracts(kind models.ContractKind) func(*Request, sheetInput) (*sheets.Preview, error) {
	return func(r *Request, in sheetInput) (*sheets.Preview, error) {
		return sheets.ImportContracts(r.Ctx, r.Tx, r.By, kind, in.sheet, in.dryRun)
	}
}

func importClaims(r *Request, in sheetInput) (*sheets.ClaimsPreview, error) {
	return sheets.ImportClaims(r.Ctx, r.Tx, r.By, in.sheet, in.dryRun)
}
