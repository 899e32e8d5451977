package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"

	"fairlead.dev/prover/internal/groth16"
	"fairlead.dev/prover/internal/wtns"
	"fairlead.dev/prover/internal/zkey"
)

var _ = register(command{
	name:    "prove",
	args:    "KEY.zkey WITNESS.wtns PROOF.json PUBLIC.json",
	summary: "Prove that a witness satisfies a circuit; writes snarkjs's JSON files.",
	run: func(ctx context.Context, flags *flag.FlagSet, args []string, s streams) error {
		words, err := parse(flags, args, 4)
		if err != nil {
			return err
		}
		file, err := os.Open(words[0])
		if err != nil {
			return err
		}
		defer file.Close()
		info, err := file.Stat()
		if err != nil {
			return err
		}
		key, _, err := zkey.Read(file, info.Size())
		if err != nil {
			return err
		}
		data, err := os.ReadFile(words[1])
		if err != nil {
			return err
		}
		witness, err := wtns.Parse(data)
		if err != nil {
			return err
		}
		proof, publics, err := key.Prove(ctx, witness, nil)
		if errors.Is(err, groth16.ErrUnsatisfied) {
			return fmt.Errorf("%w: %w", errRefused, err)
		}
		if err != nil {
			return err
		}
		if err := writeJSON(words[2], proof); err != nil {
			return err
		}
		return writeJSON(words[3], publics)
	},
})

func writeJSON(path string, value any) error {
	data, err := json.MarshalIndent(value, "", " ")
	if err != nil {
		return err
	}
	return os.WriteFile(path, append(data, '\n'), 0o644)
}
