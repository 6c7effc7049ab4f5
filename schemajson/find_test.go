package schemajson

import (
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
	}
	for _, test := range tests {
		var got []string
		for _, m := range s.Find(test.query) {
			got = append(got, m.Definition.Name())
		}
		if !slices.Equal(got, test.want) {
			t.Errorf("%q finds %v, want %v", test.query, got, test.want)
		}
	}
}

func TestFindSaysWhere(t *testing.T) {
	s := people(t)
	got := s.Find("person")
	if len(got) != 2 || got[0].Collection != CollectionObjectClasses || got[0].Index != 1 || got[0].Rank != RankName || got[1].Rank != RankWord || got[1].Definition.Name() != "organizationalPerson" {
		t.Errorf("%+v", got)
	}
}
