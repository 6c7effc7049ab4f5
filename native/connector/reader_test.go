package main

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ldapedge/ldapedge/server"
)

// slowly is a source that takes its time to fail, and counts how often.
type slowly struct{ opened int }

var errAway = errors.New("away")

func (s *slowly) Open(context.Context, server.Try) (*server.Use, error) {
	s.opened++
	time.Sleep(10 * time.Second)
	return nil, errAway
}

// Many who ask for the schema of a server that is away are told together, and who
// has left asks nothing.
func TestReadingFailsForAllWhoWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		source := &slowly{}
		r := &reader{targets: make(map[string]*readable)}
		r.add("dc1", source)
		left, leave := context.WithCancel(t.Context())
		begin := time.Now()
		failures := make(chan error)
		for range 50 {
			go func() {
				_, err := r.Schema(t.Context(), "dc1")
				failures <- err
			}()
		}
		for range 50 {
			if err := <-failures; !errors.Is(err, errAway) {
				t.Errorf("%v", err)
			}
		}
		if took := time.Since(begin); took != 10*time.Second || source.opened != 1 {
			t.Errorf("it took %v, and %d tries", took, source.opened)
		}
		time.Sleep(failureAge)
		leave()
		if _, err := r.Info(left, "dc1"); !errors.Is(err, context.Canceled) || source.opened != 1 {
			t.Errorf("%v, and %d tries", err, source.opened)
		}
		if _, err := r.Info(t.Context(), "dc1"); !errors.Is(err, errAway) || source.opened != 2 {
			t.Errorf("%v, and %d tries", err, source.opened)
		}
	})
}
