package setup

import (
	"bufio"
	"encoding/binary"
	"io"
	"math/big"

	"github.com/consensys/gnark-crypto/ecc/bn254/fp"
	"github.com/consensys/gnark-crypto/ecc/bn254/fr"

	"fairlead.dev/prover/internal/r1cs"
)

const (
	g1Bytes = 2 * fp.Bytes
	g2Bytes = 4 * fp.Bytes
	// termBytes of the coefficient section: matrix, constraint, wire, value.
	termBytes = 3*4 + fr.Bytes
)

// writeZkey writes the sections as snarkjs does: 1 (protocol), 2 (header), 4 (coefficients), 3 (IC), 9 (H), 8 (C), 5 (A), 6 (B in G1),
// 7 (B in G2), 10 (contributions: 64 zero bytes for the circuit's hash, and none).
func writeZkey(to io.Writer, k *Key) error {
	w := &sectionWriter{Writer: bufio.NewWriterSize(to, 1<<20)}
	w.text("zkey")
	w.uint32(1)
	w.uint32(10)
	w.head(1, 4)
	w.uint32(1)
	w.head(2, 2*(4+fp.Bytes)+3*4+3*g1Bytes+3*g2Bytes)
	w.header(k)
	terms := k.system.Terms[r1cs.A] + k.system.Terms[r1cs.B] + k.system.Publics + 1
	w.head(4, 4+terms*termBytes)
	w.uint32(uint32(terms))
	w.coefficients(k.system)
	for _, section := range []struct {
		id     uint32
		points []g1
	}{{3, k.ic}, {9, k.h}, {8, k.c}, {5, k.a}, {6, k.b1}} {
		w.head(section.id, len(section.points)*g1Bytes)
		w.points1(section.points...)
	}
	w.head(7, len(k.b2)*g2Bytes)
	w.points2(k.b2...)
	w.head(10, 64+4)
	w.bytes(make([]byte, 64+4))
	if w.err != nil {
		return w.err
	}
	return w.Flush()
}

// sectionWriter keeps the first error, so that callers ask once.
type sectionWriter struct {
	*bufio.Writer
	err error
}

func (w *sectionWriter) bytes(b []byte) {
	if w.err == nil {
		_, w.err = w.Write(b)
	}
}

func (w *sectionWriter) text(s string) { w.bytes([]byte(s)) }

func (w *sectionWriter) uint32(v uint32) {
	w.bytes(binary.LittleEndian.AppendUint32(nil, v))
}

// head opens a section of size bytes.
func (w *sectionWriter) head(id uint32, size int) {
	w.uint32(id)
	w.bytes(binary.LittleEndian.AppendUint64(nil, uint64(size)))
}

// header: alpha1, beta1, beta2, gamma2, delta1, delta2, in this order.
func (w *sectionWriter) header(k *Key) {
	for _, modulus := range []*big.Int{fp.Modulus(), fr.Modulus()} {
		w.uint32(fp.Bytes)
		var big [fp.Bytes]byte
		modulus.FillBytes(big[:])
		for i := range big {
			w.bytes(big[len(big)-1-i : len(big)-i])
		}
	}
	w.uint32(uint32(k.system.Wires))
	w.uint32(uint32(k.system.Publics))
	w.uint32(uint32(k.size))
	w.points1(k.alpha1, k.beta1)
	w.points2(k.beta2, k.gamma2)
	w.points1(k.delta1)
	w.points2(k.delta2)
}

// coefficients: matrix, constraint, wire and value times R² of every term of A and B, then the rows of the public wires.
func (w *sectionWriter) coefficients(s *r1cs.System) {
	known := newCoefficients()
	var term [termBytes]byte
	write := func(m r1cs.Matrix, row, wire int, stored *[fr.Bytes]byte) {
		binary.LittleEndian.PutUint32(term[0:], uint32(m))
		binary.LittleEndian.PutUint32(term[4:], uint32(row))
		binary.LittleEndian.PutUint32(term[8:], uint32(wire))
		copy(term[12:], stored[:])
		w.bytes(term[:])
	}
	s.ForEach(func(m r1cs.Matrix, row, wire int, value []byte) {
		if m != r1cs.C {
			write(m, row, wire, &known.at(value).stored)
		}
	})
	unit := fr.One()
	one := convert(&unit)
	for wire := 0; wire <= s.Publics; wire++ {
		write(r1cs.A, s.Constraints+wire, wire, &one.stored)
	}
}

func (w *sectionWriter) points1(points ...g1) {
	var out [g1Bytes]byte
	for i := range points {
		putWords(out[0:], points[i].X)
		putWords(out[fp.Bytes:], points[i].Y)
		w.bytes(out[:])
	}
}

func (w *sectionWriter) points2(points ...g2) {
	var out [g2Bytes]byte
	for i := range points {
		p := &points[i]
		for n, words := range []fp.Element{p.X.A0, p.X.A1, p.Y.A0, p.Y.A1} {
			putWords(out[n*fp.Bytes:], words)
		}
		w.bytes(out[:])
	}
}
