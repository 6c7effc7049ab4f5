//go:build !small

package facade

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"math"
	"sync"

	"github.com/ldapedge/ldapedge/ldap"
	"github.com/ldapedge/ldapedge/ldap/control"
	"github.com/ldapedge/ldapedge/ldap/entrytext"
	"github.com/ldapedge/ldapedge/ldap/filter"
	"github.com/ldapedge/ldapedge/ldap/message"
)

// entryCalls are what a host can ask about searches for entries.
var entryCalls = map[string]handler{
	"searchEntries": searchEntries,
	"nextEntries":   nextEntries,
	"endSearch":     endSearch,
}

// maxBatch is how many bytes of entries wait for the host before the search does
// so itself; one entry may be more.
const maxBatch = 256 << 10

// entrySearch is a search in progress. What it finds waits in a batch, which the
// host fetches; a full one holds the search up.
type entrySearch struct {
	cancel context.CancelCauseFunc
	ended  chan struct{} // closed with the end of its goroutine
	ready  chan struct{} // has room for one token: there is something to fetch
	space  chan struct{} // likewise: something was fetched

	text entrytext.Writer // nil if the entries are wanted

	mu    sync.Mutex
	batch bytes.Buffer
	count int
	done  bool
	found *SearchEnd
	err   error
}

// searchRequest is a [message.SearchRequest] and [ldap.SearchOptions] as a host
// gives them.
type searchRequest struct {
	Base        string   `json:"base"`
	Scope       string   `json:"scope"`
	Filter      string   `json:"filter"`
	Attributes  []string `json:"attributes"`
	Deref       string   `json:"deref"`
	SizeLimit   int      `json:"sizeLimit"`
	TimeLimit   int      `json:"timeLimit"`
	TypesOnly   bool     `json:"typesOnly"`
	PageSize    int      `json:"pageSize"`
	ManageDsaIT bool     `json:"manageDsaIT"`
	// Page is one page that is asked for by itself.
	Page *struct {
		Size   int32  `json:"size"`
		Cookie []byte `json:"cookie"`
	} `json:"page"`
	Sort []struct {
		Attribute string `json:"attribute"`
		Rule      string `json:"rule"`
		Reverse   bool   `json:"reverse"`
	} `json:"sort"`
}

// scopes and derefs are by the names that hosts have for them.
var (
	scopes = map[string]message.Scope{"base": message.ScopeBase, "one": message.ScopeOne, "sub": message.ScopeSub}
	derefs = map[string]message.Deref{
		"": message.DerefNever, "never": message.DerefNever, "search": message.DerefInSearching,
		"find": message.DerefFindingBase, "always": message.DerefAlways,
	}
)

func (r searchRequest) request() (made message.SearchRequest, err error) {
	made = message.SearchRequest{
		Base: r.Base, Attributes: r.Attributes, SizeLimit: r.SizeLimit, TimeLimit: r.TimeLimit, TypesOnly: r.TypesOnly,
	}
	var known bool
	if made.Scope, known = scopes[r.Scope]; !known {
		return made, usage("scope %q: base, one or sub is expected", r.Scope)
	}
	if made.Deref, known = derefs[r.Deref]; !known {
		return made, usage("deref %q: never, search, find or always is expected", r.Deref)
	}
	for name, n := range map[string]int{"sizeLimit": r.SizeLimit, "timeLimit": r.TimeLimit, "pageSize": r.PageSize} {
		if n < 0 || n > math.MaxInt32 {
			return made, usage("%s %d: 0 to 2147483647 is expected", name, n)
		}
	}
	if r.Filter != "" {
		if made.Filter, err = filter.Parse(r.Filter); err != nil {
			return made, filterError(r.Filter, err)
		}
	}
	return made, nil
}

func (r searchRequest) options() (*ldap.SearchOptions, error) {
	o := &ldap.SearchOptions{PageSize: r.PageSize}
	if r.ManageDsaIT {
		o.Controls = append(o.Controls, control.ManageDsaIT.Control())
	}
	if len(r.Sort) > 0 {
		sort := control.Sort{Critical: true}
		for _, key := range r.Sort {
			sort.Keys = append(sort.Keys, control.SortKey{Attribute: key.Attribute, Rule: key.Rule, Reverse: key.Reverse})
		}
		o.Controls = append(o.Controls, sort.Control())
	}
	if r.Page != nil {
		if r.PageSize != 0 || r.Page.Size < 1 {
			return nil, usage("a page of %d entries: 1 or more is expected, and no pageSize beside", r.Page.Size)
		}
		o.Controls = append(o.Controls, control.PagedResults{Size: r.Page.Size, Cookie: r.Page.Cookie}.Control())
	}
	return o, nil
}

// searchEntries begins a search, whose entries nextEntries fetches.
func searchEntries(_ context.Context, c *call) (any, error) {
	h, err := c.readConnection()
	if err != nil {
		return nil, err
	}
	var p struct {
		Request searchRequest `json:"request"`
		// Format has the entries written as text; empty for the entries themselves.
		Format entrytext.Format `json:"format"`
	}
	if err := c.read(&p); err != nil {
		return nil, err
	}
	request, err := p.Request.request()
	if err != nil {
		return nil, err
	}
	options, err := p.Request.options()
	if err != nil {
		return nil, err
	}
	s := &entrySearch{ended: make(chan struct{}), ready: make(chan struct{}, 1), space: make(chan struct{}, 1)}
	if p.Format != "" {
		o := entrytext.Options{Attributes: request.Attributes, TypesOnly: request.TypesOnly, Schema: h.Schema}
		if s.text, err = entrytext.NewWriter(&s.batch, p.Format, o); err != nil {
			return nil, usage("%v", err)
		}
	}
	id, err := c.facade.begin(h, s, h.NewSearch(request, options))
	if err != nil {
		return nil, err
	}
	return struct {
		Search int `json:"search"`
	}{id}, nil
}

// begin begins a search on a connection that is not closed.
func (f *Facade) begin(h *heldConnection, s *entrySearch, q *ldap.Search) (id int, err error) {
	ctx, cancel := context.WithCancelCause(h.context)
	s.cancel = cancel
	id = f.handles.keep(s)
	h.mu.Lock()
	if h.searches == nil {
		h.mu.Unlock()
		f.handles.drop(id)
		cancel(nil)
		return 0, h.failed(ldap.ErrNotOpen)
	}
	h.searches[id] = true
	h.mu.Unlock()
	go func() {
		defer close(s.ended)
		s.run(ctx, h, q)
		cancel(nil)
		h.mu.Lock()
		delete(h.searches, id)
		h.mu.Unlock()
	}()
	return id, nil
}

// run does the search.
func (s *entrySearch) run(ctx context.Context, h *heldConnection, q *ldap.Search) {
	var failed error
	for e, err := range q.Entries(ctx) {
		if err == nil {
			err = s.put(ctx, e)
		}
		if err != nil {
			failed = err
			break
		}
	}
	s.mu.Lock()
	if s.text != nil {
		failed = errors.Join(failed, s.text.Flush())
	}
	s.done = true
	if failed != nil {
		s.err = h.failed(failed)
	} else {
		s.found, s.err = searchEnd(q)
	}
	s.mu.Unlock()
	token(s.ready)
}

// put adds an entry to the batch, once there is room.
func (s *entrySearch) put(ctx context.Context, e ldap.Entry) error {
	for {
		s.mu.Lock()
		if s.batch.Len() < maxBatch {
			break
		}
		s.mu.Unlock()
		select {
		case <-s.space:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
	defer token(s.ready)
	defer s.mu.Unlock()
	s.count++
	if s.text != nil {
		return errors.Join(s.text.Write(e), s.text.Flush())
	}
	if s.batch.Len() > 0 {
		s.batch.WriteByte(',')
	}
	s.batch.Write(appendEntry(s.batch.AvailableBuffer(), e))
	return nil
}

// token wakes whoever waits.
func token(to chan struct{}) {
	select {
	case to <- struct{}{}:
	default:
	}
}

// Batch is what a search has found since the last one.
type Batch struct {
	// Entries are as [appendEntry] writes them, with commas between; or Text is what
	// they are written as.
	Entries []byte `json:"-"`
	Text    string `json:"text,omitempty"`
	// Count is how many there are.
	Count int `json:"count"`
	// End is there with the last one.
	End *SearchEnd `json:"end,omitempty"`
}

func (b *Batch) appendJSON(dst []byte) []byte {
	rest, _ := json.Marshal(b) // strings and numbers always marshal
	dst = append(dst, rest[:len(rest)-1]...)
	if b.Entries != nil {
		dst = append(append(append(dst, `,"entries":[`...), b.Entries...), ']')
	}
	return append(dst, '}')
}

// take returns what there is; nil if the search has to find more first.
func (s *entrySearch) take() (*Batch, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.batch.Len() == 0 && s.err != nil {
		return nil, s.err
	}
	if s.batch.Len() == 0 && !s.done {
		return nil, nil
	}
	b := &Batch{Count: s.count}
	if s.text != nil {
		b.Text = s.batch.String()
	} else {
		b.Entries = append([]byte{}, s.batch.Bytes()...)
	}
	s.batch.Reset()
	s.count = 0
	if s.done && s.err == nil {
		b.End = s.found
	}
	return b, nil
}

// ofSearch are the parameters of every call about a search.
type ofSearch struct {
	Search int `json:"search"`
}

func (c *call) readSearch() (*entrySearch, int, error) {
	var p ofSearch
	if err := c.read(&p); err != nil {
		return nil, 0, err
	}
	s, err := held[*entrySearch](c.facade, "search", p.Search)
	return s, p.Search, err
}

// nextEntries answers with the next [Batch] once there is one. With the last one,
// and with an error, the search is over.
func nextEntries(ctx context.Context, c *call) (any, error) {
	s, id, err := c.readSearch()
	if err != nil {
		return nil, err
	}
	for {
		b, err := s.take()
		if err != nil || b != nil && b.End != nil {
			c.facade.handles.drop(id)
		}
		if err != nil || b != nil {
			token(s.space)
			return b, err
		}
		select {
		case <-s.ready:
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		}
	}
}

// endSearch abandons a search.
func endSearch(ctx context.Context, c *call) (any, error) {
	s, id, err := c.readSearch()
	if err != nil {
		return nil, err
	}
	c.facade.handles.drop(id)
	s.cancel(errCancelled)
	select {
	case <-s.ended:
		return nil, nil
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
}
