package integration

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/ldapedge/ldapedge/schemajson"
	"github.com/ldapedge/ldapedge/schemajson/convert"
	"github.com/ldapedge/ldapedge/schemajson/offline"
)

// microsoftFiles are Microsoft's own schema of Windows Server 2012 R2, as
// Debian's samba-ad-provision brings it.
var microsoftFiles = []string{"AD_DS_Attributes__Windows_Server_2012_R2.ldf", "AD_DS_Classes__Windows_Server_2012_R2.ldf"}

// readMicrosoft reads the files as one text, for content rules depend on all
// classes. What is defunct is read too: the reader leaves it out, as a server
// does.
func readMicrosoft(t *testing.T) *schemajson.SchemaInfo {
	t.Helper()
	var text bytes.Buffer
	for _, name := range microsoftFiles {
		b, err := os.ReadFile(filepath.Join("/usr/share/samba/setup/ad-schema", name))
		if err != nil {
			t.Fatal(err)
		}
		text.Write(bytes.ReplaceAll(b, []byte("\nisDefunct: TRUE"), nil))
		text.WriteString("\n\n")
	}
	s, err := convert.ReadLDIF(&text)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range s.Problems {
		t.Errorf("%s: %s: %.200s", p.Collection, p.Message, p.Text)
	}
	return s
}

// published are a schema's definitions by collection and OID, and the fields of
// each. Windows publishes neither descriptions nor lengths.
type published map[string]map[string]string

func publishedBy(s *schemajson.SchemaInfo) published {
	d := s.Dump()
	all := make(published)
	for collection, definitions := range map[string][]schemajson.DefinitionDump{
		schemajson.CollectionAttributeTypes:  d.AttributeTypes,
		schemajson.CollectionObjectClasses:   d.ObjectClasses,
		schemajson.CollectionDITContentRules: d.DITContentRules,
	} {
		for _, one := range definitions {
			all[collection+" "+one.OID] = map[string]string{
				"names": strings.Join(one.Names, " "), "obsolete": fmt.Sprint(one.Obsolete), "kind": one.Kind, "sup": nameSet(one.SUP),
				"syntax": one.Syntax, "singleValue": fmt.Sprint(one.SingleValue), "noUserModification": fmt.Sprint(one.NoUserModification),
				"equality": one.Equality, "ordering": one.Ordering, "substr": one.Substr, "usage": one.Usage,
				"must": nameSet(one.Must), "may": nameSet(one.May), "not": nameSet(one.Not), "aux": nameSet(one.Aux),
			}
		}
	}
	return all
}

// nameSet writes names so that equal sets are equal texts.
func nameSet(names []string) string {
	sorted := slices.Sorted(slices.Values(names))
	return strings.ToLower(strings.Join(slices.Compact(sorted), " "))
}

// unlike is a difference between what Windows publishes and Microsoft's files: of
// a field, or, without one, that only one side has the definition.
type unlike struct {
	collection, name, field string
	windows, files          string
}

func unlikes(windows, files published) (all []unlike) {
	for key, w := range windows {
		collection, _, _ := strings.Cut(key, " ")
		if f, both := files[key]; !both {
			all = append(all, unlike{collection: collection, name: w["names"], windows: "there"})
		} else {
			for field := range w {
				if w[field] != f[field] {
					all = append(all, unlike{collection, w["names"], field, w[field], f[field]})
				}
			}
		}
	}
	for key, f := range files {
		if _, both := windows[key]; !both {
			collection, _, _ := strings.Cut(key, " ")
			all = append(all, unlike{collection: collection, name: f["names"], files: "there"})
		}
	}
	return all
}

// explained is why Windows publishes something other than Microsoft's files have.
type explained struct {
	reason string
	// times is how often the difference is there.
	times int
	is    func(s *schemajson.SchemaInfo, u unlike) bool
}

var explanations = []explained{
	{"the attribute is defunct, and so not published", 1, func(_ *schemajson.SchemaInfo, u unlike) bool {
		return u == unlike{collection: schemajson.CollectionAttributeTypes, name: "msDS-DrsFarmID", files: "there"}
	}},
	{"Windows has content rules for abstract and auxiliary classes too, by which no entry is governed (RFC 4512 §4.1.6)", 24,
		func(s *schemajson.SchemaInfo, u unlike) bool {
			class := s.ObjectClass(u.name)
			return u == unlike{collection: schemajson.CollectionDITContentRules, name: u.name, windows: "there"} &&
				class != nil && class.Kind != schemajson.Structural
		}},
}

// AD_2012_R2, which ldap3's author read from a Windows Server 2012 R2, is the
// schema that Microsoft publishes.
func TestActiveDirectoryAgreesWithMicrosoft(t *testing.T) {
	set, err := offline.Load("AD_2012_R2")
	if err != nil {
		t.Fatal(err)
	}
	windows, files := publishedBy(set.Schema), publishedBy(readMicrosoft(t))
	met := make([]int, len(explanations))
	for _, u := range unlikes(windows, files) {
		i := slices.IndexFunc(explanations, func(e explained) bool { return e.is(set.Schema, u) })
		if i < 0 {
			t.Errorf("%s %s %s: Windows %q, Microsoft's files %q", u.collection, u.name, u.field, u.windows, u.files)
			continue
		}
		met[i]++
	}
	for i, e := range explanations {
		if met[i] != e.times {
			t.Errorf("%q explains %d differences, not %d", e.reason, met[i], e.times)
		}
	}
	t.Logf("%d definitions of Windows, %d of Microsoft's files", len(windows), len(files))
}
