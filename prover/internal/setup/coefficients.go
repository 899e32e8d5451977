package setup

import (
	"encoding/binary"

	"github.com/consensys/gnark-crypto/ecc/bn254/fr"

	"fairlead.dev/prover/internal/r1cs"
)

// coefficient is a constant of a constraint system.
type coefficient struct {
	element fr.Element
	// stored is the value times R², R = 2^256, little endian: how a .zkey has it.
	stored [fr.Bytes]byte
}

// coefficients keeps each distinct coefficient once: a circuit has a few thousand.
type coefficients map[[r1cs.ElementBytes]byte]*coefficient

func newCoefficients() coefficients { return make(coefficients) }

// at converts little-endian bytes that the parser has checked to be reduced.
func (c coefficients) at(bytes []byte) *coefficient {
	key := [r1cs.ElementBytes]byte(bytes)
	if found, ok := c[key]; ok {
		return found
	}
	element, err := fr.LittleEndian.Element(&key)
	if err != nil {
		panic("setup: " + err.Error()) // r1cs.Parse has refused it
	}
	made := convert(&element)
	c[key] = made
	return made
}

func convert(element *fr.Element) *coefficient {
	made := &coefficient{element: *element}
	// An element's words are its value times R; those of its product with R, whose words are R², are its value times R².
	var r, stored fr.Element
	for i, word := range fr.One() {
		r[i] = word // the words of 1 are R
	}
	stored.Mul(element, toMontgomery(&r))
	putWords(made.stored[:], stored)
	return made
}

// toMontgomery reads the words of e as a plain integer and gives the element of that value.
func toMontgomery(e *fr.Element) *fr.Element {
	var plain [fr.Bytes]byte
	putWords(plain[:], *e)
	element, err := fr.LittleEndian.Element(&plain)
	if err != nil {
		panic("setup: " + err.Error()) // words of an element are reduced
	}
	return &element
}

func putWords(out []byte, words [4]uint64) {
	for i, word := range words {
		binary.LittleEndian.PutUint64(out[8*i:], word)
	}
}
