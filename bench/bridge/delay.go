package main

import (
	"io"
	"net"
	"time"
)

// delayLine passes on what it gets a time later, in both directions, however much
// that is.
type delayLine struct {
	listener net.Listener
	target   string
	delay    time.Duration
}

func newDelay(target string, delay time.Duration) (*delayLine, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	d := &delayLine{l, target, delay}
	go serve(l, d.carry)
	return d, nil
}

// serve gives each connection to a goroutine until the listener is closed.
func serve(l net.Listener, carry func(*net.TCPConn)) {
	for {
		c, err := l.Accept()
		if err != nil {
			return
		}
		go carry(c.(*net.TCPConn))
	}
}

func (d *delayLine) address() string { return d.listener.Addr().String() }

func (d *delayLine) close() { d.listener.Close() }

func (d *delayLine) carry(near *net.TCPConn) {
	far, err := net.Dial("tcp", d.target)
	if err != nil {
		near.Close()
		return
	}
	go d.later(near, far.(*net.TCPConn))
	d.later(far.(*net.TCPConn), near)
}

// piece is what was read at a time.
type piece struct {
	b   []byte
	due time.Time
}

// later moves bytes from one to the other. 100,000 pieces under way are more than
// any way has.
func (d *delayLine) later(to, from *net.TCPConn) {
	under := make(chan piece, 100_000)
	go func() {
		defer close(under)
		for {
			b := make([]byte, 64<<10)
			n, err := from.Read(b)
			under <- piece{b[:n], time.Now().Add(d.delay)}
			if err != nil {
				return
			}
		}
	}()
	for p := range under {
		time.Sleep(time.Until(p.due))
		if _, err := to.Write(p.b); err != nil {
			break
		}
	}
	to.CloseWrite()
	io.Copy(io.Discard, from)
}
