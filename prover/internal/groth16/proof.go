// Package groth16 makes and verifies proofs of [Groth16] over BN254, for the keys and in the conventions of snarkjs.
//
// A proof (A, B, C) for public signals x_1 … x_l is valid when
//
//	e(A, B) = e(alpha, beta) · e(IC_0 + Σ x_i·IC_i, gamma) · e(C, delta).
//
// [Groth16]: https://eprint.iacr.org/2016/260
package groth16

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/consensys/gnark-crypto/ecc/bn254"
	"github.com/consensys/gnark-crypto/ecc/bn254/fr"

	"fairlead.dev/prover/internal/point"
)

// Proof is a Groth16 proof. One that was parsed has all three points on their curves; [VerifyingKey.Verify] checks the subgroup.
type Proof struct {
	A bn254.G1Affine
	B bn254.G2Affine
	C bn254.G1Affine
}

// ErrProof is wrapped by the refusal of a malformed proof or malformed public signals.
var ErrProof = errors.New("malformed proof")

const (
	protocol = "groth16"
	curve    = "bn128" // snarkjs's name of BN254
)

type proofJSON struct {
	A        *point.JSON1 `json:"pi_a"`
	B        *point.JSON2 `json:"pi_b"`
	C        *point.JSON1 `json:"pi_c"`
	Protocol string       `json:"protocol"`
	Curve    string       `json:"curve"`
}

// MarshalJSON writes the proof as snarkjs's proof.json: projective decimal strings with z = 1.
func (p *Proof) MarshalJSON() ([]byte, error) {
	a, b, c := point.JSON1(p.A), point.JSON2(p.B), point.JSON1(p.C)
	return json.Marshal(proofJSON{&a, &b, &c, protocol, curve})
}

// UnmarshalJSON reads snarkjs's proof.json. It wraps [ErrProof] for another shape, numbers that are not reduced, points at infinity and off the curve.
func (p *Proof) UnmarshalJSON(data []byte) error {
	var words proofJSON
	if err := strict(data, &words); err != nil {
		return fmt.Errorf("%w: %w", ErrProof, err)
	}
	if words.A == nil || words.B == nil || words.C == nil || words.Protocol != protocol || words.Curve != curve {
		return fmt.Errorf("proof is incomplete, or of another protocol or curve: %w", ErrProof)
	}
	p.A, p.B, p.C = bn254.G1Affine(*words.A), bn254.G2Affine(*words.B), bn254.G1Affine(*words.C)
	return nil
}

// Publics are public signals: elements of F_r.
type Publics []fr.Element

// MarshalJSON writes decimal strings, as snarkjs's public.json.
func (p Publics) MarshalJSON() ([]byte, error) {
	words := make([]string, len(p))
	for i := range p {
		words[i] = p[i].String()
	}
	return json.Marshal(words)
}

// UnmarshalJSON reads decimal strings below r; it wraps [ErrProof] for anything else.
func (p *Publics) UnmarshalJSON(data []byte) error {
	var words []string
	if err := json.Unmarshal(data, &words); err != nil {
		return fmt.Errorf("public signals: %w: %w", ErrProof, err)
	}
	signals := make(Publics, len(words))
	for i, word := range words {
		signal, err := point.Scalar(word)
		if err != nil {
			return fmt.Errorf("public signal %d: %w: %w", i, ErrProof, err)
		}
		signals[i] = signal
	}
	*p = signals
	return nil
}

// strict decodes one JSON value without unknown fields and with nothing behind it.
func strict(data []byte, into any) error {
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(into); err != nil {
		return err
	}
	if _, err := decoder.Token(); err != io.EOF {
		return errors.New("more than one JSON value")
	}
	return nil
}
