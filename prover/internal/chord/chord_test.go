package chord

import (
	"math/big"
	"testing"

	"github.com/consensys/gnark-crypto/ecc/bn254"
)

// Sums of every kind in one batch, of sizes around those that vector instructions take at once: chords, tangents, infinity on either side and
// on both, opposite points.
func TestAddAgreesWithGnark(t *testing.T) {
	_, _, base1, base2 := bn254.Generators()
	for _, n := range []int{0, 1, 2, 7, 8, 9, 16, 100, Pairs - 1, Pairs} {
		add1, add2 := new(G1), new(G2)
		want1, want2 := make([]bn254.G1Affine, n), make([]bn254.G2Affine, n)
		for i := range n {
			first, second := factors(i)
			var p1, q1 bn254.G1Affine
			var p2, q2 bn254.G2Affine
			p1.ScalarMultiplication(&base1, first)
			q1.ScalarMultiplication(&base1, second)
			p2.ScalarMultiplication(&base2, first)
			q2.ScalarMultiplication(&base2, second)
			add1.X1[i], add1.Y1[i], add1.X2[i], add1.Y2[i] = p1.X, p1.Y, q1.X, q1.Y
			add2.X1[i], add2.Y1[i], add2.X2[i], add2.Y2[i] = p2.X, p2.Y, q2.X, q2.Y
			want1[i].ScalarMultiplication(&base1, new(big.Int).Add(first, second))
			want2[i].ScalarMultiplication(&base2, new(big.Int).Add(first, second))
		}
		add1.Add(n)
		add2.Add(n)
		for i := range n {
			got1, got2 := bn254.G1Affine{X: add1.X1[i], Y: add1.Y1[i]}, bn254.G2Affine{X: add2.X1[i], Y: add2.Y1[i]}
			if !got1.Equal(&want1[i]) || !got2.Equal(&want2[i]) {
				t.Errorf("%d pairs: sum %d is wrong", n, i)
			}
		}
	}
}

func factors(i int) (first, second *big.Int) {
	a, b := big.NewInt(int64(7919*i+1)), big.NewInt(int64(104729*i+5))
	switch i % 9 {
	case 3:
		return a, a
	case 4:
		return a, new(big.Int).Neg(a)
	case 5:
		return new(big.Int), b
	case 6:
		return a, new(big.Int)
	case 7:
		return new(big.Int), new(big.Int)
	}
	return a, b
}
