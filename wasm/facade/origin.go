package facade

import (
	"strings"

	"github.com/ldapedge/ldapedge/schemajson"
)

// Origin is where a schema comes from, and of when it is.
type Origin struct {
	// Kind is "live", "file" or "offline".
	Kind string `json:"kind"`
	// Name is that of the server, the file or the pre-built set; it may be
	// empty.
	Name string `json:"name"`
	// Format is that of a file: "json", "ldif", "openldap" or "definitions"; empty
	// for what was merged.
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

// date finds out of when the schema is.
func (s *source) date() {
	s.origin.Modified = firstTime(s.schema.Attribute("modifyTimestamp"))
	if s.connection == nil {
		s.origin.Saved = firstTime(valuesOf(s.rootDSE, "currentTime")) // Active Directory's
	}
}

// firstTime formats the first value, a Generalized Time (RFC 4517 §3.3.13) with
// seconds, as all servers have it; empty if it is none. It is no work for package
// time: what reads layouts takes a browser longer to compile than a schema to read.
func firstTime(values []string) string {
	if len(values) == 0 {
		return ""
	}
	value := values[0]
	whole := strings.TrimLeft(value, "0123456789")
	n := len(value) - len(whole)
	fraction, zone, ok := whole, "", strings.HasSuffix(whole, "Z")
	if ok {
		fraction, zone = whole[:len(whole)-1], "Z"
	} else if i := strings.IndexAny(whole, "+-"); i >= 0 && len(whole) == i+len("+hhmm") {
		fraction, zone, ok = whole[:i], whole[i:i+3]+":"+whole[i+3:], true
	}
	if fraction != "" && (fraction[0] != '.' || strings.Trim(fraction[1:], "0123456789") != "") {
		return ""
	}
	if n != len("YYYYMMDDhhmmss") || !ok {
		return ""
	}
	date := value[:4] + "-" + value[4:6] + "-" + value[6:8]
	return date + "T" + value[8:10] + ":" + value[10:12] + ":" + value[12:14] + strings.TrimRight(fraction, ".0") + zone
}

func valuesOf(attributes []schemajson.Attribute, name string) []string {
	for _, a := range attributes {
		if strings.EqualFold(a.Name, name) {
			return a.Values
		}
	}
	return nil
}
