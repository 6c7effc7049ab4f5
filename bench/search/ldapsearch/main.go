// Command ldapsearch times OpenLDAP's ldapsearch: it prints, for each of the
// number of runs given, the nanoseconds that it takes to read all people and to
// write them to nowhere. The other argument is the server's URL.
package main

import (
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"time"

	"github.com/ldapedge/ldapedge/bench/search/people"
)

func main() {
	if err := run(os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, "ldapsearch:", err)
		os.Exit(1)
	}
}

func run(runsText, url string) error {
	runs, err := strconv.Atoi(runsText)
	if err != nil {
		return err
	}
	args := append([]string{"-x", "-LLL", "-H", url, "-b", people.Base, "-s", "one", people.FilterText}, people.Attributes...)
	for range runs {
		begin := time.Now()
		if err := exec.Command("ldapsearch", args...).Run(); err != nil { // its output goes to /dev/null
			return err
		}
		fmt.Println(time.Since(begin).Nanoseconds())
	}
	return nil
}
