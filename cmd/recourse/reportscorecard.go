package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"gorm.io/gorm"

	"recourse/contracts"
	"recourse/database"
	"recourse/documents"
	"recourse/models"
	"recourse/scorecards"
	"recourse/sheets"
)

// scorecardReportCommands print scorecards and rankings.
func scorecardReportCommands() []*cobra.Command {
	return []*cobra.Command{reportScorecardCommand(), reportRankingCommand()}
}

// asks adds the flags that name a period and a profile.
func asks(c *cobra.Command, in *scorecards.RankInput) {
	c.Flags().StringVar(&in.Kind, "kind", models.PeriodRolling, "month, quarter, year or rolling")
	c.Flags().StringVar(&in.Period, "period", "", "2026-10, 2026-Q3 or 2026 (default: the last one that is over)")
	c.Flags().StringVar(&in.Profile, "profile", "", "code of the profile (default: the standard one)")
}

// kindKnown refuses an unknown kind of period.
func kindKnown(kind string) error {
	if !slices.Contains([]string{models.PeriodMonth, models.PeriodQuarter, models.PeriodYear, models.PeriodRolling}, kind) {
		return usageError{fmt.Errorf("--kind is %q: use month, quarter, year or rolling", kind)}
	}
	return nil
}

func reportScorecardCommand() *cobra.Command {
	var asked documents.Asked
	var in scorecards.RankInput
	var path string
	c := &cobra.Command{
		Use: "scorecard NUMBER|SUPPLIER", Short: "A published scorecard by its number, which is issued once, or a draft by the supplier's code", Args: args("NUMBER|SUPPLIER"),
		RunE: func(cmd *cobra.Command, given []string) error {
			if err := kindKnown(in.Kind); err != nil {
				return err
			}
			return withDatabase(cmd, openToServe, func(ctx context.Context, c *config, db *database.DB) error {
				press, err := c.press(ctx, db)
				if err != nil {
					return err
				}
				by := c.locally()
				var card, supplier *models.ID
				err = db.View(ctx, func(tx *gorm.DB) (err error) {
					card, supplier, err = cardOrSupplier(ctx, tx, by, given[0])
					return err
				})
				if err != nil {
					return err
				}
				var d *documents.Document
				if card != nil {
					d, err = press.Scorecard(ctx, by, *card, asked)
				} else {
					d, err = press.ScorecardDraft(ctx, by, *supplier, in, c.Currency, asked)
				}
				if err != nil {
					return err
				}
				return saveDocument(cmd.OutOrStdout(), d, path)
			})
		},
	}
	asks(c, &in)
	c.Flags().StringVar(&asked.Lang, "lang", "both", "zh, en or both")
	c.Flags().StringVar(&asked.Edition, "edition", "internal", "internal or supplier")
	c.Flags().StringVarP(&path, "output", "o", "", "file to write (default: the document's own name, here)")
	return c
}

// locally is the operator at the company's own time, which says what day it is.
func (c *config) locally() models.Actor {
	by := operator()
	by.At = by.At.In(c.location)
	return by
}

// cardOrSupplier finds a published card by the number people quote, in its newest
// revision unless one is named, or else the supplier of the code.
func cardOrSupplier(ctx context.Context, tx *gorm.DB, by models.Actor, s string) (card, supplier *models.ID, err error) {
	cards, err := gorm.G[models.Scorecard](tx).Select("id", "number", "revision").Where("number = ? OR number = ?", s, s[:max(strings.LastIndex(s, "-R"), 0)]).Order("revision DESC").Find(ctx)
	if err != nil {
		return nil, nil, database.Err(err)
	}
	for _, c := range cards {
		if s == c.Number || s == fmt.Sprintf("%s-R%d", c.Number, c.Revision) {
			return &c.ID, nil, nil
		}
	}
	p, err := contracts.PartyByCode(ctx, tx, by, s)
	if models.IsCode(err, models.CodeNotFound) {
		err = models.NotFound("scorecard number or supplier's code", "评分编号或供应商代码")
	}
	if err != nil {
		return nil, nil, err
	}
	return nil, &p.ID, nil
}

func reportRankingCommand() *cobra.Command {
	var asked documents.Asked
	var in scorecards.RankInput
	var product, format, path string
	c := &cobra.Command{
		Use: "ranking", Short: "The ranking of suppliers in a period, as PDF or Excel", Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if format != "pdf" && format != "xlsx" {
				return usageError{fmt.Errorf("--format is %q: use pdf or xlsx", format)}
			}
			if err := kindKnown(in.Kind); err != nil {
				return err
			}
			return withDatabase(cmd, openToServe, func(ctx context.Context, c *config, db *database.DB) error {
				press, err := c.press(ctx, db)
				if err != nil {
					return err
				}
				by := c.locally()
				if product != "" {
					err := db.View(ctx, func(tx *gorm.DB) error {
						p, err := contracts.ProductByCode(ctx, tx, by, product)
						if err == nil {
							in.Product = &p.ID
						}
						return err
					})
					if err != nil {
						return err
					}
				}
				var d *documents.Document
				if format == "pdf" {
					d, err = press.Ranking(ctx, by, in, c.Currency, asked)
				} else {
					d, err = rankingSheet(ctx, db, by, in, c.Currency, asked.Lang)
				}
				if err != nil {
					return err
				}
				return saveDocument(cmd.OutOrStdout(), d, path)
			})
		},
	}
	asks(c, &in)
	c.Flags().StringVar(&product, "product", "", "code of a product")
	c.Flags().StringVar(&in.Category, "category", "", "category of products")
	c.Flags().StringVar(&in.Country, "country", "", "country of the suppliers")
	c.Flags().StringVar(&format, "format", "pdf", "pdf or xlsx")
	c.Flags().StringVar(&asked.Lang, "lang", "both", "zh, en or both")
	c.Flags().StringVarP(&path, "output", "o", "", "file to write (default: the document's own name, here)")
	return c
}

// rankingSheet is the ranking as a workbook.
func rankingSheet(ctx context.Context, db *database.DB, by models.Actor, in scorecards.RankInput, currency, lang string) (*documents.Document, error) {
	if !slices.Contains([]string{"zh", "en", "both"}, lang) {
		return nil, usageError{errors.New("--lang is zh, en or both")}
	}
	var r *models.Ranking
	err := db.View(ctx, func(tx *gorm.DB) (err error) {
		r, err = scorecards.Rank(ctx, tx, by, in, currency)
		return err
	})
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	if err := sheets.WriteRanking(&out, r, lang); err != nil {
		return nil, err
	}
	return &documents.Document{Name: fmt.Sprintf("ranking-%s-%s.xlsx", r.Period.To, lang), Content: bytes.NewReader(out.Bytes()), SHA256: sha256.Sum256(out.Bytes()), Created: by.At}, nil
}
