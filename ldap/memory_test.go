package ldap

import (
	"bytes"
	"io"
	"runtime"
	"strings"
	"testing"

	ber "github.com/go-asn1-ber/asn1-ber"

	"github.com/ldapedge/ldapedge/ldap/message"
)

// A search of a million entries, half a gigabyte, takes no more memory than what may wait
// to be taken.
func TestMemoryIsFlat(t *testing.T) {
	total, block := 1_000_000, 1_000
	if testing.Short() {
		total = 50_000
	}
	c, _ := dial(t, &Options{NoCheckNames: true}, func(w io.Writer, id int64, op *ber.Packet) {
		if op.Tag != 3 {
			return
		}
		var entries bytes.Buffer
		for range block {
			reply(&entries, id, entry("uid=somebody,ou=people,dc=example,dc=com", attribute("cn", "Some Body"), attribute("description", strings.Repeat("x", 400))))
		}
		for range total / block {
			w.Write(entries.Bytes())
		}
		reply(w, id, result(0x65, 0, ""))
	})
	defer c.Close()
	var m runtime.MemStats
	var early, most uint64
	n := 0
	for e, err := range c.Search(t.Context(), message.SearchRequest{Base: "dc=x"}) {
		if err != nil {
			t.Fatal(err)
		}
		if n++; n%(total/50) == 0 {
			if _, ok := e.Attribute("cn"); !ok {
				t.Fatal("an entry without cn")
			}
			runtime.GC()
			runtime.ReadMemStats(&m)
			if early == 0 {
				early = m.HeapAlloc
			}
			most = max(most, m.HeapAlloc)
		}
	}
	t.Logf("%d entries; after a fiftieth %d kB are alive, at most %d kB", n, early>>10, most>>10)
	if n != total || most > early+16<<20 {
		t.Errorf("%d entries; after a fiftieth %d bytes are alive, at most %d", n, early, most)
	}
}
