// Package testserver starts real LDAP servers for tests: on loopback, on ports
// or addresses of their own, with everything in a temporary folder. They are
// those of Debian's packages, and run without an init system; none outlives the
// program that started it.
package testserver

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"strings"

	"github.com/ldapedge/ldapedge/ldap"
)

// Slapd is OpenLDAP's server (Debian's package slapd) with the suffix
// dc=example,dc=com, which has no entries, cn=config and cn=Monitor.
type Slapd struct {
	// Address is host and port.
	Address string
	// Socket is the path of its Unix domain socket (ldapi).
	Socket string
	// TLSAddress is host and port of ldaps, and CAFile a PEM file of the
	// certificate to trust, which is for 127.0.0.1, localhost and
	// [SlapdConfig.Hosts]. Both are empty without [SlapdConfig.TLS].
	TLSAddress, CAFile string
	// Credentials are those of the rootdn, who may do everything, and alone may
	// read cn=config.
	Credentials ldap.Credentials

	process
}

// SlapdConfig says how a slapd is set up. The zero value has the defaults.
type SlapdConfig struct {
	// Schemas are the files of /etc/ldap/schema to load, without ".schema",
	// each after those that it builds upon. Default: core, cosine,
	// inetorgperson and nis.
	Schemas []string
	// Modules are those of /usr/lib/ldap to load beside back_mdb, for the schema
	// and the controls that they bring. Default: none.
	Modules []string
	// Definitions are more attribute types and object classes, in the form of
	// OpenLDAP's .schema files. Default: none.
	Definitions string
	// Overlays are those of the suffix; each also has to be among Modules.
	// Default: none.
	Overlays []string
	// TLS gives it a certificate, for ldaps and for StartTLS.
	TLS bool
	// Hosts are more names that the certificate is for. Default: none.
	Hosts []string
	// Entries writes LDIF of entries that it has from the start, the suffix's
	// first; see [People]. A search may then return all. Default (nil): none.
	Entries func(io.Writer) error
	// Global and Suffix are more lines of slapd.conf, each with its newline, for
	// the server and for the suffix. Default: none.
	Global, Suffix string
}

// StartSlapd starts a slapd with the defaults; see [SlapdConfig.Start].
func StartSlapd(ctx context.Context) (*Slapd, error) { return SlapdConfig{}.Start(ctx) }

// Start starts a slapd and waits until it accepts connections. [Slapd.Close]
// ends it and removes its files.
func (c SlapdConfig) Start(ctx context.Context) (*Slapd, error) {
	p, err := newProcess("slapd")
	if err != nil {
		return nil, err
	}
	s := &Slapd{process: p, Credentials: ldap.Credentials{DN: "cn=admin,dc=example,dc=com", Password: "secret"}}
	s.Socket = s.file("ldapi")
	if err := c.write(s); err != nil {
		s.Close()
		return nil, err
	}
	if c.Entries != nil {
		if err := c.load(ctx, s); err != nil {
			s.Close()
			return nil, err
		}
	}
	err = tryAddresses(freeAddress, func(address string) error { // slapd takes no port 0
		s.Address = address
		if c.TLS {
			if s.TLSAddress, err = freeAddress(); err != nil {
				return err
			}
		}
		return s.Start(ctx)
	})
	if err != nil {
		s.Close()
		return nil, err
	}
	return s, nil
}

func (c SlapdConfig) write(s *Slapd) error {
	if c.Schemas == nil {
		c.Schemas = []string{"core", "cosine", "inetorgperson", "nis"}
	}
	var b strings.Builder
	for _, name := range c.Schemas {
		fmt.Fprintf(&b, "include /etc/ldap/schema/%s.schema\n", name)
	}
	b.WriteString(c.Definitions)
	fmt.Fprintf(&b, "pidfile %s\nmodulepath /usr/lib/ldap\n", s.file("slapd.pid"))
	for _, name := range append([]string{"back_mdb"}, c.Modules...) {
		fmt.Fprintf(&b, "moduleload %s\n", name)
	}
	if c.TLS {
		certificate, key, err := s.certify(c.Hosts...)
		if err != nil {
			return err
		}
		s.CAFile = certificate
		fmt.Fprintf(&b, "TLSCertificateFile %s\nTLSCertificateKeyFile %s\n", certificate, key)
	}
	b.WriteString(c.Global)
	fmt.Fprintf(&b, "database config\nrootdn %s\ndatabase monitor\n", s.Credentials.DN)
	fmt.Fprintf(&b, "database mdb\nsuffix dc=example,dc=com\nrootdn %s\nrootpw %s\ndirectory %s\nmaxsize 1073741824\n",
		s.Credentials.DN, s.Credentials.Password, s.file("data"))
	if c.Entries != nil {
		b.WriteString("sizelimit unlimited\n")
	}
	b.WriteString(c.Suffix)
	for _, name := range c.Overlays {
		fmt.Fprintf(&b, "overlay %s\n", name)
	}
	if err := s.folders("data"); err != nil {
		return err
	}
	return os.WriteFile(s.file("slapd.conf"), []byte(b.String()), 0o600)
}

// load has slapadd fill the database.
func (c SlapdConfig) load(ctx context.Context, s *Slapd) error {
	file, err := os.Create(s.file("entries.ldif"))
	if err != nil {
		return err
	}
	if err := errors.Join(c.Entries(file), file.Close()); err != nil {
		return err
	}
	return prepare(ctx, "slapadd", "-q", "-f", s.file("slapd.conf"), "-l", file.Name())
}

// URL returns the server's URL.
func (s *Slapd) URL() string { return "ldap://" + s.Address }

// Start starts a server that has been killed, at the same address, and waits
// until it accepts connections.
func (s *Slapd) Start(ctx context.Context) error {
	urls := s.URL() + "/ ldapi://" + url.PathEscape(s.Socket)
	if s.TLSAddress != "" {
		urls += " ldaps://" + s.TLSAddress + "/"
	}
	return s.run(ctx, s.Address, "slapd", "-d", "none", "-f", s.file("slapd.conf"), "-h", urls)
}
