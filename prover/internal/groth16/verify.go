package groth16

import (
	"fmt"
	"sync/atomic"

	"github.com/consensys/gnark-crypto/ecc"
	"github.com/consensys/gnark-crypto/ecc/bn254"
	"github.com/consensys/gnark-crypto/ecc/bn254/fr"

	"fairlead.dev/prover/internal/parallel"
)

// Statement is a proof with the public signals that it is for.
type Statement struct {
	Proof   *Proof
	Publics Publics
}

// Verify says whether the proof is valid for the public signals. It checks all points, so the proof need not come from [Proof.UnmarshalJSON].
func (vk *VerifyingKey) Verify(proof *Proof, publics Publics) bool {
	return len(vk.VerifyAll([]Statement{{proof, publics}})) == 0
}

// VerifyAll verifies many proofs at once and returns the indices of the invalid ones, ascending. All are valid when, for coefficients ρ_i
// that nobody can predict,
//
//	Π e(ρ_i·A_i, B_i) · e(-Σ ρ_i·alpha, beta) · e(-Σ ρ_i·IC(x_i), gamma) · e(-Σ ρ_i·C_i, delta) = 1.
//
// A batch with an invalid proof passes with probability 2^-128. If the equation fails, bisection finds the invalid ones, each at the cost of about twice the whole.
func (vk *VerifyingKey) VerifyAll(statements []Statement) []int {
	vk.prepare.Do(vk.precompute)
	wellFormed := make([]bool, len(statements))
	parallel.Each(len(statements), func(i int) { wellFormed[i] = vk.wellFormed(&statements[i]) })
	bad, candidates := []int{}, make([]int, 0, len(statements))
	for i, ok := range wellFormed {
		if ok {
			candidates = append(candidates, i)
		}
	}
	invalid := map[int]bool{}
	vk.bisect(statements, candidates, false, invalid)
	for i, ok := range wellFormed {
		if !ok || invalid[i] {
			bad = append(bad, i)
		}
	}
	return bad
}

// bisect notes which of the candidates are invalid; known says that at least one is.
func (vk *VerifyingKey) bisect(statements []Statement, candidates []int, known bool, invalid map[int]bool) {
	if len(candidates) == 0 || (!known && vk.holds(statements, candidates)) {
		return
	}
	if len(candidates) == 1 {
		invalid[candidates[0]] = true
		return
	}
	left, right := candidates[:len(candidates)/2], candidates[len(candidates)/2:]
	before := len(invalid)
	vk.bisect(statements, left, false, invalid)
	vk.bisect(statements, right, len(invalid) == before, invalid)
}

// wellFormed checks everything but that B is in the subgroup.
func (vk *VerifyingKey) wellFormed(s *Statement) bool {
	p := s.Proof
	return p != nil && len(s.Publics) == vk.Publics() &&
		!p.A.IsInfinity() && p.A.IsOnCurve() && !p.C.IsInfinity() && p.C.IsOnCurve() &&
		!p.B.IsInfinity() && p.B.IsOnCurve()
}

// together are the proofs whose lines are in memory at once, so that they stay within a second-level cache.
const together = 32

// holds says whether all of the chosen statements, which are well formed, are valid.
func (vk *VerifyingKey) holds(statements []Statement, chosen []int) bool {
	n := len(chosen)
	rho := drawCoefficients(n)
	a, b, c := make([]bn254.G1Affine, n), make([]bn254.G2Affine, n), make([]bn254.G1Affine, n)
	values := make([]fr.Element, n)
	var sum fr.Element
	signals := make([]fr.Element, len(vk.IC))
	for i, at := range chosen {
		proof := statements[at].Proof
		a[i], b[i], c[i] = proof.A, proof.B, proof.C
		values[i] = rho[i].value()
		sum.Add(&sum, &values[i])
		for j := range statements[at].Publics {
			var term fr.Element
			term.Mul(&values[i], &statements[at].Publics[j])
			signals[j+1].Add(&signals[j+1], &term)
		}
	}
	signals[0] = sum

	if n > 1 {
		parallel.Range(n, func(from, to int) { scale(a[from:to], rho[from:to]) })
	}
	pieces := (n + together - 1) / together
	loops := make([]bn254.GT, pieces+1)
	var outside atomic.Bool
	parallel.Each(pieces+1, func(piece int) {
		if piece == 0 {
			alpha, ic, sumC := vk.Alpha, *multiExp(vk.IC, signals), *multiExp(c, values)
			alpha.ScalarMultiplication(&alpha, integer(&sum))
			loops[0] = must(bn254.MillerLoopFixedQ([]bn254.G1Affine{alpha, ic, sumC}, []lines{vk.negBeta, vk.negGamma, vk.negDelta}))
			return
		}
		from, to := (piece-1)*n/pieces, piece*n/pieces
		of := make([]lines, to-from)
		if !linesOf(b[from:to], of) {
			outside.Store(true)
			return
		}
		loops[piece] = must(bn254.MillerLoopFixedQ(a[from:to], of))
	})
	if outside.Load() {
		return false
	}
	result := bn254.FinalExponentiation(&loops[0], ptrs(loops[1:])...)
	var one bn254.GT
	one.SetOne()
	return result.Equal(&one)
}

func (vk *VerifyingKey) precompute() {
	var beta, gamma, delta bn254.G2Affine
	vk.negBeta = bn254.PrecomputeLines(*beta.Neg(&vk.Beta))
	vk.negGamma = bn254.PrecomputeLines(*gamma.Neg(&vk.Gamma))
	vk.negDelta = bn254.PrecomputeLines(*delta.Neg(&vk.Delta))
}

func multiExp(points []bn254.G1Affine, scalars []fr.Element) *bn254.G1Affine {
	return must(new(bn254.G1Affine).MultiExp(points, scalars, ecc.MultiExpConfig{}))
}

// must unwraps results of gnark-crypto whose only errors are unequal or empty lengths.
func must[T any](value T, err error) T {
	if err != nil {
		panic(fmt.Sprintf("groth16: %v", err))
	}
	return value
}

func ptrs(values []bn254.GT) []*bn254.GT {
	out := make([]*bn254.GT, len(values))
	for i := range values {
		out[i] = &values[i]
	}
	return out
}
