//go:build js && wasm

package main

import (
	"context"
	"fmt"
	"io"
	"strings"
	"sync"
	"syscall/js"
	"time"

	"github.com/ldapedge/ldapedge/server"
	"github.com/ldapedge/ldapedge/tunnel"
	"github.com/ldapedge/ldapedge/wasm/facade"
	"github.com/ldapedge/ldapedge/wasm/promise"
)

// connectorDialer reaches a server through the connector: a stream is a
// WebSocket session.
type connectorDialer struct{ facade.Endpoint }

// window is the credit that a session grants the connector, in bytes: a
// browser takes whatever arrives, so what is read ahead is bounded here.
const window = 4 << 20

// Dial opens a session and waits for its first frame. The error is a
// [*tunnel.CloseError] where the connector says why.
func (d connectorDialer) Dial(ctx context.Context, to *server.Server) (io.ReadWriteCloser, error) {
	base, err := d.base()
	if err != nil {
		return nil, err
	}
	name, err := d.name(ctx, base, to)
	if err != nil {
		return nil, err
	}
	protocols := []any{tunnel.Subprotocol}
	if d.Token != "" {
		protocols = append(protocols, tunnel.TokenSubprotocol(d.Token))
	}
	s := newStream()
	if err := s.connect(sessionURL(base, name), protocols); err != nil {
		return nil, err
	}
	select {
	case <-s.opened:
	case <-ctx.Done():
		s.Close()
		return nil, context.Cause(ctx)
	}
	s.mu.Lock()
	err = s.err
	s.mu.Unlock()
	if err != nil {
		return nil, err
	}
	return s, nil
}

// sessionURL is where a connector has the session with the server of the name.
func sessionURL(base, name string) string {
	return "ws" + strings.TrimPrefix(base, "http") + "/v1/ldap?server=" + js.Global().Call("encodeURIComponent", name).String()
}

// stream is a session as a byte stream.
type stream struct {
	socket js.Value
	opened chan struct{} // closed at the first frame, or at the end

	listening sync.Mutex // guards listeners
	listeners []listener

	mu      sync.Mutex // guards what follows
	changed *sync.Cond
	hello   *tunnel.Hello
	frames  [][]byte // received and not yet read
	read    int      // bytes read for which no credit has been given back
	err     error    // why there will be no more
	closed  bool     // by Close
}

func newStream() *stream {
	s := &stream{opened: make(chan struct{})}
	s.changed = sync.NewCond(&s.mu)
	return s
}

// connect starts the session. What the browser refuses outright, such as an
// address it cannot take, is an exception of its constructor.
func (s *stream) connect(address string, protocols []any) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("opening a WebSocket to %s: %v", address, p)
		}
	}()
	s.socket = webSocket().New(address, protocols)
	s.socket.Set("binaryType", "arraybuffer")
	s.on("message", func(event js.Value) { s.message(event.Get("data")) })
	s.on("close", func(event js.Value) {
		s.end(&tunnel.CloseError{Code: tunnel.CloseCode(event.Get("code").Int()), Reason: event.Get("reason").String()})
		s.release()
	})
	s.on("error", func(event js.Value) {
		reason := ""
		if message := event.Get("message"); message.Type() == js.TypeString { // browsers say nothing
			reason = message.String()
		}
		s.failing(reason)
	})
	return nil
}

// webSocket is the class of sockets: what the host was given in its place, or
// that of the system.
func webSocket() js.Value {
	if given := host.Get("webSocket"); given.Truthy() {
		return given
	}
	return js.Global().Get("WebSocket")
}

// closeAfter is how long the close of a socket that has failed is waited for,
// which alone has a code.
const closeAfter = time.Second

// failing ends the session unless the socket's close does so soon.
func (s *stream) failing(reason string) {
	time.AfterFunc(closeAfter, func() {
		s.end(&tunnel.CloseError{Code: tunnel.CloseAbnormal, Reason: reason})
		s.release()
	})
}

// listener is a function that the socket calls.
type listener struct {
	event string
	call  js.Func
}

func (s *stream) on(event string, do func(event js.Value)) {
	f := js.FuncOf(func(_ js.Value, args []js.Value) any {
		do(args[0])
		return nil
	})
	s.listeners = append(s.listeners, listener{event, f})
	s.socket.Call("addEventListener", event, f)
}

// release lets go of the socket's functions: whoever has closed it waits for no
// event, and there may never be one.
func (s *stream) release() {
	s.listening.Lock()
	all := s.listeners
	s.listeners = nil
	s.listening.Unlock()
	for _, l := range all {
		s.socket.Call("removeEventListener", l.event, l.call)
		l.call.Release()
	}
}

func (s *stream) message(data js.Value) {
	if data.Type() == js.TypeString {
		s.text(data.String())
		return
	}
	frame := promise.Bytes(js.Global().Get("Uint8Array").New(data))
	if len(frame) == 0 {
		s.end(io.EOF)
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.frames = append(s.frames, frame)
	s.changed.Broadcast()
}

// text takes the session's first frame; there is no other text.
func (s *stream) text(frame string) {
	hello, err := tunnel.ParseHello([]byte(frame))
	if err == nil && hello.Limits.Frame <= 0 {
		err = fmt.Errorf("the session's first frame allows frames of %d bytes", hello.Limits.Frame)
	}
	if err != nil {
		s.end(err)
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.hello != nil || s.err != nil {
		return
	}
	s.hello = &hello
	s.socket.Call("send", string(tunnel.CreditFrame(window)))
	close(s.opened)
}

// end notes why there will be no more; the first reason counts.
func (s *stream) end(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.err != nil {
		return
	}
	s.err = err
	if s.hello == nil {
		close(s.opened)
	}
	s.changed.Broadcast()
}

// Read waits for bytes. What has arrived before the session's end is still
// read.
func (s *stream) Read(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for len(s.frames) == 0 && s.err == nil && !s.closed {
		s.changed.Wait()
	}
	if s.closed {
		return 0, io.ErrClosedPipe
	}
	if len(s.frames) == 0 {
		return 0, s.err
	}
	n := copy(p, s.frames[0])
	if s.frames[0] = s.frames[0][n:]; len(s.frames[0]) == 0 {
		s.frames[0] = nil
		s.frames = s.frames[1:]
	}
	s.giveBack(n)
	return n, nil
}

// giveBack renews the credit once half of it is used.
func (s *stream) giveBack(n int) {
	s.read += n
	if s.read >= window/2 && s.err == nil {
		s.socket.Call("send", string(tunnel.CreditFrame(s.read)))
		s.read = 0
	}
}

// Write sends bytes, cut into frames as the connector allows them.
func (s *stream) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	written := 0
	for written < len(p) {
		if s.closed {
			return written, io.ErrClosedPipe
		}
		if s.err != nil {
			return written, s.err
		}
		piece := p[written:min(len(p), written+s.hello.Limits.Frame)]
		s.socket.Call("send", promise.Array(piece))
		written += len(piece)
	}
	return written, nil
}

// Close ends the session and a Read in progress.
func (s *stream) Close() error {
	s.mu.Lock()
	closed := s.closed
	s.closed = true
	s.changed.Broadcast()
	s.mu.Unlock()
	if !closed {
		s.socket.Call("close", int(tunnel.CloseNormal))
		s.release()
	}
	return nil
}

// Hello returns the session's facts.
func (s *stream) Hello() tunnel.Hello {
	s.mu.Lock()
	defer s.mu.Unlock()
	return *s.hello
}
