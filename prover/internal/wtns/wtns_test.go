package wtns_test

import (
	"encoding/binary"
	"errors"
	"strings"
	"testing"

	"fairlead.dev/prover/internal/fixture"
	"fairlead.dev/prover/internal/wtns"
)

func TestParseReadsEveryWire(t *testing.T) {
	file := fixture.Read(t, fixture.Witness)
	wires, err := wtns.Parse(file)
	if err != nil {
		t.Fatal(err)
	}
	if got := len(file) - 32*len(wires); got != wtns.Overhead {
		t.Errorf("%d bytes besides the wires", got)
	}
	if wires[0] != (wtns.Scalar{1}) || wires[2] == (wtns.Scalar{}) {
		t.Errorf("wrong wires")
	}
}

// Offsets of a file as circom writes it.
const (
	version  = 4
	element  = 24
	modulus  = 28
	count    = 60
	sizeOf2  = 68
	firstOf2 = 76
)

func TestParseRefuses(t *testing.T) {
	for name, edit := range map[string]func(file []byte) []byte{
		"nothing":                  func([]byte) []byte { return nil },
		"another magic word":       func(f []byte) []byte { f[0] = 'z'; return f },
		"another version":          func(f []byte) []byte { f[version] = 3; return f },
		"elements of another size": func(f []byte) []byte { f[element] = 31; return f },
		"another modulus":          func(f []byte) []byte { f[modulus]++; return f },
		"no wires":                 func(f []byte) []byte { f[count] = 0; return f },
		"one wire more":            func(f []byte) []byte { f[count]++; return f },
		"four thousand million":    func(f []byte) []byte { binary.LittleEndian.PutUint32(f[count:], 1<<32-1); return f },
		"a section of 2^63 bytes":  func(f []byte) []byte { f[sizeOf2+7] = 0x80; return f },
		"a section of all memory":  func(f []byte) []byte { f[sizeOf2+5] = 0x80; return f },
		"wire 0 of 2":              func(f []byte) []byte { f[firstOf2] = 2; return f },
		"a wire of the modulus":    func(f []byte) []byte { copy(f[firstOf2+32:], f[modulus:count]); return f },
		"a byte too few":           func(f []byte) []byte { return f[:len(f)-1] },
		"a byte too many":          func(f []byte) []byte { return append(f, 0) },
	} {
		if _, err := wtns.Parse(edit(fixture.Read(t, fixture.Witness))); !errors.Is(err, wtns.ErrWitness) {
			t.Errorf("%s: got %v", name, err)
		} else if strings.Contains(err.Error(), "1234567890") {
			t.Errorf("%s: the error tells a value", name)
		}
	}
}

func FuzzWtns(f *testing.F) {
	f.Add(fixture.Read(f, fixture.Witness))
	f.Fuzz(func(t *testing.T, data []byte) {
		wires, err := wtns.Parse(data)
		if err == nil && wtns.Overhead+32*len(wires) > len(data) {
			t.Error("more wires than bytes")
		}
		if err != nil && !errors.Is(err, wtns.ErrWitness) {
			t.Error(err)
		}
	})
}
