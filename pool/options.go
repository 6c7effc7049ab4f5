package pool

import (
	"context"
	"math/rand/v2"
	"strconv"
	"strings"
	"time"

	"github.com/ldapedge/ldapedge/server"
)

// Options are what can be said of a pool. The zero value has the defaults of
// python ldap3's ServerPool. Of a pool within another one Strategy and
// ReturnHome count, and no other may be given: the outermost pool's hold.
type Options struct {
	// Strategy is the order of the members. Default (""): [RoundRobin].
	Strategy Strategy
	// Active says whether, and how long, live servers are looked for. Default
	// (0): [Forever].
	Active Active
	// Exhaust says how long a server that was found dead stays out. Default
	// (0): it is quarantined instead, see the package's documentation.
	Exhaust Exhaust
	// LoopTimeout is the wait between two cycles. Default (0): 10 seconds, as
	// ldap3's POOLING_LOOP_TIMEOUT.
	LoopTimeout time.Duration

	// Quarantine is how long a server is out for the first time; the second
	// time in a row it is twice as long, and so on up to MaxQuarantine, each
	// lengthened or shortened by up to a fifth. Once it is back, each Quarantine
	// of health takes one time away. Default (0): 30 seconds.
	Quarantine time.Duration
	// MaxQuarantine bounds it. Default (0): 300 seconds.
	MaxQuarantine time.Duration
	// SlowStart is the time during which a server back from quarantine takes a
	// growing share of what would be its own: a tenth at first. Default (0):
	// none.
	SlowStart time.Duration
	// ReturnHome is how long an earlier member of a FIRST pool must be healthy
	// again before connections that were opened on a later one, because it was
	// out, are told to leave. They are told at different times, within another
	// half of it, while [Pool.Run] runs. Default (0): 60 seconds. Negative:
	// never.
	ReturnHome time.Duration

	// Checks are the background checks. Default: none.
	Checks Checks
	// Events is called with what happens, in its order, one at a time, by those
	// whose calls made it happen: it had better return soon. It may call the
	// pool, but must not close a connection or wait for one: the one that was
	// lost waits for it. Default (nil): nobody is told.
	Events func(Event)
	// Rand is the randomness. No other may use it at the same time. Default
	// (nil): one with a random seed.
	Rand *rand.Rand
}

// Checks are the background checks, which [Pool.Run] makes.
type Checks struct {
	// Probe tells whether a server is alive. Default (nil): no checks.
	Probe func(ctx context.Context, s *server.Server) error
	// Interval is the time between the checks of a server that is well, each
	// lengthened or shortened by up to a fifth. Default (0): 30 seconds.
	Interval time.Duration
	// DownInterval is the same for one that is not, or whose last check failed.
	// Default (0): 5 seconds.
	DownInterval time.Duration
	// Timeout bounds a check. Default (0): 5 seconds.
	Timeout time.Duration
	// Concurrency is how many checks run at once. Default (0): 8.
	Concurrency int
	// Fall is how many checks fail in a row before a server is out. Default (0): 3.
	Fall int
	// Rise is how many succeed in a row before it is back early; for one that
	// never was well before, and where all are out, those of other pools in the
	// tree too, one is enough. Default (0): 2.
	Rise int
}

// Active says whether live servers are looked for: a number of cycles,
// [Forever] or [Inactive]. In JSON true is Forever, and false or 0 Inactive.
type Active int

const (
	// Forever goes through all servers again and again until one can be opened
	// or the context ends.
	Forever Active = 0
	// Inactive goes through all servers once, and remembers of none that it
	// failed.
	Inactive Active = -1
)

// Exhaust says how long a server that was found dead stays out. Any positive
// value is a duration. In JSON true is [ExhaustForever], false or 0 is
// [NoExhaust], and a number is in seconds.
type Exhaust time.Duration

const (
	// NoExhaust leaves it to the quarantine.
	NoExhaust Exhaust = 0
	// ExhaustForever leaves a dead server out until a member is added or
	// removed.
	ExhaustForever Exhaust = -1
)

type durationOption struct {
	field    string
	value    *time.Duration
	standard time.Duration
}

func (o *Options) durations() []durationOption {
	return []durationOption{
		{"loop_timeout", &o.LoopTimeout, 10 * time.Second},
		{"quarantine", &o.Quarantine, 30 * time.Second},
		{"max_quarantine", &o.MaxQuarantine, max(300*time.Second, o.Quarantine)},
		{"slow_start", &o.SlowStart, 0},
		{"checks.interval", &o.Checks.Interval, 30 * time.Second},
		{"checks.down_interval", &o.Checks.DownInterval, 5 * time.Second},
		{"checks.timeout", &o.Checks.Timeout, 5 * time.Second},
	}
}

type countOption struct {
	field    string
	value    *int
	standard int
}

func (o *Options) counts() []countOption {
	return []countOption{
		{"checks.concurrency", &o.Checks.Concurrency, 8},
		{"checks.fall", &o.Checks.Fall, 3},
		{"checks.rise", &o.Checks.Rise, 2},
	}
}

// settle checks the options and returns them with the defaults filled in.
func (o Options) settle() (Options, error) {
	if o.Strategy == "" {
		o.Strategy = RoundRobin
	}
	if err := o.Strategy.check(); err != nil {
		return o, err
	}
	if o.Active < Inactive {
		return o, wrong("active", strconv.Itoa(int(o.Active)), "is no number of cycles")
	}
	if o.Exhaust < ExhaustForever {
		return o, wrong("exhaust", time.Duration(o.Exhaust).String(), "is negative")
	}
	if o.Exhaust != NoExhaust && o.Active == Inactive {
		return o, wrong("exhaust", o.Exhaust.text(), "is for active pools alone")
	}
	for _, d := range o.durations() {
		if *d.value < 0 {
			return o, wrong(d.field, d.value.String(), "is negative")
		}
		if *d.value == 0 {
			*d.value = d.standard
		}
	}
	if o.MaxQuarantine < o.Quarantine {
		return o, wrong("max_quarantine", o.MaxQuarantine.String(), "is less than quarantine, "+o.Quarantine.String())
	}
	for _, n := range o.counts() {
		if *n.value < 0 {
			return o, wrong(n.field, strconv.Itoa(*n.value), "is negative")
		}
		if *n.value == 0 {
			*n.value = n.standard
		}
	}
	if o.ReturnHome == 0 {
		o.ReturnHome = defaultReturnHome
	}
	if o.Rand == nil {
		o.Rand = rand.New(rand.NewPCG(rand.Uint64(), rand.Uint64()))
	}
	return o, nil
}

// within returns an error if an option is given that is the outermost pool's
// alone.
func (o Options) within() error {
	const reason = "is for the outermost pool alone"
	for _, given := range []struct {
		field, value string
		is           bool
	}{
		{"active", o.Active.text(), o.Active != 0},
		{"exhaust", o.Exhaust.text(), o.Exhaust != 0},
		{"checks.probe", "func", o.Checks.Probe != nil},
		{"events", "func", o.Events != nil},
		{"rand", "rand", o.Rand != nil},
	} {
		if given.is {
			return wrong(given.field, given.value, reason)
		}
	}
	for _, d := range o.durations() {
		if *d.value != 0 {
			return wrong(d.field, d.value.String(), reason)
		}
	}
	for _, n := range o.counts() {
		if *n.value != 0 {
			return wrong(n.field, strconv.Itoa(*n.value), reason)
		}
	}
	return nil
}

func (a Active) text() string {
	switch a {
	case Forever:
		return "true"
	case Inactive:
		return "false"
	}
	return strconv.Itoa(int(a))
}

// MarshalJSON returns true, false or the number of cycles.
func (a Active) MarshalJSON() ([]byte, error) { return []byte(a.text()), nil }

// UnmarshalJSON reads true, false or a number of cycles.
func (a *Active) UnmarshalJSON(b []byte) error {
	switch text := string(b); text {
	case "true":
		*a = Forever
	case "false", "0":
		*a = Inactive
	default:
		n, err := strconv.ParseInt(text, 10, 32)
		if err != nil || n < 1 {
			return wrong("active", excerpt(b), "is neither true nor false nor a number of cycles")
		}
		*a = Active(n)
	}
	return nil
}

func (e Exhaust) text() string {
	switch e {
	case NoExhaust:
		return "false"
	case ExhaustForever:
		return "true"
	}
	return strconv.FormatFloat(time.Duration(e).Seconds(), 'f', -1, 64)
}

// MarshalJSON returns true, false or the seconds.
func (e Exhaust) MarshalJSON() ([]byte, error) { return []byte(e.text()), nil }

// UnmarshalJSON reads true, false or seconds.
func (e *Exhaust) UnmarshalJSON(b []byte) error {
	switch string(b) {
	case "true":
		*e = ExhaustForever
	case "false":
		*e = NoExhaust
	default:
		n, err := strconv.ParseFloat(string(b), 64)
		d, ok := duration(n)
		if err != nil || !ok || d < 0 {
			return wrong("exhaust", excerpt(b), "is neither true nor false nor a number of seconds")
		}
		*e = Exhaust(d)
	}
	return nil
}

const defaultReturnHome = 60 * time.Second

// excerpt returns the beginning of what was given, for an error.
func excerpt(b []byte) string {
	const most = 60
	if len(b) > most {
		return strings.ToValidUTF8(string(b[:most]), "") + "…"
	}
	return string(b)
}
