package groth16

import (
	"encoding/json"
	"errors"
	"fmt"
	"sync"

	"github.com/consensys/gnark-crypto/ecc/bn254"

	"fairlead.dev/prover/internal/point"
)

// ErrVerifyingKey is wrapped by the refusal of a verification key: malformed, with a point outside its group, the wrong number of IC points, or
// gamma equal to delta (a setup without phase 2, under which any statement can be proven).
var ErrVerifyingKey = errors.New("invalid verification key")

// VerifyingKey is a Groth16 verification key. Use [NewVerifyingKey] or [ParseVerifyingKey], which check it; then it is safe for concurrent use.
type VerifyingKey struct {
	Alpha              bn254.G1Affine
	Beta, Gamma, Delta bn254.G2Affine
	// IC has one more point than there are public signals. Points at infinity occur for signals that no constraint uses.
	IC []bn254.G1Affine

	prepare sync.Once
	// negBeta, negGamma, negDelta are the lines of the pairings' Miller loops, which depend on the key alone.
	negBeta, negGamma, negDelta lines
}

// NewVerifyingKey checks the key's points and structure.
func NewVerifyingKey(alpha bn254.G1Affine, beta, gamma, delta bn254.G2Affine, ic []bn254.G1Affine) (*VerifyingKey, error) {
	if err := point.CheckG1(&alpha); err != nil {
		return nil, fmt.Errorf("alpha: %w: %w", ErrVerifyingKey, err)
	}
	for _, p := range []struct {
		name string
		at   *bn254.G2Affine
	}{{"beta", &beta}, {"gamma", &gamma}, {"delta", &delta}} {
		if err := point.CheckG2(p.at); err != nil {
			return nil, fmt.Errorf("%s: %w: %w", p.name, ErrVerifyingKey, err)
		}
	}
	if gamma.Equal(&delta) {
		return nil, fmt.Errorf("gamma equals delta, so proofs can be forged: %w", ErrVerifyingKey)
	}
	if len(ic) == 0 {
		return nil, fmt.Errorf("no IC points: %w", ErrVerifyingKey)
	}
	for i := range ic {
		if !ic[i].IsInfinity() && !ic[i].IsOnCurve() {
			return nil, fmt.Errorf("IC point %d: %w: %w", i, ErrVerifyingKey, point.ErrPoint)
		}
	}
	return &VerifyingKey{Alpha: alpha, Beta: beta, Gamma: gamma, Delta: delta, IC: ic}, nil
}

// Publics is the number of public signals.
func (vk *VerifyingKey) Publics() int { return len(vk.IC) - 1 }

// Equal says whether both are the same key.
func (vk *VerifyingKey) Equal(other *VerifyingKey) bool {
	if !vk.Alpha.Equal(&other.Alpha) || !vk.Beta.Equal(&other.Beta) || !vk.Gamma.Equal(&other.Gamma) ||
		!vk.Delta.Equal(&other.Delta) || len(vk.IC) != len(other.IC) {
		return false
	}
	for i := range vk.IC {
		if !vk.IC[i].Equal(&other.IC[i]) {
			return false
		}
	}
	return true
}

type vkeyJSON struct {
	Protocol string        `json:"protocol"`
	Curve    string        `json:"curve"`
	Publics  *int          `json:"nPublic"`
	Alpha    *point.JSON1  `json:"vk_alpha_1"`
	Beta     *point.JSON2  `json:"vk_beta_2"`
	Gamma    *point.JSON2  `json:"vk_gamma_2"`
	Delta    *point.JSON2  `json:"vk_delta_2"`
	IC       []point.JSON1 `json:"IC"`
	// Pairing is snarkjs's e(alpha, beta), which is accepted and not used.
	Pairing json.RawMessage `json:"vk_alphabeta_12,omitempty"`
}

// ParseVerifyingKey reads snarkjs's verification_key.json. It wraps [ErrVerifyingKey].
func ParseVerifyingKey(data []byte) (*VerifyingKey, error) {
	var words vkeyJSON
	if err := strict(data, &words); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrVerifyingKey, err)
	}
	if words.Protocol != protocol || words.Curve != curve {
		return nil, fmt.Errorf("of another protocol or curve: %w", ErrVerifyingKey)
	}
	if words.Alpha == nil || words.Beta == nil || words.Gamma == nil || words.Delta == nil || words.Publics == nil {
		return nil, fmt.Errorf("incomplete: %w", ErrVerifyingKey)
	}
	if len(words.IC) != *words.Publics+1 {
		return nil, fmt.Errorf("%d IC points for %d public signals: %w", len(words.IC), *words.Publics, ErrVerifyingKey)
	}
	ic := make([]bn254.G1Affine, len(words.IC))
	for i := range ic {
		ic[i] = bn254.G1Affine(words.IC[i])
	}
	return NewVerifyingKey(bn254.G1Affine(*words.Alpha), bn254.G2Affine(*words.Beta), bn254.G2Affine(*words.Gamma), bn254.G2Affine(*words.Delta), ic)
}

// MarshalJSON writes the key as snarkjs does, without the precomputed pairing.
func (vk *VerifyingKey) MarshalJSON() ([]byte, error) {
	publics := vk.Publics()
	alpha := point.JSON1(vk.Alpha)
	beta, gamma, delta := point.JSON2(vk.Beta), point.JSON2(vk.Gamma), point.JSON2(vk.Delta)
	ic := make([]point.JSON1, len(vk.IC))
	for i := range ic {
		ic[i] = point.JSON1(vk.IC[i])
	}
	return json.Marshal(vkeyJSON{protocol, curve, &publics, &alpha, &beta, &gamma, &delta, ic, nil})
}
