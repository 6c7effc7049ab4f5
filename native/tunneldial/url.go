package tunneldial

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
)

// path is where a connector has its sessions, below its base.
const path = "/v1/ldap"

// ParseURL reads a connector's URL: ws, wss, http or https, the host, perhaps
// with a port, and whatever path a proxy has put the connector under. At its end
// may be /v1/ldap, and ?server=NAME of the server to reach. base is the URL below
// which /v1 is, its scheme http or https; server is "" if none is named.
func ParseURL(connector string) (base *url.URL, server string, err error) {
	u, err := url.Parse(connector)
	if err != nil {
		var e *url.Error
		if errors.As(err, &e) {
			err = e.Err // the URL may have a password in it
		}
		return nil, "", fmt.Errorf("the connector's URL: %w", err)
	}
	wrong := func(reason string) (*url.URL, string, error) {
		return nil, "", fmt.Errorf("the connector's URL %s: %s", u.Redacted(), reason)
	}
	switch strings.ToLower(u.Scheme) {
	case "ws", "http":
		u.Scheme = "http"
	case "wss", "https":
		u.Scheme = "https"
	default:
		return wrong("ws://, wss://, http:// or https:// is expected")
	}
	if u.User != nil {
		return wrong("a token or password does not belong into it")
	}
	if u.Hostname() == "" || u.Fragment != "" {
		return wrong("a host is expected, and no fragment")
	}
	query, err := url.ParseQuery(u.RawQuery)
	if err != nil {
		return wrong("its query cannot be read")
	}
	for name := range query {
		if name != "server" || len(query[name]) != 1 {
			return nil, "", fmt.Errorf("the connector's URL: its query may be ?server=NAME alone")
		}
	}
	p := strings.TrimSuffix(strings.TrimSuffix(strings.TrimSuffix(u.Path, "/"), path), "/")
	return &url.URL{Scheme: u.Scheme, Host: u.Host, Path: p}, query.Get("server"), nil
}
