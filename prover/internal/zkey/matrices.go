package zkey

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"

	"github.com/consensys/gnark-crypto/ecc/bn254/fr"

	"fairlead.dev/prover/internal/groth16"
)

const termBytes = 3*4 + fr.Bytes

// term is one non-zero entry of a matrix. Value has the words of the coefficient times 2^512 mod r.
type term struct {
	matrix, row, wire uint32
	value             fr.Element
}

// readMatrices reads the coefficients twice, to count the rows' terms and to place them, so that only the compact form is ever in memory.
func (h *Head) readMatrices() (values []fr.Element, a, b groth16.Matrix, err error) {
	matrices := [2]*groth16.Matrix{&a, &b}
	starts := [2][]uint32{make([]uint32, 1<<h.LogDomain+1), make([]uint32, 1<<h.LogDomain+1)}
	err = h.eachTerm(func(t *term) error {
		starts[t.matrix][t.row+1]++
		return nil
	})
	if err != nil {
		return nil, a, b, err
	}
	for i, m := range matrices {
		for row := 1; row < len(starts[i]); row++ {
			starts[i][row] += starts[i][row-1]
		}
		total := starts[i][len(starts[i])-1]
		m.Starts, m.Wires, m.Coefficient = starts[i], make([]uint32, total), make([]uint32, total)
	}
	dictionary := newDictionary()
	next := [2][]uint32{append([]uint32{}, a.Starts...), append([]uint32{}, b.Starts...)}
	err = h.eachTerm(func(t *term) error {
		at := next[t.matrix][t.row]
		next[t.matrix][t.row]++
		matrices[t.matrix].Wires[at] = t.wire
		matrices[t.matrix].Coefficient[at] = dictionary.index(t.value)
		return nil
	})
	for _, m := range matrices {
		m.Starts = withoutEmptyTail(m.Starts)
	}
	return dictionary.values, a, b, err
}

func (h *Head) eachTerm(visit func(*term) error) error {
	section, size, err := h.file.Section(sectionCoefficients)
	if err != nil {
		return err
	}
	reader := buffered(section)
	var entry [termBytes]byte
	if _, err := io.ReadFull(reader, entry[:4]); err != nil {
		return fmt.Errorf("coefficients: %w", err)
	}
	count := int64(binary.LittleEndian.Uint32(entry[:]))
	if size != 4+count*termBytes || count > math.MaxInt32 {
		return errors.New("coefficients: wrong size")
	}
	var t term
	for range count {
		if _, err := io.ReadFull(reader, entry[:]); err != nil {
			return fmt.Errorf("coefficients: %w", err)
		}
		t.matrix, t.row, t.wire = binary.LittleEndian.Uint32(entry[:]), binary.LittleEndian.Uint32(entry[4:]), binary.LittleEndian.Uint32(entry[8:])
		if t.matrix > 1 || t.row >= 1<<h.LogDomain || int64(t.wire) >= int64(h.Wires) {
			return errors.New("coefficients: out of range")
		}
		for i := range t.value {
			t.value[i] = binary.LittleEndian.Uint64(entry[12+8*i:])
		}
		if !reduced(&t.value) {
			return errors.New("coefficients: not reduced")
		}
		if err := visit(&t); err != nil {
			return err
		}
	}
	return nil
}

func reduced(z *fr.Element) bool {
	for i := 3; i >= 0; i-- {
		if z[i] != modulus[i] {
			return z[i] < modulus[i]
		}
	}
	return false
}

// withoutEmptyTail drops the rows behind the last that has a term.
func withoutEmptyTail(starts []uint32) []uint32 {
	rows := len(starts) - 1
	for rows > 0 && starts[rows-1] == starts[rows] {
		rows--
	}
	return starts[:rows+1]
}

// dictionary numbers distinct coefficients; 1 and -1 come first.
type dictionary struct {
	values  []fr.Element
	numbers map[fr.Element]uint32
}

func newDictionary() *dictionary {
	d := &dictionary{numbers: map[fr.Element]uint32{}}
	var one, minusOne fr.Element
	one.SetOne()
	minusOne.Neg(&one)
	d.values = []fr.Element{groth16.PlusOne: one, groth16.MinusOne: minusOne}
	for i := range d.values {
		d.numbers[d.stored(i)] = uint32(i)
	}
	return d
}

// stored has the words under which value i stands in a file, times 2^512, given its words in memory, times 2^256.
func (d *dictionary) stored(i int) (z fr.Element) {
	z = d.values[i]
	z.Mul(&z, &montgomeryOne)
	return z
}

// index of the coefficient with these words in the file.
func (d *dictionary) index(stored fr.Element) uint32 {
	if i, known := d.numbers[stored]; known {
		return i
	}
	i := uint32(len(d.values))
	d.numbers[stored] = i
	value := stored
	value.Mul(&value, &plainOne) // drops a factor of 2^256
	d.values = append(d.values, value)
	return i
}

var (
	modulus = func() (z fr.Element) {
		data := fr.Modulus().Bytes()
		for i := range z {
			z[i] = binary.BigEndian.Uint64(data[24-8*i:])
		}
		return z
	}()
	// plainOne has the words of 1: Montgomery's product with it divides by 2^256.
	plainOne = fr.Element{1}
	// montgomeryOne has the words of 2^512: Montgomery's product with it multiplies by 2^256.
	montgomeryOne = func() (z fr.Element) {
		z.SetString("115792089237316195423570985008687907853269984665640564039457584007913129639936") // 2^256
		return z
	}()
)
