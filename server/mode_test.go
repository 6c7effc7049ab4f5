package server

import (
	_ "embed"
	"encoding/json"
	"net/netip"
	"slices"
	"testing"
)

// candidates are the addresses that python ldap3 and this package try: see the
// integration tests, which ask ldap3, and those of native/dial.
//
//go:embed testdata/candidates.json
var candidates []byte

func TestCandidates(t *testing.T) {
	var vectors []struct {
		Name    string
		Mode    Mode
		Answer  []string // of the resolver
		Failed  []string // what failed just before
		LDAP3   []string `json:"ldap3"` // what python ldap3 tries
		Ours    []string // what is tried here; absent: the same
		Because string   // why it is not the same
	}
	if err := json.Unmarshal(candidates, &vectors); err != nil {
		t.Fatal(err)
	}
	if len(vectors) < 20 {
		t.Fatalf("only %d vectors", len(vectors))
	}
	for _, v := range vectors {
		want := v.LDAP3
		if (v.Ours == nil) != (v.Because == "") {
			t.Errorf("%s: a difference and its reason go together", v.Name)
		}
		if v.Ours != nil {
			want = v.Ours
		}
		var addresses []netip.Addr
		for _, a := range v.Answer {
			addresses = append(addresses, netip.MustParseAddr(a))
		}
		var got []string
		for _, a := range v.Mode.Candidates(addresses, func(a netip.Addr) bool { return slices.Contains(v.Failed, a.String()) }) {
			got = append(got, a.String())
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s, %s: %v, not %v", v.Name, v.Mode, got, want)
		}
	}
}
