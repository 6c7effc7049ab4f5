package integration

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"testing"

	goldap "github.com/go-ldap/ldap/v3"

	"github.com/ldapedge/ldapedge/integration/testserver"
	"github.com/ldapedge/ldapedge/ldap/filter"
	"github.com/ldapedge/ldapedge/ldap/message"
)

// The same people are read by three clients: us, go-ldap and python ldap3.
func TestSameEntries(t *testing.T) {
	const people, base, text = 50_000, "ou=people," + testserver.Suffix, "(objectClass=posixAccount)"
	slapd, err := testserver.SlapdConfig{Entries: testserver.People(people)}.Start(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { slapd.Close() })
	attributes := []string{"*", "createTimestamp", "entryUUID"}
	line := func(dn, name string, value []byte) string {
		return dn + "\t" + name + "\t" + hex.EncodeToString(value) + "\n"
	}

	var ours []string
	entries := 0
	for e, err := range connect(t, slapd.URL(), nil).Search(t.Context(), message.SearchRequest{Base: base, Scope: message.ScopeOne, Filter: filter.Equal("objectClass", "posixAccount"), Attributes: attributes}) {
		if err != nil {
			t.Fatal(err)
		}
		entries++
		for a := range e.Attributes() {
			for v := range a.Values() {
				ours = append(ours, line(e.DN(), a.Name(), v))
			}
		}
	}
	want := digest(entries, ours)
	if entries != people {
		t.Errorf("%d entries", entries)
	}

	c, err := goldap.DialURL(slapd.URL())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	found, err := c.Search(goldap.NewSearchRequest(base, goldap.ScopeSingleLevel, goldap.NeverDerefAliases, 0, 0, false, text, attributes, nil))
	if err != nil {
		t.Fatal(err)
	}
	var theirs []string
	for _, e := range found.Entries {
		for _, a := range e.Attributes {
			for _, v := range a.ByteValues {
				theirs = append(theirs, line(e.DN, a.Name, v))
			}
		}
	}
	if got := digest(len(found.Entries), theirs); got != want {
		t.Errorf("go-ldap has %s, we have %s", got, want)
	}

	out := askPython(t, nil, "ldap3_entries.py", slapd.URL(), base, text)
	if got := strings.TrimSpace(string(out)); got != want {
		t.Errorf("ldap3 has %s, we have %s", got, want)
	}
	t.Log(want)
}

func digest(entries int, lines []string) string {
	slices.Sort(lines)
	return fmt.Sprintf("%d %d %x", entries, len(lines), sha256.Sum256([]byte(strings.Join(lines, ""))))
}
