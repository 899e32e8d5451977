// Package r1cs reads constraint systems as circom writes them (.r1cs, version 1, BN254's scalar field).
//
// See https://github.com/iden3/r1csfile/blob/master/doc/r1cs_bin_format.md.
package r1cs

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/consensys/gnark-crypto/ecc/bn254/fr"

	"fairlead.dev/prover/internal/binfile"
)

// ErrInvalid is wrapped by every error about a file's content.
var ErrInvalid = errors.New("invalid r1cs")

// ElementBytes is the size of a coefficient: little endian, below the field's modulus.
const ElementBytes = fr.Bytes

// MaxRows bounds constraints, public rows and wires alike: a domain twice as large must exist in the field (2-adicity 28).
const MaxRows = 1 << 27

const (
	sectionHeader      = 1
	sectionConstraints = 2
	sectionWires       = 3
	sectionCustomGates = 4

	version     = 1
	headerBytes = 64
	termBytes   = 4 + ElementBytes
)

// Matrix names one of the three linear combinations of a constraint A·B = C.
type Matrix uint8

// The three matrices, in the file's order.
const (
	A Matrix = iota
	B
	C
)

// System is a constraint system that was checked as a whole: every term's wire exists and its coefficient is reduced.
type System struct {
	// Wires counts all wires; wire 0 is the constant 1.
	Wires int
	// Publics counts outputs and public inputs: wires 1 … Publics.
	Publics int
	// Constraints counts the rows.
	Constraints int
	// Terms counts the terms of each matrix.
	Terms [3]int

	body []byte
}

// Open reads the file at path. It wraps [ErrInvalid] when the content is malformed; other errors are the file system's.
func Open(path string) (*System, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read r1cs: %w", err)
	}
	return Parse(data)
}

// Parse checks the whole of data. What it allocates is bounded by the size of data, whatever the data says of itself. It wraps [ErrInvalid].
func Parse(data []byte) (*System, error) {
	file, err := binfile.Open(bytes.NewReader(data), int64(len(data)), "r1cs")
	if err != nil {
		return nil, invalid("%w", err)
	}
	if file.Version != version {
		return nil, invalid("version %d, want %d", file.Version, version)
	}
	if gates, size, err := file.Section(sectionCustomGates); err == nil {
		var count [4]byte
		if _, err := io.ReadFull(gates, count[:]); err != nil || binary.LittleEndian.Uint32(count[:]) != 0 {
			return nil, invalid("%d bytes of custom gates, which are not Groth16", size)
		}
	}
	head, err := file.Bytes(sectionHeader, headerBytes)
	if err != nil {
		return nil, invalid("%w", err)
	}
	system, err := parseHeader(head)
	if err != nil {
		return nil, err
	}
	// The labels are not used, but they bound the number of wires by the size of the file.
	if _, err := file.Exactly(sectionWires, 8*int64(system.Wires)); err != nil {
		return nil, invalid("%w", err)
	}
	_, size, err := file.Section(sectionConstraints)
	if err != nil {
		return nil, invalid("%w", err)
	}
	if system.body, err = file.Bytes(sectionConstraints, size); err != nil {
		return nil, invalid("%w", err)
	}
	if err := system.checkBody(); err != nil {
		return nil, err
	}
	return system, nil
}

// ForEach calls visit for every term in the file's order: constraint by constraint, A before B before C. The coefficient is a view of the
// file, [ElementBytes] little-endian bytes.
func (s *System) ForEach(visit func(m Matrix, constraint, wire int, coefficient []byte)) {
	rest := s.body
	for row := 0; row < s.Constraints; row++ {
		for m := A; m <= C; m++ {
			terms := binary.LittleEndian.Uint32(rest)
			rest = rest[4:]
			for ; terms > 0; terms-- {
				visit(m, row, int(binary.LittleEndian.Uint32(rest)), rest[4:termBytes])
				rest = rest[termBytes:]
			}
		}
	}
}

func parseHeader(head []byte) (*System, error) {
	var modulus [ElementBytes]byte
	fr.Modulus().FillBytes(modulus[:])
	for i, b := range head[4 : 4+ElementBytes] {
		if modulus[ElementBytes-1-i] != b {
			return nil, invalid("not over the BN254 scalar field")
		}
	}
	word := func(at int) uint64 { return uint64(binary.LittleEndian.Uint32(head[at:])) }
	if word(0) != ElementBytes {
		return nil, invalid("elements of %d bytes, want %d", word(0), ElementBytes)
	}
	wires, publics, constraints := word(36), word(40)+word(44), word(60)
	if wires == 0 || publics >= wires {
		return nil, invalid("%d wires cannot hold the constant and %d public ones", wires, publics)
	}
	if wires > MaxRows || constraints+publics+1 > MaxRows {
		return nil, invalid("%d wires and %d constraints, at most %d", wires, constraints, MaxRows)
	}
	return &System{Wires: int(wires), Publics: int(publics), Constraints: int(constraints)}, nil
}

func (s *System) checkBody() error {
	rest := s.body
	for row := 0; row < s.Constraints; row++ {
		for m := A; m <= C; m++ {
			if len(rest) < 4 {
				return invalid("constraint %d is cut short", row)
			}
			terms := int(binary.LittleEndian.Uint32(rest))
			rest = rest[4:]
			if terms > len(rest)/termBytes {
				return invalid("constraint %d is cut short", row)
			}
			for range terms {
				if wire := binary.LittleEndian.Uint32(rest); int64(wire) >= int64(s.Wires) {
					return invalid("constraint %d names wire %d of %d", row, wire, s.Wires)
				}
				if _, err := fr.LittleEndian.Element((*[ElementBytes]byte)(rest[4:])); err != nil {
					return invalid("constraint %d has a coefficient over the modulus", row)
				}
				rest = rest[termBytes:]
			}
			s.Terms[m] += terms
		}
	}
	if len(rest) != 0 {
		return invalid("%d bytes after the last constraint", len(rest))
	}
	return nil
}

func invalid(format string, args ...any) error {
	return fmt.Errorf("%w: %w", ErrInvalid, fmt.Errorf(format, args...))
}
