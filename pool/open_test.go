package pool

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ldapedge/ldapedge/server"
)

func TestOpenTriesTheNext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPool(t, First, 3, nil)
		tr := newTrial("s0", "s1")
		if got := tr.open(t.Context(), p); got != "s2" {
			t.Fatalf("opened %s, want s2", got)
		}
		if got := tr.open(t.Context(), p); got != "s2" || !slices.Equal(tr.tried, []string{"s0", "s1", "s2", "s2"}) {
			t.Errorf("opened %s after trying %q", got, tr.tried)
		}
		st := p.State()
		if st.Members[0].State != Quarantined || st.Members[0].LastError != "s0: connection refused" || st.Members[2].State != Up {
			t.Errorf("state %+v", st)
		}
	})
}

func TestFinalErrorIsReturnedAndMarksNone(t *testing.T) {
	p := newPool(t, First, 2, nil)
	wrongPassword := errors.New("invalid credentials")
	_, err := p.Open(t.Context(), func(context.Context, *server.Server) error { return server.Final(wrongPassword) })
	if err != wrongPassword {
		t.Errorf("error %v, want %v", err, wrongPassword)
	}
	if st := p.State(); st.Members[0].State != Up || st.Connections != 0 {
		t.Errorf("state %+v", st)
	}
}

func TestCanceledMarksNone(t *testing.T) {
	p := newPool(t, First, 2, nil)
	ctx, cancel := context.WithCancel(t.Context())
	n := 0
	_, err := p.Open(ctx, func(ctx context.Context, s *server.Server) error {
		if n++; n == 2 {
			cancel()
			return ctx.Err()
		}
		return errRefused
	})
	if !errors.Is(err, context.Canceled) || !errors.Is(err, errRefused) {
		t.Errorf("error %v", err)
	}
	if want := "pool: context canceled: ldap://s0:389: connection refused; ldap://s1:389: context canceled"; err.Error() != want {
		t.Errorf("%s\nwant %s", err, want)
	}
	if st := p.State(); st.Members[1].State != Up || st.Connections != 0 {
		t.Errorf("state %+v", st)
	}
	if _, err := p.Open(ctx, works); err != context.Canceled {
		t.Errorf("error %v, want the context's own", err)
	}
}

// A server that does not answer is to blame for the end of the time if it had
// a second.
func TestDeadlineMarksWhoHadTime(t *testing.T) {
	for lasts, want := range map[time.Duration]Health{999 * time.Millisecond: Up, time.Second: Quarantined} {
		synctest.Test(t, func(t *testing.T) {
			p := newPool(t, First, 1, nil)
			ctx, cancel := context.WithTimeout(t.Context(), lasts)
			defer cancel()
			_, err := p.Open(ctx, hang)
			if !errors.Is(err, context.DeadlineExceeded) || !strings.Contains(err.Error(), "ldap://s0:389: context deadline exceeded") {
				t.Errorf("error %v", err)
			}
			if got := p.State().Members[0].State; got != want {
				t.Errorf("a server that did not answer for %v is %s, want %s", lasts, got, want)
			}
		})
	}
}

func hang(ctx context.Context, _ *server.Server) error {
	<-ctx.Done()
	return ctx.Err()
}

func TestEachTryHasItsShare(t *testing.T) {
	for total, want := range map[time.Duration][]time.Duration{
		12 * time.Second: {4 * time.Second, 4 * time.Second, 4 * time.Second},
		5 * time.Second:  {2 * time.Second, 2 * time.Second, time.Second},
		time.Second:      {time.Second},
	} {
		synctest.Test(t, func(t *testing.T) {
			p := newPool(t, First, 3, nil)
			ctx, cancel := context.WithTimeout(t.Context(), total)
			defer cancel()
			var lasted []time.Duration
			_, err := p.Open(ctx, func(ctx context.Context, s *server.Server) error {
				begin := time.Now()
				<-ctx.Done()
				lasted = append(lasted, time.Since(begin))
				return ctx.Err()
			})
			if !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("error %v", err)
			}
			if !slices.Equal(lasted, want) {
				t.Errorf("of %v the tries have %v, want %v", total, lasted, want)
			}
		})
	}
}

func TestPanicOfTryLeavesThePoolWhole(t *testing.T) {
	p := newPool(t, First, 1, nil)
	func() {
		defer func() {
			if r := recover(); r != "boom" {
				t.Errorf("recovered %v", r)
			}
		}()
		_, _ = p.Open(t.Context(), func(context.Context, *server.Server) error { panic("boom") })
	}()
	if st := p.State(); st.Connections != 0 || st.Members[0].State != Up {
		t.Errorf("state %+v", st)
	}
	if got := newTrial().open(t.Context(), p); got != "s0" {
		t.Errorf("opened %s", got)
	}
}

func TestEmptyPool(t *testing.T) {
	p := mustPool(t, nil, nil)
	if _, err := p.Open(t.Context(), works); !errors.Is(err, ErrEmpty) {
		t.Errorf("error %v, want %v", err, ErrEmpty)
	}
	if _, err := p.Pick(); !errors.Is(err, ErrEmpty) {
		t.Errorf("error %v, want %v", err, ErrEmpty)
	}
	s := newServer(t, "a")
	if err := p.Add(Member{Server: s}); err != nil {
		t.Fatal(err)
	}
	if got := newTrial().open(t.Context(), p); got != "a" {
		t.Errorf("opened %s", got)
	}
	if err := p.Remove(s); err != nil {
		t.Fatal(err)
	}
	if _, err := p.Open(t.Context(), works); !errors.Is(err, ErrEmpty) {
		t.Errorf("error %v, want %v", err, ErrEmpty)
	}
}

func TestLimit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newServers(t, 2)
		p := mustPool(t, []Member{{Server: s[0], MaxConnections: 2}, {Server: s[1], MaxConnections: 1}}, options(First, &Options{Active: 1}))
		var uses []*server.Use
		var hosts []string
		for range 3 {
			use, err := p.Open(t.Context(), works)
			if err != nil {
				t.Fatal(err)
			}
			uses = append(uses, use)
			hosts = append(hosts, use.Server().Host())
		}
		if want := []string{"s0", "s0", "s1"}; !slices.Equal(hosts, want) {
			t.Errorf("opened %q, want %q", hosts, want)
		}
		_, err := p.Open(t.Context(), works)
		if want := "pool exhausted: ldap://s0:389: at its limit of 2 connections; ldap://s1:389: at its limit of 1 connections"; err == nil || err.Error() != want {
			t.Errorf("%v\nwant %s", err, want)
		}
		if st := p.State(); st.Members[0].State != Up || st.Members[1].State != Up {
			t.Errorf("state %+v", st)
		}
		uses[1].Close()
		if got := newTrial().open(t.Context(), p); got != "s0" {
			t.Errorf("opened %s, want s0, which has room again", got)
		}
	})
}

// One who waits for a place takes it when it is free.
func TestFreePlaceEndsTheWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := mustPool(t, []Member{{Server: newServer(t, "a"), MaxConnections: 1}}, nil)
		use, err := p.Open(t.Context(), works)
		if err != nil {
			t.Fatal(err)
		}
		time.AfterFunc(3*time.Second, use.Close)
		begin := time.Now()
		if got := newTrial().open(t.Context(), p); got != "a" || time.Since(begin) != 3*time.Second {
			t.Errorf("opened %s after %v, want a after 3 s", got, time.Since(begin))
		}
	})
}

func TestLostConnectionMarksOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPool(t, First, 2, nil)
		var uses []*server.Use
		for range 3 {
			use, err := p.Open(t.Context(), works)
			if err != nil {
				t.Fatal(err)
			}
			uses = append(uses, use)
		}
		uses[0].Failed(errors.New("busy"))
		if st := p.State().Members[0]; st.State != Quarantined || st.LastError != "busy" || st.Quarantines != 1 {
			t.Errorf("state %+v", st)
		}
		time.Sleep(time.Minute)
		if got := newTrial().open(t.Context(), p); got != "s0" {
			t.Fatalf("opened %s", got)
		}
		uses[1].Failed(errors.New("lost")) // the same outage, noticed late
		if st := p.State().Members[0]; st.State != Up {
			t.Errorf("state %+v", st)
		}
		for _, use := range uses {
			use.Close()
		}
		if st := p.State(); st.Connections != 0 {
			t.Errorf("%d connections left", st.Connections)
		}
	})
}

func TestFailureWithoutCause(t *testing.T) {
	m, err := NewMachine(Servers(newServer(t, "a")), &Options{Active: 1})
	if err != nil {
		t.Fatal(err)
	}
	var o Opening
	m.Next(&o, 0)
	m.Failed(&o, 0, nil)
	if d := m.Next(&o, 0); d.Err == nil || d.Err.Error() != "pool exhausted: ldap://a:389: failed" {
		t.Errorf("decision %+v", d)
	}
}

// A cause that names its server names it once.
func TestCausesNameServersOnce(t *testing.T) {
	p := newPool(t, First, 2, &Options{Active: 1})
	_, err := p.Open(t.Context(), func(_ context.Context, s *server.Server) error { return errors.New(s.URL() + ": connect: refused") })
	if want := "pool exhausted: ldap://s0:389: connect: refused; ldap://s1:389: connect: refused"; err == nil || err.Error() != want {
		t.Errorf("%v\nwant %s", err, want)
	}
}
