package main

import (
	"github.com/spf13/cobra"

	"recourse/server"
)

func openapiCommand() *cobra.Command {
	return &cobra.Command{
		Use: "openapi", Short: "Print the API's description (OpenAPI 3.1)", Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			spec, err := server.Describe(programVersion())
			if err != nil {
				return err
			}
			_, err = cmd.OutOrStdout().Write(append(spec, '\n'))
			return err
		},
	}
}
