package edge

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/ldapedge/ldapedge/dn"
	"github.com/ldapedge/ldapedge/ldap/filter"
	"github.com/ldapedge/ldapedge/ldap/message"
	"github.com/ldapedge/ldapedge/ldap/policy"
	"github.com/ldapedge/ldapedge/schemajson"
)

// searched returns a place that the caller may search, and how.
func (e *Edge) searched(t *task, name string) (*place, []*searchGrant, error) {
	grants := t.rights.searches(name)
	if len(grants) == 0 {
		return nil, nil, t.rights.refusal("this caller may not search %s", quoted(name))
	}
	return e.places[name], grants, nil
}

// search answers GET /search/{pool}?base=&scope=&filter=&attrs=&limit=.
func (e *Edge) search(t *task, c *call) error {
	p, grants, err := e.searched(t, c.parts[0])
	if err != nil {
		return err
	}
	if err := c.only("base", "scope", "filter", "attrs", "limit"); err != nil {
		return err
	}
	r, err := searchRequest(c, grants)
	if err != nil {
		return err
	}
	q := &query{edge: e, task: t, place: p, request: r, grants: grants, byDefault: c.list("attrs") == nil, lines: wantsLines(t.request.Accept)}
	q.then = func(f *found, err error) {
		switch {
		case err != nil:
			t.fail(err)
		case q.lines:
			q.respondLines(f)
		default:
			t.respondJSON(f.document())
		}
	}
	q.run()
	return nil
}

func searchRequest(c *call, grants []*searchGrant) (r message.SearchRequest, err error) {
	r.Base = c.query.Get("base")
	if !c.query.Has("base") {
		if len(grants) > 1 || len(grants[0].Bases) > 1 {
			return r, newProblem(400, "usage", "the parameter base is missing: the DN of the entry to search from")
		}
		r.Base = grants[0].Bases[0]
	}
	if err := dn.Check(r.Base); err != nil {
		return r, newProblem(400, "usage", "base "+quoted(r.Base)+": "+err.Error())
	}
	if r.Scope, err = scopeNamed(c.query.Get("scope")); err != nil {
		return r, newProblem(400, "usage", "scope: "+err.Error())
	}
	if text := c.query.Get("filter"); text != "" {
		if r.Filter, err = filter.Parse(text); err != nil {
			return r, newProblem(400, "usage", "filter: "+err.Error())
		}
	} else {
		r.Filter = filter.Present(objectClass)
	}
	if r.Attributes = c.list("attrs"); r.Attributes == nil {
		r.Attributes = grants[0].Attributes
	}
	if given := c.query.Get("limit"); given != "" {
		if r.SizeLimit, err = strconv.Atoi(given); err != nil || r.SizeLimit < 1 {
			return r, newProblem(400, "usage", "limit "+quoted(given)+": a number from 1 is expected")
		}
	}
	return r, nil
}

const (
	objectClass = "objectClass"
	none        = "1.1" // asks for no attributes (RFC 4511 §4.5.1.8)
)

// entry answers GET /entry/{pool}/{dn}.
func (e *Edge) entry(t *task, c *call) error {
	p, grants, err := e.searched(t, c.parts[0])
	if err != nil {
		return err
	}
	if err := c.only("attrs"); err != nil {
		return err
	}
	name := strings.Join(c.parts[1:], "/")
	if err := dn.Check(name); err != nil {
		return newProblem(400, "usage", "the DN "+quoted(name)+": "+err.Error())
	}
	r := message.SearchRequest{Base: name, Scope: message.ScopeBase, Filter: filter.Present(objectClass), Attributes: c.list("attrs")}
	if r.Attributes == nil {
		r.Attributes = grants[0].Attributes
	}
	q := &query{edge: e, task: t, place: p, request: r, grants: grants, byDefault: c.list("attrs") == nil}
	q.then = func(f *found, err error) {
		switch {
		case err != nil:
			t.fail(err)
		case f.count == 0:
			t.fail(newProblem(404, "unknown-entry", "there is no entry "+quoted(name)+", or it is not to be seen"))
		default:
			t.respondJSON(f.text)
		}
	}
	q.run()
	return nil
}

// allowing returns the first grant that allows a request; the error is why the
// last does not.
func allowing(grants []*searchGrant, r message.SearchRequest, s *loadedSchema) (g *searchGrant, err error) {
	for _, g := range grants {
		if err = g.allows(r, s); err == nil {
			return g, nil
		}
	}
	return nil, err
}

// allows refuses what the grant does not list, and bases outside of its own.
func (g *searchGrant) allows(r message.SearchRequest, s *loadedSchema) error {
	known := g.listed(s)
	for _, name := range r.Attributes {
		if name != none && !known.has(name) {
			return newProblem(403, "not-permitted", "this caller may not ask for the attribute "+quoted(name))
		}
	}
	for a := range r.Filter.Assertions() {
		if a.Kind == filter.KindPresent && strings.EqualFold(a.Attribute, objectClass) {
			continue // every entry has it
		}
		if !known.has(a.Attribute) {
			return newProblem(403, "not-permitted", "this caller may not test the attribute "+quoted(a.Attribute))
		}
	}
	frame, err := message.AppendRequest(nil, 1, r)
	if err != nil {
		return usageError(err)
	}
	judge := g.session(s)
	if err := judge.FromClient(time.Time{}, frame); err != nil {
		return err
	}
	if refusal := judge.ToClient(); len(refusal) > 0 {
		return refused(refusal)
	}
	return nil
}

// session passes on what the grant allows.
func (g *searchGrant) session(s *loadedSchema) *policy.Session {
	if s == nil {
		return g.judge.Session()
	}
	if g.with != s {
		g.with, g.withSchema = s, g.judge.WithSchema(s.info)
	}
	return g.withSchema.Session()
}

// listed are attributes by what they are called in common.
type listed struct {
	info *schemajson.SchemaInfo
	keys []string
	all  bool
}

// listed returns the grant's attributes.
func (g *searchGrant) listed(s *loadedSchema) *listed {
	l := &listed{all: slices.Contains(g.Attributes, all)}
	if s != nil {
		l.info = s.info
	}
	for _, name := range g.Attributes {
		l.keys = append(l.keys, l.key(name))
	}
	return l
}

// key is the OID of an attribute, or its name in lower case where no schema knows
// it. Options do not count.
func (l *listed) key(description string) string {
	name, _, _ := strings.Cut(description, ";")
	if l.info != nil {
		if a := l.info.AttributeType(name); a != nil {
			return a.OID
		}
	}
	return strings.ToLower(name)
}

// has tells whether an attribute is listed.
func (l *listed) has(description string) bool {
	return description != "" && (l.all && description != "+" || slices.Contains(l.keys, l.key(description)))
}

// shows tells whether an attribute, or a supertype of it, is listed.
func (l *listed) shows(description string) bool {
	if l.has(description) {
		return true
	}
	if l.info == nil {
		return false
	}
	name, _, _ := strings.Cut(description, ";")
	if a := l.info.AttributeType(name); a != nil {
		for _, super := range l.info.Supertypes(a) {
			if slices.Contains(l.keys, super.OID) {
				return true
			}
		}
	}
	return false
}

// drops tells which attributes are taken out of entries.
func (g *searchGrant) drops(s *loadedSchema) func(description []byte) bool {
	l := g.listed(s)
	if l.all {
		return nil
	}
	known := map[string]bool{}
	return func(description []byte) bool {
		shows, seen := known[string(description)]
		if !seen {
			shows = l.shows(string(description))
			known[string(description)] = shows
		}
		return !shows
	}
}
