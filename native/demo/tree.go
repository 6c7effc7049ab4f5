package demo

import (
	"fmt"
	"strings"
	"time"

	"github.com/go-ldap/ldap/v3"
	"github.com/google/uuid"
)

// tree is what the directory holds. It never changes once it is built, so that
// requests may read it side by side.
type tree struct {
	schema *schema
	// rootDSE and subschema stand outside the tree proper: only a base search
	// sees them (RFC 4512, section 5.1; RFC 3672, section 3).
	rootDSE, subschema *entry
	// entries are those of the naming context, each after the one above it.
	entries []*entry
}

// created is when the first entry was added, as the story goes; each further
// entry followed a day after.
var created = time.Date(2024, time.January, 8, 9, 30, 0, 0, time.UTC)

// creator added and changed all the entries.
var creator = personDN("chidi.okonkwo")

func newTree() (*tree, error) {
	s, err := parseSchema(schemaLDIF)
	if err != nil {
		return nil, err
	}
	all, err := records()
	if err != nil {
		return nil, err
	}
	t := &tree{schema: s}
	if t.rootDSE, err = s.newEntry("", rootDSE...); err != nil {
		return nil, err
	}
	subschema := record{dn: SubschemaDN, structural: "subentry", lines: subschemaLines(s)}
	if t.subschema, err = s.newEntry(SubschemaDN, withOperational(subschema, 0, false)...); err != nil {
		return nil, err
	}
	for i, r := range all {
		e, err := s.newEntry(r.dn, withOperational(r, i, hasSubordinates(all, r))...)
		if err != nil {
			return nil, err
		}
		t.entries = append(t.entries, e)
	}
	return t, nil
}

// withOperational returns a record's lines and those that the server itself
// maintains. The UUID follows from the name, so that it is the same at each start.
func withOperational(r record, day int, subordinates bool) []string {
	added := created.AddDate(0, 0, day)
	return append(r.lines,
		"structuralObjectClass: "+r.structural,
		"entryUUID: "+uuid.NewSHA1(uuid.NameSpaceX500, []byte(r.dn)).String(),
		"entryDN: "+r.dn,
		"creatorsName: "+creator,
		"createTimestamp: "+generalizedTime(added),
		"modifiersName: "+creator,
		"modifyTimestamp: "+generalizedTime(added.AddDate(0, 6, 0)),
		"hasSubordinates: "+strings.ToUpper(fmt.Sprint(subordinates)),
		"subschemaSubentry: "+SubschemaDN,
	)
}

// generalizedTime writes a UTC time as RFC 4517, section 3.3.13 wants it.
func generalizedTime(t time.Time) string { return t.Format("20060102150405Z") }

func hasSubordinates(all []record, r record) bool {
	for _, other := range all {
		if strings.HasSuffix(other.dn, ","+r.dn) {
			return true
		}
	}
	return false
}

// find returns the entry of a name; nil if there is none.
func (t *tree) find(name *ldap.DN) *entry {
	if len(name.RDNs) == 0 {
		return t.rootDSE
	}
	if t.subschema.name.EqualFold(name) {
		return t.subschema
	}
	for _, e := range t.entries {
		if e.name.EqualFold(name) {
			return e
		}
	}
	return nil
}

// nearest returns the name of the lowest entry above a name that has none: the
// matchedDN of RFC 4511, section 4.1.9. It is empty if nothing is above but the
// root.
func (t *tree) nearest(name *ldap.DN) string {
	matched := ""
	for _, e := range t.entries {
		// Those further down come later.
		if e.name.AncestorOfFold(name) {
			matched = e.dn
		}
	}
	return matched
}

// below returns the entries one level below the base, or all of them. The naming
// context counts as one level below the root, so that clients can walk there.
func (t *tree) below(base *entry, deep bool) []*entry {
	switch {
	case base == t.subschema:
		return nil
	case base == t.rootDSE && deep:
		return t.entries
	case base == t.rootDSE:
		return t.entries[:1]
	}
	var found []*entry
	for _, e := range t.entries {
		level := len(e.name.RDNs) - len(base.name.RDNs)
		if base.name.AncestorOfFold(e.name) && (deep || level == 1) {
			found = append(found, e)
		}
	}
	return found
}
