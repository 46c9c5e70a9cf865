package sheets

import (
	"strconv"
	"strings"

	"recourse/contracts"
	"recourse/database"
	"recourse/models"
)

// draft is a contract of a sheet: its rows, and what they say.
type draft struct {
	in   contracts.ContractInput
	head sheetRow
	rows []int // of the sheet, for each line of in
	bad  bool  // a row of it was refused
}

// contractReader makes drafts of a sheet of contracts.
type contractReader struct {
	*reader
	kind models.ContractKind

	parties   map[string]found
	products  map[string]found
	standards map[string]found
	lines     map[string]found
}

// drafts groups the rows by contract number, in the order of the sheet.
func (r *contractReader) drafts() ([]*draft, error) {
	var all []*draft
	byNumber := map[string]*draft{}
	for _, row := range r.sheet.rows {
		number, before := strings.TrimSpace(r.cell(row, "number")), len(r.errors)
		d := byNumber[models.Key(number)]
		if d == nil {
			d = &draft{head: row, in: contracts.ContractInput{Kind: r.kind, Number: number}}
			if err := r.readHead(row, &d.in); err != nil {
				return nil, err
			}
			all = append(all, d)
			byNumber[models.Key(number)] = d
		} else {
			r.sameHead(d.head, row)
		}
		line, err := r.readLine(row)
		if err != nil {
			return nil, err
		}
		if d.bad = d.bad || len(r.errors) > before; len(r.errors) == before {
			d.in.Lines, d.rows = append(d.in.Lines, line), append(d.rows, row.n)
		}
	}
	return all, nil
}

func (r *contractReader) readHead(row sheetRow, in *contracts.ContractInput) error {
	day := func(s string) (models.Date, error) { return parseDate(s, r.sheet.date1904) }
	clause, before := &in.ClaimClause, len(r.errors)
	err := r.takeAll(row, []takes{
		{"number", needed}, {"signed_on", into(&in.SignedOn, day)}, {"party_id", into(&in.PartyID, r.party)},
		{"currency", into(&in.Currency, upper)}, {"incoterm", into(&in.Incoterm, word)}, {"port", into(&in.Port, prose)},
		{"latest_shipment", into(&in.LatestShipment, day)}, {"shipping_marks", into(&in.ShippingMarks, prose)}, {"packing", into(&in.Packing, prose)},
		{"quality_clause", into(&in.QualityClause, prose)}, {"required_documents", into(&in.RequiredDocuments, documents)},
		{"claim_clause.quality_days", into(&clause.QualityDays, parseCount)}, {"claim_clause.quantity_days", into(&clause.QuantityDays, parseCount)},
		{"claim_clause.other_days", into(&clause.OtherDays, parseCount)}, {"claim_clause.from", into(&clause.From, coded(models.ClaimStartWords))},
		{"claim_clause.survey_report", into(&clause.SurveyReport, parseYes)}, {"claim_clause.survey_body", into(&clause.SurveyBody, prose)},
		{"claim_clause.reply_days", into(&clause.ReplyDays, parseCount)}, {"claim_clause.text", into(&clause.Text, prose)}, {"remark", into(&in.Remark, prose)},
	})
	if err != nil || len(r.errors) > before {
		return err
	}
	checked := *in
	checked.Lines = []contracts.LineInput{{LineNo: 1, ProductID: models.NewID(), Quantity: 1}} // the head alone is looked at
	return r.valid(row.n, &checked)
}

func (r *contractReader) readLine(row sheetRow) (l contracts.LineInput, err error) {
	before := len(r.errors)
	err = r.takeAll(row, []takes{
		{"line", func(s string) error {
			if err := needed(s); err != nil {
				return err
			}
			n, err := parseCount(s)
			if err == nil {
				l.LineNo = *n
			}
			return err
		}},
		{"product_id", into(&l.ProductID, r.product)}, {"specification", into(&l.Specification, prose)},
		{"quantity", func(s string) error {
			if err := needed(s); err != nil {
				return err
			}
			l.Quantity, err = models.ParseQuantity("", normal(s))
			return err
		}},
		{"unit", into(&l.Unit, word)}, {tolerancePercent, into(&l.TolerancePercent, decimal)},
		{"tolerance_option", into(&l.ToleranceOption, coded(models.ToleranceOptionWords))}, {"tolerance_price", into(&l.TolerancePrice, coded(models.TolerancePriceWords))},
		{"unit_price", into(&l.UnitPrice, decimal)}, {"standard_id", into(&l.StandardID, r.standard)}, {"fed_by", into(&l.FedBy, r.purchases)},
	})
	if err != nil || len(r.errors) > before {
		return l, err
	}
	return l, r.valid(row.n, &l)
}

func (r *contractReader) party(s string) (models.ID, error) {
	if err := needed(s); err != nil {
		return models.ID{}, err
	}
	return lookUp(r.parties, s, func() (models.ID, error) {
		p, err := contracts.PartyByCode(r.ctx, r.tx, r.by, s)
		if err != nil {
			return models.ID{}, unknown(err, "party", "责任方", s)
		}
		return p.ID, nil
	})
}

func (r *contractReader) product(s string) (models.ID, error) {
	if err := needed(s); err != nil {
		return models.ID{}, err
	}
	return lookUp(r.products, s, func() (models.ID, error) {
		p, err := contracts.ProductByCode(r.ctx, r.tx, r.by, s)
		if err != nil {
			return models.ID{}, unknown(err, "product", "商品", s)
		}
		return p.ID, nil
	})
}

// standard reads "QS-CEIL v2", or a code alone for its latest active version.
func (r *contractReader) standard(s string) (*models.ID, error) {
	if s = normal(s); s == "" {
		if r.kind == models.PurchaseContract {
			return nil, needed(s)
		}
		return nil, nil
	}
	id, err := lookUp(r.standards, s, func() (models.ID, error) {
		if code, version, cut := cutLast(s, " v"); cut {
			if n, err := strconv.Atoi(version); err == nil {
				standard, err := contracts.StandardByCodeVersion(r.ctx, r.tx, r.by, code, n)
				if err != nil {
					return models.ID{}, unknown(err, "quality standard", "质量标准", s)
				}
				return standard.ID, nil
			}
		}
		q := database.Query{Filters: map[string]string{"code": s, "state": string(models.StandardActive)}, Limit: strconv.Itoa(database.MaxLimit)}
		page, err := contracts.ListStandards(r.ctx, r.tx, r.by, q)
		if err == nil && len(page.Items) == 0 {
			err = models.NotFound("standard", "标准")
		}
		if err != nil {
			return models.ID{}, unknown(err, "active quality standard", "启用中的质量标准", s)
		}
		latest := page.Items[0]
		for _, one := range page.Items {
			if one.VersionNo > latest.VersionNo {
				latest = one
			}
		}
		return latest.ID, nil
	})
	return &id, err
}

// purchases reads "PC-2026-017/1; PC-2026-018/2".
func (r *contractReader) purchases(s string) ([]models.LineLink, error) {
	var links []models.LineLink
	for _, one := range split(s) {
		id, err := lookUp(r.lines, one, func() (models.ID, error) {
			number, line, _ := cutLast(one, "/")
			n, err := strconv.Atoi(strings.TrimSpace(line))
			if err != nil {
				return models.ID{}, models.Invalid("", "%q is not a purchase line: write it as PC-2026-017/1.", "%q 不是采购合同行：请写成 PC-2026-017/1。", cut(one))
			}
			l, _, err := contracts.LineByNumber(r.ctx, r.tx, r.by, models.PurchaseContract, strings.TrimSpace(number), n)
			if err != nil {
				return models.ID{}, unknown(err, "purchase line", "采购合同行", one)
			}
			return l.ID, nil
		})
		if err != nil {
			return nil, err
		}
		links = append(links, models.LineLink{PurchaseLineID: id})
	}
	return links, nil
}

// cutLast cuts at the last separator, in any case of its letters.
func cutLast(s, separator string) (before, after string, ok bool) {
	if i := strings.LastIndex(strings.ToLower(s), separator); i >= 0 && len(strings.ToLower(s)) == len(s) {
		return s[:i], s[i+len(separator):], true
	}
	return s, "", false
}
