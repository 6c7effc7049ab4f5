// Package edge answers HTTP requests about directories where nothing may block:
// in an edge function whose one instance serves many requests. It has no I/O, no
// clock, no goroutine and no timer. A request goes in and a [Step] comes out, which
// says what the host is to do; what became of it goes in as an [Event], and the
// next step comes out, until the answer is there.
//
// # What the host does
//
// An answer to a schema that is known takes one step:
//
//	host                                 package
//	Start(GET /schema/ad/...)        →
//	                                 ←   RESPOND 200 …
//
// and a look-up in a directory some more:
//
//	Start(GET /lookup/person?uid=x)  →
//	                                 ←   LOOK for a kept answer
//	NONE                             →
//	                                 ←   OPEN the connector "lan", its server "dc1"
//	OPENED                           →
//	                                 ←   EXCHANGE: send the bytes, wait for a frame
//	RECEIVED bytes                   →
//	                                 ←   SEND the unbind
//	DONE                             →
//	                                 ←   CLOSE
//	DONE                             →
//	                                 ←   STORE the answer
//	DONE                             →
//	                                 ←   RESPOND 200 …
//
// A task has at most one stream to a server at a time, so steps need not name it.
// The host who gives a task up, because the client has gone away or the host has
// no more time, calls [Edge.Drop] and closes the task's stream.
//
// # Text
//
// Across the WebAssembly boundary requests, steps and events are text: a line
// with a word and what belongs to it, lines of fields "name: value", an empty
// line, and bytes. See [ParseRequest], [Step.Append] and [ParseEvent].
package edge
