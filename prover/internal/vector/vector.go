// Package vector reads the dev key vector that every implementation is held to, test/vectors/devkey.json. For tests.
package vector

import (
	"encoding/hex"
	"encoding/json"
	"os"
	"path/filepath"
	"runtime"
	"testing"
)

// DevKey is a constraint system and the key that a seed must give.
type DevKey struct {
	Seed string `json:"seed"`
	// Secrets that the seed stands for, decimal, below r: tau, alpha, beta, gamma, delta.
	Secrets    map[string]string `json:"secrets"`
	R1CSHex    string            `json:"r1cs"`
	ZkeySHA256 string            `json:"zkeySha256"`
	// R1CS is the file's bytes, the caller's own copy.
	R1CS []byte `json:"-"`
}

// Load reads the vector, and fails the test when it cannot.
func Load(t testing.TB) DevKey {
	t.Helper()
	_, here, _, _ := runtime.Caller(0)
	text, err := os.ReadFile(filepath.Join(filepath.Dir(here), "../../../test/vectors/devkey.json"))
	if err != nil {
		t.Fatal(err)
	}
	var key DevKey
	if err := json.Unmarshal(text, &key); err != nil {
		t.Fatal(err)
	}
	if key.R1CS, err = hex.DecodeString(key.R1CSHex); err != nil {
		t.Fatal(err)
	}
	return key
}
