package server

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"fairlead.dev/prover/internal/cache"
	"fairlead.dev/prover/internal/groth16"
	"fairlead.dev/prover/internal/wtns"
	"fairlead.dev/prover/internal/zkey"
)

// Code says why a request failed. The set is closed.
type Code string

const (
	RequestInvalid     Code = "REQUEST_INVALID"     // not a request of this protocol, or its id is in use
	CircuitUnknown     Code = "CIRCUIT_UNKNOWN"     // no key was loaded under this name
	ZkeyInvalid        Code = "ZKEY_INVALID"        // unreadable or malformed, or a point is outside its group
	CacheInvalid       Code = "CACHE_INVALID"       // the path cannot be a cache's
	KeyMismatch        Code = "KEY_MISMATCH"        // the zkey does not have the SHA-256 of the request
	WitnessInvalid     Code = "WITNESS_INVALID"     // malformed, or of another circuit
	WitnessUnsatisfied Code = "WITNESS_UNSATISFIED" // does not satisfy the circuit
	ProofCancelled     Code = "PROOF_CANCELLED"     // its client asked for that, or is gone
	ProverBusy         Code = "PROVER_BUSY"         // too many requests wait, or too many keys are loaded
	Internal           Code = "INTERNAL"            // a bug
)

// Codes lists the set.
var Codes = []Code{
	RequestInvalid, CircuitUnknown, ZkeyInvalid, CacheInvalid, KeyMismatch, WitnessInvalid, WitnessUnsatisfied, ProofCancelled, ProverBusy, Internal,
}

// failure is an error with its code. Its message has no value of a witness.
type failure struct {
	code Code
	err  error
}

func (f *failure) Error() string { return f.err.Error() }
func (f *failure) Unwrap() error { return f.err }

func failf(code Code, format string, args ...any) *failure {
	return &failure{code, fmt.Errorf(format, args...)}
}

// codeOf gives an error its code.
func codeOf(err error) Code {
	var f *failure
	switch {
	case errors.As(err, &f):
		return f.code
	case errors.Is(err, context.Canceled):
		return ProofCancelled
	case errors.Is(err, cache.ErrMismatch):
		return KeyMismatch
	case errors.Is(err, zkey.ErrZkey), errors.Is(err, groth16.ErrKey):
		return ZkeyInvalid
	case errors.Is(err, wtns.ErrWitness):
		return WitnessInvalid
	case errors.Is(err, groth16.ErrUnsatisfied):
		return WitnessUnsatisfied
	case errors.Is(err, groth16.ErrVerifyingKey):
		return RequestInvalid
	default:
		return Internal
	}
}

// maxID is the largest number that JavaScript counts to.
const maxID = 1<<53 - 1

// request is any request's head; which fields it may have depends on Op.
type request struct {
	ID      uint64          `json:"id"`
	Op      string          `json:"op"`
	Circuit string          `json:"circuit,omitempty"`
	Zkey    string          `json:"zkey,omitempty"`
	SHA256  string          `json:"sha256,omitempty"`
	Cache   string          `json:"cache,omitempty"`
	Vkey    json.RawMessage `json:"vkey,omitempty"`
	Items   []groth16.Item  `json:"items,omitempty"`
	Target  uint64          `json:"target,omitempty"`
}

// parseRequest returns the request, with its id even if the rest is wrong, as far as there is one.
func parseRequest(head []byte) (*request, error) {
	var r request
	decoder := json.NewDecoder(bytes.NewReader(head))
	decoder.DisallowUnknownFields()
	err := decoder.Decode(&r)
	if err == nil {
		if _, more := decoder.Token(); more != io.EOF {
			err = errors.New("more than one JSON value")
		}
	}
	if err != nil {
		var only struct {
			ID uint64 `json:"id"`
		}
		if json.Unmarshal(head, &only) != nil || only.ID > maxID {
			only.ID = 0
		}
		return &request{ID: only.ID}, failf(RequestInvalid, "head: %w", err)
	}
	if r.ID == 0 || r.ID > maxID {
		return &request{}, failf(RequestInvalid, "id is not a positive integer below 2^53")
	}
	return &r, nil
}

type answer struct {
	ID      uint64 `json:"id"`
	OK      bool   `json:"ok"`
	Code    Code   `json:"code,omitempty"`
	Message string `json:"message,omitempty"`
}

type progressEvent struct {
	ID    uint64  `json:"id"`
	Event string  `json:"event"`
	Done  float64 `json:"done"`
}

type loadAnswer struct {
	answer
	Wires   int     `json:"wires"`
	Publics int     `json:"publics"`
	Domain  int     `json:"domain"`
	Source  string  `json:"source"` // "cache", "zkey", or "memory" if it was loaded already
	LoadMs  float64 `json:"loadMs"`
	// Warning says why the cache could not be written.
	Warning string `json:"warning,omitempty"`
}

type proveAnswer struct {
	answer
	Proof   *groth16.Proof  `json:"proof"`
	Publics groth16.Publics `json:"publicSignals"`
	ProveMs float64         `json:"proveMs"`
}

type verifyAnswer struct {
	answer
	Valid    bool    `json:"valid"`
	Bad      []int   `json:"bad,omitempty"`
	VerifyMs float64 `json:"verifyMs"`
}
