package integration

import (
	"bytes"
	"testing"

	ber "github.com/go-asn1-ber/asn1-ber"

	"github.com/ldapedge/ldapedge/ldap"
	"github.com/ldapedge/ldapedge/ldap/control"
	"github.com/ldapedge/ldapedge/ldap/message"
	"github.com/ldapedge/ldapedge/native/dial"
)

// operationOf returns a request without its message ID.
func operationOf(t *testing.T, request []byte) []byte {
	t.Helper()
	p, err := ber.DecodePacketErr(request)
	if err != nil || len(p.Children) < 2 {
		t.Fatalf("% x: %v", request, err)
	}
	var all []byte
	for _, part := range p.Children[1:] {
		all = append(all, part.Bytes()...)
	}
	return all
}

// starting starts an operation of a machine.
type starting func(*message.Machine) (int32, error)

// The requests are, byte by byte, those of OpenLDAP's programs.
func TestRequestsBesideOpenLDAP(t *testing.T) {
	attribute := func(name string, values ...string) message.PartialAttribute {
		return message.PartialAttribute{Name: name, Values: values}
	}
	const dn = "cn=Zoë,dc=example,dc=com"
	tests := []struct {
		name, program, input string
		args                 []string
		ours                 starting
	}{
		{"add", "ldapadd", "dn: " + dn + "\nobjectClass: person\nobjectClass: top\ncn: Zoë\nsn:: AP8=\ndescription;lang-en: \n\n", nil,
			func(m *message.Machine) (int32, error) {
				return m.Add(message.AddRequest{DN: dn, Attributes: []message.PartialAttribute{
					attribute("objectClass", "person", "top"), attribute("cn", "Zoë"), attribute("sn", "\x00\xff"), attribute("description;lang-en", ""),
				}})
			}},
		{"modify", "ldapmodify", "dn: " + dn + "\nchangetype: modify\nadd: mail\nmail: a\nmail: b\n-\ndelete: sn\n-\ndelete: cn\ncn: x\n-\nreplace: title\n-\nreplace: o\no: y\n-\nincrement: uidNumber\nuidNumber: -5\n-\n\n", nil,
			func(m *message.Machine) (int32, error) {
				return m.Modify(message.ModifyRequest{DN: dn, Changes: []message.Change{
					{Kind: message.ChangeAdd, Attribute: "mail", Values: []string{"a", "b"}}, {Kind: message.ChangeDelete, Attribute: "sn"},
					{Kind: message.ChangeDelete, Attribute: "cn", Values: []string{"x"}}, {Kind: message.ChangeReplace, Attribute: "title"},
					{Kind: message.ChangeReplace, Attribute: "o", Values: []string{"y"}}, {Kind: message.ChangeIncrement, Attribute: "uidNumber", Values: []string{"-5"}},
				}})
			}},
		{"modify with controls", "ldapmodify", "dn: " + dn + "\nchangetype: modify\nreplace: title\n-\n\n", []string{"-M"},
			func(m *message.Machine) (int32, error) {
				return m.Modify(message.ModifyRequest{DN: dn, Changes: []message.Change{{Kind: message.ChangeReplace, Attribute: "title"}}}, control.ManageDsaIT.Optional())
			}},
		{"delete", "ldapdelete", "", []string{dn}, func(m *message.Machine) (int32, error) { return m.Delete(message.DeleteRequest{DN: dn}) }},
		{"modifyDN", "ldapmodrdn", "", []string{"-r", dn, "cn=b"}, func(m *message.Machine) (int32, error) {
			return m.ModifyDN(message.ModifyDNRequest{DN: dn, NewRDN: "cn=b"})
		}},
		{"modifyDN elsewhere", "ldapmodrdn", "", []string{"-s", "ou=x", dn, "cn=b"}, func(m *message.Machine) (int32, error) {
			return m.ModifyDN(message.ModifyDNRequest{DN: dn, NewRDN: "cn=b", KeepOldRDN: true, NewSuperior: new("ou=x")})
		}},
		{"compare", "ldapcompare", "", []string{dn, "sn:x"}, func(m *message.Machine) (int32, error) {
			return m.Compare(message.CompareRequest{DN: dn, Attribute: "sn", Value: "x"})
		}},
		{"compare bytes", "ldapcompare", "", []string{dn, "sn::AP8="}, func(m *message.Machine) (int32, error) {
			return m.Compare(message.CompareRequest{DN: dn, Attribute: "sn", Value: "\x00\xff"})
		}},
		{"extended", "ldapexop", "", []string{"1.2.3"}, func(m *message.Machine) (int32, error) {
			return m.Extended(message.ExtendedRequest{Name: "1.2.3"})
		}},
		{"extended with a value", "ldapexop", "", []string{"1.2.3::AP8="}, func(m *message.Machine) (int32, error) {
			return m.Extended(message.ExtendedRequest{Name: "1.2.3", Value: []byte("\x00\xff")})
		}},
		{"who am I", "ldapwhoami", "", nil, func(m *message.Machine) (int32, error) {
			return m.Extended(message.ExtendedRequest{Name: "1.3.6.1.4.1.4203.1.11.3"})
		}},
		{"StartTLS", "ldapwhoami", "", []string{"-Z"}, func(m *message.Machine) (int32, error) {
			return m.Extended(message.ExtendedRequest{Name: message.StartTLS})
		}},
	}
	r := startRecorder(t)
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			request, out := r.last(t, test.program, test.input, test.args...)
			if request == nil {
				t.Fatalf("nothing is sent: %s", out)
			}
			compareRequest(t, test.ours, request)
		})
	}
}

// compareRequest holds our request against another program's.
func compareRequest(t *testing.T, ours starting, theirs []byte) {
	t.Helper()
	var m message.Machine
	if _, err := ours(&m); err != nil {
		t.Fatal(err)
	}
	if mine, theirs := operationOf(t, m.Output()), operationOf(t, theirs); !bytes.Equal(mine, theirs) {
		t.Errorf("we send\n% x, OpenLDAP's program\n% x", mine, theirs)
	}
}

// So is that of changing a password.
func TestPasswordModifyBesideOpenLDAP(t *testing.T) {
	r := startRecorder(t)
	for _, test := range []struct {
		args []string
		ours ldap.PasswordModifyRequest
	}{
		{nil, ldap.PasswordModifyRequest{}},
		{[]string{"cn=a"}, ldap.PasswordModifyRequest{User: "cn=a"}},
		{[]string{"-a", "öld", "-s", "new", "cn=a"}, ldap.PasswordModifyRequest{User: "cn=a", OldPassword: "öld", NewPassword: "new"}},
		{[]string{"-s", "new"}, ldap.PasswordModifyRequest{NewPassword: "new"}},
	} {
		theirs, out := r.last(t, "ldappasswd", "", test.args...)
		if theirs == nil {
			t.Fatalf("%v: nothing is sent: %s", test.args, out)
		}
		c := ldap.NewConnection(newServer(t, r.url, nil), new(dial.Dialer), nil)
		if err := c.Open(t.Context()); err != nil {
			t.Fatal(err)
		}
		if _, _, err := c.PasswordModify(t.Context(), test.ours); !ldap.IsResult(err, message.ResultUnwillingToPerform) {
			t.Errorf("%v: %v", test.args, err)
		}
		c.Close()
		r.mu.Lock()
		ours := r.requests[len(r.requests)-1]
		r.mu.Unlock()
		if mine, theirs := operationOf(t, ours), operationOf(t, theirs); !bytes.Equal(mine, theirs) {
			t.Errorf("%v: we send\n% x, ldappasswd\n% x", test.args, mine, theirs)
		}
	}
}

// So are the binds.
func TestBindsBesideOpenLDAP(t *testing.T) {
	tests := []struct {
		name string
		args []string
		ours starting
	}{
		{"anonymous", []string{"-x"}, func(m *message.Machine) (int32, error) { return m.Bind(message.BindRequest{}) }},
		{"simple", []string{"-x", "-D", "cn=a", "-w", "sécret"}, func(m *message.Machine) (int32, error) {
			return m.Bind(message.BindRequest{DN: "cn=a", Password: "sécret"})
		}},
		{"simple with a control", []string{"-x", "-D", "cn=a", "-w", "x", "-e", "ppolicy"}, func(m *message.Machine) (int32, error) {
			return m.Bind(message.BindRequest{DN: "cn=a", Password: "x"}, control.PasswordPolicy.Optional())
		}},
		{"PLAIN", []string{"-Y", "PLAIN", "-U", "bob", "-X", "u:alice", "-w", "secret", "-O", "none"}, func(m *message.Machine) (int32, error) {
			return m.BindSASL(message.SASLBindRequest{Mechanism: "PLAIN", Credentials: []byte("u:alice\x00bob\x00secret")})
		}},
	}
	r := startRecorder(t)
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			requests, out := r.all(t, "ldapwhoami", "", test.args...)
			if len(requests) == 0 {
				t.Fatalf("nothing is sent: %s", out)
			}
			compareRequest(t, test.ours, requests[0])
		})
	}
}
