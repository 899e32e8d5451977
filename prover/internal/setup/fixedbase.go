package setup

import (
	"context"
	"math"
	"runtime"
	"sync"
	"sync/atomic"

	"github.com/consensys/gnark-crypto/ecc/bn254/fr"
)

const (
	scalarBits = fr.Bits
	// chunk is how many scalars share their inversions, and what one goroutine takes at a time.
	chunk = 1024
	// minWindow and maxWindow bound a window's bits: the table of one holds 2^(bits − 1) points.
	minWindow, maxWindow = 2, 15
)

// fixedBase multiplies one point by many scalars with a table of multiples 1 … 2^(bits−1) of each window; digits are signed, so a negative
// one takes the opposite point. Safe for concurrent use.
type fixedBase[T comparable, P field[T]] struct {
	bits    int
	windows [][]affine[T]
}

// newFixedBase makes the tables that suit count scalars.
func newFixedBase[T comparable, P field[T]](base affine[T], count int) *fixedBase[T, P] {
	bits := bestWindow(count)
	// One bit more than a scalar has, so that the last carry has a place.
	f := &fixedBase[T, P]{bits: bits, windows: make([][]affine[T], (scalarBits+bits)/bits)}
	double := newAdder[T, P](1)
	var wait sync.WaitGroup
	for w := range f.windows {
		start := base
		wait.Go(func() { f.windows[w] = multiples[T, P](start, 1<<(bits-1)) })
		for range bits {
			sum := []affine[T]{base}
			double.addAll(sum, func(int) *affine[T] { return &base })
			base = sum[0]
		}
	}
	wait.Wait()
	return f
}

// multiples gives p, 2p, … count·p; count is a power of two.
func multiples[T comparable, P field[T]](p affine[T], count int) []affine[T] {
	table := make([]affine[T], count)
	table[0] = p
	add := newAdder[T, P](max(1, count/2))
	for known := 1; known < count; known *= 2 {
		last := table[known-1]
		next := table[known : 2*known]
		copy(next, table[:known])
		add.addAll(next, func(int) *affine[T] { return &last })
	}
	return table
}

// multiply gives base·scalars[i] for every i, on all CPUs, and ctx.Err() if ctx ends first.
func (f *fixedBase[T, P]) multiply(ctx context.Context, scalars []fr.Element) ([]affine[T], error) {
	points := make([]affine[T], len(scalars))
	var next atomic.Int64
	var wait sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		wait.Go(func() {
			work := f.newWorker()
			for ctx.Err() == nil {
				from := int(next.Add(chunk)) - chunk
				if from >= len(scalars) {
					return
				}
				to := min(from+chunk, len(scalars))
				work.multiply(scalars[from:to], points[from:to])
			}
		})
	}
	wait.Wait()
	return points, ctx.Err()
}

// worker holds what one goroutine needs for a chunk.
type worker[T comparable, P field[T]] struct {
	*fixedBase[T, P]
	add    *adder[T, P]
	digits [][]int32
	// opposite holds the points of negative digits.
	opposite []affine[T]
	zero     T
}

func (f *fixedBase[T, P]) newWorker() *worker[T, P] {
	digits := make([][]int32, len(f.windows))
	for w := range digits {
		digits[w] = make([]int32, chunk)
	}
	return &worker[T, P]{fixedBase: f, add: newAdder[T, P](chunk), digits: digits, opposite: make([]affine[T], chunk)}
}

func (w *worker[T, P]) multiply(scalars []fr.Element, points []affine[T]) {
	for i := range scalars {
		w.split(scalars[i].Bits(), i)
	}
	for window, table := range w.windows {
		digits := w.digits[window]
		for i := range points {
			if digit := digits[i]; digit < 0 {
				w.opposite[i].x = table[-digit-1].x
				P(&w.opposite[i].y).Sub(&w.zero, &table[-digit-1].y)
			}
		}
		w.add.addAll(points, func(i int) *affine[T] {
			switch digit := digits[i]; {
			case digit > 0:
				return &table[digit-1]
			case digit < 0:
				return &w.opposite[i]
			default:
				return nil
			}
		})
	}
}

// split stores the signed digits of a scalar, −2^(bits−1) < digit ≤ 2^(bits−1), lowest first, at position i.
func (w *worker[T, P]) split(words [4]uint64, i int) {
	half, full := int32(1)<<(w.bits-1), int32(1)<<w.bits
	var carry int32
	for window := range w.windows {
		digit := bitsAt(words, window*w.bits, w.bits) + carry
		carry = 0
		if digit > half {
			digit -= full
			carry = 1
		}
		w.digits[window][i] = digit
	}
}

// bitsAt takes count bits, at most 31, from bit from on; zeros behind the last word.
func bitsAt(words [4]uint64, from, count int) int32 {
	word, shift := from/64, from%64
	if word >= len(words) {
		return 0
	}
	value := words[word] >> shift
	if shift+count > 64 && word+1 < len(words) {
		value |= words[word+1] << (64 - shift)
	}
	return int32(value & (1<<count - 1))
}

// bestWindow is the window, in bits, that makes tables and products together cheapest.
func bestWindow(count int) int {
	best, least := minWindow, math.MaxInt
	for bits := minWindow; bits <= maxWindow; bits++ {
		if cost := (scalarBits/bits + 1) * (1<<(bits-1) + count); cost < least {
			best, least = bits, cost
		}
	}
	return best
}
