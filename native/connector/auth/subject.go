package auth

import (
	"errors"
	"slices"
)

// Subject is who a client is, and what it may reach.
type Subject struct {
	Name    string
	Servers Servers
}

// MayReach tells whether the subject may reach the server or pool of that name.
func (s Subject) MayReach(server string) bool {
	return s.Servers.All || slices.Contains(s.Servers.Names, server)
}

// allServers stands for all servers, in settings and in claims.
const allServers = "all"

// Servers are the servers and pools that a subject may reach. In YAML and in a
// token's claims they are a list of names, or the text "all": ["all"] is a server
// of that name.
type Servers struct {
	All   bool
	Names []string
}

// UnmarshalYAML reads a list of names, or "all".
func (s *Servers) UnmarshalYAML(unmarshal func(any) error) error {
	var value any
	if err := unmarshal(&value); err != nil {
		return err
	}
	got, ok := serversOf(value)
	if !ok {
		return errors.New(`servers is a list of names, or "all"`)
	}
	*s = got
	return nil
}

// serversOf reads servers from what a YAML or JSON decoder has made of them.
func serversOf(value any) (s Servers, ok bool) {
	switch value := value.(type) {
	case string:
		return Servers{All: value == allServers}, value == allServers
	case []any:
		for _, v := range value {
			name, ok := v.(string)
			if !ok || name == "" {
				return Servers{}, false
			}
			s.Names = append(s.Names, name)
		}
		return s, true
	}
	return Servers{}, false
}

// given tells whether anything is said of the servers.
func (s Servers) given() bool { return s.All || len(s.Names) > 0 }
