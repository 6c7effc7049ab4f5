//go:build js && wasm

package main

import (
	"context"
	"fmt"
	"strings"
	"syscall/js"

	"github.com/ldapedge/ldapedge/server"
	"github.com/ldapedge/ldapedge/tunnel"
	"github.com/ldapedge/ldapedge/wasm/facade"
	"github.com/ldapedge/ldapedge/wasm/promise"
)

// base is the connector's URL without a slash at its end.
func (d connectorDialer) base() (string, error) {
	if !strings.HasPrefix(d.Connector, "http://") && !strings.HasPrefix(d.Connector, "https://") {
		return "", fmt.Errorf("connector %q: an http or https URL is expected", d.Connector)
	}
	return strings.TrimSuffix(d.Connector, "/"), nil
}

// name is what the connector calls a server: what the host says, or what the
// connector offers under the server's URL.
func (d connectorDialer) name(ctx context.Context, base string, s *server.Server) (string, error) {
	if d.Server != "" {
		return d.Server, nil
	}
	status, body, err := fetch(ctx, base+"/v1/servers", d.Token)
	switch {
	case ctx.Err() != nil:
		return "", context.Cause(ctx)
	case err != nil:
		return "", d.failed(facade.CodeConnectorUnreachable, err.Error())
	case status == 401:
		return "", d.failed(facade.CodeNotAuthenticated, "the connector wants a token, or another one")
	case status == 403:
		return "", d.failed(facade.CodeNotPermitted, "the connector refuses this page")
	case status != 200:
		return "", d.failed(facade.CodeProtocol, fmt.Sprintf("the connector answers %d", status))
	}
	offers, err := tunnel.ParseOffers(body)
	if err != nil {
		return "", d.failed(facade.CodeProtocol, err.Error())
	}
	return tunnel.FindOffer(offers, d.Connector, s.URL())
}

func (d connectorDialer) failed(code facade.Code, cause string) error {
	return &facade.Error{Code: code, Where: d.Connector, Cause: cause}
}

// fetch reads a document of the connector's.
func fetch(ctx context.Context, url, token string) (status int, body []byte, err error) {
	abort := js.Global().Get("AbortController").New()
	stop := context.AfterFunc(ctx, func() { abort.Call("abort") })
	defer stop()
	headers := map[string]any{}
	if token != "" {
		headers["Authorization"] = "Bearer " + token
	}
	response, err := promise.Await(js.Global().Call("fetch", url, map[string]any{
		"headers": headers, "cache": "no-store", "redirect": "error", "signal": abort.Get("signal"),
	}))
	if err != nil {
		return 0, nil, err
	}
	text, err := promise.Await(response.Call("arrayBuffer"))
	if err != nil {
		return 0, nil, err
	}
	array := js.Global().Get("Uint8Array").New(text)
	if array.Length() > tunnel.MaxOffers {
		return 0, nil, fmt.Errorf("the answer has %d bytes", array.Length())
	}
	return response.Get("status").Int(), promise.Bytes(array), nil
}
