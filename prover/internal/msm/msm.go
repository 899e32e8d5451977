// Package msm computes sums of products of points and scalars (multi-scalar multiplication) in both groups of BN254.
//
// The method is Pippenger's with signed digits: scalars are cut into windows of c bits, in each window the points are put into buckets by
// digit, and the buckets' sums are added with their weights. Here the buckets are summed by a tree of affine additions that share their
// inversions, and so is the weighted sum of the buckets, by rows and columns; see [treeG1]. All windows of all sums of a proof are tasks
// for one pool of goroutines, so no thread waits for the end of a sum.
package msm

import (
	"context"
	"sync"

	"fairlead.dev/prover/internal/parallel"
)

// Sum is a [SumG1] or a [SumG2].
type Sum interface {
	tasks() int
	run(task int, scratch *scratch)
}

// scratch is memory for one goroutine.
type scratch struct {
	sorted  grouped
	present []bool
	g1      scratchG1
	g2      scratchG2
}

var scratches = sync.Pool{New: func() any { return new(scratch) }}

// Run computes the sums, on all cores. It returns ctx.Err() if ctx ends first, within some tens of milliseconds; then the sums have no result.
// Progress, if not nil, is called with the number of tasks that are done and that there are, by several goroutines.
func Run(ctx context.Context, progress func(done, total int), sums ...Sum) error {
	total := 0
	for _, sum := range sums {
		total += sum.tasks()
	}
	var mutex sync.Mutex
	done := 0
	parallel.Each(total, func(i int) {
		if ctx.Err() != nil {
			return
		}
		at := 0
		for i >= sums[at].tasks() {
			i -= sums[at].tasks()
			at++
		}
		own := scratches.Get().(*scratch)
		sums[at].run(i, own)
		scratches.Put(own)
		if progress != nil {
			mutex.Lock()
			defer mutex.Unlock()
			done++
			progress(done, total)
		}
	})
	return ctx.Err()
}
