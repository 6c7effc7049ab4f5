package demo

import (
	"testing"

	"github.com/go-ldap/ldap/v3"
)

func TestBind(t *testing.T) {
	const ada = "uid=ada.moreau,ou=people,dc=example,dc=com"
	tests := []struct {
		name, dn, password string
		code               uint16
		message            string
	}{
		{"anonymous", "", "", ldap.LDAPResultSuccess, ""},
		{"person", ada, "demo", ldap.LDAPResultSuccess, ""},
		{"person in another spelling", "UID=Ada.Moreau, OU=People, DC=Example, DC=com", "demo", ldap.LDAPResultSuccess, ""},
		{"wrong password", ada, "Demo", ldap.LDAPResultInvalidCredentials, ""},
		{"nobody", "uid=nobody,ou=people,dc=example,dc=com", "demo", ldap.LDAPResultInvalidCredentials, ""},
		{"not a person", "ou=people,dc=example,dc=com", "demo", ldap.LDAPResultInvalidCredentials, ""},
		{"subschema entry", SubschemaDN, "demo", ldap.LDAPResultInvalidCredentials, ""},
		{"password without a name", "", "demo", ldap.LDAPResultInvalidCredentials, ""},
		{"name without a password", ada, "", ldap.LDAPResultUnwillingToPerform, "a bind with a name needs a password"},
		{"nobody without a password", "uid=nobody", "", ldap.LDAPResultUnwillingToPerform, "a bind with a name needs a password"},
		{"not a name", "ada", "demo", ldap.LDAPResultInvalidDNSyntax, "DN ended with incomplete type, value pair"},
	}
	conn := dial(t)
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := conn.SimpleBind(&ldap.SimpleBindRequest{Username: test.dn, Password: test.password, AllowEmptyPassword: true})
			if test.code != ldap.LDAPResultSuccess {
				checkResult(t, err, test.code, test.message)
			} else if err != nil {
				t.Error(err)
			}
		})
	}
}

func TestBindWithCriticalControl(t *testing.T) {
	_, err := dial(t).SimpleBind(&ldap.SimpleBindRequest{
		Username: personDN("ada.moreau"), Password: Password,
		Controls: []ldap.Control{ldap.NewControlString("1.2.3.4", true, "")},
	})
	checkResult(t, err, ldap.LDAPResultUnavailableCriticalExtension, "the demo directory has no controls")
}

func TestOperationsRefused(t *testing.T) {
	const dn = "uid=new,ou=people,dc=example,dc=com"
	conn := dial(t)
	if err := conn.Bind(personDN("chidi.okonkwo"), Password); err != nil {
		t.Fatal(err)
	}
	modify := ldap.NewModifyRequest(personDN("ada.moreau"), nil)
	modify.Replace("title", []string{"Intern"})
	add := ldap.NewAddRequest(dn, nil)
	add.Attribute("objectClass", []string{"account"})

	tests := []struct {
		name    string
		do      func() error
		message string
	}{
		{"add", func() error { return conn.Add(add) }, "the demo directory is read-only"},
		{"modify", func() error { return conn.Modify(modify) }, "the demo directory is read-only"},
		{"delete", func() error { return conn.Del(ldap.NewDelRequest(dn, nil)) }, "the demo directory is read-only"},
		// The client reads no more from a connection whose StartTLS was refused.
		{"StartTLS", func() error { return dial(t).StartTLS(nil) }, "the demo directory has no extended operations"},
		{"who am I", func() error { _, err := conn.WhoAmI(nil); return err }, "the demo directory has no extended operations"},
		{"change of password", func() error {
			_, err := conn.PasswordModify(ldap.NewPasswordModifyRequest("", Password, "other"))
			return err
		}, "the demo directory has no extended operations"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			checkResult(t, test.do(), ldap.LDAPResultUnwillingToPerform, test.message)
		})
	}
	if got := read(t, conn, personDN("ada.moreau")).GetAttributeValue("title"); got != "Managing Director" {
		t.Errorf("after the refused modify the title is %q", got)
	}
}

func TestUnbind(t *testing.T) {
	d, err := Start(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := connect(t, d).Unbind(); err != nil {
		t.Error(err)
	}
	// Close would not return nil while the connection is open.
	if err := d.Close(); err != nil {
		t.Error(err)
	}
}
