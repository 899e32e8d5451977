package point

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"math/bits"

	"github.com/consensys/gnark-crypto/ecc/bn254"
	"github.com/consensys/gnark-crypto/ecc/bn254/fp"
	"github.com/consensys/gnark-crypto/ecc/bn254/fr"
)

// ErrNumber is wrapped by the refusal of a number that is not a canonical decimal below its field's modulus.
var ErrNumber = errors.New("not a reduced decimal number")

// maxDigits of a number below 2^256.
const maxDigits = 78

// Scalar reads a decimal string below r, without sign or leading zeros. (SetString of gnark-crypto reduces instead of refusing.)
func Scalar(text string) (z fr.Element, err error) {
	z, err = number(text, &scalarModulus)
	return *z.Mul(&z, &scalarSquare), err
}

// Coordinate reads a decimal string below q, without sign or leading zeros.
func Coordinate(text string) (z fp.Element, err error) {
	z, err = number(text, &modulus)
	return *z.Mul(&z, &square), err
}

// number gives the words of a number below the modulus, the lowest first, or zeros.
func number(text string, modulus *[4]uint64) (words [4]uint64, err error) {
	if len(text) == 0 || len(text) > maxDigits || (text[0] == '0' && len(text) > 1) {
		return words, ErrNumber
	}
	for len(text) > 0 {
		count := min(len(text), 19) // 10^19 fits a word
		part, scale := uint64(0), uint64(1)
		for _, digit := range []byte(text[:count]) {
			if digit < '0' || digit > '9' {
				return [4]uint64{}, ErrNumber
			}
			part, scale = 10*part+uint64(digit-'0'), 10*scale
		}
		for i := range words {
			high, low := bits.Mul64(words[i], scale)
			var carry uint64
			words[i], carry = bits.Add64(low, part, 0)
			part = high + carry
		}
		if part != 0 {
			return [4]uint64{}, ErrNumber
		}
		text = text[count:]
	}
	if !below(&words, modulus) {
		return [4]uint64{}, ErrNumber
	}
	return words, nil
}

// square and scalarSquare have the words of 2^512 modulo q and r: what a number is multiplied by, in Montgomery's way, to bring it into
// Montgomery form.
var (
	square       = *new(fp.Element).SetBigInt(power)
	scalarSquare = *new(fr.Element).SetBigInt(power)
	power        = new(big.Int).Lsh(big.NewInt(1), 256)
)

// JSON1 is a point of G1 as snarkjs writes it: ["x", "y", "1"].
type JSON1 bn254.G1Affine

// JSON2 is a point of G2 as snarkjs writes it: [["x0", "x1"], ["y0", "y1"], ["1", "0"]], real parts first.
type JSON2 bn254.G2Affine

// MarshalJSON implements [json.Marshaler].
func (p JSON1) MarshalJSON() ([]byte, error) {
	return json.Marshal([3]string{p.X.String(), p.Y.String(), "1"})
}

// UnmarshalJSON implements [json.Unmarshaler]. It refuses whatever [CheckG1] refuses.
func (p *JSON1) UnmarshalJSON(data []byte) (err error) {
	var words []string
	if err := json.Unmarshal(data, &words); err != nil {
		return err
	}
	if len(words) != 3 || words[2] != "1" {
		return fmt.Errorf("not affine: %w", ErrPoint)
	}
	if p.X, err = Coordinate(words[0]); err != nil {
		return err
	}
	if p.Y, err = Coordinate(words[1]); err != nil {
		return err
	}
	return CheckG1((*bn254.G1Affine)(p))
}

// MarshalJSON implements [json.Marshaler].
func (p JSON2) MarshalJSON() ([]byte, error) {
	return json.Marshal([3][2]string{
		{p.X.A0.String(), p.X.A1.String()},
		{p.Y.A0.String(), p.Y.A1.String()},
		{"1", "0"},
	})
}

// UnmarshalJSON implements [json.Unmarshaler]. It refuses coordinates that are not reduced and points off the curve or at infinity, but does
// not check the subgroup, which costs more than all the rest: see [CheckG2].
func (p *JSON2) UnmarshalJSON(data []byte) (err error) {
	var words [][]string
	if err := json.Unmarshal(data, &words); err != nil {
		return err
	}
	if len(words) != 3 || len(words[0]) != 2 || len(words[1]) != 2 || len(words[2]) != 2 {
		return fmt.Errorf("not three pairs: %w", ErrPoint)
	}
	if words[2][0] != "1" || words[2][1] != "0" {
		return fmt.Errorf("not affine: %w", ErrPoint)
	}
	for i, coordinate := range []*fp.Element{&p.X.A0, &p.X.A1, &p.Y.A0, &p.Y.A1} {
		if *coordinate, err = Coordinate(words[i/2][i%2]); err != nil {
			return err
		}
	}
	q := (*bn254.G2Affine)(p)
	if q.IsInfinity() || !q.IsOnCurve() {
		return fmt.Errorf("infinity or off the curve: %w", ErrPoint)
	}
	return nil
}
