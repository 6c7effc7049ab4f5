package pool

import "math/rand/v2"

// order is a strategy at work on the entries of one group. It picks among the
// ready ones in a time that does not depend on how many there are or are not
// ready, or grows with the logarithm.
type order interface {
	// reset begins with the entries of a group, after some came or went.
	reset(entries []*entry)
	// put tells that an entry has become ready, drop that it no longer is.
	put(e *entry)
	drop(e *entry)
	// pick returns a ready entry, nil if there is none.
	pick() *entry
	// among is pick, but among some of the ready entries, at least one, by index.
	among(some []*entry) *entry
	// moved tells that the connections of an entry have changed.
	moved(e *entry)
}

var (
	_ order = (*first)(nil)
	_ order = (*roundRobin)(nil)
	_ order = (*random)(nil)
	_ order = (*weighted)(nil)
	_ order = (*fewest)(nil)
	_ order = (*fastest)(nil)
)

func newOrder(s Strategy, rng *rand.Rand) order {
	switch s {
	case First:
		return &first{}
	case Random:
		return &random{list{rng: rng}}
	case Weighted:
		return &weighted{rng: rng, now: 2 * stride} // all turns of 0 are past
	case FewestConnections:
		return &fewest{rng: rng}
	case Fastest:
		return &fastest{list{rng: rng}}
	}
	return &roundRobin{rng: rng}
}

type first struct {
	entries []*entry
	ready   bitmap
}

func (o *first) reset(entries []*entry) { o.entries, o.ready = entries, newBitmap(entries) }
func (o *first) put(e *entry)           { o.ready.put(int(e.index)) }
func (o *first) drop(e *entry)          { o.ready.drop(int(e.index)) }
func (o *first) moved(*entry)           {}

func (o *first) pick() *entry {
	if i := o.ready.next(0); i != none {
		return o.entries[i]
	}
	return nil
}

func (o *first) among(some []*entry) *entry { return some[0] }

type roundRobin struct {
	rng     *rand.Rand
	entries []*entry
	ready   bitmap
	last    *entry // the one picked last, nil at the start
	next    int    // where to begin
}

func (o *roundRobin) reset(entries []*entry) {
	o.entries, o.ready = entries, newBitmap(entries)
	switch {
	case o.last == nil && len(entries) > 0:
		o.next = o.rng.IntN(len(entries))
	case len(entries) == 0:
		o.last = nil
	case o.last.parent == nil: // it was removed, and the next one is in its place
		before := (int(o.last.index) + len(entries) - 1) % len(entries)
		o.take(entries[before])
	default:
		o.take(o.last)
	}
}

func (o *roundRobin) put(e *entry)  { o.ready.put(int(e.index)) }
func (o *roundRobin) drop(e *entry) { o.ready.drop(int(e.index)) }
func (o *roundRobin) moved(*entry)  {}

func (o *roundRobin) pick() *entry {
	i := o.ready.next(o.next)
	if i == none {
		if i = o.ready.next(0); i == none {
			return nil
		}
	}
	return o.take(o.entries[i])
}

func (o *roundRobin) take(e *entry) *entry {
	o.last, o.next = e, int(e.index)+1
	return e
}

func (o *roundRobin) among(some []*entry) *entry {
	for _, e := range some {
		if int(e.index) >= o.next {
			return o.take(e)
		}
	}
	return o.take(some[0])
}

// list has the ready entries in no order, for drawing.
type list struct {
	rng   *rand.Rand
	ready []*entry
}

func (o *list) reset(entries []*entry) {
	o.ready = make([]*entry, 0, len(entries))
	for _, e := range entries {
		if e.ready {
			o.put(e)
		}
	}
}

func (o *list) put(e *entry) {
	e.place = int32(len(o.ready))
	o.ready = append(o.ready, e)
}

func (o *list) drop(e *entry) {
	last := len(o.ready) - 1
	o.ready[e.place] = o.ready[last]
	o.ready[e.place].place = e.place
	o.ready[last] = nil
	o.ready = o.ready[:last]
	e.place = none
}

func (o *list) moved(*entry) {}

func (o *list) draw(from []*entry) *entry { return from[o.rng.Uint32N(uint32(len(from)))] }

type random struct{ list }

func (o *random) pick() *entry {
	if len(o.ready) == 0 {
		return nil
	}
	return o.draw(o.ready)
}

func (o *random) among(some []*entry) *entry { return o.draw(some) }

type fastest struct{ list }

func (o *fastest) pick() *entry {
	if len(o.ready) == 0 {
		return nil
	}
	return o.among(o.ready)
}

func (o *fastest) among(some []*entry) *entry {
	a, b := o.draw(some), o.draw(some)
	if b.latency < a.latency {
		return b
	}
	return a
}

// weighted gives each entry its next turn a stride after the last, the shorter
// the heavier it is, and picks the one whose turn is due. So turns of one entry
// are evenly spread, and shares are exact to a slot of the wheel.
type weighted struct {
	rng     *rand.Rand
	entries []*entry
	wheel   wheel
	now     uint64 // the turn of the last pick
}

// stride is the distance of the turns of a weight of 1.
const stride = 1 << 32

// MaxWeight is the greatest weight of a member.
const MaxWeight = 1 << 16

func (e *entry) stride() uint64 { return stride / uint64(e.weight) }

func (o *weighted) reset(entries []*entry) {
	o.entries = entries
	longest := uint64(1)
	for _, e := range entries {
		longest = max(longest, e.stride())
	}
	o.wheel.reset(len(entries), longest)
	for _, e := range entries {
		if e.ready {
			o.put(e)
		}
	}
}

// put gives an entry that was away, or is new, a turn within its next stride: it
// does not make up for what it missed.
func (o *weighted) put(e *entry) {
	if e.turn-o.now > e.stride() {
		e.turn = o.now + o.rng.Uint64N(e.stride())
	}
	o.wheel.put(e.turn, e.index)
}

func (o *weighted) drop(e *entry) { o.wheel.take(e.index) }
func (o *weighted) moved(*entry)  {}

func (o *weighted) pick() *entry {
	if o.wheel.count == 0 {
		return nil
	}
	e := o.entries[o.wheel.due(o.now)]
	o.now = e.turn
	o.advance(e)
	return e
}

// advance gives an entry its next turn, no later than the wheel can have it.
func (o *weighted) advance(e *entry) {
	o.wheel.take(e.index)
	e.turn += min(e.stride(), o.wheel.round()-1<<o.wheel.shift-(e.turn-o.now))
	o.wheel.put(e.turn, e.index)
}

func (o *weighted) among(some []*entry) *entry {
	best := some[0]
	for _, e := range some[1:] {
		if int64(e.turn-best.turn) < 0 {
			best = e
		}
	}
	o.advance(best)
	return best
}

// fewest picks the entry with the fewest connections, and among equals the one
// with the earliest turn: each pick is the latest.
type fewest struct {
	rng     *rand.Rand
	entries []*entry
	heap    heap
	turn    uint64
}

// fewestTurns is how many picks there are until turns begin again. Then equals
// are once out of turn, no more.
const fewestTurns = 1 << 40

func (o *fewest) reset(entries []*entry) {
	o.entries = entries
	o.heap.reset(len(entries))
	for _, e := range entries {
		if e.ready {
			o.put(e)
		}
	}
}

func (o *fewest) key(e *entry) uint64 { return uint64(e.connections)*fewestTurns + e.turn }

// put gives an entry that is new a turn before those of all that were picked,
// and among the new ones any.
func (o *fewest) put(e *entry) {
	const news = 1 << 20
	o.turn = max(o.turn, news)
	if e.turn == 0 {
		e.turn = 1 + o.rng.Uint64N(news-1)
	}
	o.heap.push(o.key(e), e.index)
}

func (o *fewest) drop(e *entry)  { o.heap.remove(e.index) }
func (o *fewest) moved(e *entry) { o.heap.change(o.key(e), e.index) }

func (o *fewest) pick() *entry {
	if len(o.heap.items) == 0 {
		return nil
	}
	return o.take(o.entries[o.heap.items[0].index])
}

func (o *fewest) take(e *entry) *entry {
	if o.turn++; o.turn == fewestTurns {
		o.turn = 1
	}
	e.turn = o.turn
	o.moved(e)
	return e
}

func (o *fewest) among(some []*entry) *entry {
	best := some[0]
	for _, e := range some[1:] {
		if int64(o.key(e)-o.key(best)) < 0 {
			best = e
		}
	}
	return o.take(best)
}
