package cache

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"fairlead.dev/prover/internal/fixture"
	"fairlead.dev/prover/internal/groth16"
	"fairlead.dev/prover/internal/wtns"
	"fairlead.dev/prover/internal/zkey"
)

// fixed is a time of change.
var fixed = time.Unix(1_700_000_000, 0)

func copyOfZkey(t testing.TB) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "circuit.zkey")
	if err := os.WriteFile(path, fixture.Read(t, fixture.Zkey), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

func open(t testing.TB, zkeyPath, cachePath string, want *[sha256.Size]byte) *Loaded {
	t.Helper()
	loaded, err := Open(zkeyPath, cachePath, want)
	if err != nil {
		t.Fatal(err)
	}
	witness, err := wtns.Parse(fixture.Read(t, fixture.Witness))
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := loaded.Key.Prove(context.Background(), witness, nil); err != nil {
		t.Fatalf("the key does not prove: %v", err)
	}
	return loaded
}

func TestCacheIsWrittenOnceAndUsedAfterwards(t *testing.T) {
	path := copyOfZkey(t)
	sum := sha256.Sum256(fixture.Read(t, fixture.Zkey))
	for _, want := range []*[sha256.Size]byte{nil, &sum} {
		cachePath := filepath.Join(t.TempDir(), "cache")
		if open(t, path, cachePath, want).FromCache {
			t.Error("used a cache that was not there")
		}
		if !open(t, path, cachePath, want).FromCache {
			t.Error("did not use the cache")
		}
		entries, err := os.ReadDir(filepath.Dir(cachePath))
		if err != nil || len(entries) != 1 {
			t.Errorf("left more than the cache: %v, %v", entries, err)
		}
	}
	if open(t, path, "", nil).FromCache {
		t.Error("used a cache although there is none")
	}
}

func TestDamagedCacheIsMadeAgain(t *testing.T) {
	path := copyOfZkey(t)
	cachePath := path + ".cache"
	open(t, path, cachePath, nil)
	good, err := os.ReadFile(cachePath)
	if err != nil {
		t.Fatal(err)
	}
	for at := 0; at < len(good); at += 61 {
		bad := bytes.Clone(good)
		bad[at] ^= 0x40
		if err := os.WriteFile(cachePath, bad, 0o644); err != nil {
			t.Fatal(err)
		}
		if _, _, err := Read(bytes.NewReader(bad), int64(len(bad))); !errors.Is(err, ErrCache) {
			t.Fatalf("byte %d changed: got %v", at, err)
		}
	}
	if open(t, path, cachePath, nil).FromCache {
		t.Error("used a damaged cache")
	}
	if again, err := os.ReadFile(cachePath); err != nil || !bytes.Equal(again, good) {
		t.Error("the cache was not made again")
	}
	for size := range good {
		if _, _, err := Read(bytes.NewReader(good[:size]), int64(size)); !errors.Is(err, ErrCache) {
			t.Fatalf("cut to %d bytes: got %v", size, err)
		}
	}
}

func TestCacheOfAnotherKeyIsNotUsed(t *testing.T) {
	path := copyOfZkey(t)
	cachePath := path + ".cache"
	open(t, path, cachePath, nil)
	other := [sha256.Size]byte{1}
	if _, err := Open(path, cachePath, &other); !errors.Is(err, ErrMismatch) {
		t.Errorf("another SHA-256: got %v", err)
	}
	// The same bytes written later may be another key with the same size: without its SHA-256, it is read again.
	if err := os.Chtimes(path, fixed, fixed); err != nil {
		t.Fatal(err)
	}
	if open(t, path, cachePath, nil).FromCache {
		t.Error("used the cache of an older file")
	}
	// A key whose delta differs, with size and time of the old one.
	changed := fixture.Read(t, fixture.Zkey)
	copyPoint(t, changed)
	if err := os.WriteFile(path, changed, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Chtimes(path, fixed, fixed); err != nil {
		t.Fatal(err)
	}
	loaded, err := Open(path, cachePath, nil)
	if err == nil && loaded.FromCache {
		t.Error("used the cache of another key")
	}
}

func TestCacheThatCannotBeWrittenCostsNothingElse(t *testing.T) {
	loaded := open(t, copyOfZkey(t), filepath.Join(t.TempDir(), "missing", "cache"), nil)
	if loaded.Unwritten == nil {
		t.Error("said nothing")
	}
	if loaded := open(t, copyOfZkey(t), t.TempDir(), nil); loaded.Unwritten == nil {
		t.Error("wrote over a folder")
	}
}

func TestMissingAndMalformedZkeys(t *testing.T) {
	if _, err := Open(filepath.Join(t.TempDir(), "none"), "", nil); !errors.Is(err, zkey.ErrZkey) || !errors.Is(err, os.ErrNotExist) {
		t.Errorf("missing: got %v", err)
	}
	path := copyOfZkey(t)
	if err := os.Truncate(path, 100); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(path, path+".cache", nil); !errors.Is(err, zkey.ErrZkey) {
		t.Errorf("cut short: got %v", err)
	}
	if _, err := os.Stat(path + ".cache"); !errors.Is(err, os.ErrNotExist) {
		t.Error("made a cache of it")
	}
}

// FuzzCache gives every input a good checksum, so that what lies behind it is tested: a key that is read can be used.
func FuzzCache(f *testing.F) {
	data := fixture.Read(f, fixture.Zkey)
	key, head, err := zkey.Read(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(Encode(key, &Origin{Size: int64(len(data)), Head: head.Digest}))
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) >= headBytes {
			sum := checksum(data)
			copy(data[checksumFrom:], sum[:])
		}
		key, _, err := Read(bytes.NewReader(data), int64(len(data)))
		if err != nil {
			if !errors.Is(err, ErrCache) {
				t.Error(err)
			}
			return
		}
		if key.Wires > 1<<16 {
			return // nothing in a cache bounds it, as points at infinity are gone; a witness has to be as long, and costs this test its time
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

// copyPoint puts beta2 in delta2's place in a .zkey.
func copyPoint(t testing.TB, file []byte) {
	t.Helper()
	for at := 12; at < len(file); at += 12 + int(binary.LittleEndian.Uint64(file[at+4:])) {
		if binary.LittleEndian.Uint32(file[at:]) == 2 {
			header := file[at+12:]
			copy(header[532:660], header[212:340])
			return
		}
	}
	t.Fatal("no header")
}
