package groth16_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"slices"
	"strings"
	"testing"

	"github.com/consensys/gnark-crypto/ecc/bn254"
	"github.com/consensys/gnark-crypto/ecc/bn254/fp"

	"fairlead.dev/prover/internal/fixture"
	"fairlead.dev/prover/internal/groth16"
	"fairlead.dev/prover/internal/wtns"
	"fairlead.dev/prover/internal/zkey"
)

func loadKey(t testing.TB) *groth16.Key {
	t.Helper()
	data := fixture.Read(t, fixture.Zkey)
	key, _, err := zkey.Read(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func loadWitness(t testing.TB) []wtns.Scalar {
	t.Helper()
	witness, err := wtns.Parse(fixture.Read(t, fixture.Witness))
	if err != nil {
		t.Fatal(err)
	}
	return witness
}

func loadVkey(t testing.TB) *groth16.VerifyingKey {
	t.Helper()
	vk, err := groth16.ParseVerifyingKey(fixture.Read(t, fixture.Vkey))
	if err != nil {
		t.Fatal(err)
	}
	return vk
}

// loadStatement is the one that snarkjs proved.
func loadStatement(t testing.TB) groth16.Statement {
	t.Helper()
	s := groth16.Statement{Proof: new(groth16.Proof)}
	if err := json.Unmarshal(fixture.Read(t, fixture.Proof), s.Proof); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(fixture.Read(t, fixture.Publics), &s.Publics); err != nil {
		t.Fatal(err)
	}
	return s
}

func prove(t testing.TB, key *groth16.Key) groth16.Statement {
	t.Helper()
	proof, publics, err := key.Prove(context.Background(), loadWitness(t), nil)
	if err != nil {
		t.Fatal(err)
	}
	return groth16.Statement{Proof: proof, Publics: publics}
}

func TestVerifiesWhatSnarkjsProved(t *testing.T) {
	s := loadStatement(t)
	if !loadVkey(t).Verify(s.Proof, s.Publics) {
		t.Error("refused")
	}
}

func TestTheZkeyHoldsTheVerificationKey(t *testing.T) {
	if !loadKey(t).Verifying.Equal(loadVkey(t)) {
		t.Error("another key")
	}
}

func TestProofsOfOneWitnessDifferAndAreValid(t *testing.T) {
	key, vk, known := loadKey(t), loadVkey(t), loadStatement(t)
	first, second := prove(t, key), prove(t, key)
	for _, s := range []groth16.Statement{first, second} {
		if !slices.Equal(s.Publics, known.Publics) {
			t.Error("other public signals than snarkjs's")
		}
		if !vk.Verify(s.Proof, s.Publics) {
			t.Error("invalid")
		}
	}
	if first.Proof.A.Equal(&second.Proof.A) || first.Proof.B.Equal(&second.Proof.B) || first.Proof.C.Equal(&second.Proof.C) {
		t.Error("a point of both proofs is the same")
	}
}

func TestProveRefusesWitnesses(t *testing.T) {
	key := loadKey(t)
	for wire := 1; wire < key.Wires; wire++ {
		witness := loadWitness(t)
		witness[wire][0] ^= 1
		if _, _, err := key.Prove(context.Background(), witness, nil); !errors.Is(err, groth16.ErrUnsatisfied) {
			t.Errorf("wire %d changed: got %v", wire, err)
		}
	}
	for _, witness := range [][]wtns.Scalar{nil, loadWitness(t)[1:], append(loadWitness(t), wtns.Scalar{})} {
		if _, _, err := key.Prove(context.Background(), witness, nil); !errors.Is(err, groth16.ErrWitness) {
			t.Errorf("%d wires: got %v", len(witness), err)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, _, err := key.Prove(ctx, loadWitness(t), nil); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: got %v", err)
	}
}

func TestProgressRisesToOne(t *testing.T) {
	last := 0.0
	_, _, err := loadKey(t).Prove(context.Background(), loadWitness(t), func(done float64) {
		if done <= last || done > 1 {
			t.Errorf("%v after %v", done, last)
		}
		last = done
	})
	if err != nil || last != 1 {
		t.Errorf("ended at %v, %v", last, err)
	}
}

// otherwise returns changes to a valid statement that each make it invalid.
func otherwise(t testing.TB, s groth16.Statement) map[string]groth16.Statement {
	_, _, g1, g2 := bn254.Generators()
	change := func(edit func(p *groth16.Proof)) groth16.Statement {
		proof := *s.Proof
		edit(&proof)
		return groth16.Statement{Proof: &proof, Publics: s.Publics}
	}
	publics := slices.Clone(s.Publics)
	publics[0].SetUint64(7)
	return map[string]groth16.Statement{
		"another A":            change(func(p *groth16.Proof) { p.A = g1 }),
		"another B":            change(func(p *groth16.Proof) { p.B = g2 }),
		"another C":            change(func(p *groth16.Proof) { p.C = g1 }),
		"A negated":            change(func(p *groth16.Proof) { p.A.Neg(&p.A) }),
		"A at infinity":        change(func(p *groth16.Proof) { p.A.SetInfinity() }),
		"B at infinity":        change(func(p *groth16.Proof) { p.B.SetInfinity() }),
		"A off the curve":      change(func(p *groth16.Proof) { p.A.X.SetOne() }),
		"B off the curve":      change(func(p *groth16.Proof) { p.B.X.SetOne() }),
		"B outside the group":  change(func(p *groth16.Proof) { p.B = outsideG2(t) }),
		"other public signals": {Proof: s.Proof, Publics: publics},
		"no public signals":    {Proof: s.Proof},
		"one signal too many":  {Proof: s.Proof, Publics: append(slices.Clone(s.Publics), publics[0])},
		"no proof":             {Publics: s.Publics},
	}
}

func TestVerifyRefuses(t *testing.T) {
	vk := loadVkey(t)
	for name, s := range otherwise(t, loadStatement(t)) {
		if vk.Verify(s.Proof, s.Publics) {
			t.Errorf("%s: accepted", name)
		}
	}
}

func TestVerifyAllNamesTheInvalidOnes(t *testing.T) {
	key := loadKey(t)
	vk := loadVkey(t)
	var statements []groth16.Statement
	for range 21 {
		statements = append(statements, prove(t, key))
	}
	if bad := vk.VerifyAll(statements); len(bad) != 0 {
		t.Fatalf("valid ones refused: %v", bad)
	}
	if bad := vk.VerifyAll(nil); len(bad) != 0 {
		t.Errorf("no statements: %v", bad)
	}
	for name, s := range otherwise(t, statements[0]) {
		for _, at := range []int{0, 13, 20} {
			changed := slices.Clone(statements)
			changed[at] = s
			if bad := vk.VerifyAll(changed); !slices.Equal(bad, []int{at}) {
				t.Errorf("%s at %d: got %v", name, at, bad)
			}
		}
	}
	changed := slices.Clone(statements)
	// Two that cancel out in a plain sum of both equations.
	c3, c4 := *statements[3].Proof, *statements[4].Proof
	_, _, g1, _ := bn254.Generators()
	c3.C.Add(&c3.C, &g1)
	c4.C.Sub(&c4.C, &g1)
	changed[3].Proof, changed[4].Proof = &c3, &c4
	if bad := vk.VerifyAll(changed); !slices.Equal(bad, []int{3, 4}) {
		t.Errorf("two that cancel out: got %v", bad)
	}
}

func TestOneBadProofAmong256DifferentOnesIsNamed(t *testing.T) {
	key := loadKey(t)
	statements := make([]groth16.Statement, 256)
	for i := range statements {
		statements[i] = prove(t, key)
	}
	if bad := key.Verifying.VerifyAll(statements); len(bad) != 0 {
		t.Fatalf("valid ones refused: %v", bad)
	}
	statements[201].Proof.C = statements[7].Proof.C
	if bad := key.Verifying.VerifyAll(statements); !slices.Equal(bad, []int{201}) {
		t.Errorf("got %v", bad)
	}
}

func outsideG2(t testing.TB) bn254.G2Affine {
	var p bn254.G2Affine
	for x := uint64(1); x < 100; x++ {
		p.X.A0.SetUint64(x)
		var square bn254.E2
		square.Square(&p.X).Mul(&square, &p.X)
		b := twist()
		square.Add(&square, &b)
		if square.Legendre() == 1 {
			p.Y.Sqrt(&square)
			if p.IsOnCurve() && !p.IsInSubGroup() {
				return p
			}
		}
	}
	t.Fatal("no such point")
	return p
}

// twist is the constant of G2's curve: y² - x³ of its generator.
func twist() (b bn254.E2) {
	_, _, _, g2 := bn254.Generators()
	var cube bn254.E2
	cube.Square(&g2.X).Mul(&cube, &g2.X)
	return *b.Square(&g2.Y).Sub(&b, &cube)
}

func TestMalformedJSONIsRefused(t *testing.T) {
	proof, publics, vkey := string(fixture.Read(t, fixture.Proof)), string(fixture.Read(t, fixture.Publics)), string(fixture.Read(t, fixture.Vkey))
	s := loadStatement(t)
	x := s.Proof.A.X.String()
	q := fp.Modulus().String()
	for name, text := range map[string]string{
		"a coordinate of q more": strings.Replace(proof, x, addDecimal(x, q), 1),
		"a leading zero":         strings.Replace(proof, x, "0"+x, 1),
		"a sign":                 strings.Replace(proof, x, "+"+x, 1),
		"hexadecimal":            strings.Replace(proof, x, "0x10", 1),
		"not affine":             strings.Replace(proof, `"1"`, `"2"`, 1),
		"another curve":          strings.Replace(proof, "bn128", "bls12381", 1),
		"another field":          strings.Replace(proof, `"pi_a"`, `"pi_x"`, 1),
		"two values":             proof + proof,
		"cut short":              proof[:len(proof)/2],
		"null":                   "null",
		"infinity":               `{"pi_a":["0","0","1"],` + proof[strings.Index(proof, `"pi_b"`):],
	} {
		if err := new(groth16.Proof).UnmarshalJSON([]byte(text)); !errors.Is(err, groth16.ErrProof) {
			t.Errorf("proof with %s: got %v", name, err)
		}
	}
	for name, text := range map[string]string{
		"r":       `["21888242871839275222246405745257275088548364400416034343698204186575808495617"]`,
		"numbers": `[1]`, "an empty word": `[""]`, "an object": `{}`, "cut short": publics[:len(publics)/2],
	} {
		if err := new(groth16.Publics).UnmarshalJSON([]byte(text)); !errors.Is(err, groth16.ErrProof) {
			t.Errorf("public signals with %s: got %v", name, err)
		}
	}
	gamma := vkey[strings.Index(vkey, `"vk_gamma_2"`):strings.Index(vkey, `"vk_delta_2"`)]
	delta := vkey[strings.Index(vkey, `"vk_delta_2"`):strings.Index(vkey, `"IC"`)]
	for name, text := range map[string]string{
		"gamma as delta":     strings.Replace(vkey, delta, strings.Replace(gamma, "gamma", "delta", 1), 1),
		"one signal more":    strings.Replace(vkey, `"nPublic": 1`, `"nPublic": 2`, 1),
		"a negative count":   strings.Replace(vkey, `"nPublic": 1`, `"nPublic": -1`, 1),
		"another protocol":   strings.Replace(vkey, "groth16", "plonk", 1),
		"a point outside G2": strings.Replace(vkey, gamma, pointJSON(t, "vk_gamma_2", outsideG2(t)), 1),
		"nothing":            "",
	} {
		if text == vkey {
			t.Fatalf("%s: nothing changed", name)
		}
		if _, err := groth16.ParseVerifyingKey([]byte(text)); !errors.Is(err, groth16.ErrVerifyingKey) {
			t.Errorf("key with %s: got %v", name, err)
		}
	}
}

func addDecimal(a, b string) string {
	x, _ := new(big.Int).SetString(a, 10)
	y, _ := new(big.Int).SetString(b, 10)
	return x.Add(x, y).String()
}

func pointJSON(t testing.TB, name string, p bn254.G2Affine) string {
	return fmt.Sprintf(`"%s": [["%s","%s"],["%s","%s"],["1","0"]],`, name, p.X.A0.String(), p.X.A1.String(), p.Y.A0.String(), p.Y.A1.String())
}

func FuzzProofJSON(f *testing.F) {
	f.Add(fixture.Read(f, fixture.Proof))
	f.Add(fixture.Read(f, fixture.Publics))
	f.Fuzz(func(t *testing.T, data []byte) {
		var publics groth16.Publics
		_ = publics.UnmarshalJSON(data)
		proof := new(groth16.Proof)
		if proof.UnmarshalJSON(data) != nil {
			return
		}
		again, err := json.Marshal(proof)
		if err != nil {
			t.Fatal(err)
		}
		other := new(groth16.Proof)
		if err := other.UnmarshalJSON(again); err != nil || *other != *proof {
			t.Fatalf("does not survive writing: %v", err)
		}
	})
}

func FuzzVerifyingKeyJSON(f *testing.F) {
	f.Add(fixture.Read(f, fixture.Vkey))
	f.Fuzz(func(t *testing.T, data []byte) {
		vk, err := groth16.ParseVerifyingKey(data)
		if err != nil {
			return
		}
		again, err := json.Marshal(vk)
		if err != nil {
			t.Fatal(err)
		}
		other, err := groth16.ParseVerifyingKey(again)
		if err != nil || !other.Equal(vk) {
			t.Fatalf("does not survive writing: %v", err)
		}
	})
}

// BenchmarkVerify256 verifies 256 different proofs together: go test -bench Verify ./internal/groth16
func BenchmarkVerify256(b *testing.B) {
	key, vk := loadKey(b), loadVkey(b)
	items := make([]groth16.Item, 256)
	for i := range items {
		s := prove(b, key)
		items[i].Proof, _ = json.Marshal(s.Proof)
		items[i].Publics, _ = json.Marshal(s.Publics)
	}
	vk.VerifyItems(items)
	for b.Loop() {
		if bad := vk.VerifyItems(items); len(bad) != 0 {
			b.Fatal(bad)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N)/float64(len(items)), "µs/proof")
}
