package dial

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/ldapedge/ldapedge/ldap"
	"github.com/ldapedge/ldapedge/ldap/message"
	"github.com/ldapedge/ldapedge/server"
)

// Depth is how far a check goes.
type Depth string

// The depths. Each has the ones before in it.
const (
	// CheckTCP connects, as python ldap3's check_availability does.
	CheckTCP Depth = "tcp"
	// CheckTLS does TLS as [Dialer.Conn] would: nothing more than CheckTCP with
	// a server that has none.
	CheckTLS Depth = "tls"
	// CheckLDAP searches for the root DSE, without a bind or attributes. Whatever
	// the server answers, it is alive, unless it answers busy or unavailable, or
	// that it disconnects.
	CheckLDAP Depth = "ldap"
)

var depths = []Depth{CheckTCP, CheckTLS, CheckLDAP}

// checkedAtOnce is how many addresses are checked at the same time.
const checkedAtOnce = 16

// Report is the outcome of a check of all addresses.
type Report struct {
	// URL is the server's.
	URL   string
	Depth Depth
	// Results are one for each candidate, in the order in which they would be
	// tried, and one for each host named by SRV records that does not resolve.
	Results []Result
	// Err tells why there is no candidate.
	Err error
}

// Alive tells whether an address answered.
func (r *Report) Alive() bool {
	return slices.ContainsFunc(r.Results, func(r Result) bool { return r.Err == nil })
}

// Result is the outcome of a check of one address.
type Result struct {
	Candidate
	// Latency is the time until the server answered, or until it failed.
	Latency time.Duration
	// Facts are those of the TLS session, nil without TLS.
	Facts *Facts
	// Stage is what failed, empty if nothing did, and Err is why.
	Stage Stage
	Err   error
}

// Cause returns why the address does not answer, without the address; empty if
// it does.
func (r Result) Cause() string {
	if r.Err == nil {
		return ""
	}
	return causeText(r.Err)
}

// Check checks all addresses of a server, within its connect timeout. Nothing is
// left open.
func (d *Dialer) Check(ctx context.Context, s *server.Server, depth Depth) *Report {
	report := &Report{URL: s.URL(), Depth: depth}
	t, err := d.prepareCheck(s, depth)
	if err != nil {
		report.Err = err
		return report
	}
	caller := ctx
	ctx, cancel := context.WithTimeout(ctx, s.ConnectTimeout())
	defer cancel()
	candidates, missing, err := d.candidates(ctx, s)
	if err != nil {
		report.Err = err
		return report
	}
	report.Results = make([]Result, len(candidates))
	var all sync.WaitGroup
	room := make(chan struct{}, checkedAtOnce)
	for i, c := range candidates {
		room <- struct{}{}
		all.Go(func() {
			defer func() { <-room }()
			if err := ctx.Err(); err != nil {
				report.Results[i] = Result{Candidate: c, Stage: StageConnect, Err: fmt.Errorf("not tried: %w", err)}
				return
			}
			rounds := (len(candidates) - i + checkedAtOnce - 1) / checkedAtOnce
			report.Results[i] = d.checkOne(ctx, c, share(ctx, s, rounds), d.checking(s, t, depth))
			d.remember(caller, report.Results[i])
		})
	}
	all.Wait()
	for _, a := range missing {
		report.Results = append(report.Results, Result{
			Candidate: Candidate{Address: a.Address, Source: SourceSRV, Availability: Unknown},
			Latency:   a.Duration, Stage: a.Stage, Err: a.Err,
		})
	}
	return report
}

func (d *Dialer) checkOne(ctx context.Context, c Candidate, timeout time.Duration, finish step) Result {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	r := Result{Candidate: c, Stage: StageConnect}
	begin := time.Now()
	stream, err := d.connect(ctx, c)
	if err == nil {
		var conn *Conn
		conn, r.Stage, err = finish(ctx, &Conn{Conn: stream, Candidate: c})
		if err == nil {
			r.Facts = conn.Facts
			defer conn.Close()
		}
	}
	r.Err = timedOut(ctx, err, begin)
	r.Latency = time.Since(begin)
	return r
}

// remember marks the address of a result.
func (d *Dialer) remember(caller context.Context, r Result) {
	switch {
	case r.Err == nil:
		d.marks.set(r.Candidate, Available)
	case caller.Err() == nil:
		d.marks.set(r.Candidate, Failed)
	}
}

// CheckFirst checks a server's addresses as [Dialer.Conn] tries them, and
// returns the result of the first that answers. The error is an [*Error].
// Nothing is left open.
func (d *Dialer) CheckFirst(ctx context.Context, s *server.Server, depth Depth) (Result, error) {
	t, err := d.prepareCheck(s, depth)
	if err != nil {
		return Result{}, err
	}
	begin := time.Now()
	c, err := d.open(ctx, s, d.checking(s, t, depth))
	if err != nil {
		return Result{}, err
	}
	defer c.Close()
	return Result{Candidate: c.Candidate, Facts: c.Facts, Latency: time.Since(begin)}, nil
}

// Probe returns what tells a pool whether a server is alive: [Dialer.CheckFirst]
// without the result.
func (d *Dialer) Probe(depth Depth) func(ctx context.Context, s *server.Server) error {
	return func(ctx context.Context, s *server.Server) error {
		_, err := d.CheckFirst(ctx, s, depth)
		return err
	}
}

func (d *Dialer) prepareCheck(s *server.Server, depth Depth) (*trust, error) {
	if !slices.Contains(depths, depth) {
		return nil, &Error{URL: s.URL(), Stage: StageConfigure, Err: fmt.Errorf("there is no check of depth %q", depth)}
	}
	t, err := d.prepare(s)
	if err != nil {
		return nil, &Error{URL: s.URL(), Stage: StageConfigure, Err: err}
	}
	return t, nil
}

// checking is what a check of the depth does once it is connected.
func (d *Dialer) checking(s *server.Server, t *trust, depth Depth) step {
	return func(ctx context.Context, c *Conn) (*Conn, Stage, error) {
		if depth == CheckTCP {
			return c, "", nil
		}
		c, stage, err := d.secure(ctx, c, s, t)
		if err != nil || depth == CheckTLS {
			return c, stage, err
		}
		if err := searchRootDSE(ctx, c); err != nil {
			c.Close()
			return nil, StageLDAP, err
		}
		return c, "", nil
	}
}

// searchRootDSE tells whether the server answers, and unbinds.
func searchRootDSE(ctx context.Context, c *Conn) error {
	result, m, err := exchange(ctx, c, func(m *message.Machine) (int32, error) {
		return m.Search(message.SearchRequest{Attributes: []string{"1.1"}})
	})
	if err != nil {
		return err
	}
	if result.Code == message.ResultBusy || result.Code == message.ResultUnavailable {
		return &ldap.ResultError{Op: "search", Result: result}
	}
	m.Unbind()
	c.SetWriteDeadline(time.Now().Add(time.Second))
	c.Write(m.Output()) // that it is not heard of is no failure
	return nil
}
