// Command goldap times searches with github.com/go-ldap/ldap: it prints, for
// each of the number of runs given, the nanoseconds that reading all people
// takes, as they come, walking all attributes and values. The other argument is
// the server's URL.
package main

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"time"

	"github.com/go-ldap/ldap/v3"

	"github.com/ldapedge/ldapedge/bench/search/people"
)

func main() {
	if err := run(os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, "goldap:", err)
		os.Exit(1)
	}
}

func run(runsText, url string) error {
	runs, err := strconv.Atoi(runsText)
	if err != nil {
		return err
	}
	c, err := ldap.DialURL(url)
	if err != nil {
		return err
	}
	defer c.Close()
	request := ldap.NewSearchRequest(people.Base, ldap.ScopeSingleLevel, ldap.NeverDerefAliases, 0, 0, false, people.FilterText, people.Attributes, nil)
	for range runs {
		begin := time.Now()
		entries, sum := 0, 0
		for r := c.SearchAsync(context.Background(), request, 64); r.Next(); {
			if r.Err() != nil {
				return r.Err()
			}
			e := r.Entry()
			if e == nil {
				continue
			}
			entries++
			sum += len(e.DN)
			for _, a := range e.Attributes {
				for _, v := range a.ByteValues {
					sum += len(v)
				}
			}
		}
		fmt.Println(time.Since(begin).Nanoseconds())
		if entries != people.Count || sum == 0 {
			return fmt.Errorf("%d entries", entries)
		}
	}
	return nil
}
