package message

import "github.com/ldapedge/ldapedge/ldap/internal/tlv"

// Result is an LDAPResult (RFC 4511 §4.1.9).
type Result struct {
	// Code tells success or what went wrong.
	Code ResultCode
	// MatchedDN is the nearest entry that exists, where the code speaks of a
	// name.
	MatchedDN string
	// Diagnostic is the server's own message, often empty.
	Diagnostic string
	// Referral lists the URLs to go to, for [ResultReferral].
	Referral []string
}

// Result reads the LDAPResult that every final response begins with. The error
// wraps [ErrProtocol].
func (m Message) Result() (Result, error) {
	r, _, err := m.result()
	return r, err
}

func (m Message) result() (r Result, rest []byte, err error) {
	number, rest, err := tlv.Expect(m.body, tlv.Enumerated, "resultCode")
	if err != nil {
		return Result{}, nil, err
	}
	code, err := tlv.ParseInteger(number, "resultCode")
	if err != nil {
		return Result{}, nil, err
	}
	matched, rest, err := tlv.Expect(rest, tlv.OctetString, "matchedDN")
	if err != nil {
		return Result{}, nil, err
	}
	diagnostic, rest, err := tlv.Expect(rest, tlv.OctetString, "diagnosticMessage")
	if err != nil {
		return Result{}, nil, err
	}
	r = Result{Code: ResultCode(code), MatchedDN: string(matched), Diagnostic: string(diagnostic)}
	if len(rest) > 0 && rest[0] == tagReferral {
		var urls []byte
		if urls, rest, err = tlv.Expect(rest, tagReferral, "referral"); err != nil {
			return Result{}, nil, err
		}
		if r.Referral, err = uris(urls); err != nil {
			return Result{}, nil, err
		}
	}
	return r, rest, nil
}

// References reads the URLs of a search result reference (RFC 4511 §4.5.3).
// The error wraps [ErrProtocol].
func (m Message) References() ([]string, error) {
	if m.Op != OpSearchResultReference {
		return nil, tlv.Malformed("tag 0x%02x is no search result reference", byte(m.Op))
	}
	return uris(m.body)
}

func uris(b []byte) (all []string, err error) {
	for len(b) > 0 {
		var uri []byte
		if uri, b, err = tlv.Expect(b, tlv.OctetString, "URI"); err != nil {
			return nil, err
		}
		all = append(all, string(uri))
	}
	return all, nil
}
