package msm

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"math/big"
	"runtime"
	"testing"

	"github.com/consensys/gnark-crypto/ecc"
	"github.com/consensys/gnark-crypto/ecc/bn254"
	"github.com/consensys/gnark-crypto/ecc/bn254/fr"
)

// scalarsLike a witness: zeros, ones, small and negative small numbers, and as many of full width; the same in every run.
func scalarsLike(n int) []Scalar {
	out := make([]Scalar, n)
	for i := range out {
		digest := sha256.Sum256(fmt.Appendf(nil, "scalar %d", i))
		value := new(big.Int).SetBytes(digest[:])
		switch i % 8 {
		case 0:
			value.SetUint64(0)
		case 1, 2:
			value.SetUint64(1)
		case 3:
			value.Rsh(value, 240)
		case 4:
			value.Neg(value.Rsh(value, 225))
		}
		out[i] = words(value.Mod(value, fr.Modulus()))
	}
	return out
}

func elements(scalars []Scalar) []fr.Element {
	out := make([]fr.Element, len(scalars))
	for i, s := range scalars {
		value := new(big.Int)
		for j := 3; j >= 0; j-- {
			value.Lsh(value, 64).Or(value, new(big.Int).SetUint64(s[j]))
		}
		out[i].SetBigInt(value)
	}
	return out
}

// pointsOf n multiples of the generators, neighbours equal or opposite now and then.
func pointsOf(n int) ([]bn254.G1Affine, []bn254.G2Affine) {
	_, _, g1, g2 := bn254.Generators()
	factors := make([]fr.Element, n)
	for i := range factors {
		factors[i].SetUint64(uint64(i/2*7919 + 1))
		if i%6 == 1 {
			factors[i].Neg(&factors[i])
		}
	}
	return bn254.BatchScalarMultiplicationG1(&g1, factors), bn254.BatchScalarMultiplicationG2(&g2, factors)
}

func run(t testing.TB, points1 []bn254.G1Affine, points2 []bn254.G2Affine, scalars []Scalar) (bn254.G1Affine, bn254.G2Affine) {
	t.Helper()
	sum1, sum2 := NewG1(points1, scalars), NewG2(points2, scalars)
	if err := Run(context.Background(), nil, sum1, sum2); err != nil {
		t.Fatal(err)
	}
	var got1 bn254.G1Affine
	var got2 bn254.G2Affine
	result1, result2 := sum1.Result(), sum2.Result()
	return *got1.FromJacobian(&result1), *got2.FromJacobian(&result2)
}

func TestSumsAgreeWithGnark(t *testing.T) {
	for _, n := range []int{0, 1, 2, 3, 17, 100, 1000, 5000} {
		points1, points2 := pointsOf(max(n, 1))
		points1, points2 = points1[:n], points2[:n]
		scalars := scalarsLike(n)
		var want1 bn254.G1Affine
		var want2 bn254.G2Affine
		if _, err := want1.MultiExp(points1, elements(scalars), ecc.MultiExpConfig{}); err != nil {
			t.Fatal(err)
		}
		if _, err := want2.MultiExp(points2, elements(scalars), ecc.MultiExpConfig{}); err != nil {
			t.Fatal(err)
		}
		got1, got2 := run(t, points1, points2, scalars)
		if !got1.Equal(&want1) || !got2.Equal(&want2) {
			t.Errorf("%d points: another sum than gnark-crypto's", n)
		}
	}
}

func TestSumsOfHardCases(t *testing.T) {
	points1, points2 := pointsOf(8)
	one, minusOne := Scalar{1}, minus(&order, &Scalar{1})
	same1, same2 := make([]bn254.G1Affine, 3000), make([]bn254.G2Affine, 3000)
	same := make([]Scalar, 3000)
	for i := range same {
		same1[i], same2[i], same[i] = points1[3], points2[3], one
	}
	opposite := append([]Scalar{}, same...)
	for i := range opposite {
		if i%2 == 1 {
			opposite[i] = minusOne
		}
	}
	for name, c := range map[string]struct {
		scalars []Scalar
		want    uint64
	}{
		"one point 3000 times":            {same, 3000},
		"a point and its negative":        {opposite, 0},
		"half of the order, and one more": {append([]Scalar{half, plus(&half, &one)}, make([]Scalar, 2998)...), 0},
	} {
		got1, got2 := run(t, same1, same2, c.scalars)
		var want1 bn254.G1Affine
		var want2 bn254.G2Affine
		want1.ScalarMultiplication(&points1[3], new(big.Int).SetUint64(c.want))
		want2.ScalarMultiplication(&points2[3], new(big.Int).SetUint64(c.want))
		if !got1.Equal(&want1) || !got2.Equal(&want2) {
			t.Errorf("%s: wrong sum", name)
		}
	}
}

func TestSumsOfUnequalLengths(t *testing.T) {
	points1, points2 := pointsOf(40)
	scalars := scalarsLike(40)
	want1, want2 := run(t, points1[:30], points2[:30], scalars[:30])
	got1, got2 := run(t, points1, points2, scalars[:30])
	if !got1.Equal(&want1) || !got2.Equal(&want2) {
		t.Error("points beyond the last scalar count")
	}
	got1, got2 = run(t, points1[:30], points2[:30], append(append([]Scalar{}, scalars[:30]...), Scalar{}))
	if !got1.Equal(&want1) || !got2.Equal(&want2) {
		t.Error("a zero beyond the last point counts")
	}
	for name, sum := range map[string]Sum{"G1": NewG1(points1[:30], scalars), "G2": NewG2(points2[:30], scalars)} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s: no panic for scalars beyond the last point", name)
				}
			}()
			_ = Run(context.Background(), nil, sum)
		}()
	}
}

func TestDigitsMakeUpTheScalar(t *testing.T) {
	scalars := scalarsLike(400)
	scalars = append(scalars, half, plus(&half, &Scalar{1}), minus(&order, &Scalar{1}))
	want := elements(scalars)
	for c := minWindow; c <= maxWindow; c++ {
		r := recodeWith(scalars, c)
		for i, source := range r.sources {
			var value, base fr.Element
			base.SetUint64(1 << c)
			for j := r.windows - 1; j >= 0; j-- {
				d := r.digit(i, j)
				if magnitude(d) > int32(r.buckets()) {
					t.Fatalf("window of %d bits: digit %d", c, d)
				}
				value.Mul(&value, &base)
				var digit fr.Element
				digit.SetInt64(int64(d))
				value.Add(&value, &digit)
			}
			if source&1 != 0 {
				value.Neg(&value)
			}
			if !value.Equal(&want[source>>1]) {
				t.Fatalf("window of %d bits: scalar %d does not come out", c, source>>1)
			}
		}
	}
}

func TestRunStopsWithItsContext(t *testing.T) {
	points, _ := pointsOf(100)
	ctx, cancel := context.WithCancel(context.Background())
	sum := NewG1(points, scalarsLike(100))
	err := Run(ctx, func(done, _ int) {
		if done > 1+runtime.GOMAXPROCS(0) {
			t.Error("went on")
		}
		cancel()
	}, sum)
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

// BenchmarkG1 compares this package with gnark-crypto on the sums of a 2^17 proof: go test -bench . ./internal/msm
func BenchmarkG1(b *testing.B) {
	const n = 1 << 17
	points, _ := pointsOf(n)
	scalars := scalarsLike(n)
	montgomery := elements(scalars)
	b.Run("own", func(b *testing.B) {
		for b.Loop() {
			if err := Run(b.Context(), nil, NewG1(points, scalars)); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("gnark", func(b *testing.B) {
		for b.Loop() {
			if _, err := new(bn254.G1Jac).MultiExp(points, montgomery, ecc.MultiExpConfig{}); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// BenchmarkG2 is [BenchmarkG1] in the other group.
func BenchmarkG2(b *testing.B) {
	const n = 1 << 16
	_, points := pointsOf(n)
	scalars := scalarsLike(n)
	montgomery := elements(scalars)
	b.Run("own", func(b *testing.B) {
		for b.Loop() {
			if err := Run(b.Context(), nil, NewG2(points, scalars)); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("gnark", func(b *testing.B) {
		for b.Loop() {
			if _, err := new(bn254.G2Jac).MultiExp(points, montgomery, ecc.MultiExpConfig{}); err != nil {
				b.Fatal(err)
			}
		}
	})
}
