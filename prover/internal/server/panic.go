package server

import (
	"strings"

	"fairlead.dev/prover/internal/parallel"
)

// panicSite names the functions and lines of a recovered panic, and nothing else: a full trace prints arguments, and a panic's value may be
// an index, which may be of a witness.
func panicSite(value any) string {
	if part, ok := value.(*parallel.Panic); ok {
		return strings.Join(part.Sites, " < ")
	}
	return strings.Join(parallel.Sites(), " < ")
}
