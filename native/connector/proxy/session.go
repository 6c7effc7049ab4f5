package proxy

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"sync"
	"sync/atomic"
	"time"
)

// session carries a connection. It waits for the connector until accepting ends;
// cut ends it whatever it does. What the client sends before the session is open
// waits where it is.
func (p *Proxy) session(accepting, cut context.Context, conn net.Conn) {
	log := p.options.Log.With("client", client(conn))
	stream, err := p.open(accepting)
	if err != nil {
		if accepting.Err() == nil {
			p.state.note(log, slog.LevelError, "connections are closed: "+err.Error())
		}
		return
	}
	begin := time.Now()
	log.Info("session begins")
	c := &carrier{conn: conn, stream: stream}
	defer context.AfterFunc(cut, c.close)()
	defer c.close()
	c.carry()
	log = log.With("up", c.up.Load(), "down", c.down.Load(), "seconds", time.Since(begin).Round(time.Millisecond).Seconds())
	if c.err != nil && cut.Err() == nil {
		log.Warn("session breaks", "error", c.err)
		return
	}
	log.Info("session ends")
}

// client is the client's address, empty for a Unix domain socket.
func client(conn net.Conn) string {
	if a := conn.RemoteAddr(); a != nil {
		return a.String()
	}
	return ""
}

// carrier moves the bytes of a connection and its stream.
type carrier struct {
	conn     net.Conn
	stream   Stream
	up, down atomic.Int64 // bytes from and to the client
	err      error        // of the stream
}

func (c *carrier) close() {
	c.conn.Close()
	c.stream.Close()
}

// carry returns when both directions have ended.
func (c *carrier) carry() {
	var both sync.WaitGroup
	both.Go(c.fromClient)
	c.toClient()
	both.Wait()
}

// The buffer of what a client sends grows to the larger of these, if the client
// sends as much at a time: most requests are small, and most sessions idle.
const (
	firstBuffer = 4 << 10
	lastBuffer  = 64 << 10
)

// fromClient carries what the client sends, as much as is there in one Write. If
// the stream fails, toClient tells, once what has arrived is delivered.
func (c *carrier) fromClient() {
	buf := make([]byte, firstBuffer)
	for {
		n, err := c.conn.Read(buf)
		if n > 0 {
			if _, err := c.stream.Write(buf[:n]); err != nil {
				return
			}
			c.up.Add(int64(n))
		}
		switch {
		case errors.Is(err, io.EOF):
			c.stream.CloseWrite() // if it fails, toClient tells
			return
		case err != nil:
			c.close() // the client has gone
			return
		}
		if n == len(buf) && n < lastBuffer {
			buf = make([]byte, 2*n)
		}
	}
}

// toClient carries what the LDAP server sends.
func (c *carrier) toClient() {
	to := &clientWriter{conn: c.conn}
	n, err := c.stream.WriteTo(to)
	c.down.Store(n)
	switch {
	case err == nil:
		if half, ok := c.conn.(interface{ CloseWrite() error }); ok {
			half.CloseWrite()
			return
		}
	case to.err == nil:
		if !errors.Is(err, io.ErrClosedPipe) { // the client has gone
			c.err = err
		}
	}
	c.close()
}

// clientWriter tells errors of the client from those of the stream.
type clientWriter struct {
	conn net.Conn
	err  error
}

func (w *clientWriter) Write(b []byte) (n int, err error) {
	n, w.err = w.conn.Write(b)
	return n, w.err
}
