package main

import (
	"context"
	"errors"

	"github.com/spf13/cobra"
	"gorm.io/gorm"

	"recourse/claims"
	"recourse/contracts"
	"recourse/database"
	"recourse/documents"
	"recourse/models"
	"recourse/recovery"
)

// printed is a report command about one record: find looks it up by the number
// people quote, print makes the PDF.
func printed(use, short, edition string, find func(ctx context.Context, tx *gorm.DB, number string) (models.ID, error),
	print func(ctx context.Context, p documents.Press, id models.ID, asked documents.Asked) (*documents.Document, error)) *cobra.Command {
	var asked documents.Asked
	var path string
	c := &cobra.Command{
		Use: use + " NUMBER", Short: short, Args: args("NUMBER"),
		RunE: func(cmd *cobra.Command, given []string) error {
			return withDatabase(cmd, openToServe, func(ctx context.Context, c *config, db *database.DB) error {
				press, err := c.press(ctx, db)
				if err != nil {
					return err
				}
				var id models.ID
				err = db.View(ctx, func(tx *gorm.DB) (err error) {
					id, err = find(ctx, tx, given[0])
					return err
				})
				if err != nil {
					return err
				}
				d, err := print(ctx, press, id, asked)
				if err != nil {
					return err
				}
				return saveDocument(cmd.OutOrStdout(), d, path)
			})
		},
	}
	c.Flags().StringVar(&asked.Lang, "lang", "both", "zh, en or both")
	c.Flags().StringVar(&asked.Edition, "edition", edition, "internal, customer or supplier")
	c.Flags().StringVarP(&path, "output", "o", "", "file to write (default: the document's own name, here)")
	return c
}

func claimID(ctx context.Context, tx *gorm.DB, number string) (models.ID, error) {
	c, err := claims.ByNumber(ctx, tx, operator(), number)
	if err != nil {
		return models.ID{}, err
	}
	return c.ID, nil
}

// claimReportCommands print what is written about claims and recovery.
func claimReportCommands() []*cobra.Command {
	letter := func(use, kind, short, edition string) *cobra.Command {
		return printed(use, short, edition, claimID, func(ctx context.Context, p documents.Press, id models.ID, asked documents.Asked) (*documents.Document, error) {
			return p.ClaimPaper(ctx, operator(), id, kind, nil, asked)
		})
	}
	return []*cobra.Command{
		letter("rebuttal", documents.Rebuttal, "Draft of our reasoned answer to a claim", "customer"),
		letter("acknowledgement", documents.Acknowledgement, "Draft of the acknowledgement of a claim", "customer"),
		letter("evidence-request", documents.EvidenceRequest, "Draft of the request for evidence", "customer"),
		letter("protective-notice", documents.ProtectiveNotice, "Draft of the protective notice to the supplier", "supplier"),
		printed("dossier", "The claim dossier: one PDF with an index", "customer", claimID, func(ctx context.Context, p documents.Press, id models.ID, asked documents.Asked) (*documents.Document, error) {
			return p.DossierPDF(ctx, operator(), id, documents.DossierInput{}, asked)
		}),
		printed("debit-note", "An issued debit note", "supplier", noteID, func(ctx context.Context, p documents.Press, id models.ID, asked documents.Asked) (*documents.Document, error) {
			return p.DebitNote(ctx, operator(), id, asked)
		}),
		printed("statement", "The statement of account of a supplier, by its code", "supplier", partyID, func(ctx context.Context, p documents.Press, id models.ID, asked documents.Asked) (*documents.Document, error) {
			return p.Statement(ctx, operator(), id, documents.Period{Asked: asked})
		}),
		printed("8d", "The sheet of a corrective action", "supplier", actionID, func(ctx context.Context, p documents.Press, id models.ID, asked documents.Asked) (*documents.Document, error) {
			return p.EightD(ctx, operator(), id, asked)
		}),
	}
}

func noteID(ctx context.Context, tx *gorm.DB, number string) (models.ID, error) {
	n, err := recovery.NoteByNumber(ctx, tx, operator(), number)
	if err != nil {
		return models.ID{}, err
	}
	return n.ID, nil
}

func partyID(ctx context.Context, tx *gorm.DB, code string) (models.ID, error) {
	p, err := contracts.PartyByCode(ctx, tx, operator(), code)
	if err != nil {
		return models.ID{}, err
	}
	return p.ID, nil
}

func actionID(ctx context.Context, tx *gorm.DB, number string) (models.ID, error) {
	a, err := gorm.G[models.CorrectiveAction](tx).Where("number = ?", number).Take(ctx)
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return models.ID{}, models.NotFound("corrective action", "纠正措施")
	}
	return a.ID, err
}
