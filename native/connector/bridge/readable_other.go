//go:build !unix

package bridge

import "net"

// waitReadable returns at once: reading waits.
func waitReadable(net.Conn) error { return nil }
