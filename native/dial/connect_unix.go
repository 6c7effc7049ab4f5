//go:build unix

package dial

import "syscall"

// reuseAddress lets several connections have the same local port, each to
// another address: those that race, and one soon after another (TIME_WAIT).
func reuseAddress(_, _ string, c syscall.RawConn) error {
	var failed error
	err := c.Control(func(fd uintptr) {
		failed = syscall.SetsockoptInt(int(fd), syscall.SOL_SOCKET, syscall.SO_REUSEADDR, 1)
	})
	if err != nil {
		return err
	}
	return failed
}
