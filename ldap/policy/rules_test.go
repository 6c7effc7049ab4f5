package policy

import (
	"encoding/json"
	"errors"
	"math"
	"reflect"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"

	"github.com/ldapedge/ldapedge/ldap/message"
)

// everything has a value in each field.
var everything = Rules{
	Operations: []Operation{"default", Add, PasswordModify}, RequireBind: true, RefuseAnonymousBind: true, AllowUnauthenticatedBind: true,
	RequireTLS: true, SASLMechanisms: []string{"PLAIN"}, Bases: []string{"dc=example,dc=com"}, RefuseRootDSE: true, RefuseSubschema: true,
	SubschemaEntries: []string{"cn=mine"}, RefusedAttributes: []string{}, WritableAttributes: []string{"userPassword"}, Controls: []string{"default", "1.2.3"},
	ExtendedOperations: []string{"1.2.3"}, MaxRequest: 1000, MaxResponse: 2000, MaxInFlight: 3, RequestsPerSecond: 4.5, Burst: 6, SizeLimit: 7, TimeLimit: 8,
	StripReferrals: true,
}

func TestRulesAsText(t *testing.T) {
	value := reflect.ValueOf(everything)
	for i := range value.NumField() {
		field := value.Type().Field(i)
		if value.Field(i).IsZero() {
			t.Errorf("the test has no %s", field.Name)
		}
		// lowerCamelCase and snake_case of one name
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		snake, _, _ := strings.Cut(field.Tag.Get("yaml"), ",")
		if !strings.EqualFold(name, field.Name) || !strings.EqualFold(strings.ReplaceAll(snake, "_", ""), field.Name) || strings.ToLower(snake) != snake {
			t.Errorf("%s is %q and %q", field.Name, name, snake)
		}
	}
	for _, rules := range []Rules{everything, {}} {
		for what, form := range map[string]struct {
			write func(any) ([]byte, error)
			read  func([]byte, any) error
		}{"JSON": {json.Marshal, json.Unmarshal}, "YAML": {yaml.Marshal, func(b []byte, v any) error { return yaml.Unmarshal(b, v) }}} {
			b, err := form.write(rules)
			if err != nil {
				t.Fatal(err)
			}
			var got Rules
			if err := form.read(b, &got); err != nil || !reflect.DeepEqual(got, rules) {
				t.Errorf("%s: %+v, %v\n%s", what, got, err, b)
			}
		}
	}
	if err := everything.Check(); err != nil {
		t.Error(err)
	}
}

func TestRulesCheck(t *testing.T) {
	for _, test := range []struct {
		rules Rules
		field string
		text  string
	}{
		{Rules{Operations: []Operation{"write"}}, "operations", `operations: "write": is none of bind, unbind`},
		{Rules{Operations: []Operation{Extended}}, "operations", `operations: "extended": is none of`},
		{Rules{SASLMechanisms: []string{"plain"}}, "saslMechanisms", `saslMechanisms: "plain": is no name`},
		{Rules{Bases: []string{"example.com"}}, "bases", `bases: "example.com": is no DN: DN: `},
		{Rules{Bases: []string{""}}, "bases", `bases: "": is the root`},
		{Rules{Bases: []string{"default"}}, "bases", `bases: "default": is no DN`},
		{Rules{SubschemaEntries: []string{"x"}}, "subschemaEntries", `subschemaEntries: "x": is no DN`},
		{Rules{RefusedAttributes: []string{"user password"}}, "refusedAttributes", `refusedAttributes: "user password": is neither`},
		{Rules{RefusedAttributes: []string{"cn;x"}}, "refusedAttributes", `refusedAttributes: "cn;x": is neither`},
		{Rules{WritableAttributes: []string{""}}, "writableAttributes", `writableAttributes: "": is neither`},
		{Rules{Controls: []string{"paged"}}, "controls", `controls: "paged": is no numeric OID`},
		{Rules{ExtendedOperations: []string{"1"}}, "extendedOperations", `extendedOperations: "1": is no numeric OID`},
		{Rules{ExtendedOperations: []string{message.StartTLS}}, "extendedOperations", `StartTLS is always refused`},
		{Rules{ExtendedOperations: []string{oidPasswordModify}}, "extendedOperations", `"passwordModify" in operations`},
		{Rules{MaxRequest: -1}, "maxRequest", `maxRequest: -1: is not from 0`},
		{Rules{RequestsPerSecond: math.NaN()}, "requestsPerSecond", `requestsPerSecond: NaN: is not 0 or more`},
		{Rules{RequestsPerSecond: -0.5}, "requestsPerSecond", `requestsPerSecond: -0.5: is not 0 or more`},
		{Rules{Burst: 5}, "burst", `burst: 5: there is no requestsPerSecond`},
	} {
		p, err := New(test.rules, nil)
		var wrong *Error
		if p != nil || !errors.As(err, &wrong) || wrong.Field != test.field || !strings.Contains(err.Error(), test.text) {
			t.Errorf("%+v: %v; want %s", test.rules, err, test.text)
		}
	}
	err := (&Rules{MaxRequest: -1, TimeLimit: -1}).Check()
	if err == nil || strings.Count(err.Error(), "\n") != 1 {
		t.Errorf("two errors are %v", err)
	}
}

// Who changes a returned default changes a copy.
func TestDefaultsAreCopies(t *testing.T) {
	clear(DefaultOperations())
	clear(DefaultControls())
	clear(DefaultExtendedOperations())
	clear(DefaultSASLMechanisms())
	clear(DefaultRefusedAttributes())
	clear(DefaultSubschemaEntries())
	s := begin(t, Rules{}, nil)
	s.bindAs("cn=a")
	s.passes(1, find("(cn=a)"))
	s.passes(2, message.ExtendedRequest{Name: oidWhoAmI})
}
