package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/spf13/cobra"

	"github.com/ldapedge/ldapedge/native/source"
	"github.com/ldapedge/ldapedge/server"
)

// ldapFlags are those of every command that takes an LDAP URL.
type ldapFlags struct {
	dn, passwordFile, caFile string
	insecure                 bool
	timeout                  time.Duration
}

func (f *ldapFlags) add(c *cobra.Command) {
	flags := c.Flags()
	flags.StringVarP(&f.dn, "dn", "D", "", "DN to bind as (default: anonymous)")
	flags.StringVarP(&f.passwordFile, "password-file", "y", "", "file with the password; one newline at its end is ignored")
	flags.StringVar(&f.caFile, "ca", "", "PEM file of the certificates to trust (default: the system's)")
	flags.BoolVar(&f.insecure, "insecure", false, "accept any certificate")
	flags.DurationVar(&f.timeout, "timeout", 10*time.Second, "longest time to connect, and to wait for each response")
}

// options reads the password file.
func (f *ldapFlags) options() (*source.Options, error) {
	o := &source.Options{
		DN: f.dn, Timeout: f.timeout,
		TLS: &server.TLS{Validate: server.ValidateRequired, CACertsFile: f.caFile},
	}
	if (f.dn == "") != (f.passwordFile == "") {
		return nil, usageError{errors.New("-D and -y go together")}
	}
	if f.timeout <= 0 {
		return nil, usageError{fmt.Errorf("--timeout %v: more than 0 is expected", f.timeout)}
	}
	if f.insecure {
		o.TLS = nil
	}
	if f.passwordFile == "" {
		return o, nil
	}
	password, err := os.ReadFile(f.passwordFile)
	if err != nil {
		return nil, fmt.Errorf("password file: %w", err)
	}
	o.Password = string(bytes.TrimSuffix(bytes.TrimSuffix(password, []byte("\n")), []byte("\r")))
	return o, nil
}
