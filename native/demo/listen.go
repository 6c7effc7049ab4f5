package demo

import (
	"io"
	"net"

	"github.com/hashicorp/go-hclog"
)

// newListenLogger returns a logger for the LDAP server that writes nowhere and
// sends the address that the server listens on to addr. That log line is the only
// place where the server names the port that the system picked.
//
// The level is Info, for below it the server formats every packet.
func newListenLogger(addr chan<- string) hclog.Logger {
	logger := hclog.NewInterceptLogger(&hclog.LoggerOptions{Level: hclog.Info, Output: io.Discard})
	logger.RegisterSink(&listenSink{addr: addr})
	return logger
}

// listenSink picks the listener's address out of the log.
type listenSink struct {
	addr chan<- string
}

var _ hclog.SinkAdapter = (*listenSink)(nil)

// Accept implements [hclog.SinkAdapter]; args are names and values in turn.
func (s *listenSink) Accept(_ string, _ hclog.Level, msg string, args ...any) {
	if msg != "listening" {
		return
	}
	for i := 0; i+1 < len(args); i += 2 {
		addr, ok := args[i+1].(net.Addr)
		if !ok || args[i] != "addr" {
			continue
		}
		select {
		case s.addr <- addr.String():
		default:
			// Start takes the first address only.
		}
	}
}
