package setup

import (
	"math"

	"github.com/consensys/gnark-crypto/ecc/bn254/fr"

	"fairlead.dev/prover/internal/chord"
)

const (
	scalarBits = fr.Bits
	// minWindow and maxWindow bound a window's bits: the table of one holds 2^(bits − 1) points.
	minWindow, maxWindow = 2, 15
)

// digits of as many scalars as are multiplied together, by window, the lowest first.
type digits [][chord.Pairs]int32

// split stores the signed digits of scalar i, −2^(bits−1) < digit ≤ 2^(bits−1).
func (d digits) split(i int, words [4]uint64, bits int) {
	half, full := int32(1)<<(bits-1), int32(1)<<bits
	var carry int32
	for w := range d {
		digit := bitsAt(words, w*bits, bits) + carry
		carry = 0
		if digit > half {
			digit -= full
			carry = 1
		}
		d[w][i] = digit
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

// windowsOf bits a scalar has; there is one bit more than it needs, so that the last carry has a place.
func windowsOf(bits int) int { return (scalarBits + bits) / bits }

// bestWindow is the window, in bits, that makes tables and products together cheapest.
func bestWindow(count int) int {
	best, least := minWindow, math.MaxInt
	for bits := minWindow; bits <= maxWindow; bits++ {
		if cost := windowsOf(bits) * (1<<(bits-1) + count); cost < least {
			best, least = bits, cost
		}
	}
	return best
}

func nonzero(scalars []fr.Element) []uint32 {
	var live []uint32
	for i := range scalars {
		if !scalars[i].IsZero() {
			live = append(live, uint32(i))
		}
	}
	return live
}
