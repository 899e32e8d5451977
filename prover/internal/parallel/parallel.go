// Package parallel runs work on all cores such that a panic of any part reaches the caller, where it can be recovered.
package parallel

import (
	"fmt"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
)

// Panic is what [Do] and [Range] panic with when a part did.
type Panic struct {
	Value any
	Sites []string // where, see [Sites]
}

// Error has the value, which may be of a witness: log [Site] instead.
func (p *Panic) Error() string { return fmt.Sprintf("panic: %v", p.Value) }

// Site names the functions and lines of a recovered panic, and nothing else: a full trace prints arguments, and a panic's value may be an index,
// and both may be of a witness. Call it in the deferred function.
func Site(value any) string {
	if part, ok := value.(*Panic); ok {
		return strings.Join(part.Sites, " < ")
	}
	return strings.Join(Sites(), " < ")
}

// Sites names the functions and lines of the callers, innermost first, without their arguments.
func Sites() []string {
	counters := make([]uintptr, 16)
	frames := runtime.CallersFrames(counters[:runtime.Callers(3, counters)])
	var sites []string
	for {
		frame, more := frames.Next()
		sites = append(sites, fmt.Sprintf("%s:%d", frame.Function, frame.Line))
		if !more {
			return sites
		}
	}
}

// Do runs the parts at once and waits for all of them.
func Do(parts ...func()) {
	var wait sync.WaitGroup
	var failed atomic.Pointer[Panic]
	for _, part := range parts[1:] {
		wait.Go(func() { guard(part, &failed) })
	}
	guard(parts[0], &failed)
	wait.Wait()
	if p := failed.Load(); p != nil {
		panic(p)
	}
}

func guard(part func(), failed *atomic.Pointer[Panic]) {
	defer func() {
		if value := recover(); value != nil {
			if p, nested := value.(*Panic); nested {
				failed.Store(p)
				return
			}
			failed.Store(&Panic{value, Sites()})
		}
	}()
	part()
}

// Range splits [0, n) into as many even pieces as there are threads, at most one an element, and runs them at once.
func Range(n int, piece func(from, to int)) {
	workers := max(1, min(runtime.GOMAXPROCS(0), n))
	parts := make([]func(), workers)
	for i := range parts {
		parts[i] = func() { piece(i*n/workers, (i+1)*n/workers) }
	}
	Do(parts...)
}

// Each runs task(0) … task(n-1), each thread taking the next as it becomes free, in ascending order.
func Each(n int, task func(i int)) {
	workers := max(1, min(runtime.GOMAXPROCS(0), n))
	var next atomic.Int64
	parts := make([]func(), workers)
	for i := range parts {
		parts[i] = func() {
			for at := int(next.Add(1)) - 1; at < n; at = int(next.Add(1)) - 1 {
				task(at)
			}
		}
	}
	Do(parts...)
}
