package msm

import (
	"math/big"
	"math/bits"

	"github.com/consensys/gnark-crypto/ecc/bn254/fr"
)

// Scalar is a number below r as four 64-bit words, least significant first, not in Montgomery form.
type Scalar = [4]uint64

// scalarBits of a scalar that recode has brought below r/2.
const scalarBits = fr.Bits - 1

// recoded are scalars without the zeros, ready to be cut into signed digits.
//
// A scalar above r/2 stands for its negative, so that small negative values have few digits as well, and every digit is shifted: to each
// scalar Σ 2^(c-1)·2^(c·j) is added, for all windows j but the top one, so that window j holds the digit plus 2^(c-1), and digits can be taken
// without a carry from one to the next.
type recoded struct {
	window  int // c, bits of a digit
	windows int
	scalars []Scalar // shifted
	// sources are the scalars' indices, times 2, plus 1 for a negated one.
	sources []uint32
}

// recode chooses the window and recodes the scalars.
func recode(scalars []Scalar) *recoded {
	wide := 0
	for i := range scalars {
		// Close to zero from either side, the upper words are all zeros or those of the order.
		if s := &scalars[i]; s[3] != 0 && s[3] != order[3] {
			wide++
		}
	}
	return recodeWith(scalars, bestWindow(wide))
}

func recodeWith(scalars []Scalar, window int) *recoded {
	r := &recoded{
		window: window, windows: windowsOf(window),
		scalars: make([]Scalar, 0, len(scalars)), sources: make([]uint32, 0, len(scalars)),
	}
	shift := r.shift()
	for i := range scalars {
		s, source := scalars[i], uint32(i)<<1
		if s == (Scalar{}) {
			continue
		}
		if above(&s, &half) {
			s = minus(&order, &s)
			source |= 1
		}
		r.scalars, r.sources = append(r.scalars, plus(&s, &shift)), append(r.sources, source)
	}
	return r
}

// digit j of scalar i, in [-2^(c-1), 2^(c-1)).
func (r *recoded) digit(i, j int) int32 {
	s := &r.scalars[i]
	at := j * r.window
	word, offset := at/64, at%64
	value := s[word] >> offset
	if offset+r.window > 64 && word < 3 {
		value |= s[word+1] << (64 - offset)
	}
	value &= 1<<r.window - 1
	if j == r.windows-1 {
		return int32(value)
	}
	return int32(value) - int32(1)<<(r.window-1)
}

func (r *recoded) shift() (s Scalar) {
	for j := range r.windows - 1 {
		at := j*r.window + r.window - 1
		s[at/64] |= 1 << (at % 64)
	}
	return s
}

// buckets is the number of a window's buckets: digits have at most this magnitude.
func (r *recoded) buckets() int { return 1 << (r.window - 1) }

// windowsOf c bits, of which the top one takes no shift, and must not exceed 2^(c-1) with what the others carry into it.
func windowsOf(c int) int { return (scalarBits + c) / c }

const (
	minWindow = 3
	maxWindow = 16
)

// bestWindow minimises the additions for n scalars of full width: n in each window to fill the buckets, less one a
// bucket, then two a bucket to sum them up.
func bestWindow(n int) int {
	best, least := 0, 0
	for c := minWindow; c <= maxWindow; c++ {
		cost := windowsOf(c) * (n + 1<<(c-1))
		if best == 0 || cost < least {
			best, least = c, cost
		}
	}
	return best
}

var (
	order = words(fr.Modulus())
	half  = words(new(big.Int).Rsh(fr.Modulus(), 1))
)

func words(n *big.Int) (s Scalar) {
	for i := range s {
		s[i] = new(big.Int).Rsh(n, uint(64*i)).Uint64()
	}
	return s
}

func above(a, b *Scalar) bool {
	for i := 3; i >= 0; i-- {
		if a[i] != b[i] {
			return a[i] > b[i]
		}
	}
	return false
}

func plus(a, b *Scalar) (sum Scalar) {
	var carry uint64
	for i := range sum {
		sum[i], carry = bits.Add64(a[i], b[i], carry)
	}
	return sum
}

func minus(a, b *Scalar) (difference Scalar) {
	var borrow uint64
	for i := range difference {
		difference[i], borrow = bits.Sub64(a[i], b[i], borrow)
	}
	return difference
}
