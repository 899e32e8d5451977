// Package setup makes Groth16 keys straight from a constraint system with secrets that anyone can derive from a seed: quick, reproducible
// to the byte, and worthless as a proof of anything to others. For development and tests only.
//
// The bytes are those that src/proof/devkey makes; test/proof holds the two against each other.
package setup

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/consensys/gnark-crypto/ecc/bn254"
	"github.com/consensys/gnark-crypto/ecc/bn254/fr"

	"fairlead.dev/prover/internal/parallel"
	"fairlead.dev/prover/internal/r1cs"
)

// ErrDegenerate is wrapped when a seed gives unusable secrets (probability about 2^-225).
var ErrDegenerate = errors.New("degenerate secrets: take another seed")

type (
	g1 = bn254.G1Affine
	g2 = bn254.G2Affine
)

// Key is a dev key in memory.
type Key struct {
	system *r1cs.System
	// size of the evaluation domain.
	size int

	alpha1, beta1, delta1 g1
	beta2, gamma2, delta2 g2
	ic, a, b1, c, h       []g1
	b2                    []g2
}

// Make derives the key of a constraint system. It wraps [ErrDegenerate], and returns ctx.Err() if ctx ends first.
func Make(ctx context.Context, system *r1cs.System, seed string) (*Key, error) {
	secrets := derive(seed)
	key := &Key{system: system, size: domainSize(system)}
	if secrets.degenerate(key.size) {
		return nil, fmt.Errorf("setup: %w", ErrDegenerate)
	}
	_, _, generator1, generator2 := bn254.Generators()
	var exponents scalars
	var base1 *fixedG1
	var base2 *fixedG2
	parallel.Do(func() { exponents = evaluate(system, &secrets, key.size) }, func() {
		base1 = newFixedG1(&generator1, 3*system.Wires+key.size)
		base2 = newFixedG2(&generator2, system.Wires)
	})
	singles, err := base1.multiply(ctx, []fr.Element{secrets.alpha, secrets.beta, secrets.delta})
	if err != nil {
		return nil, err
	}
	key.alpha1, key.beta1, key.delta1 = singles[0], singles[1], singles[2]
	for _, part := range []struct {
		points  *[]g1
		scalars []fr.Element
	}{{&key.ic, exponents.ic}, {&key.a, exponents.a}, {&key.b1, exponents.b}, {&key.c, exponents.c}, {&key.h, exponents.h}} {
		if *part.points, err = base1.multiply(ctx, part.scalars); err != nil {
			return nil, err
		}
	}

	pairs, err := base2.multiply(ctx, []fr.Element{secrets.beta, secrets.gamma, secrets.delta})
	if err != nil {
		return nil, err
	}
	key.beta2, key.gamma2, key.delta2 = pairs[0], pairs[1], pairs[2]
	if key.b2, err = base2.multiply(ctx, exponents.b); err != nil {
		return nil, err
	}
	return key, nil
}

// Write writes the key as a .zkey, the same bytes for the same key.
func (k *Key) Write(w io.Writer) error {
	return writeZkey(w, k)
}
