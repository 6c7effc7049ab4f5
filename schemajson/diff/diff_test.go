package diff

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/ldapedge/ldapedge/schemajson"
)

var prefixes = map[string]string{
	"at": schemajson.CollectionAttributeTypes, "oc": schemajson.CollectionObjectClasses, "ls": schemajson.CollectionLDAPSyntaxes,
	"mr": schemajson.CollectionMatchingRules, "mu": schemajson.CollectionMatchingRuleUse, "cr": schemajson.CollectionDITContentRules,
	"sr": schemajson.CollectionDITStructureRules, "nf": schemajson.CollectionNameForms,
}

// schema parses definitions, one a line, each with the abbreviation of its
// collection before it. Other lines are left out.
func schema(text string) *schemajson.SchemaInfo {
	var attributes []schemajson.Attribute
	for line := range strings.SplitSeq(text, "\n") {
		prefix, value, _ := strings.Cut(strings.TrimSpace(line), ": ")
		if name, known := prefixes[prefix]; known {
			attributes = append(attributes, schemajson.Attribute{Name: name, Values: []string{value}})
		}
	}
	return schemajson.Parse("", attributes)
}

// flat has a line for each difference, without the reasons.
func flat(r *Result) []string {
	var lines []string
	for _, c := range r.Collections {
		for _, d := range c.Added {
			lines = append(lines, fmt.Sprintf("%s %s added %s", c.Name, d.Name, d.Effect))
		}
		for _, d := range c.Removed {
			lines = append(lines, fmt.Sprintf("%s %s removed %s", c.Name, d.Name, d.Effect))
		}
		for _, d := range c.Changed {
			for _, x := range d.Changes {
				lines = append(lines, fmt.Sprintf("%s %s %s %s %v %v %s", c.Name, d.Name, x.Field, x.Kind, x.From, x.To, x.Effect))
			}
		}
	}
	return lines
}

// around is what the definitions of the cases refer to.
const around = `
	at: ( 2.5.4.41 NAME 'name' EQUALITY caseIgnoreMatch SYNTAX 1.2.15{64} )
	at: ( 2.5.4.3 NAME ( 'cn' 'commonName' ) SUP name )
	at: ( 2.5.4.4 NAME 'sn' SUP name )
	at: ( 1.7.1 NAME 'mail' SYNTAX 1.2.26 )
	at: ( 2.5.4.0 NAME 'objectClass' SYNTAX 1.2.26 )
	at: ( 1.7.2 NAME 'seen' SYNTAX 1.2.26 USAGE directoryOperation )
	oc: ( 2.5.6.0 NAME 'top' ABSTRACT MUST objectClass )
	oc: ( 1.8.1 NAME 'parent' SUP top STRUCTURAL MUST cn MAY sn )
	oc: ( 1.8.2 NAME 'mailer' SUP top AUXILIARY MUST mail )
	oc: ( 1.8.3 NAME 'lax' SUP top ABSTRACT MAY mail )
	ls: ( 1.2.15 DESC 'text' )
	mr: ( 2.5.13.2 NAME 'caseIgnoreMatch' SYNTAX 1.2.15 )
	mr: ( 2.5.13.5 NAME 'caseExactMatch' SYNTAX 1.2.15 )
	nf: ( 1.9.1 NAME 'form' OC parent MUST cn )
	nf: ( 1.9.2 NAME 'otherForm' OC parent MUST sn )
	sr: ( 1 NAME 'first' FORM form )
	sr: ( 2 NAME 'second' FORM form SUP 1 )
`

func TestCompare(t *testing.T) {
	for _, test := range cases {
		t.Run(test.name, func(t *testing.T) {
			from, to := schema(around+test.from), schema(around+test.to)
			if got := flat(Compare(from, to, nil)); !slices.Equal(got, test.want) {
				t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(test.want, "\n"))
			}
			back := flat(Compare(to, from, nil))
			for i := range back {
				back[i] = withoutEffect(back[i])
			}
			want := mirrored(test.want)
			slices.Sort(back)
			if !slices.Equal(back, want) {
				t.Errorf("mirrored, got\n%s\nwant\n%s", strings.Join(back, "\n"), strings.Join(want, "\n"))
			}
		})
	}
}

func withoutEffect(line string) string { return line[:strings.LastIndexByte(line, ' ')] }

// mirrored turns the expected lines of a case round, where all its definitions
// keep their names and all values of a list share their fate.
func mirrored(lines []string) []string {
	var all []string
	for _, line := range lines {
		line = withoutEffect(line)
		words := strings.SplitN(line, " ", 4)
		if len(words) == 3 {
			all = append(all, words[0]+" "+words[1]+" "+map[string]string{"added": "removed", "removed": "added"}[words[2]])
			continue
		}
		kind, values, _ := strings.Cut(words[3], " [")
		before, after, _ := strings.Cut(strings.TrimSuffix(values, "]"), "] [")
		kind = map[string]string{"added": "removed", "removed": "added", "changed": "changed", "reordered": "reordered"}[kind]
		all = append(all, fmt.Sprintf("%s %s %s %s [%s] [%s]", words[0], words[1], words[2], kind, after, before))
	}
	slices.Sort(all)
	return all
}

func TestEveryDifferenceHasAReason(t *testing.T) {
	for _, test := range cases {
		r := Compare(schema(around+test.from), schema(around+test.to), &Options{Order: true})
		for _, c := range r.Collections {
			for _, d := range slices.Concat(c.Added, c.Removed) {
				if d.Reason == "" || d.Effect == "" || d.Raw == "" {
					t.Errorf("%s: %+v", test.name, d)
				}
			}
			for _, d := range c.Changed {
				for _, x := range d.Changes {
					if x.Reason == "" || x.Effect == "" {
						t.Errorf("%s: %+v", test.name, x)
					}
				}
			}
		}
	}
}

func TestResultCounts(t *testing.T) {
	r := Compare(schema(around+"at: ( 1.1 NAME 'a' SYNTAX 1.2 )\nat: ( 1.3 NAME 'b' SYNTAX 1.2 )"),
		schema(around+"at: ( 1.1 NAME ( 'a' 'aa' ) SYNTAX 1.4 DESC 'x' )\noc: ( 1.5 NAME 'k' )"), nil)
	if want := (Summary{Added: 1, Removed: 1, Changed: 1, Breaking: 2, Compatible: 2, Cosmetic: 1}); r.Summary != want || r.Equal() {
		t.Errorf("%+v", r.Summary)
	}
	changed := r.Collections[0].Changed[0]
	if changed.Effect != Breaking || changed.Name != "a" || changed.OID != "1.1" || changed.RawFrom != "( 1.1 NAME 'a' SYNTAX 1.2 )" || changed.RawTo != "( 1.1 NAME ( 'a' 'aa' ) SYNTAX 1.4 DESC 'x' )" {
		t.Errorf("%+v", changed)
	}
}

func TestListsAreListsInJSON(t *testing.T) {
	text, err := json.Marshal(Compare(schema(""), schema(""), nil))
	if want := `{"summary":{"added":0,"removed":0,"changed":0,"breaking":0,"compatible":0,"cosmetic":0},"collections":[]}`; err != nil || string(text) != want {
		t.Errorf("%s, %v", text, err)
	}
	text, err = json.Marshal(Compare(schema("at: ( 1.1 NAME 'a' )"), schema("at: ( 1.1 NAME 'a' SINGLE-VALUE )"), nil).Collections)
	want := `[{"name":"attributeTypes","added":[],"removed":[],"changed":[{"name":"a","oid":"1.1","rawFrom":"( 1.1 NAME 'a' )","rawTo":"( 1.1 NAME 'a' SINGLE-VALUE )","effect":"breaking","changes":[` +
		`{"field":"singleValue","kind":"added","from":[],"to":["true"],"effect":"breaking","reason":"entries with several values violate the schema"}]}]}]`
	if err != nil || string(text) != want {
		t.Errorf("got  %s, %v\nwant %s", text, err, want)
	}
}

func TestOptions(t *testing.T) {
	from := schema(around + `
		at: ( 1.1 NAME 'a' DESC 'old' SYNTAX 1.2 X-ORIGIN 'here' )
		at: ( 1.2 NAME 'vendor-b' SYNTAX 1.2 )
		oc: ( 1.3 NAME 'k' MUST ( cn $ sn ) )`)
	to := schema(around + `
		at: ( 1.1 NAME 'a' DESC 'new' SYNTAX 1.2 X-ORIGIN 'there' )
		at: ( 1.4 NAME 'd' SYNTAX 1.2 X-ORIGIN ( 'x' 'User Defined' ) )
		oc: ( 1.3 NAME 'k' MUST ( sn $ cn ) )`)
	desc, origin := "attributeTypes a desc changed [old] [new] cosmetic", []string{"attributeTypes a X-ORIGIN added [] [there] cosmetic", "attributeTypes a X-ORIGIN removed [here] [] cosmetic"}
	added, removed := "attributeTypes d added compatible", "attributeTypes vendor-b removed breaking"
	tests := []struct {
		name string
		o    *Options
		want []string
	}{
		{"none", nil, []string{added, removed, desc, origin[0], origin[1]}},
		{"no descriptions", &Options{IgnoreDescriptions: true}, []string{added, removed, origin[0], origin[1]}},
		{"no extensions", &Options{IgnoreExtensions: true}, []string{added, removed, desc}},
		{"order", &Options{Order: true}, []string{added, removed, desc, origin[0], origin[1], "objectClasses k must reordered [cn sn] [sn cn] cosmetic"}},
		{"names", &Options{IgnoreNamePrefixes: []string{"VENDOR-", ""}}, []string{added, desc, origin[0], origin[1]}},
		{"OIDs", &Options{IgnoreNamePrefixes: []string{"1."}}, nil},
		{"extension value", &Options{IgnoreExtensionValues: []schemajson.Extension{{Name: "x-origin", Values: []string{"nobody", "user defined"}}}}, []string{removed, desc, origin[0], origin[1]}},
		{"extension", &Options{IgnoreExtensionValues: []schemajson.Extension{{Name: "X-ORIGIN"}}}, []string{removed}},
		{"collections", &Options{Order: true, OnlyCollections: []string{"OBJECTCLASSES"}}, []string{"objectClasses k must reordered [cn sn] [sn cn] cosmetic"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := flat(Compare(from, to, test.o)); !slices.Equal(got, test.want) {
				t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(test.want, "\n"))
			}
		})
	}
}

func TestOrder(t *testing.T) {
	from := schema(around + `
		at: ( 1.1 NAME ( 'a' 'b' 'c' ) X-A ( 'x' 'y' ) )
		oc: ( 1.2 NAME 'k' SUP ( parent $ lax ) MUST ( cn $ sn ) MAY ( mail $ name ) )
		mu: ( 1.3 APPLIES ( cn $ sn ) )
		cr: ( 1.8.1 AUX ( mailer $ k ) MUST ( cn $ sn ) MAY ( mail $ name ) NOT ( a $ sn ) )
		sr: ( 3 FORM form SUP ( 1 2 ) )
		nf: ( 1.4 OC parent MUST ( cn $ sn ) )`)
	to := schema(around + `
		at: ( 1.1 NAME ( 'a' 'c' 'b' ) X-A ( 'y' 'x' ) )
		oc: ( 1.2 NAME 'k' SUP ( lax $ parent ) MUST ( sn $ cn ) MAY ( name $ mail ) )
		mu: ( 1.3 APPLIES ( sn $ cn ) )
		cr: ( 1.8.1 AUX ( k $ mailer ) MUST ( sn $ cn ) MAY ( name $ mail ) NOT ( sn $ a ) )
		sr: ( 3 FORM form SUP ( 2 1 ) )
		nf: ( 1.4 OC parent MUST ( sn $ cn ) )`)
	if r := Compare(from, to, nil); !r.Equal() {
		t.Errorf("unasked: %v", flat(r))
	}
	r := Compare(from, to, &Options{Order: true})
	if want := (Summary{Changed: 6, Cosmetic: 12}); r.Summary != want {
		t.Errorf("%+v\n%s", r.Summary, strings.Join(flat(r), "\n"))
	}
	for _, c := range r.Collections {
		for _, d := range c.Changed {
			for _, x := range d.Changes {
				if x.Kind != Reordered || len(x.From) != len(x.To) || len(x.From) < 2 {
					t.Errorf("%+v", x)
				}
			}
		}
	}
}

func TestWriteText(t *testing.T) {
	r := Compare(schema(`
		at: ( 1.1 NAME 'a' DESC 'old' SYNTAX 1.2{5} )
		at: ( 1.2 NAME 'b' SYNTAX 1.2 )
		oc: ( 1.3 NAME ( 'k' 'l' ) MAY b )`), schema(`
		at: ( 1.1 NAME 'a' DESC 'new;`+"\x1b"+`[31m' SYNTAX 1.2{9} )
		oc: ( 1.3 NAME ( 'l' 'k' ) )
		sr: ( 1 FORM f )`), nil)
	var b strings.Builder
	if err := r.WriteText(&b); err != nil {
		t.Fatal(err)
	}
	want := `1 added, 1 removed, 2 changed: 3 breaking, 2 compatible, 1 cosmetic

breaking:
  attributeTypes b (1.2): removed; entries with the attribute violate the schema, and filters with it match nothing
  objectClasses k (1.3): may - b; entries with it violate the schema, unless another class allows it
  dITStructureRules 1: added; the tree had no rules, and entries may be where none puts them

compatible:
  attributeTypes a (1.1): length 5 → 9; values may be longer than clients have seen
  objectClasses k (1.3): names in another order: l, k; servers usually return the first name, which clients may look for

cosmetic:
  attributeTypes a (1.1): desc old → "new;\x1b[31m"; descriptions are for people
`
	if b.String() != want {
		t.Errorf("got\n%s\nwant\n%s", b.String(), want)
	}
	b.Reset()
	if err := Compare(schema(around), schema(around), nil).WriteText(&b); err != nil || b.String() != "no differences\n" {
		t.Errorf("%q, %v", b.String(), err)
	}
	if err := r.WriteText(brokenWriter{}); err == nil {
		t.Error("a write error is lost")
	}
}

type brokenWriter struct{}

func (brokenWriter) Write([]byte) (int, error) { return 0, fmt.Errorf("no room") }

func TestShownIsCutShort(t *testing.T) {
	values := strings.Split("a b c d e f g h i j", " ")
	if got := shown(values); got != "a, b, c, d, e, f, g, h, … (2 more)" {
		t.Errorf("%s", got)
	}
	if got := shown(values[:9]); got != "a, b, c, d, e, f, g, h, i" {
		t.Errorf("%s", got)
	}
	if got := shown([]string{"", "a b", strings.Repeat("é", 100)}); got != `"", "a b", `+strings.Repeat("é", 40)+"…" {
		t.Errorf("%s", got)
	}
}
