package main

import (
	"context"
	"flag"
	"fmt"

	"fairlead.dev/prover/internal/server"
)

var _ = register(command{
	name:    "serve",
	args:    "[--queue N] [--keys N]",
	summary: "Answer requests in frames on standard input and output, with keys kept in memory.",
	run: func(ctx context.Context, flags *flag.FlagSet, args []string, s streams) error {
		queue := flags.Int("queue", 16, "requests of a kind that may wait")
		keys := flags.Int("keys", 8, "circuits that may be loaded")
		if _, err := parse(flags, args, 0); err != nil {
			return err
		}
		if *queue < 1 || *keys < 1 {
			return fmt.Errorf("%w: --queue and --keys are at least 1", errUsage)
		}
		return server.Serve(ctx, s.in, s.out, server.Options{Queue: *queue, Keys: *keys, Log: s.err})
	},
})
