package facade

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"
)

// received is a frame from the facade.
type received struct {
	ID       int             `json:"id"`
	Result   json.RawMessage `json:"result"`
	Progress *Progress       `json:"progress"`
	Error    *Error          `json:"error"`
}

// host is a JavaScript host as the facade sees it.
type host struct {
	*Facade
	frames chan received
	last   int
}

type answer struct {
	result   json.RawMessage
	err      *Error
	progress []Progress
}

// newHost returns a host of a facade. Servers cannot be opened if dialer is nil.
func newHost(dialer Dialer) *host {
	h := &host{frames: make(chan received, 100)}
	h.Facade = New(dialer, func(frame []byte) {
		var r received
		if err := json.Unmarshal(frame, &r); err != nil {
			panic(err)
		}
		h.frames <- r
	})
	return h
}

func (h *host) start(call, params string) int {
	h.last++
	h.Receive(fmt.Appendf(nil, `{"id":%d,"call":%q,"params":%s}`, h.last, call, params))
	return h.last
}

// wait returns the answer to one call; answers to others are dropped.
func (h *host) wait(t *testing.T, id int) (a answer) {
	t.Helper()
	for {
		select {
		case r := <-h.frames:
			switch {
			case r.ID != id:
			case r.Progress != nil:
				a.progress = append(a.progress, *r.Progress)
			default:
				a.err, a.result = r.Error, r.Result
				return a
			}
		case <-time.After(20 * time.Second):
			t.Fatal("no answer")
		}
	}
}

// withFile is call with the bytes of a file after the frame's JSON.
func (h *host) withFile(t *testing.T, call, params string, file []byte) answer {
	t.Helper()
	h.last++
	h.Receive(append(fmt.Appendf(nil, `{"id":%d,"call":%q,"params":%s}`+"\x00", h.last, call, params), file...))
	return h.wait(t, h.last)
}

func (h *host) call(t *testing.T, call, params string) answer {
	t.Helper()
	return h.wait(t, h.start(call, params))
}
