package cache

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"fairlead.dev/prover/internal/groth16"
	"fairlead.dev/prover/internal/parallel"
	"fairlead.dev/prover/internal/zkey"
)

// ErrMismatch is wrapped when a .zkey does not have the SHA-256 that it should have.
var ErrMismatch = errors.New("the zkey is not the expected one")

// Loaded is a key and where it came from.
type Loaded struct {
	Key *groth16.Key
	// FromCache is false when the .zkey was parsed.
	FromCache bool
	// Unwritten says why the parsed key could not be kept; the key is good nevertheless.
	Unwritten error
}

// Open returns the key of a .zkey. It takes the cache at cachePath if that is intact and of this very .zkey, and else parses the .zkey and
// writes the cache, atomically. An empty cachePath means no cache.
//
// With want, the SHA-256 that the .zkey must have, a cache that was made from a .zkey with that SHA-256 is good; [ErrMismatch] is wrapped when
// there is none and the .zkey has another. Without, the cache must be of a .zkey of the same size and time of change and with the same sections 2 and 3.
func Open(zkeyPath, cachePath string, want *[sha256.Size]byte) (*Loaded, error) {
	file, info, err := openRegular(zkeyPath)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", zkey.ErrZkey, err)
	}
	defer file.Close()
	origin := &Origin{Size: info.Size(), Changed: info.ModTime().UnixNano()}
	if cachePath != "" {
		if key := fromCache(cachePath, file, origin, want); key != nil {
			return &Loaded{Key: key, FromCache: true}, nil
		}
	}
	key, head, err := parse(file, origin, want)
	if err != nil {
		return nil, err
	}
	if cachePath == "" {
		return &Loaded{Key: key}, nil
	}
	origin.Head = head.Digest
	return &Loaded{Key: key, Unwritten: write(cachePath, Encode(key, origin))}, nil
}

// openRegular opens a file that is no pipe, device or folder, on which reading could wait or never end.
func openRegular(path string) (*os.File, os.FileInfo, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, nil, fmt.Errorf("%s is not a regular file", path)
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, nil, err
	}
	if info, err = file.Stat(); err != nil {
		file.Close()
		return nil, nil, err
	}
	return file, info, nil
}

// fromCache returns nil when there is no cache that will do.
func fromCache(path string, zkeyFile *os.File, origin *Origin, want *[sha256.Size]byte) *groth16.Key {
	file, info, err := openRegular(path)
	if err != nil {
		return nil
	}
	defer file.Close()
	key, from, err := Read(file, info.Size())
	if err != nil {
		return nil
	}
	if want != nil {
		if from.SHA256 != *want {
			return nil
		}
		return key
	}
	if from.Size != origin.Size || from.Changed != origin.Changed {
		return nil
	}
	if head, err := zkey.ReadHead(zkeyFile, origin.Size); err != nil || head.Digest != from.Head {
		return nil
	}
	return key
}

// parse reads the .zkey, and at the same time takes its SHA-256, into origin.
func parse(file *os.File, origin *Origin, want *[sha256.Size]byte) (key *groth16.Key, head *zkey.Head, err error) {
	var hashErr error
	parallel.Do(
		func() { key, head, err = zkey.Read(file, origin.Size) },
		func() {
			hash := sha256.New()
			_, hashErr = io.Copy(hash, io.NewSectionReader(file, 0, origin.Size))
			hash.Sum(origin.SHA256[:0])
		},
	)
	if hashErr != nil {
		return nil, nil, fmt.Errorf("%w: %w", zkey.ErrZkey, hashErr)
	}
	if want != nil && origin.SHA256 != *want {
		return nil, nil, fmt.Errorf("SHA-256 is %x: %w", origin.SHA256, ErrMismatch)
	}
	return key, head, err
}

// write puts a file in its place at once, so that nobody ever reads a half of it.
func write(path string, data []byte) error {
	file, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*.tmp")
	if err != nil {
		return err
	}
	defer os.Remove(file.Name()) // does nothing after the renaming
	_, err = file.Write(data)
	if err == nil {
		err = file.Sync()
	}
	if closeErr := file.Close(); err == nil {
		err = closeErr
	}
	if err != nil {
		return err
	}
	return os.Rename(file.Name(), path)
}
