// Package faults tries pools of LDAP servers out: several real slapds are
// killed, suspended, restarted, added and removed while many clients open
// connections all the time, or search on connections that they keep. There is
// always a server that answers, so that whatever fails is a fault of the client.
package faults

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/ldapedge/ldapedge/integration/testserver"
)

// Members changes the servers of a pool.
type Members interface {
	Add(url string) error
	Remove(url string) error
}

// servers are three that are members from the beginning, and one that is not.
type servers [4]*testserver.Slapd

// people are in each of them.
const people = 100

func startServers(ctx context.Context) (*servers, error) {
	s := new(servers)
	for i := range s {
		var err error
		if s[i], err = (testserver.SlapdConfig{Entries: testserver.People(people)}).Start(ctx); err != nil {
			return nil, errors.Join(err, s.close())
		}
	}
	return s, nil
}

func (s *servers) close() error {
	var all []error
	for _, slapd := range s {
		if slapd != nil {
			all = append(all, slapd.Close())
		}
	}
	return errors.Join(all...)
}

// members are the URLs of those that are members from the beginning.
func (s *servers) members() (urls []string) {
	for _, slapd := range s[:3] {
		urls = append(urls, slapd.URL())
	}
	return urls
}

// step is one thing that happens.
type step struct {
	what string
	do   func(ctx context.Context, s *servers, m Members) error
}

// schedule is what happens, one step after another. The servers a, b and c are
// members at first, d is added; at each time one of them answers.
var schedule = []step{
	{"a is killed", func(_ context.Context, s *servers, _ Members) error { s[0].Kill(); return nil }},
	{"b is suspended", func(_ context.Context, s *servers, _ Members) error { s[1].Suspend(); return nil }},
	{"a is started", func(ctx context.Context, s *servers, _ Members) error { return s[0].Start(ctx) }},
	{"c is suspended", func(_ context.Context, s *servers, _ Members) error { s[2].Suspend(); return nil }},
	{"d is added", func(_ context.Context, s *servers, m Members) error { return m.Add(s[3].URL()) }},
	{"a is killed again", func(_ context.Context, s *servers, _ Members) error { s[0].Kill(); return nil }},
	{"b goes on", func(_ context.Context, s *servers, _ Members) error { s[1].Resume(); return nil }},
	{"d is removed", func(_ context.Context, s *servers, m Members) error { return m.Remove(s[3].URL()) }},
	{"c goes on", func(_ context.Context, s *servers, _ Members) error { s[2].Resume(); return nil }},
	{"a is started again", func(ctx context.Context, s *servers, _ Members) error { return s[0].Start(ctx) }},
}

// disturb goes through the schedule, with beat between the steps and after the
// last.
func disturb(ctx context.Context, s *servers, m Members, beat time.Duration) error {
	for _, step := range schedule {
		if err := sleep(ctx, beat); err != nil {
			return err
		}
		if err := step.do(ctx, s, m); err != nil {
			return fmt.Errorf("when %s: %w", step.what, err)
		}
	}
	return sleep(ctx, beat)
}

func sleep(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-time.After(d):
		return nil
	}
}
