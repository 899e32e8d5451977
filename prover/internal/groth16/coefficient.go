package groth16

import (
	"crypto/rand"
	"encoding/binary"
	"math/big"
	"sync"

	"github.com/consensys/gnark-crypto/ecc/bn254"
	"github.com/consensys/gnark-crypto/ecc/bn254/fp"
	"github.com/consensys/gnark-crypto/ecc/bn254/fr"

	"fairlead.dev/prover/internal/chord"
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

// scale sets every point to its multiple. The points are taken through the coefficients' bits together, and share inversions.
func scale(points []bn254.G1Affine, by []coefficient) {
	for len(points) > chord.Pairs {
		scale(points[:chord.Pairs], by[:chord.Pairs])
		points, by = points[chord.Pairs:], by[chord.Pairs:]
	}
	// Of each point: nothing, itself, its image and their sum.
	terms := make([][4]bn254.G1Affine, len(points))
	add := adders.Get().(*chord.G1)
	defer adders.Put(add)
	for i := range points {
		term := &terms[i]
		term[1], term[2].Y = points[i], points[i].Y
		term[2].X.Mul(&points[i].X, &beta)
		add.X1[i], add.Y1[i], add.X2[i], add.Y2[i] = term[1].X, term[1].Y, term[2].X, term[2].Y
	}
	add.Add(len(points))
	for i := range terms {
		terms[i][3].X, terms[i][3].Y = add.X1[i], add.Y1[i]
	}
	for bit := 63; bit >= 0; bit-- {
		if bit < 63 {
			copy(add.X2[:len(points)], add.X1[:])
			copy(add.Y2[:len(points)], add.Y1[:])
			add.Add(len(points))
		}
		for i, c := range by {
			term := &terms[i][c.k>>bit&1|c.l>>bit&1<<1]
			if bit < 63 {
				add.X2[i], add.Y2[i] = term.X, term.Y
			} else {
				add.X1[i], add.Y1[i] = term.X, term.Y
			}
		}
		if bit < 63 {
			add.Add(len(points))
		}
	}
	for i := range points {
		points[i].X, points[i].Y = add.X1[i], add.Y1[i]
	}
}

var adders = sync.Pool{New: func() any { return new(chord.G1) }}

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
