package msm

//go:generate sh -c "sed -e 's/G1/G2/g; s/scratch.g1/scratch.g2/g; s/^package msm$/\\/\\/ Code generated from sum_g1.go by go generate. DO NOT EDIT.\\n\\npackage msm/; /^\\/\\/go:generate/d' sum_g1.go | gofmt > sum_g2.go"

import "github.com/consensys/gnark-crypto/ecc/bn254"

// SumG1 is Σ scalars[i]·points[i], to be computed by [Run].
type SumG1 struct {
	points  []bn254.G1Affine
	recoded *recoded
	windows []bn254.G1Jac
}

// NewG1 prepares a sum; no point may be infinity. Points beyond the last scalar do not count; [Run] panics if a scalar beyond the last point is not
// zero. The scalars are not needed afterwards, the points are.
func NewG1(points []bn254.G1Affine, scalars []Scalar) *SumG1 {
	s := &SumG1{points: points, recoded: recode(scalars)}
	s.windows = make([]bn254.G1Jac, s.recoded.windows)
	return s
}

func (s *SumG1) tasks() int { return len(s.windows) }

// run sums window j: Σ digit·point, by buckets of equal magnitude.
func (s *SumG1) run(j int, scratch *scratch) {
	if scratch.g1.tree == nil {
		scratch.g1.tree = new(treeG1)
	}
	own, count := &scratch.g1, s.recoded.buckets()
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
	total := weightedG1(own.halves[:rows])
	for range low {
		total.DoubleAssign()
	}
	columns := weightedG1(own.halves[rows:])
	total.AddAssign(&columns)
	s.windows[j] = total
}

// Result of the sum, after [Run].
func (s *SumG1) Result() bn254.G1Jac {
	total := s.windows[len(s.windows)-1]
	for j := len(s.windows) - 2; j >= 0; j-- {
		for range s.recoded.window {
			total.DoubleAssign()
		}
		total.AddAssign(&s.windows[j])
	}
	return total
}

// weightedG1 returns Σ i·points[i].
func weightedG1(points []bn254.G1Affine) (total bn254.G1Jac) {
	var running bn254.G1Jac
	for i := len(points) - 1; i > 0; i-- {
		running.AddMixed(&points[i])
		total.AddAssign(&running)
	}
	return total
}

// scratchG1 is memory for one goroutine.
type scratchG1 struct {
	tree            *treeG1
	buckets, halves []bn254.G1Affine
}
