package tunneldial

import (
	"bytes"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"

	"github.com/ldapedge/ldapedge/native/authorities"
)

// newClients returns the HTTP client for a connector's documents and the one for its
// sessions. They speak HTTP/1.1, which alone can become a WebSocket, and follow no
// redirect, so that the token goes nowhere else.
func newClients(o *Options) (documents, sessions *http.Client, err error) {
	config := &tls.Config{InsecureSkipVerify: o.InsecureSkipVerify}
	if o.CAFile != "" {
		if config.RootCAs, err = authorities.File(o.CAFile); err != nil {
			return nil, nil, fmt.Errorf("certificates to trust: %w", err)
		}
	}
	protocols := new(http.Protocols)
	protocols.SetHTTP1(true)
	config.NextProtos = []string{"http/1.1"}
	transport := &http.Transport{
		Proxy:           http.ProxyFromEnvironment,
		DialContext:     o.DialContext,
		TLSClientConfig: config,
		Protocols:       protocols,
		MaxIdleConns:    2,
		IdleConnTimeout: DefaultPing,
	}
	up := &upgrader{dial: o.DialContext, tls: config, proxied: transport}
	if up.dial == nil {
		up.dial = new(net.Dialer).DialContext
	}
	stay := func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &http.Client{Transport: transport, CheckRedirect: stay}, &http.Client{Transport: up, CheckRedirect: stay}, nil
}

// errNoToken is the error of an empty token file.
var errNoToken = errors.New("the file is empty")

// TokenFile returns an [Options.Token] that reads a file each time: the token is
// its text, without a newline at its end.
func TokenFile(name string) func() (string, error) {
	return func() (string, error) {
		b, err := os.ReadFile(name)
		if err != nil {
			return "", err
		}
		b = bytes.TrimSuffix(bytes.TrimSuffix(b, []byte("\n")), []byte("\r"))
		if len(b) == 0 {
			return "", fmt.Errorf("%s: %w", name, errNoToken)
		}
		for _, c := range b {
			if c <= ' ' || c >= 0x7f {
				return "", fmt.Errorf("%s: there is more in it than a token", name)
			}
		}
		return string(b), nil
	}
}
