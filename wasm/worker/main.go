//go:build js && wasm

// Command worker is the WebAssembly module of the edge functions: package edge
// behind functions that a JavaScript host calls. It has no goroutine, timer or
// JavaScript value of its own, so that one instance serves many requests at a time,
// whose sockets and timers are the host's.
//
// The host writes what a function takes where [space] says, calls the function, and
// reads what it returns from [output], before the next call. All functions but
// those return −1 where they fail; the output is then a text that says why.
package main

//lint:file-ignore U1000 the host calls what is exported

import (
	"encoding/json"
	"errors"
	"fmt"
	"runtime"
	"time"
	"unsafe"

	"github.com/ldapedge/ldapedge/wasm/edge"
)

var (
	input, out []byte
	answers    *edge.Edge
)

// errNotConfigured is for hosts that have not called [configure].
var errNotConfigured = errors.New("the module has no configuration")

func main() { select {} }

// space makes room for n bytes of input. Each call has its own, for what was
// written there belongs to the call.
//
//go:wasmexport space
func space(n int32) unsafe.Pointer {
	input = make([]byte, n)
	return unsafe.Pointer(unsafe.SliceData(input))
}

// output is where the output is.
//
//go:wasmexport output
func output() unsafe.Pointer { return unsafe.Pointer(unsafe.SliceData(out)) }

// outputLength is how many bytes of output there are.
//
//go:wasmexport outputLength
func outputLength() int32 { return int32(len(out)) }

// configure takes the configuration. The input is a JSON object of secrets by name,
// of that length, and then the configuration.
//
//go:wasmexport configure
func configure(secretsLength int32) (status int32) {
	defer guard(&status)
	b := taken()
	if secretsLength < 0 || int(secretsLength) > len(b) {
		return fail(fmt.Errorf("%d bytes of secrets are not in an input of %d", secretsLength, len(b)))
	}
	var secrets map[string]string
	if err := json.Unmarshal(b[:secretsLength], &secrets); err != nil {
		return fail(errors.New("the secrets are no JSON object of texts"))
	}
	e, err := edge.New(b[secretsLength:], secrets, &edge.Options{Yield: runtime.Gosched})
	if err != nil {
		return fail(err)
	}
	answers = e
	return 0
}

// start starts a task for the request that is the input, and returns its number. The
// output is the first step.
//
//go:wasmexport start
func start(now float64) (task int32) {
	defer guard(&task)
	if answers == nil {
		return fail(errNotConfigured)
	}
	r, err := edge.ParseRequest(taken())
	if err != nil {
		return fail(err)
	}
	id, step := answers.Start(r, moment(now))
	say(step)
	return int32(id)
}

// advance takes the event that is the input, which answers the task's step. The
// output is the next step.
//
//go:wasmexport advance
func advance(task int32, now float64) (status int32) {
	defer guard(&status)
	if answers == nil {
		return fail(errNotConfigured)
	}
	event, err := edge.ParseEvent(taken())
	if err != nil {
		return fail(err)
	}
	step, err := answers.Advance(int(task), event, moment(now))
	if err != nil {
		return fail(err)
	}
	say(step)
	return 0
}

// drop gives a task up.
//
//go:wasmexport drop
func drop(task int32, now float64) (status int32) {
	defer guard(&status)
	if answers != nil {
		answers.Drop(int(task), moment(now))
	}
	return 0
}

// lost says that a kept stream has ended.
//
//go:wasmexport lost
func lost(connection int32, now float64) (status int32) {
	defer guard(&status)
	if answers != nil {
		answers.Lost(int(connection), moment(now))
	}
	return 0
}

// check starts a pool's check that is due and returns the task's number, 0 where
// none is. The output is the first step.
//
//go:wasmexport check
func check(now float64) (task int32) {
	defer guard(&task)
	if answers == nil {
		return fail(errNotConfigured)
	}
	id, step := answers.Check(moment(now))
	if id != 0 {
		say(step)
	}
	return int32(id)
}

// taken is the input, which is then the taker's.
func taken() []byte {
	b := input
	input = nil
	return b
}

func moment(milliseconds float64) time.Time { return time.UnixMilli(int64(milliseconds)) }

func say(s *edge.Step) { out = s.Append(out[:0]) }

func fail(err error) int32 {
	out = append(out[:0], err.Error()...)
	return -1
}

// guard makes a panic an error: without it the instance would end.
func guard(status *int32) {
	if p := recover(); p != nil {
		*status = fail(fmt.Errorf("panic: %v", p))
	}
}
