package edge

import (
	"fmt"
	"strconv"
	"time"
)

// Do is what a host is to do.
type Do string

// What there is to do, and the events that answer it.
const (
	// DoRespond answers the client with Status, Fields and, unless it is streamed,
	// Bytes. If Last is set the task is over; else the answer is [EventDone] and
	// the task goes on: with chunks if Streamed, else with what the client does
	// not wait for.
	DoRespond Do = "RESPOND"
	// DoChunk appends Bytes to a streamed answer, once the client has room for
	// them: [EventDone].
	DoChunk Do = "CHUNK"
	// DoEnd ends a streamed answer, or what the client does not wait for. The task
	// is over. With a Name it breaks the streamed answer off, for the reason in Name.
	DoEnd Do = "END"
	// DoLook looks for what was stored under Name: [EventFound] or [EventNone].
	DoLook Do = "LOOK"
	// DoStore stores Bytes under Name for Seconds. The host does not wait for the
	// end of that: [EventDone].
	DoStore Do = "STORE"
	// DoLoad loads a file: the pre-built schema of that Name ("offline"), the value
	// under the key Name ("kv"), or the schema of the Name at a connector
	// ("schema"), until Deadline and unless its ETag is still that in ETag:
	// [EventLoaded], [EventUnchanged] or [EventFailed].
	DoLoad Do = "LOAD"
	// DoOpen opens a stream to the server Name of Connector, or takes one that was
	// kept under the same Key: [EventOpened], [EventClosed] or, at Deadline,
	// [EventTimeout]. Without a connector Name is host:port, which is dialled with
	// TLS.
	DoOpen Do = "OPEN"
	// DoExchange sends Bytes, if any, and waits for bytes from the stream:
	// [EventReceived], [EventClosed] or, at Deadline, [EventTimeout].
	DoExchange Do = "EXCHANGE"
	// DoClose sends Bytes, if any, and closes the stream: [EventDone].
	DoClose Do = "CLOSE"
	// DoKeep leaves the stream to the host, under the number Connection, for the
	// next that opens one with the same Key: [EventDone], or [EventNone]
	// where the host keeps none and has closed it. When a kept stream ends the
	// host calls [Edge.Lost].
	DoKeep Do = "KEEP"
	// DoWait waits until Deadline: [EventDone].
	DoWait Do = "WAIT"
)

// Step is what a host is to do next for a task.
type Step struct {
	Do Do
	// Kind is what is loaded: "offline", "kv" or "schema".
	Kind string
	// Connector is the name of the connector, in the configuration, of what is
	// loaded or opened.
	Connector string
	// Key is the server's name in the configuration: streams with the same one are
	// bound alike. It is empty for a stream that must be a new one.
	Key string
	// Name is that of what is looked for, stored, loaded or opened.
	Name string
	// ETag is that of what the task has already.
	ETag string
	// Deadline is when the step has failed, or is done.
	Deadline time.Time
	// Seconds is for how long something is stored.
	Seconds int
	// Connection is the number of what is kept.
	Connection int

	// Status is that of the answer (RFC 9110 §15).
	Status int
	// Fields are the answer's header fields.
	Fields []Field
	// Streamed tells that the answer's content comes in chunks.
	Streamed bool
	// Last tells that the task is over.
	Last bool

	// Bytes are what is answered, stored or sent. They are valid until the next
	// call.
	Bytes []byte
}

// Field is a header field.
type Field struct{ Name, Value string }

// Over tells that the task needs nothing more.
func (s *Step) Over() bool { return s.Do == DoEnd || s.Do == DoRespond && s.Last }

// Append appends the step as text. The first line is Do and its arguments, which
// are separated by spaces and percent-encoded:
//
//	RESPOND STATUS last|whole|stream
//	CHUNK
//	END [REASON]
//	LOOK NAME
//	STORE NAME SECONDS
//	LOAD offline NAME | LOAD kv NAME | LOAD schema CONNECTOR NAME DEADLINE [ETAG]
//	OPEN CONNECTOR NAME KEY DEADLINE      (CONNECTOR is "-" for none)
//	EXCHANGE DEADLINE
//	CLOSE
//	KEEP CONNECTION
//	WAIT DEADLINE
//
// Deadlines are milliseconds since 1970. Header fields follow RESPOND alone.
func (s *Step) Append(dst []byte) []byte {
	dst = append(dst, s.Do...)
	argument := func(text string) {
		dst = appendEscaped(append(dst, ' '), text)
	}
	number := func(n int64) { dst = strconv.AppendInt(append(dst, ' '), n, 10) }
	switch s.Do {
	case DoRespond:
		number(int64(s.Status))
		switch {
		case s.Last:
			argument("last")
		case s.Streamed:
			argument("stream")
		default:
			argument("whole")
		}
		for _, f := range s.Fields {
			dst = append(append(append(append(dst, '\n'), f.Name...), ": "...), f.Value...)
		}
	case DoEnd:
		if s.Name != "" {
			argument(s.Name)
		}
	case DoLook:
		argument(s.Name)
	case DoStore:
		argument(s.Name)
		number(int64(s.Seconds))
	case DoLoad:
		argument(s.Kind)
		if s.Kind == loadSchema {
			argument(s.Connector)
		}
		argument(s.Name)
		if s.Kind == loadSchema {
			number(s.Deadline.UnixMilli())
		}
		if s.ETag != "" {
			argument(s.ETag)
		}
	case DoOpen:
		if s.Connector == "" {
			dst = append(dst, " -"...)
		} else {
			argument(s.Connector)
		}
		argument(s.Name)
		argument(s.Key)
		number(s.Deadline.UnixMilli())
	case DoExchange, DoWait:
		number(s.Deadline.UnixMilli())
	case DoKeep:
		number(int64(s.Connection))
	}
	return append(append(dst, "\n\n"...), s.Bytes...)
}

// The kinds of what is loaded.
const (
	loadOffline = "offline"
	loadKV      = "kv"
	loadSchema  = "schema"
)

const hexDigits = "0123456789ABCDEF"

// appendEscaped appends text so that it has no space and no end of line in it.
func appendEscaped(dst []byte, text string) []byte {
	for i := range len(text) {
		if c := text[i]; c <= ' ' || c == '%' || c == 0x7f {
			dst = append(dst, '%', hexDigits[c>>4], hexDigits[c&15])
		} else {
			dst = append(dst, c)
		}
	}
	return dst
}

// EventKind is what has become of a step.
type EventKind string

// The kinds of events.
const (
	// EventDone: it is done.
	EventDone EventKind = "DONE"
	// EventNone: there is nothing there.
	EventNone EventKind = "NONE"
	// EventFound has what was stored in Bytes.
	EventFound EventKind = "FOUND"
	// EventLoaded has the file in Bytes, its ETag if it has one, and in Seconds for
	// how long it is fresh.
	EventLoaded EventKind = "LOADED"
	// EventUnchanged: the file is what the task has already.
	EventUnchanged EventKind = "UNCHANGED"
	// EventFailed: it could not be loaded; Code is the HTTP status, 0 if there was
	// none, and Reason says why.
	EventFailed EventKind = "FAILED"
	// EventOpened: the stream is open. Connection is the number under which it was
	// kept, 0 for a new one.
	EventOpened EventKind = "OPENED"
	// EventReceived has what came from the stream in Bytes.
	EventReceived EventKind = "RECEIVED"
	// EventClosed: there is no stream, or no longer. Code is the close code of the
	// session with the connector (package tunnel), 0 for the end of the server's
	// bytes, and Reason says why.
	EventClosed EventKind = "CLOSED"
	// EventTimeout: the deadline has passed.
	EventTimeout EventKind = "TIMEOUT"
)

// Event is what has become of a step.
type Event struct {
	Kind       EventKind
	Code       int
	Reason     string
	ETag       string
	Seconds    int
	Connection int
	// Bytes are the package's from then on.
	Bytes []byte
}

// ParseEvent reads an event as text: its kind, fields "code", "reason", "etag",
// "seconds" and "connection" as far as they are not empty, and bytes.
func ParseEvent(text []byte) (e Event, err error) {
	kind, body, err := parseText(text, func(name, value string) (err error) {
		switch name {
		case "reason":
			e.Reason = value
		case "etag":
			e.ETag = value
		case "code":
			e.Code, err = strconv.Atoi(value)
		case "seconds":
			e.Seconds, err = strconv.Atoi(value)
		case "connection":
			e.Connection, err = strconv.Atoi(value)
		default:
			err = errNoField
		}
		return err
	})
	if err != nil {
		return e, fmt.Errorf("event %s: %w", kind, err)
	}
	e.Kind, e.Bytes = EventKind(kind), body
	return e, nil
}
