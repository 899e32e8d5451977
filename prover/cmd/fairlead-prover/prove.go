package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"

	"fairlead.dev/prover/internal/cache"
	"fairlead.dev/prover/internal/groth16"
	"fairlead.dev/prover/internal/wtns"
)

var _ = register(command{
	name:    "prove",
	args:    "[--cache FILE | --no-cache] [--sha256 HEX] [--json] KEY.zkey WITNESS.wtns PROOF.json PUBLIC.json",
	summary: "Prove that a witness satisfies a circuit; writes snarkjs's JSON files.",
	run: func(ctx context.Context, flags *flag.FlagSet, args []string, s streams) error {
		cachePath := flags.String("cache", "", "compact form of the key, made when missing or stale (default KEY.zkey.cache)")
		noCache := flags.Bool("no-cache", false, "read the .zkey itself and keep nothing")
		digest := flags.String("sha256", "", "SHA-256 that the .zkey must have")
		asJSON := flags.Bool("json", false, `print {"proof", "publicSignals", "times"} as well`)
		words, err := parse(flags, args, 4)
		if err != nil {
			return err
		}
		want, err := parseSHA256(*digest)
		if err != nil {
			return fmt.Errorf("%w: --sha256: %w", errUsage, err)
		}
		if *noCache {
			*cachePath = ""
		} else if *cachePath == "" {
			*cachePath = words[0] + ".cache"
		}

		clock := startClock()
		loaded, err := cache.Open(words[0], *cachePath, want)
		if err != nil {
			return err
		}
		if loaded.Unwritten != nil {
			fmt.Fprintf(s.err, "fairlead-prover prove: no cache: %v\n", loaded.Unwritten)
		}
		clock.lap("loadMs")
		witness, err := readWitness(words[1])
		if err != nil {
			return err
		}
		clock.lap("witnessMs")
		proof, publics, err := loaded.Key.Prove(ctx, witness, nil)
		if errors.Is(err, groth16.ErrUnsatisfied) {
			return fmt.Errorf("%w: %w", errRefused, err)
		}
		if err != nil {
			return err
		}
		clock.lap("proveMs")
		if err := writeJSON(words[2], proof); err != nil {
			return err
		}
		if err := writeJSON(words[3], publics); err != nil {
			return err
		}
		if !*asJSON {
			return nil
		}
		return json.NewEncoder(s.out).Encode(map[string]any{"proof": proof, "publicSignals": publics, "times": clock.laps})
	},
})

func readWitness(path string) ([]wtns.Scalar, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	return wtns.Parse(data)
}

// parseSHA256 returns nil for the empty string.
func parseSHA256(text string) (*[sha256.Size]byte, error) {
	if text == "" {
		return nil, nil
	}
	data, err := hex.DecodeString(text)
	if err != nil || len(data) != sha256.Size {
		return nil, errors.New("not 64 hexadecimal digits")
	}
	sum := [sha256.Size]byte(data)
	return &sum, nil
}

func writeJSON(path string, value any) error {
	data, err := json.MarshalIndent(value, "", " ")
	if err != nil {
		return err
	}
	return os.WriteFile(path, append(data, '\n'), 0o644)
}
