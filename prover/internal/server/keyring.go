package server

import (
	"context"
	"crypto/sha256"
	"sync"

	"fairlead.dev/prover/internal/groth16"
)

// keyring holds the loaded keys by circuit.
type keyring struct {
	limit   int
	mutex   sync.Mutex
	entries map[string]*entry
}

// entry is a key that is being loaded, until ready is closed, or loaded, or has failed to.
type entry struct {
	sum   [sha256.Size]byte
	ready chan struct{}
	key   *groth16.Key
	err   error
}

// claim returns the entry of a circuit for a .zkey with this SHA-256 and whether the caller has to load it. Another key under the same name
// is replaced. It returns nil when the ring is full.
func (k *keyring) claim(circuit string, sum [sha256.Size]byte) (e *entry, mine bool) {
	k.mutex.Lock()
	defer k.mutex.Unlock()
	old, known := k.entries[circuit]
	if known && old.sum == sum && !old.failed() {
		return old, false
	}
	if !known && len(k.entries) >= k.limit {
		return nil, false
	}
	if k.entries == nil {
		k.entries = map[string]*entry{}
	}
	e = &entry{sum: sum, ready: make(chan struct{})}
	k.entries[circuit] = e
	return e, true
}

// settle ends an entry's loading; a failed one leaves the ring.
func (k *keyring) settle(circuit string, e *entry, key *groth16.Key, err error) {
	k.mutex.Lock()
	defer k.mutex.Unlock()
	e.key, e.err = key, err
	close(e.ready)
	if err != nil && k.entries[circuit] == e {
		delete(k.entries, circuit)
	}
}

func (k *keyring) find(circuit string) *entry {
	k.mutex.Lock()
	defer k.mutex.Unlock()
	return k.entries[circuit]
}

func (e *entry) failed() bool {
	select {
	case <-e.ready:
		return e.err != nil
	default:
		return false
	}
}

// loaded returns the key if it is there now.
func (e *entry) loaded() *groth16.Key {
	select {
	case <-e.ready:
		return e.key
	default:
		return nil
	}
}

// wait for the key.
func (e *entry) wait(ctx context.Context) (*groth16.Key, error) {
	select {
	case <-e.ready:
		if e.err != nil {
			return nil, failf(CircuitUnknown, "its key could not be loaded")
		}
		return e.key, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}
