// Code generated from sum_g1.go by go generate. DO NOT EDIT.

package msm

import "github.com/consensys/gnark-crypto/ecc/bn254"

// SumG2 is Σ scalars[i]·points[i], to be computed by [Run].
type SumG2 struct {
	points  []bn254.G2Affine
	recoded *recoded
	windows []bn254.G2Jac
}

// NewG2 prepares a sum; no point may be infinity. Points beyond the last scalar do not count; [Run] panics if a scalar beyond the last point is not
// zero. The scalars are not needed afterwards, the points are.
func NewG2(points []bn254.G2Affine, scalars []Scalar) *SumG2 {
	s := &SumG2{points: points, recoded: recode(scalars)}
	s.windows = make([]bn254.G2Jac, s.recoded.windows)
	return s
}

func (s *SumG2) tasks() int { return len(s.windows) }

// run sums window j: Σ digit·point, by buckets of equal magnitude.
func (s *SumG2) run(j int, scratch *scratch) {
	if scratch.g2.tree == nil {
		scratch.g2.tree = new(treeG2)
	}
	own, count := &scratch.g2, s.recoded.buckets()
	scratch.sorted.sortWindow(s.recoded, j)
	own.buckets = resize(own.buckets, count)
	own.tree.sum(own.buckets, s.points, &scratch.sorted)

	scratch.present = resize(scratch.present, count)
	for m := range own.buckets {
		scratch.present[m] = !own.buckets[m].IsInfinity()
	}
	low := s.recoded.window / 2
	rows := scratch.sorted.split(count, low, scratch.present)
	own.halves = resize(own.halves, len(scratch.sorted.ends))
	own.tree.sum(own.halves, own.buckets, &scratch.sorted)
	total := weightedG2(own.halves[:rows])
	for range low {
		total.DoubleAssign()
	}
	columns := weightedG2(own.halves[rows:])
	total.AddAssign(&columns)
	s.windows[j] = total
}

// Result of the sum, after [Run].
func (s *SumG2) Result() bn254.G2Jac {
	total := s.windows[len(s.windows)-1]
	for j := len(s.windows) - 2; j >= 0; j-- {
		for range s.recoded.window {
			total.DoubleAssign()
		}
		total.AddAssign(&s.windows[j])
	}
	return total
}

// weightedG2 returns Σ i·points[i].
func weightedG2(points []bn254.G2Affine) (total bn254.G2Jac) {
	var running bn254.G2Jac
	for i := len(points) - 1; i > 0; i-- {
		running.AddMixed(&points[i])
		total.AddAssign(&running)
	}
	return total
}

// scratchG2 is memory for one goroutine.
type scratchG2 struct {
	tree            *treeG2
	buckets, halves []bn254.G2Affine
}
