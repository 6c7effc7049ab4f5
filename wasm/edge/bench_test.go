//go:build !js

package edge

import (
	"testing"
	"time"

	"github.com/ldapedge/ldapedge/ldap/message"
	"github.com/ldapedge/ldapedge/schemajson/offline"
)

const benchConfig = `{"connectors":[{"name":"lan"}],"servers":[{"name":"dc1","connector":"lan"}],"schemas":[{"name":"s","kv":"s"}],
	"lookups":[{"name":"person","pool":"dc1","base":"dc=example","filter":"(uid={uid})","attributes":["cn","mail"]}],
	"grants":[{"anonymous":true,"schemas":["*"],"lookups":["*"],"requestsPerMinute":2000000000}]}`

// BenchmarkSchema is a look-up in a schema that is known, with the texts that cross
// the boundary.
func BenchmarkSchema(b *testing.B) {
	text, _, err := offline.Text("AD_2012_R2")
	if err != nil {
		b.Fatal(err)
	}
	e, err := New([]byte(benchConfig), nil, nil)
	if err != nil {
		b.Fatal(err)
	}
	request := []byte("GET /schema/s/objectClasses/person\naccept: */*\naddress: 192.0.2.1\n\n")
	r, _ := ParseRequest(request)
	id, _ := e.Start(r, time.Now())
	if step, _ := e.Advance(id, Event{Kind: EventLoaded, Bytes: text}, time.Now()); step.Status != 200 {
		b.Fatalf("%s", step.Bytes)
	}
	var out []byte
	b.ReportAllocs()
	for b.Loop() {
		r, err := ParseRequest(request)
		if err != nil {
			b.Fatal(err)
		}
		_, step := e.Start(r, time.Now())
		out = step.Append(out[:0])
	}
}

// BenchmarkLookup is a look-up of one entry.
func BenchmarkLookup(b *testing.B) {
	e, err := New([]byte(benchConfig), nil, nil)
	if err != nil {
		b.Fatal(err)
	}
	answer := message.NewEntry("cn=a", message.NewAttribute("cn", []byte("Somebody")), message.NewAttribute("mail", []byte("a@example.com"))).Message(1).Append(nil)
	answer = message.NewResult(1, message.OpSearchResultDone, message.Result{}).Append(answer)
	b.ReportAllocs()
	for b.Loop() {
		now := time.Now()
		id, _ := e.Start(Request{Method: "GET", Target: "/lookup/person?uid=x"}, now)
		for _, ev := range []Event{{Kind: EventOpened}, {Kind: EventReceived, Bytes: answer}, {Kind: EventDone}} {
			if _, err := e.Advance(id, ev, now); err != nil {
				b.Fatal(err)
			}
		}
	}
}
