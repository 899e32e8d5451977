package msm

import "github.com/consensys/gnark-crypto/ecc/bn254"

// Twin prepares the sum of the same scalars' multiples of points of G2, and shares what was made of the scalars.
func (s *SumG1) Twin(points []bn254.G2Affine) *SumG2 {
	return &SumG2{points: points, recoded: s.recoded, windows: make([]bn254.G2Jac, s.recoded.windows)}
}
