package pool

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/ldapedge/ldapedge/server"
)

// model drives a machine by bytes, and knows what must be true of it.
type model struct {
	t        *testing.T
	m        *Machine
	input    []byte
	now      time.Duration
	servers  []*server.Server
	openings []*modelOpening
	holds    []*Hold
	checks   []*Check
	pools    []*Pool
}

type modelOpening struct {
	Opening
	tried map[*server.Server]int    // in which cycle, counted from 1
	wells map[*server.Server]uint64 // how often it had come back by then
}

func (f *model) next(n int) int {
	if len(f.input) == 0 {
		return 0
	}
	b := f.input[0]
	f.input = f.input[1:]
	return int(b) % n
}

func FuzzMachine(f *testing.F) {
	rng := rand.New(rand.NewPCG(3, 4))
	for range 40 {
		b := make([]byte, 600)
		for i := range b {
			b[i] = byte(rng.Uint32())
		}
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, input []byte) {
		(&model{t: t, input: input}).run()
	})
}

func (f *model) run() {
	f.servers = newServers(f.t, 12)
	o := &Options{
		Strategy:  strategies[f.next(len(strategies))],
		Active:    Active(f.next(4) - 1),
		SlowStart: time.Duration(f.next(2)) * 20 * time.Second,
		Rand:      rand.New(rand.NewPCG(uint64(f.next(256)), 0)),
	}
	if o.Active != Inactive {
		o.Exhaust = []Exhaust{NoExhaust, NoExhaust, ExhaustForever, Exhaust(15 * time.Second)}[f.next(4)]
	}
	var members []Member
	for range f.next(4) {
		p := mustPool(f.t, nil, &Options{Strategy: strategies[f.next(len(strategies))]})
		f.pools = append(f.pools, p)
		members = append(members, Member{Pool: p, Weight: 1 + f.next(5)})
	}
	m, err := NewMachine(members, o)
	if err != nil {
		f.t.Fatal(err)
	}
	f.m = m
	for len(f.input) > 0 {
		f.step()
		f.check()
	}
	for _, o := range f.openings {
		if o.current != nil {
			f.m.Dropped(&o.Opening, nil)
		}
	}
	for _, h := range f.holds {
		f.m.Closed(h)
	}
	f.openings, f.holds = nil, nil
	f.check()
}

func (f *model) step() {
	switch f.next(12) {
	case 0:
		f.now += time.Duration(f.next(256)) * 200 * time.Millisecond
	case 1:
		f.add()
	case 2:
		_ = f.m.Remove(f.now, f.servers[f.next(len(f.servers))])
	case 3, 4:
		if len(f.openings) < 6 {
			f.openings = append(f.openings, &modelOpening{tried: map[*server.Server]int{}, wells: map[*server.Server]uint64{}})
		}
	case 5, 6, 7:
		if len(f.openings) > 0 {
			f.open(f.next(len(f.openings)))
		}
	case 8:
		if len(f.holds) > 0 {
			f.m.Closed(f.holds[f.next(len(f.holds))])
		}
	case 9:
		if len(f.holds) > 0 {
			f.m.Lost(f.holds[f.next(len(f.holds))], f.now, errRefused)
		}
	case 10:
		f.checkServer()
	case 11:
		if s, err := f.m.Pick(f.now); err == nil && f.m.byURL[s.URL()] == nil {
			f.t.Fatalf("%s is picked, and is not in the pool", s)
		}
	}
}

func (f *model) add() {
	m := Member{Server: f.servers[f.next(len(f.servers))], Weight: f.next(9), MaxConnections: f.next(3)}
	if i := f.next(len(f.pools) + 1); i < len(f.pools) {
		_ = f.m.add(f.pools[i].group, f.now, []Member{m}) // as Pool.Add does
		return
	}
	_ = f.m.Add(f.now, m)
}

// open goes on with an opening.
func (f *model) open(i int) {
	o := f.openings[i]
	if o.current == nil {
		d := f.m.Next(&o.Opening, f.now)
		switch {
		case d.Err != nil:
			f.openings = append(f.openings[:i], f.openings[i+1:]...)
		case d.Server == nil:
			if d.At <= f.now {
				f.t.Fatalf("at %v it is to wait until %v", f.now, d.At)
			}
		case f.m.byURL[d.Server.URL()] == nil:
			f.t.Fatalf("%s is to be tried, and is not in the pool", d.Server)
		case o.tried[d.Server] == o.cycle+1 && !o.again(f.m.byURL[d.Server.URL()]):
			f.t.Fatalf("%s is to be tried twice in a cycle", d.Server)
		case f.m.o.Exhaust != NoExhaust && f.m.byURL[d.Server.URL()].out:
			f.t.Fatalf("%s is to be tried, and is exhausted", d.Server)
		default:
			o.tried[d.Server] = o.cycle + 1
			o.wells[d.Server] = f.m.byURL[d.Server.URL()].wells
		}
		return
	}
	switch f.next(3) {
	case 0:
		f.holds = append(f.holds, f.m.Opened(&o.Opening, f.now))
		f.openings = append(f.openings[:i], f.openings[i+1:]...)
	case 1:
		f.m.Failed(&o.Opening, f.now, errRefused)
	case 2:
		f.m.Dropped(&o.Opening, errRefused)
	}
}

// again tells whether a server was removed and added again since it was tried,
// or was seen well again while the opening waits.
func (o *modelOpening) again(m *member) bool {
	s := m.server
	if o.waiting && m.wells > o.wells[s] {
		return true
	}
	for m := range o.tries {
		if m.server == s && m != o.current {
			return true
		}
	}
	return false
}

func (f *model) checkServer() {
	if c, _ := f.m.NextCheck(f.now); c != nil {
		f.checks = append(f.checks, c)
	}
	if len(f.checks) > 0 && f.next(2) == 0 {
		i := f.next(len(f.checks))
		f.m.Checked(f.checks[i], f.now, []error{nil, errRefused}[f.next(2)])
		f.checks = append(f.checks[:i], f.checks[i+1:]...)
	}
}

// check compares what the machine keeps beside each other.
func (f *model) check() {
	f.t.Helper()
	open := map[*member]int{}
	for _, o := range f.openings {
		if o.current != nil {
			open[o.current]++
		}
	}
	for _, h := range f.holds {
		if !h.closed {
			open[h.member]++
		}
		if h.member.removed && !h.Leaving() && !h.closed {
			f.t.Fatalf("a connection to %s, which was removed, is not told to leave", h.member.server)
		}
	}
	outs := 0
	for _, s := range f.m.all {
		if s.connections != open[s] {
			f.t.Fatalf("%s has %d connections, want %d", s.server, s.connections, open[s])
		}
		if s.alive == s.out || s.ready != (s.alive && !s.full()) {
			f.t.Fatalf("%s: alive %v, out %v, ready %v, full %v", s.server, s.alive, s.out, s.ready, s.full())
		}
		if s.limit > 0 && s.connections > s.limit {
			f.t.Fatalf("%s has %d connections, more than its limit", s.server, s.connections)
		}
		if s.out {
			outs++
			if f.m.outs[s.outPlace] != s || s.until < f.m.due {
				f.t.Fatalf("%s is out until %v, looked at %v", s.server, s.until, f.m.due)
			}
			if f.m.o.Active == Inactive {
				f.t.Fatalf("%s is out of a pool that remembers nothing", s.server)
			}
		}
	}
	if outs != len(f.m.outs) || len(f.m.all) != len(f.m.byURL) || len(f.m.all) != f.m.root.servers {
		f.t.Fatalf("%d are out, %d noted; %d servers, %d by URL, %d in the tree", outs, len(f.m.outs), len(f.m.all), len(f.m.byURL), f.m.root.servers)
	}
	if err := checkGroup(f.m.root); err != nil {
		f.t.Fatal(err)
	}
}

// checkGroup compares a group's sums, and what its order keeps, with its
// entries.
func checkGroup(g *group) error {
	readies, alives, servers, connections := 0, 0, 0, 0
	for i, e := range g.entries {
		if e.parent != g || int(e.index) != i {
			return fmt.Errorf("entry %d has the index %d", i, e.index)
		}
		if e.group != nil {
			if err := checkGroup(e.group); err != nil {
				return err
			}
			servers += e.group.servers
		} else {
			servers++
		}
		if e.ready {
			readies++
		}
		if e.alive {
			alives++
		}
		connections += e.connections
	}
	if g.readies != readies || g.alives != alives || g.servers != servers || g.connections != connections {
		return fmt.Errorf("%d of %d ready, %d of %d alive, %d of %d servers, %d of %d connections",
			g.readies, readies, g.alives, alives, g.servers, servers, g.connections, connections)
	}
	if g.ready != (readies > 0) || g.alive != (alives > 0) {
		return fmt.Errorf("a group of %d ready and %d alive is ready %v, alive %v", readies, alives, g.ready, g.alive)
	}
	return checkOrder(g)
}

func checkOrder(g *group) error {
	switch o := g.order.(type) {
	case *first:
		return checkHas(g, func(e *entry) bool { return o.ready.next(int(e.index)) == int(e.index) })
	case *roundRobin:
		return checkHas(g, func(e *entry) bool { return o.ready.next(int(e.index)) == int(e.index) })
	case *random:
		return checkList(g, &o.list)
	case *fastest:
		return checkList(g, &o.list)
	case *weighted:
		count := 0
		for slot, head := range o.wheel.heads {
			if filled := o.wheel.filled[slot/64]>>(slot%64)&1 == 1; filled != (head != none) {
				return fmt.Errorf("slot %d is filled %v, begins with %d", slot, filled, head)
			}
			for i := head; i != none; {
				if ahead := g.entries[i].turn>>o.wheel.shift - o.now>>o.wheel.shift; ahead >= uint64(len(o.wheel.heads)) {
					return fmt.Errorf("entry %d is %d slots ahead", i, int64(ahead))
				}
				if count++; o.wheel.slot(g.entries[i].turn) != slot || count > len(g.entries) {
					return fmt.Errorf("entry %d is in slot %d, its turn in %d", i, slot, o.wheel.slot(g.entries[i].turn))
				}
				if i = o.wheel.next[i]; i == head {
					break
				}
			}
		}
		if count != o.wheel.count {
			return fmt.Errorf("%d in the wheel, counted %d", count, o.wheel.count)
		}
		return checkHas(g, func(e *entry) bool { return o.wheel.slots[e.index] != none })
	case *fewest:
		for i, item := range o.heap.items {
			if item.before(o.heap.items[max(0, (i-1)/4)]) {
				return fmt.Errorf("item %d is before its parent", i)
			}
			if e := g.entries[item.index]; item.key != o.key(e) || o.heap.places[item.index] != int32(i) {
				return fmt.Errorf("item %d has the key %d, its entry %d", i, item.key, o.key(e))
			}
		}
		return checkHas(g, func(e *entry) bool { return o.heap.places[e.index] != none })
	}
	return fmt.Errorf("order %T", g.order)
}

func checkList(g *group, l *list) error {
	return checkHas(g, func(e *entry) bool {
		return e.place != none && int(e.place) < len(l.ready) && l.ready[e.place] == e
	})
}

func checkHas(g *group, has func(*entry) bool) error {
	for _, e := range g.entries {
		if has(e) != e.ready {
			return fmt.Errorf("%s: entry %d is ready %v, in the order %v", g.strategy, e.index, e.ready, has(e))
		}
	}
	return nil
}
