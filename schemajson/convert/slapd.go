package convert

import (
	"slices"
	"strings"

	"github.com/ldapedge/ldapedge/schemajson"
)

// slapdPart are the definitions of one kind that slapd takes, each by its
// fields.
type slapdPart struct {
	// attribute and directive are what the kind is called in cn=config and in
	// slapd.conf.
	attribute, directive string
	definitions          [][]string
}

// forSlapd returns what slapd takes of a schema, in an order in which it does.
func forSlapd(s *schemajson.SchemaInfo, o *Options) []slapdPart {
	f := &slapdFilter{o: o, seen: make(map[[2]string]bool)}
	var syntaxes, types, classes, rules [][]string
	for _, d := range s.LDAPSyntaxes {
		substitute := func(x schemajson.Extension) bool { return strings.EqualFold(x.Name, "X-SUBST") }
		if slices.ContainsFunc(d.Extensions, substitute) && f.takes(schemajson.CollectionLDAPSyntaxes, &d.Definition) {
			syntaxes = append(syntaxes, fields(&d))
		}
	}
	for _, t := range attributeTypes(s) {
		if d := *t; f.takes(schemajson.CollectionAttributeTypes, &d.Definition) && f.takesAttributeType(&d) {
			types = append(types, fields(&d))
		}
	}
	for _, c := range objectClasses(s) {
		if d := *c; f.takes(schemajson.CollectionObjectClasses, &d.Definition) {
			classes = append(classes, fields(&d))
		}
	}
	for _, d := range s.DITContentRules {
		if f.takes(schemajson.CollectionDITContentRules, &d.Definition) {
			rules = append(rules, fields(&d))
		}
	}
	return []slapdPart{
		{"olcLdapSyntaxes", "ldapsyntax", syntaxes},
		{"olcAttributeTypes", "attributetype", types},
		{"olcObjectClasses", "objectclass", classes},
		{"olcDitContentRules", "ditcontentrule", rules},
	}
}

// slapdFilter tells what slapd takes.
type slapdFilter struct {
	o *Options
	// seen has the collections and the names and OIDs, in small letters, of the
	// definitions so far.
	seen map[[2]string]bool
}

// takes tells whether a definition is to be written, and drops from it, a copy,
// what slapd refuses.
func (f *slapdFilter) takes(collection string, d *schemajson.Definition) bool {
	if f.o.excluded(collection, d) {
		return false
	}
	if !isNumericOID(d.OID) {
		f.o.changed(collection, d, "left out: "+schemajson.Quote(d.OID)+" is not a numeric OID")
		return false
	}
	keys := slices.Clone(d.Names)
	keys = append(keys, d.OID)
	for _, key := range keys {
		if f.seen[[2]string{collection, strings.ToLower(key)}] {
			f.o.changed(collection, d, "left out: "+schemajson.Quote(key)+" is defined before")
			return false
		}
	}
	for _, key := range keys {
		f.seen[[2]string{collection, strings.ToLower(key)}] = true
	}
	unknown := func(x schemajson.Extension) bool { return !isExtension(x.Name) || x.Name[1] != '-' }
	d.Extensions = slices.Clone(d.Extensions)
	if slices.ContainsFunc(d.Extensions, unknown) {
		d.Extensions = slices.DeleteFunc(d.Extensions, unknown)
		f.o.changed(collection, d, "without the keywords that RFC 4512 does not know")
	}
	for i := range d.Extensions {
		d.Extensions[i].Name = "X" + d.Extensions[i].Name[1:] // a small x is none to slapd
	}
	return true
}

// isNumericOID tells whether slapd takes a text for an OID.
func isNumericOID(s string) bool {
	return strings.Trim(s, "0123456789.") == "" && strings.Contains(strings.Trim(s, "."), ".")
}

func (f *slapdFilter) takesAttributeType(t *schemajson.AttributeType) bool {
	if t.Usage != schemajson.UserApplications {
		f.o.changed(schemajson.CollectionAttributeTypes, &t.Definition, "left out: slapd defines operational attributes itself")
		return false
	}
	if t.NoUserModification {
		t.NoUserModification = false
		f.o.changed(schemajson.CollectionAttributeTypes, &t.Definition, "without NO-USER-MODIFICATION, which slapd has for operational attributes only")
	}
	return true
}

// openLDAPConfig is the arc of the definitions of cn=config.
const openLDAPConfig = "1.3.6.1.4.1.4203.1.12.2."

// builtIntoSlapd are the OIDs of the other definitions that slapd has without
// any configuration.
var builtIntoSlapd = map[string][]string{
	schemajson.CollectionAttributeTypes: {
		"0.9.2342.19200300.100.1.1",                                // uid
		"1.3.6.1.1.1.1.0",                                          // uidNumber
		"1.3.6.1.1.1.1.1",                                          // gidNumber
		"1.3.6.1.1.16.4",                                           // entryUUID
		"1.3.6.1.1.20",                                             // entryDN
		"1.3.6.1.1.4",                                              // vendorName
		"1.3.6.1.1.5",                                              // vendorVersion
		"1.3.6.1.4.1.1466.101.119.3", "1.3.6.1.4.1.1466.101.119.4", // entryTtl, dynamicSubtrees
		"1.3.6.1.4.1.1466.101.120.5", "1.3.6.1.4.1.1466.101.120.6", "1.3.6.1.4.1.1466.101.120.7", // namingContexts, altServer, supportedExtension
		"1.3.6.1.4.1.1466.101.120.13", "1.3.6.1.4.1.1466.101.120.14", "1.3.6.1.4.1.1466.101.120.15", // supportedControl, supportedSASLMechanisms, supportedLDAPVersion
		"1.3.6.1.4.1.1466.101.120.16",                           // ldapSyntaxes
		"1.3.6.1.4.1.250.1.57",                                  // labeledURI
		"1.3.6.1.4.1.42.2.27.8.1.29",                            // pwdLastSuccess
		"1.3.6.1.4.1.4203.1.3.5",                                // supportedFeatures
		"1.3.6.1.4.1.4203.666.1.7", "1.3.6.1.4.1.4203.666.1.25", // entryCSN, contextCSN
		"1.3.6.1.4.1.4203.666.1.60",                                             // pKCS8PrivateKey
		"2.16.840.1.113730.3.1.34",                                              // ref
		"2.5.18.1", "2.5.18.2", "2.5.18.3", "2.5.18.4", "2.5.18.9", "2.5.18.10", // createTimestamp … subschemaSubentry
		"2.5.21.4", "2.5.21.5", "2.5.21.6", "2.5.21.8", "2.5.21.9", // matchingRules … structuralObjectClass
		"2.5.4.0", "2.5.4.1", "2.5.4.3", "2.5.4.13", // objectClass, aliasedObjectName, cn, description
		"2.5.4.34", "2.5.4.35", "2.5.4.41", "2.5.4.49", // seeAlso, userPassword, name, distinguishedName
	},
	schemajson.CollectionObjectClasses: {
		"1.3.6.1.4.1.1466.101.119.2", "1.3.6.1.4.1.1466.101.120.111", // dynamicObject, extensibleObject
		"1.3.6.1.4.1.4203.1.4.1",                     // OpenLDAProotDSE
		"2.16.840.1.113730.3.2.6",                    // referral
		"2.5.17.0", "2.5.20.1", "2.5.6.0", "2.5.6.1", // subentry, subschema, top, alias
	},
}

// BuiltIntoSlapd is an [Options.Exclude] that leaves out the attribute types and
// object classes that OpenLDAP's slapd has without any configuration (2.5; its
// overlays bring more).
func BuiltIntoSlapd(collection string, d *schemajson.Definition) bool {
	return strings.HasPrefix(d.OID, openLDAPConfig) || slices.Contains(builtIntoSlapd[collection], d.OID)
}
