//go:build !unix

package posture

import (
	"errors"
	"os"
)

// lockFile has no lock to offer on this system: a journal in a file would have
// no single writer, so there is none.
func lockFile(*os.File) error { return errors.New("file locks are not supported on this system") }
