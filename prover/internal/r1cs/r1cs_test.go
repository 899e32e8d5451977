package r1cs

import (
	"encoding/binary"
	"errors"
	"testing"

	"fairlead.dev/prover/internal/vector"
)

func TestParseReadsTheVector(t *testing.T) {
	system, err := Parse(vector.Load(t).R1CS)
	if err != nil {
		t.Fatal(err)
	}
	var terms [3]int
	system.ForEach(func(m Matrix, row, wire int, coefficient []byte) {
		if row >= system.Constraints || wire >= system.Wires || len(coefficient) != ElementBytes {
			t.Errorf("term of %d names constraint %d, wire %d, %d bytes", m, row, wire, len(coefficient))
		}
		terms[m]++
	})
	if system.Wires != 4 || system.Publics != 1 || system.Constraints != 2 || terms != system.Terms {
		t.Errorf("got %+v, terms %v", system, terms)
	}
}

// Each case changes one thing; at counts from the start of the section it names.
func TestParseRefuses(t *testing.T) {
	header, body, labels := sectionStart(t, sectionHeader), sectionStart(t, sectionConstraints), sectionStart(t, sectionWires)
	word := func(at int, value uint32) func([]byte) []byte {
		return func(data []byte) []byte {
			binary.LittleEndian.PutUint32(data[at:], value)
			return data
		}
	}
	for name, change := range map[string]func([]byte) []byte{
		"another magic word":        word(0, 0),
		"another version":           word(4, 2),
		"another element size":      word(header, 31),
		"another field":             word(header+4, 0),
		"more publics than wires":   word(header+40, 4),
		"publics that wrap around":  word(header+44, 0xffffffff),
		"more wires than labels":    word(header+36, 5),
		"wires beyond memory":       word(header+36, 0xffffffff),
		"constraints beyond memory": word(header+60, 0xffffffff),
		"one constraint too many":   word(header+60, 3),
		"one constraint too few":    word(header+60, 1),
		"terms beyond the section":  word(body, 0xffffffff),
		"a wire that is not there":  word(body+4, 4),
		"a coefficient over p":      word(body+4+4+28, 0xffffffff),
		"a label section cut short": word(labels-8, 24),
		"a file cut short":          func(data []byte) []byte { return data[:len(data)-1] },
		"bytes behind the end":      func(data []byte) []byte { return append(data, 0) },
		"an empty file":             func([]byte) []byte { return nil },
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := Parse(change(vector.Load(t).R1CS)); !errors.Is(err, ErrInvalid) {
				t.Errorf("got %v, want ErrInvalid", err)
			}
		})
	}
}

func TestParseRefusesCustomGates(t *testing.T) {
	data := vector.Load(t).R1CS
	binary.LittleEndian.PutUint32(data[8:], 4)
	data = binary.LittleEndian.AppendUint32(data, sectionCustomGates)
	data = binary.LittleEndian.AppendUint64(data, 4)
	for gates, want := range map[uint32]error{0: nil, 1: ErrInvalid} {
		if _, err := Parse(binary.LittleEndian.AppendUint32(data, gates)); !errors.Is(err, want) {
			t.Errorf("%d gates: got %v, want %v", gates, err, want)
		}
	}
}

// FuzzParse: no input makes it panic, allocate beyond the input's size, or accept what ForEach cannot walk.
func FuzzParse(f *testing.F) {
	f.Add(vector.Load(f).R1CS)
	f.Fuzz(func(t *testing.T, data []byte) {
		system, err := Parse(data)
		if err != nil {
			if !errors.Is(err, ErrInvalid) {
				t.Fatalf("got %v, want ErrInvalid", err)
			}
			return
		}
		if system.Wires > len(data) || system.Constraints > len(data) {
			t.Fatalf("%d bytes hold %d wires and %d constraints", len(data), system.Wires, system.Constraints)
		}
		system.ForEach(func(_ Matrix, _, wire int, _ []byte) {
			if wire >= system.Wires {
				t.Fatalf("wire %d of %d", wire, system.Wires)
			}
		})
	})
}

// sectionStart finds where a section's bytes begin in the vector.
func sectionStart(t *testing.T, id uint32) int {
	data := vector.Load(t).R1CS
	for at := 12; at < len(data); {
		size := int(binary.LittleEndian.Uint64(data[at+4:]))
		if binary.LittleEndian.Uint32(data[at:]) == id {
			return at + 12
		}
		at += 12 + size
	}
	t.Fatalf("no section %d", id)
	return 0
}
