package ldap

import (
	"context"
	"io"
	"testing"

	ber "github.com/go-asn1-ber/asn1-ber"

	"github.com/ldapedge/ldapedge/schemajson"
	"github.com/ldapedge/ldapedge/server"
)

// whole is a scripted server that is given whole messages, with their controls.
type whole func(w io.Writer, id int64, p *ber.Packet)

func (answer whole) Dial(context.Context, *server.Server) (io.ReadWriteCloser, error) {
	clientIn, serverOut := io.Pipe()
	serverIn, clientOut := io.Pipe()
	go func() {
		defer serverOut.Close()
		defer serverIn.Close()
		for {
			p, err := ber.ReadPacket(serverIn)
			if err != nil {
				return
			}
			answer(serverOut, p.Children[0].Value.(int64), p)
		}
	}()
	return pipe{clientIn, clientOut, func() { clientIn.Close(); clientOut.Close() }}, nil
}

// dialWhole opens a connection to such a server, with a schema or without.
func dialWhole(t *testing.T, schema *schemajson.SchemaInfo, answer whole) *Connection {
	t.Helper()
	srv, err := server.FromDefinition("ldap://scripted", nil, schema, &server.Options{GetInfo: server.InfoNone})
	if err != nil {
		t.Fatal(err)
	}
	c := NewConnection(srv, answer, nil)
	if err := c.Open(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}
