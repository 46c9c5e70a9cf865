package documents

import (
	"context"
	"crypto/sha256"
	"fmt"
	"strings"

	"gorm.io/gorm"

	"recourse/audit"
	"recourse/database"
	"recourse/models"
	"recourse/reports"
	"recourse/scorecards"

	"bytes"
)

// scorecardKind is the kind of an issued scorecard.
const scorecardKind = "scorecard"

// Scorecard gives a published scorecard. Its PDF is issued once per language and
// edition: the same bytes ever after.
func (p Press) Scorecard(ctx context.Context, by models.Actor, id models.ID, asked Asked) (*Document, error) {
	lang, edition, err := asked.parse()
	if err != nil {
		return nil, err
	}
	if err := mayPrintCard(by, edition); err != nil {
		return nil, err
	}
	var file reports.ScorecardFile
	var known *models.IssuedReport
	var head models.AuditSeal
	err = p.DB.View(ctx, func(tx *gorm.DB) error {
		card, err := scorecards.Get(ctx, tx, by, id)
		if err != nil {
			return err
		}
		file.Card = *card
		if known, err = issued(ctx, tx, scorecardKind, id, lang, edition); err != nil || known != nil {
			return err
		}
		if err := cardFile(ctx, tx, &file, edition); err != nil {
			return err
		}
		head, err = audit.Head(ctx, tx)
		return err
	})
	if err != nil {
		return nil, err
	}
	name := fileTitle(cardNumber(file.Card), lang, edition)
	if known != nil {
		return p.open(ctx, name, known)
	}
	code, err := verifyCode()
	if err != nil {
		return nil, err
	}
	o := reports.Options{Lang: lang, Edition: edition, Company: p.Company, Zone: p.zone(), Created: models.Now(by.At), AuditHead: head.Hash}
	if p.BaseURL != "" {
		o.VerifyURL = strings.TrimSuffix(p.BaseURL, "/") + "/verify/" + code
	}
	var pdf bytes.Buffer
	if err := reports.WriteScorecard(&pdf, file, o); err != nil {
		return nil, err
	}
	return p.issue(ctx, by, name, pdf.Bytes(), models.IssuedReport{
		ID: models.NewID(), Kind: scorecardKind, EntityID: id, Lang: lang, Edition: string(edition), SHA256: sha256.Sum256(pdf.Bytes()), Size: int64(pdf.Len()),
		Fingerprint: file.Card.ContentHash, AuditHead: head.Hash, VerifyCode: code, CreatedAt: o.Created,
	})
}

// ScorecardDraft gives a supplier's scorecard by today's records: a draft with a
// watermark, made anew each time. currency is the base currency.
func (p Press) ScorecardDraft(ctx context.Context, by models.Actor, supplier models.ID, in scorecards.RankInput, currency string, asked Asked) (*Document, error) {
	lang, edition, err := asked.parse()
	if err != nil {
		return nil, err
	}
	if err := mayPrintCard(by, edition); err != nil {
		return nil, err
	}
	var file reports.ScorecardFile
	var head models.AuditSeal
	err = p.DB.View(ctx, func(tx *gorm.DB) error {
		content, err := scorecards.Full(ctx, tx, by, supplier, in, currency)
		if err != nil {
			return err
		}
		file.Card = models.Scorecard{SupplierID: supplier, PeriodKind: content.Period.Kind, FromMonth: content.Period.From, ToMonth: content.Period.To, Score: content.Result.Score, Band: content.Result.Band, Content: *content}
		if err := cardFile(ctx, tx, &file, edition); err != nil {
			return err
		}
		head, err = audit.Head(ctx, tx)
		return err
	})
	if err != nil {
		return nil, err
	}
	created := models.Now(by.At)
	var pdf bytes.Buffer
	err = reports.WriteScorecard(&pdf, file, reports.Options{Lang: lang, Edition: edition, Draft: true, Company: p.Company, Zone: p.zone(), Created: created, AuditHead: head.Hash})
	if err != nil {
		return nil, err
	}
	return document(fileTitle("scorecard-"+file.Card.Content.SupplierCode+"-"+string(file.Card.ToMonth), lang, edition), pdf.Bytes(), created), nil
}

// Ranking gives the ranking of a period as of now; it is not kept. It names all
// suppliers and has the internal edition only.
func (p Press) Ranking(ctx context.Context, by models.Actor, in scorecards.RankInput, currency string, asked Asked) (*Document, error) {
	lang, edition, err := asked.parse()
	if err != nil {
		return nil, err
	}
	var file reports.RankingFile
	err = p.DB.View(ctx, func(tx *gorm.DB) error {
		r, err := scorecards.Rank(ctx, tx, by, in, currency)
		if err != nil {
			return err
		}
		file.Ranking = *r
		if r.Product == nil {
			return nil
		}
		product, err := database.Take[models.Product](ctx, tx, "product", "商品", "id = ?", *r.Product)
		if err == nil {
			file.Product = product.Code + "\n" + product.Name.In(lang)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	created := models.Now(by.At)
	var pdf bytes.Buffer
	if err := reports.WriteRanking(&pdf, file, reports.Options{Lang: lang, Edition: edition, Company: p.Company, Zone: p.zone(), Created: created}); err != nil {
		return nil, err
	}
	return document(fileTitle("ranking-"+string(file.Ranking.Period.To), lang, edition), pdf.Bytes(), created), nil
}

// mayPrintCard keeps a scorecard's paper from who may not see all that stands on
// it: what is issued is one and the same for every reader.
func mayPrintCard(by models.Actor, edition reports.Edition) error {
	if by.SeesPrices() && !by.OwnOnly {
		return nil
	}
	return models.Errorf(models.CodeForbidden, "edition", "A scorecard's PDF names amounts and all of its claims: read the scorecard on the screen, or ask purchasing for the paper.",
		"评分卡 PDF 载有金额及全部索赔：请在屏幕上查阅，或向采购索取。")
}

// cardNumber is how people quote a card: its number, and R1, R2 … for a revision.
func cardNumber(c models.Scorecard) string {
	if c.Revision == 0 {
		return c.Number
	}
	return fmt.Sprintf("%s-R%d", c.Number, c.Revision)
}

// cardFile adds what a card prints beside itself, and for a supplier what it must not read.
func cardFile(ctx context.Context, tx *gorm.DB, f *reports.ScorecardFile, edition reports.Edition) error {
	if f.Card.SupersededByID != nil {
		next, err := database.Take[models.Scorecard](ctx, tx, "scorecard", "供应商评分", "id = ?", *f.Card.SupersededByID)
		if err != nil {
			return err
		}
		f.SupersededBy = cardNumber(*next)
	}
	if edition == reports.Internal {
		return nil
	}
	fed := tx.Table("line_links").Select("sold.contract_id").
		Joins("JOIN contract_lines bought ON bought.id = line_links.purchase_line_id").Joins("JOIN contract_lines sold ON sold.id = line_links.sales_line_id").
		Joins("JOIN contracts ON contracts.id = bought.contract_id").Where("contracts.party_id = ?", f.Card.SupplierID)
	var sales []models.Contract
	if err := tx.WithContext(ctx).Select("id", "number", "party_id").Where("id IN (?)", fed).Order("number_key").Find(&sales).Error; err != nil {
		return err
	}
	buys := map[models.ID]bool{}
	for _, c := range sales {
		buys[c.PartyID] = true
		f.Sales = append(f.Sales, c.Number)
	}
	parties, err := gorm.G[models.Party](tx).Where("kind IN ? AND id <> ?", []models.PartyKind{models.PartySupplier, models.PartyCustomer}, f.Card.SupplierID).Order("code_key, id").Find(ctx)
	if err != nil {
		return err
	}
	for _, o := range parties {
		if buys[o.ID] {
			f.Customers = append(f.Customers, o)
		} else {
			f.Others = append(f.Others, o)
		}
	}
	return nil
}
