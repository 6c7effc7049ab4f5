package integration

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/ldapedge/ldapedge/formatters/syntax"
	"github.com/ldapedge/ldapedge/integration/testserver"
)

// syntaxValue is a value of the vectors of formatters/syntax.
type syntaxValue struct {
	oid string
	// text is the value as the vectors have it, value what it means.
	text  string
	value []byte
}

func syntaxValues(t *testing.T) (all []syntaxValue) {
	t.Helper()
	text, err := os.ReadFile("../formatters/syntax/testdata/syntaxes.json")
	if err != nil {
		t.Fatal(err)
	}
	var vectors map[string]struct {
		Valid   []string
		Invalid []struct{ Value string }
	}
	if err := json.Unmarshal(text, &vectors); err != nil {
		t.Fatal(err)
	}
	for _, oid := range slices.Sorted(maps.Keys(vectors)) {
		v := vectors[oid]
		texts := slices.Clone(v.Valid)
		for _, i := range v.Invalid {
			texts = append(texts, i.Value)
		}
		for _, text := range texts {
			value := []byte(text)
			if digits, ok := strings.CutPrefix(text, "hex:"); ok {
				if value, err = hex.DecodeString(digits); err != nil {
					t.Fatal(err)
				}
			}
			all = append(all, syntaxValue{oid, text, value})
		}
	}
	return all
}

// inBER are the syntaxes whose values slapd takes with the option binary alone.
var inBER = []string{"1.3.6.1.4.1.1466.115.121.1.8", "1.3.6.1.4.1.1466.115.121.1.9", "1.3.6.1.4.1.1466.115.121.1.10", "1.3.6.1.4.1.1466.115.121.1.49"}

// What slapd says of every value of the vectors is what formatters/syntax says,
// but for the differences that are known.
func TestSyntaxesBesideSlapd(t *testing.T) {
	supported := ldapsearchSyntaxes(t, startSlapd(t).URL())
	values := slices.DeleteFunc(syntaxValues(t), func(v syntaxValue) bool { return !slices.Contains(supported, v.oid) })
	attributes := map[string]string{}
	var definitions strings.Builder
	for _, v := range values {
		if attributes[v.oid] == "" {
			name := fmt.Sprintf("syntaxTest%d", len(attributes))
			attributes[v.oid] = name
			fmt.Fprintf(&definitions, "attributetype ( 1.3.6.1.4.1.4203.666.99.%d NAME '%s' SYNTAX %s )\n", len(attributes), name, v.oid)
		}
	}
	if len(attributes) < 25 {
		t.Fatalf("slapd has only %d of the syntaxes", len(attributes))
	}
	s, err := testserver.SlapdConfig{Definitions: definitions.String()}.Start(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })

	refused := addEach(t, s, values, attributes)
	compared, seen := map[string]int{}, map[int]map[string]bool{}
	for i, v := range values {
		if strings.Contains(refused[i], "no validator for syntax") { // slapd knows the name alone
			continue
		}
		compared[v.oid]++
		ours, taken := syntax.Check(v.oid, v.value), refused[i] == ""
		if (ours == nil) == taken {
			continue
		}
		known := slapdDifferenceOf(v, taken)
		if known < 0 {
			t.Errorf("%s: %q: we say %v, slapd %q", v.oid, v.text, ours, refused[i])
			continue
		}
		if seen[known] == nil {
			seen[known] = map[string]bool{}
		}
		seen[known][v.text] = true
	}
	if len(compared) < 20 {
		t.Errorf("slapd checks only %d of the syntaxes", len(compared))
	}
	different, total := 0, 0
	for i, d := range slapdDifferences {
		different += len(seen[i])
		if len(seen[i]) == 0 || d.values != nil && len(seen[i]) != len(d.values) {
			t.Errorf("%s is no longer a difference in all of %q: %s", d.oid, d.values, d.reason)
		}
	}
	for _, n := range compared {
		total += n
	}
	t.Logf("%d values of %d syntaxes compared, %d different", total, len(compared), different)
}

// ldapsearchSyntaxes returns the OIDs of the syntaxes that a server publishes,
// and of those that it does not but has attributes of.
func ldapsearchSyntaxes(t *testing.T, url string) (oids []string) {
	t.Helper()
	for _, definition := range ldapsearch(t, url, "ldapSyntaxes") {
		oids = append(oids, wordAfter(definition, "("))
	}
	for _, definition := range ldapsearch(t, url, "attributeTypes") {
		oid, _, _ := strings.Cut(wordAfter(definition, "SYNTAX"), "{")
		oids = append(oids, oid)
	}
	return oids
}

// wordAfter returns the word that follows another, empty if it is not there.
func wordAfter(text, word string) string {
	fields := strings.Fields(text)
	if i := slices.Index(fields, word); i >= 0 && i+1 < len(fields) {
		return fields[i+1]
	}
	return ""
}

// addEach adds an entry for each value, and returns what the server says of
// those that it refuses for their syntax.
func addEach(t *testing.T, s *testserver.Slapd, values []syntaxValue, attributes map[string]string) map[int]string {
	t.Helper()
	var records strings.Builder
	records.WriteString("dn: dc=example,dc=com\nobjectClass: domain\ndc: example\n\n")
	for i, v := range values {
		name := attributes[v.oid]
		if slices.Contains(inBER, v.oid) {
			name += ";binary"
		}
		value := ":: " + base64.StdEncoding.EncodeToString(v.value)
		if len(v.value) == 0 {
			value = ":" // ldapadd takes no empty base64
		}
		fmt.Fprintf(&records, "dn: cn=%d,dc=example,dc=com\nobjectClass: device\nobjectClass: extensibleObject\ncn: %d\n%s%s\n\n", i, i, name, value)
	}
	skipped := filepath.Join(t.TempDir(), "skipped.ldif")
	// -c goes on after an error; -S collects what was refused, with the reason.
	cmd := exec.CommandContext(t.Context(), "ldapadd", "-x", "-c", "-S", skipped, "-H", s.URL(), "-D", s.Credentials.DN, "-w", s.Credentials.Password)
	cmd.Stdin = strings.NewReader(records.String())
	out, _ := cmd.CombinedOutput()
	text, err := os.ReadFile(skipped)
	if err != nil {
		t.Fatalf("ldapadd: %v: %s", err, out)
	}
	if added := strings.Count(string(out), "adding new entry"); added != len(values)+1 {
		t.Fatalf("ldapadd read %d of %d entries: %.2000s", added, len(values)+1, out)
	}
	refused := map[int]string{}
	reason := ""
	for line := range strings.Lines(string(text)) {
		line = strings.TrimRight(line, "\n")
		if r, ok := strings.CutPrefix(line, "# Error: "); ok {
			reason = r
		}
		if name, ok := strings.CutPrefix(line, "dn: cn="); ok {
			var i int
			if _, err := fmt.Sscan(strings.TrimSuffix(name, ",dc=example,dc=com"), &i); err != nil {
				t.Fatal(err)
			}
			if !strings.HasPrefix(reason, "Invalid syntax (21)") {
				t.Fatalf("%q: %s", values[i].text, reason)
			}
			refused[i] = reason
		}
	}
	if len(refused) == 0 {
		t.Fatal("slapd refuses nothing")
	}
	return refused
}
