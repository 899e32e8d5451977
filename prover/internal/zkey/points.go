package zkey

import (
	"fmt"
	"io"

	"github.com/consensys/gnark-crypto/ecc/bn254"

	"fairlead.dev/prover/internal/groth16"
	"fairlead.dev/prover/internal/parallel"
	"fairlead.dev/prover/internal/point"
)

func (h *Head) readKey() (*groth16.Key, error) {
	key := &groth16.Key{Wires: h.Wires, LogDomain: h.LogDomain, Verifying: h.Verifying}
	if err := h.checkSizes(); err != nil {
		return nil, err
	}
	var err error
	if key.Coefficients, key.MatrixA, key.MatrixB, err = h.readMatrices(); err != nil {
		return nil, err
	}
	if key.A, err = h.readG1(sectionA, 0, h.Wires); err != nil {
		return nil, fmt.Errorf("A: %w", err)
	}
	if key.B, err = h.readB2(); err != nil {
		return nil, fmt.Errorf("B in G2: %w", err)
	}
	private := h.Verifying.Publics() + 1
	c, err := h.readG1(sectionC, private, h.Wires-private)
	if err != nil {
		return nil, fmt.Errorf("C: %w", err)
	}
	quotient, err := h.readH()
	if err != nil {
		return nil, fmt.Errorf("H: %w", err)
	}
	key.CH = append(c.Points, quotient...)
	key.C = groth16.Points{Wires: c.Wires, Points: key.CH[:len(c.Points)]}
	return key, key.Check()
}

// checkSizes compares the sections' sizes with the header's counts before anything is allocated for them.
func (h *Head) checkSizes() error {
	private := h.Verifying.Publics() + 1
	for section, size := range map[uint32]int64{
		sectionA: int64(h.Wires) * point.G1Bytes, sectionB1: int64(h.Wires) * point.G1Bytes, sectionB2: int64(h.Wires) * point.G2Bytes,
		sectionC: int64(h.Wires-private) * point.G1Bytes, sectionH: point.G1Bytes << h.LogDomain,
	} {
		if _, err := h.file.Exactly(section, size); err != nil {
			return err
		}
	}
	return nil
}

// readG1 reads count points of G1 for consecutive wires and drops those at infinity.
func (h *Head) readG1(section uint32, firstWire, count int) (kept groth16.Points, err error) {
	reader, err := h.file.Exactly(section, int64(count)*point.G1Bytes)
	if err != nil {
		return kept, err
	}
	points, err := stream(reader, count, point.G1Bytes, point.G1)
	if err != nil {
		return kept, err
	}
	for i := range points {
		if !points[i].IsInfinity() {
			kept.Wires = append(kept.Wires, uint32(firstWire+i))
			kept.Points = append(kept.Points, points[i])
		}
	}
	return kept, nil
}

// readB2 reads the points of G2 and drops those at infinity.
func (h *Head) readB2() (kept groth16.Points2, err error) {
	reader, err := h.file.Exactly(sectionB2, int64(h.Wires)*point.G2Bytes)
	if err != nil {
		return kept, err
	}
	points, err := stream(reader, h.Wires, point.G2Bytes, point.G2)
	if err != nil {
		return kept, err
	}
	for i := range points {
		if !points[i].IsInfinity() {
			kept.Wires = append(kept.Wires, uint32(i))
			kept.Points = append(kept.Points, points[i])
		}
	}
	return kept, nil
}

func (h *Head) readH() ([]bn254.G1Affine, error) {
	size := 1 << h.LogDomain
	reader, err := h.file.Exactly(sectionH, int64(size)*point.G1Bytes)
	if err != nil {
		return nil, err
	}
	return stream(reader, size, point.G1Bytes, point.G1)
}

// stream reads and checks count points of size bytes each, on all cores. The section's size has been checked, so count is bounded by the file.
func stream[P any](reader io.Reader, count, size int, parse func([]byte) (P, error)) ([]P, error) {
	points := make([]P, count)
	chunk := make([]byte, min(count*size, bufferBytes/size*size))
	for first := 0; first < count; {
		n := min(len(chunk)/size, count-first)
		if _, err := io.ReadFull(reader, chunk[:n*size]); err != nil {
			return nil, err
		}
		failures := make([]error, n)
		parallel.Range(n, func(from, to int) {
			for i := from; i < to; i++ {
				points[first+i], failures[i] = parse(chunk[i*size:])
			}
		})
		for i, err := range failures {
			if err != nil {
				return nil, fmt.Errorf("point %d: %w", first+i, err)
			}
		}
		first += n
	}
	return points, nil
}
