package dial

import (
	"context"
	"errors"
	"io"
	"net"
	"net/netip"
	"os"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/ldapedge/ldapedge/server"
)

// blackHole is an address and port of loopback that never answers: the queue of
// its listener is full. It needs Linux, which then drops what comes.
func blackHole(t *testing.T, address [4]byte) int {
	t.Helper()
	fd, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { syscall.Close(fd) })
	if err := syscall.Bind(fd, &syscall.SockaddrInet4{Addr: address}); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Listen(fd, 0); err != nil {
		t.Fatal(err)
	}
	bound, err := syscall.Getsockname(fd)
	if err != nil {
		t.Fatal(err)
	}
	port := bound.(*syscall.SockaddrInet4).Port
	full := netip.AddrPortFrom(netip.AddrFrom4(address), uint16(port)).String()
	for range 10 {
		c, err := net.DialTimeout("tcp", full, 100*time.Millisecond)
		if err != nil {
			return port
		}
		t.Cleanup(func() { c.Close() })
	}
	t.Fatalf("%s answers though its queue is full", full)
	return 0
}

// On real sockets: a black hole costs the delay, a refusal nothing.
func TestRealRace(t *testing.T) {
	port := blackHole(t, [4]byte{127, 0, 0, 1})
	echo(t, listenAt(t, "tcp", "127.0.0.2:"+strconv.Itoa(port)))
	d := &Dialer{Resolver: &dns{hosts: map[string][]netip.Addr{
		"dark": addresses("127.0.0.1", "127.0.0.2"), "refused": addresses("127.0.0.3", "127.0.0.2"),
	}}}
	for _, test := range []struct {
		host        string
		least, most time.Duration
	}{{"dark", 250 * time.Millisecond, 300 * time.Millisecond}, {"refused", 0, 50 * time.Millisecond}} {
		begin := time.Now()
		c, err := d.Conn(t.Context(), mustServer(t, test.host+":"+strconv.Itoa(port), nil))
		if err != nil {
			t.Fatal(err)
		}
		took := time.Since(begin)
		if took < test.least || took > test.most || !strings.HasPrefix(c.Candidate.Address, "127.0.0.2:") {
			t.Errorf("%s: %s after %v", test.host, c.Candidate.Address, took)
		}
		t.Logf("%s: %v", test.host, took)
		roundTrip(t, c)
		c.Close()
	}
}

// No descriptor is left of a hundred opened, with losers and failures.
func TestNoDescriptorIsLeft(t *testing.T) {
	port := blackHole(t, [4]byte{127, 0, 0, 1})
	l := listenAt(t, "tcp", "127.0.0.2:"+strconv.Itoa(port))
	serve(t, l, func(c net.Conn) { c.Read(make([]byte, 1)) })
	d := &Dialer{RaceDelay: time.Millisecond, Resolver: &dns{hosts: map[string][]netip.Addr{"dc1": addresses("127.0.0.1", "127.0.0.2", "127.0.0.3")}}}
	s := mustServer(t, "dc1:"+strconv.Itoa(port), nil)
	descriptors := func() int {
		all, err := os.ReadDir("/proc/self/fd")
		if err != nil {
			t.Fatal(err)
		}
		return len(all)
	}
	before := descriptors()
	for range 100 {
		c, err := d.Conn(t.Context(), s)
		if err != nil {
			t.Fatal(err)
		}
		c.Close()
		ctx, cancel := context.WithTimeout(t.Context(), time.Microsecond)
		if c, err := d.Conn(ctx, s); err == nil {
			c.Close()
		}
		cancel()
	}
	deadline := time.Now().Add(5 * time.Second)
	for descriptors() > before {
		if time.Now().After(deadline) {
			t.Fatalf("%d descriptors before, %d after", before, descriptors())
		}
		time.Sleep(10 * time.Millisecond)
	}
}

func port(l net.Listener) int { return l.Addr().(*net.TCPAddr).Port }

func TestSource(t *testing.T) {
	l := listenAt(t, "tcp", "127.0.0.1:0")
	from := make(chan string, 1)
	serve(t, l, func(c net.Conn) { from <- c.RemoteAddr().String() })
	s := mustServer(t, l.Addr().String(), nil)
	taken := []int{port(listen(t)), port(listen(t))} // they are listening
	closed := listen(t)
	free := port(closed)
	text := strconv.Itoa(free)
	closed.Close()
	local := netip.MustParseAddr("127.0.0.1")
	for _, test := range []struct {
		name   string
		dialer *Dialer
		want   string // how the address begins, or the error
	}{
		{"address", &Dialer{SourceAddress: netip.MustParseAddr("127.0.0.7")}, "127.0.0.7:"},
		{"mapped address", &Dialer{SourceAddress: netip.MustParseAddr("::ffff:127.0.0.7")}, "127.0.0.7:"},
		{"port", &Dialer{SourcePorts: []int{free}}, "127.0.0.1:" + text},
		{"port again, at once", &Dialer{SourcePorts: []int{free}}, "127.0.0.1:" + text},
		{"the first that is free", &Dialer{SourceAddress: local, SourcePorts: append(taken[:2:2], free)}, "127.0.0.1:" + text},
		{"none is free", &Dialer{SourceAddress: local, SourcePorts: taken},
			"ldap://" + l.Addr().String() + ": connect: " + l.Addr().String() + ": cannot connect from source address 127.0.0.1 source ports " + strconv.Itoa(taken[0]) + ", " + strconv.Itoa(taken[1]) + ": address already in use"},
		{"not an address of ours", &Dialer{SourceAddress: netip.MustParseAddr("192.0.2.1")}, "cannot connect from source address 192.0.2.1: cannot assign requested address"},
		{"the other family", &Dialer{SourceAddress: netip.IPv6Loopback()}, "cannot connect from source address ::1: it is not of the family IPv4"},
		{"no port", &Dialer{SourcePorts: []int{-1}}, ": configure: cannot connect from source ports -1: -1 is not from 0 to 65535"},
		{"a dialer of one's own", &Dialer{SourcePorts: []int{1}, DialContext: new(net.Dialer).DialContext}, ": configure: cannot connect from source ports 1: a DialContext of one's own chooses for itself"},
	} {
		t.Run(test.name, func(t *testing.T) {
			c, err := test.dialer.Conn(t.Context(), s)
			if err != nil {
				var source *SourceError
				if !strings.Contains(err.Error(), test.want) || !errors.As(err, &source) {
					t.Errorf("error %v", err)
				}
				if test.dialer.marks.get(l.Addr().String()) != Unknown {
					t.Error("it counts against the server")
				}
				return
			}
			if got := <-from; !strings.HasPrefix(got, test.want) {
				t.Errorf("from %s", got)
			}
			io.ReadAll(c) // the server closes first, and its side waits (TIME_WAIT)
			c.Close()
		})
	}
}

// Addresses that race share the one port there is.
func TestSourcePortInRace(t *testing.T) {
	dark := blackHole(t, [4]byte{127, 0, 0, 1})
	echo(t, listenAt(t, "tcp", "127.0.0.2:"+strconv.Itoa(dark)))
	closed := listen(t)
	from := port(closed)
	closed.Close()
	d := &Dialer{SourcePorts: []int{from}, RaceDelay: 10 * time.Millisecond, Resolver: &dns{hosts: map[string][]netip.Addr{"dc1": addresses("127.0.0.1", "127.0.0.2")}}}
	c, err := d.Conn(t.Context(), mustServer(t, "dc1:"+strconv.Itoa(dark), nil))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if c.LocalAddr().(*net.TCPAddr).Port != from {
		t.Errorf("from %s", c.LocalAddr())
	}
}

// A port that a connection to the same server has goes to no other.
func TestSourcePortsInUse(t *testing.T) {
	l := listen(t)
	serve(t, l, func(c net.Conn) { c.Read(make([]byte, 1)) })
	d := new(Dialer)
	free := []net.Listener{listen(t), listen(t)}
	for _, f := range free {
		d.SourcePorts = append(d.SourcePorts, port(f))
	}
	for _, f := range free {
		f.Close()
	}
	s := mustServer(t, l.Addr().String(), &server.Options{})
	for i := range 3 {
		c, err := d.Conn(t.Context(), s)
		if i == 2 {
			if err == nil || !strings.Contains(err.Error(), "cannot connect from source ports "+strconv.Itoa(d.SourcePorts[0])+", "+strconv.Itoa(d.SourcePorts[1])) {
				t.Errorf("error %v", err)
			}
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		if got := c.LocalAddr().(*net.TCPAddr).Port; got != d.SourcePorts[i] {
			t.Errorf("connection %d is from port %d of %v", i, got, d.SourcePorts)
		}
	}
}
