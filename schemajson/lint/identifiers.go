package lint

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/ldapedge/ldapedge/schemajson"
)

// checkIdentifiers checks what all kinds of definition share: names, OIDs,
// descriptions and extensions.
func (c *checker) checkIdentifiers() {
	taken := make(map[string]place) // OIDs, by those that the kinds share
	for collection, definitions := range c.definitions {
		first := make(map[string]*schemajson.Definition)
		for number, d := range definitions {
			at := c.at(collection, number)
			c.checkNames(at)
			run(c, at, d, textChecks)
			if collection == structureRules {
				run(c, at, d, numberChecks)
			} else {
				run(c, at, d, oidChecks)
			}
			c.checkDuplicates(at, first)
			c.checkOtherKinds(at, taken)
		}
		c.checkOIDsFromNames(collection)
	}
}

var textChecks = []check[*schemajson.Definition]{
	{TextNotUTF8, "", func(d *schemajson.Definition) string {
		if utf8.ValidString(d.Raw) {
			return ""
		}
		return "the definition is not UTF-8"
	}},
	{DescEmpty, "DESC", func(d *schemajson.Definition) string {
		if !d.DescGiven || d.Desc != "" {
			return ""
		}
		return "the description is empty"
	}},
	{ExtensionName, "", func(d *schemajson.Definition) string {
		bad := selected(extensionNames(d), func(name string) bool { return !isExtensionName(name) })
		if len(bad) == 0 {
			return ""
		}
		return "other characters than letters, hyphens and underscores after the X- of " + listed(bad)
	}},
	{ExtensionRepeated, "", func(d *schemajson.Definition) string {
		twice := repeated(extensionNames(d))
		if len(twice) == 0 {
			return ""
		}
		return listed(twice) + " " + isAre(len(twice)) + " given twice"
	}},
}

// extensionNames returns the names of the X- fields, without the keywords that
// the parser reports.
func extensionNames(d *schemajson.Definition) []string {
	var names []string
	for _, x := range d.Extensions {
		if len(x.Name) > 1 && x.Name[0]|0x20 == 'x' && (x.Name[1] == '-' || x.Name[1] == '_') {
			names = append(names, x.Name)
		}
	}
	return names
}

// isExtensionName tells whether a name that begins as an X- field's is an xstring
// (RFC 4512 §4.1), the X of which may be a small letter.
func isExtensionName(name string) bool {
	rest := name[2:]
	return name[1] == '-' && rest != "" && strings.IndexFunc(rest, func(r rune) bool { return !isLetter(r) && r != '-' && r != '_' }) < 0
}

// checkNames checks the NAME field. Each kind of fault is one finding, with
// the names that have it.
func (c *checker) checkNames(at place) {
	names := at.definition.Names
	if len(names) == 0 {
		if at.collection == attributeTypes || at.collection == objectClasses {
			c.report(at, NameMissing, "NAME", "the definition has no name")
		}
		return
	}
	for _, one := range nameChecks {
		if bad := one.bad(names); len(bad) > 0 {
			c.report(at, one.code, "NAME", one.message+" "+listed(bad))
		}
	}
	for _, name := range names {
		if name == "" {
			c.report(at, NameEmpty, "NAME", "a name is empty")
			break
		}
	}
}

var nameChecks = []struct {
	code    Code
	message string
	bad     func(names []string) []string
}{
	{NameRepeated, "given twice:", repeated},
	{NameUnderscore, "underscore in", func(names []string) []string {
		return selected(names, func(name string) bool { return strings.Contains(name, "_") })
	}},
	{NameInitial, "no letter at the beginning of", func(names []string) []string {
		return selected(names, func(name string) bool {
			r, _ := utf8.DecodeRuneInString(name)
			return name != "" && !isLetter(r) && (isDigit(r) || r == '-' || r == '_')
		})
	}},
	{NameCharacter, "other characters than letters, digits and hyphens in", func(names []string) []string {
		return selected(names, func(name string) bool {
			return strings.IndexFunc(name, func(r rune) bool { return !isLetter(r) && !isDigit(r) && r != '-' && r != '_' }) >= 0
		})
	}},
}

func isLetter(r rune) bool { return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' }
func isDigit(r rune) bool  { return r >= '0' && r <= '9' }

func selected(names []string, is func(string) bool) []string {
	var some []string
	for _, name := range names {
		if is(name) {
			some = append(some, name)
		}
	}
	return some
}

// repeated returns the names that come a second time, in whatever case.
func repeated(names []string) []string {
	if len(names) < 2 {
		return nil
	}
	seen := make(map[string]int, len(names))
	return selected(names, func(name string) bool {
		name = strings.ToLower(name)
		seen[name]++
		return seen[name] == 2
	})
}

var oidChecks = []check[*schemajson.Definition]{
	{OIDMissing, "OID", func(d *schemajson.Definition) string {
		if d.OID != "" {
			return ""
		}
		return "the definition has no OID"
	}},
	{OIDDescriptor, "OID", func(d *schemajson.Definition) string {
		if !isDescriptor(d.OID) || isFromName(d) {
			return ""
		}
		return schemajson.Quote(d.OID) + " stands in place of a numeric OID"
	}},
	{OIDIllegal, "OID", func(d *schemajson.Definition) string {
		if d.OID == "" || isDescriptor(d.OID) {
			return ""
		}
		if why := oidFault(d.OID); why != "" {
			return schemajson.Quote(d.OID) + " is not an OID: " + why
		}
		return ""
	}},
}

// isFromName tells whether a definition has one of its names and -oid in place
// of an OID.
func isFromName(d *schemajson.Definition) bool {
	return slices.ContainsFunc(d.Names, func(name string) bool { return strings.EqualFold(d.OID, name+"-oid") })
}

// checkOIDsFromNames reports the definitions of a collection that have their
// names in place of OIDs. It is how some servers do without OIDs of their own, and
// one thing to tell.
func (c *checker) checkOIDsFromNames(collection int) {
	var names []string
	for _, d := range c.definitions[collection] {
		if isFromName(d) && !c.leftOut(d) {
			names = append(names, d.Name())
		}
	}
	if len(names) > 0 {
		c.report(place{collection: collection, number: whole}, OIDFromName, "OID", "the name with -oid in place of a numeric OID: "+listed(names))
	}
}

var numberChecks = []check[*schemajson.Definition]{
	{StructureRuleNumber, "OID", func(d *schemajson.Definition) string {
		switch {
		case d.OID == "":
			return "the structure rule has no number"
		case strings.IndexFunc(d.OID, func(r rune) bool { return !isDigit(r) }) >= 0:
			return schemajson.Quote(d.OID) + " is not a number"
		case len(d.OID) > 1 && d.OID[0] == '0':
			return schemajson.Quote(d.OID) + " begins with a zero"
		}
		return ""
	}},
}

// isDescriptor tells whether a word could be a name; underscores and dots
// count as part of one, since it is no OID either way.
func isDescriptor(word string) bool {
	return word != "" && isLetter(rune(word[0])) &&
		strings.IndexFunc(word, func(r rune) bool { return !isLetter(r) && !isDigit(r) && !strings.ContainsRune("-_.", r) }) < 0
}

// oidFault tells what keeps a text from being a numeric OID (RFC 4512 §1.4,
// X.660 §7.6); empty if nothing does.
func oidFault(oid string) string {
	if strings.IndexFunc(oid, func(r rune) bool { return !isDigit(r) && r != '.' }) >= 0 {
		return "it has other characters than digits and dots"
	}
	arcs := 0
	root := ""
	for arc := range strings.SplitSeq(oid, ".") {
		arcs++
		switch {
		case arc == "":
			return "there is nothing beside a dot"
		case len(arc) > 1 && arc[0] == '0':
			return "an arc begins with a zero"
		case arcs == 1 && arc != "0" && arc != "1" && arc != "2":
			return "the first arc is 0, 1 or 2"
		case arcs == 2 && root != "2" && (len(arc) > 2 || len(arc) == 2 && arc[0] >= '4'):
			return "the second arc under " + root + " is at most 39"
		}
		if arcs == 1 {
			root = arc
		}
	}
	if arcs < 2 {
		return "it has only one arc"
	}
	return ""
}

// checkDuplicates reports names and OIDs that an earlier definition of the
// collection has. first is who has each.
func (c *checker) checkDuplicates(at place, first map[string]*schemajson.Definition) {
	d := at.definition
	taken := func(key string) *schemajson.Definition {
		key = strings.ToLower(key)
		if owner := first[key]; owner != nil && owner != d {
			return owner
		}
		first[key] = d
		return nil
	}
	var names []string
	var owner *schemajson.Definition
	report := func() {
		if len(names) > 0 {
			c.report(at, NameDuplicate, "NAME", listed(names)+" "+isAre(len(names))+" already the name of "+withOID(owner))
		}
	}
	for _, name := range d.Names {
		if other := taken(name); other != nil && name != "" {
			if other != owner {
				report()
				names, owner = nil, other
			}
			names = append(names, name)
		}
	}
	report()
	if d.OID == "" {
		return
	}
	if other := taken(d.OID); other != nil {
		code := OIDDuplicate
		if at.collection == structureRules {
			code = StructureRuleDuplicate
		}
		c.report(at, code, "OID", schemajson.Quote(d.OID)+" is already that of "+named(other))
	}
}

func withOID(d *schemajson.Definition) string {
	if d.OID == "" || len(d.Names) == 0 {
		return named(d)
	}
	return named(d) + " (" + schemajson.Quote(d.OID) + ")"
}

// checkOtherKinds reports OIDs that a definition of another kind has. Content
// rules and matching rule uses have the OIDs of what they are for, and
// structure rules have numbers.
func (c *checker) checkOtherKinds(at place, taken map[string]place) {
	switch at.collection {
	case contentRules, matchingRuleUse, structureRules:
		return
	}
	oid := at.definition.OID
	if oid == "" || oidFault(oid) != "" {
		return
	}
	owner, found := taken[oid]
	if !found {
		taken[oid] = at
		return
	}
	if owner.collection != at.collection {
		c.report(at, OIDOtherKind, "OID", schemajson.Quote(oid)+" is already that of "+named(owner.definition)+" in "+schemajson.Collections[owner.collection])
	}
}
