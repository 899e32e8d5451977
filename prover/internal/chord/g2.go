// Code generated from g1.go by go generate. DO NOT EDIT.

package chord

import (
	"github.com/consensys/gnark-crypto/ecc/bn254"
)

// G2 adds pairs of points. An addition costs
//
//	λ = (y₂ - y₁)/(x₂ - x₁), x₃ = λ² - x₁ - x₂, y₃ = λ·(x₁ - x₃) - y₁:
//
// three multiplications, and three for its share of the inversion ([Montgomery's trick] over a tree of products, which unlike a chain of them
// leaves the processor something to do at the same time), against about eleven for an addition in extended Jacobian coordinates.
//
// It is memory for one goroutine.
//
// [Montgomery's trick]: https://doi.org/10.1090/S0025-5718-1987-0866113-7
type G2 struct {
	// X1 and Y1 are the first points and then the sums, X2 and Y2 the second ones. (0, 0) is infinity; neither curve has such a point.
	X1, Y1, X2, Y2 [Pairs]bn254.E2

	products [2 * Pairs]bn254.E2
	spare    [Pairs]bn254.E2
	settled  []settledG2
}

// settledG2 is a sum that needs no addition: one of the points is infinity, or they cancel out.
type settledG2 struct {
	at  int
	sum bn254.G2Affine
}

// Add sets the first n of (X1, Y1) to the pairs' sums, and leaves anything in X2 and Y2.
func (g *G2) Add(n int) {
	if n == 0 {
		return
	}
	x1, y1, x2, y2 := g.X1[:n], g.Y1[:n], g.X2[:n], g.Y2[:n]
	run, rise := g.products[:n], y2
	subG2(run, x2, x1)
	g.settle(run, x1, y1, x2, y2)
	invertG2(g.products[:], g.spare[:], n)
	mulG2(rise, rise, run) // λ
	squareG2(run, rise)
	subG2(run, run, x1)
	subG2(run, run, x2) // x₃
	subG2(x2, x1, run)
	mulG2(x2, x2, rise)
	subG2(y1, x2, y1) // y₃
	copy(x1, run)
	for i := range g.settled {
		s := &g.settled[i]
		x1[s.at], y1[s.at] = s.sum.X, s.sum.Y
	}
	g.settled = g.settled[:0]
}

// settle turns y₂ into y₂ - y₁, and replaces numerator and denominator of λ where the chord's do not serve: by the tangent's for a doubling, by
// 1 where the sum is already known.
func (g *G2) settle(run, x1, y1, x2, y2 []bn254.E2) {
	for i := range run {
		special := run[i].IsZero() || (x1[i].IsZero() && y1[i].IsZero()) || (x2[i].IsZero() && y2[i].IsZero())
		if !special {
			continue
		}
		p, q := bn254.G2Affine{X: x1[i], Y: y1[i]}, bn254.G2Affine{X: x2[i], Y: y2[i]}
		switch {
		case p.IsInfinity():
			g.settled = append(g.settled, settledG2{i, q})
			run[i].SetOne()
		case q.IsInfinity():
			g.settled = append(g.settled, settledG2{i, p})
			run[i].SetOne()
		case y1[i].Equal(&y2[i]):
			run[i].Double(&y1[i])
			var square bn254.E2
			square.Square(&x1[i])
			y2[i].Double(&square).Add(&y2[i], &square).Add(&y2[i], &y1[i]) // 3x², and y₁, which is subtracted below
		default:
			g.settled = append(g.settled, settledG2{i, bn254.G2Affine{}})
			run[i].SetOne()
		}
	}
	subG2(y2, y2, y1)
}

// invertG2 inverts values[:n], none of them zero, with one inversion; values has room for 2n, spare for n.
func invertG2(values, spare []bn254.E2, n int) {
	// Level by level, products of the first and the second half; an odd one in the middle rises alone.
	type level struct{ at, size int }
	var levels [17]level
	depth, at, size := 0, 0, n
	for size > 1 {
		levels[depth] = level{at, size}
		low := size / 2
		high := size - low
		above := values[at+size : at+size+high]
		mulG2(above[:low], values[at:at+low], values[at+high:at+size])
		if high > low {
			above[low] = values[at+low]
		}
		depth, at, size = depth+1, at+size, high
	}
	values[at].Inverse(&values[at])
	for depth--; depth >= 0; depth-- {
		at, size := levels[depth].at, levels[depth].size
		low := size / 2
		high := size - low
		above := values[at+size : at+size+high]
		first, second := values[at:at+low], values[at+high:at+size]
		mulG2(spare[:low], second, above[:low])
		mulG2(second, first, above[:low])
		copy(first, spare)
		if high > low {
			values[at+low] = above[low]
		}
	}
}
