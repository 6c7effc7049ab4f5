package tunnel

import (
	"encoding/json"
	"fmt"
	"strings"
)

// Offer is a server or pool that a connector offers.
type Offer struct {
	// Name is what it is asked for by.
	Name string `json:"name"`
	// URL is the server's, or that of a pool's first server.
	URL string `json:"url"`
	// Pool tells that it is a pool.
	Pool bool `json:"-"`
}

// MaxOffers is the longest list of servers that a client reads, in bytes.
const MaxOffers = 16 << 20

// ParseOffers reads a connector's answer to GET /v1/servers, and returns what it
// offers in its order.
func ParseOffers(body []byte) ([]Offer, error) {
	var list struct {
		Servers []struct {
			Offer
			Pool *struct{} `json:"pool"`
		} `json:"servers"`
	}
	if err := json.Unmarshal(body, &list); err != nil {
		return nil, fmt.Errorf("the connector's list of servers: %w", err)
	}
	offers := make([]Offer, len(list.Servers))
	for i, s := range list.Servers {
		offers[i] = s.Offer
		offers[i].Pool = s.Pool != nil
	}
	return offers, nil
}

// FindOffer returns the name under which a connector offers the server of a URL,
// which is as servers write theirs, with the port. A pool is not taken for its
// first server. The error is a [*NotOfferedError].
func FindOffer(offers []Offer, connector, url string) (name string, err error) {
	for _, o := range offers {
		if !o.Pool && sameURL(o.URL, url) {
			return o.Name, nil
		}
	}
	return "", &NotOfferedError{Connector: connector, Server: url}
}

// sameURL compares URLs. But for the path of a socket case makes no difference.
func sameURL(offered, url string) bool {
	if strings.HasPrefix(url, "ldapi://") {
		return offered == url
	}
	return strings.EqualFold(offered, url)
}

// NotOfferedError tells that a connector does not offer a server.
type NotOfferedError struct {
	// Connector is the connector's URL, and Server the LDAP server's.
	Connector, Server string
}

// Error returns both.
func (e *NotOfferedError) Error() string {
	return "connector " + e.Connector + ": it does not offer " + e.Server
}
