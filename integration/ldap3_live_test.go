package integration

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"github.com/ldapedge/ldapedge/integration/testserver"
	"github.com/ldapedge/ldapedge/ldap"
	"github.com/ldapedge/ldapedge/schemajson"
)

// liveServer is a real server for the tests that meet each kind.
type liveServer struct {
	url         string
	credentials ldap.Credentials
}

// liveServers starts one of each kind.
func liveServers(t *testing.T) map[string]liveServer {
	t.Helper()
	ds, err := testserver.StartDS389(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { ds.Close() })
	samba, err := testserver.StartSamba(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { samba.Close() })
	slapd := startSlapd(t)
	return map[string]liveServer{
		"slapd": {url: slapd.URL()},
		"389":   {ds.URL(), ds.Credentials},
		"Samba": {samba.URL(), samba.Credentials},
	}
}

// readLive reads schema and root DSE with our client.
func readLive(t *testing.T, s liveServer) (*schemajson.SchemaInfo, *schemajson.DsaInfo) {
	t.Helper()
	c := connect(t, s.url, &ldap.Options{Credentials: s.credentials})
	if err := c.Bind(t.Context()); err != nil {
		t.Fatal(err)
	}
	schema, err := c.ReadSchema(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	info, err := c.ReadDsaInfo(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return schema, info
}

func TestLiveSchemaEqualsLDAP3(t *testing.T) {
	met := make(map[string]int)
	for name, live := range liveServers(t) {
		t.Run(name, func(t *testing.T) {
			schema, info := readLive(t, live)
			theirSchema, theirInfo := ldap3Live(t, live)
			sameRaw(t, "schema", string(schema.JSON(nil)), theirSchema)
			sameRaw(t, "root DSE", string(info.JSON(nil)), theirInfo)
			n := compareWithLDAP3(t, schema, readByLDAP3(t, string(schema.JSON(nil)))[0], met)
			t.Logf("%d definitions, %d problems", n, len(schema.Problems))
			if n < 300 {
				t.Errorf("only %d definitions", n)
			}
		})
	}
	t.Logf("excused: %v", met)
}

func ldap3Live(t *testing.T, s liveServer) (schema, info string) {
	t.Helper()
	args := []string{s.url}
	if s.credentials.DN != "" {
		args = append(args, s.credentials.DN, s.credentials.Password)
	}
	both := fromJSON[struct{ Schema, Info string }](t, askPython(t, nil, "ldap3_live.py", args...))[0]
	return both.Schema, both.Info
}

// moving are attributes of a root DSE that change between two reads.
var moving = map[string]bool{"currentTime": true, "highestCommittedUSN": true}

// sameRaw compares two documents of ldap3's format by their raw attributes.
// ldap3 adds an empty list for what it asked for and the server did not have.
func sameRaw(t *testing.T, what, ours, theirs string) {
	t.Helper()
	read := func(text string) map[string]any {
		var d struct{ Raw map[string]any }
		if err := json.Unmarshal([]byte(text), &d); err != nil {
			t.Fatal(err)
		}
		for name, values := range d.Raw {
			if list, ok := values.([]any); ok && len(list) == 0 || values == nil || moving[name] {
				delete(d.Raw, name)
			}
		}
		return d.Raw
	}
	mine, other := read(ours), read(theirs)
	if len(mine) == 0 || !reflect.DeepEqual(lowerKeys(mine), lowerKeys(other)) {
		t.Errorf("%s: the attributes differ:\nours   %.2000v\nldap3's %.2000v", what, mine, other)
	}
}

func lowerKeys(m map[string]any) map[string]any {
	all := make(map[string]any, len(m))
	for k, v := range m {
		all[strings.ToLower(k)] = v
	}
	return all
}
