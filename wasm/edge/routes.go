package edge

import (
	"math"
	"net/url"
	"slices"
	"strings"
	"time"
)

// titles are the names of statuses (RFC 9110 §15).
var titles = map[int]string{
	400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found", 405: "Method Not Allowed", 413: "Content Too Large",
	414: "URI Too Long", 429: "Too Many Requests", 500: "Internal Server Error", 502: "Bad Gateway", 503: "Service Unavailable",
	504: "Gateway Timeout",
}

// route is a path's first part.
type route struct {
	method string
	// rest is how many parts follow at least and at most.
	least, most int
	answer      func(*Edge, *task, *call) error
}

var routes = map[string]route{
	"":             {"GET", 0, 0, (*Edge).page},
	"openapi.json": {"GET", 0, 0, (*Edge).openAPI},
	"schema":       {"GET", 1, 3, (*Edge).schema},
	"effective":    {"GET", 0, 0, (*Edge).effective},
	"lint":         {"GET", 0, 0, (*Edge).lint},
	"diff":         {"GET", 0, 0, (*Edge).diff},
	"format":       {"POST", 0, 0, (*Edge).format},
	"lookup":       {"GET", 1, 1, (*Edge).lookup},
	"search":       {"GET", 1, 1, (*Edge).search},
	"entry":        {"GET", 2, math.MaxInt, (*Edge).entry},
	"servers":      {"GET", 0, 0, (*Edge).servers},
}

// call is a request with its target taken apart.
type call struct {
	// parts are those of the path after the first.
	parts []string
	query url.Values
}

// parse takes a target apart.
func parse(target string) (first string, c *call, err error) {
	if len(target) > maxTarget {
		return "", nil, newProblem(414, "too-long", "")
	}
	path, rawQuery, _ := strings.Cut(target, "?")
	path, ok := strings.CutPrefix(path, "/")
	if !ok {
		return "", nil, newProblem(400, "usage", "the path begins with a slash")
	}
	c = &call{}
	for part := range strings.SplitSeq(path, "/") {
		part, err := url.PathUnescape(part)
		if err != nil {
			return "", nil, newProblem(400, "usage", "the path is not readable: "+err.Error())
		}
		c.parts = append(c.parts, part)
	}
	if rawQuery != "" {
		if c.query, err = url.ParseQuery(rawQuery); err != nil {
			return "", nil, newProblem(400, "usage", "the query is not readable: "+err.Error())
		}
	}
	first, c.parts = c.parts[0], c.parts[1:]
	return first, c, nil
}

// route answers the task's request, or begins to.
func (e *Edge) route(t *task) {
	if err := e.answer(t); err != nil {
		t.fail(err)
	}
}

func (e *Edge) answer(t *task) error {
	first, c, err := parse(t.request.Target)
	if err != nil {
		return err
	}
	to, ok := routes[first]
	if !ok || len(c.parts) < to.least || len(c.parts) > to.most {
		return newProblem(404, "unknown-route", "there is nothing here; / says what there is")
	}
	if method := t.request.Method; method != to.method && (method != "HEAD" || to.method != "GET") {
		p := newProblem(405, "method", method+" is not for this; "+to.method+" is")
		p.allow = to.method
		return p
	}
	if t.rights, err = e.rightsOf(&t.request.Caller); err != nil {
		return err
	}
	if wait := e.buckets.take(&t.rights, t.now); wait > 0 {
		p := newProblem(429, "too-many", "this caller asks too often")
		p.retryAfter = int(math.Ceil(wait.Seconds()))
		return p
	}
	return to.answer(e, t, c)
}

// only refuses a query with other keys, or with one twice.
func (c *call) only(keys ...string) error {
	for key, values := range c.query {
		if !slices.Contains(keys, key) {
			return newProblem(400, "usage", "there is no parameter "+quoted(key)+expected(keys))
		}
		if len(values) != 1 {
			return newProblem(400, "usage", "the parameter "+quoted(key)+" is given more than once")
		}
	}
	return nil
}

func expected(keys []string) string {
	if len(keys) == 0 {
		return "; there are none"
	}
	return "; there are " + strings.Join(keys, ", ")
}

// list returns the items of a parameter that is a list with commas; nil if it is
// not given.
func (c *call) list(key string) (items []string) {
	for item := range strings.SplitSeq(c.query.Get(key), ",") {
		if item = strings.TrimSpace(item); item != "" {
			items = append(items, item)
		}
	}
	return items
}

// quoted shows what a caller has sent.
func quoted(text string) string {
	const most = 100
	if len(text) > most {
		text = strings.ToValidUTF8(text[:most], "") + "…"
	}
	return `"` + text + `"`
}

// atMost is the time until a deadline in whole seconds, at least 0.
func atMost(d time.Duration) int { return max(int(d/time.Second), 0) }
