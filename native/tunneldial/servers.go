package tunneldial

import (
	"context"
	"fmt"
	"io"
	"net/http"

	"github.com/ldapedge/ldapedge/ldap"
	"github.com/ldapedge/ldapedge/server"
	"github.com/ldapedge/ldapedge/tunnel"
)

var _ ldap.Dialer = (*Dialer)(nil)

// Servers asks the connector which servers and pools it offers, in its order. The
// errors are those of [Dialer.Open].
func (d *Dialer) Servers(ctx context.Context) ([]tunnel.Offer, error) {
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
	body, err := io.ReadAll(io.LimitReader(response.Body, tunnel.MaxOffers))
	if err != nil {
		return nil, &Error{URL: d.base.String(), Err: err}
	}
	offers, err := tunnel.ParseOffers(body)
	if err != nil {
		return nil, fmt.Errorf("connector %s: %w", d.base, err)
	}
	return offers, nil
}

// Dial opens a session with the server that the connector has under the same URL,
// within the server's connect timeout. A pool of the connector's is not taken for
// its first server. The error is a [*tunnel.NotOfferedError] if there is none, or one of
// [Dialer.Open].
func (d *Dialer) Dial(ctx context.Context, s *server.Server) (io.ReadWriteCloser, error) {
	ctx, cancel := context.WithTimeout(ctx, s.ConnectTimeout())
	defer cancel()
	offers, err := d.Servers(ctx)
	if err != nil {
		return nil, err
	}
	name, err := tunnel.FindOffer(offers, d.base.String(), s.URL())
	if err != nil {
		return nil, err
	}
	stream, err := d.Open(ctx, name)
	if err != nil {
		return nil, err
	}
	return stream, nil
}
