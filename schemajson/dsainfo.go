package schemajson

import (
	"cmp"
	"slices"
	"strings"

	"github.com/ldapedge/ldapedge/schemajson/oids"
)

// DsaInfo is what a server says of itself in its root DSE (RFC 4512 §5.1).
// Values are as the server sent them. It is immutable and safe for concurrent
// use.
type DsaInfo struct {
	// AltServers are the URLs of other servers to use when this one is away.
	AltServers []string
	// NamingContexts are the DNs of the trees that the server holds.
	NamingContexts []string
	// SupportedControls and SupportedExtensions are sorted by OID as text.
	SupportedControls   []oids.Info
	SupportedExtensions []oids.Info
	// SupportedFeatures are those of supportedFeatures, then those of Active
	// Directory's supportedCapabilities, each sorted by OID as text.
	SupportedFeatures []oids.Info
	// SupportedLDAPVersions are "2", "3".
	SupportedLDAPVersions []string
	// SupportedSASLMechanisms are the names for a SASL bind.
	SupportedSASLMechanisms []string
	// VendorName and VendorVersion are those of RFC 3045.
	VendorName, VendorVersion []string
	// SchemaEntry are the DNs of subschema subentries; the first is the root
	// DSE's.
	SchemaEntry []string
	// Other are the attributes that none of the fields above holds.
	Other []Attribute
	// Raw are all attributes, as received, in the server's order.
	Raw []Attribute
}

// NewDsaInfo makes a DsaInfo of the attributes of a root DSE. Attribute names
// compare without case. It refers to attributes, which must not be changed
// afterwards.
func NewDsaInfo(attributes []Attribute) *DsaInfo {
	return NewDsaInfoWith(attributes, oids.Lookup)
}

// NewDsaInfoWith is [NewDsaInfo] with what knows OIDs, for programs that do not
// carry package oids' own table.
func NewDsaInfoWith(attributes []Attribute, known func(oid string) (oids.Info, bool)) *DsaInfo {
	d := &DsaInfo{Raw: attributes}
	var features, capabilities []oids.Info
	plain := map[string]*[]string{
		"altserver": &d.AltServers, "namingcontexts": &d.NamingContexts,
		"supportedldapversion": &d.SupportedLDAPVersions, "supportedsaslmechanisms": &d.SupportedSASLMechanisms,
		"vendorname": &d.VendorName, "vendorversion": &d.VendorVersion, "subschemasubentry": &d.SchemaEntry,
	}
	ofOIDs := map[string]*[]oids.Info{
		"supportedcontrol": &d.SupportedControls, "supportedextension": &d.SupportedExtensions,
		"supportedfeatures": &features, "supportedcapabilities": &capabilities,
	}
	for _, a := range attributes {
		name := strings.ToLower(a.Name)
		if field := plain[name]; field != nil {
			*field = append(*field, a.Values...)
		} else if field := ofOIDs[name]; field != nil {
			*field = append(*field, lookUp(a.Values, known)...)
		} else {
			d.Other = append(d.Other, a)
		}
	}
	d.SupportedFeatures = append(features, capabilities...)
	return d
}

// lookUp finds out what OIDs stand for; empty ones are dropped.
func lookUp(values []string, known func(oid string) (oids.Info, bool)) []oids.Info {
	var all []oids.Info
	for _, oid := range values {
		if oid == "" {
			continue
		}
		info, ok := known(oid)
		if !ok {
			info = oids.Info{OID: oid}
		}
		all = append(all, info)
	}
	slices.SortStableFunc(all, func(a, b oids.Info) int { return cmp.Compare(a.OID, b.OID) })
	return all
}

// HasControl tells whether the server supports the control with the OID or
// name. Names compare without case.
func (d *DsaInfo) HasControl(nameOrOID string) bool { return has(d.SupportedControls, nameOrOID) }

// HasExtension tells whether the server supports the extended operation with
// the OID or name. Names compare without case.
func (d *DsaInfo) HasExtension(nameOrOID string) bool { return has(d.SupportedExtensions, nameOrOID) }

// HasFeature tells whether the server supports the feature or, with Active
// Directory, the capability with the OID or name. Names compare without case.
func (d *DsaInfo) HasFeature(nameOrOID string) bool { return has(d.SupportedFeatures, nameOrOID) }

func has(all []oids.Info, nameOrOID string) bool {
	return slices.ContainsFunc(all, func(i oids.Info) bool {
		return i.OID == nameOrOID || slices.ContainsFunc(i.Names, func(name string) bool { return strings.EqualFold(name, nameOrOID) })
	})
}

// Attribute returns the values of an attribute of the root DSE, nil if it has
// none of that name. Case is ignored.
func (d *DsaInfo) Attribute(name string) []string { return valuesOf(d.Raw, name) }

// DsaInfoFromJSON reads a root DSE in ldap3's format. The error is a
// [*JSONError].
func DsaInfoFromJSON(text []byte) (*DsaInfo, error) {
	attributes, err := RootDSEFromJSON(text)
	if err != nil {
		return nil, err
	}
	return NewDsaInfo(attributes), nil
}

// RootDSEFromJSON reads the attributes of a root DSE in ldap3's format, for
// [NewDsaInfoWith]. The error is a [*JSONError].
func RootDSEFromJSON(text []byte) ([]Attribute, error) { return readJSON(string(text), typeDsaInfo) }

// JSON returns the root DSE in ldap3's format. options may be nil.
func (d *DsaInfo) JSON(o *JSONOptions) []byte { return writeJSON(d.Raw, typeDsaInfo, nil, o) }
