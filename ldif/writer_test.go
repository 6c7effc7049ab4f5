package ldif

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"
)

func TestWrite(t *testing.T) {
	tests := []struct {
		name, value, want string
	}{
		{"plain", "a b", "cn: a b"},
		{"empty", "", "cn:"},
		{"space in front", " a", "cn:: IGE="},
		{"space at the end", "a ", "cn:: YSA="},
		{"colon in front", ":a", "cn:: OmE="},
		{"less-than in front", "<a", "cn:: PGE="},
		{"number sign in front", "#a", "cn: #a"},
		{"colon and less-than inside", "a:<", "cn: a:<"},
		{"line feed", "a\nb", "cn:: YQpi"},
		{"carriage return", "a\r", "cn:: YQ0="},
		{"NUL", "a\x00", "cn:: YQA="},
		{"other control characters", "\x01\t\x7f", "cn: \x01\t\x7f"},
		{"beyond ASCII", "ä", "cn:: w6Q="},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var b bytes.Buffer
			err := NewWriter(&b).Write(&Record{DN: "a=1", Attributes: []Attribute{{"cn", []string{test.value}}}})
			if want := "version: 1\ndn: a=1\n" + test.want + "\n"; err != nil || b.String() != want {
				t.Errorf("%v, got %q, want %q", err, b.String(), want)
			}
		})
	}
}

// On request nothing is written that could steer a terminal.
func TestWritePrintable(t *testing.T) {
	var b bytes.Buffer
	w := NewWriter(&b)
	w.Printable = true
	err := w.Write(&Record{DN: "a=\x1b[31m", Attributes: []Attribute{{"cn", []string{"\x07", "\t", "\x7f", "a ~"}}}})
	if want := "version: 1\ndn:: YT0bWzMxbQ==\ncn:: Bw==\ncn:: CQ==\ncn:: fw==\ncn: a ~\n"; err != nil || b.String() != want {
		t.Errorf("%v, got %q, want %q", err, b.String(), want)
	}
}

func TestFold(t *testing.T) {
	tests := []struct {
		columns int
		want    string
	}{
		{0, "cn: abcdefghij"},
		{14, "cn: abcdefghij"},
		{13, "cn: abcdefghi\n j"},
		{6, "cn: ab\n cdefg\n hij"},
		{1, "cn\n :\n  \n a\n b\n c\n d\n e\n f\n g\n h\n i\n j"},
	}
	for _, test := range tests {
		var b bytes.Buffer
		w := NewWriter(&b)
		w.Columns = test.columns
		if got := string(w.line(nil, "cn", "abcdefghij")); got != test.want+"\n" {
			t.Errorf("%d columns: %q", test.columns, got)
		}
	}
	var b bytes.Buffer
	NewWriter(&b).Write(&Record{DN: strings.Repeat("ä", 200)})
	for line := range strings.Lines(b.String()) {
		if len(line) > DefaultColumns+1 {
			t.Errorf("the line %q is too long", line)
		}
	}
}

func TestWriteRecords(t *testing.T) {
	var b bytes.Buffer
	w := NewWriter(&b)
	w.WithoutVersion = true
	for _, r := range []Record{
		{DN: "a=1", Change: ChangeAdd, Attributes: []Attribute{{"a", []string{"1", "2"}}, {"none", nil}}},
		{DN: "", Change: ChangeModify, Attributes: []Attribute{{"a", []string{"1"}}, {"b", []string{"2"}}}},
	} {
		if err := w.Write(&r); err != nil {
			t.Fatal(err)
		}
	}
	if want := "dn: a=1\nchangetype: add\na: 1\na: 2\n\ndn:\nchangetype: modify\nadd: a\na: 1\n-\nadd: b\nb: 2\n-\n"; b.String() != want {
		t.Errorf("got %q", b.String())
	}
}

type brokenWriter struct{}

func (brokenWriter) Write([]byte) (int, error) { return 0, io.ErrShortWrite }

func TestWriteErrors(t *testing.T) {
	for _, name := range []string{"", "dn", "ChangeType", "a b", "a:b", "#a", "-", "ä", "a\nb"} {
		var b bytes.Buffer
		err := NewWriter(&b).Write(&Record{Attributes: []Attribute{{name, []string{"x"}}}})
		if err == nil || !strings.Contains(err.Error(), "cannot be an attribute's name") || b.Len() > 0 {
			t.Errorf("%q: %v, %q", name, err, b.String())
		}
	}
	if err := NewWriter(brokenWriter{}).Write(&Record{}); !errors.Is(err, io.ErrShortWrite) {
		t.Errorf("got %v", err)
	}
}

func Example() {
	in := NewReader(strings.NewReader("dn: cn=Subschema\nobjectClass: subschema\ncn: Subschema\ndescription:: w6Q=\n"))
	out := NewWriter(os.Stdout)
	for {
		record, err := in.Read()
		if err == io.EOF {
			break
		}
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(record.DN, "has", record.Values("description"))
		if err := out.Write(record); err != nil {
			fmt.Println(err)
		}
	}
	// Output:
	// cn=Subschema has [ä]
	// version: 1
	// dn: cn=Subschema
	// objectClass: subschema
	// cn: Subschema
	// description:: w6Q=
}
