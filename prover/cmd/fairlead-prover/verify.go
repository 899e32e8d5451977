package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"

	"fairlead.dev/prover/internal/groth16"
)

var _ = register(command{
	name:    "verify",
	args:    "[--json] KEY.json PUBLIC.json PROOF.json  |  [--json] --batch FILE KEY.json",
	summary: "Verify one proof, or many at once; KEY.json is snarkjs's verification_key.json.",
	run: func(_ context.Context, flags *flag.FlagSet, args []string, s streams) error {
		batch := flags.String("batch", "", `JSON array of {"proof", "publicSignals"}; - for standard input`)
		asJSON := flags.Bool("json", false, `print {"valid", "bad"}, bad with the indices of the invalid proofs`)
		words, err := parse(flags, args, -1)
		if err != nil {
			return err
		}
		if want := map[bool]int{false: 3, true: 1}[*batch != ""]; len(words) != want {
			return fmt.Errorf("%w: got %d arguments, want %d", errUsage, len(words), want)
		}
		data, err := os.ReadFile(words[0])
		if err != nil {
			return err
		}
		key, err := groth16.ParseVerifyingKey(data)
		if err != nil {
			return err
		}
		var items []groth16.Item
		if *batch != "" {
			items, err = readBatch(*batch, s.in)
		} else {
			items, err = readSingle(words[1], words[2])
		}
		if err != nil {
			return err
		}
		bad := key.VerifyItems(items)
		if *asJSON {
			err = json.NewEncoder(s.out).Encode(map[string]any{"valid": len(bad) == 0, "bad": bad})
		} else if len(bad) == 0 {
			_, err = fmt.Fprintln(s.out, "valid")
		}
		if err != nil || len(bad) == 0 {
			return err
		}
		return fmt.Errorf("%w: %d of %d proofs invalid: %v", errRefused, len(bad), len(items), bad)
	},
})

func readBatch(path string, stdin io.Reader) ([]groth16.Item, error) {
	var data []byte
	var err error
	if path == "-" {
		data, err = io.ReadAll(stdin)
	} else {
		data, err = os.ReadFile(path)
	}
	if err != nil {
		return nil, err
	}
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields()
	var items []groth16.Item
	if err := decoder.Decode(&items); err != nil {
		return nil, fmt.Errorf("batch: %w", err)
	}
	if items == nil {
		return nil, errors.New("batch: not an array")
	}
	return items, nil
}

func readSingle(publicPath, proofPath string) ([]groth16.Item, error) {
	publics, err := os.ReadFile(publicPath)
	if err != nil {
		return nil, err
	}
	proof, err := os.ReadFile(proofPath)
	if err != nil {
		return nil, err
	}
	for path, data := range map[string][]byte{publicPath: publics, proofPath: proof} {
		if !json.Valid(data) {
			return nil, fmt.Errorf("%s: not JSON", path)
		}
	}
	return []groth16.Item{{Proof: proof, Publics: publics}}, nil
}
