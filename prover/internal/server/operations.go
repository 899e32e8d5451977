package server

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"path/filepath"
	"sync/atomic"
	"time"

	"fairlead.dev/prover/internal/cache"
	"fairlead.dev/prover/internal/groth16"
	"fairlead.dev/prover/internal/version"
	"fairlead.dev/prover/internal/wtns"
)

func (s *Server) planLoad(r *request) (func(context.Context) (any, error), error) {
	sum, err := hex.DecodeString(r.SHA256)
	if err != nil || len(sum) != sha256.Size {
		return nil, failf(RequestInvalid, "sha256 is not 64 hexadecimal digits")
	}
	if r.Circuit == "" || !filepath.IsAbs(r.Zkey) {
		return nil, failf(RequestInvalid, "load needs a circuit and the absolute path of its zkey")
	}
	if r.Cache != "" && (!filepath.IsAbs(r.Cache) || filepath.Clean(r.Cache) == filepath.Clean(r.Zkey)) {
		return nil, failf(CacheInvalid, "the cache's path is not absolute, or is the zkey's")
	}
	want := [sha256.Size]byte(sum)
	return func(ctx context.Context) (any, error) {
		started := time.Now()
		e, mine := s.keys.claim(r.Circuit, want)
		if e == nil {
			return nil, failf(ProverBusy, "%d keys are loaded, no more are allowed", s.options.Keys)
		}
		source, warning := "memory", ""
		if mine {
			loaded, err := s.load(r, &want, e)
			if err != nil {
				return nil, err
			}
			source = map[bool]string{true: "cache", false: "zkey"}[loaded.FromCache]
			if loaded.Unwritten != nil {
				warning = loaded.Unwritten.Error()
			}
		}
		key, err := e.wait(ctx)
		if err != nil {
			return nil, err
		}
		return loadAnswer{
			answer: answer{ID: r.ID, OK: true}, Wires: key.Wires, Publics: key.Verifying.Publics(), Domain: 1 << key.LogDomain,
			Source: source, LoadMs: milliseconds(started), Warning: warning,
		}, nil
	}, nil
}

// load fills a claimed entry, even if it panics.
func (s *Server) load(r *request, want *[sha256.Size]byte, e *entry) (loaded *cache.Loaded, err error) {
	err = failf(Internal, "internal error")
	defer func() {
		var key *groth16.Key
		if err == nil {
			key = loaded.Key
		}
		s.keys.settle(r.Circuit, e, key, err)
	}()
	loaded, err = cache.Open(r.Zkey, r.Cache, want)
	if err == nil {
		loaded.Key.Warm()
	}
	return loaded, err
}

// hold makes proofs wait, in tests of what happens meanwhile.
var hold atomic.Pointer[chan struct{}]

// slack is how much larger than circom writes it a witness file may be, for sections that nobody reads.
const slack = 4096

func (s *Server) checkProve(r *request, size int64) error {
	e := s.keys.find(r.Circuit)
	if e == nil {
		return failf(CircuitUnknown, "no key was loaded for %q", r.Circuit)
	}
	if key := e.loaded(); key != nil && size > key.WitnessBytes()+slack {
		return failf(WitnessInvalid, "%d bytes, want %d", size, key.WitnessBytes())
	}
	return nil
}

func (s *Server) prove(r *request, body []byte) func(context.Context) (any, error) {
	return func(ctx context.Context) (any, error) {
		e := s.keys.find(r.Circuit)
		if e == nil {
			return nil, failf(CircuitUnknown, "no key is loaded for %q", r.Circuit)
		}
		key, err := e.wait(ctx)
		if err != nil {
			return nil, err
		}
		if gate := hold.Load(); gate != nil {
			<-*gate
		}
		started := time.Now()
		witness, err := wtns.Parse(body)
		if err != nil {
			return nil, err
		}
		proof, publics, err := key.Prove(ctx, witness, func(done float64) {
			s.write(progressEvent{ID: r.ID, Event: "progress", Done: done})
		})
		if err != nil {
			return nil, err
		}
		return proveAnswer{answer: answer{ID: r.ID, OK: true}, Proof: proof, Publics: publics, ProveMs: milliseconds(started)}, nil
	}
}

func (s *Server) planVerify(r *request) (func(context.Context) (any, error), error) {
	if (r.Circuit == "") == (r.Vkey == nil) {
		return nil, failf(RequestInvalid, "verify needs a circuit or a vkey, not both")
	}
	if len(r.Items) == 0 {
		return nil, failf(RequestInvalid, "verify needs items")
	}
	return func(ctx context.Context) (any, error) {
		started := time.Now()
		key, err := s.verifyingKey(ctx, r)
		if err != nil {
			return nil, err
		}
		bad := key.VerifyItems(r.Items)
		return verifyAnswer{answer: answer{ID: r.ID, OK: true}, Valid: len(bad) == 0, Bad: bad, VerifyMs: milliseconds(started)}, nil
	}, nil
}

func (s *Server) verifyingKey(ctx context.Context, r *request) (*groth16.VerifyingKey, error) {
	if r.Vkey != nil {
		return groth16.ParseVerifyingKey(r.Vkey)
	}
	e := s.keys.find(r.Circuit)
	if e == nil {
		return nil, failf(CircuitUnknown, "no key was loaded for %q", r.Circuit)
	}
	key, err := e.wait(ctx)
	if err != nil {
		return nil, err
	}
	return key.Verifying, nil
}

// Protocol is the version of what is spoken here.
const Protocol = 1

func versionAnswer(id uint64) any {
	return struct {
		answer
		version.Info
		Protocol int `json:"protocol"`
	}{answer{ID: id, OK: true}, version.Get(), Protocol}
}
