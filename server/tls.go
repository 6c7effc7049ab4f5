package server

import (
	"cmp"
	"encoding/hex"
	"slices"
	"strconv"
	"strings"
)

// Validate tells whether the server's certificate is verified.
type Validate string

// What [TLS] can ask for.
const (
	// ValidateNone accepts any certificate.
	ValidateNone Validate = "none"
	// ValidateOptional verifies the certificate if the server sends one. Every
	// server that LDAP knows does, so it is the same as ValidateRequired.
	ValidateOptional Validate = "optional"
	// ValidateRequired verifies the certificate's chain and name.
	ValidateRequired Validate = "required"
)

// TLSVersion is a version of TLS: "1.0" to "1.3".
type TLSVersion string

// The versions.
const (
	TLS10 TLSVersion = "1.0"
	TLS11 TLSVersion = "1.1"
	TLS12 TLSVersion = "1.2"
	TLS13 TLSVersion = "1.3"
)

var (
	validates   = []Validate{ValidateNone, ValidateOptional, ValidateRequired}
	tlsVersions = []TLSVersion{TLS10, TLS11, TLS12, TLS13}
)

// TLS are the wishes for a TLS session. The zero value has the defaults that
// python ldap3 documents: nothing is verified.
type TLS struct {
	// Validate tells whether the certificate is verified. Default (""):
	// [ValidateNone]. To name what to verify against and not to verify is an
	// error.
	Validate Validate `json:"validate,omitempty"`
	// MinVersion and MaxVersion bound the version. Default (""): 1.2, and the
	// newest there is.
	MinVersion TLSVersion `json:"min_version,omitempty"`
	MaxVersion TLSVersion `json:"max_version,omitempty"`
	// CACertsFile names a PEM file of certificates, CACertsPath a directory of
	// such files, and CACertsData holds certificates in PEM or one in DER. If
	// any is given, they are trusted in place of the system's roots.
	CACertsFile string          `json:"ca_certs_file,omitempty"`
	CACertsPath string          `json:"ca_certs_path,omitempty"`
	CACertsData CertificateData `json:"ca_certs_data,omitempty"`
	// ValidNames are names that the certificate may be for, beside the
	// server's own host. "*.example.com" is any that has one label more, "*" any
	// at all.
	ValidNames []string `json:"valid_names,omitempty"`
	// LocalCertificateFile and LocalPrivateKeyFile name PEM files of the
	// client's certificate, its chain included, and key.
	LocalCertificateFile string `json:"local_certificate_file,omitempty"`
	LocalPrivateKeyFile  string `json:"local_private_key_file,omitempty"`
	// LocalPrivateKeyPassword decrypts the key. It is read from JSON and never
	// written there.
	LocalPrivateKeyPassword string `json:"local_private_key_password,omitempty"`
	// Ciphers are the cipher suites to offer up to TLS 1.2, by the names of
	// IANA or of OpenSSL. Default (nil): the secure ones. Those of TLS 1.3
	// cannot be chosen.
	Ciphers []string `json:"ciphers,omitempty"`
	// SNI is the name to ask the server for (RFC 6066 §3). Default (""): its
	// host, if that is a name. python ldap3 sends none.
	SNI string `json:"sni,omitempty"`
	// NoSNI sends no name.
	NoSNI bool `json:"no_sni,omitempty"`
	// PinnedFingerprints are SHA-256 fingerprints of certificates, in
	// hexadecimal, colons allowed. The server's must be one of them. They come
	// on top of Validate; with ValidateNone they alone decide.
	PinnedFingerprints []string `json:"pinned_fingerprints,omitempty"`
}

// CertificateData are certificates in PEM, or one in DER.
type CertificateData []byte

func (t *TLS) clone() *TLS {
	if t == nil {
		return nil
	}
	c := *t
	c.CACertsData = slices.Clone(t.CACertsData)
	c.ValidNames = slices.Clone(t.ValidNames)
	c.Ciphers = slices.Clone(t.Ciphers)
	c.PinnedFingerprints = slices.Clone(t.PinnedFingerprints)
	return &c
}

// Verifies tells whether something of the server's certificate is verified: its
// chain and name, or its fingerprint. It may be called on nil.
func (t *TLS) Verifies() bool {
	return t != nil && (t.Validate != ValidateNone || len(t.PinnedFingerprints) > 0)
}

// String returns what is asked for, as JSON, without the password.
func (t TLS) String() string {
	b, err := t.MarshalJSON()
	if err != nil { // cannot be: texts and numbers alone
		return err.Error()
	}
	return string(b)
}

// GoString is String: a password does not get into a log that way either.
func (t TLS) GoString() string { return t.String() }

// check refuses what makes no sense and fills in the defaults.
func (t *TLS) check() error {
	t.Validate = cmp.Or(t.Validate, ValidateNone)
	if !slices.Contains(validates, t.Validate) {
		return wrong("tls.validate", string(t.Validate), "is none of "+oneOf(validates))
	}
	t.MinVersion = cmp.Or(t.MinVersion, TLS12)
	t.MaxVersion = cmp.Or(t.MaxVersion, TLS13)
	for _, bound := range []struct {
		field string
		value TLSVersion
	}{{"tls.min_version", t.MinVersion}, {"tls.max_version", t.MaxVersion}} {
		if !slices.Contains(tlsVersions, bound.value) {
			return wrong(bound.field, string(bound.value), "is none of "+oneOf(tlsVersions))
		}
	}
	if t.MinVersion > t.MaxVersion {
		return wrong("tls.min_version", string(t.MinVersion), "is above tls.max_version "+string(t.MaxVersion))
	}
	if err := t.checkTrust(); err != nil {
		return err
	}
	return t.checkLocal()
}

// checkTrust refuses trust that nothing would look at.
func (t *TLS) checkTrust() error {
	data := ""
	if len(t.CACertsData) > 0 {
		data = strconv.Itoa(len(t.CACertsData)) + " bytes"
	}
	for _, given := range []struct{ field, value string }{
		{"tls.ca_certs_file", t.CACertsFile}, {"tls.ca_certs_path", t.CACertsPath},
		{"tls.ca_certs_data", data}, {"tls.valid_names", strings.Join(t.ValidNames, ", ")},
	} {
		if t.Validate == ValidateNone && given.value != "" {
			return wrong(given.field, given.value, "would not be looked at: tls.validate is none")
		}
	}
	for i, name := range t.ValidNames {
		if name != AnyHost && !isHostName(strings.TrimPrefix(name, "*.")) && !isIPv6(name) {
			return wrong("tls.valid_names["+strconv.Itoa(i)+"]", name, "is no host name or address")
		}
	}
	for i, pin := range t.PinnedFingerprints {
		digest, err := hex.DecodeString(strings.ReplaceAll(pin, ":", ""))
		if err != nil || len(digest) != 32 {
			return wrong("tls.pinned_fingerprints["+strconv.Itoa(i)+"]", pin, "is not a SHA-256 in hexadecimal")
		}
		t.PinnedFingerprints[i] = hex.EncodeToString(digest)
	}
	return nil
}

func (t *TLS) checkLocal() error {
	if (t.LocalCertificateFile == "") != (t.LocalPrivateKeyFile == "") {
		return wrong("tls.local_certificate_file", t.LocalCertificateFile, "goes with tls.local_private_key_file "+strconv.Quote(t.LocalPrivateKeyFile)+"; one is missing")
	}
	if t.LocalPrivateKeyPassword != "" && t.LocalPrivateKeyFile == "" {
		return wrong("tls.local_private_key_password", hidden, "is for no key: tls.local_private_key_file is missing")
	}
	if t.SNI != "" && t.NoSNI {
		return wrong("tls.sni", t.SNI, "contradicts sending no name")
	}
	if t.SNI != "" && !isHostName(t.SNI) {
		return wrong("tls.sni", t.SNI, "is not a host name")
	}
	for i, name := range t.Ciphers {
		if name == "" || strings.ContainsAny(name, ": ,") {
			return wrong("tls.ciphers["+strconv.Itoa(i)+"]", name, "is not the name of a cipher suite")
		}
	}
	return nil
}
