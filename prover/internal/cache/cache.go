// Package cache keeps proving keys in a compact form that loads in some tens of milliseconds: points in their groups already checked, those
// at infinity gone, coefficients numbered. About half the size of the .zkey that it is made from.
//
// A file is a head of 256 bytes, then sections that start at multiples of 64 bytes, all in the machine's order of bytes, which has to be
// little endian:
//
//	  0  magic "FLKCACHE", version (uint32)
//	 12  log2 of the domain, wires, public signals, and the sections' lengths: 11 × uint32
//	 56  size and time of change (Unix, ns) of the .zkey: 2 × uint64
//	 72  SHA-256 of the .zkey
//	104  SHA-256 of the .zkey's sections 2 and 3
//	136  zeros
//	224  SHA-256 of the 224 bytes before and of the SHA-256 of each MiB behind the head
package cache

import (
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"github.com/consensys/gnark-crypto/ecc/bn254"

	"fairlead.dev/prover/internal/groth16"
	"fairlead.dev/prover/internal/parallel"
)

// ErrCache is wrapped by the refusal of a cache file: of another version, damaged, or inconsistent.
var ErrCache = errors.New("invalid key cache")

const (
	magic        = "FLKCACHE"
	version      = 1
	headBytes    = 256
	checksumFrom = headBytes - sha256.Size
	alignment    = 64
	hashedBytes  = 1 << 20
)

// Origin identifies the .zkey that a cache is made from.
type Origin struct {
	Size    int64
	Changed int64 // Unix time in nanoseconds
	SHA256  [sha256.Size]byte
	// Head is the SHA-256 of the sections 2 and 3, see [zkey.Head.Digest].
	Head [sha256.Size]byte
}

// Encode returns a cache file of the key.
func Encode(k *groth16.Key, origin *Origin) []byte {
	counts := counts{
		logDomain: uint32(k.LogDomain), wires: uint32(k.Wires), publics: uint32(k.Verifying.Publics()),
		a: uint32(len(k.A.Wires)), b: uint32(len(k.B.Wires)), c: uint32(len(k.C.Wires)),
		coefficients: uint32(len(k.Coefficients)),
		rowsA:        uint32(k.MatrixA.Rows()), rowsB: uint32(k.MatrixB.Rows()),
		termsA: uint32(len(k.MatrixA.Wires)), termsB: uint32(len(k.MatrixB.Wires)),
	}
	file := aligned(counts.fileBytes())
	copy(file, magic)
	binary.LittleEndian.PutUint32(file[8:], version)
	for i, value := range counts.words() {
		binary.LittleEndian.PutUint32(file[12+4*i:], *value)
	}
	binary.LittleEndian.PutUint64(file[56:], uint64(origin.Size))
	binary.LittleEndian.PutUint64(file[64:], uint64(origin.Changed))
	copy(file[72:], origin.SHA256[:])
	copy(file[104:], origin.Head[:])

	into := layout(file, &counts)
	vk := k.Verifying
	copy(into.alpha, []bn254.G1Affine{vk.Alpha})
	copy(into.g2s, []bn254.G2Affine{vk.Beta, vk.Gamma, vk.Delta})
	copy(into.ic, vk.IC)
	copy(into.a.Wires, k.A.Wires)
	copy(into.a.Points, k.A.Points)
	copy(into.b.Wires, k.B.Wires)
	copy(into.b.Points, k.B.Points)
	copy(into.cWires, k.C.Wires)
	copy(into.ch, k.CH)
	copy(into.coefficients, k.Coefficients)
	for i, m := range []*groth16.Matrix{&k.MatrixA, &k.MatrixB} {
		copy(into.matrices[i].Starts, m.Starts)
		copy(into.matrices[i].Wires, m.Wires)
		copy(into.matrices[i].Coefficient, m.Coefficient)
	}
	sum := checksum(file)
	copy(file[checksumFrom:], sum[:])
	return file
}

// Read reads a cache file of size bytes into memory and returns its key, which shares that memory. It wraps [ErrCache].
func Read(reader io.ReaderAt, size int64) (*groth16.Key, *Origin, error) {
	head := make([]byte, headBytes)
	if size < headBytes {
		return nil, nil, fmt.Errorf("%d bytes: %w", size, ErrCache)
	}
	if _, err := reader.ReadAt(head, 0); err != nil {
		return nil, nil, err
	}
	counts, err := parseHead(head, size)
	if err != nil {
		return nil, nil, err
	}
	file := aligned(size)
	chunks := int((size + hashedBytes - 1) / hashedBytes)
	failures := make([]error, chunks)
	parallel.Each(chunks, func(i int) {
		from := int64(i) * hashedBytes
		_, failures[i] = reader.ReadAt(file[from:min(size, from+hashedBytes)], from)
		if failures[i] == io.EOF && i == chunks-1 {
			failures[i] = nil
		}
	})
	if err := errors.Join(failures...); err != nil {
		return nil, nil, err
	}
	return decode(file, counts)
}

func parseHead(head []byte, size int64) (*counts, error) {
	if string(head[:8]) != magic || binary.LittleEndian.Uint32(head[8:]) != version {
		return nil, fmt.Errorf("not a key cache of version %d: %w", version, ErrCache)
	}
	if !littleEndian {
		return nil, fmt.Errorf("this machine is big endian: %w", ErrCache)
	}
	c := new(counts)
	for i, value := range c.words() {
		*value = binary.LittleEndian.Uint32(head[12+4*i:])
	}
	if c.logDomain > groth16.MaxLogDomain || c.publics >= c.wires {
		return nil, fmt.Errorf("counts out of range: %w", ErrCache)
	}
	if want := c.fileBytes(); want != size {
		return nil, fmt.Errorf("%d bytes, want %d: %w", size, want, ErrCache)
	}
	return c, nil
}

func decode(file []byte, counts *counts) (*groth16.Key, *Origin, error) {
	if checksum(file) != [sha256.Size]byte(file[checksumFrom:headBytes]) {
		return nil, nil, fmt.Errorf("wrong checksum: %w", ErrCache)
	}
	origin := &Origin{
		Size:    int64(binary.LittleEndian.Uint64(file[56:])),
		Changed: int64(binary.LittleEndian.Uint64(file[64:])),
		SHA256:  [sha256.Size]byte(file[72:]),
		Head:    [sha256.Size]byte(file[104:]),
	}
	from := layout(file, counts)
	verifying, err := groth16.NewVerifyingKey(from.alpha[0], from.g2s[0], from.g2s[1], from.g2s[2], from.ic)
	if err != nil {
		return nil, nil, fmt.Errorf("%w: %w", ErrCache, err)
	}
	key := &groth16.Key{
		Wires: int(counts.wires), LogDomain: int(counts.logDomain), Verifying: verifying,
		A: from.a, B: from.b,
		C:  groth16.Points{Wires: from.cWires, Points: from.ch[:counts.c]},
		CH: from.ch, Coefficients: from.coefficients, MatrixA: from.matrices[0], MatrixB: from.matrices[1],
	}
	if err := key.Check(); err != nil {
		return nil, nil, fmt.Errorf("%w: %w", ErrCache, err)
	}
	return key, origin, nil
}

func checksum(file []byte) (sum [sha256.Size]byte) {
	body := file[headBytes:]
	sums := make([]byte, (len(body)+hashedBytes-1)/hashedBytes*sha256.Size)
	parallel.Each(len(sums)/sha256.Size, func(i int) {
		one := sha256.Sum256(body[i*hashedBytes : min(len(body), (i+1)*hashedBytes)])
		copy(sums[i*sha256.Size:], one[:])
	})
	all := sha256.New()
	all.Write(file[:checksumFrom])
	all.Write(sums)
	all.Sum(sum[:0])
	return sum
}
