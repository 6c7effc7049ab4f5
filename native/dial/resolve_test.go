package dial

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ldapedge/ldapedge/server"
)

// What the DNS says is kept for 300 seconds, by host and family.
func TestAnswersAreKept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := &dns{hosts: map[string][]netip.Addr{"dc1": addresses("192.0.2.1", "2001:db8::1")}, srv: records("_ldap._tcp.example.com", "0 0 389 dc1")}
		d := &Dialer{Resolver: r}
		ask := func(host string, mode server.Mode) {
			t.Helper()
			if _, err := d.Candidates(t.Context(), mustServer(t, host, &server.Options{Mode: mode})); err != nil {
				t.Fatal(err)
			}
		}
		expect := func(want ...string) {
			t.Helper()
			if !slices.Equal(r.asked, want) {
				t.Errorf("asked %q, want %q", r.asked, want)
			}
			r.asked = nil
		}
		ask("dc1", "")
		ask("DC1", server.IPSystemDefault)
		ask("dc1:1389", server.IPv4Preferred)
		expect("ip dc1")
		ask("dc1", server.IPv4Only)
		ask("dc1", server.IPv6Only)
		expect("ip4 dc1", "ip6 dc1")
		ask("ldap+srv://example.com", "")
		ask("ldap+srv://Example.com", "")
		expect("srv _ldap._tcp.example.com", "ip dc1.")
		time.Sleep(299 * time.Second)
		ask("dc1", "")
		ask("ldap+srv://example.com", "")
		expect()
		time.Sleep(time.Second)
		ask("dc1", "")
		ask("ldap+srv://example.com", "")
		expect("ip dc1", "srv _ldap._tcp.example.com", "ip dc1.")
		time.Sleep(25 * time.Hour) // more than a day
		ask("dc1", "")
		expect("ip dc1")
		d = &Dialer{Resolver: r, CacheTime: time.Second}
		ask("dc1", "")
		time.Sleep(time.Second)
		ask("dc1", "")
		expect("ip dc1", "ip dc1")
	})
}

func TestFailuresAreNotKept(t *testing.T) {
	r := &dns{}
	d := &Dialer{Resolver: r}
	for range 2 {
		for _, url := range []string{"dc1", "ldap+srv://example.com"} {
			_, err := d.Candidates(t.Context(), mustServer(t, url, nil))
			var lookup *LookupError
			if !errors.As(err, &lookup) || !lookup.NotFound() {
				t.Errorf("error %v", err)
			}
		}
	}
	if r.count() != 4 {
		t.Errorf("asked %q", r.asked)
	}
}

// emptyHanded answers with nothing, and no error.
type emptyHanded struct{}

func (emptyHanded) LookupNetIP(context.Context, string, string) ([]netip.Addr, error) {
	return nil, nil
}
func (emptyHanded) LookupSRV(context.Context, string, string, string) (string, []*net.SRV, error) {
	return "", nil, nil
}

func TestEmptyAnswer(t *testing.T) {
	d := &Dialer{Resolver: emptyHanded{}}
	for url, want := range map[string]string{
		"dc1":                    "ldap://dc1:389: resolve: looking up host dc1: no such host",
		"ldap+srv://example.com": "ldap+srv://example.com: resolve: looking up SRV records _ldap._tcp.example.com: no such host",
	} {
		if _, err := d.Conn(t.Context(), mustServer(t, url, nil)); err == nil || err.Error() != want {
			t.Errorf("error %v", err)
		}
	}
}

// Those who ask at the same time share a question, and none of them is harmed
// when another gives up.
func TestQuestionsAreShared(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := &dns{hosts: map[string][]netip.Addr{"dc1": addresses("192.0.2.1")}, delay: 2 * time.Second}
		d := &Dialer{Resolver: r}
		s := mustServer(t, "dc1", nil)
		begin := time.Now()
		var all sync.WaitGroup
		all.Go(func() {
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			defer cancel()
			if _, err := d.Candidates(ctx, s); !errors.Is(err, context.DeadlineExceeded) || time.Since(begin) != time.Second {
				t.Errorf("the first, after %v: %v", time.Since(begin), err)
			}
		})
		synctest.Wait()
		for range 50 {
			all.Go(func() {
				if got, err := d.Candidates(t.Context(), s); err != nil || len(got) != 1 || time.Since(begin) != 2*time.Second {
					t.Errorf("after %v: %v, %v", time.Since(begin), got, err)
				}
			})
		}
		all.Wait()
		if r.count() != 1 {
			t.Errorf("asked %q", r.asked)
		}
	})
}

// A question is given up when nobody waits for it any more; the next who asks
// does not get that.
func TestQuestionsAreGivenUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := &dns{hosts: map[string][]netip.Addr{"dc1": addresses("192.0.2.1")}, delay: time.Hour}
		d := &Dialer{Resolver: r}
		s := mustServer(t, "dc1", nil)
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Second, cancel)
		if _, err := d.Candidates(ctx, s); !errors.Is(err, context.Canceled) {
			t.Errorf("error %v", err)
		}
		r.delay = 0
		if _, err := d.Candidates(t.Context(), s); err != nil {
			t.Error(err)
		}
	}) // no goroutine is left, or this panics
}

func TestCachesAreBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var c cache[int, int]
		for i := range 3 * cacheSize {
			time.Sleep(time.Millisecond)
			if v, err := c.get(t.Context(), i, DefaultCacheTime, func(context.Context) (int, error) { return -i, nil }); v != -i || err != nil {
				t.Fatal(v, err)
			}
		}
		if len(c.answers) != cacheSize || len(c.asking) != 0 {
			t.Errorf("%d answers, %d questions", len(c.answers), len(c.asking))
		}
		if _, ok := c.answers[2*cacheSize]; !ok {
			t.Error("it is not the oldest that go")
		}
		var m marks
		for i := range 3 * markCount {
			m.set(Candidate{Address: fmt.Sprint(i)}, Failed)
		}
		if len(m.made) > markCount || m.get(fmt.Sprint(3*markCount-1)) != Failed {
			t.Errorf("%d marks", len(m.made))
		}
		var w warned
		for i := range 3 * trustCount {
			w.first(fmt.Sprint(i))
		}
		if len(w.urls) > trustCount {
			t.Errorf("%d URLs", len(w.urls))
		}
	})
}
