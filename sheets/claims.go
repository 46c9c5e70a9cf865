package sheets

import (
	"strconv"

	"recourse/claims"
	"recourse/contracts"
	"recourse/database"
	"recourse/models"
)

// claimDraft is a claim of a sheet: its rows, and what they say.
type claimDraft struct {
	in       claims.OpenInput
	contract *models.Contract // nil where none was found
	head     sheetRow
	rows     []int // of the sheet, for each item of in
	bad      bool  // a row of it was refused
}

// claimReader makes drafts of a sheet of claims.
type claimReader struct {
	*reader
	contracts map[string]sold
	customers map[string]found
	shipments map[string]found
	lots      map[string]found
}

// sold is the sales contract that a number names, or why none, and the claims
// under it by the key of the customer's reference.
type sold struct {
	contract *models.Contract
	claims   map[string]string
	err      error
}

// drafts groups the rows by reference and contract, in the order of the sheet.
func (r *claimReader) drafts() ([]*claimDraft, error) {
	var all []*claimDraft
	byKey := map[[2]string]*claimDraft{}
	for _, row := range r.sheet.rows {
		before := len(r.errors)
		key := [2]string{models.Key(r.cell(row, "customer_reference")), models.Key(r.cell(row, "sales_contract_id"))}
		d := byKey[key]
		if d == nil || key[0] == "" || key[1] == "" {
			if len(all) == MaxClaims {
				return nil, models.Errorf(models.CodeTooLarge, "", "The sheet has more than %d claims: split it.", "表格中的索赔超过 %d 件：请拆分。", MaxClaims)
			}
			d = &claimDraft{head: row}
			if err := r.readHead(row, d); err != nil {
				return nil, err
			}
			all, byKey[key] = append(all, d), d
		} else {
			r.sameHead(d.head, row)
		}
		item, err := r.readItem(row, d.contract)
		if err != nil {
			return nil, err
		}
		if d.bad = d.bad || len(r.errors) > before; len(r.errors) == before {
			d.in.Items, d.rows = append(d.in.Items, item), append(d.rows, row.n)
		}
	}
	return all, nil
}

func (r *claimReader) readHead(row sheetRow, d *claimDraft) error {
	in, before := &d.in, len(r.errors)
	err := r.takeAll(row, []takes{
		{"customer_reference", func(s string) error {
			in.CustomerReference, _ = prose(s)
			return needed(s)
		}},
		{"sales_contract_id", func(s string) (err error) {
			if d.contract, err = r.contract(s); err == nil {
				in.SalesContractID = d.contract.ID
			}
			return err
		}},
		{"customer_id", into(&in.CustomerID, r.customer)},
		{"shipment_id", func(s string) (err error) {
			in.ShipmentID, err = r.shipment(d.contract, s)
			return err
		}},
		{"received_on", func(s string) (err error) {
			if err = needed(s); err == nil {
				in.ReceivedOn, err = r.day(s)
			}
			return err
		}},
		{"survey_body", into(&in.SurveyBody, prose)}, {"survey_on", into(&in.SurveyOn, r.day)}, {"summary", into(&in.Summary, prose)},
	})
	if err != nil || len(r.errors) > before {
		return err
	}
	if number, entered := r.entered(d.contract, in.CustomerReference); entered {
		r.refuse(row.n, "customer_reference", models.Conflict("", "%s has this reference under this contract already: remove its rows, or add items to that claim.",
			"%s 已登记该合同下的此编号：请删除这些行，或在该索赔中增加索赔项。", number))
		return nil
	}
	checked := *in
	checked.Items = []claims.ItemInput{{Reason: models.ReasonOther, SalesLineID: models.NewID()}} // the head alone is looked at
	return r.valid(row.n, &checked)
}

func (r *claimReader) readItem(row sheetRow, contract *models.Contract) (i claims.ItemInput, err error) {
	var line *models.ContractLine
	before := len(r.errors)
	err = r.takeAll(row, []takes{
		{"reason", into(&i.Reason, reason)},
		{"sales_line_id", func(s string) (err error) {
			if line, err = lineIn(contract, s); line != nil {
				i.SalesLineID = line.ID
			}
			return err
		}},
		{"lot_id", func(s string) (err error) {
			i.LotID, err = r.lot(line, s)
			return err
		}},
		{"defect", into(&i.Defect, word)}, {"characteristic", into(&i.Characteristic, word)},
		{"quantity", into(&i.Quantity, quantity)}, {"unit", func(s string) error { return unitOf(line, s) }},
		{"", func(string) error {
			return money(&i.Claimed, r.cell(row, "claimed.amount"), r.cell(row, "claimed.currency"))
		}},
		{"apparent", func(s string) error {
			if err := needed(s); err != nil {
				return err
			}
			could, err := parseYes(s)
			i.Apparent = &could
			return err
		}},
		{"discovered_on", into(&i.DiscoveredOn, r.day)}, {"text", into(&i.Text, prose)},
	})
	if err != nil || len(r.errors) > before || line == nil {
		return i, err
	}
	return i, r.valid(row.n, &i)
}

func (r *claimReader) day(s string) (models.Date, error) { return parseDate(s, r.sheet.date1904) }

// reason reads a reason as its code or as its word in either language.
func reason(s string) (models.ClaimReason, error) {
	if err := needed(s); err != nil {
		return "", err
	}
	code, known := models.ReasonWords.Code(s)
	if !known {
		return "", models.Invalid("", "%q is not a reason: choose one from the template's list.", "%q 不是索赔理由：请从模板的列表中选择。", cut(s))
	}
	return models.ClaimReason(code), nil
}

func quantity(s string) (models.Quantity, error) {
	if s = normal(s); s == "" {
		return 0, nil
	}
	return models.ParseQuantity("", s)
}

// money reads an amount with its currency; the error names the cell it is about.
func money(to *models.Money, amount, currency string) (err error) {
	if err := needed(amount); err != nil {
		return models.At("claimed.amount", err)
	}
	if err := needed(currency); err != nil {
		return models.At("claimed.currency", err)
	}
	currency, _ = upper(currency)
	*to, err = models.ParseMoney("claimed", normal(amount), currency)
	return err
}

// lineIn finds a line by its number; without a contract there is nothing to find.
func lineIn(contract *models.Contract, s string) (*models.ContractLine, error) {
	if err := needed(s); err != nil {
		return nil, err
	}
	n, err := parseCount(s)
	if err != nil || contract == nil {
		return nil, err
	}
	for i := range contract.Lines {
		if contract.Lines[i].LineNo == *n {
			return &contract.Lines[i], nil
		}
	}
	return nil, models.Invalid("", "Contract %s has no line %d: look up its lines.", "合同 %s 没有第 %d 行：请核对合同行号。", contract.Number, *n)
}

// unitOf refuses a quantity that is counted in another unit than the line.
func unitOf(line *models.ContractLine, s string) error {
	if s = normal(s); s == "" || line == nil || models.Key(s) == models.Key(line.Unit) {
		return nil
	}
	return models.Invalid("", "Line %d counts in %s: give the quantity in that unit.", "第 %d 行的单位为 %s：请按此单位填写数量。", line.LineNo, line.Unit)
}

func (r *claimReader) contract(s string) (*models.Contract, error) {
	if err := needed(s); err != nil {
		return nil, err
	}
	key := models.Key(s)
	f, known := r.contracts[key]
	if !known {
		f.contract, f.err = contracts.ContractByNumber(r.ctx, r.tx, r.by, models.SalesContract, s)
		f.err = unknown(f.err, "sales contract", "销售合同", s)
		if f.err == nil {
			f.claims, f.err = r.claimsUnder(f.contract.ID)
		}
		r.contracts[key] = f
	}
	return f.contract, f.err
}

// claimsUnder are the numbers of the claims under a contract, except those that
// were withdrawn, by the key of their reference.
func (r *claimReader) claimsUnder(contract models.ID) (map[string]string, error) {
	numbers := map[string]string{}
	q := database.Query{Filters: map[string]string{"sales_contract_id": contract.String()}, Limit: strconv.Itoa(database.MaxLimit)}
	for {
		page, err := claims.List(r.ctx, r.tx, r.by, q)
		if err != nil {
			return nil, err
		}
		for _, c := range page.Items {
			if c.WithdrawnAt == nil {
				numbers[models.Key(c.CustomerReference)] = c.Number
			}
		}
		if q.Cursor = page.NextCursor; q.Cursor == "" {
			return numbers, nil
		}
	}
}

// entered finds the claim that is there with this reference.
func (r *claimReader) entered(contract *models.Contract, reference string) (number string, is bool) {
	number, is = r.contracts[models.Key(contract.Number)].claims[models.Key(reference)]
	return number, is
}

func (r *claimReader) customer(s string) (*models.ID, error) {
	if s = normal(s); s == "" {
		return nil, nil
	}
	id, err := lookUp(r.customers, s, func() (models.ID, error) {
		p, err := contracts.PartyByCode(r.ctx, r.tx, r.by, s)
		if err != nil {
			return models.ID{}, unknown(err, "customer", "客户", s)
		}
		return p.ID, nil
	})
	return &id, err
}

// shipment finds the contract's shipment by its bill of lading.
func (r *claimReader) shipment(contract *models.Contract, s string) (*models.ID, error) {
	if s = normal(s); s == "" || contract == nil {
		return nil, nil
	}
	id, err := lookUp(r.shipments, contract.ID.String()+" "+s, func() (models.ID, error) {
		q := database.Query{Filters: map[string]string{"sales_contract_id": contract.ID.String(), "bill_of_lading": s}, Limit: "2"}
		page, err := contracts.ListShipments(r.ctx, r.tx, r.by, q)
		switch {
		case err != nil:
			return models.ID{}, err
		case len(page.Items) == 0:
			return models.ID{}, models.Invalid("", "Contract %s has no shipment with the bill of lading %q: correct it or leave it empty.", "合同 %s 没有提单号为 %q 的发运：请更正或留空。", contract.Number, cut(s))
		case len(page.Items) > 1:
			return models.ID{}, models.Invalid("", "Contract %s has several shipments with the bill of lading %q: leave it empty and name the batch.", "合同 %s 有多次发运的提单号为 %q：请留空并填写批号。", contract.Number, cut(s))
		}
		return page.Items[0].ID, nil
	})
	return &id, err
}

// lot finds a batch among the purchase lines that feed the sales line.
func (r *claimReader) lot(line *models.ContractLine, s string) (*models.ID, error) {
	if s = normal(s); s == "" || line == nil {
		return nil, nil
	}
	id, err := lookUp(r.lots, line.ID.String()+" "+s, func() (models.ID, error) {
		var found []models.ID
		for _, link := range line.FedBy {
			l, err := contracts.LotByBatch(r.ctx, r.tx, r.by, link.PurchaseLineID, s)
			if models.IsCode(err, models.CodeNotFound) {
				continue
			}
			if err != nil {
				return models.ID{}, err
			}
			found = append(found, l.ID)
		}
		switch len(found) {
		case 0:
			return models.ID{}, models.Invalid("", "No batch %[2]q feeds line %[1]d: correct it or leave it empty.", "第 %[1]d 行没有批号为 %[2]q 的货源：请更正或留空。", line.LineNo, cut(s))
		case 1:
			return found[0], nil
		}
		return models.ID{}, models.Invalid("", "Several purchases that feed line %[1]d have a batch %[2]q: leave it empty and enter the lot in the claim.", "第 %[1]d 行的多个采购来源都有批号 %[2]q：请留空，并在索赔中填写。", line.LineNo, cut(s))
	})
	return &id, err
}
