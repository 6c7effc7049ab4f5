package integration

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/coder/websocket"
	goldap "github.com/go-ldap/ldap/v3"

	"github.com/ldapedge/ldapedge/integration/testserver"
	"github.com/ldapedge/ldapedge/ldap/filter"
	"github.com/ldapedge/ldapedge/ldap/message"
	"github.com/ldapedge/ldapedge/tunnel"
)

// manySessions is how many there are at once: as many as a connector takes by
// default.
func manySessions() int {
	if testing.Short() {
		return 100
	}
	return 1000
}

// manyTime bounds what many sessions do.
const manyTime = 2 * time.Minute

// together opens sessions with the server, has then done once each has begun or
// been refused, has each client go on that has a session, and returns how each
// ended.
func (c *connector) together(t *testing.T, server string, sessions int, then func(), client func(context.Context, *websocket.Conn) error) []error {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), manyTime)
	defer cancel()
	var begun, running sync.WaitGroup
	proceed := make(chan struct{})
	ends := make([]error, sessions)
	begun.Add(sessions)
	for i := range ends {
		running.Go(func() {
			ws, err := c.begin(ctx, server)
			begun.Done()
			<-proceed
			if err == nil {
				err = client(ctx, ws)
			}
			if err == nil {
				err = ws.Close(websocket.StatusNormalClosure, "")
			}
			if ws != nil {
				ws.CloseNow()
			}
			ends[i] = err
		})
	}
	begun.Wait()
	then()
	close(proceed)
	running.Wait()
	return ends
}

// begin opens a session and reads its first frame.
func (c *connector) begin(ctx context.Context, server string) (*websocket.Conn, error) {
	ws, _, err := c.session(ctx, server, "", tunnel.Subprotocol)
	if err != nil {
		return nil, err
	}
	ws.SetReadLimit(-1)
	_, _, err = ws.Read(ctx)
	return ws, err
}

// readsPeople reads all people, over and over if it is told to.
func readsPeople(ctx context.Context, ws *websocket.Conn) error {
	n, err := search(ctx, ws, message.SearchRequest{Base: "ou=people," + testserver.Suffix, Scope: message.ScopeOne, Filter: filter.Present("objectClass")})
	if err == nil && n != manyPeople {
		err = fmt.Errorf("%d people", n)
	}
	return err
}

// manyPeople is how many people each of many sessions reads.
const manyPeople = 200

func startManyPeople(t *testing.T) *testserver.Slapd {
	t.Helper()
	slapd, err := testserver.SlapdConfig{Entries: testserver.People(manyPeople)}.Start(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { slapd.Close() })
	return slapd
}

// finishes sends, says that it has finished, and expects all of it back from a
// server that answers until it has the end.
func finishes(ctx context.Context, ws *websocket.Conn) error {
	sent := bytes.Repeat([]byte("0123456789abcdef"), 4<<10)
	for _, b := range [][]byte{sent, nil} {
		if err := ws.Write(ctx, websocket.MessageBinary, b); err != nil {
			return err
		}
	}
	var got []byte
	for {
		_, b, err := ws.Read(ctx)
		if err != nil {
			return err
		}
		if len(b) > 0 {
			got = append(got, b...)
		} else if !bytes.Equal(got, append(sent, '.')) {
			return fmt.Errorf("%d bytes come back", len(got))
		}
	}
}

// unbinds reads people and unbinds, whereupon the server finishes, and it too.
func unbinds(ctx context.Context, ws *websocket.Conn) error {
	if err := readsPeople(ctx, ws); err != nil {
		return err
	}
	var m message.Machine
	m.Unbind()
	if err := ws.Write(ctx, websocket.MessageBinary, m.Output()); err != nil {
		return err
	}
	if _, b, err := ws.Read(ctx); err != nil || len(b) > 0 {
		return fmt.Errorf("%q, %w and not the server's end", b, err)
	}
	if err := ws.Write(ctx, websocket.MessageBinary, nil); err != nil {
		return err
	}
	_, _, err := ws.Read(ctx)
	return err
}

// errVanished is of a client that has gone without a word.
var errVanished = errors.New("the client has gone")

// vanishes goes in the middle of what it has asked for.
func vanishes(ctx context.Context, ws *websocket.Conn) error {
	gone, cancel := context.WithCancel(ctx)
	cancel()
	var m message.Machine
	if _, err := m.Search(message.SearchRequest{Base: testserver.Suffix, Scope: message.ScopeSub, Filter: filter.Present("objectClass")}); err != nil {
		return err
	}
	if err := ws.Write(ctx, websocket.MessageBinary, m.Output()); err != nil {
		return err
	}
	if _, _, err := ws.Read(ctx); err != nil {
		return err
	}
	ws.Read(gone) // breaks the connection
	return errVanished
}

// blackHole is an address of loopback that never answers: the queue of its
// listener, which Linux lets shrink, is full.
func blackHole(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	raw, err := l.(*net.TCPListener).SyscallConn()
	if err != nil {
		t.Fatal(err)
	}
	if failed := raw.Control(func(fd uintptr) { err = syscall.Listen(int(fd), 0) }); failed != nil || err != nil {
		t.Fatal(failed, err)
	}
	for range 10 {
		c, err := net.DialTimeout("tcp", l.Addr().String(), 100*time.Millisecond)
		if err != nil {
			return l.Addr().String()
		}
		t.Cleanup(func() { c.Close() })
	}
	t.Fatal("it answers though its queue is full")
	return ""
}

// resetting is the address of a slapd that breaks in the middle of an answer.
func resetting(t *testing.T, slapd *testserver.Slapd) string {
	t.Helper()
	return listener(t, func(c *net.TCPConn) {
		s, err := net.Dial("tcp", slapd.Address)
		if err != nil {
			return
		}
		defer s.Close()
		go io.Copy(s, c)
		io.CopyN(c, s, 5<<10)
		c.SetLinger(0)
	})
}

// footprint is what a connector has that sessions could leave behind.
type footprint struct{ sessions, descriptors, goroutines int }

func (c *connector) footprint(t *testing.T) footprint {
	t.Helper()
	http.DefaultClient.CloseIdleConnections()
	_, text := c.operate(t, http.MethodGet, "/metrics", "")
	return footprint{metric(t, text, "ldapedge_sessions"), descriptors(t, c.cmd), metric(t, text, "go_goroutines")}
}

// descriptors is how many a process has open.
func descriptors(t *testing.T, cmd *exec.Cmd) int {
	t.Helper()
	files, err := os.ReadDir(fmt.Sprintf("/proc/%d/fd", cmd.Process.Pid))
	if err != nil {
		t.Fatal(err)
	}
	return len(files)
}

// metric is the sum of the metric's samples in Prometheus' text.
func metric(t *testing.T, text, name string) (sum int) {
	t.Helper()
	for line := range strings.Lines(text) {
		sample, value, _ := strings.Cut(strings.TrimSpace(line), " ")
		if sample != name && !strings.HasPrefix(sample, name+"{") {
			continue
		}
		n, err := strconv.Atoi(value)
		if err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		sum += n
	}
	return sum
}

// moreDescriptors lets this process and those that it starts have as many as they
// may have.
func moreDescriptors(t *testing.T) {
	t.Helper()
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil {
		t.Fatal(err)
	}
	limit.Cur = limit.Max
	if err := syscall.Setrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil {
		t.Fatal(err)
	}
}

// Whatever happens to many sessions at once, each client has what it asked for or
// is told by name what went wrong, and the connector is as it was before.
func TestFaultsOfManySessions(t *testing.T) {
	moreDescriptors(t)
	slapd := startManyPeople(t)
	resets := resetting(t, slapd)
	silent := listener(t, func(c *net.TCPConn) { io.Copy(io.Discard, c) })
	config := "listen: 127.0.0.1:0\nauth: none\nadmin: 127.0.0.1:0\nlog: {format: json}\npolicies: [{servers: [echo], unfiltered: true}, {}]\nservers:\n" +
		"  - {name: slapd, url: '" + slapd.URL() + "'}\n  - {name: resets, url: 'ldap://" + resets + "'}\n" +
		"  - {name: hole, url: 'ldap://" + blackHole(t) + "', connect_timeout: 2s}\n  - {name: silent, url: 'ldap://" + silent + "'}\n" +
		"  - {name: silent-tls, url: 'ldap://" + silent + "', start_tls: true, connect_timeout: 2s}\n  - {name: echo, url: 'ldap://" + listener(t, echo) + "'}\n"
	c := startConnector(t, config)
	before := c.footprint(t)
	none := func() {}
	for _, test := range []struct {
		name, server, limits string
		then                 func()
		client               func(context.Context, *websocket.Conn) error
		want                 tunnel.CloseCode
	}{
		{"nothing happens", "slapd", "", none, readsPeople, tunnel.CloseNormal},
		{"the server resets", "resets", "", none, readsPeople, tunnel.CloseDialFailed},
		{"the server cannot be reached", "hole", "", none, readsPeople, tunnel.CloseTimeout},
		{"the server never answers", "silent", "idle: 2s", none, readsPeople, tunnel.CloseIdle},
		{"the server never begins TLS", "silent-tls", "", none, readsPeople, tunnel.CloseTimeout},
		{"the server is suspended", "slapd", "idle: 5s", slapd.Suspend, readsPeople, tunnel.CloseIdle},
		{"the client finishes first", "echo", "", none, finishes, tunnel.CloseNormal},
		{"the server finishes first", "slapd", "", none, unbinds, tunnel.CloseNormal},
	} {
		t.Run(test.name, func(t *testing.T) {
			defer slapd.Resume()
			if status, body := c.operate(t, http.MethodPut, "/config", config+"limits: {"+test.limits+"}\n"); status != http.StatusNoContent {
				t.Fatalf("%d %s", status, body)
			}
			said := len(c.log.String())
			for i, err := range c.together(t, test.server, manySessions(), test.then, test.client) {
				if everything := err == nil && test.want == tunnel.CloseNormal; !everything && codeOf(err) != test.want {
					t.Fatalf("session %d ends with %v", i, err)
				}
			}
			c.isAsBefore(t, before)
			eventually(t, "the log has the end of each session", func() bool {
				ends := sessionEnds(t, c.log.String()[said:])
				for i, end := range ends {
					if end.Session == 0 || end.Client == "" || end.Server != test.server || end.Identity.Subject != "everyone" || end.Seconds == 0 ||
						end.Code != test.want || end.Reason == "" && end.Code != tunnel.CloseNormal || end.Up == 0 && end.Operations.Search > 0 {
						t.Fatalf("the log of session %d has %+v", i, end)
					}
				}
				return len(ends) == manySessions()
			})
		})
	}
	t.Run("the clients vanish", func(t *testing.T) {
		for i, err := range c.together(t, "slapd", manySessions(), none, vanishes) {
			if !errors.Is(err, errVanished) {
				t.Fatalf("session %d ends with %v", i, err)
			}
		}
		c.isAsBefore(t, before)
	})
}

// A connector that has no descriptor left says so by name to whom it cannot serve,
// goes on serving others, and recovers.
func TestDescriptorsRunOut(t *testing.T) {
	c := startConnector(t, "listen: 127.0.0.1:0\nauth: none\nadmin: 127.0.0.1:0\nservers: [{name: slapd, url: '"+startManyPeople(t).URL()+"'}]\n")
	before := c.footprint(t)
	if out, err := exec.Command("prlimit", "--pid", strconv.Itoa(c.cmd.Process.Pid), "--nofile=60:").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	var served, refused atomic.Int32
	var running sync.WaitGroup
	for range 100 {
		running.Go(func() {
			ws, err := c.begin(t.Context(), "slapd")
			if err == nil {
				err = readsPeople(t.Context(), ws)
			}
			switch {
			case err == nil:
				served.Add(1)
			case codeOf(err) == tunnel.CloseDialFailed && strings.Contains(err.Error(), "too many open"):
				refused.Add(1)
			default:
				t.Errorf("a session ends with %v", err)
			}
			if ws != nil {
				ws.CloseNow()
			}
		})
	}
	running.Wait()
	if served.Load() == 0 || refused.Load() == 0 {
		t.Errorf("%d are served, %d refused", served.Load(), refused.Load())
	}
	c.isAsBefore(t, before)
}

// Clients that come through the proxy have what they asked for too, or the end of
// their connection, and nothing is left of them in the proxy either.
func TestFaultsOfManyClientsOfProxy(t *testing.T) {
	moreDescriptors(t)
	slapd := startManyPeople(t)
	c := startConnector(t, "listen: 127.0.0.1:0\nauth: none\nadmin: 127.0.0.1:0\nservers:\n  - {name: dc1, url: '"+slapd.URL()+"'}\n  - {name: resets, url: 'ldap://"+resetting(t, slapd)+"'}\n")
	for name, test := range map[string]struct {
		server string
		whole  bool
	}{"nothing happens": {"dc1", true}, "the server resets": {"resets", false}} {
		t.Run(name, func(t *testing.T) {
			p := startProxyTo(t, "ws://"+c.addr+"?server="+test.server, "--listen", "127.0.0.1:0", "--token-file", tokenFile(t, c.token))
			people := func() error {
				conn, err := goldap.DialURL(p.url)
				if err != nil {
					return err
				}
				defer conn.Close()
				conn.SetTimeout(manyTime)
				found, err := conn.Search(goldap.NewSearchRequest("ou=people,"+testserver.Suffix, goldap.ScopeSingleLevel, goldap.NeverDerefAliases, 0, 0, false, "(objectClass=*)", []string{"uid"}, nil))
				if err == nil && len(found.Entries) != manyPeople {
					err = fmt.Errorf("%d people", len(found.Entries))
				}
				return err
			}
			people() // what the proxy has once it has been used
			before, open := c.footprint(t), descriptors(t, p.cmd)
			var running sync.WaitGroup
			for range manySessions() {
				running.Go(func() {
					if err := people(); test.whole && err != nil || !test.whole && (err == nil || !strings.HasSuffix(err.Error(), "response packet: EOF")) {
						t.Errorf("a client: %v", err)
					}
				})
			}
			running.Wait()
			c.isAsBefore(t, before)
			eventually(t, "the proxy is as before", func() bool { return descriptors(t, p.cmd) <= open })
		})
	}
}

// sessionEnd is what the log says of a session that has ended.
type sessionEnd struct {
	Msg, Client, Server, Reason string
	Session                     uint64
	Identity                    struct{ Subject string }
	Operations                  struct{ Search int }
	Up, Down                    int
	Seconds                     float64
	Code                        tunnel.CloseCode
}

func sessionEnds(t *testing.T, log string) (ends []sessionEnd) {
	t.Helper()
	for _, line := range fromJSON[sessionEnd](t, []byte(log)) {
		if line.Msg == "session ends" {
			ends = append(ends, line)
		}
	}
	return ends
}

func (c *connector) isAsBefore(t *testing.T, before footprint) {
	t.Helper()
	var now footprint
	eventually(t, fmt.Sprintf("the connector is as before, %+v", before), func() bool {
		now = c.footprint(t)
		return now.sessions == 0 && now.descriptors <= before.descriptors && now.goroutines <= before.goroutines
	})
}
