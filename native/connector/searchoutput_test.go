package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net"
	"strings"
	"testing"

	"github.com/ldapedge/ldapedge/ldap"
	"github.com/ldapedge/ldapedge/ldap/message"
	"github.com/ldapedge/ldapedge/ldif"
	"github.com/ldapedge/ldapedge/server"
)

// What a directory has cannot steer the terminal, and can be read again.
func TestTerminalIsNotSteered(t *testing.T) {
	const steering = "cn=\x1b]0;x\x07\x7f\u009b31m\u202e\U000e0041,dc=ä"
	e := ldap.Entry{Entry: message.NewEntry(steering)}
	for _, format := range []string{"json", "ldif", "table"} {
		var b bytes.Buffer
		w, err := newEntryWriter(&b, format, message.SearchRequest{}, nil, true)
		if err != nil {
			t.Fatal(err)
		}
		if err := w.entry(e); err != nil {
			t.Fatal(err)
		}
		text := b.String()
		if strings.ContainsAny(text, "\x1b\x07\x7f\u009b\u202e\U000e0041") {
			t.Errorf("%s: %q", format, text)
		}
		var found struct{ DN string }
		switch format {
		case "json":
			if err := json.Unmarshal([]byte(text), &found); err != nil || found.DN != steering || !strings.Contains(text, "dc=ä") {
				t.Errorf("%q, %v", text, err)
			}
		case "ldif":
			if r, err := ldif.NewReader(&b).Read(); err != nil || r.DN != steering {
				t.Errorf("%q, %v", text, err)
			}
		}
	}
}

type dialFunc func(context.Context, *server.Server) (io.ReadWriteCloser, error)

func (f dialFunc) Dial(ctx context.Context, s *server.Server) (io.ReadWriteCloser, error) {
	return f(ctx, s)
}

// An entry that cannot be printed does not take those before it along.
func TestEntriesBeforeOneThatCannotBePrinted(t *testing.T) {
	// cn=a has cn: a; cn=b has an attribute with the name "c n".
	const found = "0\x18\x02\x01\x01d\x13\x04\x04cn=a0\x0b0\x09\x04\x02cn1\x03\x04\x01a" +
		"0\x19\x02\x01\x01d\x14\x04\x04cn=b0\x0c0\x0a\x04\x03c n1\x03\x04\x01b" +
		"0\x0c\x02\x01\x01e\x07\x0a\x01\x00\x04\x00\x04\x00"
	dialer := dialFunc(func(context.Context, *server.Server) (io.ReadWriteCloser, error) {
		near, far := net.Pipe()
		go func() {
			in := bufio.NewReader(far)
			in.ReadByte()
			go io.Copy(io.Discard, in)
			io.WriteString(far, found)
		}()
		return near, nil
	})
	srv, err := server.New("ldap://h", &server.Options{GetInfo: server.InfoNone})
	if err != nil {
		t.Fatal(err)
	}
	c := ldap.NewConnection(srv, dialer, nil)
	if err := c.Open(t.Context()); err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	var b bytes.Buffer
	w, err := newEntryWriter(&b, "ldif", message.SearchRequest{}, nil, false)
	if err != nil {
		t.Fatal(err)
	}
	err = new(searchArgs).search(t.Context(), c.NewSearch(message.SearchRequest{}, nil), w, new(progress), func(err error) { t.Error(err) })
	if err == nil || err.Error() != `writing LDIF: "c n" cannot be an attribute's name, after 1 entry` || b.String() != "version: 1\ndn: cn=a\ncn: a\n" {
		t.Errorf("%v: %q", err, b.String())
	}
}
