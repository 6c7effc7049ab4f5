package ldap

import (
	"fmt"

	"github.com/ldapedge/ldapedge/pool"
	"github.com/ldapedge/ldapedge/server"
)

// NewSource makes a source of what is written in place: a host name or a URL, as
// [server.New] takes them, a [*server.Server], a [*pool.Pool] or another source.
//
//	source, err := ldap.NewSource("ldaps://dc1.example.com", "ldaps://dc2.example.com")
//
// Several are a pool with the defaults of python ldap3, round robin among live
// servers; but one that is down comes back by itself. It looks for a live one
// for ever: give [Connection.Open] a context with a deadline. A list, as []string
// or []*server.Server, stands for its elements, and is a pool if it has one
// element too.
//
// The error is a [*server.Error], a [*pool.Error], a [*SourceError], or
// [pool.ErrEmpty] for no place at all.
func NewSource(places ...any) (Source, error) {
	if len(places) == 1 {
		switch place := places[0].(type) {
		case string:
			s, err := server.New(place, nil)
			if err != nil {
				return nil, err
			}
			return s, nil
		case Source:
			if isNil(place) {
				return nil, &SourceError{place, "is nil"}
			}
			return place, nil
		}
	}
	var all []pool.Member
	for _, place := range places {
		members, err := membersOf(place)
		if err != nil {
			return nil, err
		}
		all = append(all, members...)
	}
	if len(all) == 0 {
		return nil, pool.ErrEmpty
	}
	p, err := pool.New(all, nil)
	if err != nil {
		return nil, err
	}
	return p, nil
}

// membersOf returns what a place is in a pool.
func membersOf(place any) (members []pool.Member, err error) {
	switch place := place.(type) {
	case string:
		return membersOf([]string{place})
	case []string:
		for _, host := range place {
			s, err := server.New(host, nil)
			if err != nil {
				return nil, err
			}
			members = append(members, pool.Member{Server: s})
		}
		return members, nil
	case *server.Server:
		return pool.Servers(place), nil
	case []*server.Server:
		return pool.Servers(place...), nil
	case *pool.Pool:
		return []pool.Member{{Pool: place}}, nil
	case Source:
		return nil, &SourceError{place, "cannot be a member of a pool"}
	default:
		return nil, &SourceError{place, "is no source"}
	}
}

func isNil(s Source) bool {
	return s == Source((*server.Server)(nil)) || s == Source((*pool.Pool)(nil))
}

// SourceError tells of what no source can be made.
type SourceError struct {
	Place  any
	Reason string
}

// Error returns the type of the place and the reason in one line.
func (e *SourceError) Error() string { return fmt.Sprintf("source: a %T %s", e.Place, e.Reason) }
