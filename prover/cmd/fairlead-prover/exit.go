package main

import (
	"context"
	"errors"
)

// exitCode of a command that returned err.
func exitCode(err error) int {
	switch {
	case err == nil:
		return exitDone
	case errors.Is(err, errRefused):
		return exitRefused
	case errors.Is(err, errInternal):
		return exitInternal
	case errors.Is(err, context.Canceled):
		return exitInterrupted
	default:
		return exitInvalid
	}
}
