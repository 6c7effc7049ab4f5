package ldapurl

import (
	"strconv"
	"strings"

	"github.com/ldapedge/ldapedge/server"
)

// String returns the URL with everything encoded that RFC 4516 §2.1 asks for.
// Parsing it gives an equal URL, if each part is one.
func (u *URL) String() string {
	fields := []string{encode(u.DN, dnBytes), "", "", "", ""}
	for i, a := range u.Attributes {
		if i > 0 {
			fields[1] += ","
		}
		fields[1] += encode(a, listBytes)
	}
	if u.Scope != nil {
		fields[2] = u.Scope.String()
	}
	if u.Filter != nil {
		fields[3] = encode(u.Filter.String(), dnBytes)
	}
	for i, e := range u.Extensions {
		if i > 0 {
			fields[4] += ","
		}
		fields[4] += e.encoded()
	}
	rest := strings.TrimRight(strings.Join(fields, "?"), "?") // an encoded "?" ends in a digit
	if rest == "" {
		return u.Server()
	}
	return u.Server() + "/" + rest
}

// Server returns the part that names the server, as package server takes it:
// "ldap://dc1.example.com:389".
func (u *URL) Server() string {
	host := u.Host
	switch {
	case u.Scheme == server.LDAPI:
		host = encode(host, "")
	case strings.Contains(host, ":"):
		host = "[" + strings.Replace(host, "%", "%25", 1) + "]"
	}
	if u.Port != 0 {
		host += ":" + strconv.Itoa(u.Port)
	}
	return string(u.Scheme) + "://" + host
}

func (e Extension) encoded() string {
	s := encode(e.Type, "")
	if e.Critical {
		s = "!" + s
	}
	if e.Value != "" {
		s += "=" + encode(e.Value, listBytes)
	}
	return s
}

// What may stand beside the unreserved characters (RFC 3986 §2.3): all of a
// path's, and those without what separates the elements of a list.
const (
	dnBytes   = listBytes + ","
	listBytes = "!$&'()*+;=:@/"
)

// encode percent-encodes all but unreserved characters and the given ones.
func encode(s, allowed string) string {
	const hexDigits = "0123456789ABCDEF"
	var b strings.Builder
	for i := range len(s) {
		c := s[i]
		if isUnreserved(c) || strings.IndexByte(allowed, c) >= 0 {
			b.WriteByte(c)
			continue
		}
		b.WriteByte('%')
		b.WriteByte(hexDigits[c>>4])
		b.WriteByte(hexDigits[c&15])
	}
	return b.String()
}

func isUnreserved(c byte) bool {
	return c|0x20 >= 'a' && c|0x20 <= 'z' || c >= '0' && c <= '9' || strings.IndexByte("-._~", c) >= 0
}
