package demo

import (
	"bytes"
	"image/jpeg"
	"slices"
	"strings"
	"testing"

	"github.com/go-ldap/ldap/v3"
)

const everyPerson = "ada.moreau bjorn.asgeirsson chidi.okonkwo deniz.yildiz eunji.park fatima.benali grace.obrien " +
	"hiroshi.tanaka ines.fernandez juergen.weiss kiran.rao lukasz.wojcik"

func TestRootDSE(t *testing.T) {
	conn := dial(t)
	if got := attributeNames(read(t, conn, "")); got != "objectClass" {
		t.Errorf("without being asked for more, the root DSE holds %q", got)
	}
	root := read(t, conn, "", "*", "+")
	want := map[string]string{
		"objectClass":          "top",
		"namingContexts":       "dc=example,dc=com",
		"subschemaSubentry":    "cn=Subschema",
		"supportedLDAPVersion": "3",
		"supportedFeatures":    "1.3.6.1.4.1.4203.1.5.1",
		"vendorName":           "ldapedge",
		"vendorVersion":        "demo",
	}
	for name, value := range want {
		if got := root.GetAttributeValues(name); !slices.Equal(got, []string{value}) {
			t.Errorf("%s is %q, want %q", name, got, value)
		}
	}
	if len(root.Attributes) != len(want) {
		t.Errorf("the root DSE holds %q", attributeNames(root))
	}
}

func TestSubschema(t *testing.T) {
	conn := dial(t)
	if got, want := attributeNames(read(t, conn, SubschemaDN)), "objectClass cn"; got != want {
		t.Errorf("without being asked for more, the subschema entry holds %q, want %q", got, want)
	}
	found := query{base: SubschemaDN, scope: ldap.ScopeBaseObject, filter: "(objectClass=subschema)",
		attributes: []string{"attributeTypes", "objectClasses", "ldapSyntaxes", "matchingRules"}}.entries(t, conn)
	if len(found) != 1 {
		t.Fatalf("got %d subschema entries", len(found))
	}
	for _, kind := range []string{"attributeTypes", "objectClasses", "ldapSyntaxes", "matchingRules"} {
		var want []string
		for line := range strings.Lines(schemaLDIF) {
			if definition, ok := strings.CutPrefix(strings.TrimSpace(line), kind+": "); ok {
				want = append(want, definition)
			}
		}
		if got := found[0].GetAttributeValues(kind); !slices.Equal(got, want) {
			t.Errorf("%s: got %d values, want the %d of the file", kind, len(got), len(want))
		}
	}
}

func TestScopes(t *testing.T) {
	conn := dial(t)
	everyGroup := `everyone administrators engineering research\`
	tests := []struct {
		name, base string
		scope      int
		want       string
	}{
		{"base", BaseDN, ldap.ScopeBaseObject, "example"},
		{"one", BaseDN, ldap.ScopeSingleLevel, "people groups"},
		{"sub", BaseDN, ldap.ScopeWholeSubtree, "example people " + everyPerson + " groups " + everyGroup},
		{"one of a leaf", "uid=kiran.rao,ou=people,dc=example,dc=com", ldap.ScopeSingleLevel, ""},
		{"sub of a leaf", "uid=kiran.rao,ou=people,dc=example,dc=com", ldap.ScopeWholeSubtree, "kiran.rao"},
		{"case and spaces in the base", "OU = Groups , DC=Example, dc=COM", ldap.ScopeSingleLevel, everyGroup},
		{"escaped comma", `cn=research\2c development,ou=groups,dc=example,dc=com`, ldap.ScopeBaseObject, `research\`},
		{"one of the root", "", ldap.ScopeSingleLevel, "example"},
		{"sub of the root has no root DSE", "", ldap.ScopeWholeSubtree, "example people " + everyPerson + " groups " + everyGroup},
		{"sub of the subschema entry", SubschemaDN, ldap.ScopeWholeSubtree, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := rdns(query{base: test.base, scope: test.scope}.entries(t, conn)); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func TestFilters(t *testing.T) {
	conn := dial(t)
	tests := []struct{ name, filter, want string }{
		{"equality", "(uid=ada.moreau)", "ada.moreau"},
		{"equality without case", "(UID=ADA.Moreau)", "ada.moreau"},
		{"equality beyond ASCII", "(sn=ÁSGEIRSSON)", "bjorn.asgeirsson"},
		{"equality with another script", "(cn=박은지)", "eunji.park"},
		{"equality with extra spaces", "(cn= Ada  Moreau )", "ada.moreau"},
		{"equality by object identifier", "(0.9.2342.19200300.100.1.1=kiran.rao)", "kiran.rao"},
		{"equality of a telephone number", "(telephoneNumber=+1-202-5550101)", "bjorn.asgeirsson"},
		{"equality of a name", "(manager=UID=chidi.okonkwo, OU=people, DC=Example, DC=com)", "juergen.weiss lukasz.wojcik"},
		{"equality of what is not a name", "(manager=chidi)", ""},
		{"escaped asterisk", `(cn=\2a)`, ""},
		{"present", "(jpegPhoto=*)", "ada.moreau chidi.okonkwo"},
		{"superclass", "(objectClass=organizationalPerson)", everyPerson},
		{"class by object identifier", "(objectClass=2.5.6.6)", everyPerson},
		{"initial", "(givenName=f*)", "fatima.benali"},
		{"any", "(title=*system*)", "chidi.okonkwo"},
		{"final", "(title=*scientist)", "hiroshi.tanaka kiran.rao"},
		{"all pieces", "(cn=a*m*r*u)", "ada.moreau"},
		{"pieces in the wrong order", "(cn=*moreau*ada*)", ""},
		{"pieces do not overlap", "(sn=rao*ao)", ""},
		{"substring of a telephone number", "(telephoneNumber=*555-0102)", "chidi.okonkwo"},
		{"greater or equal", "(employeeNumber>=1011)", "kiran.rao lukasz.wojcik"},
		{"less or equal", "(createTimestamp<=20240110093000Z)", "ada.moreau"},
		{"approximate", "(sn~=o'brien)", "grace.obrien"},
		{"and", "(&(title=*engineer)(departmentNumber=210))", "juergen.weiss lukasz.wojcik"},
		{"or", "(|(l=Cork)(l=sevilla))", "grace.obrien ines.fernandez"},
		{"not", "(!(manager=*))", "ada.moreau"},
		{"true", "(&)", everyPerson},
		{"false", "(|)", ""},
		{"unknown attribute", "(noSuchAttribute=x)", ""},
		{"not of an unknown attribute", "(!(noSuchAttribute=*))", ""},
		{"and with an unknown attribute", "(&(uid=*)(noSuchAttribute=x*))", ""},
		{"or with an unknown attribute", "(|(noSuchAttribute>=x)(uid=kiran.rao))", "kiran.rao"},
		{"extensible", "(cn:caseExactMatch:=Ada Moreau)", ""},
		{"not of an extensible", "(!(cn:caseExactMatch:=Ada Moreau))", ""},
		{"operational attribute", "(entryDN=uid=grace.obrien,ou=people,dc=example,dc=com)", "grace.obrien"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			found := query{base: peopleDN, scope: ldap.ScopeSingleLevel, filter: test.filter, attributes: []string{"1.1"}}
			if got := rdns(found.entries(t, conn)); got != test.want {
				t.Errorf("%s finds %q, want %q", test.filter, got, test.want)
			}
		})
	}
}

func TestAttributeSelection(t *testing.T) {
	const (
		user = "objectClass dc o description l telephoneNumber"
		ops  = "structuralObjectClass entryUUID entryDN creatorsName createTimestamp modifiersName modifyTimestamp " +
			"hasSubordinates subschemaSubentry"
	)
	conn := dial(t)
	dn := strings.ToLower(BaseDN)
	tests := []struct {
		name      string
		requested []string
		want      string
	}{
		{"nothing named", nil, user},
		{"user", []string{"*"}, user},
		{"operational", []string{"+"}, ops},
		{"both", []string{"*", "+"}, user + " " + ops},
		{"none", []string{"1.1"}, ""},
		{"none and one", []string{"1.1", "o"}, "o"},
		{"by name, in the order of the entry", []string{"O", "DC"}, "dc o"},
		{"by object identifier", []string{"2.5.4.10"}, "o"},
		{"operational by name", []string{"ENTRYDN"}, "entryDN"},
		{"user and one operational", []string{"*", "hasSubordinates"}, user + " hasSubordinates"},
		{"not in the entry", []string{"mail"}, ""},
		{"not in the schema", []string{"noSuchAttribute", "o;lang-en"}, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := attributeNames(read(t, conn, dn, test.requested...)); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func TestTypesOnly(t *testing.T) {
	conn := dial(t)
	found := query{base: BaseDN, scope: ldap.ScopeBaseObject, attributes: []string{"dc", "entryDN"}, typesOnly: true}.entries(t, conn)
	if got, want := attributeNames(found[0]), "dc entryDN"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	for _, a := range found[0].Attributes {
		if len(a.Values) != 0 {
			t.Errorf("%s came with values %q", a.Name, a.Values)
		}
	}
}

func TestPerson(t *testing.T) {
	conn := dial(t)
	hiroshi := read(t, conn, "uid=hiroshi.tanaka,ou=people,dc=example,dc=com", "*", "+")
	want := map[string][]string{
		"objectClass":     {"top", "person", "organizationalPerson", "inetOrgPerson"},
		"cn":              {"Hiroshi Tanaka", "田中 浩"},
		"displayName":     {"田中 浩"},
		"mail":            {"hiroshi.tanaka@example.com"},
		"telephoneNumber": {"+1 202 555 0107"},
		"manager":         {"uid=fatima.benali,ou=people,dc=example,dc=com"},
		"l":               {"大阪"},
		"entryUUID":       {"c34b3fb9-71ac-597a-85c6-0973694fd1c7"},
		"createTimestamp": {"20240117093000Z"},
		"hasSubordinates": {"FALSE"},
	}
	for name, values := range want {
		if got := hiroshi.GetAttributeValues(name); !slices.Equal(got, values) {
			t.Errorf("%s is %q, want %q", name, got, values)
		}
	}
}

func TestPortrait(t *testing.T) {
	ada := read(t, dial(t), "uid=ada.moreau,ou=people,dc=example,dc=com", "jpegPhoto")
	picture, err := jpeg.Decode(bytes.NewReader(ada.GetRawAttributeValue("jpegPhoto")))
	if err != nil {
		t.Fatal(err)
	}
	if got := picture.Bounds().Dx(); got != portraitSize {
		t.Errorf("the portrait is %d pixels wide, want %d", got, portraitSize)
	}
}

func TestSizeLimit(t *testing.T) {
	conn := dial(t)
	tests := []struct {
		name  string
		limit int
		want  int
		code  uint16
	}{
		{"below the number of entries", 5, 5, ldap.LDAPResultSizeLimitExceeded},
		{"the number of entries", 12, 12, ldap.LDAPResultSuccess},
		{"none", 0, 12, ldap.LDAPResultSuccess},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			found, err := query{base: peopleDN, scope: ldap.ScopeSingleLevel, sizeLimit: test.limit}.run(conn)
			if test.code == ldap.LDAPResultSuccess && err != nil {
				t.Fatal(err)
			}
			if test.code != ldap.LDAPResultSuccess {
				checkResult(t, err, test.code, "")
			}
			if got := len(found.Entries); got != test.want {
				t.Errorf("got %d entries, want %d", got, test.want)
			}
		})
	}
}

func TestSearchRefused(t *testing.T) {
	conn := dial(t)
	tests := []struct {
		name    string
		query   query
		code    uint16
		message string
		matched string
	}{
		{"no such entry", query{base: "uid=nobody,ou=people,dc=example,dc=com"}, ldap.LDAPResultNoSuchObject, "", peopleDN},
		{"no such tree", query{base: "cn=x,ou=nowhere,DC=example,DC=com"}, ldap.LDAPResultNoSuchObject, "", BaseDN},
		{"above the naming context", query{base: "dc=com"}, ldap.LDAPResultNoSuchObject, "", ""},
		{"elsewhere", query{base: "o=elsewhere"}, ldap.LDAPResultNoSuchObject, "", ""},
		{"malformed base", query{base: "people"}, ldap.LDAPResultInvalidDNSyntax, "DN ended with incomplete type, value pair", ""},
		{"no such scope", query{scope: 3}, ldap.LDAPResultProtocolError, "no such search scope", ""},
		{"filter too deep", query{filter: strings.Repeat("(!", 50) + "(cn=x)" + strings.Repeat(")", 50)},
			ldap.LDAPResultAdminLimitExceeded, "the filter is nested more than 50 deep", ""},
		{"critical control", query{controls: []ldap.Control{ldap.NewControlString("1.2.3.4", true, "")}},
			ldap.LDAPResultUnavailableCriticalExtension, "the demo directory has no controls", ""},
		{"critical ManageDsaIT", query{controls: []ldap.Control{ldap.NewControlManageDsaIT(true)}},
			ldap.LDAPResultUnavailableCriticalExtension, "the demo directory has no controls", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := test.query.run(conn)
			checkResult(t, err, test.code, test.message)
			if got := err.(*ldap.Error).MatchedDN; got != test.matched {
				t.Errorf("matched DN %q, want %q", got, test.matched)
			}
		})
	}
}

func TestControlsIgnored(t *testing.T) {
	conn := dial(t)
	controls := []ldap.Control{ldap.NewControlString("1.2.3.4", false, ""), ldap.NewControlManageDsaIT(false), ldap.NewControlPaging(5)}
	for _, control := range controls {
		t.Run(control.GetControlType(), func(t *testing.T) {
			found := query{base: peopleDN, scope: ldap.ScopeSingleLevel, controls: []ldap.Control{control}}.entries(t, conn)
			if got := rdns(found); got != everyPerson {
				t.Errorf("got %q", got)
			}
		})
	}
}
