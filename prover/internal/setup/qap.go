package setup

import (
	"fmt"
	"math/big"
	"math/bits"

	"github.com/consensys/gnark-crypto/ecc/bn254/fr"

	"fairlead.dev/prover/internal/r1cs"
)

// scalars are the discrete logarithms of a key's points, in wire order; ic, c and h are divided by gamma, delta and delta.
type scalars struct {
	a, b, ic, c, h []fr.Element
}

// domainSize is the smallest power of two that holds every constraint and one more row for the constant and each public wire.
func domainSize(s *r1cs.System) int {
	return 1 << bits.Len(uint(s.Constraints+s.Publics))
}

// evaluate takes the quadratic arithmetic program at tau, in snarkjs's convention: Lagrange basis over the size-th roots of unity,
// constraint k at root k, and rows behind the constraints that bind the constant and each public wire to A with coefficient 1.
func evaluate(s *r1cs.System, w *waste, size int) scalars {
	one := fr.One()
	root := rootOfUnity(size)
	basis := lagrange(&w.tau, size, size, &one, &root)
	a, b, c := make([]fr.Element, s.Wires), make([]fr.Element, s.Wires), make([]fr.Element, s.Wires)
	columns := [3][]fr.Element{a, b, c}
	known := newCoefficients()
	s.ForEach(func(m r1cs.Matrix, row, wire int, coefficient []byte) {
		var product fr.Element
		value := known.at(coefficient)
		product.Mul(&value.element, &basis[row])
		columns[m][wire].Add(&columns[m][wire], &product)
	})
	for wire := 0; wire <= s.Publics; wire++ {
		a[wire].Add(&a[wire], &basis[s.Constraints+wire])
	}

	var perGamma, perDelta fr.Element
	perGamma.Inverse(&w.gamma)
	perDelta.Inverse(&w.delta)
	for wire := range c {
		var fromA, fromB fr.Element
		fromA.Mul(&w.beta, &a[wire])
		fromB.Mul(&w.alpha, &b[wire])
		c[wire].Add(&c[wire], &fromA).Add(&c[wire], &fromB)
		if wire <= s.Publics {
			c[wire].Mul(&c[wire], &perGamma)
		} else {
			c[wire].Mul(&c[wire], &perDelta)
		}
	}
	// L_(2i+1) over the domain of twice the size: what the quotient's odd-coset values are multiplied by.
	first := rootOfUnity(2 * size)
	h := lagrange(&w.tau, 2*size, size, &first, &root)
	for i := range h {
		h[i].Mul(&h[i], &perDelta)
	}
	return scalars{a: a, b: b, ic: c[:s.Publics+1], c: c[s.Publics+1:], h: h}
}

// lagrange evaluates Lagrange polynomials over the size-th roots of unity at tau, x·(tau^size − 1) / (size·(tau − x)) for the count roots
// x = first, first·step, first·step², … tau must be none of them.
func lagrange(tau *fr.Element, size, count int, first, step *fr.Element) []fr.Element {
	points, values := make([]fr.Element, count), make([]fr.Element, count)
	x := *first
	for i := range points {
		points[i] = x
		values[i].Sub(tau, &x)
		x.Mul(&x, step)
	}
	values = fr.BatchInvert(values)
	var factor, divisor, one fr.Element
	factor.Exp(*tau, big.NewInt(int64(size)))
	factor.Sub(&factor, one.SetOne())
	divisor.SetUint64(uint64(size))
	factor.Div(&factor, &divisor)
	for i := range values {
		values[i].Mul(&values[i], &factor).Mul(&values[i], &points[i])
	}
	return values
}

// rootOfUnity is the primitive size-th root 5^((p − 1) / size), as snarkjs and gnark-crypto have it; size must be a power of two of at
// most 2^28.
func rootOfUnity(size int) fr.Element {
	root, err := fr.Generator(uint64(size))
	if err != nil {
		panic(fmt.Sprintf("setup: domain of %d rows: %v", size, err)) // r1cs.MaxRows keeps below
	}
	return root
}
