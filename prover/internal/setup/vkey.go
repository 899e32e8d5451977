package setup

import (
	"encoding/json"
	"math/big"

	"github.com/consensys/gnark-crypto/ecc/bn254/fp"
)

// vkeyJSON is snarkjs's verification_key.json without its precomputed pairing: decimal strings, projective with z = 1.
type vkeyJSON struct {
	Protocol string     `json:"protocol"`
	Curve    string     `json:"curve"`
	Publics  int        `json:"nPublic"`
	Alpha    []string   `json:"vk_alpha_1"`
	Beta     [][]string `json:"vk_beta_2"`
	Gamma    [][]string `json:"vk_gamma_2"`
	Delta    [][]string `json:"vk_delta_2"`
	IC       [][]string `json:"IC"`
}

// VerifyingKey gives the verification key as snarkjs's JSON, byte for byte what src/proof/build.ts writes.
func (k *Key) VerifyingKey() ([]byte, error) {
	key := vkeyJSON{
		Protocol: "groth16",
		Curve:    "bn128",
		Publics:  k.system.Publics,
		Alpha:    json1(&k.alpha1),
		Beta:     json2(&k.beta2),
		Gamma:    json2(&k.gamma2),
		Delta:    json2(&k.delta2),
	}
	for i := range k.ic {
		key.IC = append(key.IC, json1(&k.ic[i]))
	}
	text, err := json.MarshalIndent(key, "", " ")
	return append(text, '\n'), err
}

func json1(p *g1) []string { return []string{decimal(&p.X), decimal(&p.Y), "1"} }

func json2(p *g2) [][]string {
	pair := func(c0, c1 *fp.Element) []string { return []string{decimal(c0), decimal(c1)} }
	return [][]string{pair(&p.X.A0, &p.X.A1), pair(&p.Y.A0, &p.Y.A1), {"1", "0"}}
}

// decimal is not String, which writes elements close to the modulus as negative numbers.
func decimal(e *fp.Element) string { return e.BigInt(new(big.Int)).String() }
