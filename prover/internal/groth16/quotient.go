package groth16

import (
	"context"
	"math/big"

	"github.com/consensys/gnark-crypto/ecc/bn254/fr"
	"github.com/consensys/gnark-crypto/ecc/bn254/fr/fft"

	"fairlead.dev/prover/internal/parallel"
	"fairlead.dev/prover/internal/wtns"
)

// quotient returns the values of A·B - C on the odd coset of the domain, where A and B interpolate the constraints' sides over the domain
// and C their products. There X^n - 1 is -2 everywhere, so this is a multiple of the quotient; the keys' H points hold the rest.
//
// FFTInverse decimated in frequency leaves its result in bit-reversed order, which is the order that FFT decimated in time takes, so nothing
// is ever permuted. wires are in Montgomery form.
func (k *Key) quotient(ctx context.Context, wires []fr.Element) ([]fr.Element, error) {
	size := 1 << k.LogDomain
	a, b, c := make([]fr.Element, size), make([]fr.Element, size), make([]fr.Element, size)
	parallel.Range(size, func(from, to int) {
		k.MatrixA.multiply(a, wires, k.Coefficients, from, to)
		k.MatrixB.multiply(b, wires, k.Coefficients, from, to)
		product := fr.Vector(c[from:to])
		product.Mul(a[from:to], b[from:to])
	})
	domain := k.domain()
	for _, side := range [][]fr.Element{a, b, c} {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		domain.FFTInverse(side, fft.DIF)
		domain.FFT(side, fft.DIT, fft.OnCoset())
	}
	parallel.Range(size, func(from, to int) {
		left, right := fr.Vector(a[from:to]), fr.Vector(b[from:to])
		left.Mul(left, right)
		left.Sub(left, fr.Vector(c[from:to]))
	})
	return a, nil
}

// multiply sets out[from:to] to those rows of the matrix times the wires.
func (m *Matrix) multiply(out, wires, coefficients []fr.Element, from, to int) {
	for row := from; row < min(to, m.Rows()); row++ {
		var sum, term fr.Element
		for at := m.Starts[row]; at < m.Starts[row+1]; at++ {
			wire := &wires[m.Wires[at]]
			// By far the most coefficients are 1 and -1.
			switch m.Coefficient[at] {
			case PlusOne:
				sum.Add(&sum, wire)
			case MinusOne:
				sum.Sub(&sum, wire)
			default:
				term.Mul(wire, &coefficients[m.Coefficient[at]])
				sum.Add(&sum, &term)
			}
		}
		out[row] = sum
	}
}

// The first entries of [Key.Coefficients].
const (
	PlusOne  = 0
	MinusOne = 1
)

// toMontgomery converts the wires' values.
func toMontgomery(witness []wtns.Scalar) []fr.Element {
	wires := make([]fr.Element, len(witness))
	parallel.Range(len(witness), func(from, to int) {
		for i := from; i < to; i++ {
			wires[i] = fr.Element(witness[i])
			wires[i].Mul(&wires[i], &rSquared)
		}
	})
	return wires
}

// rSquared has the words of 2^512 mod r: what a number is multiplied by, in Montgomery's way, to bring it into Montgomery form.
var rSquared = func() (z fr.Element) {
	z.SetBigInt(new(big.Int).Lsh(big.NewInt(1), 256))
	return z
}()
