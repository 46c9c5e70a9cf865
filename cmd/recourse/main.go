// Command recourse is the whole program: the server, its schema, its users and
// tokens, and tools for the command line. It answers for configuration, wiring,
// background jobs and signals, and holds no rule of the trade. Exit codes: 0 done,
// 1 failed, 2 wrong use.
package main

import (
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"
)

func main() { os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) }

// run is the program with its arguments and streams; it returns the exit code.
func run(args []string, in io.Reader, out, log io.Writer) int {
	root := &cobra.Command{
		Use:           "recourse",
		Short:         "From a contract's quality standard to the money recovered from the factory",
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          noArgs,
		RunE: func(*cobra.Command, []string) error {
			return usageError{errors.New("say what to do; «recourse help» lists it")}
		},
	}
	root.SetArgs(args)
	root.SetIn(in)
	root.SetOut(out)
	root.SetErr(log)
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return usageError{err} })
	root.CompletionOptions.DisableDefaultCmd = true
	root.AddCommand(
		serveCommand(),
		migrateCommand(),
		demoCommand(),
		userCommand(),
		tokenCommand(),
		verifyCommand(),
		importCommand(),
		reportCommand(),
		samplingCommand(),
		scorecardsCommand(),
		openapiCommand(),
		configCommand(),
		versionCommand(),
	)
	err := root.Execute()
	if err == nil {
		return 0
	}
	fmt.Fprintln(log, "recourse: "+err.Error())
	if errors.As(err, new(usageError)) {
		return 2
	}
	return 1
}

// noArgs refuses arguments where only flags are taken, and unknown subcommands.
func noArgs(cmd *cobra.Command, args []string) error {
	if len(args) > 0 {
		return usageError{fmt.Errorf("%s does not know %q", cmd.CommandPath(), args[0])}
	}
	return nil
}

// args wants the arguments that the names say.
func args(names ...string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, given []string) error {
		if len(given) != len(names) {
			return usageError{fmt.Errorf("%s takes %d arguments %v, not %d", cmd.CommandPath(), len(names), names, len(given))}
		}
		return nil
	}
}

// group is a command that only has subcommands.
func group(use, short string, sub ...*cobra.Command) *cobra.Command {
	c := &cobra.Command{Use: use, Short: short, Args: noArgs}
	for _, s := range sub {
		c.AddCommand(s)
	}
	c.RunE = func(*cobra.Command, []string) error {
		return usageError{fmt.Errorf("say which: «recourse help %s» lists what there is", use)}
	}
	return c
}
