// Code generated from fixed_g1.go by go generate. DO NOT EDIT.

package setup

import (
	"context"
	"sync"

	"github.com/consensys/gnark-crypto/ecc/bn254"
	"github.com/consensys/gnark-crypto/ecc/bn254/fr"

	"fairlead.dev/prover/internal/chord"
	"fairlead.dev/prover/internal/parallel"
)

// fixedG2 multiplies one point by many scalars with a table of multiples 1 … 2^(bits−1) of each window; digits are signed, so a negative
// one takes the opposite point. Safe for concurrent use.
type fixedG2 struct {
	bits    int
	windows [][]bn254.G2Affine
}

// newFixedG2 makes the tables that suit count scalars.
func newFixedG2(base *bn254.G2Affine, count int) *fixedG2 {
	bits := bestWindow(count)
	f := &fixedG2{bits: bits, windows: make([][]bn254.G2Affine, windowsOf(bits))}
	starts := make([]bn254.G2Affine, len(f.windows))
	var at bn254.G2Jac
	at.FromAffine(base)
	for w := range starts {
		starts[w].FromJacobian(&at)
		for range bits {
			at.DoubleAssign()
		}
	}
	parallel.Each(len(starts), func(w int) { f.windows[w] = multiplesG2(&starts[w], 1<<(bits-1)) })
	return f
}

// multiplesG2 gives p, 2p, … count·p; count is a power of two.
func multiplesG2(p *bn254.G2Affine, count int) []bn254.G2Affine {
	add := addersG2.Get().(*chord.G2)
	defer addersG2.Put(add)
	table := make([]bn254.G2Affine, count)
	table[0] = *p
	for known := 1; known < count; known *= 2 {
		last := table[known-1]
		for from := 0; from < known; from += chord.Pairs {
			some := table[from:min(from+chord.Pairs, known)]
			for i := range some {
				add.X1[i], add.Y1[i], add.X2[i], add.Y2[i] = some[i].X, some[i].Y, last.X, last.Y
			}
			add.Add(len(some))
			for i := range some {
				table[known+from+i] = bn254.G2Affine{X: add.X1[i], Y: add.Y1[i]}
			}
		}
	}
	return table
}

// multiply gives base·scalars[i] for every i, on all cores, and ctx.Err() if ctx ends first.
func (f *fixedG2) multiply(ctx context.Context, scalars []fr.Element) ([]bn254.G2Affine, error) {
	points, live := make([]bn254.G2Affine, len(scalars)), nonzero(scalars)
	parallel.Each((len(live)+chord.Pairs-1)/chord.Pairs, func(piece int) {
		if ctx.Err() == nil {
			from := piece * chord.Pairs
			f.some(points, scalars, live[from:min(from+chord.Pairs, len(live))])
		}
	})
	return points, ctx.Err()
}

// some sets the points of the chosen scalars, at most [chord.Pairs].
func (f *fixedG2) some(points []bn254.G2Affine, scalars []fr.Element, chosen []uint32) {
	add := addersG2.Get().(*chord.G2)
	defer addersG2.Put(add)
	cut := make(digits, len(f.windows))
	for i, at := range chosen {
		cut.split(i, scalars[at].Bits(), f.bits)
	}
	for w, table := range f.windows {
		x, y := add.X2[:], add.Y2[:]
		if w == 0 {
			x, y = add.X1[:], add.Y1[:]
		}
		for i := range chosen {
			switch digit := cut[w][i]; {
			case digit > 0:
				x[i], y[i] = table[digit-1].X, table[digit-1].Y
			case digit < 0:
				x[i] = table[-digit-1].X
				y[i].Neg(&table[-digit-1].Y)
			default:
				x[i].SetZero()
				y[i].SetZero()
			}
		}
		if w > 0 {
			add.Add(len(chosen))
		}
	}
	for i, at := range chosen {
		points[at] = bn254.G2Affine{X: add.X1[i], Y: add.Y1[i]}
	}
}

var addersG2 = sync.Pool{New: func() any { return new(chord.G2) }}
