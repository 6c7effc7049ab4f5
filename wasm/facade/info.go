//go:build !small

package facade

import (
	"context"

	"github.com/ldapedge/ldapedge/schemajson"
	"github.com/ldapedge/ldapedge/schemajson/oids"
)

// Info is what a server says of itself in its root DSE.
type Info struct {
	// Attributes are all, as received and typed, in the server's order.
	Attributes     []InfoAttribute `json:"attributes"`
	AltServers     []string        `json:"altServers"`
	NamingContexts []string        `json:"namingContexts"`
	Controls       []OID           `json:"controls"`
	Extensions     []OID           `json:"extensions"`
	Features       []OID           `json:"features"`
	LDAPVersions   []string        `json:"ldapVersions"`
	SASLMechanisms []string        `json:"saslMechanisms"`
	VendorName     []string        `json:"vendorName"`
	VendorVersion  []string        `json:"vendorVersion"`
	SubschemaEntry []string        `json:"subschemaEntry"`
}

// InfoAttribute is an attribute of a root DSE.
type InfoAttribute struct {
	Name string `json:"name"`
	// Raw are the values as received.
	Raw [][]byte `json:"raw"`
	Values
}

// OID is an object identifier with what the registry knows of it.
type OID struct {
	OID string `json:"oid"`
	// Kind, Names and Doc are absent or empty if it is not known.
	Kind  string   `json:"kind,omitempty"`
	Names []string `json:"names"`
	Doc   string   `json:"doc,omitempty"`
}

// infoOf answers with the [Info] of a root DSE, with values typed by a source's
// schema.
func infoOf(_ context.Context, c *call) (any, error) {
	var p struct {
		ofSource
		// RootDSE is what rootDSEOf answers.
		RootDSE string `json:"rootDSE"`
	}
	if err := c.read(&p); err != nil {
		return nil, err
	}
	s, err := c.facade.source(p.Source)
	if err != nil {
		return nil, err
	}
	attributes, err := schemajson.RootDSEFromJSON([]byte(p.RootDSE))
	if err != nil {
		return nil, unreadable(s.origin.Name, err)
	}
	info := schemajson.NewDsaInfoWith(attributes, c.facade.lookUp)
	answer := &Info{
		Attributes: make([]InfoAttribute, 0, len(attributes)),
		AltServers: texts(info.AltServers), NamingContexts: texts(info.NamingContexts),
		Controls: known(info.SupportedControls), Extensions: known(info.SupportedExtensions), Features: known(info.SupportedFeatures),
		LDAPVersions: texts(info.SupportedLDAPVersions), SASLMechanisms: texts(info.SupportedSASLMechanisms),
		VendorName: texts(info.VendorName), VendorVersion: texts(info.VendorVersion), SubschemaEntry: texts(info.SchemaEntry),
	}
	for _, a := range attributes {
		one := InfoAttribute{Name: a.Name, Raw: make([][]byte, len(a.Values))}
		for i, value := range a.Values {
			one.Raw[i] = []byte(value)
		}
		one.Values = typed(s.formatters.Attribute(a.Name), one.Raw)
		answer.Attributes = append(answer.Attributes, one)
	}
	return answer, nil
}

// strings is never null in JSON.
func texts(list []string) []string { return append([]string{}, list...) }

func known(all []oids.Info) []OID {
	list := make([]OID, 0, len(all))
	for _, i := range all {
		list = append(list, OID{i.OID, string(i.Kind), texts(i.Names), i.Doc})
	}
	return list
}

// lookUp asks the registry, if the host has handed it over.
func (f *Facade) lookUp(oid string) (oids.Info, bool) {
	if r := f.registry.Load(); r != nil {
		return r.Lookup(oid)
	}
	return oids.Info{OID: oid}, false
}

// useRegistry takes the registry of OIDs, which is a file of the npm package.
func useRegistry(_ context.Context, c *call) (any, error) {
	c.facade.registry.Store(oids.Parse(string(c.file)))
	return nil, nil
}
