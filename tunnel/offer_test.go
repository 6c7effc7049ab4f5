package tunnel

import (
	"errors"
	"strings"
	"testing"
)

func TestFindOffer(t *testing.T) {
	offers, err := ParseOffers([]byte(`{"servers":[{"name":"both","url":"ldaps://dc1.example.com:636","pool":{"strategy":"FIRST"}},
		{"name":"dc1","url":"ldaps://dc1.example.com:636","tls":true},{"name":"local","url":"ldapi:///Run"}]}`))
	if err != nil || len(offers) != 3 || !offers[0].Pool || offers[1].Pool {
		t.Fatalf("%+v, %v", offers, err)
	}
	for url, want := range map[string]string{
		"ldaps://dc1.example.com:636": "dc1", "ldaps://DC1.example.com:636": "dc1", "ldapi:///Run": "local",
		"ldapi:///run": "", "ldap://dc1.example.com:636": "", "ldaps://dc2.example.com:636": "",
	} {
		name, err := FindOffer(offers, "http://c/", url)
		if name != want {
			t.Errorf("%s: %q, want %q", url, name, want)
		}
		if refused := (*NotOfferedError)(nil); want == "" && (!errors.As(err, &refused) || refused.Server != url || !strings.Contains(err.Error(), "http://c/")) {
			t.Errorf("%s: %v", url, err)
		}
	}
	if _, err := ParseOffers([]byte(`[]`)); err == nil || !strings.Contains(err.Error(), "list of servers") {
		t.Errorf("a list that is none: %v", err)
	}
}
