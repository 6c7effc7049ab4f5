package pool

import (
	"encoding/json"
	"errors"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/ldapedge/ldapedge/server"
)

func TestDefinitionsRoundTrip(t *testing.T) {
	for given, want := range map[string]string{
		`{}`:                       `{"strategy":"ROUND_ROBIN","servers":[]}`,
		`{"servers":["ldap://a"]}`: `{"strategy":"ROUND_ROBIN","servers":[{"server":{"host":"a","port":389,"get_info":"SCHEMA","mode":"IP_V6_PREFERRED","connect_timeout":10}}]}`,
		`{"pool_strategy":"POOLING_STRATEGY_RANDOM","active":true,"exhaust":false,"single_state":true}`: `{"strategy":"RANDOM","servers":[]}`,
		`{"strategy":0,"active":3,"exhaust":30}`:                                                        `{"strategy":"FIRST","active":3,"exhaust":30,"servers":[]}`,
		`{"strategy":"POOLING_STRATEGY_ROUND_ROBIN_PASSIVE"}`:                                           `{"strategy":"ROUND_ROBIN","active":false,"servers":[]}`,
		`{"strategy":"POOLING_STRATEGY_FIRST_ACTIVE","active":2,"exhaust":true}`:                        `{"strategy":"FIRST","active":2,"exhaust":true,"servers":[]}`,
		`{"active":0,"exhaust":0}`:                                                                      `{"strategy":"ROUND_ROBIN","active":false,"servers":[]}`,
		`{"exhaust":2.5,"loop_timeout":0.3,"quarantine":10,"max_quarantine":60,"slow_start":20,"return_home":-1,
		  "checks":{"interval":60,"down_interval":2,"timeout":1,"concurrency":4,"fall":5,"rise":1}}`: `{"strategy":"ROUND_ROBIN","exhaust":2.5,"loop_timeout":0.3,"quarantine":10,"max_quarantine":60,"slow_start":20,"return_home":-1,"checks":{"interval":60,"down_interval":2,"timeout":1,"concurrency":4,"fall":5,"rise":1},"servers":[]}`,
		`{"strategy":"FIRST","servers":[{"pool":{"strategy":"WEIGHTED","return_home":5,"servers":[{"server":"ldap://a","weight":3,"max_connections":7}]},"weight":2}]}`: `{"strategy":"FIRST","servers":[{"pool":{"strategy":"WEIGHTED","return_home":5,"servers":[{"server":{"host":"a","port":389,"get_info":"SCHEMA","mode":"IP_V6_PREFERRED","connect_timeout":10},"weight":3,"max_connections":7}]},"weight":2}]}`,
	} {
		for range 2 { // what was written is read, and written the same
			p, err := FromJSON([]byte(given), nil, nil)
			if err != nil {
				t.Errorf("%s: %v", given, err)
				break
			}
			got, err := json.Marshal(p)
			if err != nil || string(got) != want {
				t.Errorf("%s\nbecomes %s, %v\nwant    %s", given, got, err, want)
			}
			given = string(got)
		}
	}
}

func TestDefinitionsThatCannotBe(t *testing.T) {
	for given, want := range map[string]string{
		`{"strategi":"FIRST"}`:                         `pool strategi "…" is no field of a pool`,
		`{"strategy":"LIFO"}`:                          `pool strategy "LIFO" is none of FIRST, ROUND_ROBIN, RANDOM, WEIGHTED, FEWEST_CONNECTIONS, FASTEST`,
		`{"strategy":3}`:                               `pool strategy "3" is none of FIRST, ROUND_ROBIN, RANDOM, WEIGHTED, FEWEST_CONNECTIONS, FASTEST`,
		`{"strategy":"FIRST","pool_strategy":"FIRST"}`: `pool pool_strategy "FIRST" is given beside strategy`,
		`{"active":"yes"}`:                             `pool active "\"yes\"" is neither true nor false nor a number of cycles`,
		`{"active":-1}`:                                `pool active "-1" is neither true nor false nor a number of cycles`,
		`{"exhaust":-1}`:                               `pool exhaust "-1" is neither true nor false nor a number of seconds`,
		`{"active":false,"exhaust":10}`:                `pool exhaust "10" is for active pools alone`,
		`{"active":false,"exhaust":true}`:              `pool exhaust "true" is for active pools alone`,
		`{"strategy":"POOLING_STRATEGY_FIRST_ACTIVE","active":false}`: `pool active "false" is not what the strategy's name says`,
		`{"single_state":false}`:                       `pool single_state "false" is not supported: make a pool for each connection`,
		`{"loop_timeout":"10"}`:                        `pool loop_timeout "\"10\"" is not a number of seconds`,
		`{"loop_timeout":null}`:                        `pool loop_timeout "null" is no value`,
		`{"loop_timeout":-1}`:                          `pool loop_timeout "-1s" is negative`,
		`{"checks":{"raise":1}}`:                       `pool checks.raise "…" is no field of checks`,
		`{"servers":[{"server":"ldap://a","wait":1}]}`: `pool servers[0].wait "…" is no field of a member`,
		`{"servers":["ldap://a","ldap://a"]}`:          `pool servers[1] "ldap://a:389" is in the pool already`,
		`{"servers":["http://a"]}`:                     `pool servers[0] "…" is no server: server scheme "http" is none of ldap, ldaps, ldapi, ldap+srv, ldaps+srv`,
		`{"servers":[5]}`:                              `pool servers[0] "…" is no server: server json "number" is of the wrong kind: an object is expected`,
		`{"servers":[{"pool":{"active":2}}]}`:          `pool servers[0].pool.active "2" is for the outermost pool alone`,
		`{"servers":[{"pool":{"strategy":"X"}}]}`:      `pool servers[0].pool.strategy "X" is none of FIRST, ROUND_ROBIN, RANDOM, WEIGHTED, FEWEST_CONNECTIONS, FASTEST`,
		`{"servers":[{"pool":{"servers":[{"server":"ldap://a","weight":-1}]}}]}`: `pool servers[0].pool.servers[0].weight "-1" is not from 1 to 65536`,
		`{"servers":"ldap://a"}`: `pool servers "…" is of the wrong kind: a list is expected`,
		`{"servers":`:            `pool json "…" is no JSON object: unexpected end of JSON input`,
		`[]`:                     `pool json "…" is no JSON object`,
	} {
		_, err := FromJSON([]byte(given), nil, nil)
		if err == nil || err.Error() != want {
			t.Errorf("%s\nis   %v\nwant %s", given, err, want)
		}
		var own *Error
		if !errors.As(err, &own) {
			t.Errorf("%s: %T", given, err)
		}
	}
}

func TestFromJSONTakesWhatItCannotHave(t *testing.T) {
	made := ""
	p, err := FromJSON([]byte(`{"servers":["dc1"]}`), &Options{Strategy: First, Events: func(Event) {}}, func(b []byte) (*server.Server, error) {
		made = string(b)
		return server.New("ldap://other", nil)
	})
	if err != nil || made != `"dc1"` || p.Servers()[0].Host() != "other" {
		t.Errorf("made of %s: %v", made, err)
	}
	if p.core.Load().events == nil || p.group.strategy != RoundRobin {
		t.Error("the receiver of events is lost, or the strategy is not the definition's")
	}
}

func TestClone(t *testing.T) {
	p := mustPool(t, []Member{
		{Server: newServer(t, "a"), Weight: 2, MaxConnections: 3},
		{Pool: newPoolOf(t, First, "b", "c")},
	}, options(Weighted, &Options{Active: 2}))
	fail(p, p.Servers()[0], errRefused)
	c := p.Clone()
	want, _ := json.Marshal(p)
	if got, _ := json.Marshal(c); string(got) != string(want) {
		t.Errorf("the clone is %s\nwant %s", got, want)
	}
	if got := c.State().Members[0].State; got != Up {
		t.Errorf("a is %s in the clone", got)
	}
	if p.State().Members[0].State != Quarantined {
		t.Error("a is in again")
	}
}

func TestStateAsJSON(t *testing.T) {
	m, err := NewMachine([]Member{{Server: newServer(t, "a")}, {Pool: newPoolOf(t, First, "b")}}, options(First, &Options{Exhaust: Exhaust(30 * time.Second)}))
	if err != nil {
		t.Fatal(err)
	}
	var o Opening
	if d := m.Next(&o, 0); d.Server.Host() != "a" {
		t.Fatalf("decision %+v", d)
	}
	m.Failed(&o, time.Second, errRefused)
	if d := m.Next(&o, time.Second); d.Server.Host() != "b" {
		t.Fatalf("decision %+v", d)
	}
	m.Opened(&o, 3*time.Second)
	b, err := json.Marshal(m.State(4*time.Second, time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)))
	const want = `{"strategy":"FIRST","active":true,"exhaust":30,"connections":1,"members":[` +
		`{"url":"ldap://a:389","state":"exhausted","until":"2026-01-01T00:00:31Z","weight":1,"connections":0,"picks":1,"failures":1,"quarantines":0,"lastError":"connection refused"},` +
		`{"pool":{"strategy":"FIRST","active":true,"exhaust":30,"connections":1,"members":[` +
		`{"url":"ldap://b:389","state":"up","weight":1,"connections":1,"picks":1,"failures":0,"quarantines":0,"latencySeconds":2}]},` +
		`"state":"up","weight":1,"connections":1,"picks":0,"failures":0,"quarantines":0,"latencySeconds":2}]}`
	if err != nil || string(b) != want {
		t.Errorf("%s, %v\nwant %s", b, err, want)
	}
}

// What a definition has in it may be secret, and gets into no error.
func TestErrorsKeepSecrets(t *testing.T) {
	for _, text := range []string{
		`{"servers":[{"tls":{"local_private_key_password":"hunter2"},"host":"a b"}]}`,
		`{"servers":[{"server":{"tls":{"local_private_key_password":"hunter2"},"host":"a b"}}]}`,
		`{"servers":["ldap://admin:hunter2@dc1"]}`,
		`{"servers":[{"server":"ldap://admin:hunter2@dc1"}]}`,
		`{"servers":"ldap://admin:hunter2@dc1"}`,
		`{"servers":["ldap://admin:hunter2@dc1]}`,
		`{"servers":{"tls":{"local_private_key_password":"hunter2"}}}`,
		`{"tls":{"local_private_key_password":"hunter2"}}`,
		`{"password":"hunter2"}`,
		`{"servers":[{"tls":{"local_private_key_password":"hunter2"}`,
		`{"servers":[{"pool":["ldap://admin:hunter2@dc1"]}]}`,
		`["ldap://admin:hunter2@dc1"]`,
		`{"checks":["ldap://admin:hunter2@dc1"]}`,
		`{"servers":[{"server":"dc1","password":"hunter2"}]}`,
	} {
		_, err := FromJSON([]byte(text), nil, nil)
		if err == nil || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s: %v", text, err)
		}
	}
}

// Every duration that an option may have is read as it was written, to the
// nanosecond where a float64 has it.
func TestTimesRoundTrip(t *testing.T) {
	for _, d := range []time.Duration{1, 57 * time.Millisecond, 290 * time.Millisecond, 1001 * time.Millisecond, 1100 * time.Millisecond, 4350 * time.Millisecond, 1e9 + 1, 8123456789, 100 * 365 * 24 * time.Hour, math.MaxInt64} {
		p := mustPool(t, nil, &Options{Exhaust: Exhaust(d), LoopTimeout: d, Quarantine: d, MaxQuarantine: d, ReturnHome: d, SlowStart: d, Checks: Checks{Interval: d}})
		text, err := json.Marshal(p)
		if err != nil {
			t.Fatal(err)
		}
		again, err := FromJSON(text, nil, nil)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		if g := again.core.Load().m.given; time.Duration(g.Exhaust) != d || g.LoopTimeout != d || g.Quarantine != d || g.Checks.Interval != d || g.SlowStart != d {
			t.Errorf("%d: %s becomes %+v", d, text, g)
		}
	}
	for n := range time.Duration(3000) {
		d := n*time.Millisecond + 1
		b, err := Exhaust(d).MarshalJSON()
		if err != nil {
			t.Fatal(err)
		}
		var e Exhaust
		if err := e.UnmarshalJSON(b); err != nil || time.Duration(e) != d {
			t.Fatalf("%v: %s becomes %v, %v", d, b, time.Duration(e), err)
		}
	}
	for _, text := range []string{`1e300`, `-1e300`, `1e-300`, `9223372037`, `null`, `"1"`, `1e999`} {
		if p, err := FromJSON([]byte(`{"loop_timeout":`+text+`}`), nil, nil); err == nil {
			t.Errorf("loop_timeout %s: %v", text, p.core.Load().m.o.LoopTimeout)
		}
		if p, err := FromJSON([]byte(`{"exhaust":`+text+`}`), nil, nil); err == nil {
			t.Errorf("exhaust %s: %v", text, p.core.Load().m.o.Exhaust)
		}
	}
}

func FuzzFromJSON(f *testing.F) {
	f.Add([]byte(`{"strategy":"WEIGHTED","active":3,"exhaust":30,"servers":["a",{"server":"b","weight":3},{"pool":{"servers":["c"]}}]}`))
	f.Add([]byte(`{"exhaust":2.5,"loop_timeout":0.3,"quarantine":10,"max_quarantine":60,"slow_start":20,"return_home":-1,"checks":{"fall":5}}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		p, err := FromJSON(b, nil, nil)
		if err != nil {
			if own := new(Error); !errors.As(err, &own) || own.Field == "" || own.Reason == "" {
				t.Fatalf("%q: %v", b, err)
			}
			return
		}
		text, err := json.Marshal(p)
		if err != nil {
			t.Fatalf("%q: %v", b, err)
		}
		again, err := FromJSON(text, nil, nil)
		if err != nil {
			t.Fatalf("%q: %s: %v", b, text, err)
		}
		if second, err := json.Marshal(again); err != nil || string(second) != string(text) {
			t.Fatalf("%q: %s becomes %s, %v", b, text, second, err)
		}
	})
}
