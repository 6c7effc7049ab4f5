package edge

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/ldapedge/ldapedge/formatters"
	"github.com/ldapedge/ldapedge/ldap"
	"github.com/ldapedge/ldapedge/ldap/message"
	"github.com/ldapedge/ldapedge/schemajson"
)

// query is a search of a place, for a task.
type query struct {
	edge    *Edge
	task    *task
	place   *place
	request message.SearchRequest
	// grants are what the caller may search, one of which must allow it; nil where
	// the configuration searches.
	grants []*searchGrant
	// byDefault tells that the attributes are the grant's: those that a server does
	// not know are left out.
	byDefault bool
	// lines has the entries written as lines, which are streamed.
	lines bool
	then  func(*found, error)

	entry func(message.Event) (ldap.Entry, error)
	drop  func(description []byte) bool // attributes, nil for none
	found found
	tries int
	parts []*part // entries of which there is more
	held  int     // bytes of the parts
}

// part is an entry of which the server has returned a part.
type part struct {
	ldap.Entry
	ranges *ldap.Ranges
}

// found is what a search has found.
type found struct {
	// text are the entries, separated by commas, or ended by line feeds.
	text  []byte
	count int
	// complete tells that there are no more.
	complete   bool
	references [][]string
}

// maxTries is how often a search is made if its server is lost.
const maxTries = 3

// run searches, and goes on with what was found. With lines the answer may have
// begun then. What is not granted is refused before anybody is asked, as far as the
// place's first server can tell.
func (q *query) run() {
	if q.tries++; q.tries > 1 || q.grants == nil {
		q.open()
		return
	}
	check := func(s *loadedSchema, err error) {
		if err == nil {
			_, err = allowing(q.grants, q.request, s)
		}
		if err != nil {
			q.then(nil, err)
			return
		}
		q.open()
	}
	if q.place.schema == "" {
		check(nil, nil)
		return
	}
	q.edge.withSchema(q.task, q.edge.schemas[q.place.schema], check)
}

func (q *query) open() {
	q.edge.open(q.task, q.place, func(c *connection, s *loadedSchema, err error) {
		if err != nil {
			q.then(nil, err)
			return
		}
		if err := q.start(c, s); err != nil {
			q.edge.release(q.task, func() { q.then(nil, err) })
		}
	})
}

// start sends the request.
func (q *query) start(c *connection, s *loadedSchema) error {
	know := c.member.knows(s)
	request := q.request
	if q.byDefault && s != nil {
		request.Attributes = known(request.Attributes, s)
	}
	request, err := know.Prepare(request)
	if err != nil {
		return usageError(err)
	}
	if q.grants != nil {
		g, err := allowing(q.grants, request, s)
		if err != nil {
			return err
		}
		if request.SizeLimit == 0 || request.SizeLimit > g.SizeLimit {
			request.SizeLimit = g.SizeLimit
		}
		c.judge = g.session(s)
		q.drop = g.drops(s)
	}
	q.found, q.parts, q.held, q.entry = found{}, nil, 0, know.Entries(request)
	if _, err := c.machine.Search(request); err != nil {
		return err
	}
	q.edge.exchangeAnd(q.task, q.task.deadline, q.take, q.piece, func(err error) { q.ended(c, err) })
	return nil
}

// known returns the attributes that a schema has; those that stand for others stay.
func known(names []string, s *loadedSchema) (some []string) {
	for _, name := range names {
		base, _, _ := strings.Cut(name, ";")
		if base == all || base == "+" || s.info.AttributeType(base) != nil {
			some = append(some, name)
		}
	}
	if some == nil {
		some = []string{none}
	}
	return some
}

// usageError is the error for what a caller has given that makes no sense.
func usageError(err error) error { return newProblem(400, "usage", err.Error()) }

// take takes a response.
func (q *query) take(ev message.Event) (done bool, err error) {
	switch ev.Op {
	case message.OpSearchResultEntry:
		return false, q.add(ev)
	case message.OpSearchResultReference:
		urls, err := ev.References()
		if len(q.found.references) < maxReferences {
			q.found.references = append(q.found.references, urls)
		}
		return false, err
	}
	if !ev.Done {
		return false, nil
	}
	result, err := ev.Result()
	switch {
	case err != nil:
		return true, err
	case result.Code == message.ResultSuccess:
		q.found.complete = true
	case result.Code != message.ResultSizeLimitExceeded:
		return true, &ldap.ResultError{Op: "search", Result: result}
	}
	return true, nil
}

// maxReferences bounds the references to other servers of an answer.
const maxReferences = 100

func (q *query) add(ev message.Event) error {
	e, err := q.entry(ev)
	if err != nil {
		return err
	}
	if ranges := ldap.NewRanges(e.Entry, 0); ranges != nil {
		q.parts = append(q.parts, &part{e, ranges})
		return q.hold(ev)
	}
	return q.write(e)
}

// write adds an entry to the answer.
func (q *query) write(e ldap.Entry) error {
	if q.drop != nil {
		e.Entry, _ = e.Entry.Without(q.drop)
	}
	if !q.lines && q.found.count > 0 {
		q.found.text = append(q.found.text, ',')
	}
	q.found.text = e.AppendJSON(q.found.text)
	if q.lines {
		q.found.text = append(q.found.text, '\n')
	}
	q.found.count++
	return q.fits(len(q.found.text))
}

// hold counts what is kept of an entry that is not whole.
func (q *query) hold(ev message.Event) error {
	q.held += ev.Size()
	return q.fits(q.held)
}

// fits refuses to keep more bytes than an answer may have.
func (q *query) fits(size int) error {
	most := q.edge.config.Limits.AnswerBytes
	if most == 0 {
		most = DefaultAnswerBytes
	}
	if size > most {
		return newProblem(413, "too-large", fmt.Sprintf("the answer is larger than %d bytes: ask for less, or with Accept: application/x-ndjson", most))
	}
	return nil
}

// piece streams the lines that came together.
func (q *query) piece(more func()) {
	if !q.lines || len(q.found.text) == 0 {
		more()
		return
	}
	q.stream(more)
}

// stream hands the lines over to the client.
func (q *query) stream(then func()) {
	t := q.task
	chunk := func(Event) {
		text := q.found.text
		q.found.text = nil
		t.do(Step{Do: DoChunk, Bytes: text}, func(Event) { then() })
	}
	if t.answered {
		chunk(Event{})
		return
	}
	t.answered = true
	t.do(Step{Do: DoRespond, Status: 200, Streamed: true, Fields: []Field{{"content-type", linesType}, {"cache-control", "no-store"}}}, chunk)
}

// ended is the end of the search.
func (q *query) ended(c *connection, err error) {
	e, t := q.edge, q.task
	if err == nil && len(q.parts) > 0 {
		q.rest(c)
		return
	}
	if err == nil {
		e.release(t, func() { q.then(&q.found, nil) })
		return
	}
	var result *ldap.ResultError
	var own *problem
	switch {
	case errors.As(err, &result) && !busy(err):
		e.release(t, func() { q.then(nil, err) })
		return
	case errors.As(err, &own):
		q.close(c, func() { q.then(nil, err) })
		return
	}
	c.lost(e, t.now, err)
	q.close(c, func() {
		if t.answered || q.tries == maxTries || !t.now.Before(t.deadline) {
			q.then(nil, err)
			return
		}
		q.run()
	})
}

// rest asks for the next values of the first entry that is not whole.
func (q *query) rest(c *connection) {
	p := q.parts[0]
	request, more := p.ranges.Next()
	if !more {
		q.parts = q.parts[1:]
		p.Entry.Entry = p.ranges.Entry()
		q.ended(c, q.write(p.Entry))
		return
	}
	if _, err := c.machine.Search(request); err != nil {
		q.ended(c, err)
		return
	}
	q.edge.exchangeAnd(q.task, q.task.deadline, func(ev message.Event) (bool, error) {
		if ev.Op == message.OpSearchResultEntry {
			e, err := ev.Entry()
			if err == nil {
				err = p.ranges.Take(e)
			}
			if err == nil {
				err = q.hold(ev)
			}
			return false, err
		}
		if !ev.Done {
			return false, nil
		}
		result, err := ev.Result()
		if err == nil && result.Code != message.ResultSuccess {
			err = &ldap.ResultError{Op: "search", Result: result}
		}
		return true, err
	}, q.piece, func(err error) { q.ended(c, err) })
}

// close closes a stream on which something may still be under way.
func (q *query) close(c *connection, then func()) {
	t := q.task
	t.do(Step{Do: DoClose}, func(Event) {
		t.stream = nil
		c.release(q.edge, t.now)
		then()
	})
}

// linesType is the media type of answers with an entry a line.
const linesType = "application/x-ndjson"

// wantsLines tells whether a client asks for lines.
func wantsLines(accept string) bool {
	for one := range strings.SplitSeq(accept, ",") {
		name, _, _ := strings.Cut(one, ";")
		if strings.EqualFold(strings.TrimSpace(name), linesType) {
			return true
		}
	}
	return false
}

// respondLines ends the answer with the lines that are left.
func (q *query) respondLines(f *found) {
	t := q.task
	if !f.complete {
		f.text = append(f.text, `{"complete":false}`+"\n"...)
	}
	if !t.answered {
		t.respond(200, []Field{{"content-type", linesType}, {"cache-control", "no-store"}}, f.text)
		return
	}
	end := func() { t.do(Step{Do: DoEnd}, nil) }
	if len(f.text) == 0 {
		end()
		return
	}
	q.stream(end)
}

// document is the answer with all that was found.
func (f *found) document() []byte {
	b := append([]byte(`{"entries":[`), f.text...)
	b = append(b, `],"complete":`...)
	b = fmt.Appendf(b, "%t", f.complete)
	if len(f.references) > 0 {
		b = append(b, `,"references":[`...)
		for i, urls := range f.references {
			if i > 0 {
				b = append(b, ',')
			}
			b = append(b, '[')
			for j, url := range urls {
				if j > 0 {
					b = append(b, ',')
				}
				b = schemajson.AppendJSONText(b, url)
			}
			b = append(b, ']')
		}
		b = append(b, ']')
	}
	return append(b, '}')
}

// problemOf is the answer to an error.
func problemOf(err error) *problem {
	var own *problem
	if errors.As(err, &own) {
		return own
	}
	var r *ldap.ResultError
	if errors.As(err, &r) {
		p := newProblem(502, "result", err.Error())
		p.Result = &result{int32(r.Code), r.Code.String(), r.Op, r.MatchedDN, r.Diagnostic}
		switch {
		case r.Op == "search" && r.Code == message.ResultNoSuchObject:
			p.Status = 404
		case busy(err):
			p.Status, p.retryAfter = 503, retryAfter
		case slices.Contains([]message.ResultCode{message.ResultTimeLimitExceeded, message.ResultAdminLimitExceeded}, r.Code):
			p.Status = 504
		}
		p.Title = titles[p.Status]
		return p
	}
	var name *ldap.NameError
	var value *formatters.ValueError
	if errors.As(err, &name) || errors.As(err, &value) {
		return newProblem(400, "usage", err.Error())
	}
	if errors.Is(err, errTimeout) {
		p := newProblem(504, "timeout", "the directory did not answer in time")
		p.retryAfter = retryAfter
		return p
	}
	p := newProblem(503, "unavailable", "the directory cannot be reached: "+err.Error())
	p.retryAfter = retryAfter
	return p
}

// result is what a directory has answered in place of success.
type result struct {
	Code int32 `json:"code"`
	// Name is the code's, as RFC 4511 has it.
	Name string `json:"name"`
	// Operation is what was asked for: "bind", "search".
	Operation  string `json:"operation"`
	MatchedDN  string `json:"matchedDN,omitempty"`
	Diagnostic string `json:"diagnosticMessage,omitempty"`
}
