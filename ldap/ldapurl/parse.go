package ldapurl

import (
	"errors"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/ldapedge/ldapedge/ldap/filter"
	"github.com/ldapedge/ldapedge/ldap/message"
	"github.com/ldapedge/ldapedge/server"
)

// Parse reads a URL. Scheme and scope are taken in any case, and beside the
// RFC's grammar characters that should be encoded are taken as they are, but
// for control characters. The DN is not looked into. The error is an [*Error].
func Parse(s string) (*URL, error) {
	u := new(URL)
	rest, err := u.parseScheme(s)
	if err != nil {
		return nil, err
	}
	at := len(s) - len(rest)
	authority, fields := rest, ""
	if i := strings.IndexAny(rest, "/?"); i >= 0 {
		if rest[i] == '?' {
			return nil, &Error{at + i, `"/" is expected before "?"`}
		}
		authority, fields = rest[:i], rest[i+1:]
	}
	if err := u.parseAuthority(part{authority, at}); err != nil {
		return nil, err
	}
	if err := u.parseFields(part{fields, len(s) - len(fields)}); err != nil {
		return nil, err
	}
	return u, nil
}

// part is a piece of the text, and where it is.
type part struct {
	text   string
	offset int
}

func (p part) fail(n int, reason string) error { return &Error{p.offset + n, reason} }

// split cuts the part at each separator.
func (p part) split(separator byte) (all []part) {
	for {
		i := strings.IndexByte(p.text, separator)
		if i < 0 {
			return append(all, p)
		}
		all = append(all, part{p.text[:i], p.offset})
		p = part{p.text[i+1:], p.offset + i + 1}
	}
}

func (u *URL) parseScheme(s string) (rest string, err error) {
	scheme, rest, ok := strings.Cut(s, "://")
	if !ok {
		return "", &Error{0, `a scheme and "://" are expected`}
	}
	for _, known := range []server.Scheme{server.LDAP, server.LDAPS, server.LDAPI} {
		if strings.EqualFold(scheme, string(known)) {
			u.Scheme = known
			return rest, nil
		}
	}
	return "", &Error{0, "the scheme " + shortened(scheme) + " is none of ldap, ldaps and ldapi"}
}

func (u *URL) parseAuthority(p part) error {
	if u.Scheme == server.LDAPI {
		path, err := p.decode()
		if err == nil && path != "" && path[0] != '/' {
			err = p.fail(0, "the path of the socket is not absolute")
		}
		u.Host = path
		return err
	}
	if i := strings.LastIndexByte(p.text, '@'); i >= 0 {
		return p.fail(i, "there is a user before the host")
	}
	if p.text == "" {
		return nil
	}
	if n := validPrefix(p.text); n < len(p.text) {
		return p.fail(n, notUTF8)
	}
	host, port, err := server.SplitHostPort(p.text)
	if err != nil {
		reason := "the host is wrong"
		if e := (*server.Error)(nil); errors.As(err, &e) {
			reason = "the host " + shortened(e.Value) + " " + e.Reason
		}
		return p.fail(0, reason)
	}
	u.Host = host
	if len(port) < 2 { // none, or the colon alone
		return nil
	}
	n, err := strconv.ParseUint(port[1:], 10, 16)
	if err != nil || n == 0 {
		return p.fail(len(p.text)-len(port)+1, "the port "+shortened(port[1:])+" is no number from 1 to 65535")
	}
	u.Port = int(n)
	return nil
}

func (u *URL) parseFields(p part) (err error) {
	fields := p.split('?')
	if len(fields) > 5 {
		return fields[5].fail(-1, `there is a fifth "?"`)
	}
	for len(fields) < 5 {
		fields = append(fields, part{"", p.offset + len(p.text)})
	}
	if u.DN, err = fields[0].decodeText(); err != nil {
		return err
	}
	if err := u.parseAttributes(fields[1]); err != nil {
		return err
	}
	if err := u.parseScope(fields[2]); err != nil {
		return err
	}
	if err := u.parseFilter(fields[3]); err != nil {
		return err
	}
	return u.parseExtensions(fields[4])
}

func (u *URL) parseAttributes(p part) error {
	if p.text == "" {
		return nil
	}
	for _, one := range p.split(',') {
		name, err := one.decodeText()
		if err != nil {
			return err
		}
		if name == "" {
			return one.fail(0, "an attribute is empty")
		}
		u.Attributes = append(u.Attributes, name)
	}
	return nil
}

func (u *URL) parseScope(p part) error {
	if p.text == "" {
		return nil
	}
	scope, ok := message.ParseScope(p.text)
	if !ok {
		return p.fail(0, "the scope "+shortened(p.text)+" is none of base, one and sub")
	}
	u.Scope = &scope
	return nil
}

func (u *URL) parseFilter(p part) error {
	if p.text == "" {
		return nil
	}
	text, err := p.decode()
	if err != nil {
		return err
	}
	f, err := filter.Parse(text)
	if err != nil {
		e := new(filter.Error)
		errors.As(err, &e)
		return p.fail(p.encodedOffset(e.Offset), "the filter is wrong: "+e.Reason)
	}
	u.Filter = &f
	return nil
}

func (u *URL) parseExtensions(p part) (err error) {
	if p.text == "" {
		return nil
	}
	for _, one := range p.split(',') {
		var e Extension
		if strings.HasPrefix(one.text, "!") {
			e.Critical = true
			one = part{one.text[1:], one.offset + 1}
		}
		typ, value := one, part{}
		if i := strings.IndexByte(one.text, '='); i >= 0 {
			typ, value = part{one.text[:i], one.offset}, part{one.text[i+1:], one.offset + i + 1}
		}
		if e.Type, err = typ.decodeText(); err != nil {
			return err
		}
		if !isName(e.Type) {
			return typ.fail(0, shortened(e.Type)+" is no extension's name")
		}
		if e.Value, err = value.decodeText(); err != nil {
			return err
		}
		u.Extensions = append(u.Extensions, e)
	}
	return nil
}

func isName(s string) bool {
	for i := range len(s) {
		if !isUnreserved(s[i]) || s[i] == '~' {
			return false
		}
	}
	return s != ""
}

// decodeText decodes what must be UTF-8.
func (p part) decodeText() (string, error) {
	s, err := p.decode()
	if err != nil {
		return "", err
	}
	if n := validPrefix(s); n < len(s) {
		return "", p.fail(p.encodedOffset(n), notUTF8)
	}
	return s, nil
}

const notUTF8 = "there is no UTF-8"

// validPrefix returns the length of the UTF-8 that s begins with.
func validPrefix(s string) int {
	n := 0
	for n < len(s) {
		r, size := utf8.DecodeRuneInString(s[n:])
		if r == utf8.RuneError && size == 1 {
			break
		}
		n += size
	}
	return n
}

// decode replaces each percent-encoded byte.
func (p part) decode() (string, error) {
	var b strings.Builder
	for i := 0; i < len(p.text); i++ {
		c := p.text[i]
		switch {
		case c < ' ' || c == 0x7f:
			return "", p.fail(i, "a control character must be encoded")
		case c == '%':
			n, err := strconv.ParseUint(p.text[i+1:min(i+3, len(p.text))], 16, 8)
			if err != nil || i+2 >= len(p.text) {
				return "", p.fail(i, `"%" must be followed by two hexadecimal digits, itself written %25`)
			}
			c = byte(n)
			i += 2
		}
		b.WriteByte(c)
	}
	return b.String(), nil
}

// encodedOffset returns where the nth byte of what decode returns is in the
// part.
func (p part) encodedOffset(n int) int {
	i := 0
	for ; n > 0; n-- {
		if p.text[i] == '%' {
			i += 2
		}
		i++
	}
	return i
}

// shortened quotes a piece of the text for a message.
func shortened(s string) string {
	const most = 60
	if len(s) > most {
		s = strings.ToValidUTF8(s[:most], "") + "…"
	}
	return strconv.Quote(s)
}
