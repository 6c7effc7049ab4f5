package integration

import (
	"net"
	"testing"
	"time"

	ber "github.com/go-asn1-ber/asn1-ber"

	"github.com/ldapedge/ldapedge/ldap"
	"github.com/ldapedge/ldapedge/ldap/message"
)

// wire is a bare connection to a server, one operation at a time, for what the
// client does not show: the controls of requests and responses.
type wire struct {
	t    *testing.T
	conn net.Conn
}

// openWire connects and binds.
func openWire(t *testing.T, address string, credentials ldap.Credentials, controls ...message.Control) (*wire, message.Message) {
	t.Helper()
	c, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	if err := c.SetDeadline(time.Now().Add(30 * time.Second)); err != nil {
		t.Fatal(err)
	}
	w := &wire{t, c}
	var m message.Machine
	if _, err := m.Bind(message.BindRequest{DN: credentials.DN, Password: credentials.Password}, controls...); err != nil {
		t.Fatal(err)
	}
	return w, w.exchange(m.Output())[0]
}

// exchange sends a request and returns the responses, the final one last.
func (w *wire) exchange(request []byte) (all []message.Message) {
	w.t.Helper()
	w.send(request)
	for {
		m := w.next()
		all = append(all, m)
		switch m.Op {
		case message.OpSearchResultEntry, message.OpSearchResultReference, message.OpIntermediateResponse:
		default:
			return all
		}
	}
}

func (w *wire) send(request []byte) {
	w.t.Helper()
	if _, err := w.conn.Write(request); err != nil {
		w.t.Fatal(err)
	}
}

// next returns the next response.
func (w *wire) next() message.Message {
	w.t.Helper()
	p, err := ber.ReadPacket(w.conn)
	if err != nil {
		w.t.Fatal(err)
	}
	m, err := message.Parse(p.Bytes())
	if err != nil {
		w.t.Fatal(err)
	}
	return m
}

// search returns the DNs found, all the responses, and the result with its
// controls.
func (w *wire) search(r message.SearchRequest, controls ...message.Control) (dns []string, all []message.Message, result message.Result, given message.Controls) {
	w.t.Helper()
	var m message.Machine
	if _, err := m.Search(r, controls...); err != nil {
		w.t.Fatal(err)
	}
	all = w.exchange(m.Output())
	for _, m := range all {
		if m.Op == message.OpSearchResultEntry {
			dns = append(dns, w.entry(m).DN())
		}
	}
	result, given = w.result(all[len(all)-1])
	return dns, all, result, given
}

func (w *wire) entry(m message.Message) message.Entry {
	w.t.Helper()
	e, err := m.Entry()
	if err != nil {
		w.t.Fatal(err)
	}
	return e
}

func (w *wire) result(m message.Message) (message.Result, message.Controls) {
	w.t.Helper()
	result, err := m.Result()
	if err != nil {
		w.t.Fatal(err)
	}
	controls, err := m.Controls()
	if err != nil {
		w.t.Fatal(err)
	}
	return result, controls
}

// replace replaces the values of an attribute.
func (w *wire) replace(dn, attribute, value string, controls ...message.Control) (message.Result, message.Controls) {
	w.t.Helper()
	var m message.Machine
	changes := []message.Change{{Kind: message.ChangeReplace, Attribute: attribute, Values: []string{value}}}
	if _, err := m.Modify(message.ModifyRequest{DN: dn, Changes: changes}, controls...); err != nil {
		w.t.Fatal(err)
	}
	return w.result(w.exchange(m.Output())[0])
}

// remove deletes an entry.
func (w *wire) remove(dn string, controls ...message.Control) (message.Result, message.Controls) {
	w.t.Helper()
	var m message.Machine
	if _, err := m.Delete(message.DeleteRequest{DN: dn}, controls...); err != nil {
		w.t.Fatal(err)
	}
	return w.result(w.exchange(m.Output())[0])
}
