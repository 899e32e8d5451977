package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"time"

	"fairlead.dev/prover/internal/r1cs"
	"fairlead.dev/prover/internal/setup"
)

var _ = register(command{
	name:    "setup",
	args:    "[--vkey FILE] (--seed SEED R1CS | R1CS SEED) ZKEY",
	summary: "Make a dev key from a constraint system and a seed: reproducible to the byte, and safe for nobody's money.",
	run:     runSetup,
})

func runSetup(ctx context.Context, flags *flag.FlagSet, args []string, s streams) error {
	seedFlag := flags.String("seed", "", "the seed, in place of the second argument")
	vkeyPath := flags.String("vkey", "", "also write the verification key (JSON) to `FILE`")
	words, err := parse(flags, args, -1)
	if err != nil {
		return err
	}
	seed, given := *seedFlag, false
	flags.Visit(func(f *flag.Flag) { given = given || f.Name == "seed" })
	if !given && len(words) == 3 {
		seed, words = words[1], []string{words[0], words[2]}
	} else if !given || len(words) != 2 {
		return fmt.Errorf("%w: want a constraint system, a seed and a file for the key", errUsage)
	}
	began := time.Now()
	system, err := r1cs.Open(words[0])
	if err != nil {
		return err
	}
	key, err := setup.Make(ctx, system, seed)
	if err != nil {
		return err
	}
	if err := writeNew(words[1], key.Write); err != nil {
		return err
	}
	if *vkeyPath != "" {
		text, err := key.VerifyingKey()
		if err != nil {
			return err
		}
		if err := os.WriteFile(*vkeyPath, text, 0o644); err != nil {
			return err
		}
	}
	_, err = fmt.Fprintf(s.err, "dev key of %d constraints in %.2f s\n", system.Constraints, time.Since(began).Seconds())
	return err
}

// writeNew writes a file that must not exist yet, and removes it again when it cannot be written whole.
func writeNew(path string, write func(io.Writer) error) (err error) {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return err
	}
	defer func() {
		if closed := file.Close(); err == nil {
			err = closed
		}
		if err != nil {
			_ = os.Remove(path)
		}
	}()
	if err := write(file); err != nil {
		return err
	}
	return file.Sync()
}
