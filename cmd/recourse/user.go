package main

import (
	"bufio"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"
	"gorm.io/gorm"

	"recourse/auth"
	"recourse/database"
	"recourse/models"
	"recourse/wire"
)

func userCommand() *cobra.Command {
	return group("user", "Who may sign in", userAddCommand(), userListCommand(), userDisableCommand(), userPasswordCommand())
}

// givenPassword reads the password's line from standard input, or makes one and says so.
func givenPassword(cmd *cobra.Command) (password string, made bool, err error) {
	if fromStdin, _ := cmd.Flags().GetBool("password-stdin"); !fromStdin {
		return rand.Text()[:20], true, nil
	}
	line, err := bufio.NewReader(cmd.InOrStdin()).ReadString('\n')
	password = strings.TrimRight(line, "\r\n")
	if password == "" {
		return "", false, errors.Join(errors.New("no password on standard input"), err)
	}
	return password, false, nil
}

func userAddCommand() *cobra.Command {
	var in auth.AddUserInput
	var roles []string
	c := &cobra.Command{
		Use: "add LOGIN --name NAME --role ROLE", Short: "Add a user; prints the password that it makes", Args: args("LOGIN"),
		RunE: func(cmd *cobra.Command, given []string) error {
			in.Login = given[0]
			for _, r := range roles {
				in.Roles = append(in.Roles, models.Role(r))
			}
			if in.Name == "" {
				in.Name = in.Login
			}
			password, made, err := givenPassword(cmd)
			if err != nil {
				return err
			}
			in.Password = password
			if err := wire.Validate(in); err != nil {
				return usageError{err}
			}
			return withDatabase(cmd, openToServe, func(ctx context.Context, c *config, db *database.DB) error {
				hash, err := auth.NewPasswords(c.server().PasswordCost, 1).Hash(ctx, "password", password, in.Login)
				if err != nil {
					return err
				}
				err = db.Tx(ctx, func(tx *gorm.DB) error {
					_, err := auth.AddUser(ctx, tx, operator(), in, hash)
					return err
				})
				if err != nil {
					return err
				}
				return printPassword(cmd, in.Login, password, made)
			})
		},
	}
	f := c.Flags()
	f.StringVar(&in.Name, "name", "", "the person's name")
	f.StringVar(&in.Email, "email", "", "e-mail address")
	f.StringVar(&in.Lang, "lang", "zh", "zh or en")
	f.BoolVar(&in.OwnOnly, "own-only", false, "sees only records of their own customers")
	f.StringSliceVar(&roles, "role", nil, "admin, inspector, purchasing, sales, finance, viewer; may be repeated")
	f.Bool("password-stdin", false, "read the password from standard input")
	return c
}

func printPassword(cmd *cobra.Command, login, password string, made bool) error {
	if !made {
		_, err := fmt.Fprintf(cmd.OutOrStdout(), "%s: done\n", login)
		return err
	}
	_, err := fmt.Fprintf(cmd.OutOrStdout(), "%s has the password %s\n", login, password)
	return err
}

func userListCommand() *cobra.Command {
	return &cobra.Command{
		Use: "list", Short: "List users", Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return withDatabase(cmd, openToServe, func(ctx context.Context, _ *config, db *database.DB) error {
				w := tabwriter.NewWriter(cmd.OutOrStdout(), 0, 0, 2, ' ', 0)
				for q := (database.Query{Limit: "200"}); ; {
					page, err := auth.FindUsers(ctx, db.Read, q)
					if err != nil {
						return err
					}
					for _, u := range page.Items {
						state := "enabled"
						if u.DisabledAt != nil {
							state = "disabled"
						}
						fmt.Fprintf(w, "%s\t%s\t%v\t%s\n", u.Login, u.Name, u.Roles, state)
					}
					if q.Cursor = page.NextCursor; q.Cursor == "" {
						return w.Flush()
					}
				}
			})
		},
	}
}

func userDisableCommand() *cobra.Command {
	return &cobra.Command{
		Use: "disable LOGIN", Short: "Disable a user: ends their password, sessions and tokens at once", Args: args("LOGIN"),
		RunE: func(cmd *cobra.Command, given []string) error {
			return withDatabase(cmd, openToServe, func(ctx context.Context, _ *config, db *database.DB) error {
				return db.Tx(ctx, func(tx *gorm.DB) error {
					u, err := auth.UserByLogin(ctx, tx, given[0])
					if err != nil {
						return err
					}
					_, err = auth.Disable(ctx, tx, operator(), u.ID, u.Version)
					return err
				})
			})
		},
	}
}

func userPasswordCommand() *cobra.Command {
	c := &cobra.Command{
		Use: "password LOGIN", Short: "Give a user a new password; ends their sessions", Args: args("LOGIN"),
		RunE: func(cmd *cobra.Command, given []string) error {
			password, made, err := givenPassword(cmd)
			if err != nil {
				return err
			}
			return withDatabase(cmd, openToServe, func(ctx context.Context, c *config, db *database.DB) error {
				hash, err := auth.NewPasswords(c.server().PasswordCost, 1).Hash(ctx, "password", password, given[0])
				if err != nil {
					return err
				}
				err = db.Tx(ctx, func(tx *gorm.DB) error {
					u, err := auth.UserByLogin(ctx, tx, given[0])
					if err != nil {
						return err
					}
					return auth.SetPassword(ctx, tx, operator(), u.ID, hash, models.SHA256{})
				})
				if err != nil {
					return err
				}
				return printPassword(cmd, given[0], password, made)
			})
		},
	}
	c.Flags().Bool("password-stdin", false, "read the password from standard input")
	return c
}
