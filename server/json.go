package server

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"reflect"
	"strconv"
	"strings"
	"time"
)

// definition is a server in JSON. Its names are those of the parameters of
// python ldap3's Server and Tls, times are seconds.
type definition struct {
	Host                 string         `json:"host"`
	Port                 int            `json:"port,omitempty"`
	UseSSL               bool           `json:"use_ssl,omitempty"`
	Site                 string         `json:"site,omitempty"`
	AllowedReferralHosts []ReferralHost `json:"allowed_referral_hosts,omitzero"`
	GetInfo              GetInfo        `json:"get_info,omitempty"`
	Mode                 Mode           `json:"mode,omitempty"`
	TLS                  *tlsDefinition `json:"tls,omitempty"`
	ConnectTimeout       float64        `json:"connect_timeout,omitempty"`
	AddressTimeout       float64        `json:"address_timeout,omitempty"`
}

// tlsDefinition is [TLS] without its methods: fields and their names in JSON are
// the same.
type tlsDefinition TLS

type encoded struct {
	Encoding string `json:"encoding"`
	Encoded  []byte `json:"encoded"`
}

// MarshalJSON returns PEM as a text, DER in base64 as ldap3 writes bytes.
func (d CertificateData) MarshalJSON() ([]byte, error) {
	if bytes.Contains(d, []byte("-----BEGIN")) {
		return json.Marshal(string(d))
	}
	return json.Marshal(encoded{"base64", d})
}

// UnmarshalJSON reads what MarshalJSON writes.
func (d *CertificateData) UnmarshalJSON(b []byte) error {
	var text string
	if json.Unmarshal(b, &text) == nil {
		*d = CertificateData(text)
		return nil
	}
	var e encoded
	if err := json.Unmarshal(b, &e); err != nil || e.Encoding != "base64" || len(e.Encoded) == 0 {
		return wrong("tls.ca_certs_data", excerpt(b), `is neither a text in PEM nor {"encoding": "base64", "encoded": …}`)
	}
	*d = e.Encoded
	return nil
}

// MarshalJSON returns the rule as a pair of host and permission.
func (r ReferralHost) MarshalJSON() ([]byte, error) { return json.Marshal([]any{r.Host, r.AllowAuth}) }

// UnmarshalJSON reads a pair of host and permission.
func (r *ReferralHost) UnmarshalJSON(b []byte) error {
	var pair []json.RawMessage
	if json.Unmarshal(b, &pair) != nil || len(pair) != 2 || json.Unmarshal(pair[0], &r.Host) != nil || json.Unmarshal(pair[1], &r.AllowAuth) != nil {
		return wrong("allowed_referral_hosts", excerpt(b), `is no pair of a host and a boolean, such as ["dc2.example.com", true]`)
	}
	return nil
}

// MarshalJSON returns the definition of the server, which [FromJSON] reads. The
// password of the client's key is left out, and so are formatters, loader and
// the infos of [FromDefinition].
func (s *Server) MarshalJSON() ([]byte, error) {
	d := definition{
		Host: s.host, Port: s.port, UseSSL: s.scheme == LDAPS, Site: s.options.Site,
		AllowedReferralHosts: s.options.AllowedReferralHosts,
		GetInfo:              s.options.GetInfo, Mode: s.options.Mode, TLS: defineTLS(s.tls),
		ConnectTimeout: s.options.ConnectTimeout.Seconds(), AddressTimeout: s.options.AddressTimeout.Seconds(),
	}
	if s.scheme != LDAP && s.scheme != LDAPS {
		d.Host = s.URL()
	}
	return json.Marshal(d)
}

// defineTLS returns the wishes as they may be shown.
func defineTLS(t *TLS) *tlsDefinition {
	if t == nil {
		return nil
	}
	d := tlsDefinition(*t)
	d.LocalPrivateKeyPassword = ""
	return &d
}

// FromJSON makes a server of its definition: a JSON object of which "host" is
// required,
//
//	{"host": "dc1.example.com", "port": 636, "use_ssl": true,
//	 "allowed_referral_hosts": [["dc2.example.com", true], ["*", false]],
//	 "get_info": "ALL", "mode": "IP_V4_PREFERRED", "connect_timeout": 5,
//	 "tls": {"validate": "required", "ca_certs_file": "/etc/ssl/dc.pem"}}
//
// or the host alone as a string. base are the options that JSON cannot have,
// Formatters and Offline, and may be nil. The error is an [*Error].
func FromJSON(b []byte, base *Options) (*Server, error) {
	var d definition
	if trimmed := bytes.TrimLeft(b, " \t\r\n"); len(trimmed) > 0 && trimmed[0] == '"' {
		if err := decode(b, &d.Host); err != nil {
			return nil, err
		}
	} else if err := decode(b, &d); err != nil {
		return nil, err
	}
	var o Options
	if base != nil {
		o = *base
	}
	o.Port, o.UseSSL, o.Site, o.AllowedReferralHosts = d.Port, d.UseSSL, d.Site, d.AllowedReferralHosts
	o.GetInfo, o.Mode, o.TLS = d.GetInfo, d.Mode, (*TLS)(d.TLS)
	var err error
	if o.ConnectTimeout, err = seconds("connect_timeout", d.ConnectTimeout); err != nil {
		return nil, err
	}
	if o.AddressTimeout, err = seconds("address_timeout", d.AddressTimeout); err != nil {
		return nil, err
	}
	return New(d.Host, &o)
}

func seconds(field string, n float64) (time.Duration, error) {
	const most = float64(math.MaxInt64)
	ns := math.Round(n * float64(time.Second))
	if n < 0 || ns > most || ns == 0 && n != 0 {
		return 0, wrong(field, strconv.FormatFloat(n, 'g', -1, 64), "is not a number of seconds that can be waited")
	}
	if ns == most { // which is one more than there are
		return math.MaxInt64, nil
	}
	return time.Duration(ns), nil
}

// wanted is what a field is expected to be.
var wanted = map[reflect.Kind]string{
	reflect.Struct: "an object", reflect.Slice: "a list", reflect.String: "a text",
	reflect.Int: "a whole number", reflect.Float64: "a number", reflect.Bool: "true or false",
}

// hidden stands for a value that may have a password in it: the error may be
// logged.
const hidden = "…"

// decode reads one JSON value, all of whose keys must be known.
func decode(b []byte, to any) error {
	if err := json.Unmarshal(b, new(json.RawMessage)); err != nil {
		at := new(json.SyntaxError)
		errors.As(err, &at)
		return &Error{"json", hidden, fmt.Sprintf("cannot be read (byte %d)", at.Offset), err}
	}
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	err := d.Decode(to)
	if err == nil {
		return nil
	}
	if own := new(Error); errors.As(err, &own) {
		return own
	}
	if kind := new(json.UnmarshalTypeError); errors.As(err, &kind) {
		return wrong(cmp.Or(kind.Field, "json"), kind.Value, "is of the wrong kind: "+wanted[kind.Type.Kind()]+" is expected")
	}
	if key, ok := strings.CutPrefix(err.Error(), "json: unknown field "); ok {
		if name, err := strconv.Unquote(key); err == nil {
			return wrong(cmp.Or(name, `""`), "", "is no field of a server")
		}
	}
	return &Error{"json", hidden, "cannot be read", err}
}

// MarshalJSON returns the wishes as a definition has them, without the password.
func (t TLS) MarshalJSON() ([]byte, error) { return json.Marshal(defineTLS(&t)) }

// UnmarshalJSON reads the wishes of a definition, the password too.
func (t *TLS) UnmarshalJSON(b []byte) error {
	var d tlsDefinition
	if err := decode(b, &d); err != nil {
		return err
	}
	*t = TLS(d)
	return nil
}
