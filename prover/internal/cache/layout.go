package cache

import (
	"unsafe"

	"github.com/consensys/gnark-crypto/ecc/bn254"
	"github.com/consensys/gnark-crypto/ecc/bn254/fr"

	"fairlead.dev/prover/internal/groth16"
)

// counts are the numbers in a file's head that fix its layout.
type counts struct {
	logDomain, wires, publics uint32
	a, b, c                   uint32 // points that are not at infinity
	coefficients              uint32
	rowsA, rowsB              uint32
	termsA, termsB            uint32
}

// words in the order of the file.
func (c *counts) words() []*uint32 {
	return []*uint32{
		&c.logDomain, &c.wires, &c.publics, &c.a, &c.b, &c.c, &c.coefficients, &c.rowsA, &c.rowsB, &c.termsA, &c.termsB,
	}
}

// sections are views of a file's bytes.
type sections struct {
	alpha        []bn254.G1Affine
	g2s          []bn254.G2Affine // beta, gamma, delta
	ic           []bn254.G1Affine
	a            groth16.Points
	b            groth16.Points2
	cWires       []uint32
	ch           []bn254.G1Affine
	coefficients []fr.Element
	matrices     [2]groth16.Matrix
}

// layout divides a file of c.fileBytes() bytes, which must lie at an address divisible by 8.
func layout(file []byte, c *counts) *sections {
	s := new(sections)
	cursor := cursor{file: file, at: headBytes}
	cursor.divide(s, c)
	return s
}

// fileBytes is the size of a file with these counts.
func (c *counts) fileBytes() int64 {
	cursor := cursor{at: headBytes}
	cursor.divide(new(sections), c)
	return cursor.at
}

// cursor takes sections off a file one after the other; without a file it only adds up their sizes.
type cursor struct {
	file []byte
	at   int64
}

func (f *cursor) divide(s *sections, c *counts) {
	take(f, &s.alpha, 1)
	take(f, &s.g2s, 3)
	take(f, &s.ic, int64(c.publics)+1)
	take(f, &s.a.Wires, int64(c.a))
	take(f, &s.a.Points, int64(c.a))
	take(f, &s.b.Wires, int64(c.b))
	take(f, &s.b.Points, int64(c.b))
	take(f, &s.cWires, int64(c.c))
	take(f, &s.ch, int64(c.c)+1<<c.logDomain)
	take(f, &s.coefficients, int64(c.coefficients))
	for i, m := range []struct{ rows, terms uint32 }{{c.rowsA, c.termsA}, {c.rowsB, c.termsB}} {
		take(f, &s.matrices[i].Starts, int64(m.rows)+1)
		take(f, &s.matrices[i].Wires, int64(m.terms))
		take(f, &s.matrices[i].Coefficient, int64(m.terms))
	}
}

// take views the next count elements. T must hold no pointers; any bytes are a value of it.
func take[T any](f *cursor, into *[]T, count int64) {
	size := count * int64(unsafe.Sizeof(*new(T)))
	if f.file != nil && count > 0 {
		*into = unsafe.Slice((*T)(unsafe.Pointer(&f.file[f.at:][:size][0])), count)
	}
	f.at += (size + alignment - 1) / alignment * alignment
}

// aligned returns size bytes at an address divisible by 8.
func aligned(size int64) []byte {
	words := make([]uint64, (size+7)/8)
	return unsafe.Slice((*byte)(unsafe.Pointer(&words[0])), size)
}

var littleEndian = func() bool {
	word := uint16(1)
	return *(*byte)(unsafe.Pointer(&word)) == 1
}()
