package integration

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ldapedge/ldapedge/integration/testserver"
	"github.com/ldapedge/ldapedge/schemajson/offline"
	"github.com/ldapedge/ldapedge/schemajson/view"
)

type object = map[string]any

// edgeConfig is a configuration with two schemas, two servers behind the connector
// "lan", a pool whose first member is dead, and look-ups.
func edgeConfig() object {
	return object{
		"connectors": []object{{"name": "lan"}},
		"servers": []object{
			{"name": "dc1", "connector": "lan", "schema": "lan", "bind": object{"dn": "cn=admin,dc=example,dc=com", "password": "DC1"}},
			{"name": "dead", "connector": "lan"},
		},
		"pools": []object{{"name": "people", "strategy": "FIRST", "servers": []string{"dead", "dc1"}}},
		"schemas": []object{
			{"name": "ad", "offline": "AD_2012_R2"},
			{"name": "slapd", "offline": "SLAPD_2_5"},
			{"name": "lan", "server": "dc1"},
		},
		"lookups": []object{
			{
				"name": "person", "pool": "people", "base": "dc=example,dc=com", "filter": "(&(objectClass=posixAccount)(uid={uid}))",
				"attributes": []string{"uid", "cn", "uidNumber", "mail"}, "cache": object{"seconds": 60, "staleSeconds": 60, "staleIfErrorSeconds": 600},
			},
			{"name": "named", "pool": "dc1", "base": "ou=more,dc=example,dc=com", "filter": "(cn={cn}*)", "attributes": []string{"uid"}, "sizeLimit": 3},
			{"name": "home", "pool": "dc1", "base": "uid={uid},ou=more,dc=example,dc=com", "scope": "base", "filter": "(objectClass=*)", "attributes": []string{"homeDirectory"},
				"parameters": object{"uid": object{"pattern": "[a-z0-9,=+ ]*", "maxLength": 20}}},
		},
		"grants": []object{
			{"anonymous": true, "schemas": []string{"ad", "slapd"}},
			{"subjects": []string{"app"}, "schemas": []string{"lan"}, "lookups": []string{"*"}, "servers": true, "requestsPerMinute": 60_000, "burst": 1000},
			{"subjects": []string{"other"}, "lookups": []string{"person"}},
			{"subjects": []string{"searcher", "app"}, "search": []object{{"pool": "dc1", "bases": []string{"ou=more,dc=example,dc=com"}, "attributes": []string{"uid", "cn", "uidNumber"}, "sizeLimit": 5}}},
		},
		"limits": object{"timeoutSeconds": 5},
	}
}

// edgeOf serves that configuration with a slapd and a connector behind it.
func edgeOf(t *testing.T) (*edgeServer, *testserver.Slapd, *connector) {
	t.Helper()
	slapd := startPeople(t, testserver.SlapdConfig{}, 9)
	c := startConnector(t, "listen: 127.0.0.1:0\nservers:\n  - {name: dc1, url: '"+slapd.URL()+"'}\n  - {name: dead, url: 'ldap://127.0.0.1:1'}\n")
	config := edgeConfig()
	config["servers"].([]object)[0]["bind"] = object{"dn": slapd.Credentials.DN, "password": "DC1"}
	return startEdge(t, config, map[string]string{"DC1": slapd.Credentials.Password}, map[string]*connector{"lan": c}), slapd, c
}

// fields reads JSON.
func fields[T any](t *testing.T, text string) (v T) {
	t.Helper()
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	return v
}

type problem struct {
	Title, Detail, Code string
	Status              int
}

// refused checks that an answer is a problem with a code, and what it says.
func refusedWith(t *testing.T, answer *http.Response, body string, status int, code, says string) {
	t.Helper()
	if answer.StatusCode != status || answer.Header.Get("Content-Type") != "application/problem+json" {
		t.Fatalf("%s %s: %s", answer.Status, answer.Header.Get("Content-Type"), body)
	}
	p := fields[problem](t, body)
	if p.Status != status || p.Code != code || p.Title == "" || !strings.Contains(p.Detail, says) {
		t.Errorf("%s", body)
	}
}

func TestEdgeSchemas(t *testing.T) {
	s, slapd, _ := edgeOf(t)
	set, err := offline.Load("AD_2012_R2")
	if err != nil {
		t.Fatal(err)
	}
	user, _ := view.Show(set.Schema, "objectClasses", "user", 1)
	wanted, err := json.Marshal(user)
	if err != nil {
		t.Fatal(err)
	}
	var etag string
	for _, path := range []string{"/schema/ad/objectClasses/user", "/schema/ad/OBJECTCLASSES/1.2.840.113556.1.5.9", "/schema/ad/objectClasses/user"} {
		answer, body := s.get(t, "", path)
		if answer.StatusCode != 200 || body != string(wanted) {
			t.Errorf("%s: %s %.300s", path, answer.Status, body)
		}
		if got := answer.Header.Get("Cache-Control"); got != "public, max-age=3600" {
			t.Errorf("%s: Cache-Control %q", path, got)
		}
		etag = answer.Header.Get("ETag")
	}
	if answer, body := s.get(t, "", "/schema/ad/objectClasses/user", "If-None-Match", `"x", `+etag); answer.StatusCode != 304 || body != "" {
		t.Errorf("with its ETag: %s %q", answer.Status, body)
	}
	if answer, body := s.do(t, "", http.MethodHead, "/schema/ad/objectClasses/user", nil); answer.StatusCode != 200 || body != "" || answer.Header.Get("ETag") != etag {
		t.Errorf("HEAD: %s %q", answer.Status, body)
	}
	answer, body := s.get(t, "", "/schema/ad/objectClasses/nobody")
	refusedWith(t, answer, body, 404, "unknown-definition", `objectClasses has no "nobody"`)
	answer, body = s.get(t, "", "/schema/ad/things/nobody")
	refusedWith(t, answer, body, 404, "unknown-kind", "there are attributeTypes")

	_, body = s.get(t, "", "/schema/slapd")
	if info, _, err := offline.Text("SLAPD_2_5"); err != nil || len(fields[object](t, body)) != len(fields[object](t, string(info))) {
		t.Errorf("a whole schema: %v %.200s", err, body)
	}
	_, body = s.get(t, "", "/schema/ad/ldapSyntaxes")
	if list := fields[view.List](t, body); list.Collection != "ldapSyntaxes" {
		t.Errorf("%.200s", body)
	}
	_, body = s.get(t, "", "/schema/ad?find=userAccountC*&limit=1")
	if f := fields[struct {
		Total   int
		Matches []struct{ Collection, Name, OID string }
	}](t, body); len(f.Matches) != 1 || f.Total < 1 || f.Matches[0].Name != "userAccountControl" || f.Matches[0].OID != "1.2.840.113556.1.4.8" {
		t.Errorf("%s", body)
	}
	_, body = s.get(t, "", "/effective?source=slapd&classes=inetOrgPerson,posixAccount")
	if e := fields[view.Entry](t, body); !slices.ContainsFunc(e.Must, func(a view.EntryAttribute) bool { return a.Name == "uidNumber" && a.From.Name == "posixAccount" }) || e.Structural.Name != "inetOrgPerson" {
		t.Errorf("%.300s", body)
	}
	_, body = s.get(t, "", "/lint?source=slapd&severity=warning")
	for _, f := range fields[struct {
		Findings []struct{ Severity, Code string }
	}](t, body).Findings {
		if f.Severity == "info" || f.Code == "" {
			t.Errorf("%v", f)
		}
	}
	_, body = s.get(t, "", "/diff?from=slapd&to=ad")
	if !strings.Contains(body, `{"name":"msDS-FilterContainers","oid":"1.2.840.113556.1.4.1703"`) || !strings.Contains(body, `"added":[`) {
		t.Errorf("%.300s", body)
	}

	// The connector's own, by who may.
	answer, body = s.get(t, "", "/schema/lan/attributeTypes/uid")
	refusedWith(t, answer, body, 401, "not-authenticated", "may not read")
	if answer.Header.Get("WWW-Authenticate") == "" {
		t.Error("no challenge")
	}
	answer, body = s.get(t, "other", "/schema/lan/attributeTypes/uid")
	refusedWith(t, answer, body, 403, "not-permitted", `"lan"`)
	answer, body = s.get(t, "app", "/schema/lan/attributeTypes/uid")
	if d := fields[view.Definition](t, body); answer.StatusCode != 200 || d.OID != "0.9.2342.19200300.100.1.1" || answer.Header.Get("Cache-Control") != "private, max-age=300" && answer.Header.Get("Cache-Control") != "private, max-age=299" {
		t.Errorf("%s %q %.200s", answer.Status, answer.Header.Get("Cache-Control"), body)
	}
	// While it is fresh nobody is asked; later it is, and old is better than nothing.
	if stored := s.Look(t.Context(), "schema:lan/dc1"); len(stored) < 1000 {
		t.Errorf("stored: %q", stored)
	}
	slapd.Close()
	if answer, _ = s.get(t, "app", "/schema/lan/attributeTypes/cn"); answer.StatusCode != 200 {
		t.Errorf("fresh: %s", answer.Status)
	}
	s.later(2 * time.Hour)
	s.connectors["lan"] = &connector{addr: "127.0.0.1:1"}
	if answer, body = s.get(t, "app", "/schema/lan/attributeTypes/sn"); answer.StatusCode != 200 {
		t.Errorf("old: %s %s", answer.Status, body)
	}
	s.later(48 * time.Hour)
	answer, body = s.get(t, "app", "/schema/lan/attributeTypes/o")
	refusedWith(t, answer, body, 503, "unavailable", "the schema lan cannot be got")
}

func TestEdgeFormat(t *testing.T) {
	s, _, _ := edgeOf(t)
	answer, body := s.do(t, "", http.MethodPost, "/format", strings.NewReader(`{"schema":"ad","attribute":"objectSid","encoding":"hex","values":["01 01 00 00 00 00 00 05 12 00 00 00"]}`))
	if want := `{"values":[{"attribute":"objectSid","schema":"ad","type":"sid","kind":"sid","value":"S-1-5-18"}]}`; answer.StatusCode != 200 || body != want {
		t.Errorf("%s %s", answer.Status, body)
	}
	_, body = s.do(t, "", http.MethodPost, "/format", strings.NewReader(`{"attribute":"userAccountControl","values":["512","x"]}`))
	if !strings.Contains(body, "NORMAL_ACCOUNT") || !strings.Contains(body, `"problem":"`) {
		t.Error(body)
	}
	for text, says := range map[string]string{
		`{"attribute":"cn","values":["a"],"colour":"blue"}`:    `unknown field "colour"`,
		`{"attribute":"cn","values":[]}`:                       "values: there are none",
		`{"attribute":"cn","values":["z"],"encoding":"hex"}`:   "values[0]",
		`{"attribute":"cn","values":["z"],"encoding":"rot13"}`: `encoding: "rot13"`,
		`{"attribute":"cn","values":["z"]} {}`:                 "something follows",
	} {
		answer, body := s.do(t, "", http.MethodPost, "/format", strings.NewReader(text))
		refusedWith(t, answer, body, 400, "usage", says)
	}
	answer, body = s.get(t, "", "/format")
	refusedWith(t, answer, body, 405, "method", "POST")
	if answer.Header.Get("Allow") != "POST" {
		t.Error(answer.Header)
	}
}

// searched are the lines that "ldapedge search" prints, as a document has them.
func searched(t *testing.T, slapd *testserver.Slapd, args ...string) string {
	t.Helper()
	out := succeed(t, append([]string{"search", slapd.URL(), "-b", "dc=example,dc=com"}, args...)...)
	return `{"entries":[` + strings.Join(strings.Split(strings.TrimSuffix(out, "\n"), "\n"), ",") + `],"complete":true}`
}

func TestEdgeLookups(t *testing.T) {
	s, slapd, _ := edgeOf(t)
	answer, body := s.get(t, "app", "/lookup/person?uid=u3")
	if want := searched(t, slapd, "(uid=u3)", "uid", "cn", "uidNumber", "mail"); answer.StatusCode != 200 || body != want {
		t.Fatalf("%s %s, not %s", answer.Status, body, want)
	}
	if got := answer.Header.Get("Cache-Status"); got != "ldapedge; fwd=miss; stored" {
		t.Error(got)
	}
	if s.dialled["lan/dead"] != 1 || s.dialled["lan/dc1"] != 1 {
		t.Errorf("dialled: %v", s.dialled)
	}
	again, body := s.get(t, "app", "/lookup/person?uid=u3")
	if got := again.Header.Get("Cache-Status"); !strings.HasPrefix(got, "ldapedge; hit; ttl=") || s.dialled["lan/dc1"] != 1 {
		t.Errorf("%q %v: %s", got, s.dialled, body)
	}
	// The answer of one is not another's, whose rights are others.
	other, _ := s.get(t, "other", "/lookup/person?uid=u3")
	if got := other.Header.Get("Cache-Status"); got != "ldapedge; fwd=miss; stored" {
		t.Errorf("another caller: %q", got)
	}
	// The dead member is out: nobody dials it a second time.
	if s.dialled["lan/dead"] != 1 || s.dialled["lan/dc1"] != 2 {
		t.Errorf("dialled: %v", s.dialled)
	}

	answer, body = s.get(t, "app", "/lookup/person?uid=alice", "Accept", "application/x-ndjson")
	if want := succeed(t, "search", slapd.URL(), "-b", "dc=example,dc=com", "(uid=alice)", "uid", "cn", "uidNumber", "mail"); body != want || answer.Header.Get("Content-Type") != "application/x-ndjson" {
		t.Errorf("lines: %s", body)
	}
	_, body = s.get(t, "app", "/lookup/named?cn=User")
	if f := fields[struct {
		Entries  []printedEntry
		Complete bool
	}](t, body); len(f.Entries) != 3 || f.Complete {
		t.Errorf("a size limit: %s", body)
	}
	if _, body = s.get(t, "app", "/lookup/named?cn=User", "Accept", "application/x-ndjson"); strings.Count(body, "\n") != 4 || !strings.HasSuffix(body, `{"complete":false}`+"\n") {
		t.Errorf("a size limit, lines: %s", body)
	}
	if _, body = s.get(t, "app", "/lookup/home?uid=u1"); !strings.Contains(body, `"homeDirectory":"/home/u1"`) {
		t.Error(body)
	}
	if _, body = s.get(t, "app", "/lookup/home?uid=u99"); body != `{"entries":[],"complete":true}` {
		t.Errorf("an entry that is not there: %s", body)
	}

	for target, says := range map[string]string{
		"/lookup/person":                         "the parameter uid: it is missing",
		"/lookup/person?uid=":                    "the parameter uid: it is missing",
		"/lookup/person?uid=a&uid=b":             "given more than once",
		"/lookup/person?uid=a&filter=b":          `there is no parameter "filter"; there are uid`,
		"/lookup/person?uid=%ff":                 "it is not UTF-8",
		"/lookup/home?uid=ROOT":                  "it is not what is expected",
		"/lookup/home?uid=a,b,c,d,e,f,g,h,i,jkl": "longer than 20 bytes",
	} {
		answer, body := s.get(t, "app", target)
		refusedWith(t, answer, body, 400, "usage", says)
	}
	answer, body = s.get(t, "other", "/lookup/home?uid=u1")
	refusedWith(t, answer, body, 403, "not-permitted", `"home"`)
	answer, body = s.get(t, "", "/lookup/person?uid=u1")
	refusedWith(t, answer, body, 401, "not-authenticated", "")
	answer, body = s.get(t, "app", "/lookup/person?uid=u1", "Refused", "it has expired")
	refusedWith(t, answer, body, 401, "not-authenticated", "it has expired")
	// A credential that is limited to some servers reaches no others.
	answer, body = s.get(t, "app", "/lookup/person?uid=u1", "Server", "dc1")
	refusedWith(t, answer, body, 403, "not-permitted", `"person"`)
	if answer, body = s.get(t, "app", "/lookup/home?uid=u1", "Server", "dc1"); answer.StatusCode != 200 {
		t.Errorf("%s %s", answer.Status, body)
	}
}

// What a caller gives is a value: it cannot add to a filter or a name.
func TestEdgeInjectionIsAValue(t *testing.T) {
	s, _, _ := edgeOf(t)
	for _, value := range []string{"*", "u3)(uid=*", "u3)(|(uid=*", "u*", `\2a`, "u3\x00", "u3)(objectClass=*))(|(uid=x", "&(uid=*)"} {
		answer, body := s.get(t, "app", "/lookup/person?uid="+url.QueryEscape(value))
		if answer.StatusCode != 200 || body != `{"entries":[],"complete":true}` {
			t.Errorf("%q: %s %s", value, answer.Status, body)
		}
		answer, body = s.get(t, "app", "/lookup/named?cn="+url.QueryEscape(value))
		if answer.StatusCode != 200 || body != `{"entries":[],"complete":true}` {
			t.Errorf("%q within a substring: %s %s", value, answer.Status, body)
		}
	}
	for _, value := range []string{"u1,ou=more", "u1+cn=x", "a,uid=u1", "u1 , ou=more"} {
		if answer, body := s.get(t, "app", "/lookup/home?uid="+url.QueryEscape(value)); answer.StatusCode != 200 || body != `{"entries":[],"complete":true}` {
			t.Errorf("%q: %s %s", value, answer.Status, body)
		}
	}
}

func TestEdgeSearches(t *testing.T) {
	s, slapd, _ := edgeOf(t)
	get := func(query url.Values) (*http.Response, string) {
		return s.get(t, "searcher", "/search/dc1?"+query.Encode())
	}
	const more = "ou=more,dc=example,dc=com"
	answer, body := get(url.Values{"filter": {"(uidNumber<=2)"}, "attrs": {"uid,uidNumber"}})
	if want := searched(t, slapd, "(uidNumber<=2)", "uid", "uidNumber"); answer.StatusCode != 200 || body != want {
		t.Errorf("%s %s, not %s", answer.Status, body, want)
	}
	_, body = get(url.Values{"base": {"uid=u1, OU=More,dc=example,dc=com"}, "scope": {"base"}})
	if !strings.Contains(body, `"cn":["User 1"],"uidNumber":1}`) && !strings.Contains(body, `"uidNumber":1`) || strings.Contains(body, "homeDirectory") {
		t.Errorf("%s", body)
	}
	if _, body = get(url.Values{"limit": {"100"}}); strings.Count(body, `"dn"`) != 5 || !strings.Contains(body, `"complete":false`) {
		t.Errorf("the grant's size limit: %s", body)
	}
	// An attribute's supertype, and options, are the attribute's too.
	if _, body = get(url.Values{"filter": {"(uid=u2)"}, "attrs": {"commonName;lang-de, 2.5.4.3"}}); !strings.Contains(body, `"cn":["User 2"]`) {
		t.Errorf("other names: %s", body)
	}

	if _, body = get(url.Values{"filter": {"(uid=u2)"}, "attrs": {"1.1"}}); body != `{"entries":[{"dn":"uid=u2,ou=more,dc=example,dc=com","attributes":{},"raw_attributes":{}}],"complete":true}` {
		t.Errorf("no attributes: %s", body)
	}

	for name, query := range map[string]url.Values{
		"a base outside":                {"base": {"ou=people,dc=example,dc=com"}},
		"the base's parent":             {"base": {"dc=example,dc=com"}},
		"a base that only ends alike":   {"base": {"ou=more,dc=example,dc=com,dc=evil"}},
		"an escaped base":               {"base": {`ou=people\,ou=more,dc=example,dc=com`}},
		"the root DSE":                  {"base": {""}, "scope": {"base"}},
		"the schema":                    {"base": {"cn=Subschema"}, "scope": {"base"}},
		"an attribute":                  {"attrs": {"uid,homeDirectory"}},
		"a password":                    {"attrs": {"userPassword"}},
		"all attributes":                {"attrs": {"*"}},
		"operational attributes":        {"attrs": {"+"}},
		"those of a class":              {"attrs": {"@posixAccount"}},
		"a supertype":                   {"attrs": {"name"}},
		"a test of an attribute":        {"filter": {"(homeDirectory=/home/u1)"}},
		"a test hidden in others":       {"filter": {"(&(uid=u1)(!(|(cn=x)(userPassword=a*))))"}},
		"a test of presence":            {"filter": {"(userPassword=*)"}},
		"a test of any attribute":       {"filter": {"(:caseExactMatch:=User 1)"}},
		"a test of the DN's attributes": {"filter": {"(ou:dn:=more)"}},
		"a test of the class":           {"filter": {"(objectClass=person)"}},
		"another by its OID":            {"filter": {"(1.3.6.1.1.1.1.3=/home/u1)"}},
		"an attribute with an option":   {"attrs": {"homeDirectory;x-a"}},
	} {
		before := s.dialled["lan/dc1"]
		answer, body := get(query)
		if s.dialled["lan/dc1"] != before {
			t.Errorf("%s: the server is asked", name)
		}
		if answer.StatusCode != 403 || !strings.Contains(body, `"code":"not-permitted"`) {
			t.Errorf("%s: %s %s", name, answer.Status, body)
		}
	}
	for query, says := range map[string]string{
		"filter=(uid=u1":        "filter: ",
		"scope=all":             `"all" is none of base, one, sub`,
		"limit=0":               "limit",
		"base=nonsense":         "base",
		"sort=uid":              `there is no parameter "sort"`,
		"attrs=uid%00":          "",
		"filter=(uid=u1)(uid=*": "filter",
	} {
		answer, body := s.get(t, "searcher", "/search/dc1?"+query)
		if p := fields[problem](t, body); answer.StatusCode != p.Status || p.Status != 400 && p.Status != 403 || !strings.Contains(p.Detail, says) {
			t.Errorf("%s: %s %s", query, answer.Status, body)
		}
	}
	answer, body = s.get(t, "searcher", "/search/people")
	refusedWith(t, answer, body, 403, "not-permitted", `"people"`)
	answer, body = s.get(t, "searcher", "/search/dc1?base="+url.QueryEscape("uid=nobody,"+more))
	refusedWith(t, answer, body, 404, "result", "noSuchObject")

	answer, body = s.get(t, "searcher", "/entry/dc1/"+url.PathEscape("uid=u4,"+more))
	if want := fields[struct{ Entries []json.RawMessage }](t, searched(t, slapd, "(uid=u4)", "uid", "cn", "uidNumber")).Entries[0]; answer.StatusCode != 200 || body != string(want) {
		t.Errorf("%s %s, not %s", answer.Status, body, want)
	}
	answer, body = s.get(t, "searcher", "/entry/dc1/"+url.PathEscape("uid=alice,ou=people,dc=example,dc=com"))
	refusedWith(t, answer, body, 403, "not-permitted", "")
	answer, body = s.get(t, "searcher", "/entry/dc1/"+url.PathEscape("uid=none,"+more))
	refusedWith(t, answer, body, 404, "result", "noSuchObject")
}

func TestEdgeAnswersOfDirectoriesThatAreDown(t *testing.T) {
	s, slapd, _ := edgeOf(t)
	if answer, body := s.get(t, "app", "/lookup/person?uid=u5"); answer.StatusCode != 200 {
		t.Fatalf("%s %s", answer.Status, body)
	}
	slapd.Close()
	s.later(70 * time.Second)
	answer, body := s.get(t, "app", "/lookup/person?uid=u5") // stale while a new one is got
	if answer.StatusCode != 200 || !strings.Contains(body, `"uid":["u5"]`) || !strings.Contains(answer.Header.Get("Cache-Status"), "hit; ttl=-1") {
		t.Errorf("%s %s %s", answer.Status, answer.Header.Get("Cache-Status"), body)
	}
	s.later(2 * time.Minute)
	answer, body = s.get(t, "app", "/lookup/person?uid=u5") // stale because there is no other
	if answer.StatusCode != 200 || !strings.Contains(body, `"uid":["u5"]`) || answer.Header.Get("Age") < "190" {
		t.Errorf("%s %v %s", answer.Status, answer.Header, body)
	}
	s.later(20 * time.Minute)
	answer, body = s.get(t, "app", "/lookup/person?uid=u5")
	refusedWith(t, answer, body, 503, "unavailable", "the directory cannot be reached")
	if answer.Header.Get("Retry-After") == "" {
		t.Error("no Retry-After")
	}
	_, body = s.get(t, "app", "/servers")
	states := fields[struct {
		Servers []struct {
			Name, Strategy string
			Pool           bool
			Servers        []struct{ Name, Connector, State, LastError string }
		}
	}](t, body)
	if len(states.Servers) != 3 || states.Servers[2].Name != "people" || states.Servers[2].Strategy != "FIRST" || !states.Servers[2].Pool {
		t.Fatal(body)
	}
	for _, one := range states.Servers[2].Servers {
		if one.State != "quarantined" || one.LastError == "" || one.Connector != "lan" {
			t.Errorf("%+v", one)
		}
	}
	answer, body = s.get(t, "other", "/servers")
	refusedWith(t, answer, body, 403, "not-permitted", "servers")
}

// A look-up that is stale is got anew behind the client's back.
func TestEdgeRefreshesStaleAnswers(t *testing.T) {
	s, slapd, _ := edgeOf(t)
	s.get(t, "app", "/lookup/person?uid=u6")
	if out, err := ldapmodify(t, slapd.URL(), slapd.Credentials, "dn: uid=u6,ou=more,dc=example,dc=com\nchangetype: modify\nreplace: cn\ncn: Somebody else\n"); err != nil {
		t.Fatal(err, out)
	}
	s.later(70 * time.Second)
	if _, body := s.get(t, "app", "/lookup/person?uid=u6"); !strings.Contains(body, "User 6") {
		t.Errorf("stale: %s", body)
	}
	for begun := time.Now(); ; time.Sleep(10 * time.Millisecond) {
		_, body := s.get(t, "app", "/lookup/person?uid=u6")
		if strings.Contains(body, "Somebody else") {
			break
		}
		if time.Since(begun) > 20*time.Second {
			t.Fatalf("it stays %s", body)
		}
	}
}

func TestEdgeRate(t *testing.T) {
	config := object{
		"schemas": []object{{"name": "ad", "offline": "AD_2012_R2"}},
		"grants":  []object{{"anonymous": true, "schemas": []string{"ad"}, "requestsPerMinute": 60, "burst": 2}},
	}
	s := startEdge(t, config, nil, nil)
	statuses := func(subject string) (all []int) {
		for range 3 {
			answer, _ := s.get(t, subject, "/schema/ad/objectClasses/top")
			all = append(all, answer.StatusCode)
		}
		return all
	}
	wanted := []int{200, 200, 429}
	for _, subject := range []string{"hasty", "other", ""} {
		if got := statuses(subject); !slices.Equal(got, wanted) {
			t.Errorf("%q: %v", subject, got)
		}
	}
	answer, body := s.get(t, "hasty", "/schema/ad/objectClasses/top")
	refusedWith(t, answer, body, 429, "too-many", "too often")
	if answer.Header.Get("Retry-After") != "1" {
		t.Error(answer.Header)
	}
	s.later(10 * time.Second)
	if got := statuses("hasty"); !slices.Equal(got, wanted) {
		t.Errorf("10 s later: %v", got)
	}
}

func TestEdgePages(t *testing.T) {
	s, _, _ := edgeOf(t)
	answer, body := s.get(t, "app", "/")
	if answer.StatusCode != 200 || !strings.Contains(answer.Header.Get("Content-Security-Policy"), "default-src 'none'") || !strings.Contains(body, "/lookup/person?uid=") {
		t.Errorf("%s %v %s", answer.Status, answer.Header, body)
	}
	if _, body = s.get(t, "", "/"); strings.Contains(body, "/lookup/") {
		t.Errorf("what nobody is told: %s", body)
	}
	_, body = s.get(t, "app", "/openapi.json")
	doc := fields[struct {
		OpenAPI string
		Paths   map[string]map[string]struct {
			Parameters []struct {
				Name     string
				Required bool
			}
		}
	}](t, body)
	if p := doc.Paths["/lookup/home"]["get"].Parameters; doc.OpenAPI != "3.1.0" || len(p) != 1 || p[0].Name != "uid" || !p[0].Required {
		t.Errorf("%s", body)
	}
	for path := range map[string]bool{"/nothing": true, "/schema": true, "/schema/a/b/c/d": true, "//": true, "/lookup/a/b": true} {
		answer, body := s.get(t, "app", path)
		refusedWith(t, answer, body, 404, "unknown-route", "")
	}
	answer, body = s.get(t, "app", "/?x="+strings.Repeat("y", 17<<10))
	refusedWith(t, answer, body, 414, "too-long", "")
}

// Two hundred clients at once, whose answers are their own.
func TestEdgeManyClients(t *testing.T) {
	s, slapd, _ := edgeOf(t)
	wanted := make([]string, 9)
	for i := range wanted {
		wanted[i] = searched(t, slapd, fmt.Sprintf("(uid=u%d)", i), "uid", "cn", "uidNumber", "mail")
	}
	t.Run("clients", func(t *testing.T) {
		for i := range 200 {
			t.Run("", func(t *testing.T) {
				t.Parallel()
				n := i % len(wanted)
				if answer, body := s.get(t, "app", fmt.Sprintf("/lookup/person?uid=u%d", n)); body != wanted[n] {
					t.Errorf("u%d: %s %s", n, answer.Status, body)
				}
			})
		}
	})
}
