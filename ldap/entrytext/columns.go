package entrytext

import (
	"strings"

	"github.com/ldapedge/ldapedge/ldap"
	"github.com/ldapedge/ldapedge/schemajson"
)

// Columns are the attributes that were asked for, in their order.
type Columns struct {
	wanted []string
	schema func() *schemajson.SchemaInfo
	known  map[string]int // the column of what a server returns, -1 for none
}

// NewColumns returns the columns of a search for the attributes. schema is as
// [Options.Schema] and may be nil.
func NewColumns(attributes []string, schema func() *schemajson.SchemaInfo) *Columns {
	if schema == nil {
		schema = func() *schemajson.SchemaInfo { return nil }
	}
	return &Columns{wanted: attributes, schema: schema}
}

// Named tells whether all attributes have been asked for by name.
func (c *Columns) Named() bool {
	for _, name := range c.wanted {
		if name == "" || name == "*" || name == "+" || name == "1.1" || name[0] == '@' {
			return false
		}
	}
	return len(c.wanted) > 0
}

// Row returns an entry's values by column, the DN first.
func (c *Columns) Row(e ldap.Entry) []string {
	row := make([]string, len(c.wanted)+1)
	row[0] = e.DN()
	for a := range e.Attributes() {
		at := c.of(a.Name())
		if at < 0 {
			continue
		}
		for i, v := range a.Typed().Values {
			if i > 0 || row[at+1] != "" {
				row[at+1] += "|"
			}
			row[at+1] += v.String()
		}
	}
	return row
}

// of returns the column of an attribute: servers return another name of what was
// asked for, or options beside.
func (c *Columns) of(returned string) int {
	if at, ok := c.known[returned]; ok {
		return at
	}
	at := -1
	for i, wanted := range c.wanted {
		if strings.EqualFold(wanted, returned) {
			at = i
			break
		}
		if at < 0 && c.same(wanted, returned) {
			at = i
		}
	}
	if c.known == nil {
		c.known = make(map[string]int)
	}
	c.known[returned] = at
	return at
}

func (c *Columns) same(wanted, returned string) bool {
	name, options, _ := strings.Cut(returned, ";")
	wanted, wantedOptions, _ := strings.Cut(wanted, ";")
	if !strings.EqualFold(options, wantedOptions) && !strings.EqualFold(options, "binary") {
		return false
	}
	if strings.EqualFold(wanted, name) {
		return true
	}
	s := c.schema()
	return s != nil && s.AttributeType(name) != nil && s.AttributeType(name) == s.AttributeType(wanted)
}
