// Package point converts points of BN254 between the forms that files have, Montgomery little endian in a .zkey and decimal strings in
// snarkjs's JSON, and checks everything on the way in.
//
// G1: y² = x³ + 3 over F_q, of prime order r. G2: y² = x³ + 3/(9+u) over F_q[u]/(u²+1), of order r·c2 with a cofactor that has small prime
// factors, so a point on the curve need not be in the group.
package point

import (
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/consensys/gnark-crypto/ecc/bn254"
	"github.com/consensys/gnark-crypto/ecc/bn254/fp"
	"github.com/consensys/gnark-crypto/ecc/bn254/fr"
)

// ErrPoint is wrapped by every refusal of a point: a coordinate not below q, off the curve, outside the subgroup, or infinity where it may not be.
var ErrPoint = errors.New("not a point of the group")

// Bytes of an affine point in a .zkey.
const (
	G1Bytes = 64
	G2Bytes = 128
)

// G1 reads an affine point in Montgomery form. All zeros are infinity, which is returned without an error.
func G1(data []byte) (p bn254.G1Affine, err error) {
	if !montgomery(&p.X, data) || !montgomery(&p.Y, data[fp.Bytes:]) {
		return p, fmt.Errorf("coordinate is not reduced: %w", ErrPoint)
	}
	if !p.IsInfinity() && !p.IsOnCurve() {
		return p, fmt.Errorf("off the curve: %w", ErrPoint)
	}
	return p, nil
}

// G2 reads an affine point in Montgomery form and checks that it is in the subgroup of order r. All zeros are infinity, which is returned
// without an error.
func G2(data []byte) (p bn254.G2Affine, err error) {
	for i, coordinate := range []*fp.Element{&p.X.A0, &p.X.A1, &p.Y.A0, &p.Y.A1} {
		if !montgomery(coordinate, data[i*fp.Bytes:]) {
			return p, fmt.Errorf("coordinate is not reduced: %w", ErrPoint)
		}
	}
	if !p.IsInfinity() {
		err = CheckG2(&p)
	}
	return p, err
}

// CheckG1 refuses infinity and points off the curve.
func CheckG1(p *bn254.G1Affine) error {
	if p.IsInfinity() || !p.IsOnCurve() {
		return fmt.Errorf("infinity or off the curve: %w", ErrPoint)
	}
	return nil
}

// CheckG2 refuses infinity and points off the curve or outside the subgroup of order r.
func CheckG2(p *bn254.G2Affine) error {
	if p.IsInfinity() || !p.IsOnCurve() {
		return fmt.Errorf("infinity or off the curve: %w", ErrPoint)
	}
	if !p.IsInSubGroup() {
		return fmt.Errorf("outside the subgroup: %w", ErrPoint)
	}
	return nil
}

var (
	modulus       = limbs(fp.Modulus().FillBytes(make([]byte, fp.Bytes)))
	scalarModulus = limbs(fr.Modulus().FillBytes(make([]byte, fr.Bytes)))
)

func limbs(bigEndian []byte) (out [4]uint64) {
	for i := range out {
		out[i] = binary.BigEndian.Uint64(bigEndian[24-8*i:])
	}
	return out
}

// montgomery reads a coordinate that is stored times 2^256, and says whether it is reduced.
func montgomery(z *fp.Element, data []byte) bool {
	for i := range z {
		z[i] = binary.LittleEndian.Uint64(data[8*i:])
	}
	return below((*[4]uint64)(z), &modulus)
}

func below(a, bound *[4]uint64) bool {
	for i := 3; i >= 0; i-- {
		if a[i] != bound[i] {
			return a[i] < bound[i]
		}
	}
	return false
}
