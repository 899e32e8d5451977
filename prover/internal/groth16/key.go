package groth16

import (
	"errors"
	"fmt"
	"sync"

	"github.com/consensys/gnark-crypto/ecc/bn254"
	"github.com/consensys/gnark-crypto/ecc/bn254/fr"
	"github.com/consensys/gnark-crypto/ecc/bn254/fr/fft"

	"fairlead.dev/prover/internal/wtns"
)

// ErrKey is wrapped by the refusal of a proving key whose parts do not fit together.
var ErrKey = errors.New("invalid proving key")

// MaxLogDomain bounds the domain: F_r has 2^28-th roots of unity, and the quotient needs those of twice the domain.
const MaxLogDomain = 27

// Key is a Groth16 proving key without the points at infinity. After [Key.Check] it is safe for concurrent use.
//
// In the terms of [Groth16], for wire i with polynomials u_i, v_i, w_i: A_i = u_i(τ), B_i = v_i(τ),
// C_i = (β·u_i(τ) + α·v_i(τ) + w_i(τ))/δ. The quotient is not given by coefficients but by its values on the odd coset of the domain, so
// H_j = L_{2j+1}(τ)/δ over the domain of twice the size.
type Key struct {
	// Wires counts them with the constant 1, which is wire 0; wires 1 to Verifying.Publics() are public.
	Wires int
	// LogDomain is log2 of the evaluation domain's size.
	LogDomain int
	Verifying *VerifyingKey

	A Points
	// B is needed in G2 alone, see [Key.Prove].
	B Points2
	// C of the private wires, without H.
	C Points
	// CH is C's points, then the points of H, one for each point of the domain, in one array, since both sums go into the same one.
	CH []bn254.G1Affine

	// Coefficients are the distinct ones of both matrices, in Montgomery form.
	Coefficients []fr.Element
	// MatrixA and MatrixB give the constraints' values from the wires'.
	MatrixA, MatrixB Matrix

	domain func() *fft.Domain
}

// Points are a base for a sum of products with wires.
type Points struct {
	Wires  []uint32 // ascending
	Points []bn254.G1Affine
}

// Points2 are [Points] in G2.
type Points2 struct {
	Wires  []uint32 // ascending
	Points []bn254.G2Affine
}

// Matrix is sparse, in rows. Row i has the terms from Starts[i] to Starts[i+1].
type Matrix struct {
	Starts []uint32
	Wires  []uint32
	// Coefficient of each term, an index into [Key.Coefficients].
	Coefficient []uint32
}

// Rows of the matrix; the rows behind them are zero.
func (m *Matrix) Rows() int { return len(m.Starts) - 1 }

// Check refuses a key whose parts do not fit together, so that proving cannot index out of bounds. It does not look at the points, which
// whoever makes a key checks.
func (k *Key) Check() error {
	if k.Verifying == nil || k.LogDomain < 1 || k.LogDomain > MaxLogDomain {
		return fmt.Errorf("domain of 2^%d: %w", k.LogDomain, ErrKey)
	}
	size := 1 << k.LogDomain
	if k.Wires < k.Verifying.Publics()+1 {
		return fmt.Errorf("%d wires, %d of them public: %w", k.Wires, k.Verifying.Publics(), ErrKey)
	}
	for _, p := range []struct {
		wires  []uint32
		points int
	}{{k.A.Wires, len(k.A.Points)}, {k.B.Wires, len(k.B.Points)}, {k.C.Wires, len(k.C.Points)}} {
		if p.points != len(p.wires) || !ascendingBelow(p.wires, k.Wires) {
			return fmt.Errorf("points and wires do not fit: %w", ErrKey)
		}
	}
	if len(k.CH) != len(k.C.Wires)+size {
		return fmt.Errorf("the number of points is wrong: %w", ErrKey)
	}
	if len(k.C.Wires) > 0 && int(k.C.Wires[0]) <= k.Verifying.Publics() {
		return fmt.Errorf("C has a public wire: %w", ErrKey)
	}
	for _, m := range []*Matrix{&k.MatrixA, &k.MatrixB} {
		if err := m.check(size, k.Wires, len(k.Coefficients)); err != nil {
			return err
		}
	}
	k.domain = sync.OnceValue(func() *fft.Domain {
		shift, err := fr.Generator(uint64(2 * size))
		if err != nil {
			panic(err) // MaxLogDomain excludes it
		}
		return fft.NewDomain(uint64(size), fft.WithShift(shift))
	})
	return nil
}

func (m *Matrix) check(rows, wires, coefficients int) error {
	if len(m.Starts) == 0 || m.Rows() > rows || len(m.Wires) != len(m.Coefficient) || m.Starts[0] != 0 ||
		int(m.Starts[m.Rows()]) != len(m.Wires) {
		return fmt.Errorf("matrix of the wrong size: %w", ErrKey)
	}
	for i := range m.Rows() {
		if m.Starts[i] > m.Starts[i+1] {
			return fmt.Errorf("matrix rows out of order: %w", ErrKey)
		}
	}
	for i := range m.Wires {
		if int(m.Wires[i]) >= wires || int(m.Coefficient[i]) >= coefficients {
			return fmt.Errorf("matrix term out of range: %w", ErrKey)
		}
	}
	return nil
}

func ascendingBelow(wires []uint32, bound int) bool {
	last := -1
	for _, wire := range wires {
		if int(wire) <= last || int(wire) >= bound {
			return false
		}
		last = int(wire)
	}
	return true
}

// WitnessBytes is the size of a .wtns file for this key, as circom writes it.
func (k *Key) WitnessBytes() int64 { return wtns.Overhead + 32*int64(k.Wires) }

// Warm makes what proving and verifying compute once, so that the first proof is as fast as the others.
func (k *Key) Warm() {
	k.domain()
	k.Verifying.prepare.Do(k.Verifying.precompute)
}
