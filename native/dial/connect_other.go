//go:build !unix

package dial

import "syscall"

// reuseAddress does nothing: elsewhere the option lets others take a port that
// is in use.
func reuseAddress(_, _ string, _ syscall.RawConn) error { return nil }
