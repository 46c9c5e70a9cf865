package documents

import (
	"context"
	"crypto/sha256"

	"gorm.io/gorm"

	"recourse/audit"
	"recourse/database"
	"recourse/models"
	"recourse/recovery"
	"recourse/reports"
)

// DebitNote gives a debit note. It is issued already, so its PDF is stored on
// first request and the same bytes ever after, in every language and edition.
func (p Press) DebitNote(ctx context.Context, by models.Actor, id models.ID, asked Asked) (*Document, error) {
	lang, edition, err := asked.towards(reports.Supplier).parse()
	if err != nil {
		return nil, err
	}
	var file reports.DebitNoteFile
	var known *models.IssuedReport
	var head models.AuditSeal
	err = p.DB.View(ctx, func(tx *gorm.DB) error {
		note, err := recovery.GetNote(ctx, tx, by, id)
		if err != nil {
			return err
		}
		file.Note = note.DebitNote
		if known, err = issued(ctx, tx, "debit_note", id, lang, edition); err != nil || known != nil {
			return err
		}
		if err := noteFile(ctx, tx, &file); err != nil {
			return err
		}
		head, err = audit.Head(ctx, tx)
		return err
	})
	if err != nil {
		return nil, err
	}
	name := fileTitle(file.Note.Number, lang, edition)
	if known != nil {
		return p.open(ctx, name, known)
	}
	fingerprint, err := contentHash(file.Note.Content)
	if err != nil {
		return nil, err
	}
	created := models.Now(by.At)
	pdf, err := p.print(ctx, reports.DebitNote(file), reports.Options{Lang: lang, Edition: edition, Created: created, AuditHead: head.Hash})
	if err != nil {
		return nil, err
	}
	code, err := verifyCode()
	if err != nil {
		return nil, err
	}
	return p.issue(ctx, by, name, pdf, models.IssuedReport{
		ID: models.NewID(), Kind: "debit_note", EntityID: id, Lang: lang, Edition: string(edition), SHA256: sha256.Sum256(pdf), Size: int64(len(pdf)),
		Fingerprint: fingerprint, AuditHead: head.Hash, VerifyCode: code, CreatedAt: created,
	})
}

// noteFile loads whom a note goes to and whom it must not name.
func noteFile(ctx context.Context, tx *gorm.DB, f *reports.DebitNoteFile) error {
	if f.Note.PartyID != nil {
		party, err := database.Take[models.Party](ctx, tx, "party", "责任方", "id = ?", *f.Note.PartyID)
		if err != nil {
			return err
		}
		f.To = *party
	}
	if f.Note.ReplacesID != nil {
		old, err := database.Take[models.DebitNote](ctx, tx, "debit note", "扣款通知", "id = ?", *f.Note.ReplacesID)
		if err != nil {
			return err
		}
		f.Replaces = old.Number
	}
	var err error
	f.Customers, f.Sales, err = customersOf(ctx, tx, []models.ID{f.Note.ClaimID})
	return err
}

// customersOf are the customers and sales contracts of claims: what a
// supplier's edition keeps back.
func customersOf(ctx context.Context, tx *gorm.DB, claimIDs []models.ID) ([]models.Party, []string, error) {
	if len(claimIDs) == 0 {
		return nil, nil, nil
	}
	var customers []models.Party
	err := tx.WithContext(ctx).Where("id IN (SELECT customer_id FROM claims WHERE id IN ?)", claimIDs).Order("code_key").Find(&customers).Error
	if err != nil {
		return nil, nil, err
	}
	var numbers []string
	err = tx.WithContext(ctx).Model(&models.Contract{}).Where("id IN (SELECT sales_contract_id FROM claims WHERE id IN ?)", claimIDs).Order("number_key").Pluck("number", &numbers).Error
	return customers, numbers, err
}

// Period limits a statement of account.
type Period struct {
	Asked
	From models.Date `json:"from"`
	To   models.Date `json:"to"`
}

// Statement gives the statement of account of a party as of now.
func (p Press) Statement(ctx context.Context, by models.Actor, partyID models.ID, period Period) (*Document, error) {
	lang, edition, err := period.towards(reports.Supplier).parse()
	if err != nil {
		return nil, err
	}
	var file reports.StatementFile
	err = p.DB.View(ctx, func(tx *gorm.DB) error {
		s, err := recovery.StatementOf(ctx, tx, by, partyID, recovery.StatementInput{From: period.From, To: period.To})
		if err != nil {
			return err
		}
		file = statementFile(s)
		var claimIDs []models.ID
		if err := tx.WithContext(ctx).Model(&models.DebitNote{}).Where("party_id = ?", partyID).Distinct().Pluck("claim_id", &claimIDs).Error; err != nil {
			return err
		}
		file.Customers, file.Sales, err = customersOf(ctx, tx, claimIDs)
		return err
	})
	if err != nil {
		return nil, err
	}
	return p.sheet(ctx, by, reports.Statement(file), lang, edition, "statement-"+file.Party.Code+"-"+string(file.To))
}

func statementFile(s *recovery.Statement) reports.StatementFile {
	f := reports.StatementFile{Party: s.Party, From: s.From, To: s.To}
	for _, a := range s.Accounts {
		account := reports.StatementAccount{Opening: a.Opening, Closing: a.Closing}
		for _, m := range a.Movements {
			l := reports.StatementLine{On: m.On, Kind: m.Kind, Number: m.Number, Remark: m.Reference, Balance: m.Balance}
			amount := m.Amount
			if amount.Minor >= 0 {
				l.Debit = &amount
			} else {
				amount.Minor = -amount.Minor
				l.Credit = &amount
			}
			account.Lines = append(account.Lines, l)
		}
		f.Accounts = append(f.Accounts, account)
	}
	return f
}

// EightD gives the sheet of a corrective action as of now.
func (p Press) EightD(ctx context.Context, by models.Actor, id models.ID, asked Asked) (*Document, error) {
	lang, edition, err := asked.towards(reports.Supplier).parse()
	if err != nil {
		return nil, err
	}
	var file reports.CorrectiveFile
	err = p.DB.View(ctx, func(tx *gorm.DB) error {
		a, err := recovery.GetAction(ctx, tx, by, id)
		if err != nil {
			return err
		}
		file.Action = *a
		return correctiveFile(ctx, tx, &file)
	})
	if err != nil {
		return nil, err
	}
	return p.sheet(ctx, by, reports.EightD(file), lang, edition, file.Action.Number)
}

func correctiveFile(ctx context.Context, tx *gorm.DB, f *reports.CorrectiveFile) error {
	supplier, err := database.Take[models.Party](ctx, tx, "supplier", "供应商", "id = ?", f.Action.SupplierID)
	if err != nil {
		return err
	}
	f.Supplier = *supplier
	if f.Action.ProductID != nil {
		product, err := database.Take[models.Product](ctx, tx, "product", "商品", "id = ?", *f.Action.ProductID)
		if err != nil {
			return err
		}
		f.Product = *product
	}
	for _, i := range []struct {
		id *models.ID
		to *string
	}{{f.Action.InspectionID, &f.Inspection}, {f.Action.VerifiedBy, &f.VerifiedAt}} {
		if i.id == nil {
			continue
		}
		inspection, err := database.Take[models.Inspection](ctx, tx, "inspection", "验货", "id = ?", *i.id)
		if err != nil {
			return err
		}
		*i.to = quoted(*inspection)
	}
	if f.Action.ClaimID == nil {
		return nil
	}
	claim, err := database.Take[models.Claim](ctx, tx, "claim", "索赔", "id = ?", *f.Action.ClaimID)
	if err != nil {
		return err
	}
	f.Claim = claim.Number
	f.Customers, f.Sales, err = customersOf(ctx, tx, []models.ID{claim.ID})
	return err
}
