package config

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"os"
	"strings"

	"github.com/ldapedge/ldapedge/native/authorities"
)

// ListenerTLS is the certificate with which the connector speaks HTTPS.
type ListenerTLS struct {
	// CertFile and KeyFile name PEM files of the certificate, its chain included,
	// and its key. They are read again when they change.
	CertFile string `yaml:"cert_file"`
	KeyFile  string `yaml:"key_file"`
	// ClientCAFile names a PEM file of authorities whose client certificates are
	// looked at; nobody has to have one.
	ClientCAFile string `yaml:"client_ca_file"`
}

// On tells whether the connector speaks HTTPS.
func (t ListenerTLS) On() bool { return t != ListenerTLS{} }

func (t ListenerTLS) check() error {
	if !t.On() {
		return nil
	}
	if t.CertFile == "" || t.KeyFile == "" {
		return errors.New("cert_file and key_file go together")
	}
	if _, err := tls.LoadX509KeyPair(t.CertFile, t.KeyFile); err != nil {
		return err
	}
	_, err := t.ClientCAs()
	return err
}

// ClientCAs returns the authorities of client certificates, nil if there are none.
func (t ListenerTLS) ClientCAs() (*x509.CertPool, error) {
	if t.ClientCAFile == "" {
		return nil, nil
	}
	pool, err := authorities.File(t.ClientCAFile)
	if err != nil {
		return nil, fmt.Errorf("client_ca_file: %w", err)
	}
	return pool, nil
}

// AdminAddress returns network and address of the operator's listener.
func (c *Config) AdminAddress() (network, address string) {
	if path, ok := strings.CutPrefix(c.Admin, "unix:"); ok {
		return "unix", path
	}
	return "tcp", c.Admin
}

func (c *Config) checkAdmin() error {
	if c.Admin == "" {
		if c.AdminTokenFile != "" {
			return errors.New("admin_token_file: there is no admin")
		}
		return nil
	}
	network, address := c.AdminAddress()
	if network == "unix" {
		if address == "" {
			return errors.New("admin: unix: has no path")
		}
	} else if host, _, err := net.SplitHostPort(address); err != nil {
		return fmt.Errorf("admin: %w", err)
	} else if !Loopback(host) {
		return fmt.Errorf("admin: %q is not loopback", c.Admin)
	}
	if c.AdminTokenFile == "" {
		return nil
	}
	_, err := c.AdminToken()
	return err
}

// AdminToken reads the token that the operator's listener asks for.
func (c *Config) AdminToken() (string, error) {
	b, err := os.ReadFile(c.AdminTokenFile)
	if err != nil {
		return "", fmt.Errorf("admin_token_file: %w", err)
	}
	token := strings.TrimSpace(string(b))
	if len(token) < 16 {
		return "", fmt.Errorf("admin_token_file: %s has %d characters, and fewer than 16 can be guessed", c.AdminTokenFile, len(token))
	}
	return token, nil
}
