// Command ldapsearch times OpenLDAP's ldapsearch: it prints, for each of the
// number of runs given, the nanoseconds that it takes to read all people and to
// write them to nowhere. The other argument is the server's URL.
package main

import (
	"os/exec"

	"github.com/ldapedge/ldapedge/bench/contest/turn"
	"github.com/ldapedge/ldapedge/bench/search/people"
)

func main() { turn.Main(run) }

func run(runs int, args []string) error {
	command := append([]string{"-x", "-LLL", "-H", args[0], "-b", people.Base, "-s", "one", people.FilterText}, people.Attributes...)
	return turn.Time(runs, func() error { return exec.Command("ldapsearch", command...).Run() }) // its output goes to /dev/null
}
