package point

import (
	"errors"
	"math/big"
	"strings"
	"testing"

	"github.com/consensys/gnark-crypto/ecc/bn254/fp"
	"github.com/consensys/gnark-crypto/ecc/bn254/fr"
)

func TestNumbersAreReadAsBigIntReadsThem(t *testing.T) {
	one := big.NewInt(1)
	var numbers []*big.Int
	for shift := range uint(254) {
		power := new(big.Int).Lsh(one, shift)
		numbers = append(numbers, power, new(big.Int).Sub(power, one))
	}
	for digits := range int64(77) {
		power := new(big.Int).Exp(big.NewInt(10), big.NewInt(digits), nil)
		numbers = append(numbers, power, new(big.Int).Sub(power, one))
	}
	numbers = append(numbers, new(big.Int).Sub(fp.Modulus(), one), new(big.Int).Sub(fr.Modulus(), one))
	for _, n := range numbers {
		var coordinate fp.Element
		var scalar fr.Element
		if n.Cmp(fp.Modulus()) < 0 {
			if got, err := Coordinate(n.String()); err != nil || got != *coordinate.SetBigInt(n) {
				t.Errorf("coordinate %v: got %v, %v", n, got, err)
			}
		}
		if n.Cmp(fr.Modulus()) < 0 {
			if got, err := Scalar(n.String()); err != nil || got != *scalar.SetBigInt(n) {
				t.Errorf("scalar %v: got %v, %v", n, got, err)
			}
		}
	}
}

func TestOtherTextsAreNoNumbers(t *testing.T) {
	two256 := new(big.Int).Lsh(big.NewInt(1), 256)
	for _, text := range []string{
		"", "00", "01", "+1", "-1", " 1", "1 ", "1_0", "0x1", "1e3", "\u0661", "1234567890123456789012a", fp.Modulus().String(), two256.String(),
		new(big.Int).Add(two256, big.NewInt(1)).String(), strings.Repeat("9", 77), strings.Repeat("9", 78), strings.Repeat("9", 79),
	} {
		if got, err := Coordinate(text); !errors.Is(err, ErrNumber) || !got.IsZero() {
			t.Errorf("coordinate %q: got %v, %v", text, got, err)
		}
		if got, err := Scalar(text); !errors.Is(err, ErrNumber) || !got.IsZero() {
			t.Errorf("scalar %q: got %v, %v", text, got, err)
		}
	}
	if _, err := Scalar(fr.Modulus().String()); !errors.Is(err, ErrNumber) {
		t.Error("r was taken for a scalar")
	}
}
