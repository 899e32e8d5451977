package setup

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"math/big"
	"testing"

	"github.com/consensys/gnark-crypto/ecc/bn254"
	"github.com/consensys/gnark-crypto/ecc/bn254/fr"

	"fairlead.dev/prover/internal/chord"
	"fairlead.dev/prover/internal/r1cs"
	"fairlead.dev/prover/internal/vector"
)

func makeKey(t *testing.T, seed string) []byte {
	t.Helper()
	system, err := r1cs.Parse(vector.Load(t).R1CS)
	if err != nil {
		t.Fatal(err)
	}
	key, err := Make(context.Background(), system, seed)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := key.Write(&out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestMakeGivesTheVector(t *testing.T) {
	want := vector.Load(t)
	digest := sha256.Sum256(makeKey(t, want.Seed))
	if got := hex.EncodeToString(digest[:]); got != want.ZkeySHA256 {
		t.Errorf("got %s, want %s", got, want.ZkeySHA256)
	}
}

func TestDeriveGivesTheVector(t *testing.T) {
	want := vector.Load(t)
	got := derive(want.Seed)
	secrets := map[string]fr.Element{"tau": got.tau, "alpha": got.alpha, "beta": got.beta, "gamma": got.gamma, "delta": got.delta}
	if len(want.Secrets) != len(secrets) {
		t.Fatalf("%d secrets, want %d", len(want.Secrets), len(secrets))
	}
	for name, secret := range secrets {
		if secret.String() != want.Secrets[name] {
			t.Errorf("%s: got %s, want %s", name, secret.String(), want.Secrets[name])
		}
	}
}

func TestMakeDependsOnTheSeedAlone(t *testing.T) {
	a, b, c := makeKey(t, "seed"), makeKey(t, "seed"), makeKey(t, "other")
	if !bytes.Equal(a, b) || bytes.Equal(a, c) {
		t.Error("the same seed must give the same key, another another")
	}
}

func TestMakeStopsWithItsContext(t *testing.T) {
	system, err := r1cs.Parse(vector.Load(t).R1CS)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Make(ctx, system, "seed"); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want context.Canceled", err)
	}
}

func TestDegenerateSecretsAreFound(t *testing.T) {
	honest := derive("seed")
	if honest.degenerate(8) {
		t.Error("honest secrets were refused")
	}
	for name, change := range map[string]func(w *waste){
		"alpha is 0":              func(w *waste) { w.alpha.SetZero() },
		"gamma is delta":          func(w *waste) { w.gamma = w.delta },
		"tau is in the domain":    func(w *waste) { w.tau = rootOfUnity(8) },
		"tau is in the odd coset": func(w *waste) { w.tau = rootOfUnity(16) },
	} {
		bad := honest
		if change(&bad); !bad.degenerate(8) {
			t.Errorf("%s: not found", name)
		}
	}
}

// Scalars whose digits touch every edge: zero, one, signs, carries through all windows, the largest.
func TestFixedBaseAgreesWithGnark(t *testing.T) {
	scalars := make([]fr.Element, 0, 2*chord.Pairs)
	last := new(big.Int).Sub(fr.Modulus(), big.NewInt(1))
	for i := 0; i < fr.Bits; i++ {
		power := new(big.Int).Lsh(big.NewInt(1), uint(i))
		for _, value := range []*big.Int{power, new(big.Int).Sub(power, big.NewInt(1)), new(big.Int).Sub(last, power)} {
			var e fr.Element
			e.SetBigInt(value)
			scalars = append(scalars, e)
		}
	}
	scalars = append(scalars, fr.Element{})
	for len(scalars) < 2*chord.Pairs+100 {
		var e fr.Element
		e.MustSetRandom()
		scalars = append(scalars, e)
	}
	_, _, generator1, generator2 := bn254.Generators()
	for _, count := range []int{1, 1000, 1 << 17} { // windows of 2 bits and more
		base1 := newFixedG1(&generator1, count)
		points1, err := base1.multiply(context.Background(), scalars)
		if err != nil {
			t.Fatal(err)
		}
		base2 := newFixedG2(&generator2, count)
		points2, err := base2.multiply(context.Background(), scalars[:64])
		if err != nil {
			t.Fatal(err)
		}
		for i := range scalars {
			var want bn254.G1Affine
			want.ScalarMultiplication(&generator1, scalars[i].BigInt(new(big.Int)))
			if !points1[i].Equal(&want) {
				t.Fatalf("windows of %d bits: G1, scalar %d is wrong", base1.bits, i)
			}
		}
		for i := range points2 {
			var want bn254.G2Affine
			want.ScalarMultiplication(&generator2, scalars[i].BigInt(new(big.Int)))
			if !points2[i].Equal(&want) {
				t.Fatalf("windows of %d bits: G2, scalar %d is wrong", base2.bits, i)
			}
		}
	}
}
