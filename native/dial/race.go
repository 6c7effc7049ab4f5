package dial

import (
	"context"
	"net"
	"time"
)

// connected is the outcome of an address in a race.
type connected struct {
	index     int
	candidate Candidate
	conn      net.Conn
	err       error
	took      time.Duration
}

// race connects to the candidates (RFC 8305 §5): the next is begun when the
// delay is over or one has failed, and the first that connects wins. The others
// are given up, and closed should they connect all the same. rest are the
// candidates other than the winner that have not failed. No connection is
// returned when all have failed or the context is done. later is how many more
// targets there are, which share the time.
func (o *opening) race(ctx context.Context, candidates []Candidate, later int) (won connected, rest []Candidate) {
	r := racing{o: o, candidates: candidates, later: later, results: make(chan connected), over: make(chan struct{})}
	r.begun = make([]time.Time, len(candidates))
	r.failed = make([]bool, len(candidates))
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer close(r.over)
	won = r.run(ctx)
	for i, c := range candidates {
		if !r.failed[i] && (won.conn == nil || i != won.index) {
			rest = append(rest, c)
		}
	}
	return won, rest
}

// racing is the state of a race.
type racing struct {
	o          *opening
	candidates []Candidate
	later      int
	results    chan connected
	over       chan struct{} // closed when nobody takes results any more

	started int
	running int
	begun   []time.Time
	failed  []bool
}

func (r *racing) run(ctx context.Context) connected {
	if len(r.candidates) == 1 { // against nobody: what a goroutine and a timer take is saved
		if c := r.next(ctx)(); !r.lost(c) {
			return c
		}
		return connected{}
	}
	delay := time.NewTimer(r.o.d.raceDelay())
	defer delay.Stop()
	for r.start(ctx); r.running > 0; {
		next := delay.C
		if r.started == len(r.candidates) {
			next = nil
		}
		select {
		case c := <-r.results:
			r.running--
			if !r.lost(c) {
				return c
			}
		case <-next:
		case <-ctx.Done():
			r.giveUp(ctx)
			return connected{}
		}
		if r.started < len(r.candidates) {
			r.start(ctx)
			delay.Reset(r.o.d.raceDelay())
		}
	}
	return connected{}
}

// start begins the next candidate.
func (r *racing) start(ctx context.Context) {
	connect := r.next(ctx)
	r.running++
	go func() {
		c := connect()
		select {
		case r.results <- c:
		case <-r.over:
			if c.conn != nil {
				c.conn.Close()
			}
		}
	}()
}

// next returns what connects to the next candidate, whose time begins now.
func (r *racing) next(ctx context.Context) func() connected {
	c := connected{index: r.started, candidate: r.candidates[r.started]}
	begin := time.Now()
	r.begun[c.index] = begin
	r.o.stage = furthest(r.o.stage, StageConnect)
	timeout := share(ctx, r.o.server, len(r.candidates)-r.started+r.later)
	r.started++
	return func() connected {
		ctx, cancel := context.WithTimeout(ctx, timeout)
		defer cancel()
		c.conn, c.err = r.o.d.connect(ctx, c.candidate)
		c.err = timedOut(ctx, c.err, begin)
		c.took = time.Since(begin)
		return c
	}
}

// lost tells whether a candidate has failed, and notes it.
func (r *racing) lost(c connected) bool {
	if c.err == nil {
		return false
	}
	r.failed[c.index] = true
	r.o.fail(c.candidate, StageConnect, c.err, c.took)
	return true
}

// giveUp notes those that were running as failed, for lack of time.
func (r *racing) giveUp(ctx context.Context) {
	for i := range r.started {
		if !r.failed[i] {
			r.failed[i] = true
			r.o.fail(r.candidates[i], StageConnect, timedOut(ctx, ctx.Err(), r.begun[i]), time.Since(r.begun[i]))
		}
	}
	r.o.untried += len(r.candidates) - r.started
}
