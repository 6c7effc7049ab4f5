// Package wire speaks the LDAP of bench/bridge to a bare stream: a bind, then a
// search for all people.
package wire

import (
	"fmt"
	"io"

	"github.com/ldapedge/ldapedge/bench/search/people"
	"github.com/ldapedge/ldapedge/ldap/message"
)

// Done is the message that the search's answer ends with.
var Done = []byte{0x30, 12, 2, 1, 2, 0x65, 7, 10, 1, 0, 4, 0, 4, 0}

// Bind binds and returns the server's answer.
func Bind(c io.ReadWriter, dn, password string) (answer []byte, err error) {
	if err := send(c, 1, message.BindRequest{DN: dn, Password: password}); err != nil {
		return nil, err
	}
	answer = make([]byte, len(Done))
	if _, err := io.ReadFull(c, answer); err != nil {
		return nil, err
	}
	if answer[4] != 1 || answer[9] != 0 {
		return nil, fmt.Errorf("binding: %x is answered", answer)
	}
	return answer, nil
}

// Search asks for all people.
func Search(c io.Writer) error {
	return send(c, 2, message.SearchRequest{Base: people.Base, Scope: message.ScopeOne, Filter: people.Filter(), Attributes: people.Attributes})
}

func send(c io.Writer, id int32, r message.Request) error {
	b, err := message.AppendRequest(nil, id, r)
	if err != nil {
		return err
	}
	_, err = c.Write(b)
	return err
}
