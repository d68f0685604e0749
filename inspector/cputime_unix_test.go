//go:build unix

package inspector_test

import (
	"syscall"
	"time"
)

// cpuTime is the processor time that this process used: on a shared machine the
// wall clock says more of the others.
func cpuTime() time.Duration {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
