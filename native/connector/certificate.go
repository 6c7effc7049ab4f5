package main

import (
	"crypto/tls"
	"crypto/x509"
	"log/slog"
	"os"
	"sync"
	"time"

	"github.com/ldapedge/ldapedge/native/connector/config"
)

// certificate is the connector's own, read again when its files change: those
// who renew it need not tell. Connections go on with the one they began with.
type certificate struct {
	files   config.ListenerTLS
	clients *x509.CertPool
	log     *slog.Logger

	mu      sync.Mutex
	current *tls.Certificate
	of      [2]fileState // of which files it is, or that have failed
}

type fileState struct {
	changed time.Time
	size    int64
}

func newCertificate(files config.ListenerTLS, log *slog.Logger) (*certificate, error) {
	clients, err := files.ClientCAs()
	if err != nil {
		return nil, err
	}
	c := &certificate{files: files, clients: clients, log: log}
	pair, err := tls.LoadX509KeyPair(files.CertFile, files.KeyFile)
	c.current, c.of = &pair, c.state()
	return c, err
}

func (c *certificate) state() (all [2]fileState) {
	for i, name := range []string{c.files.CertFile, c.files.KeyFile} {
		if info, err := os.Stat(name); err == nil {
			all[i] = fileState{info.ModTime(), info.Size()}
		}
	}
	return all
}

// get returns the certificate of the files. One that cannot be read, such as
// while both are being replaced, leaves the one before in its place.
func (c *certificate) get(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := c.state()
	if now == c.of {
		return c.current, nil
	}
	c.of = now
	pair, err := tls.LoadX509KeyPair(c.files.CertFile, c.files.KeyFile)
	if err != nil {
		c.log.Warn("the certificate has changed and cannot be read; the one before stays", "file", c.files.CertFile, "error", err)
		return c.current, nil
	}
	c.current = &pair
	c.log.Info("the certificate has been read again", "file", c.files.CertFile)
	return c.current, nil
}

func (c *certificate) config() *tls.Config {
	t := &tls.Config{MinVersion: tls.VersionTLS12, GetCertificate: c.get, NextProtos: []string{"http/1.1"}}
	if c.clients != nil {
		t.ClientAuth, t.ClientCAs = tls.VerifyClientCertIfGiven, c.clients
	}
	return t
}
