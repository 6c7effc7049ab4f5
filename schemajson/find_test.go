package schemajson

import (
	"errors"
	"fmt"
	"slices"
	"testing"
)

func TestFind(t *testing.T) {
	s := Parse("", []Attribute{
		{CollectionAttributeTypes, []string{
			`( 1.1 NAME 'mailbox' )`, `( 1.2 NAME ( 'mail' 'rfc822Mailbox' ) )`, `( 1.3 NAME 'otherMail' )`,
			`( 1.4 NAME 'other-mail' )`, `( 1.5 NAME 'email' )`, `( 1.6 NAME 'x' DESC 'where Mail goes' )`, `( 2.16.1 NAME 'MailAddress' )`,
		}},
		{CollectionObjectClasses, []string{`( 1.21 NAME 'mailUser' )`, `( 2.16 NAME 'other' )`}},
	})
	tests := []struct {
		query string
		want  []string
	}{
		{"MAIL", []string{"mail", "mailbox", "mailUser", "MailAddress", "otherMail", "other-mail", "email", "x"}},
		{"2.16", []string{"other", "MailAddress"}},
		{"mail*", []string{"mail", "mailbox", "mailUser", "MailAddress"}},
		{"*mail", []string{"mail", "email", "otherMail", "other-mail"}},
		{"o*r*", []string{"other", "otherMail", "other-mail"}},
		{"m*x", []string{"mailbox"}},
		{"rfc822mailbox", []string{"mail"}},
		{"1.2*", []string{"mail", "mailUser"}},
		{"m*m*", nil},
		{"  ", nil},
		{"nothing", nil},
		{"other mail", []string{"otherMail", "other-mail"}},
		{`"where mail"`, []string{"x"}},
		{`"mail where"`, nil},
		{"mail where", []string{"x"}},
		{`"mail*"`, nil},
		{`"mail`, []string{"mail", "mailbox", "mailUser", "MailAddress", "otherMail", "other-mail", "email", "x"}},
		{`1.2"other"`, nil},
	}
	for _, test := range tests {
		if got := names(t, s, test.query); !slices.Equal(got, test.want) {
			t.Errorf("%q finds %v, want %v", test.query, got, test.want)
		}
	}
}

func TestFindSaysWhere(t *testing.T) {
	s := people(t)
	found, err := s.Find("person")
	if err != nil {
		t.Fatal(err)
	}
	got := found.Matches
	if len(got) != 2 || got[0].Collection != CollectionObjectClasses || got[0].Index != 1 || got[0].Rank != RankName || got[1].Rank != RankWord || got[1].Definition.Name() != "organizationalPerson" {
		t.Errorf("%+v", got)
	}
}

// names are those of what a query finds.
func names(t *testing.T, s *SchemaInfo, query string) (all []string) {
	t.Helper()
	found, err := s.Find(query)
	if err != nil {
		t.Fatalf("%q: %v", query, err)
	}
	for _, m := range found.Matches {
		all = append(all, m.Definition.Name())
	}
	return all
}

func TestFindSaysWhatMatched(t *testing.T) {
	s := Parse("", []Attribute{{CollectionAttributeTypes, []string{
		`( 1.1 NAME ( 'mail' 'rfc822Mailbox' ) DESC 'an address' )`, `( 1.2 NAME 'box' )`,
	}}})
	tests := []struct{ query, want string }{
		{"rfc822", "[mail rfc822Mailbox 2] [rfc822]"},
		{"mail", "[mail  0] [mail]"},
		{"1.1", "[mail  1] [1.1]"},
		{"ADDRESS", "[mail  5] [address]"},
		{"m*i*l kind:attribute", "[mail  2] [m i l]"},
		{`"rfc822" address`, "[mail rfc822Mailbox 5] [rfc822 address]"},
		{"kind:attribute", "[box  0] [mail  0] []"},
	}
	for _, test := range tests {
		found, err := s.Find(test.query)
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		for _, m := range found.Matches {
			got += fmt.Sprintf("[%s %s %d] ", m.Definition.Name(), m.Also, m.Rank)
		}
		if got += fmt.Sprint(found.Marks); got != test.want {
			t.Errorf("%q: %s, want %s", test.query, got, test.want)
		}
	}
}

func TestFindNarrows(t *testing.T) {
	s := Parse("", []Attribute{
		{CollectionLDAPSyntaxes, []string{
			`( 1.1 DESC 'Directory String' )`, `( 1.2 DESC 'Integer' )`, `( 1.3 DESC 'Large Integer' )`,
		}},
		{CollectionMatchingRules, []string{`( 2.1 NAME 'textMatch' SYNTAX 1.1 )`, `( 2.2 NAME 'numberMatch' SYNTAX 1.2 )`}},
		{CollectionMatchingRuleUse, []string{`( 2.1 NAME 'textMatch' APPLIES ( name ) )`}},
		{CollectionAttributeTypes, []string{
			`( 3.1 NAME 'name' EQUALITY textMatch SYNTAX 1.1 )`, `( 3.2 NAME ( 'cn' 'commonName' ) SUP name )`,
			`( 3.3 NAME 'count' SYNTAX 1.2 )`, `( 3.4 NAME 'amount' SYNTAX 1.3 )`, `( 3.5 NAME 'odd' SYNTAX 9.9 )`,
		}},
		{CollectionObjectClasses, []string{
			`( 4.1 NAME 'top' ABSTRACT )`, `( 4.2 NAME 'person' SUP top MUST cn MAY amount )`, `( 4.3 NAME 'user' SUP person MUST count )`,
			`( 4.4 NAME 'extra' AUXILIARY MAY cn )`,
		}},
		{CollectionDITContentRules, []string{`( 4.3 NAME 'userContent' AUX extra MUST odd NOT amount )`}},
		{CollectionNameForms, []string{`( 5.1 NAME 'userForm' OC user MUST cn MAY odd )`}},
		{CollectionDITStructureRules, []string{`( 1 NAME 'root' FORM userForm )`, `( 2 NAME 'below' FORM userForm SUP 1 )`}},
	})
	tests := []struct {
		query string
		want  []string
	}{
		{"kind:class", []string{"extra", "person", "top", "user"}},
		{"KIND:ObjectClasses", []string{"extra", "person", "top", "user"}},
		{"kind:aux", []string{"extra"}},
		{"kind:structural", []string{"person", "user"}},
		{"kind:struct", []string{"below", "person", "root", "user"}},
		{"kind:rule", []string{"numberMatch", "textMatch"}},
		{"kind:ruleuse", []string{"textMatch"}},
		{"kind:nameform user", []string{"userForm"}},
		{"kind: user", []string{"user", "userForm", "userContent"}},
		{`syntax:"directory string"`, []string{"cn", "name", "textMatch"}},
		{"syntax:integer", []string{"count", "numberMatch"}},
		{"syntax:large", []string{"amount"}},
		{"syntax:1.1 kind:attribute", []string{"cn", "name"}},
		{"syntax:9.9", []string{"odd"}},
		{"syntax:*integer", []string{"amount", "count", "numberMatch"}},
		{"syntax:1", nil},
		{"must:commonName", []string{"person", "user", "userForm"}},
		{"must:3.3", []string{"user"}},
		{"must:odd", []string{"userContent"}},
		{"must:c*", []string{"person", "user", "userForm"}},
		{"must:nothing", nil},
		{"usedby:user", []string{"amount", "cn", "count", "person", "top"}},
		{"usedby:user amo", []string{"amount"}},
		{"usedby:cn", []string{"1.1", "name", "textMatch"}},
		{"usedby:textMatch", []string{"1.1", "name", "textMatch"}},
		{"usedby:numberMatch", []string{"1.2"}},
		{"usedby:userContent", []string{"amount", "extra", "odd", "user"}},
		{"usedby:userForm", []string{"cn", "odd", "user"}},
		{"usedby:below", []string{"root", "userForm"}},
	}
	for _, test := range tests {
		if got := names(t, s, test.query); !slices.Equal(got, test.want) {
			t.Errorf("%q finds %v, want %v", test.query, got, test.want)
		}
	}
}

func TestFindRefuses(t *testing.T) {
	for query, want := range map[string]string{
		"x foo:bar": "the query has \"foo:\"; kind:, syntax:, must: and usedby: are expected, or quotation marks around the word",
		"kind:foo": "the query has kind:\"foo\"; class, abstract, structural, auxiliary, attribute, rule, syntax, ruleuse, contentrule, structurerule, " +
			"nameform are expected",
	} {
		found, err := people(t).Find(query)
		var e *QueryError
		if !errors.As(err, &e) || err.Error() != want || len(found.Matches) > 0 {
			t.Errorf("%q: %v, %+v", query, err, found)
		}
	}
	if found, err := people(t).Find(`"foo:bar"`); err != nil || len(found.Matches) > 0 {
		t.Errorf("in quotation marks: %v, %+v", err, found)
	}
}

// What is passed over does not match: each text of each definition, and each part of
// one, finds what a look at all definitions finds.
func TestFindPassesOverNothing(t *testing.T) {
	f := NewFinder(people(t))
	queries := map[string]bool{"o*n": true, "*e": true, "a b": true, "*": true}
	for _, c := range f.all {
		for _, text := range append(c.keys, c.desc) {
			for n := 1; n <= len(text); n = n*2 + 1 {
				queries[`"`+text[:n]+`"`], queries[`"`+text[len(text)-n:]+`"`] = true, true
			}
		}
	}
	for query := range queries {
		q := parseQuery(query)
		if len(q.words) == 0 {
			continue
		}
		want := 0
		for i := range f.all {
			if _, ok := f.all[i].match(q.words, nil); ok {
				want++
			}
		}
		if found, err := f.Find(query); err != nil || len(found.Matches) != want {
			t.Errorf("%s finds %d of %d, %v", query, len(found.Matches), want, err)
		}
	}
}
