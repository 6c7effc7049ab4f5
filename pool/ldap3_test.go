package pool

import (
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

//go:embed testdata/ldap3.json
var ldap3JSON []byte

type ldap3Scenario struct {
	Name  string
	LDAP3 string
	Ours  string
	Why   string
	Pool  json.RawMessage
	Error string
	Steps []ldap3Step
}

// ldap3Step is what is done: one of Open, Until, Dead, Wait, Add, Remove.
type ldap3Step struct {
	Open    string   // the host, "exhausted", "empty" or "for ever"
	Tried   []string // what is tried for it, if that is given
	Seconds *float64 // how long it takes
	Cycles  int      // how often each is tried
	Within  float64  // the seconds that it has, 0 for an hour
	Until   string   // open until it is this host
	Dead    *[]string
	Wait    float64
	Add     string
	Remove  string
	Error   string
}

// What pools do beside what python ldap3's do.
func TestLDAP3(t *testing.T) {
	var all []ldap3Scenario
	if err := json.Unmarshal(ldap3JSON, &all); err != nil {
		t.Fatal(err)
	}
	if len(all) < 20 {
		t.Fatalf("only %d scenarios", len(all))
	}
	for _, sc := range all {
		t.Run(sc.Name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { sc.run(t) })
		})
	}
}

func (sc *ldap3Scenario) run(t *testing.T) {
	if sc.LDAP3 == "" || sc.Why == "" && !strings.HasPrefix(sc.Ours, "The same") {
		t.Fatal("it does not say what ldap3 does, or why we do otherwise")
	}
	p, err := FromJSON(sc.Pool, nil, nil)
	if sc.Error != "" {
		if err == nil || err.Error() != sc.Error {
			t.Errorf("%v\nwant %s", err, sc.Error)
		}
		return
	}
	if err != nil || len(sc.Steps) == 0 {
		t.Fatalf("error %v, %d steps", err, len(sc.Steps))
	}
	tr := newTrial()
	for i, step := range sc.Steps {
		if !step.run(t, p, tr) {
			t.Fatalf("in step %d", i)
		}
	}
}

func (s *ldap3Step) run(t *testing.T, p *Pool, tr *trial) bool {
	switch {
	case s.Open != "":
		return s.open(t, p, tr)
	case s.Until != "":
		for tr.open(t.Context(), p) != s.Until {
		}
	case s.Dead != nil:
		tr.dead = map[string]bool{}
		for _, host := range *s.Dead {
			tr.dead[host] = true
		}
	case s.Wait > 0:
		time.Sleep(time.Duration(s.Wait * float64(time.Second)))
	case s.Add != "":
		return s.is(t, p.Add(Member{Server: newServer(t, s.Add[len("ldap://"):])}))
	case s.Remove != "":
		return s.is(t, p.Remove(newServer(t, s.Remove[len("ldap://"):])))
	default:
		t.Error("nothing is done")
		return false
	}
	return true
}

func (s *ldap3Step) is(t *testing.T, err error) bool {
	if text := ""; err != nil {
		text = err.Error()
		if text != s.Error {
			t.Errorf("%s\nwant %s", text, s.Error)
		}
		return text == s.Error
	}
	if s.Error != "" {
		t.Errorf("no error, want %s", s.Error)
	}
	return s.Error == ""
}

func (s *ldap3Step) open(t *testing.T, p *Pool, tr *trial) bool {
	within := time.Hour
	if s.Within > 0 {
		within = time.Duration(s.Within*float64(time.Second)) - 1
	}
	ctx, cancel := context.WithTimeout(t.Context(), within)
	defer cancel()
	tr.tried = nil
	begin := time.Now()
	use, err := p.Open(ctx, tr.try)
	took := time.Since(begin).Seconds()
	got := ""
	switch {
	case err == nil:
		got = use.Server().Host()
		use.Close()
	case errors.Is(err, ErrExhausted):
		got = "exhausted"
	case errors.Is(err, ErrEmpty):
		got = "empty"
	case errors.Is(err, context.DeadlineExceeded):
		got = "for ever"
	}
	if got != s.Open {
		t.Errorf("opened %q (%v), want %q", got, err, s.Open)
	}
	if s.Tried != nil && !slices.Equal(tr.tried, s.Tried) {
		t.Errorf("tried %q, want %q", tr.tried, s.Tried)
	}
	if s.Seconds != nil && took != *s.Seconds {
		t.Errorf("it took %v s, want %v", took, *s.Seconds)
	}
	if n := len(p.Servers()); s.Cycles > 0 && len(tr.tried) != s.Cycles*n {
		t.Errorf("%d servers were tried %d times, want %d cycles", n, len(tr.tried), s.Cycles)
	}
	return !t.Failed()
}
