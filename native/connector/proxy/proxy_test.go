package proxy

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

var (
	errAway    = errors.New("away")
	errRefused = errors.New("refused")
)

// fakeStream is a stream that sends back what it is sent.
type fakeStream struct {
	*io.PipeReader
	*io.PipeWriter
}

func newFakeStream() fakeStream {
	r, w := io.Pipe()
	return fakeStream{r, w}
}

func (s fakeStream) WriteTo(w io.Writer) (int64, error) { return io.Copy(w, s.PipeReader) }
func (s fakeStream) CloseWrite() error                  { return s.PipeWriter.Close() }
func (s fakeStream) Close() error {
	s.PipeReader.CloseWithError(io.ErrClosedPipe)
	return s.PipeWriter.CloseWithError(io.ErrClosedPipe)
}

// listen returns a listener and what dials it.
func listen(t *testing.T) (net.Listener, func() *net.TCPConn) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return l, func() *net.TCPConn {
		t.Helper()
		c, err := net.Dial("tcp", l.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { c.Close() })
		return c.(*net.TCPConn)
	}
}

// logged is a log's text.
type logged struct {
	mu   sync.Mutex
	text strings.Builder
}

func (l *logged) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(b)
}

func (l *logged) count(s string) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return strings.Count(l.text.String(), s)
}

// serve runs a proxy; stop ends it and waits.
func serve(t *testing.T, l net.Listener, o Options) (log *logged, stop func()) {
	t.Helper()
	log = new(logged)
	o.Log = slog.New(slog.NewTextHandler(log, nil))
	ctx, cancel := context.WithCancel(t.Context())
	served := make(chan error, 1)
	go func() { served <- New(o).Serve(ctx, l) }()
	stop = sync.OnceFunc(func() {
		cancel()
		if err := <-served; err != nil {
			t.Error(err)
		}
	})
	t.Cleanup(stop)
	return log, stop
}

func opening(stream Stream, err error) func(context.Context) (Stream, error) {
	return func(context.Context) (Stream, error) { return stream, err }
}

func TestCarriesAndHalfCloses(t *testing.T) {
	l, dial := listen(t)
	log, stop := serve(t, l, Options{Open: func(context.Context) (Stream, error) { return newFakeStream(), nil }})
	c := dial()
	long := strings.Repeat("0123456789", 50_000)
	go func() {
		io.WriteString(c, long)
		c.CloseWrite()
	}()
	if got, err := io.ReadAll(c); string(got) != long || err != nil {
		t.Errorf("%d bytes, %v", len(got), err)
	}
	c.Close()
	stop()
	if log.count("session ends") != 1 || log.count("up=500000 down=500000") != 1 || log.count("0123456789") != 0 {
		t.Error(log.text.String())
	}
}

// However many clients are refused for the same reason, it is said once, until
// there has been a session.
func TestRefusalIsLoggedOnce(t *testing.T) {
	l, dial := listen(t)
	var mu sync.Mutex
	open := opening(nil, errRefused)
	log, _ := serve(t, l, Options{Open: func(ctx context.Context) (Stream, error) {
		mu.Lock()
		defer mu.Unlock()
		return open(ctx)
	}})
	refused := func() {
		t.Helper()
		if b, err := io.ReadAll(dial()); len(b) > 0 || err != nil {
			t.Errorf("%q, %v", b, err)
		}
	}
	for range 3 {
		refused()
	}
	if n := log.count("refused"); n != 1 {
		t.Errorf("logged %d times", n)
	}
	mu.Lock()
	open = opening(newFakeStream(), nil)
	mu.Unlock()
	c := dial()
	io.WriteString(c, "x")
	io.ReadFull(c, make([]byte, 1))
	mu.Lock()
	open = opening(nil, errRefused)
	mu.Unlock()
	refused()
	if n := log.count("refused"); n != 2 {
		t.Errorf("then logged %d times", n)
	}
}

func TestMaxSessions(t *testing.T) {
	l, dial := listen(t)
	log, _ := serve(t, l, Options{Open: func(context.Context) (Stream, error) { return newFakeStream(), nil }, MaxSessions: 1, Grace: -1})
	first := dial()
	echo := func() {
		t.Helper()
		io.WriteString(first, "x")
		if _, err := io.ReadFull(first, make([]byte, 1)); err != nil {
			t.Error(err)
		}
	}
	echo()
	if b, _ := io.ReadAll(dial()); len(b) > 0 {
		t.Errorf("%q", b)
	}
	echo()
	if log.count("connections are refused") != 1 {
		t.Error(log.text.String())
	}
}

// A session may go on for the grace, and is then closed.
func TestGrace(t *testing.T) {
	for name, grace := range map[string]time.Duration{"at once": -1, "in time": time.Hour, "too late": 50 * time.Millisecond} {
		t.Run(name, func(t *testing.T) {
			l, dial := listen(t)
			log, stop := serve(t, l, Options{Open: func(context.Context) (Stream, error) { return newFakeStream(), nil }, Grace: grace})
			c := dial()
			io.WriteString(c, "x")
			io.ReadFull(c, make([]byte, 1))
			if grace == time.Hour {
				c.CloseWrite()
			}
			stop()
			if b, _ := io.ReadAll(c); len(b) > 0 {
				t.Errorf("%q", b)
			}
			if cut := log.count("sessions in progress are closed"); (cut == 1) != (grace != time.Hour) {
				t.Error(log.text.String())
			}
			if _, err := net.Dial("tcp", l.Addr().String()); err == nil {
				t.Error("it still listens")
			}
		})
	}
}

// Who waits for the connector when the proxy ends is not waited for.
func TestEndWhileWaiting(t *testing.T) {
	l, dial := listen(t)
	trying := make(chan struct{}, 1)
	_, stop := serve(t, l, Options{Wait: time.Hour, Grace: time.Hour, Unavailable: func(error) bool { return true }, Open: func(context.Context) (Stream, error) {
		select {
		case trying <- struct{}{}:
		default:
		}
		return nil, errAway
	}})
	c := dial()
	<-trying
	stop()
	if b, _ := io.ReadAll(c); len(b) > 0 {
		t.Errorf("%q", b)
	}
}

// The waits between tries double, up to the longest, and end in time.
func TestBackoff(t *testing.T) {
	for name, test := range map[string]struct {
		chance, wait float64
		at           []float64 // seconds at which it is tried
	}{
		"full":  {1, 20, []float64{0, 0.1, 0.3, 0.7, 1.5, 3.1, 6.3, 11.3, 16.3}},
		"half":  {0, 2, []float64{0, 0.05, 0.15, 0.35, 0.75, 1.55}},
		"once":  {1, -1, []float64{0}},
		"short": {1, 0.2, []float64{0, 0.1}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				begin := time.Now()
				var at []float64
				p := New(Options{
					Wait:        time.Duration(test.wait * float64(time.Second)),
					Rand:        func() float64 { return test.chance },
					Log:         slog.New(slog.DiscardHandler),
					Unavailable: func(err error) bool { return err == errAway },
					Open: func(context.Context) (Stream, error) {
						at = append(at, time.Since(begin).Seconds())
						return nil, errAway
					},
				})
				if _, err := p.open(t.Context()); err != errAway {
					t.Errorf("%v", err)
				}
				if len(at) != len(test.at) {
					t.Fatalf("tried at %v", at)
				}
				for i := range at {
					if d := at[i] - test.at[i]; d > 1e-6 || d < -1e-6 {
						t.Errorf("tried at %v", at)
						break
					}
				}
			})
		})
	}
}

// A connector that comes back is found, and one that refuses is not asked again.
func TestBackoffEnds(t *testing.T) {
	for name, last := range map[string]error{"back": nil, "refuses": errRefused} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				tries := 0
				p := New(Options{Log: slog.New(slog.DiscardHandler), Unavailable: func(err error) bool { return err == errAway }, Open: func(context.Context) (Stream, error) {
					if tries++; tries < 4 {
						return nil, errAway
					}
					return newFakeStream(), last
				}})
				if _, err := p.open(t.Context()); err != last || tries != 4 {
					t.Errorf("%d tries, %v", tries, err)
				}
			})
		})
	}
}

func TestListenUnix(t *testing.T) {
	path := filepath.Join(t.TempDir(), "ldapi")
	first, err := ListenUnix(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := ListenUnix(t.Context(), path); err == nil {
		t.Error("a socket in use is taken over")
	}
	first.(*net.UnixListener).SetUnlinkOnClose(false)
	first.Close()
	second, err := ListenUnix(t.Context(), path)
	if err != nil {
		t.Fatalf("an abandoned socket is not taken over: %v", err)
	}
	second.Close()
}
