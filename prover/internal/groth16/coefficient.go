package groth16

import (
	"crypto/rand"
	"encoding/binary"
	"math/big"

	"github.com/consensys/gnark-crypto/ecc/bn254"
	"github.com/consensys/gnark-crypto/ecc/bn254/fp"
	"github.com/consensys/gnark-crypto/ecc/bn254/fr"
)

// coefficient of a random linear combination: k + λ·l with k and l of 64 random bits. That is one of 2^128 different values, as is a random number
// of 128 bits, but a point is multiplied by it in half the time: λ·(x, y) = (β·x, y) ([GLV], section 2).
//
// [GLV]: https://doi.org/10.1007/3-540-44647-8_11
type coefficient struct{ k, l uint64 }

// drawCoefficients that nobody can predict. One statement needs none, so it gets 1.
func drawCoefficients(n int) []coefficient {
	drawn := make([]coefficient, n)
	if n == 1 {
		drawn[0].k = 1
		return drawn
	}
	random := make([]byte, 16*n)
	rand.Read(random) // never fails: crypto/rand ends the process instead
	for i := range drawn {
		drawn[i] = coefficient{binary.LittleEndian.Uint64(random[16*i:]), binary.LittleEndian.Uint64(random[16*i+8:])}
	}
	return drawn
}

// value in F_r.
func (c coefficient) value() (z fr.Element) {
	var k fr.Element
	k.SetUint64(c.k)
	z.SetUint64(c.l)
	return *z.Mul(&z, &lambda).Add(&z, &k)
}

// scale sets z to the multiple of p.
func (c coefficient) scale(z, p *bn254.G1Affine) {
	if c == (coefficient{k: 1}) {
		*z = *p
		return
	}
	image := bn254.G1Affine{Y: p.Y}
	image.X.Mul(&p.X, &beta)
	var sum bn254.G1Jac
	sum.JointScalarMultiplication(p, &image, new(big.Int).SetUint64(c.k), new(big.Int).SetUint64(c.l))
	z.FromJacobian(&sum)
}

// lambda is a cube root of unity in F_r and beta the one in F_q that belongs to it.
var lambda, beta = func() (l fr.Element, b fp.Element) {
	third := new(big.Int).Div(new(big.Int).Sub(fr.Modulus(), big.NewInt(1)), big.NewInt(3))
	for base := uint64(2); l.IsZero() || l.IsOne(); base++ {
		l.SetUint64(base)
		l.Exp(l, third)
	}
	_, _, generator, _ := bn254.Generators()
	var image bn254.G1Affine
	image.ScalarMultiplication(&generator, integer(&l))
	b.Div(&image.X, &generator.X)
	return l, b
}()
