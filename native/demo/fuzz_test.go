package demo

import (
	"testing"

	"github.com/jimlambrt/gldap"
)

// FuzzSearch looks for requests that make the directory panic, which would end
// the process that it lives in.
func FuzzSearch(f *testing.F) {
	content, err := newTree()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(BaseDN, "(&(objectClass=*)(!(cn=a*b*c))(|(sn>=x)(mail~=y)))")
	f.Add("", "(cn:dn:2.5.13.5:=x)")
	f.Add(`cn=research\2c development,ou=groups,dc=example,dc=com`, `(cn=\2a\28)`)
	f.Add("cn=#0401", "(!)")
	f.Fuzz(func(t *testing.T, base, filter string) {
		for scope := gldap.BaseObject; scope <= gldap.WholeSubtree; scope++ {
			found, end := content.search(&gldap.SearchMessage{BaseDN: base, Scope: scope, Filter: filter})
			if end.code != gldap.ResultSuccess && len(found) > 0 {
				t.Errorf("result %d came with %d entries", end.code, len(found))
			}
		}
		content.bind(base, filter)
	})
}
