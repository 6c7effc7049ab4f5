package dial

import (
	"cmp"
	"context"
	"errors"
	"math/rand/v2"
	"net"
	"slices"
	"strings"
	"time"

	"github.com/ldapedge/ldapedge/server"
)

// ErrNoService: the DNS says that the domain decidedly does not offer the
// service (RFC 2782, a target of ".").
var ErrNoService = errors.New("the domain does not offer the service")

// discover returns the hosts that the DNS names for the server's domain: those
// of the site first, then the others, each by priority and weight.
func (d *Dialer) discover(ctx context.Context, s *server.Server) ([]target, error) {
	var all []target
	var failed []error
	var domains []string
	if s.Site() != "" {
		domains = append(domains, s.Site()+"._sites."+s.Host())
	}
	for _, domain := range append(domains, s.Host()) {
		targets, err := d.located(ctx, s.Scheme(), domain)
		if err != nil {
			failed = append(failed, err)
			continue
		}
		for _, t := range targets {
			if !slices.Contains(all, t) {
				all = append(all, t)
			}
		}
	}
	if len(all) == 0 {
		return nil, joined(failed)
	}
	return all, nil
}

// located returns the targets of a domain, in order.
func (d *Dialer) located(ctx context.Context, scheme server.Scheme, domain string) ([]target, error) {
	if scheme == server.LDAPSRV {
		return d.records(ctx, "ldap", domain)
	}
	targets, err := d.records(ctx, "ldaps", domain)
	if err == nil || errors.Is(err, ErrNoService) {
		return targets, err
	}
	targets, other := d.records(ctx, "ldap", domain)
	if other != nil {
		return nil, joined([]error{err, other})
	}
	for i := range targets {
		if targets[i].port == 389 {
			targets[i].port = 636
		}
	}
	return targets, nil
}

// records returns the targets of _SERVICE._tcp.DOMAIN, in order.
func (d *Dialer) records(ctx context.Context, service, domain string) ([]target, error) {
	begin := time.Now()
	name := "_" + service + "._tcp." + domain
	records, err := d.services.get(ctx, strings.ToLower(name), d.cacheTime(), func(ctx context.Context) ([]*net.SRV, error) {
		_, found, err := d.resolver().LookupSRV(ctx, service, "tcp", rooted(domain))
		if len(found) > 0 {
			return found, nil // an error then is about others
		}
		if err == nil {
			err = &net.DNSError{Err: "no such host", Name: name, IsNotFound: true}
		}
		return nil, err
	})
	if err != nil {
		return nil, &LookupError{Name: name, Network: "srv", Err: timedOut(ctx, err, begin)}
	}
	var all []target
	for _, r := range d.draw(records) {
		if r.Target != "." && r.Target != "" {
			all = append(all, target{host: rooted(r.Target), port: int(r.Port), srv: true})
		}
	}
	if len(all) == 0 {
		return nil, &LookupError{Name: name, Network: "srv", Err: ErrNoService}
	}
	return all, nil
}

// rooted ends a name with a dot, lest a resolver appends domains to it.
func rooted(name string) string { return strings.TrimSuffix(name, ".") + "." }

// draw orders records by priority, and those of one priority at random by
// weight (RFC 2782).
func (d *Dialer) draw(records []*net.SRV) []*net.SRV {
	d.random.Lock()
	defer d.random.Unlock()
	pick := d.Rand
	if pick == nil {
		pick = rand.IntN
	}
	left := slices.Clone(records)
	// Weights of 0 come first, that they have a chance; the rest is that the
	// resolver's order does not matter.
	slices.SortFunc(left, func(a, b *net.SRV) int {
		return cmp.Or(cmp.Compare(a.Priority, b.Priority), cmp.Compare(a.Weight, b.Weight), cmp.Compare(a.Target, b.Target), cmp.Compare(a.Port, b.Port))
	})
	var all []*net.SRV
	for len(left) > 0 {
		i := drawOne(left, pick)
		all = append(all, left[i])
		left = slices.Delete(left, i, i+1)
	}
	return all
}

// drawOne returns the index of one of the records of the first priority.
func drawOne(records []*net.SRV, pick func(int) int) int {
	sum, last := 0, 0
	for i, r := range records {
		if r.Priority != records[0].Priority {
			break
		}
		sum, last = sum+int(r.Weight), i
	}
	switch {
	case last == 0:
		return 0
	case sum == 0:
		return pick(last + 1)
	}
	n := pick(sum + 1)
	for i := range last {
		if n -= int(records[i].Weight); n <= 0 {
			return i
		}
	}
	return last
}

// joinedError is several causes in one line.
type joinedError []error

func joined(all []error) error {
	if len(all) == 1 {
		return all[0]
	}
	return joinedError(all)
}

func (e joinedError) Error() string {
	texts := make([]string, len(e))
	for i, err := range e {
		texts[i] = err.Error()
	}
	return strings.Join(texts, "; ")
}

func (e joinedError) Unwrap() []error { return e }
