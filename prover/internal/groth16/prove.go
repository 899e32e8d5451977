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

// prove computes, for random r and s,
//
//	A = alpha + Σ w_i·A_i + r·delta
//	B = beta + Σ w_i·B_i + s·delta
//	C = Σ w_i·C_i + Σ h_j·H_j + s·A + r·B - r·s·delta
//
// with B in both groups.
func (k *Key) prove(ctx context.Context, witness []wtns.Scalar, wires []fr.Element, progress func(float64)) (*Proof, error) {
	r, s := randomScalar(), randomScalar()
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
	gather(scalars, witness, k.B1.Wires)
	b1 := msm.NewG1(k.B1.Points, scalars[:len(k.B1.Wires)])
	b2 := b1.Twin(k.B2)
	err = msm.Run(ctx, func(done, total int) {
		progress(quotientShare + (sumsShare * float64(done) / float64(total)))
	}, b2, c, a, b1)
	if err != nil {
		return nil, err
	}
	sumA, sumB1, sumB2, sumC := a.Result(), b1.Result(), b2.Result(), c.Result()
	return k.blind(&sumA, &sumB1, &sumB2, &sumC, &r, &s), nil
}

// Shares of a proof's time.
const (
	quotientShare = 0.15
	sumsShare     = 0.84
)

func (k *Key) blind(a, b1 *bn254.G1Jac, b2 *bn254.G2Jac, c *bn254.G1Jac, r, s *fr.Element) *Proof {
	var delta1 bn254.G1Jac
	var delta2 bn254.G2Jac
	delta1.FromAffine(&k.Delta1)
	delta2.FromAffine(&k.Verifying.Delta)

	a.AddMixed(&k.Verifying.Alpha)
	a.AddAssign(product1(&delta1, r))
	b1.AddMixed(&k.Beta1)
	b1.AddAssign(product1(&delta1, s))
	b2.AddMixed(&k.Verifying.Beta)
	b2.AddAssign(new(bn254.G2Jac).ScalarMultiplication(&delta2, s.BigInt(new(big.Int))))

	var negRS fr.Element
	negRS.Mul(r, s).Neg(&negRS)
	c.AddAssign(product1(a, s))
	c.AddAssign(product1(b1, r))
	c.AddAssign(product1(&delta1, &negRS))

	proof := new(Proof)
	proof.A.FromJacobian(a)
	proof.B.FromJacobian(b2)
	proof.C.FromJacobian(c)
	return proof
}

func product1(p *bn254.G1Jac, by *fr.Element) *bn254.G1Jac {
	return new(bn254.G1Jac).ScalarMultiplication(p, by.BigInt(new(big.Int)))
}

// gather sets out to the wires' values.
func gather(out, witness []wtns.Scalar, wires []uint32) {
	for i, wire := range wires {
		out[i] = witness[wire]
	}
}

// randomScalar from the system's source. Never fails: crypto/rand ends the process instead.
func randomScalar() (z fr.Element) {
	z.MustSetRandom()
	return z
}
