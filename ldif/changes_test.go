package ldif

import (
	"bytes"
	"errors"
	"io"
	"reflect"
	"strings"
	"testing"
	"testing/iotest"
)

// rfc2849 has the change records of RFC 2849's examples 6 and 7, in other words.
const rfc2849 = `version: 1
# an addition
dn: cn=Fiona Jensen, ou=Marketing, dc=airius, dc=com
changetype: add
objectclass: top
objectclass: person
cn: Fiona Jensen
jpegphoto:: /9j/

# a deletion
dn: cn=Robert Jensen, ou=Marketing, dc=airius, dc=com
changetype: delete

# a new RDN
dn: cn=Paul Jensen, ou=Product Development, dc=airius, dc=com
changetype: modrdn
newrdn: cn=Paula Jensen
deleteoldrdn: 1

# a new place too
dn: ou=PD Accountants, ou=Product Development, dc=airius, dc=com
changetype: moddn
newrdn: ou=Product Development Accountants
deleteoldrdn: 0
newsuperior: ou=Accounting, dc=airius, dc=com

# modifications
dn: cn=Paula Jensen, ou=Product Development, dc=airius, dc=com
changetype: modify
add: postaladdress
postaladdress: 123 Anystreet $ Sunnyvale, CA $ 94086
-
delete: description
-
replace: telephonenumber
telephonenumber: +1 408 555 1234
telephonenumber: +1 408 555 5678
-
delete: facsimiletelephonenumber
facsimiletelephonenumber: +1 408 555 9876
-
increment: uidNumber
uidNumber: 5
-

# a control
dn: ou=Product Development, dc=airius, dc=com
control: 1.2.840.113556.1.4.805 true
changetype: delete
`

func TestReadChanges(t *testing.T) {
	r := NewReader(iotest.OneByteReader(strings.NewReader(rfc2849)))
	r.Changes = true
	got, err := readAll(r)
	want := []Record{
		{DN: "cn=Fiona Jensen, ou=Marketing, dc=airius, dc=com", Change: ChangeAdd, Attributes: []Attribute{
			{"objectclass", []string{"top", "person"}}, {"cn", []string{"Fiona Jensen"}}, {"jpegphoto", []string{"\xff\xd8\xff"}}}},
		{DN: "cn=Robert Jensen, ou=Marketing, dc=airius, dc=com", Change: ChangeDelete},
		{DN: "cn=Paul Jensen, ou=Product Development, dc=airius, dc=com", Change: ChangeModifyDN, NewRDN: "cn=Paula Jensen", DeleteOldRDN: true},
		{DN: "ou=PD Accountants, ou=Product Development, dc=airius, dc=com", Change: ChangeModifyDN,
			NewRDN: "ou=Product Development Accountants", NewSuperior: new("ou=Accounting, dc=airius, dc=com")},
		{DN: "cn=Paula Jensen, ou=Product Development, dc=airius, dc=com", Change: ChangeModify, Modifications: []Modification{
			{OperationAdd, Attribute{"postaladdress", []string{"123 Anystreet $ Sunnyvale, CA $ 94086"}}},
			{OperationDelete, Attribute{"description", nil}},
			{OperationReplace, Attribute{"telephonenumber", []string{"+1 408 555 1234", "+1 408 555 5678"}}},
			{OperationDelete, Attribute{"facsimiletelephonenumber", []string{"+1 408 555 9876"}}},
			{OperationIncrement, Attribute{"uidNumber", []string{"5"}}}}},
		{DN: "ou=Product Development, dc=airius, dc=com", Change: ChangeDelete, Controls: []Control{{OID: "1.2.840.113556.1.4.805", Critical: true}}},
	}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%v\ngot  %+v\nwant %+v", err, got, want)
	}
}

func TestReadOddChanges(t *testing.T) {
	tests := []struct {
		name, text string
		want       Record
	}{
		{"an entry", "dn: a=1\nb: 2\ncontrol: 3\n", Record{DN: "a=1", Attributes: []Attribute{{"b", []string{"2"}}, {"control", []string{"3"}}}}},
		{"any case, and spaces", "dn: a=1\nChangeType:  MODIFY \nREPLACE: b \nB: 2\n", Record{DN: "a=1", Change: ChangeModify, Modifications: []Modification{{OperationReplace, Attribute{"b", []string{"2"}}}}}},
		{"attributes that are called like operations", "dn: a=1\nchangetype: modify\nadd: add\nadd: 1\n-\ndelete: control\ncontrol: 2\n-\n", Record{DN: "a=1", Change: ChangeModify, Modifications: []Modification{{OperationAdd, Attribute{"add", []string{"1"}}}, {OperationDelete, Attribute{"control", []string{"2"}}}}}},
		{"no modification", "dn: a=1\nchangetype: modify\n", Record{DN: "a=1", Change: ChangeModify}},
		{"Microsoft's", "dn: a=1\nchangetype: ntdsSchemaModrdn\nnewrdn: a=2\ndeleteoldrdn: 1\nnewsuperior:\n", Record{DN: "a=1", Change: ChangeModifyDN, NewRDN: "a=2", DeleteOldRDN: true, NewSuperior: new("")}},
		{"controls", "dn: a=1\ncontrol: 1.2\nControl: 1.3 FALSE\ncontrol:1.4:v: w\ncontrol: 1.5 true:: AP8=\ncontrol: 1.6  true:\nchangetype: delete\n",
			Record{DN: "a=1", Change: ChangeDelete, Controls: []Control{{"1.2", false, nil}, {"1.3", false, nil}, {"1.4", false, []byte("v: w")}, {"1.5", true, []byte{0, 255}}, {"1.6", true, []byte{}}}}},
		{"a control of an addition that has such an attribute", "dn: a=1\ncontrol: 1.2\nchangetype: add\ncontrol: x\n",
			Record{DN: "a=1", Change: ChangeAdd, Controls: []Control{{OID: "1.2"}}, Attributes: []Attribute{{"control", []string{"x"}}}}},
	}
	for _, test := range tests {
		r := NewReader(strings.NewReader(test.text))
		r.Changes = true
		if got, err := readAll(r); err != nil || !reflect.DeepEqual(got, []Record{test.want}) {
			t.Errorf("%s: %v\ngot  %+v\nwant %+v", test.name, err, got, test.want)
		}
	}
}

func TestReadChangesErrors(t *testing.T) {
	tests := []struct {
		name, text, message string
		line                int
	}{
		{"another change", "dn: a=1\nchangetype: move\n", `there is no change "move"`, 2},
		{"late changetype", "dn: a=1\nb: 1\nchangetype: add\n", "changetype follows the DN", 3},
		{"two changetypes", "dn: a=1\nchangetype: add\nchangetype: add\n", "changetype follows the DN", 3},
		{"a deletion with more", "dn: a=1\nchangetype: delete\nb: 1\n", `no "b"`, 3},
		{"another operation", "dn: a=1\nchangetype: modify\nmove: b\n", `there is no modification "move"`, 3},
		{"no attribute", "dn: a=1\nchangetype: modify\nadd: a b\n", `"a b" is not an attribute's name`, 3},
		{"an attribute that is none", "dn: a=1\nchangetype: modify\ndelete: dn\n", `"dn" is not an attribute's name`, 3},
		{"another attribute", "dn: a=1\nchangetype: modify\nadd: b\nc: 1\n", `a value of "b" or "-" is expected, not "c"`, 4},
		{"renaming without anything", "dn: a=1\nchangetype: modrdn\n", "no newrdn and deleteoldrdn", 1},
		{"renaming without an end", "dn: a=1\nchangetype: modrdn\nnewrdn: a=2\n\n", "no newrdn and deleteoldrdn", 1},
		{"renaming in disorder", "dn: a=1\nchangetype: modrdn\ndeleteoldrdn: 1\n", `newrdn is expected, not "deleteoldrdn"`, 3},
		{"renaming by a word", "dn: a=1\nchangetype: modrdn\nnewrdn: a=2\ndeleteoldrdn: yes\n", `deleteoldrdn is 0 or 1, not "yes"`, 4},
		{"renaming with more", "dn: a=1\nchangetype: modrdn\nnewrdn: a=2\ndeleteoldrdn: 1\nnewsuperior: b=1\nc: 1\n", `no "c"`, 6},
		{"a control of an entry", "dn: a=1\ncontrol: 1.2\nb: 1\n", `a change follows its controls, not "b"`, 3},
		{"a control of nothing", "dn: a=1\ncontrol: 1.2\n", "controls and no change", 1},
		{"a control without an OID", "dn: a=1\ncontrol: abc true\n", "an OID", 2},
		{"a control in base64", "dn: a=1\ncontrol:: MS4y\n", "an OID", 2},
		{"a control of three words", "dn: a=1\ncontrol: 1.2 true x\n", "an OID", 2},
		{"a control that may be critical", "dn: a=1\ncontrol: 1.2 maybe\n", `not "maybe"`, 2},
		{"a control whose value is none", "dn: a=1\ncontrol: 1.2 true:: ?\n", `the value of "control 1.2" is not base64`, 2},
		{"a control whose value is elsewhere", "dn: a=1\ncontrol: 1.2:< file:///x\n", "which is not opened", 2},
	}
	for _, test := range tests {
		r := NewReader(strings.NewReader(test.text))
		r.Changes = true
		_, err := readAll(r)
		var e *Error
		if !errors.As(err, &e) || e.Line != test.line || !strings.Contains(e.Message, test.message) {
			t.Errorf("%s: got %v, want line %d: %s", test.name, err, test.line, test.message)
		}
	}
}

type closer struct {
	io.Reader
	closed *bool
}

func (c closer) Close() error { *c.closed = true; return nil }

func TestOpen(t *testing.T) {
	broken := errors.New("broken")
	closed := false
	open := func(url string) (io.ReadCloser, error) {
		switch url {
		case "file:///photo":
			return closer{strings.NewReader("\xff\xd8\nphoto "), &closed}, nil
		case "file:///endless":
			return closer{iotest.DataErrReader(strings.NewReader(strings.Repeat("x", 1000))), &closed}, nil
		case "file:///broken":
			return closer{iotest.ErrReader(broken), &closed}, nil
		}
		return nil, broken
	}
	read := func(line string) ([]Record, error) {
		r := NewReader(strings.NewReader("dn: a=1\n" + line + "\n"))
		r.Open, r.MaxRecord, closed = open, 500, false
		return readAll(r)
	}
	got, err := read("photo:< file:///photo ")
	if want := []Record{{DN: "a=1", Attributes: []Attribute{{"photo", []string{"\xff\xd8\nphoto "}}}}}; err != nil || !closed || !reflect.DeepEqual(got, want) {
		t.Errorf("%+v, %v, closed %v", got, err, closed)
	}
	for url, message := range map[string]string{
		"file:///endless": `the value of "photo" is at the URL "file:///endless", and longer than the limit of a record`,
		"file:///broken":  `the value of "photo" is at the URL "file:///broken": broken`,
		"file:///none":    `the value of "photo" is at the URL "file:///none": broken`,
	} {
		_, err := read("photo:<" + url)
		var e *Error
		if !errors.As(err, &e) || e.Line != 2 || err.Error() != "LDIF line 2: "+message || strings.Contains(message, ": broken") != errors.Is(err, broken) || !closed && url != "file:///none" {
			t.Errorf("%s: %v, closed %v", url, err, closed)
		}
	}
}

func TestWriteChanges(t *testing.T) {
	r := NewReader(strings.NewReader(rfc2849))
	r.Changes = true
	records, err := readAll(r)
	if err != nil {
		t.Fatal(err)
	}
	records = append(records, Record{DN: "a=1", Change: ChangeModify, Controls: []Control{{OID: "1.2", Value: []byte{}}, {OID: "1.3", Critical: true, Value: []byte("\x00")}, {OID: "1.4", Value: []byte("v")}},
		Attributes: []Attribute{{"b", []string{"1"}}}, Modifications: []Modification{{OperationReplace, Attribute{Name: "c"}}}})
	var b bytes.Buffer
	w := NewWriter(&b)
	for i := range records {
		if err := w.Write(&records[i]); err != nil {
			t.Fatal(err)
		}
	}
	var want strings.Builder
	for line := range strings.Lines(rfc2849) {
		if !strings.HasPrefix(line, "#") {
			want.WriteString(strings.Replace(line, "moddn", "modrdn", 1))
		}
	}
	want.WriteString("\ndn: a=1\ncontrol: 1.2:\ncontrol: 1.3 true:: AA==\ncontrol: 1.4: v\nchangetype: modify\nadd: b\nb: 1\n-\nreplace: c\n-\n")
	if b.String() != want.String() {
		t.Errorf("got\n%s\nwant\n%s", b.String(), want.String())
	}
}

func TestWriteChangesErrors(t *testing.T) {
	attributes := []Attribute{{"b", []string{"1"}}}
	for message, r := range map[string]Record{
		`there is no change "move"`:                {Change: "move"},
		`there is no change "moddn"`:               {Change: "moddn"},
		"controls and no change":                   {Controls: []Control{{OID: "1.2"}}},
		`"1.2\n" is no OID of a control`:           {Change: ChangeDelete, Controls: []Control{{OID: "1.2\n"}}},
		`the change "delete" has attributes`:       {Change: ChangeDelete, Attributes: attributes},
		`the change "add" has modifications`:       {Change: ChangeAdd, Modifications: []Modification{{OperationAdd, attributes[0]}}},
		`there is no modification "move"`:          {Change: ChangeModify, Modifications: []Modification{{"move", attributes[0]}}},
		`"a\nb" cannot be an attribute's name`:     {Change: ChangeModify, Modifications: []Modification{{OperationAdd, Attribute{Name: "a\nb"}}}},
		`"Control" cannot be an attribute's name`:  {Attributes: []Attribute{{"Control", []string{"1"}}}},
		`"dn" cannot be an attribute's name`:       {Change: ChangeAdd, Attributes: []Attribute{{"dn", []string{"1"}}}},
		`"a b" cannot be an attribute's name`:      {Change: ChangeAdd, Attributes: []Attribute{{"a b", nil}}},
		`the change "modrdn" has attributes`:       {Change: ChangeModifyDN, Attributes: attributes},
		`"" is no OID of a control`:                {Change: ChangeAdd, Controls: []Control{{}}},
		`"changetype" cannot be an attribute's na`: {Change: ChangeModify, Attributes: []Attribute{{"changetype", nil}}},
	} {
		var b bytes.Buffer
		if err := NewWriter(&b).Write(&r); err == nil || !strings.Contains(err.Error(), message) || b.Len() > 0 {
			t.Errorf("%v, want %s; written %q", err, message, b.String())
		}
	}
}

// FuzzChanges: what is read of changes is written and read as the same.
func FuzzChanges(f *testing.F) {
	f.Add(rfc2849, 0)
	f.Add("dn: a=1\ncontrol: 1.2 true:: AP8=\nControl: 1.3:\nchangetype: modify\nadd: b\nb: 1\n-\n-\ndelete: control\ncontrol: x", 5)
	f.Add("a: 1\ncontrol: 2\n\ndn: a\nchangetype: moddn\nnewrdn:: w6Q=\ndeleteoldrdn: 0\nnewsuperior:\n", 1)
	f.Fuzz(func(t *testing.T, text string, columns int) {
		r := NewReader(strings.NewReader(text))
		r.WithoutDN, r.Changes = true, true
		records, err := readAll(r)
		var e *Error
		if err != nil && (!errors.As(err, &e) || e.Line < 1 || e.Line > strings.Count(text, "\n")+1) {
			t.Errorf("error %v", err)
		}
		var out bytes.Buffer
		w := NewWriter(&out)
		w.Columns = columns
		for i := range records {
			if err := w.Write(&records[i]); err != nil {
				t.Fatal(err)
			}
		}
		written := out.String()
		r = NewReader(&out)
		r.Changes = true
		if again, err := readAll(r); err != nil || !reflect.DeepEqual(again, records) {
			t.Errorf("%v\nread    %+v\nwritten %+v\n%s", err, records, again, written)
		}
	})
}
