package ldap

import (
	"context"
	"errors"
	"io"
	"sync"
	"testing"

	ber "github.com/go-asn1-ber/asn1-ber"

	"github.com/ldapedge/ldapedge/server"
)

// peers is a dialer and a source of servers that the test writes: one for each
// dialling, the last one for all that follow; nil refuses.
type peers struct {
	serve []func(io.ReadWriteCloser)
	// leave, if set, is that of the first use.
	leave chan struct{}
	// url is the server's. Default: ldap://peer.
	url string

	mu     sync.Mutex
	dialed int
	open   int     // streams that the client has not closed
	failed []error // what the source was told
	closed int     // uses that are closed
}

var errRefused = errors.New("connection refused")

func (p *peers) Dial(ctx context.Context, _ *server.Server) (io.ReadWriteCloser, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	serve := p.serve[min(p.dialed, len(p.serve)-1)]
	p.dialed++
	if serve == nil {
		return nil, errRefused
	}
	clientIn, serverOut := io.Pipe()
	serverIn, clientOut := io.Pipe()
	p.open++
	near := pipe{clientIn, clientOut, sync.OnceFunc(func() {
		clientIn.Close()
		clientOut.Close()
		p.mu.Lock()
		p.open--
		p.mu.Unlock()
	})}
	far := pipe{serverIn, serverOut, func() { serverIn.Close(); serverOut.Close() }}
	go func() {
		defer far.Close()
		serve(far)
	}()
	return near, nil
}

func (p *peers) Open(ctx context.Context, try server.Try) (*server.Use, error) {
	url := p.url
	if url == "" {
		url = "ldap://peer"
	}
	s, err := server.New(url, &server.Options{GetInfo: server.InfoNone})
	if err != nil {
		return nil, err
	}
	if err := try(ctx, s); err != nil {
		cause, _ := server.IsFinal(err)
		return nil, cause
	}
	p.mu.Lock()
	leave := p.leave
	p.leave = nil
	p.mu.Unlock()
	return server.NewUse(s, leave,
		func(err error) { p.mu.Lock(); p.failed = append(p.failed, err); p.mu.Unlock() },
		func() { p.mu.Lock(); p.closed++; p.mu.Unlock() }), nil
}

// blamed returns what the source was told, and dials how often was dialled.
func (p *peers) blamed() []error { p.mu.Lock(); defer p.mu.Unlock(); return p.failed }
func (p *peers) dials() int      { p.mu.Lock(); defer p.mu.Unlock(); return p.dialed }

// answering serves requests with an answer each; false closes the stream.
func answering(answer func(w io.Writer, id int64, op *ber.Packet) bool) func(io.ReadWriteCloser) {
	return func(stream io.ReadWriteCloser) {
		for {
			p, err := ber.ReadPacket(stream)
			if err != nil || !answer(stream, p.Children[0].Value.(int64), p.Children[1]) {
				return
			}
		}
	}
}

// connected opens a connection through the peers.
func connected(t *testing.T, p *peers, o *Options) *Connection {
	t.Helper()
	c := NewConnection(p, p, o)
	if err := c.Open(t.Context()); err != nil {
		t.Fatal(err)
	}
	return c
}

// finals are the tags of the responses to requests, by the requests' own.
var finals = map[ber.Tag]byte{0: 0x61, 3: 0x65, 6: 0x67, 8: 0x69, 10: 0x6b, 12: 0x6d, 14: 0x6f, 23: 0x78}

// succeed answers any request but an unbind and an abandon with success.
func succeed(w io.Writer, id int64, op *ber.Packet) bool {
	if tag, ok := finals[op.Tag]; ok {
		reply(w, id, result(tag, 0, ""))
	}
	return true
}
