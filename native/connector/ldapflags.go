package main

import (
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/ldapedge/ldapedge/ldap"
	"github.com/ldapedge/ldapedge/native/connector/config"
	"github.com/ldapedge/ldapedge/native/dial"
	"github.com/ldapedge/ldapedge/native/source"
	"github.com/ldapedge/ldapedge/server"
)

// ldapFlags are those of every command that takes an LDAP URL.
type ldapFlags struct {
	dn, passwordFile, caFile, mode, site string
	insecure, startTLS                   bool
	timeout                              time.Duration
}

func (f *ldapFlags) add(c *cobra.Command) {
	flags := c.Flags()
	flags.StringVarP(&f.dn, "dn", "D", "", "DN to bind as (default: anonymous)")
	flags.StringVarP(&f.passwordFile, "password-file", "y", "", "file with the password; one newline at its end is ignored")
	flags.BoolVar(&f.startTLS, "starttls", false, "begin with StartTLS, for ldap:// and ldap+srv://")
	flags.StringVar(&f.caFile, "ca", "", "PEM file of the certificates to trust (default: the system's)")
	flags.BoolVar(&f.insecure, "insecure", false, "accept any certificate")
	flags.StringVar(&f.mode, "mode", "", "addresses to use: "+modes()+" (default "+string(server.IPv6Preferred)+")")
	flags.StringVar(&f.site, "site", "", "site whose servers to look for first, for ldap+srv:// and ldaps+srv://")
	flags.DurationVar(&f.timeout, "timeout", 10*time.Second, "longest time to connect, and to wait for each response")
}

func modes() string {
	var names []string
	for _, m := range server.Modes() {
		names = append(names, string(m))
	}
	return strings.Join(names, ", ")
}

// server returns what is said of servers.
func (f *ldapFlags) server() (server.Options, error) {
	o := server.Options{
		ConnectTimeout: f.timeout, Mode: server.Mode(f.mode), Site: f.site,
		TLS: &server.TLS{Validate: server.ValidateRequired, CACertsFile: f.caFile},
	}
	for _, m := range server.Modes() {
		if strings.EqualFold(f.mode, string(m)) {
			o.Mode = m
		}
	}
	if f.insecure {
		if f.caFile != "" {
			return o, usageError{errors.New("--insecure accepts any certificate, and --ca would not be looked at")}
		}
		o.TLS = nil
	}
	if f.timeout <= 0 {
		return o, usageError{fmt.Errorf("--timeout %v: more than 0 is expected", f.timeout)}
	}
	return o, nil
}

// dialer returns what dials them. Whoever says --insecure need not be warned.
func (f *ldapFlags) dialer() *dial.Dialer {
	return &dial.Dialer{StartTLS: f.startTLS, Log: slog.New(slog.DiscardHandler)}
}

// credentials reads the password file.
func (f *ldapFlags) credentials() (c ldap.Credentials, err error) {
	if (f.dn == "") != (f.passwordFile == "") {
		return c, usageError{errors.New("-D and -y go together")}
	}
	if f.passwordFile == "" {
		return c, nil
	}
	password, err := config.ReadPassword(f.passwordFile)
	if err != nil {
		return c, fmt.Errorf("password file: %w", err)
	}
	return ldap.Credentials{DN: f.dn, Password: password}, nil
}

// options are those of a source.
func (f *ldapFlags) options() (*source.Options, error) {
	o := &source.Options{Dialer: f.dialer()}
	var err error
	if o.Server, err = f.server(); err != nil {
		return nil, err
	}
	if o.Credentials, err = f.credentials(); err != nil {
		return nil, err
	}
	return o, nil
}
