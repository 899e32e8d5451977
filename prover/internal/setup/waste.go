package setup

import (
	"crypto/sha256"

	"github.com/consensys/gnark-crypto/ecc/bn254/fr"
)

// Version changes whenever the same seed and constraint system would give another key; DEV_KEY_VERSION of src/proof/devkey/waste.ts.
const Version = "fairlead dev key v1"

// waste holds the secrets of a setup. Whoever knows them can forge proofs.
type waste struct {
	tau, alpha, beta, gamma, delta fr.Element
}

// derive gives the secrets of a seed, each SHA-256(Version ‖ "\n" ‖ label ‖ "\n" ‖ seed), big endian, mod p.
func derive(seed string) waste {
	secret := func(label string) (e fr.Element) {
		digest := sha256.Sum256([]byte(Version + "\n" + label + "\n" + seed))
		e.SetBytes(digest[:])
		return e
	}
	return waste{secret("tau"), secret("alpha"), secret("beta"), secret("gamma"), secret("delta")}
}

// degenerate reports secrets under which some point would be at infinity or the key forgeable: a zero, tau a root of unity of order
// 2·size, gamma equal to delta.
func (w *waste) degenerate(size int) bool {
	for _, secret := range []*fr.Element{&w.tau, &w.alpha, &w.beta, &w.gamma, &w.delta} {
		if secret.IsZero() {
			return true
		}
	}
	power := w.tau
	for n := 1; n < 2*size; n <<= 1 {
		power.Square(&power)
	}
	return power.IsOne() || w.gamma.Equal(&w.delta)
}
