package server

import (
	"slices"
	"strings"

	"github.com/ldapedge/ldapedge/schemajson"
)

// GetInfo is what is read of a server when a connection opens: one of the
// constants, or the name of a pre-built set such as "AD_2012_R2", which is
// then used in place of what the server says.
type GetInfo string

// What can be read.
const (
	// InfoNone reads nothing. ldap3 calls it NONE.
	InfoNone GetInfo = "NO_INFO"
	// InfoDSA reads the root DSE.
	InfoDSA GetInfo = "DSA"
	// InfoSchema reads the schema.
	InfoSchema GetInfo = "SCHEMA"
	// InfoAll reads both.
	InfoAll GetInfo = "ALL"
)

var getInfos = []GetInfo{InfoNone, InfoDSA, InfoSchema, InfoAll}

// Offline tells whether it names a pre-built set.
func (g GetInfo) Offline() bool { return g != "" && !slices.Contains(getInfos, g) }

// DSA tells whether the root DSE is to be read.
func (g GetInfo) DSA() bool { return g == InfoDSA || g == InfoAll }

// Schema tells whether the schema is to be read.
func (g GetInfo) Schema() bool { return g == InfoSchema || g == InfoAll }

// loadOffline gets the pre-built set that the options name.
func (s *Server) loadOffline() error {
	o := &s.options
	switch {
	case o.GetInfo == "":
		o.GetInfo = InfoSchema
	case o.GetInfo == "NONE":
		o.GetInfo = InfoNone
	}
	if !o.GetInfo.Offline() {
		return nil
	}
	o.GetInfo = GetInfo(strings.TrimPrefix(string(o.GetInfo), "OFFLINE_"))
	if o.Offline == nil {
		return wrong("get_info", string(o.GetInfo), "is none of "+oneOf(getInfos)+", and of pre-built sets there is no loader")
	}
	info, schema, err := o.Offline(string(o.GetInfo))
	if err != nil {
		return &Error{"get_info", string(o.GetInfo), "is none of " + oneOf(getInfos) + ", nor a pre-built set that can be loaded", err}
	}
	s.info, s.schema = info, schema
	return nil
}

// Info returns the root DSE with which the server was defined, by a pre-built
// set or [FromDefinition]; nil if it was without one.
func (s *Server) Info() *schemajson.DsaInfo { return s.info }

// Schema returns the schema with which the server was defined; nil if it was
// without one.
func (s *Server) Schema() *schemajson.SchemaInfo { return s.schema }

// FromDefinition makes a server whose root DSE and schema are known beforehand.
// Either may be nil. They hold until a connection reads the server's own, which
// it does unless GetInfo says otherwise; its default is here, as ldap3
// documents it, [InfoAll]. options may be nil. The error is an [*Error].
func FromDefinition(host string, info *schemajson.DsaInfo, schema *schemajson.SchemaInfo, options *Options) (*Server, error) {
	var o Options
	if options != nil {
		o = *options
	}
	if o.GetInfo == "" {
		o.GetInfo = InfoAll
	}
	if o.GetInfo.Offline() {
		return nil, wrong("get_info", string(o.GetInfo), "names a pre-built set, and the definition brings its own")
	}
	s, err := New(host, &o)
	if err != nil {
		return nil, err
	}
	s.info, s.schema = info, schema
	return s, nil
}

// FromDefinitionJSON is [FromDefinition] for a root DSE and a schema in the
// JSON of python ldap3's to_json; each may be empty. The error is an [*Error]
// that wraps a [*schemajson.JSONError].
func FromDefinitionJSON(host string, info, schema []byte, options *Options) (*Server, error) {
	var dsa *schemajson.DsaInfo
	var parsed *schemajson.SchemaInfo
	var err error
	if len(info) > 0 {
		if dsa, err = schemajson.DsaInfoFromJSON(info); err != nil {
			return nil, &Error{"dsa_info", excerpt(info), "is not the JSON of a DsaInfo", err}
		}
	}
	if len(schema) > 0 {
		if parsed, err = schemajson.SchemaInfoFromJSON(schema); err != nil {
			return nil, &Error{"dsa_schema", excerpt(schema), "is not the JSON of a SchemaInfo", err}
		}
	}
	return FromDefinition(host, dsa, parsed, options)
}

// excerpt is enough of a text to recognise it by.
func excerpt(b []byte) string {
	const enough = 40
	if len(b) > enough {
		return strings.ToValidUTF8(string(b[:enough]), "") + "…"
	}
	return string(b)
}
