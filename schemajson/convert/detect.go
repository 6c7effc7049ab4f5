package convert

import (
	"bytes"
	"strings"

	"github.com/ldapedge/ldapedge/schemajson"
)

// FileFormat is a format that schemas are kept in.
type FileFormat string

// The formats that [Detect] tells apart.
const (
	// FormatJSON is JSON; package schemajson reads python ldap3's.
	FormatJSON FileFormat = "json"
	// FormatLDIF is for [ReadLDIF].
	FormatLDIF FileFormat = "ldif"
	// FormatOpenLDAP is for [ReadOpenLDAP].
	FormatOpenLDAP FileFormat = "openldap"
	// FormatDefinitions is for [ReadDefinitions].
	FormatDefinitions FileFormat = "definitions"
	// FormatUnknown is a text that none of them is for.
	FormatUnknown FileFormat = ""
)

// Read reads a schema of any of the formats, as [Detect] tells them apart.
func Read(text []byte) (*schemajson.SchemaInfo, error) {
	switch Detect(text) {
	case FormatJSON:
		return schemajson.SchemaInfoFromJSON(text)
	case FormatLDIF:
		return ReadLDIF(bytes.NewReader(text))
	case FormatOpenLDAP:
		return ReadOpenLDAP(bytes.NewReader(text))
	default:
		return ReadDefinitions(string(text))
	}
}

// Detect tells the format of a text by its beginning, of which a few kilobytes
// are enough. Comments in front should be in it as a whole.
func Detect(head []byte) FileFormat {
	source := string(bytes.TrimPrefix(head, []byte("\xef\xbb\xbf")))
	found := FormatUnknown
	for line := range strings.Lines(source) {
		line = strings.TrimRight(line, " \t\r\n")
		if line == "" || isComment(line) {
			continue
		}
		switch f := formatOf(line); {
		case found == FormatUnknown && f == FormatUnknown:
			// The text may begin with what is no schema's.
		case found == FormatUnknown, found == FormatDefinitions && f == FormatLDIF:
			found = f
		}
		if found != FormatUnknown && found != FormatDefinitions {
			break
		}
	}
	return found
}

// formatOf tells by one line. A label and a definition alone may be of LDIF too:
// a later line then tells.
func formatOf(line string) FileFormat {
	switch trimmed := strings.TrimLeft(line, " \t\"`"); {
	case strings.HasPrefix(trimmed, "{"), strings.HasPrefix(trimmed, "["):
		return FormatJSON
	case strings.HasPrefix(trimmed, "("):
		return FormatDefinitions
	}
	if beginsDefinition(line) {
		before, _, _ := strings.Cut(line, "(")
		if _, _, colon := lastLabel(before); colon {
			return FormatDefinitions
		}
	}
	keyword, _ := directive{lines: []string{line}}.split()
	if folded := strings.ToLower(keyword); folded == "objectidentifier" || openLDAPCollection(folded) != "" {
		return FormatOpenLDAP
	}
	if name, value, found := strings.Cut(line, ":"); found && !strings.ContainsAny(name, " \t\"") {
		if strings.EqualFold(name, "dn") || strings.HasPrefix(value, ":") || labelled(name) == "" {
			return FormatLDIF
		}
		return FormatDefinitions
	}
	return FormatUnknown
}
