// Package wtns reads circom's witness files: a container (see package binfile) with section 1, element size (uint32), modulus and number of
// wires (uint32), and section 2, the wires' values, 32 bytes each, little endian, not in Montgomery form.
//
// No error says anything of a value.
package wtns

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/consensys/gnark-crypto/ecc/bn254/fr"

	"fairlead.dev/prover/internal/binfile"
)

// ErrWitness is wrapped by every error of this package.
var ErrWitness = errors.New("invalid witness")

const (
	headBytes = 4 + fr.Bytes + 4
	// Overhead is the number of bytes that a file has besides 32 a wire.
	Overhead = 12 + 12 + headBytes + 12
)

// Scalar is a number below r as four 64-bit words, least significant first, not in Montgomery form.
type Scalar = [4]uint64

// Parse returns the wires' values. It refuses another field, values that are not below r, and a wire 0 that is not 1.
func Parse(file []byte) ([]Scalar, error) {
	container, err := binfile.Open(bytes.NewReader(file), int64(len(file)), "wtns")
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrWitness, err)
	}
	if container.Version != 2 {
		return nil, fmt.Errorf("wtns: version %d, want 2: %w", container.Version, ErrWitness)
	}
	head, err := container.Bytes(1, headBytes)
	if err != nil {
		return nil, fmt.Errorf("wtns: %w: %w", ErrWitness, err)
	}
	if size := binary.LittleEndian.Uint32(head); size != fr.Bytes {
		return nil, fmt.Errorf("wtns: elements of %d bytes, want 32: %w", size, ErrWitness)
	}
	if read(head[4:]) != modulus {
		return nil, fmt.Errorf("wtns: not over the scalar field of BN254: %w", ErrWitness)
	}
	count := int64(binary.LittleEndian.Uint32(head[4+fr.Bytes:]))
	if count == 0 {
		return nil, fmt.Errorf("wtns: no wires: %w", ErrWitness)
	}
	body, err := container.Bytes(2, count*fr.Bytes)
	if err != nil {
		return nil, fmt.Errorf("wtns: %w: %w", ErrWitness, err)
	}
	wires := make([]Scalar, count)
	for i := range wires {
		wires[i] = read(body[i*fr.Bytes:])
		if !below(&wires[i], &modulus) {
			return nil, fmt.Errorf("wtns: wire %d is not below the modulus: %w", i, ErrWitness)
		}
	}
	if wires[0] != (Scalar{1}) {
		return nil, fmt.Errorf("wtns: wire 0 is not 1: %w", ErrWitness)
	}
	return wires, nil
}

var modulus = func() (m Scalar) {
	bigEndian := fr.Modulus().FillBytes(make([]byte, fr.Bytes))
	for i := range m {
		m[i] = binary.BigEndian.Uint64(bigEndian[24-8*i:])
	}
	return m
}()

func read(data []byte) (s Scalar) {
	for i := range s {
		s[i] = binary.LittleEndian.Uint64(data[8*i:])
	}
	return s
}

func below(a, b *Scalar) bool {
	for i := 3; i >= 0; i-- {
		if a[i] != b[i] {
			return a[i] < b[i]
		}
	}
	return false
}
