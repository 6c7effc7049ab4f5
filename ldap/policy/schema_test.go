package policy

import (
	"fmt"
	"strings"
	"testing"

	"github.com/ldapedge/ldapedge/ldap/message"
	"github.com/ldapedge/ldapedge/schemajson"
)

func attributeTypesOf(definitions ...string) *schemajson.SchemaInfo {
	return schemajson.Parse("", []schemajson.Attribute{{Name: "attributeTypes", Values: definitions}})
}

// hostile is the schema of a server that would have secrets shown.
var hostile = attributeTypesOf(
	"( 2.5.4.35 NAME 'harmless' )",
	"( 9.9.1 NAME 'userPassword' SUP name )",
	"( 9.9.2 NAME ( 'userPassword' 'unicodePwd' 'free' ) )",
	"( 9.9.3 NAME 'mine' SUP userPassword )",
	"( 9.9.4 NAME 'yours' SUP 2.5.4.35 )",
	"( 9.9.5 NAME 'ours' SUP YOURS )",
	"( 9.9.6 NAME 'circle' SUP round )", "( 9.9.7 NAME 'round' SUP circle )",
	"( 0.9.2342.19200300.100.1.25 NAME ( 'dc' 'ou' 'place' ) )",
)

// Whatever a schema says, what is refused without one is refused with it.
func TestPolicyTakesNoSchemasWordForLess(t *testing.T) {
	s := begin(t, Rules{Operations: []Operation{"default", Modify}, WritableAttributes: []string{"userPassword"}}, hostile)
	set := func(name string) message.ModifyRequest {
		return message.ModifyRequest{DN: "cn=a", Changes: []message.Change{{Kind: message.ChangeReplace, Attribute: name, Values: []string{password}}}}
	}
	refused := []string{"harmless", "free", "9.9.1", "9.9.2", "mine", "9.9.3", "Yours", "ours;x", "name"}
	for _, secret := range secrets {
		refused = append(refused, secret.name)
		if secret.oid != "" {
			refused = append(refused, secret.oid)
		}
		if secret.name != "userPassword" {
			s.refuses(insufficient, "writableAttributes", 1, set(secret.name))
		}
	}
	for _, name := range refused {
		s.refuses(insufficient, "refusedAttributes", 1, find("("+name+"=*)"))
	}
	for id, name := range []string{"userPassword", "2.5.4.35", "harmless", "free"} {
		s.passes(int32(id+1), set(name))
	}
	s.passes(10, find("(|(circle=*)(9.9.7=*)(place=*))"))
	b := s.answer(entry(10, "cn=a", append(refused[:len(refused):len(refused)], "name", "place")...))
	e, err := mustParse(t, b).Entry()
	if err != nil || names(e) != "name name place" { // a supertype is shown: its subtypes are looked at
		t.Errorf("got %q, %v", names(e), err)
	}
}

func TestPolicyTakesNoSchemasWordForABase(t *testing.T) {
	s := begin(t, Rules{Bases: []string{"dc=example"}}, hostile)
	for base, is := range map[string]bool{"dc=example": true, "place=example": true, "domainComponent=example": true, "ou=example": false, "2.5.4.11=example": false} {
		r := find("(cn=a)")
		if r.Base = base; is {
			s.passes(int32(len(base)), r)
		} else {
			s.refuses(insufficient, "rule bases", 1, r)
		}
	}
}

// A schema made to cost much costs little.
func TestPolicyOfAHugeSchema(t *testing.T) {
	var chain, same []string
	var many strings.Builder
	for i := range 50_000 {
		chain = append(chain, fmt.Sprintf("( 9.1.%d NAME 'n%d' SUP n%d )", i+1, i+1, i))
		same = append(same, fmt.Sprintf("( 9.2.%d NAME 'same' SUP userPassword )", i))
		fmt.Fprintf(&many, "'m%d' ", i)
	}
	definitions := append(append(chain, same...), "( 9.3 NAME ( "+many.String()+") SUP same )", "( 9.4 NAME 'n0' SUP userPassword )")
	s := begin(t, Rules{}, attributeTypesOf(definitions...))
	for _, name := range []string{"n50000", "9.1.50000", "9.2.49999", "m49999", "9.3"} {
		s.refuses(insufficient, "refusedAttributes", 1, find("("+name+"=*)"))
	}
}

func TestPolicyWithASchemaIsAnother(t *testing.T) {
	p, err := New(Rules{RefusedAttributes: []string{"secret"}, Bases: []string{"cn=a"}, SizeLimit: 7}, nil)
	if err != nil {
		t.Fatal(err)
	}
	ask := find("(deepSecret=*)")
	ask.Base = "cn=a"
	before, after := session{p.Session(), t}, session{p.WithSchema(schema).Session(), t}
	if got := before.passes(1, ask).Request.(message.SearchRequest); got.SizeLimit != 7 {
		t.Errorf("%+v", got)
	}
	after.refuses(insufficient, "refusedAttributes", 1, ask)
	ask = find("(plain=*)")
	ask.Base = "cn=a"
	if got := after.passes(1, ask).Request.(message.SearchRequest); got.SizeLimit != 7 {
		t.Errorf("%+v", got)
	}
	session{p.WithSchema(schema).WithSchema(nil).Session(), t}.passes(1, func() message.SearchRequest { r := find("(deepSecret=*)"); r.Base = "cn=a"; return r }())
}
