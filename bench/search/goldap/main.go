// Command goldap times searches with github.com/go-ldap/ldap: it prints, for
// each of the number of runs given, the nanoseconds that reading all people
// takes, as they come, walking all attributes and values. The other argument is
// the server's URL.
package main

import (
	"github.com/go-ldap/ldap/v3"

	"github.com/ldapedge/ldapedge/bench/contest/turn"
	"github.com/ldapedge/ldapedge/bench/search/people"
	"github.com/ldapedge/ldapedge/bench/search/walkgoldap"
)

func main() { turn.Main(run) }

func run(runs int, args []string) error {
	c, err := ldap.DialURL(args[0])
	if err != nil {
		return err
	}
	defer c.Close()
	return turn.Time(runs, func() error { return people.All(walkgoldap.People(c)) })
}
