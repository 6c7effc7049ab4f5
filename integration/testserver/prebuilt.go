package testserver

import (
	"fmt"
	"net"
	"os"
	"sync"

	ber "github.com/go-asn1-ber/asn1-ber"

	"github.com/ldapedge/ldapedge/schemajson"
	"github.com/ldapedge/ldapedge/schemajson/convert"
	"github.com/ldapedge/ldapedge/schemajson/offline"
)

// Prebuilt is a server that publishes a given root DSE and schema, for what no
// server that can be started here has. It answers every search with one of
// the two, and every bind with success.
type Prebuilt struct {
	set      *offline.Set
	listener net.Listener

	running sync.WaitGroup
	mu      sync.Mutex
	conns   []net.Conn
}

// StartPrebuilt starts a server that publishes the pre-built set of the name.
func StartPrebuilt(name string) (*Prebuilt, error) {
	set, err := offline.Load(name)
	if err != nil {
		return nil, err
	}
	return startPublishing(set)
}

// StartLDIF starts a server that publishes the subschema entry of an LDIF file.
func StartLDIF(file string) (*Prebuilt, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	schema, err := convert.ReadLDIF(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return startPublishing(&offline.Set{Name: file, Schema: schema, Info: &schemajson.DsaInfo{}})
}

func startPublishing(set *offline.Set) (*Prebuilt, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	p := &Prebuilt{set: set, listener: l}
	p.running.Go(p.accept)
	return p, nil
}

// URL returns the server's URL.
func (p *Prebuilt) URL() string { return "ldap://" + p.listener.Addr().String() }

// Close ends the server and its connections.
func (p *Prebuilt) Close() error {
	err := p.listener.Close()
	p.mu.Lock()
	for _, c := range p.conns {
		c.Close()
	}
	p.mu.Unlock()
	p.running.Wait()
	return err
}

func (p *Prebuilt) accept() {
	for {
		c, err := p.listener.Accept()
		if err != nil {
			return
		}
		p.mu.Lock()
		p.conns = append(p.conns, c)
		p.mu.Unlock()
		p.running.Go(func() { p.serve(c) })
	}
}

// The operations (RFC 4511 §4) that the server knows.
const (
	bindRequest       = 0
	bindResponse      = 1
	searchRequest     = 3
	searchResultEntry = 4
	searchResultDone  = 5
)

func (p *Prebuilt) serve(c net.Conn) {
	defer c.Close()
	for {
		request, err := ber.ReadPacket(c)
		if err != nil || len(request.Children) < 2 {
			return
		}
		id, operation := request.Children[0].Value, request.Children[1]
		var responses []*ber.Packet
		switch operation.Tag {
		case bindRequest:
			responses = []*ber.Packet{success(bindResponse)}
		case searchRequest:
			base, _ := operation.Children[0].Value.(string)
			responses = []*ber.Packet{p.entry(base), success(searchResultDone)}
		default:
			return
		}
		for _, response := range responses {
			message := ber.NewSequence("")
			message.AppendChild(ber.NewInteger(ber.ClassUniversal, ber.TypePrimitive, ber.TagInteger, id, ""))
			message.AppendChild(response)
			if _, err := c.Write(message.Bytes()); err != nil {
				return
			}
		}
	}
}

func success(tag ber.Tag) *ber.Packet {
	response := ber.Encode(ber.ClassApplication, ber.TypeConstructed, tag, nil, "")
	response.AppendChild(ber.NewInteger(ber.ClassUniversal, ber.TypePrimitive, ber.TagEnumerated, 0, ""))
	response.AppendChild(octets(""))
	response.AppendChild(octets(""))
	return response
}

// entry is the root DSE, or else the subschema entry.
func (p *Prebuilt) entry(base string) *ber.Packet {
	attributes := append([]schemajson.Attribute{{Name: "subschemaSubentry", Values: []string{p.set.Schema.Entry}}}, p.set.Info.Raw...)
	if base != "" {
		attributes = p.set.Schema.Raw
	}
	list := ber.NewSequence("")
	for _, a := range attributes {
		values := ber.Encode(ber.ClassUniversal, ber.TypeConstructed, ber.TagSet, nil, "")
		for _, v := range a.Values {
			values.AppendChild(octets(v))
		}
		attribute := ber.NewSequence("")
		attribute.AppendChild(octets(a.Name))
		attribute.AppendChild(values)
		list.AppendChild(attribute)
	}
	entry := ber.Encode(ber.ClassApplication, ber.TypeConstructed, searchResultEntry, nil, "")
	entry.AppendChild(octets(base))
	entry.AppendChild(list)
	return entry
}

func octets(s string) *ber.Packet {
	return ber.NewString(ber.ClassUniversal, ber.TypePrimitive, ber.TagOctetString, s, "")
}
