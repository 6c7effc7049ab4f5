package tunneldial

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/ldapedge/ldapedge/ldap"
	"github.com/ldapedge/ldapedge/server"
)

var _ ldap.Dialer = (*Dialer)(nil)

// Offer is a server or pool that a connector offers.
type Offer struct {
	// Name is what it is asked for by.
	Name string `json:"name"`
	// URL is the server's, or that of a pool's first server.
	URL string `json:"url"`
	// Pool tells that it is a pool.
	Pool bool `json:"-"`
}

// maxList is the longest list of servers that is read, in bytes.
const maxList = 16 << 20

// Servers asks the connector which servers and pools it offers, in its order. The
// errors are those of [Dialer.Open].
func (d *Dialer) Servers(ctx context.Context) ([]Offer, error) {
	header, err := d.header()
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, d.options.ConnectTimeout)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, d.base.JoinPath("/v1/servers").String(), nil)
	if err != nil {
		return nil, fmt.Errorf("connector %s: %w", d.base, err)
	}
	request.Header = header
	response, err := d.documents.Do(request)
	if err != nil {
		return nil, &Error{URL: d.base.String(), Err: cause(err)}
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return nil, httpError(response)
	}
	var list struct {
		Servers []struct {
			Offer
			Pool *struct{} `json:"pool"`
		} `json:"servers"`
	}
	if err := json.NewDecoder(io.LimitReader(response.Body, maxList)).Decode(&list); err != nil {
		return nil, fmt.Errorf("connector %s: its list of servers: %w", d.base, err)
	}
	offers := make([]Offer, len(list.Servers))
	for i, s := range list.Servers {
		offers[i] = s.Offer
		offers[i].Pool = s.Pool != nil
	}
	return offers, nil
}

// Dial opens a session with the server that the connector has under the same URL,
// within the server's connect timeout. A pool of the connector's is not taken for
// its first server. The error is a [*NotOfferedError] if there is none, or one of
// [Dialer.Open].
func (d *Dialer) Dial(ctx context.Context, s *server.Server) (io.ReadWriteCloser, error) {
	ctx, cancel := context.WithTimeout(ctx, s.ConnectTimeout())
	defer cancel()
	offers, err := d.Servers(ctx)
	if err != nil {
		return nil, err
	}
	for _, o := range offers {
		if !o.Pool && sameURL(o.URL, s) {
			stream, err := d.Open(ctx, o.Name)
			if err != nil {
				return nil, err
			}
			return stream, nil
		}
	}
	return nil, &NotOfferedError{Connector: d.base.String(), Server: s.URL()}
}

// sameURL compares URLs as servers write them. But for the path of a socket case
// makes no difference.
func sameURL(offered string, s *server.Server) bool {
	if s.Scheme() == server.LDAPI {
		return offered == s.URL()
	}
	return strings.EqualFold(offered, s.URL())
}
