package edge

import (
	"bytes"
	"errors"
	"fmt"
	"net/url"
	"strings"
)

// Request is an HTTP request, as far as answers depend on it.
type Request struct {
	Method string
	// Target is the path with the query, as it was sent: "/lookup/person?uid=x".
	Target string
	// Accept and IfNoneMatch are the header fields of these names.
	Accept, IfNoneMatch string
	// Caller is whom the host has authenticated.
	Caller Caller
	Body   []byte
	// Keeps tells that the host can keep streams, see [DoKeep].
	Keeps bool
}

// Caller is who asks.
type Caller struct {
	// Subject is who it is; empty for nobody.
	Subject string
	// Servers are the servers and pools that the caller's credential is limited to:
	// a list of names, empty for none. It counts only if Limited.
	Servers []string
	Limited bool
	// Address tells callers without a subject apart: their IP address.
	Address string
	// Refused is why the credential was refused, empty if it was not or there was
	// none.
	Refused string
}

// maxTarget bounds the target, in bytes.
const maxTarget = 16 << 10

// ParseRequest reads a request as text: "METHOD TARGET", fields, an empty line, the
// body. The fields are "accept", "if-none-match", "subject", "server" (any number
// of them, and then "limited: yes"), "address", "refused" and "keeps: yes", as far
// as they are not empty. Values have no ends of lines in them; subject, server and refused are
// percent-encoded.
func ParseRequest(text []byte) (r Request, err error) {
	first, body, err := parseText(text, func(name, value string) (err error) {
		switch name {
		case "accept":
			r.Accept = value
		case "if-none-match":
			r.IfNoneMatch = value
		case "subject":
			r.Caller.Subject, err = url.PathUnescape(value)
		case "server":
			value, err = url.PathUnescape(value)
			r.Caller.Servers = append(r.Caller.Servers, value)
		case "limited":
			r.Caller.Limited = value == "yes"
		case "address":
			r.Caller.Address = value
		case "keeps":
			r.Keeps = value == "yes"
		case "refused":
			r.Caller.Refused, err = url.PathUnescape(value)
		default:
			err = errNoField
		}
		return err
	})
	if err != nil {
		return r, fmt.Errorf("request: %w", err)
	}
	r.Body = body
	var ok bool
	if r.Method, r.Target, ok = strings.Cut(first, " "); !ok {
		return r, fmt.Errorf("%q is no request line", first)
	}
	return r, nil
}

var errNoField = errors.New("there is no such field")

// parseText takes a text apart: the first line, the bytes after the empty line, and
// the fields, which go to field.
func parseText(text []byte, field func(name, value string) error) (first string, body []byte, err error) {
	head, body, _ := bytes.Cut(text, []byte("\n\n"))
	first, rest, _ := strings.Cut(string(head), "\n")
	for line := range strings.SplitSeq(rest, "\n") {
		if line == "" {
			continue
		}
		name, value, _ := strings.Cut(line, ": ")
		if err := field(name, value); err != nil {
			return first, body, fmt.Errorf("%s %q: %w", name, value, err)
		}
	}
	return first, body, nil
}
