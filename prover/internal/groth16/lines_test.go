package groth16

import (
	"math/big"
	"testing"

	"github.com/consensys/gnark-crypto/ecc/bn254"
	"github.com/consensys/gnark-crypto/ecc/bn254/fp"
)

func multiplesG2(n int) []bn254.G2Affine {
	_, _, _, g2 := bn254.Generators()
	points := make([]bn254.G2Affine, n)
	for i := range points {
		points[i].ScalarMultiplication(&g2, big.NewInt(int64(7919*i+1)))
	}
	return points
}

func TestLinesAreGnarks(t *testing.T) {
	points := multiplesG2(5)
	got := make([]lines, len(points))
	if !linesOf(points, got) {
		t.Fatal("points of the subgroup were refused")
	}
	for i := range points {
		if got[i] != bn254.PrecomputeLines(points[i]) {
			t.Errorf("point %d: other lines", i)
		}
	}
}

// The norm that makes the check at the end of the loop the same as membership: of 6x+2 + ψ - ψ² + ψ³, where ψ² - t·ψ + q = 0.
func TestTheCheckOfTheSubgroupIsComplete(t *testing.T) {
	x, _ := new(big.Int).SetString("4965661367192848881", 10)
	q := fp.Modulus()
	trace := new(big.Int).Mul(x, x)
	trace.Mul(trace, big.NewInt(6)).Add(trace, big.NewInt(1))
	r := new(big.Int).Sub(q, trace)
	r.Add(r, big.NewInt(1)) // q + 1 - t
	cofactor := new(big.Int).Sub(q, big.NewInt(1))
	cofactor.Add(cofactor, trace) // of the twist's r·(q - 1 + t) points
	// Modulo ψ's equation the polynomial is a·ψ + b.
	a := new(big.Int).Mul(trace, trace)
	a.Sub(a, q).Sub(a, trace).Add(a, big.NewInt(1))
	b := new(big.Int).Mul(trace, q)
	b.Sub(q, b).Add(b, new(big.Int).Mul(x, big.NewInt(6))).Add(b, big.NewInt(2))
	// N(a·ψ + b) = a²·q + a·b·t + b².
	norm := new(big.Int).Mul(a, a)
	norm.Mul(norm, q)
	product := new(big.Int).Mul(a, b)
	norm.Add(norm, product.Mul(product, trace)).Add(norm, new(big.Int).Mul(b, b))
	if new(big.Int).Mod(norm, r).Sign() != 0 {
		t.Error("members of the subgroup would be refused")
	}
	if new(big.Int).GCD(nil, nil, norm, cofactor).Cmp(big.NewInt(1)) != 0 {
		t.Error("points outside the subgroup could pass")
	}
}

// Random points of the twist, all but never in the subgroup, and points of the cofactor's small orders, which annoy the steps.
func TestLinesOfPointsOutsideTheSubgroup(t *testing.T) {
	q := fp.Modulus()
	x, _ := new(big.Int).SetString("4965661367192848881", 10)
	trace := new(big.Int).Mul(x, x)
	trace.Mul(trace, big.NewInt(6)).Add(trace, big.NewInt(1))
	cofactor := new(big.Int).Sub(q, big.NewInt(1))
	cofactor.Add(cofactor, trace)
	order := new(big.Int).Sub(q, trace)
	order.Add(order, big.NewInt(1))
	small := big.NewInt(10069) // the smallest prime that divides the cofactor
	if new(big.Int).Mod(cofactor, small).Sign() != 0 {
		t.Fatal("not a factor")
	}
	toSmall := new(big.Int).Mul(order, new(big.Int).Div(cofactor, small))
	good := multiplesG2(3)
	tried := 0
	for i := uint64(1); tried < 20; i++ {
		p, ok := onTwist(i)
		if !ok {
			continue
		}
		tried++
		var tiny bn254.G2Affine
		tiny.ScalarMultiplication(&p, toSmall)
		var mixed bn254.G2Affine
		mixed.Add(&good[0], &tiny)
		for name, bad := range map[string]bn254.G2Affine{"random": p, "of a small order": tiny, "a member plus one of a small order": mixed} {
			if bad.IsInfinity() || bad.IsInSubGroup() {
				continue
			}
			if linesOf([]bn254.G2Affine{good[0], bad, good[2]}, make([]lines, 3)) {
				t.Errorf("point %d, %s: taken for a member", i, name)
			}
		}
	}
}

func onTwist(x uint64) (p bn254.G2Affine, ok bool) {
	_, _, _, g2 := bn254.Generators()
	var cube, b, square bn254.E2
	cube.Square(&g2.X).Mul(&cube, &g2.X)
	b.Square(&g2.Y).Sub(&b, &cube)
	p.X.A0.SetUint64(x)
	square.Square(&p.X).Mul(&square, &p.X).Add(&square, &b)
	if square.Legendre() != 1 {
		return p, false
	}
	p.Y.Sqrt(&square)
	return p, p.IsOnCurve()
}

func TestScaleAgreesWithGnark(t *testing.T) {
	_, _, g1, _ := bn254.Generators()
	by := drawCoefficients(600)
	by[0], by[1], by[2], by[3] = coefficient{}, coefficient{k: 1}, coefficient{l: 1}, coefficient{1<<64 - 1, 1<<64 - 1}
	points := make([]bn254.G1Affine, len(by))
	want := make([]bn254.G1Affine, len(by))
	for i := range points {
		points[i].ScalarMultiplication(&g1, big.NewInt(int64(i+1)))
		value := by[i].value()
		want[i].ScalarMultiplication(&points[i], integer(&value))
	}
	scale(points, by)
	for i := range points {
		if !points[i].Equal(&want[i]) {
			t.Errorf("point %d: %v times it is wrong", i, by[i])
		}
	}
}
