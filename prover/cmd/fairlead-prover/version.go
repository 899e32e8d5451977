package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"

	"fairlead.dev/prover/internal/version"
)

var _ = register(command{
	name:    "version",
	args:    "[--json]",
	summary: "Print version, Go release, commit and the CPU features that the prover uses.",
	run: func(_ context.Context, flags *flag.FlagSet, args []string, s streams) error {
		asJSON := flags.Bool("json", false, "print one JSON object")
		if _, err := parse(flags, args, 0); err != nil {
			return err
		}
		info := version.Get()
		if *asJSON {
			return json.NewEncoder(s.out).Encode(info)
		}
		_, err := fmt.Fprintln(s.out, info)
		return err
	},
})
