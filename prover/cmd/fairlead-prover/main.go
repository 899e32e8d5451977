// Command fairlead-prover makes and verifies Groth16 proofs over BN254 from snarkjs keys (.zkey) and circom witnesses (.wtns).
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"sort"
	"syscall"

	"fairlead.dev/prover/internal/parallel"
)

// Exit codes of every command.
const (
	exitDone        = 0   // done; for verify: every proof is valid
	exitRefused     = 1   // a proof is invalid, or the witness does not satisfy the circuit
	exitInvalid     = 2   // wrong usage, a malformed or unreadable file, a broken protocol
	exitInternal    = 3   // a bug: please report it
	exitInterrupted = 130 // stopped by SIGINT or SIGTERM
)

// streams are what a command reads and writes besides files.
type streams struct {
	in       io.Reader
	out, err io.Writer
}

// command is one sub-command. Run gets the words after the command's name; what it returns decides the exit code, see [exitCode].
type command struct {
	name    string
	args    string // as the usage line shows them
	summary string // one line for the list of commands
	run     func(ctx context.Context, flags *flag.FlagSet, args []string, s streams) error
}

// commands by name; each file of this package registers its own.
var commands = map[string]command{}

func register(c command) bool {
	commands[c.name] = c
	return true
}

// Errors that decide the exit code; wrap them with %w.
var (
	errUsage    = errors.New("usage")
	errRefused  = errors.New("refused")
	errInternal = errors.New("internal error")
)

func main() {
	debug.SetTraceback("none") // of a panic that nothing recovers: a trace prints arguments, which may be of a witness
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], streams{os.Stdin, os.Stdout, os.Stderr})
	stop()
	os.Exit(code)
}

// run dispatches to a command and returns the process's exit code.
func run(ctx context.Context, args []string, s streams) int {
	if len(args) == 0 {
		usage(s.err)
		return exitInvalid
	}
	name := args[0]
	if name == "help" || name == "-h" || name == "--help" {
		usage(s.out)
		return exitDone
	}
	c, known := commands[name]
	if !known {
		fmt.Fprintf(s.err, "fairlead-prover: no command %q; see fairlead-prover --help\n", name)
		return exitInvalid
	}
	flags := flag.NewFlagSet(name, flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	err := attempt(func() error { return c.run(ctx, flags, args[1:], s) })
	if errors.Is(err, flag.ErrHelp) {
		fmt.Fprintf(s.out, "usage: fairlead-prover %s %s\n\n%s\n", c.name, c.args, c.summary)
		flags.SetOutput(s.out)
		flags.PrintDefaults()
		return exitDone
	}
	if err != nil {
		fmt.Fprintf(s.err, "fairlead-prover %s: %v\n", name, err)
		if errors.Is(err, errUsage) {
			fmt.Fprintf(s.err, "usage: fairlead-prover %s %s\n", c.name, c.args)
		}
	}
	return exitCode(err)
}

// attempt turns a panic into an error that names functions and lines, but no value, which may be of a witness.
func attempt(work func() error) (err error) {
	defer func() {
		if value := recover(); value != nil {
			err = fmt.Errorf("%w at %s", errInternal, parallel.Site(value))
		}
	}()
	return work()
}

// parse reads flags, which may stand before, between and after the words, and returns the words, which must be count in number; a negative
// count allows any number.
func parse(flags *flag.FlagSet, args []string, count int) ([]string, error) {
	var words []string
	for {
		if err := flags.Parse(args); err != nil {
			if errors.Is(err, flag.ErrHelp) {
				return nil, err
			}
			return nil, fmt.Errorf("%w: %w", errUsage, err)
		}
		rest := flags.Args()
		if len(rest) == 0 {
			break
		}
		words, args = append(words, rest[0]), rest[1:]
	}
	if count >= 0 && len(words) != count {
		return nil, fmt.Errorf("%w: got %d arguments, want %d", errUsage, len(words), count)
	}
	return words, nil
}

func usage(w io.Writer) {
	fmt.Fprint(w, "usage: fairlead-prover COMMAND ARGUMENTS\n\nGroth16 over BN254 for snarkjs keys and circom witnesses.\n\n")
	names := make([]string, 0, len(commands))
	for name := range commands {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		fmt.Fprintf(w, "  %-8s %s\n", name, commands[name].summary)
	}
	fmt.Fprint(w, "\nfairlead-prover COMMAND --help shows a command's arguments.\n",
		"Exit codes: 0 done; 1 invalid proof or unsatisfied witness; 2 wrong usage or malformed input; 3 internal error; 130 interrupted.\n")
}
