package main

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ldapedge/ldapedge/ldap/policy"
	"github.com/ldapedge/ldapedge/native/connector/auth"
	"github.com/ldapedge/ldapedge/pool"
	"github.com/ldapedge/ldapedge/server"
)

// The guide has all metrics, and neither it nor the dashboard has others.
func TestMetricsAreDocumented(t *testing.T) {
	m := newMetrics()
	m.Began("dc1")
	m.Carried("dc1", 1, 1)
	m.Dialled("dc1", time.Second, nil)
	m.Dialled("dc1", time.Second, os.ErrDeadlineExceeded)
	m.Ended("dc1", time.Second, policy.Counts{Operations: map[policy.Operation]uint64{policy.Search: 1}, Refusals: map[policy.Reason]uint64{policy.ReasonBase: 1}})
	m.Closed(1000)
	s, err := server.New("ldap://dc1", nil)
	if err != nil {
		t.Fatal(err)
	}
	p, err := pool.New(pool.Servers(s), nil)
	if err != nil {
		t.Fatal(err)
	}
	m.setPools(map[string]*pool.Pool{"pool": p})
	families, err := m.registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	var ours []string
	for _, f := range families {
		if name := f.GetName(); strings.HasPrefix(name, "ldapedge_") {
			ours = append(ours, name)
		}
	}
	if len(ours) != 11 {
		t.Errorf("there are %v", ours)
	}
	claims := strings.NewReplacer(auth.DefaultServersClaim, "", auth.DefaultTargetClaim, "")
	metric := regexp.MustCompile(`ldapedge_[a-z_]+[a-z]`)
	for _, file := range []string{"../../docs/operating.md", "../../deploy/grafana.json"} {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		named := metric.FindAllString(claims.Replace(string(b)), -1)
		for _, name := range named {
			if !slices.Contains(ours, strings.TrimSuffix(name, "_bucket")) {
				t.Errorf("%s has %s", file, name)
			}
		}
		for _, name := range ours {
			if strings.HasSuffix(file, ".md") && !slices.Contains(named, name) {
				t.Errorf("%s does not have %s", file, name)
			}
		}
	}
}
