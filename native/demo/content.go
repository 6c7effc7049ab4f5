package demo

import "strings"

const groupsDN = "ou=groups," + BaseDN

// record is an entry as it is written down: its name, its structural object class
// and its user attributes as "name: value" lines.
type record struct {
	dn, structural string
	lines          []string
}

// group is a row of the table of groups; owner and members are people's uids. The
// zero member list stands for everyone.
type group struct {
	rdn, name, category, note, owner string
	members                          []string
}

var groups = []group{
	{rdn: "cn=everyone", name: "everyone", note: "All people of the organization", owner: "grace.obrien"},
	{rdn: "cn=administrators", name: "administrators", category: "Operations", note: "May change things, in a directory that can be changed",
		owner: "chidi.okonkwo", members: []string{"chidi.okonkwo", "juergen.weiss"}},
	{rdn: "cn=engineering", name: "engineering", category: "Engineering", note: "Builds and runs the products", owner: "bjorn.asgeirsson",
		members: []string{"bjorn.asgeirsson", "chidi.okonkwo", "deniz.yildiz", "eunji.park", "juergen.weiss", "lukasz.wojcik"}},
	// A comma in a name is escaped in the DN and plain in the value.
	{rdn: `cn=research\, development`, name: "research, development", category: "Research", note: "Finds out what to build next",
		owner: "fatima.benali", members: []string{"fatima.benali", "hiroshi.tanaka", "kiran.rao", "deniz.yildiz"}},
}

func (g group) record() record {
	lines := []string{
		"objectClass: top", "objectClass: groupOfNames",
		"cn: " + g.name,
		"description: " + g.note,
		"owner: " + personDN(g.owner),
	}
	if g.category != "" {
		lines = append(lines, "businessCategory: "+g.category)
	}
	for _, uid := range g.memberUIDs() {
		lines = append(lines, "member: "+personDN(uid))
	}
	return record{dn: g.rdn + "," + groupsDN, structural: "groupOfNames", lines: lines}
}

func (g group) memberUIDs() []string {
	if g.members != nil {
		return g.members
	}
	uids := make([]string, len(people))
	for i, p := range people {
		uids[i] = p.uid
	}
	return uids
}

// records returns the entries below and including [BaseDN], each after the one
// above it.
func records() ([]record, error) {
	all := []record{
		{dn: BaseDN, structural: "organization", lines: []string{
			"objectClass: top", "objectClass: organization", "objectClass: dcObject",
			"dc: example", "o: Example Organization",
			"description: The demo directory of ldapedge",
			"l: Genève", "telephoneNumber: +1 202 555 0199",
		}},
		unit(peopleDN, "people", "Everyone who works here"),
	}
	for i, p := range people {
		r, err := p.record(i)
		if err != nil {
			return nil, err
		}
		all = append(all, r)
	}
	all = append(all, unit(groupsDN, "groups", "Who works with whom"))
	for _, g := range groups {
		all = append(all, g.record())
	}
	return all, nil
}

func unit(dn, name, note string) record {
	return record{dn: dn, structural: "organizationalUnit", lines: []string{
		"objectClass: top", "objectClass: organizationalUnit", "ou: " + name, "description: " + note,
	}}
}

// rootDSE describes the server itself (RFC 4512, section 5.1).
var rootDSE = []string{
	"objectClass: top",
	"namingContexts: " + BaseDN,
	"subschemaSubentry: " + SubschemaDN,
	"supportedLDAPVersion: 3",
	// All Operational Attributes, "+" (RFC 3673).
	"supportedFeatures: 1.3.6.1.4.1.4203.1.5.1",
	"vendorName: ldapedge",
	"vendorVersion: demo",
}

// subschemaLines returns the user attributes and the definitions of the subschema
// entry. Every subentry has a subtreeSpecification; the empty one means the whole
// tree (RFC 3672).
func subschemaLines(s *schema) []string {
	lines := []string{
		"objectClass: top", "objectClass: subentry", "objectClass: subschema", "objectClass: extensibleObject",
		"cn: " + strings.TrimPrefix(SubschemaDN, "cn="),
		"subtreeSpecification: {}",
	}
	for _, kind := range []string{"attributeTypes", "objectClasses", "ldapSyntaxes", "matchingRules"} {
		for _, definition := range s.definitions[kind] {
			lines = append(lines, kind+": "+definition)
		}
	}
	return lines
}
