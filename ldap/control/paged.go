package control

import (
	"github.com/ldapedge/ldapedge/ldap/internal/tlv"
	"github.com/ldapedge/ldapedge/ldap/message"
)

// OIDPagedResults is that of [PagedResults].
const OIDPagedResults = "1.2.840.113556.1.4.319"

// PagedResults asks for the entries of a search in pages (RFC 2696), and comes
// back with each.
type PagedResults struct {
	// Size is how many entries a page has at most. In a response it is the
	// server's estimate of how many there are in all, 0 if it has none.
	Size int32
	// Cookie is what the last page came with; empty for the first page, and in
	// the response with the last one. With Size 0 it ends the search.
	Cookie []byte
	// Critical makes the request's control critical.
	Critical bool
}

// Control returns the control.
func (p PagedResults) Control() message.Control {
	return message.Control{OID: OIDPagedResults, Critical: p.Critical,
		Value: sequence(integer(p.Size), octets(string(p.Cookie)))}
}

// ParsePagedResults reads the control of a response.
func ParsePagedResults(c message.Control) (PagedResults, error) {
	r := read(c, OIDPagedResults, "paged results")
	p := PagedResults{Size: r.integer(tlv.Integer, "size"), Cookie: r.octets(tlv.OctetString, "cookie"), Critical: c.Critical}
	return result(p, r)
}

// result returns what has been read, or the reader's error alone.
func result[T any](v T, r *reader) (T, error) {
	if err := r.done(); err != nil {
		var none T
		return none, err
	}
	return v, nil
}
