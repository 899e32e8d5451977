package zkey_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"testing"

	"fairlead.dev/prover/internal/fixture"
	"fairlead.dev/prover/internal/groth16"
	"fairlead.dev/prover/internal/point"
	"fairlead.dev/prover/internal/wtns"
	"fairlead.dev/prover/internal/zkey"
)

func read(data []byte) (*groth16.Key, error) {
	key, _, err := zkey.Read(bytes.NewReader(data), int64(len(data)))
	return key, err
}

// section returns where a section's bytes begin and how many there are.
func section(t testing.TB, file []byte, id uint32) (at, size int) {
	t.Helper()
	for at := 12; at < len(file); {
		size := int(binary.LittleEndian.Uint64(file[at+4:]))
		if binary.LittleEndian.Uint32(file[at:]) == id {
			return at + 12, size
		}
		at += 12 + size
	}
	t.Fatalf("no section %d", id)
	return 0, 0
}

// reordered has the sections in the opposite order.
func reordered(file []byte) []byte {
	var sections [][]byte
	for at := 12; at < len(file); {
		end := at + 12 + int(binary.LittleEndian.Uint64(file[at+4:]))
		sections = append([][]byte{file[at:end]}, sections...)
		at = end
	}
	return append(bytes.Clone(file[:12]), bytes.Join(sections, nil)...)
}

func TestSectionsComeInAnyOrder(t *testing.T) {
	key, err := read(reordered(fixture.Read(t, fixture.Zkey)))
	if err != nil {
		t.Fatal(err)
	}
	witness, err := wtns.Parse(fixture.Read(t, fixture.Witness))
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := key.Prove(context.Background(), witness, nil); err != nil {
		t.Error(err)
	}
}

func TestInfinityIsDropped(t *testing.T) {
	key, err := read(fixture.Read(t, fixture.Zkey))
	if err != nil {
		t.Fatal(err)
	}
	if len(key.B.Wires) >= key.Wires || len(key.B.Wires) == 0 {
		t.Errorf("B has points for %d of %d wires", len(key.B.Wires), key.Wires)
	}
}

func TestReadRefuses(t *testing.T) {
	original := fixture.Read(t, fixture.Zkey)
	put32 := func(id uint32, offset int, value uint32) func([]byte) []byte {
		return func(file []byte) []byte {
			at, _ := section(t, file, id)
			binary.LittleEndian.PutUint32(file[at+offset:], value)
			return file
		}
	}
	for name, c := range map[string]struct {
		edit func([]byte) []byte
		want error
	}{
		"another protocol":             {put32(1, 0, 2), zkey.ErrZkey},
		"another base field":           {put32(2, 4, 1), zkey.ErrZkey},
		"another scalar field":         {put32(2, 40, 1), zkey.ErrZkey},
		"four thousand million wires":  {put32(2, 72, 1<<32-1), zkey.ErrZkey},
		"more public signals than IC":  {put32(2, 76, 2), zkey.ErrZkey},
		"more public signals than all": {put32(2, 76, 1<<32-1), zkey.ErrZkey},
		"a domain of 3":                {put32(2, 80, 3), zkey.ErrZkey},
		"a domain of 2^31":             {put32(2, 80, 1<<31), zkey.ErrZkey},
		"a domain of 0":                {put32(2, 80, 0), zkey.ErrZkey},
		"alpha off the curve":          {put32(2, 84, 1), point.ErrPoint},
		"A off the curve":              {put32(5, 0, 1), point.ErrPoint},
		"B off the curve in G2":        {put32(7, 128, 1), zkey.ErrZkey},
		"C off the curve":              {put32(8, 0, 1), point.ErrPoint},
		"H off the curve":              {put32(9, 0, 1), point.ErrPoint},
		"IC off the curve":             {put32(3, 0, 1), point.ErrPoint},
		"a coordinate not reduced":     {put32(5, 28, 1<<32-1), point.ErrPoint},
		"a million coefficients":       {put32(4, 0, 1e6), zkey.ErrZkey},
		"a third matrix":               {put32(4, 4, 2), zkey.ErrZkey},
		"a row behind the domain":      {put32(4, 8, 1<<20), zkey.ErrZkey},
		"a wire that is not":           {put32(4, 12, 1<<20), zkey.ErrZkey},
		"a coefficient not reduced":    {put32(4, 44, 1<<32-1), zkey.ErrZkey},
		"gamma for delta": {func(file []byte) []byte {
			at, _ := section(t, file, 2)
			copy(file[at+532:at+660], file[at+340:at+468])
			return file
		}, groth16.ErrVerifyingKey},
		"a byte too many": {func(file []byte) []byte { return append(file, 0) }, zkey.ErrZkey},
	} {
		if _, err := read(c.edit(bytes.Clone(original))); !errors.Is(err, c.want) || !errors.Is(err, zkey.ErrZkey) {
			t.Errorf("%s: got %v", name, err)
		}
	}
	for size := range original {
		if _, err := read(original[:size]); !errors.Is(err, zkey.ErrZkey) {
			t.Fatalf("cut to %d bytes: got %v", size, err)
		}
	}
}

// FuzzZkey expects that a key that was read can be used: whatever the witness, proving ends with a proof or an error.
func FuzzZkey(f *testing.F) {
	f.Add(fixture.Read(f, fixture.Zkey))
	f.Add(reordered(fixture.Read(f, fixture.Zkey)))
	f.Fuzz(func(t *testing.T, data []byte) {
		key, err := read(data)
		if err != nil {
			if !errors.Is(err, zkey.ErrZkey) {
				t.Error(err)
			}
			return
		}
		witness := make([]wtns.Scalar, key.Wires)
		witness[0] = wtns.Scalar{1}
		for i := 1; i < len(witness); i++ {
			witness[i] = wtns.Scalar{uint64(i), 5}
		}
		if _, _, err := key.Prove(context.Background(), witness, nil); err != nil && !errors.Is(err, groth16.ErrUnsatisfied) {
			t.Error(err)
		}
	})
}
