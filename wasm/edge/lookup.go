package edge

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/ldapedge/ldapedge/dn"
	"github.com/ldapedge/ldapedge/ldap/filter"
	"github.com/ldapedge/ldapedge/ldap/message"
)

// lookup is a [LookupConfig] made ready.
type lookup struct {
	*LookupConfig
	place      *place
	base       dn.DN
	filter     filter.Filter
	scope      message.Scope
	parameters map[string]*parameter
	names      []string // of the parameters, sorted
	// baseVaries tells that the base has parameters.
	baseVaries bool
	// refreshing are the answers that are being got anew.
	refreshing map[string]bool
}

type parameter struct {
	ParameterConfig
	pattern *regexp.Regexp
}

// placeholder is where a parameter's value goes.
var placeholder = regexp.MustCompile(`\{([A-Za-z][A-Za-z0-9_-]*)\}`)

func (e *Edge) makeLookups() error {
	for i := range e.config.Lookups {
		config := &e.config.Lookups[i]
		l := &lookup{LookupConfig: config, place: e.places[config.Pool], parameters: map[string]*parameter{}, refreshing: map[string]bool{}}
		path, err := l.make()
		if err != nil {
			return wrong(err, "lookups[%d].%s", i, path)
		}
		e.lookups[l.Name] = l
	}
	return nil
}

// make makes ready what the configuration says; path is what is wrong with it.
func (l *lookup) make() (path string, err error) {
	switch {
	case l.place == nil:
		return "pool", fmt.Errorf("there is no pool or server %q", l.Pool)
	case len(l.Attributes) == 0:
		return "attributes", errors.New("there are none")
	case l.SizeLimit < 0:
		return "sizeLimit", fmt.Errorf("%d is negative", l.SizeLimit)
	case min(l.Cache.Seconds, l.Cache.StaleSeconds, l.Cache.StaleIfErrorSeconds) < 0:
		return "cache", errors.New("a time is negative")
	}
	if l.SizeLimit == 0 {
		l.SizeLimit = DefaultSizeLimit
	}
	if l.scope, err = scopeNamed(l.Scope); err != nil {
		return "scope", err
	}
	if l.base, err = dn.Parse(l.Base); err != nil {
		return "base", err
	}
	if l.filter, err = filter.Parse(l.Filter); err != nil {
		return "filter", err
	}
	for _, rdn := range l.base {
		for _, ava := range rdn {
			l.baseVaries = l.uses(ava.Value) || l.baseVaries
		}
	}
	for a := range l.filter.Assertions() {
		for _, text := range append([]string{a.Value, a.Initial, a.Final}, a.Any...) {
			l.uses(text)
		}
		if placeholder.MatchString(a.Attribute + a.Rule) {
			return "filter", errors.New("parameters stand for values, or parts of values")
		}
	}
	for name, config := range l.Parameters {
		p := l.parameters[name]
		if p == nil {
			return "parameters." + name, fmt.Errorf("neither base nor filter has {%s}", name)
		}
		p.ParameterConfig = config
		if p.pattern, err = regexp.Compile(`^(?:` + config.Pattern + `)$`); err != nil {
			return "parameters." + name + ".pattern", err
		}
		if config.MaxLength < 0 {
			return "parameters." + name + ".maxLength", fmt.Errorf("%d is negative", config.MaxLength)
		}
	}
	l.names = slices.Sorted(maps.Keys(l.parameters))
	return "", nil
}

// uses notes the parameters of a text, and tells whether it has any.
func (l *lookup) uses(text string) bool {
	all := placeholder.FindAllStringSubmatch(text, -1)
	for _, one := range all {
		l.parameters[one[1]] = &parameter{}
	}
	return len(all) > 0
}

// values returns the parameters' values that a caller gives.
func (l *lookup) values(query url.Values) (map[string]string, error) {
	c := call{query: query}
	if err := c.only(l.names...); err != nil {
		return nil, err
	}
	values := map[string]string{}
	for _, name := range l.names {
		p := l.parameters[name]
		value := query.Get(name)
		if !query.Has(name) && p.Default != nil {
			values[name] = *p.Default
			continue
		}
		if err := p.check(value); err != nil {
			return nil, newProblem(400, "usage", fmt.Sprintf("the parameter %s: %v", name, err))
		}
		values[name] = value
	}
	return values, nil
}

func (p *parameter) check(value string) error {
	most := p.MaxLength
	if most == 0 {
		most = DefaultMaxLength
	}
	switch {
	case value == "":
		return errors.New("it is missing")
	case len(value) > most:
		return fmt.Errorf("it is longer than %d bytes", most)
	case !utf8.ValidString(value):
		return errors.New("it is not UTF-8")
	case p.pattern != nil && !p.pattern.MatchString(value):
		return errors.New("it is not what is expected")
	}
	return nil
}

// request is the search with the values.
func (l *lookup) request(values map[string]string) (message.SearchRequest, error) {
	fill := func(text string) string {
		return placeholder.ReplaceAllStringFunc(text, func(found string) string { return values[found[1:len(found)-1]] })
	}
	r := message.SearchRequest{Base: l.base.String(), Scope: l.scope, Attributes: l.Attributes, SizeLimit: l.SizeLimit}
	if l.baseVaries {
		base := make(dn.DN, len(l.base))
		for i, rdn := range l.base {
			base[i] = slices.Clone(rdn)
			for j := range rdn {
				base[i][j].Value = fill(rdn[j].Value)
			}
		}
		r.Base = base.String()
	}
	var err error
	r.Filter, err = l.filter.Map(func(a filter.Assertion) (filter.Assertion, error) {
		a.Value, a.Initial, a.Final = fill(a.Value), fill(a.Initial), fill(a.Final)
		a.Any = slices.Clone(a.Any)
		for i := range a.Any {
			a.Any[i] = fill(a.Any[i])
		}
		return a, nil
	})
	return r, err
}

// lookup answers GET /lookup/{name}.
func (e *Edge) lookup(t *task, c *call) error {
	name := c.parts[0]
	l := e.lookups[name]
	pool := ""
	if l != nil {
		pool = l.Pool
	}
	if !t.rights.lookup(name, pool) {
		return t.rights.refusal("this caller may not use a look-up %s", quoted(name))
	}
	if l == nil {
		return newProblem(404, "unknown-lookup", "there is no look-up "+quoted(name))
	}
	values, err := l.values(c.query)
	if err != nil {
		return err
	}
	request, err := l.request(values)
	if err != nil {
		return err
	}
	q := &query{edge: e, task: t, place: l.place, request: request, lines: wantsLines(t.request.Accept)}
	switch {
	case q.lines:
		q.then = func(f *found, err error) {
			if err != nil {
				t.fail(err)
				return
			}
			q.respondLines(f)
		}
		q.run()
	case l.Cache.Seconds == 0:
		q.then = func(f *found, err error) { l.respond(t, f, err) }
		q.run()
	default:
		l.cached(q, l.key(&t.rights, values))
	}
	return nil
}

// key is that of an answer: callers with other rights have other ones.
func (l *lookup) key(r *rights, values map[string]string) string {
	var b strings.Builder
	b.WriteString("lookup:" + r.key() + l.Name)
	for _, name := range l.names {
		b.WriteString("&" + name + "=" + url.QueryEscape(values[name]))
	}
	return b.String()
}

// nothing tells whether an error only says that the entry that the caller's values
// name is not there.
func (l *lookup) nothing(err error) bool {
	return l.baseVaries && err != nil && problemOf(err).Status == 404
}

// respond answers with what was found, and with nothing kept.
func (l *lookup) respond(t *task, f *found, err error) {
	if l.nothing(err) {
		f, err = &found{complete: true}, nil
	}
	if err != nil {
		t.fail(err)
		return
	}
	t.respondJSON(f.document())
}

// cached answers with an answer that was kept, and gets a new one if there is none
// or it is old.
func (l *lookup) cached(q *query, key string) {
	t := q.task
	t.do(Step{Do: DoLook, Name: key}, func(ev Event) {
		at, body, ok := keptAnswer(ev)
		age := t.now.Sub(at)
		ok = ok && age >= 0
		switch {
		case ok && age < seconds(l.Cache.Seconds, 0), ok && l.refreshing[key] && age < seconds(l.Cache.Seconds+l.Cache.StaleSeconds, 0):
			l.respondKept(t, body, age, true)
			return
		case ok && age < seconds(l.Cache.Seconds+l.Cache.StaleSeconds, 0):
			l.respondKept(t, body, age, false)
			l.refresh(q, key)
			return
		}
		ok = ok && age < seconds(l.Cache.Seconds+l.Cache.StaleIfErrorSeconds, 0)
		q.then = func(f *found, err error) {
			if l.nothing(err) {
				f, err = &found{complete: true}, nil
			}
			switch {
			case err == nil:
				document := f.document()
				l.keep(t, key, document, func() { l.respondNew(t, document) })
			case ok && problemOf(err).Status >= 502:
				l.respondKept(t, body, t.now.Sub(at), true)
			default:
				t.fail(err)
			}
		}
		q.run()
	})
}

// refresh gets a new answer once the client has the old one.
func (l *lookup) refresh(q *query, key string) {
	t := q.task
	end := func() {
		delete(l.refreshing, key)
		t.do(Step{Do: DoEnd}, nil)
	}
	l.refreshing[key] = true
	t.onDrop = func() { delete(l.refreshing, key) }
	t.then = func(Event) {
		q.then = func(f *found, err error) {
			if l.nothing(err) {
				f, err = &found{complete: true}, nil
			}
			if err != nil {
				end()
				return
			}
			l.keep(t, key, f.document(), end)
		}
		q.run()
	}
}

// keep stores an answer with its time.
func (l *lookup) keep(t *task, key string, document []byte, then func()) {
	record := append(strconv.AppendInt(nil, t.now.UnixMilli(), 10), '\n')
	t.do(Step{Do: DoStore, Name: key, Seconds: l.Cache.kept(), Bytes: append(record, document...)}, func(Event) { then() })
}

// keptAnswer reads what keep has stored.
func keptAnswer(ev Event) (at time.Time, document []byte, ok bool) {
	head, document, ok := bytes.Cut(ev.Bytes, []byte{'\n'})
	ms, err := strconv.ParseInt(string(head), 10, 64)
	return time.UnixMilli(ms), document, ev.Kind == EventFound && ok && err == nil
}

func (l *lookup) respondNew(t *task, document []byte) {
	t.respond(200, []Field{
		{"content-type", "application/json"}, {"cache-control", "private, max-age=" + strconv.Itoa(l.Cache.Seconds)},
		{"vary", "Authorization"}, {"cache-status", "ldapedge; fwd=miss; stored"},
	}, document)
}

// respondKept answers with an answer of that age (RFC 9111 §5.1, RFC 9211).
func (l *lookup) respondKept(t *task, document []byte, age time.Duration, last bool) {
	left := seconds(l.Cache.Seconds, 0) - age
	t.respond(200, []Field{
		{"content-type", "application/json"}, {"cache-control", "private, max-age=" + strconv.Itoa(atMost(left))},
		{"vary", "Authorization"}, {"age", strconv.Itoa(atMost(age))},
		{"cache-status", "ldapedge; hit; ttl=" + strconv.Itoa(int(left/time.Second))},
	}, document)
	t.step.Last = last
}
