// Package msm computes sums of products of points and scalars (multi-scalar multiplication) in both groups of BN254.
package msm

import (
	"context"

	"github.com/consensys/gnark-crypto/ecc"
	"github.com/consensys/gnark-crypto/ecc/bn254"
	"github.com/consensys/gnark-crypto/ecc/bn254/fr"
)

// Scalar is a number below r as four 64-bit words, least significant first, not in Montgomery form.
type Scalar = [4]uint64

// G1 returns Σ scalars[i]·points[i].
func G1(ctx context.Context, points []bn254.G1Affine, scalars []Scalar) (sum bn254.G1Jac, err error) {
	if err := ctx.Err(); err != nil {
		return sum, err
	}
	_, err = sum.MultiExp(points, montgomery(scalars), ecc.MultiExpConfig{})
	return sum, err
}

// G2 returns Σ scalars[i]·points[i].
func G2(ctx context.Context, points []bn254.G2Affine, scalars []Scalar) (sum bn254.G2Jac, err error) {
	if err := ctx.Err(); err != nil {
		return sum, err
	}
	_, err = sum.MultiExp(points, montgomery(scalars), ecc.MultiExpConfig{})
	return sum, err
}

func montgomery(scalars []Scalar) []fr.Element {
	out := make([]fr.Element, len(scalars))
	for i := range scalars {
		out[i].SetUint64(0)
		out[i] = fr.Element(scalars[i])
		out[i].Mul(&out[i], &rSquared)
	}
	return out
}

var rSquared = func() (z fr.Element) {
	z.SetString("115792089237316195423570985008687907853269984665640564039457584007913129639936") // 2^256
	return z
}()
