//go:build !js

package main

import (
	"syscall"
	"time"
)

// used returns the time of the processor that this process has used, the
// collector's included.
func used() time.Duration {
	var u syscall.Rusage
	syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
