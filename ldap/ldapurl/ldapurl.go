// Package ldapurl reads and writes LDAP URLs (RFC 4516), as referrals have
// them:
//
//	u, err := ldapurl.Parse("ldap://[2001:db8::7]/c=GB?objectClass?one")
//	u.Host  // "2001:db8::7"
//	*u.Scope // message.ScopeOne
//
// A URL is cut at its separators first and decoded after that, so that what is
// encoded never separates. A part that is not there can be told from one that
// is: who follows a referral keeps those of the request (RFC 4511 §4.1.10).
package ldapurl

import (
	"strconv"

	"github.com/ldapedge/ldapedge/ldap/filter"
	"github.com/ldapedge/ldapedge/ldap/message"
	"github.com/ldapedge/ldapedge/server"
)

// URL is an LDAP URL. The zero value of a part says that it is not given.
type URL struct {
	// Scheme is [server.LDAP], [server.LDAPS] or [server.LDAPI].
	Scheme server.Scheme
	// Host is a name or an IP address, without brackets and its zone after "%";
	// with LDAPI the path of a socket.
	Host string
	// Port is from 1 to 65535, 0 if not given. LDAPI has none.
	Port int
	// DN is the base object. An empty DN and one that is not given are the same.
	DN string
	// Attributes are those wanted, with their options.
	Attributes []string
	// Scope is base if not given, where nothing else says which.
	Scope *message.Scope
	// Filter is (objectClass=*) if not given, where nothing else says which.
	Filter *filter.Filter
	// Extensions are in their order.
	Extensions []Extension
}

// Extension is an extension of a URL (RFC 4516 §2). None is known here.
type Extension struct {
	// Type is its OID or name.
	Type string
	// Value is empty if not given.
	Value string
	// Critical asks not to use the URL unless the extension is understood.
	Critical bool
}

// Error tells why a text is no LDAP URL.
type Error struct {
	// Offset is the place in the text, in bytes from its beginning.
	Offset int
	// Reason says what is wrong there. It does not repeat a user or password.
	Reason string
}

// Error returns reason and place in one line.
func (e *Error) Error() string {
	return "LDAP URL: " + e.Reason + " at byte " + strconv.Itoa(e.Offset)
}
