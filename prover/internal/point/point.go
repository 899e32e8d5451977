// Package point converts points of BN254 between the forms that files have: Montgomery little endian in a .zkey, decimal strings in snarkjs's
// JSON. Everything is checked on the way in.
//
// G1: y² = x³ + 3 over F_q, of prime order r. G2: y² = x³ + 3/(9+u) over F_q[u]/(u²+1), of order r·c2, so on-curve does not mean in-subgroup.
package point

import "github.com/consensys/gnark-crypto/ecc/bn254"

// Bytes of an affine point in a .zkey.
const (
	G1Bytes = 64
	G2Bytes = 128
)

// OnG1 says whether p is on the curve and not infinity. G1 has prime order, so it is in the group then.
func OnG1(p *bn254.G1Affine) bool { return !p.IsInfinity() && p.IsOnCurve() }

// OnG2 says whether p is in the subgroup of order r and not infinity.
func OnG2(p *bn254.G2Affine) bool { return !p.IsInfinity() && p.IsOnCurve() && p.IsInSubGroup() }
