package edge

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/ldapedge/ldapedge/ldap/policy"
)

// grant is a [GrantConfig] made ready.
type grant struct {
	*GrantConfig
	number   int
	searches []*searchGrant
	rate     float64 // requests a second
	burst    float64
}

// searchGrant is a [SearchGrant] made ready.
type searchGrant struct {
	*SearchGrant
	judge *policy.Policy

	// withSchema is judge with the schema with.
	withSchema *policy.Policy
	with       *loadedSchema
}

func (e *Edge) makeGrants() error {
	for i := range e.config.Grants {
		config := &e.config.Grants[i]
		perMinute := config.RequestsPerMinute
		if perMinute == 0 {
			perMinute = DefaultRate
		}
		g := &grant{GrantConfig: config, number: i, rate: float64(perMinute) / 60, burst: float64(config.Burst)}
		if config.Burst == 0 {
			g.burst = max(float64(perMinute)/10, 1)
		}
		if perMinute < 0 || config.Burst < 0 {
			return wrong(fmt.Errorf("%d requests a minute, %d at once: none is negative", perMinute, config.Burst), "grants[%d]", i)
		}
		for j := range config.Search {
			s, err := newSearchGrant(&config.Search[j])
			if err != nil {
				return wrong(err, "grants[%d].search[%d]", i, j)
			}
			g.searches = append(g.searches, s)
		}
		e.grants = append(e.grants, g)
	}
	return nil
}

func newSearchGrant(config *SearchGrant) (*searchGrant, error) {
	if config.SizeLimit < 0 {
		return nil, fmt.Errorf("sizeLimit %d is negative", config.SizeLimit)
	}
	if config.SizeLimit == 0 {
		config.SizeLimit = DefaultSizeLimit
	}
	judge, err := policy.New(policy.Rules{
		Operations: []policy.Operation{policy.Search}, Bases: config.Bases, RefuseRootDSE: true, RefuseSubschema: true,
		Controls: []string{}, ExtendedOperations: []string{}, SizeLimit: config.SizeLimit, StripReferrals: true,
	}, nil)
	return &searchGrant{SearchGrant: config, judge: judge}, err
}

// rights are what a caller may.
type rights struct {
	grants []*grant
	caller *Caller
}

// rightsOf returns what a caller may; err tells why it may nothing.
func (e *Edge) rightsOf(c *Caller) (r rights, err error) {
	if c.Refused != "" {
		p := newProblem(401, "not-authenticated", "the credential is not accepted: "+c.Refused)
		p.challenge = true
		return r, p
	}
	r.caller = c
	for _, g := range e.grants {
		if g.Anonymous || c.Subject != "" && (slices.Contains(g.Subjects, c.Subject) || slices.Contains(g.Subjects, all)) {
			r.grants = append(r.grants, g)
		}
	}
	if len(r.grants) == 0 {
		return r, r.refusal("there is nothing that this caller may ask for")
	}
	return r, nil
}

// refusal is the answer to what is not granted: who has not said who it is may do
// so.
func (r *rights) refusal(why string, args ...any) error {
	p := newProblem(403, "not-permitted", fmt.Sprintf(why, args...))
	if r.caller == nil || r.caller.Subject == "" {
		p = newProblem(401, "not-authenticated", p.Detail)
		p.challenge = true
	}
	return p
}

// schema tells whether a schema may be read.
func (r *rights) schema(name string) bool {
	return slices.ContainsFunc(r.grants, func(g *grant) bool { return lists(g.Schemas, name) })
}

// lookup tells whether a look-up may be used, of that pool.
func (r *rights) lookup(name, pool string) bool {
	return r.reaches(pool) && slices.ContainsFunc(r.grants, func(g *grant) bool { return lists(g.Lookups, name) })
}

// servers tells whether the servers may be seen.
func (r *rights) servers() bool {
	return slices.ContainsFunc(r.grants, func(g *grant) bool { return g.Servers })
}

// searches are what may be searched of a pool.
func (r *rights) searches(pool string) (some []*searchGrant) {
	if !r.reaches(pool) {
		return nil
	}
	for _, g := range r.grants {
		for _, s := range g.searches {
			if s.Pool == pool {
				some = append(some, s)
			}
		}
	}
	return some
}

// reaches tells whether the caller's credential lets it reach a pool or server:
// it can take from what is granted, and never adds to it.
func (r *rights) reaches(place string) bool {
	return !r.caller.Limited || slices.Contains(r.caller.Servers, place)
}

func lists(names []string, name string) bool {
	return slices.Contains(names, name) || slices.Contains(names, all)
}

// key is the same for callers with the same rights, and differs for others.
func (r *rights) key() string {
	var b strings.Builder
	for _, g := range r.grants {
		b.WriteString(strconv.Itoa(g.number))
		b.WriteByte('.')
	}
	if r.caller.Limited {
		names := slices.Clone(r.caller.Servers)
		slices.Sort(names)
		for _, name := range names {
			b.WriteString(strconv.Quote(name))
		}
		b.WriteByte('.')
	}
	return b.String()
}

// public tells whether everybody has the right, so that anybody may keep the
// answer.
func (r *rights) public(of func(*rights) bool) bool {
	anonymous := rights{caller: &Caller{}}
	for _, g := range r.grants {
		if g.Anonymous {
			anonymous.grants = append(anonymous.grants, g)
		}
	}
	return of(&anonymous)
}

// buckets hold the rate of each caller.
type buckets struct {
	byCaller map[string]*bucket
}

type bucket struct {
	left float64
	at   time.Time
	full time.Time // when it is full again, and can be forgotten
}

// maxBuckets bounds how many callers are remembered at a time.
const maxBuckets = 10_000

// take takes one request of the caller's; it returns how long to wait if there is
// none left.
func (b *buckets) take(r *rights, now time.Time) (wait time.Duration) {
	var rate, burst float64
	for _, g := range r.grants {
		if g.rate > rate {
			rate, burst = g.rate, g.burst
		}
	}
	if rate <= 0 {
		return 0
	}
	key := "s" + r.caller.Subject
	if r.caller.Subject == "" {
		key = "a" + r.caller.Address
	}
	one := b.byCaller[key]
	if one == nil {
		if b.byCaller == nil || len(b.byCaller) >= maxBuckets {
			b.byCaller = map[string]*bucket{}
		}
		one = &bucket{left: burst, at: now}
		b.byCaller[key] = one
	}
	one.left = min(burst, one.left+now.Sub(one.at).Seconds()*rate)
	one.at = now
	if one.left < 1 {
		return time.Duration((1 - one.left) / rate * float64(time.Second))
	}
	one.left--
	one.full = now.Add(time.Duration((burst - one.left) / rate * float64(time.Second)))
	return 0
}

// sweep forgets callers whose buckets are full.
func (b *buckets) sweep(now time.Time) {
	for key, one := range b.byCaller {
		if now.After(one.full) {
			delete(b.byCaller, key)
		}
	}
}
