// Package chord adds many pairs of points of BN254 at once, in affine coordinates, so that all of them share one inversion.
package chord

import (
	"github.com/consensys/gnark-crypto/ecc/bn254"
	"github.com/consensys/gnark-crypto/ecc/bn254/fp"
)

// Pairs that share an inversion, at most. What one goroutine needs for them stays within a second-level cache.
const Pairs = 512

// Vectors over F_q go through gnark-crypto's, which uses AVX-512 where the processor has it.

func mulG1(z, x, y fp.Vector) { z.Mul(x, y) }
func squareG1(z, x fp.Vector) { z.Mul(x, x) }
func subG1(z, x, y fp.Vector) { z.Sub(x, y) }

func mulG2(z, x, y []bn254.E2) {
	for i := range z {
		z[i].Mul(&x[i], &y[i])
	}
}

func squareG2(z, x []bn254.E2) {
	for i := range z {
		z[i].Square(&x[i])
	}
}

func subG2(z, x, y []bn254.E2) {
	for i := range z {
		z[i].Sub(&x[i], &y[i])
	}
}
