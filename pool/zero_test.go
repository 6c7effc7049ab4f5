package pool

import (
	"encoding/json"
	"errors"
	"sync"
	"testing"
)

// The zero value is an empty pool.
func TestZeroPool(t *testing.T) {
	var p Pool
	if _, err := p.Open(t.Context(), works); !errors.Is(err, ErrEmpty) {
		t.Errorf("%v", err)
	}
	if err := p.Add(Servers(newServers(t, 2)...)...); err != nil {
		t.Fatal(err)
	}
	if st := p.State(); st.Strategy != RoundRobin || len(st.Members) != 2 {
		t.Errorf("%+v", st)
	}
	outer := new(Pool)
	inner := new(Pool)
	if err := outer.Add(Member{Pool: inner}); err != nil {
		t.Fatal(err)
	}
	if err := inner.Add(Servers(newServer(t, "a"))...); err != nil || outer.Servers()[0].Host() != "a" {
		t.Errorf("%v", err)
	}
	if b, err := json.Marshal(new(Pool)); string(b) != `{"strategy":"ROUND_ROBIN","servers":[]}` {
		t.Errorf("%s, %v", b, err)
	}
	var both sync.WaitGroup
	raced := new(Pool)
	for _, s := range newServers(t, 8) {
		both.Go(func() {
			if err := raced.Add(Member{Server: s}); err != nil {
				t.Error(err)
			}
		})
	}
	if both.Wait(); len(raced.Servers()) != 8 {
		t.Errorf("%v", raced.Servers())
	}
}

func TestLeftBeforeNext(t *testing.T) {
	m, err := NewMachine(Servers(newServers(t, 2)...), nil)
	if err != nil {
		t.Fatal(err)
	}
	if n := m.Left(new(Opening)); n != 2 {
		t.Errorf("%d left", n)
	}
}
