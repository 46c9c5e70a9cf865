package recovery

import (
	"context"
	"fmt"

	"gorm.io/gorm"

	"recourse/models"
)

// LossInput is the whole loss of a claim.
type LossInput struct {
	Lines []LossLineInput `json:"lines" validate:"max=200,dive"`
}

// LossLineInput is one cost. A foreign amount needs a rate, in base currency per
// unit, and its day.
type LossLineInput struct {
	What       string         `json:"what" validate:"required,oneof=settlement replacement_goods freight duty demurrage survey sorting rework re_inspection courier own_handling other"`
	Amount     models.Money   `json:"amount"`
	Rate       models.Decimal `json:"rate"`
	RateOn     models.Date    `json:"rate_on"`
	Document   string         `json:"document" validate:"max=200"`
	FileSHA256 models.SHA256  `json:"file_sha256"`
}

// Loss is what a claim cost. Version is the claim's.
type Loss struct {
	ClaimID models.ID         `json:"claim_id"`
	Version int               `json:"version"`
	Lines   []models.LossLine `json:"lines"`
	Total   models.Money      `json:"total"`
}

// GetLoss reads the loss of a claim. base is the currency of a total of nothing.
func GetLoss(ctx context.Context, tx *gorm.DB, by models.Actor, claimID models.ID, base string) (*Loss, error) {
	if err := mayRead(by); err != nil {
		return nil, err
	}
	c, err := claimOf(ctx, tx, by, claimID)
	if err != nil {
		return nil, err
	}
	return lossOf(ctx, tx, c, base)
}

func lossOf(ctx context.Context, tx *gorm.DB, c *models.Claim, base string) (*Loss, error) {
	lines, err := gorm.G[models.LossLine](tx).Where("claim_id = ?", c.ID).Order("position").Find(ctx)
	return &Loss{ClaimID: c.ID, Version: c.Version, Lines: lines, Total: total(lines, base)}, err
}

func total(lines []models.LossLine, base string) models.Money {
	sum := models.Money{Currency: base}
	for _, l := range lines {
		sum.Minor += l.Base.Minor
		sum.Currency = l.Base.Currency
	}
	return sum
}

// SetLoss replaces the loss of a claim as a whole, in the base currency. The
// shares of liability follow, and none may fall below what is debited already.
// What the customer settled for can't exceed what they claimed. version is the claim's.
func SetLoss(ctx context.Context, tx *gorm.DB, by models.Actor, claimID models.ID, version int, in LossInput, base string) (*Loss, error) {
	if err := allow(by, models.Finance); err != nil {
		return nil, err
	}
	c, err := claimAt(ctx, tx, by, claimID, version)
	if err != nil {
		return nil, err
	}
	lines, err := lossLines(by, c.ID, in, base)
	if err != nil {
		return nil, err
	}
	if err := withinClaimed(ctx, tx, c.ID, lines); err != nil {
		return nil, err
	}
	if err := ownFiles(ctx, tx, by, c.ID, lines); err != nil {
		return nil, err
	}
	if err := touch(ctx, tx, by, c); err != nil {
		return nil, err
	}
	if _, err := gorm.G[models.LossLine](tx).Where("claim_id = ?", c.ID).Delete(ctx); err != nil {
		return nil, err
	}
	if len(lines) > 0 {
		if err := tx.WithContext(ctx).Create(&lines).Error; err != nil {
			return nil, err
		}
	}
	shares, err := gorm.G[models.Liability](tx).Where("claim_id = ?", c.ID).Order("position").Find(ctx)
	if err != nil {
		return nil, err
	}
	out := &Loss{ClaimID: c.ID, Version: c.Version, Lines: lines, Total: total(lines, base)}
	if len(shares) > 0 {
		if err := store(ctx, tx, by, c, shares, out.Total); err != nil {
			return nil, err
		}
	}
	return out, record(ctx, tx, by, "set_loss", "claim", c.ID, in)
}

// lossLines checks the lines and works out their base amounts.
func lossLines(by models.Actor, claimID models.ID, in LossInput, base string) ([]models.LossLine, error) {
	lines := make([]models.LossLine, len(in.Lines))
	sum := int64(0)
	for n, l := range in.Lines {
		at := fmt.Sprintf("lines[%d]", n)
		if l.Amount.Minor <= 0 {
			return nil, models.Invalid(at+".amount", "A loss is greater than 0.", "损失金额须大于 0。")
		}
		inBase, err := Base(l.Amount, l.Rate, base)
		if err != nil {
			return nil, models.At(at, err)
		}
		rate, rateOn := l.Rate, l.RateOn
		if l.Amount.Currency == base {
			rate = models.MustDecimal("1")
		} else if rateOn.IsZero() {
			return nil, models.Invalid(at+".rate_on", "Give the day of the rate.", "请填写汇率日期。")
		}
		if rateOn > today(by) {
			return nil, models.Invalid(at+".rate_on", "%s lies in the future.", "日期 %s 在未来。", rateOn)
		}
		if sum += inBase.Minor; sum > maxMinor {
			return nil, models.Invalid(at+".amount", "The amount is too large.", "金额过大。")
		}
		lines[n] = models.LossLine{
			ID: models.NewID(), ClaimID: claimID, Position: n + 1, What: l.What, Amount: l.Amount, Rate: rate, RateOn: rateOn,
			Base: inBase, Document: l.Document, FileSHA256: l.FileSHA256, CreatedAt: models.Now(by.At),
		}
	}
	return lines, nil
}

// withinClaimed refuses settlements above what the customer claimed, per currency.
func withinClaimed(ctx context.Context, tx *gorm.DB, claimID models.ID, lines []models.LossLine) error {
	var sums []struct {
		Currency string
		Minor    int64
	}
	err := fresh[models.ClaimItem](tx).WithContext(ctx).Select("claimed_currency AS currency, SUM(claimed_minor) AS minor").
		Where("claim_id = ?", claimID).Group("claimed_currency").Scan(&sums).Error
	if err != nil {
		return err
	}
	claimed := map[string]int64{}
	for _, s := range sums {
		claimed[s.Currency] = s.Minor
	}
	settled := map[string]int64{}
	for n, l := range lines {
		if l.What != "settlement" {
			continue
		}
		currency := l.Amount.Currency
		if settled[currency] += l.Amount.Minor; settled[currency] > claimed[currency] {
			return models.Invalid(fmt.Sprintf("lines[%d].amount", n), "The settlement of %s is above the %s that the customer claimed.",
				"理赔金额 %s 超过客户索赔金额 %s。", models.Money{Minor: settled[currency], Currency: currency}, models.Money{Minor: claimed[currency], Currency: currency})
		}
	}
	return nil
}

// ownFiles refuses a document that neither the user sent nor the loss has had
// already: a hash alone ties nobody's file to a record.
func ownFiles(ctx context.Context, tx *gorm.DB, by models.Actor, claimID models.ID, lines []models.LossLine) error {
	for n, l := range lines {
		if l.FileSHA256.IsZero() {
			continue
		}
		sent := fresh[models.File](tx).WithContext(ctx).Where("sha256 = ?", l.FileSHA256)
		if !by.UserID.IsZero() {
			sent = fresh[models.Upload](tx).WithContext(ctx).Where("sha256 = ? AND uploaded_by = ? AND done_at IS NOT NULL", l.FileSHA256, by.UserID)
		}
		had := fresh[models.LossLine](tx).WithContext(ctx).Where("file_sha256 = ? AND claim_id = ?", l.FileSHA256, claimID)
		var a, b int64
		if err := sent.Count(&a).Error; err != nil {
			return err
		}
		if err := had.Count(&b).Error; err != nil {
			return err
		}
		if a+b == 0 {
			return models.Invalid(fmt.Sprintf("lines[%d].file_sha256", n), "You have sent no such file: upload it first.", "您尚未上传此文件：请先上传。")
		}
	}
	return nil
}
