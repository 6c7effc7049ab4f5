package facade

import (
	"strings"

	"github.com/ldapedge/ldapedge/formatters"
	"github.com/ldapedge/ldapedge/schemajson"
)

// Origin is where a schema comes from, and of when it is.
type Origin struct {
	// Kind is "live", "file" or "offline".
	Kind string `json:"kind"`
	// Name is that of the server, the file or the pre-built set; it may be
	// empty.
	Name string `json:"name"`
	// Format is that of a file: "json", "ldif", "openldap" or "definitions".
	Format string `json:"format,omitempty"`
	// Modified is when the schema was last modified, if it tells (RFC 3339).
	Modified string `json:"modified,omitempty"`
	// Saved is when the server was asked, if what was saved of its root DSE
	// tells (RFC 3339).
	Saved string `json:"saved,omitempty"`
}

// The kinds of origin.
const (
	originLive    = "live"
	originFile    = "file"
	originOffline = "offline"
)

// date finds out of when the schema is; times are formatted as this attribute,
// a Generalized Time.
func (s *source) date(as *formatters.Attribute) {
	s.origin.Modified = firstTime(as, s.schema.Attribute("modifyTimestamp"))
	if s.connection == nil {
		s.origin.Saved = firstTime(as, valuesOf(s.rootDSE, currentTime))
	}
}

// currentTime is the attribute of Active Directory's root DSE that has the time
// at which it was asked for.
const currentTime = "currentTime"

// firstTime formats the first value, empty if that is no time.
func firstTime(as *formatters.Attribute, values []string) string {
	if len(values) == 0 {
		return ""
	}
	v, err := as.Format([]byte(values[0]))
	if err != nil || v.Kind() != formatters.KindTime {
		return ""
	}
	return strings.Trim(string(v.AppendJSON(nil)), `"`)
}

func valuesOf(attributes []schemajson.Attribute, name string) []string {
	for _, a := range attributes {
		if strings.EqualFold(a.Name, name) {
			return a.Values
		}
	}
	return nil
}
