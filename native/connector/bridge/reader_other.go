//go:build !unix

package bridge

import "net"

// readWhenReadable is for nothing here.
func readWhenReadable(*reader, net.Conn) func() (int, error) { return nil }
