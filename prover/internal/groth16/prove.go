package groth16

import (
	"context"
	"errors"
	"fmt"
	"math/big"

	"github.com/consensys/gnark-crypto/ecc/bn254"
	"github.com/consensys/gnark-crypto/ecc/bn254/fr"

	"fairlead.dev/prover/internal/msm"
	"fairlead.dev/prover/internal/parallel"
	"fairlead.dev/prover/internal/wtns"
)

var (
	// ErrWitness is wrapped when a witness has the wrong number of wires.
	ErrWitness = wtns.ErrWitness
	// ErrUnsatisfied is returned when the witness does not satisfy the circuit's constraints.
	ErrUnsatisfied = errors.New("the witness does not satisfy the circuit")
)

// Prove returns a proof and its public signals for a witness, the values of a .wtns file in wire order. The proof is blinded with fresh
// randomness, so no two are alike, and it has been verified. Progress, if not nil, is called with numbers that rise from 0 to 1, not at once
// but by several goroutines.
//
// Prove wraps [ErrWitness] when len(witness) is not k.Wires, and returns [ErrUnsatisfied], or ctx.Err() if ctx ends first. Safe for
// concurrent use, though one proof keeps all cores busy.
func (k *Key) Prove(ctx context.Context, witness []wtns.Scalar, progress func(done float64)) (*Proof, Publics, error) {
	if got, want := len(witness), k.Wires; got != want {
		return nil, nil, fmt.Errorf("got %d wires, want %d: %w", got, want, ErrWitness)
	}
	if progress == nil {
		progress = func(float64) {}
	}
	wires := toMontgomery(witness)
	publics := append(Publics{}, wires[1:k.Verifying.Publics()+1]...)
	proof, err := k.prove(ctx, witness, wires, progress)
	if err != nil {
		return nil, nil, err
	}
	if !k.Verifying.Verify(proof, publics) {
		return nil, nil, ErrUnsatisfied
	}
	progress(1)
	return proof, publics, nil
}

// prove computes
//
//	A = alpha + Σ w_i·A_i
//	B = beta + Σ w_i·B_i
//	C = Σ w_i·C_i + Σ h_j·H_j
//
// which is a valid proof, but one that tells of the witness, and blinds it.
func (k *Key) prove(ctx context.Context, witness []wtns.Scalar, wires []fr.Element, progress func(float64)) (*Proof, error) {
	quotient, err := k.quotient(ctx, wires)
	if err != nil {
		return nil, err
	}
	progress(quotientShare)
	scalars := make([]msm.Scalar, len(k.CH))
	gather(scalars, witness, k.C.Wires)
	rest := scalars[len(k.C.Wires):]
	parallel.Range(len(rest), func(from, to int) {
		for i := from; i < to; i++ {
			rest[i] = quotient[i].Bits()
		}
	})
	c := msm.NewG1(k.CH, scalars)
	gather(scalars, witness, k.A.Wires)
	a := msm.NewG1(k.A.Points, scalars[:len(k.A.Wires)])
	gather(scalars, witness, k.B.Wires)
	b := msm.NewG2(k.B.Points, scalars[:len(k.B.Wires)])
	err = msm.Run(ctx, func(done, total int) {
		progress(quotientShare + sumsShare*float64(done)/float64(total))
	}, b, c, a)
	if err != nil {
		return nil, err
	}
	sumA, sumB, sumC := a.Result(), b.Result(), c.Result()
	sumA.AddMixed(&k.Verifying.Alpha)
	sumB.AddMixed(&k.Verifying.Beta)
	return blind(&sumA, &sumB, &sumC, &k.Verifying.Delta), nil
}

// Shares of a proof's time.
const (
	quotientShare = 0.15
	sumsShare     = 0.84
)

// blind makes of a valid proof a random one for the same public signals:
//
//	A' = u⁻¹·A, B' = u·(B + v·delta), C' = C + v·A
//
// for random u ≠ 0 and v. It is valid, as e(A', B') = e(A, B)·e(v·A, delta). The usual prover draws A and B uniformly, by adding random
// multiples of delta to both, and C follows from them. Here A' is uniform (but for infinity) as u is, B' is uniform for any A' as v is, and C'
// follows: the same distribution ([BKSV20]), without the sum of products with B in G1, which the usual way needs for r·B.
//
// [BKSV20]: https://eprint.iacr.org/2020/811
func blind(a *bn254.G1Jac, b *bn254.G2Jac, c *bn254.G1Jac, delta *bn254.G2Affine) *Proof {
	u, v := randomScalar(), randomScalar()
	var inverse fr.Element
	inverse.Inverse(&u)

	var blinding bn254.G1Jac
	c.AddAssign(blinding.ScalarMultiplication(a, integer(&v)))
	a.ScalarMultiplication(a, integer(&inverse))
	var shift bn254.G2Jac
	shift.FromAffine(delta)
	b.AddAssign(shift.ScalarMultiplication(&shift, integer(&v)))
	b.ScalarMultiplication(b, integer(&u))

	proof := new(Proof)
	proof.A.FromJacobian(a)
	proof.B.FromJacobian(b)
	proof.C.FromJacobian(c)
	return proof
}

func integer(z *fr.Element) *big.Int { return z.BigInt(new(big.Int)) }

// gather sets out to the wires' values.
func gather(out, witness []wtns.Scalar, wires []uint32) {
	for i, wire := range wires {
		out[i] = witness[wire]
	}
}

// randomScalar from the system's source, not zero. Never fails: crypto/rand ends the process instead.
func randomScalar() (z fr.Element) {
	for z.IsZero() {
		z.MustSetRandom()
	}
	return z
}
