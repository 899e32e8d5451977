// Package zkey reads snarkjs's proving keys: a container (see package binfile) with the sections
//
//	1  protocol: 1 for Groth16 (uint32)
//	2  header: both moduli with their sizes; wires, public signals, domain size; alpha1, beta1, beta2, gamma2, delta1, delta2
//	3  IC: one point of G1 for the constant and each public signal
//	4  coefficients: their number; for each matrix (0 for A, 1 for B), constraint and wire (uint32 each) and the value times 2^512
//	5  A, a point of G1 for each wire        6  B, in G1, which is not read: see package groth16
//	7  B, a point of G2 for each wire        8  C, in G1, from wire public signals + 1
//	9  H, a point of G1 for each of the domain
//
// in any order and not aligned. Points are affine, in Montgomery form; all zeros are infinity. A has rows behind the constraints', one for the
// constant and each public signal. Section 10 (contributions) is not read.
package zkey

import (
	"bufio"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math/bits"

	"github.com/consensys/gnark-crypto/ecc/bn254"
	"github.com/consensys/gnark-crypto/ecc/bn254/fp"
	"github.com/consensys/gnark-crypto/ecc/bn254/fr"

	"fairlead.dev/prover/internal/binfile"
	"fairlead.dev/prover/internal/groth16"
	"fairlead.dev/prover/internal/point"
)

// ErrZkey is wrapped by every error about a key's content.
var ErrZkey = errors.New("invalid zkey")

const (
	sectionProtocol = 1 + iota
	sectionHeader
	sectionIC
	sectionCoefficients
	sectionA
	sectionB1
	sectionB2
	sectionC
	sectionH
)

const headerBytes = 2*(4+32) + 3*4 + 3*point.G1Bytes + 3*point.G2Bytes

// Head is what a key says of itself, without its large sections.
type Head struct {
	Wires     int
	LogDomain int
	Verifying *groth16.VerifyingKey
	// Digest is the SHA-256 of sections 2 and 3. delta is in there, which differs between any two setups, so it identifies a key.
	Digest [sha256.Size]byte

	file *binfile.File
}

// ReadHead reads and checks the sections 1 to 3. It wraps [ErrZkey] for a file of another kind, and whatever [groth16.NewVerifyingKey] refuses.
func ReadHead(reader io.ReaderAt, size int64) (*Head, error) {
	head, err := readHead(reader, size)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrZkey, err)
	}
	return head, nil
}

// Read reads the whole key in one pass over its sections, and checks that every point is in its group.
func Read(reader io.ReaderAt, size int64) (*groth16.Key, *Head, error) {
	head, err := ReadHead(reader, size)
	if err != nil {
		return nil, nil, err
	}
	key, err := head.readKey()
	if err != nil {
		return nil, nil, fmt.Errorf("%w: %w", ErrZkey, err)
	}
	return key, head, nil
}

func readHead(reader io.ReaderAt, size int64) (*Head, error) {
	file, err := binfile.Open(reader, size, "zkey")
	if err != nil {
		return nil, err
	}
	if file.Version != 1 {
		return nil, fmt.Errorf("version %d, want 1", file.Version)
	}
	kind, err := file.Bytes(sectionProtocol, 4)
	if err != nil {
		return nil, err
	}
	if binary.LittleEndian.Uint32(kind) != 1 {
		return nil, errors.New("not a Groth16 key")
	}
	header, err := file.Bytes(sectionHeader, headerBytes)
	if err != nil {
		return nil, err
	}
	if !isModulus(header, fp.Modulus().Bytes()) || !isModulus(header[36:], fr.Modulus().Bytes()) {
		return nil, errors.New("not over BN254")
	}
	counts := header[72:]
	wires, publics := int64(binary.LittleEndian.Uint32(counts)), int64(binary.LittleEndian.Uint32(counts[4:]))
	domain := binary.LittleEndian.Uint32(counts[8:])
	if bits.OnesCount32(domain) != 1 || domain < 2 || bits.Len32(domain)-1 > groth16.MaxLogDomain {
		return nil, fmt.Errorf("domain of %d points", domain)
	}
	if wires < publics+1 {
		return nil, fmt.Errorf("%d wires, %d of them public", wires, publics)
	}
	ic, err := file.Bytes(sectionIC, point.G1Bytes*(publics+1))
	if err != nil {
		return nil, err
	}
	head := &Head{Wires: int(wires), LogDomain: bits.Len32(domain) - 1, file: file}
	digest := sha256.New()
	digest.Write(header)
	digest.Write(ic)
	digest.Sum(head.Digest[:0])
	return head, head.readPoints(header[84:], ic)
}

func (h *Head) readPoints(data, icData []byte) (err error) {
	var alpha, beta1, delta1 bn254.G1Affine // the last two have no part in our proofs
	var beta, gamma, delta bn254.G2Affine
	const g1, g2 = point.G1Bytes, point.G2Bytes
	at := 0
	for _, p := range []struct {
		in1 *bn254.G1Affine
		in2 *bn254.G2Affine
	}{{in1: &alpha}, {in1: &beta1}, {in2: &beta}, {in2: &gamma}, {in1: &delta1}, {in2: &delta}} {
		if p.in1 != nil {
			if *p.in1, err = point.G1(data[at:]); err == nil {
				err = point.CheckG1(p.in1)
			}
			at += g1
		} else {
			*p.in2, err = point.G2(data[at:])
			at += g2
		}
		if err != nil {
			return fmt.Errorf("header: %w", err)
		}
	}
	ic := make([]bn254.G1Affine, len(icData)/g1)
	for i := range ic {
		if ic[i], err = point.G1(icData[i*g1:]); err != nil {
			return fmt.Errorf("IC point %d: %w", i, err)
		}
	}
	h.Verifying, err = groth16.NewVerifyingKey(alpha, beta, gamma, delta, ic)
	return err
}

func isModulus(data, bigEndian []byte) bool {
	if binary.LittleEndian.Uint32(data) != 32 || len(bigEndian) != 32 {
		return false
	}
	for i, b := range bigEndian {
		if data[4+31-i] != b {
			return false
		}
	}
	return true
}

// bufferBytes is how much of a section is in memory at a time.
const bufferBytes = 1 << 20

func buffered(reader io.Reader) *bufio.Reader { return bufio.NewReaderSize(reader, bufferBytes) }
