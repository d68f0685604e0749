//go:build unix

package posture

import (
	"os"
	"syscall"
)

// lockFile takes the file for this process; the lock ends with the file's being
// closed, by a crash too.
func lockFile(f *os.File) error { return syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) }
