package edge

import (
	"encoding/json"
	"strconv"
	"time"
)

// task is a request that is being answered, or a check of a pool's.
type task struct {
	edge     *Edge
	id       int
	request  Request
	rights   rights
	deadline time.Time
	now      time.Time

	step *Step
	then func(Event)

	// answered tells that the client has its answer.
	answered bool
	opening  *opening    // of a server, nil if none is being opened
	stream   *connection // the task's, nil if it has none
	onDrop   func()      // called when the task is given up before its end
}

// advance lets the task do something, and returns the step that it comes to.
func (t *task) advance(now time.Time, do func()) *Step {
	t.now, t.step = now, nil
	defer func() {
		if p := recover(); p != nil {
			t.abandon()
			panic(p)
		}
	}()
	do()
	if t.step == nil { // nothing may end like this
		t.fail(errInternal)
	}
	if t.step.Over() {
		t.abandon()
	}
	return t.step
}

// do has the host do something, and then goes on.
func (t *task) do(s Step, then func(Event)) {
	t.step, t.then = &s, then
}

// abandon forgets the task.
func (t *task) abandon() {
	if t.opening != nil {
		t.opening.drop(t)
	}
	if t.stream != nil {
		t.stream.release(t.edge, t.now)
		t.stream = nil
	}
	if t.onDrop != nil {
		t.onDrop()
		t.onDrop = nil
	}
	delete(t.edge.tasks, t.id)
}

// respond answers the client; nothing follows.
func (t *task) respond(status int, fields []Field, body []byte) {
	t.answered = true
	t.do(Step{Do: DoRespond, Status: status, Fields: fields, Bytes: body, Last: true}, nil)
}

// respondJSON answers with JSON that nobody is to keep.
func (t *task) respondJSON(body []byte) {
	t.respond(200, []Field{{"content-type", "application/json"}, {"cache-control", "no-store"}}, body)
}

// problem is the content of answers that are errors (RFC 9457).
type problem struct {
	Type   string `json:"type,omitempty"`
	Title  string `json:"title"`
	Status int    `json:"status"`
	Detail string `json:"detail,omitempty"`
	// Code tells programs what is wrong.
	Code string `json:"code,omitempty"`
	// Result is what the directory has answered in place of success.
	Result *result `json:"result,omitempty"`
	// retryAfter is in seconds, 0 for none.
	retryAfter int
	// challenge asks for a credential.
	challenge bool
	// allow is the method that is for this, empty for none.
	allow string
}

// Error makes a problem an error.
func (p *problem) Error() string { return p.Title + ": " + p.Detail }

func newProblem(status int, code, detail string) *problem {
	return &problem{Title: titles[status], Status: status, Code: code, Detail: detail}
}

var errInternal = newProblem(500, "internal", "")

// fail answers with an error, or breaks off the answer that has begun.
func (t *task) fail(err error) {
	p := problemOf(err)
	if t.answered {
		t.do(Step{Do: DoEnd, Name: p.Error()}, nil)
		return
	}
	fields := []Field{{"content-type", "application/problem+json"}, {"cache-control", "no-store"}}
	if p.retryAfter > 0 {
		fields = append(fields, Field{"retry-after", strconv.Itoa(p.retryAfter)})
	}
	if p.allow != "" {
		fields = append(fields, Field{"allow", p.allow})
	}
	if p.challenge {
		fields = append(fields, Field{"www-authenticate", `Bearer realm="ldapedge"`})
	}
	body, _ := json.Marshal(p) // strings and numbers always marshal
	t.respond(p.Status, fields, body)
}
