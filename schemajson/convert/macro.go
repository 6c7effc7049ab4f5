package convert

import (
	"strings"

	"github.com/ldapedge/ldapedge/schemajson"
)

// macros are OpenLDAP's names for OIDs, by their small letters (slapd.conf(5),
// objectidentifier): after "objectidentifier base 1.2.3", base:4 is 1.2.3.4.
type macros map[string]string

// resolve returns the OID that a name, alone or with ":suffix", stands for.
func (m macros) resolve(s string) (oid string, ok bool) {
	name, suffix, cut := strings.Cut(s, ":")
	oid, ok = m[strings.ToLower(name)]
	if ok && cut {
		oid += "." + suffix
	}
	return oid, ok
}

// longestOID bounds what a macro stands for, in bytes: each may be longer than
// the one that it builds upon.
const longestOID = 256

// define takes the value of an objectidentifier, a name and an OID, which may be
// by a macro itself.
func (c *collector) define(value string) {
	words := strings.Fields(value)
	if len(words) != 2 {
		c.problem(schemajson.ProblemSyntax, "objectIdentifier", value, 0, "a name and an OID are expected")
		return
	}
	oid := words[1]
	if oid[0] < '0' || oid[0] > '9' {
		resolved, ok := c.macros.resolve(oid)
		if !ok {
			c.problem(schemajson.ProblemValue, "objectIdentifier", value, strings.LastIndex(value, oid), undefined(oid))
			return
		}
		oid = resolved
	}
	if len(oid) > longestOID {
		c.problem(schemajson.ProblemValue, "objectIdentifier", value, 0, "the object identifier is too long")
		return
	}
	if c.macros == nil {
		c.macros = make(macros)
	}
	c.macros[strings.ToLower(words[0])] = oid
}

func undefined(macro string) string {
	name, _, _ := strings.Cut(macro, ":")
	return "the object identifier " + schemajson.Quote(name) + " is not defined"
}

// macroUse is a place in a definition where a macro may be.
type macroUse struct {
	schemajson.Token
	name string
	// length is the {len} that follows.
	length string
}

// macroUses finds the places where OpenLDAP takes macros, a definition's
// identifier and its SYNTAX, and name:suffix anywhere outside of quotes, where it
// can be nothing else.
func macroUses(source string) (all []macroUse) {
	var before schemajson.Token
	scan := schemajson.NewScanner(source)
	for t := scan.Next(); t.Kind != schemajson.TokenEnd; before, t = t, scan.Next() {
		expected := before.Kind == schemajson.TokenOpen && before.Start == 0 || before.Kind == schemajson.TokenWord && strings.EqualFold(source[before.Start:before.End], "SYNTAX")
		s := source[t.Start:t.End]
		if t.Kind == schemajson.TokenString && expected {
			s = strings.Trim(s, "'")
		} else if t.Kind != schemajson.TokenWord || !expected && !strings.Contains(s, ":") {
			continue
		}
		name := s
		if brace := strings.IndexByte(s, '{'); brace >= 0 {
			name = s[:brace]
		}
		all = append(all, macroUse{t, name, s[len(name):]})
	}
	return all
}

// expand returns a definition in one line and with its macros replaced. The
// offsets of problems are those in what is returned.
func (c *collector) expand(d definition) string {
	source := oneLine(d.text)
	var b strings.Builder
	last := 0
	var unknown []schemajson.Problem
	for _, use := range macroUses(source) {
		b.WriteString(source[last:use.Start])
		last = use.End
		oid, ok := c.macros.resolve(use.name)
		if c.expanded += len(oid); ok && c.expanded > maxText {
			unknown = append(unknown, schemajson.Problem{Offset: b.Len(), Message: "the object identifiers would become too long; this one and others are left as they are"})
			b.WriteString(source[use.Start:])
			last = len(source)
			break
		}
		if ok {
			b.WriteString(oid + use.length)
			continue
		}
		if strings.Contains(use.name, ":") {
			unknown = append(unknown, schemajson.Problem{Offset: b.Len(), Message: undefined(use.name)})
		}
		b.WriteString(source[use.Start:use.End])
	}
	b.WriteString(source[last:])
	for _, p := range unknown {
		c.problem(schemajson.ProblemValue, d.collection, b.String(), p.Offset, p.Message)
	}
	return b.String()
}
