package tunneldial

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/coder/websocket"

	"github.com/ldapedge/ldapedge/tunnel"
)

// A Write is a frame, cut at the connector's limit; both sides finish one after
// the other.
func TestStream(t *testing.T) {
	received := make(chan []string, 1)
	s := open(t, session(func(ctx context.Context, ws *websocket.Conn) {
		all := frames(ctx, ws, 4)
		send(ctx, ws, "answer")
		all = append(all, frames(ctx, ws, 1)...)
		send(ctx, ws, "more")
		send(ctx, ws, "")
		ws.Close(websocket.StatusNormalClosure, "")
		received <- all
	}), nil)
	if s.Hello() != hello {
		t.Errorf("hello %+v", s.Hello())
	}
	long := strings.Repeat("x", 2500)
	for _, piece := range []string{"abc", "", long} {
		if n, err := s.Write([]byte(piece)); n != len(piece) || err != nil {
			t.Fatalf("wrote %d, %v", n, err)
		}
	}
	p := make([]byte, 4)
	if n, err := io.ReadFull(s, p); n != 4 || err != nil || string(p) != "answ" {
		t.Errorf("%q, %v", p, err)
	}
	for range 2 { // once said is enough
		if err := s.CloseWrite(); err != nil {
			t.Error(err)
		}
	}
	if _, err := s.Write([]byte("x")); !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("written after the last: %v", err)
	}
	rest, err := io.ReadAll(s)
	if string(rest) != "ermore" || err != nil {
		t.Errorf("%q, %v", rest, err)
	}
	want := []string{"abc", long[:1000], long[:1000], long[:500], "|"}
	if got := <-received; !slices.Equal(got, want) {
		t.Errorf("the connector received %q", got)
	}
}

// What had arrived before the session broke is read, then why it did.
func TestStreamBreaks(t *testing.T) {
	s := open(t, session(func(ctx context.Context, ws *websocket.Conn) {
		send(ctx, ws, "last words")
		ws.Close(websocket.StatusCode(tunnel.CloseDialFailed), "the connection to the server is lost")
	}), nil)
	<-s.ended
	_, err := s.Write([]byte("x"))
	if code(err) != tunnel.CloseDialFailed {
		t.Errorf("writing: %v", err)
	}
	var got bytes.Buffer
	if _, err := s.WriteTo(&got); got.String() != "last words" || code(err) != tunnel.CloseDialFailed {
		t.Errorf("%q, %v", &got, err)
	}
}

// A session that ends without the server's last byte is no end of file.
func TestStreamIsCutShort(t *testing.T) {
	for name, end := range map[string]func(*websocket.Conn){
		"closed": func(ws *websocket.Conn) { ws.Close(websocket.StatusNormalClosure, "") },
		"broken": func(ws *websocket.Conn) { ws.CloseNow() },
	} {
		s := open(t, session(func(_ context.Context, ws *websocket.Conn) { end(ws) }), nil)
		if _, err := io.ReadAll(s); code(err) != tunnel.CloseNormal && code(err) != tunnel.CloseAbnormal {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestCloseEndsReadAndWrite(t *testing.T) {
	s := open(t, session(func(ctx context.Context, ws *websocket.Conn) { <-t.Context().Done() }), nil)
	failed := make(chan error, 2)
	go func() {
		_, err := s.Read(make([]byte, 1))
		failed <- err
	}()
	go func() {
		_, err := s.Write(make([]byte, 64<<20)) // more than there is room for on the way
		failed <- err
	}()
	for {
		s.mu.Lock()
		writing := s.writing
		s.mu.Unlock()
		if writing {
			break
		}
		time.Sleep(time.Millisecond)
	}
	s.Close()
	for range 2 {
		if err := <-failed; !errors.Is(err, io.ErrClosedPipe) {
			t.Errorf("%v", err)
		}
	}
	s.Close()
}

// A connector that sends as much as it may is held back by a reader that does
// not read, and goes on when it does.
func TestWindow(t *testing.T) {
	const window, total = 10_000, 100_000
	stalled := make(chan int, 100)
	s := open(t, session(func(ctx context.Context, ws *websocket.Conn) {
		credit, sent := 0, 0
		for sent < total {
			for credit == 0 {
				stalled <- sent
				_, b, err := ws.Read(ctx)
				if err != nil {
					return
				}
				n, err := tunnel.ParseCredit(b)
				if err != nil {
					return
				}
				credit += n
			}
			n := min(credit, 700, total-sent)
			if send(ctx, ws, strings.Repeat("x", n)) != nil {
				return
			}
			credit, sent = credit-n, sent+n
		}
		send(ctx, ws, "")
		frames(ctx, ws, 1)
		ws.Close(websocket.StatusNormalClosure, "")
	}), &Options{Window: window})
	if n := <-stalled; n != 0 {
		t.Errorf("%d bytes without credit", n)
	}
	if n := <-stalled; n != window {
		t.Errorf("stalled after %d bytes", n)
	}
	p := make([]byte, 100)
	for range window/4/len(p) - 1 {
		io.ReadFull(s, p)
	}
	select {
	case n := <-stalled:
		t.Errorf("credit is given back early, after %d bytes", n)
	default:
	}
	rest, err := io.ReadAll(s)
	if want := total - (window/4 - len(p)); len(rest) != want || err != nil {
		t.Errorf("%d bytes of %d, %v", len(rest), want, err)
	}
}

// A connector that sends more than it has credit for is held back too, and is not
// asked meanwhile whether it is there.
func TestOverdrawnCredit(t *testing.T) {
	const frame, count = 64 << 10, 100
	synctest.Test(t, func(t *testing.T) {
		sent := 0
		s := openInBubble(t, session(func(ctx context.Context, ws *websocket.Conn) {
			for ; sent < count; sent++ {
				send(ctx, ws, strings.Repeat("x", frame))
			}
			send(ctx, ws, "")
			frames(ctx, ws, 1)
		}), &Options{Window: frame})
		time.Sleep(time.Hour)
		synctest.Wait()
		if sent >= 10 || s.queue.size != 2*frame {
			t.Errorf("%d frames are sent, and %d bytes kept", sent, s.queue.size)
		}
		if n, err := io.Copy(io.Discard, s); n != frame*count || err != nil {
			t.Errorf("%d bytes, %v", n, err)
		}
	})
}

func TestFrameAfterTheLast(t *testing.T) {
	s := open(t, session(func(ctx context.Context, ws *websocket.Conn) {
		send(ctx, ws, "")
		send(ctx, ws, "x")
		frames(ctx, ws, 1)
	}), nil)
	<-s.ended
	if _, err := s.Write([]byte("x")); !errors.Is(err, errAfterLast) {
		t.Errorf("%v", err)
	}
}

// openInBubble opens a session over connections in memory.
func openInBubble(t *testing.T, handler http.Handler, o *Options) *Stream {
	t.Helper()
	p := newPipes()
	server := &http.Server{Handler: handler}
	go server.Serve(p)
	t.Cleanup(func() { server.Close() })
	o.DialContext = p.dial
	s, err := newDialer(t, "ws://connector?server=dc1", o).Open(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// A connector that hangs is found out; one that is only silent is not.
func TestPing(t *testing.T) {
	for name, hangs := range map[string]bool{"hangs": true, "is silent": false} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				handler := deafSession(hangs, func(ctx context.Context, ws *websocket.Conn) { frames(ctx, ws, 1) })
				s := openInBubble(t, handler, &Options{PingAfter: 20 * time.Second, PingTimeout: 10 * time.Second})
				begin := time.Now()
				if hangs {
					_, err := s.Read(make([]byte, 1))
					if code(err) != tunnel.CloseAbnormal || !strings.Contains(err.Error(), "ping") || time.Since(begin) != 30*time.Second {
						t.Errorf("after %v: %v", time.Since(begin), err)
					}
					return
				}
				select {
				case <-s.ended:
					t.Errorf("ends after %v: %v", time.Since(begin), s.endErr)
				case <-time.After(time.Hour):
				}
			})
		})
	}
}
