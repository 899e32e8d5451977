package msm

import (
	"github.com/consensys/gnark-crypto/ecc/bn254"
	"github.com/consensys/gnark-crypto/ecc/bn254/fp"
)

const (
	// pairs that share an inversion, at most. The scratch for one goroutine and batch stays within a second-level cache.
	pairs = 512
	// blockEntries are taken through all rounds together, at least, if there are as many.
	blockEntries = 8192
)

// group is what is left of a group of points.
type group struct{ number, size uint32 }

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
