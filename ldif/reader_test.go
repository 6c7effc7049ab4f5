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

// readAll reads all records, without their lines.
func readAll(r *Reader) (all []Record, err error) {
	for {
		record, err := r.Read()
		if err == io.EOF {
			return all, nil
		}
		if err != nil {
			return all, err
		}
		record.Line = 0
		all = append(all, *record)
	}
}

func TestRead(t *testing.T) {
	tests := []struct {
		name, text string
		want       []Record
	}{
		{"two entries, in the order of their values", "version: 1\ndn: cn=a\nobjectClass: top\ncn: a\nobjectclass: person\n\n\ndn:cn=b\ncn:b\n",
			[]Record{
				{DN: "cn=a", Attributes: []Attribute{{"objectClass", []string{"top", "person"}}, {"cn", []string{"a"}}}},
				{DN: "cn=b", Attributes: []Attribute{{"cn", []string{"b"}}}},
			}},
		{"folding, comments and CR LF", "# a\r\n comment\r\ndn: cn=a\r\n bc\r\n# another\r\n one\r\ndescription: one\r\n  two\r\n \r\n\r\n",
			[]Record{{DN: "cn=abc", Attributes: []Attribute{{"description", []string{"one two"}}}}}},
		{"base64, folded too", "dn:: w6Q9w7Y=\njpegPhoto:: /9j/4AAQ\n SkZJRg==\nempty:: \n",
			[]Record{{DN: "ä=ö", Attributes: []Attribute{{"jpegPhoto", []string{"\xff\xd8\xff\xe0\x00\x10JFIF"}}, {"empty", []string{""}}}}}},
		{"what a value may have in it", "dn:\ncn:   a: b <c>  \ncn;lang-de:x\nsn:\n",
			[]Record{{Attributes: []Attribute{{"cn", []string{"a: b <c>  "}}, {"cn;lang-de", []string{"x"}}, {"sn", []string{""}}}}}},
		{"files put together, with an editor's mark", "\xef\xbb\xbfversion: 1\n\ndn: a=1\n\nversion: 1\ndn: a=2",
			[]Record{{DN: "a=1"}, {DN: "a=2"}}},
		{"lines of spaces between records", "dn: a=1\n\n   \n \ndn: a=2\n", []Record{{DN: "a=1"}, {DN: "a=2"}}},
		{"additions", "dn: a=1\nchangetype: add\na: 1\n\ndn: a=2\nchangetype: NTDSSchemaAdd\na: 2\n",
			[]Record{
				{DN: "a=1", Change: ChangeAdd, Attributes: []Attribute{{"a", []string{"1"}}}},
				{DN: "a=2", Change: ChangeAdd, Attributes: []Attribute{{"a", []string{"2"}}}},
			}},
		{"modifications that add", "dn: cn=schema\nchangetype: modify\nadd: attributeTypes\nattributetypes: ( 1.1 )\nattributeTypes: ( 1.2 )\n-\nadd: cn\ncn: x\n",
			[]Record{{DN: "cn=schema", Change: ChangeModify, Attributes: []Attribute{{"attributetypes", []string{"( 1.1 )", "( 1.2 )"}}, {"cn", []string{"x"}}}}}},
		{"nothing", "\n# only a comment\n\n", nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := readAll(NewReader(iotest.OneByteReader(strings.NewReader(test.text))))
			if err != nil || !reflect.DeepEqual(got, test.want) {
				t.Errorf("%v\ngot  %+v\nwant %+v", err, got, test.want)
			}
		})
	}
}

func TestReadWithoutDN(t *testing.T) {
	r := NewReader(strings.NewReader("cn: Account-Expires\nsystemOnly: FALSE\n\ndn: cn=b\ncn: b\n\nsearch: 2\nresult: 0 Success\n"))
	r.WithoutDN = true
	got, err := readAll(r)
	want := []Record{
		{Attributes: []Attribute{{"cn", []string{"Account-Expires"}}, {"systemOnly", []string{"FALSE"}}}},
		{DN: "cn=b", Attributes: []Attribute{{"cn", []string{"b"}}}},
		{Attributes: []Attribute{{"search", []string{"2"}}, {"result", []string{"0 Success"}}}},
	}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%v\ngot  %+v\nwant %+v", err, got, want)
	}
}

func TestReadErrors(t *testing.T) {
	long := "dn: a=1\ncn: " + strings.Repeat("x", 5000) + "\n"
	tests := []struct {
		name, text, message string
		line                int
	}{
		{"no colon", "dn: a=1\ncn a\n", `there is no colon in "cn a"`, 2},
		{"no name", "dn: a=1\n: a\n", `"" is not an attribute's name`, 2},
		{"space in a name", "dn: a=1\na\n b c: d\n", `"ab c" is not an attribute's name`, 2},
		{"no DN", "cn: a\n", `begins with "dn:", not "cn"`, 1},
		{"DN twice", "dn: a=1\n# c\ndn: a=2\n", "a second DN", 3},
		{"nothing to continue", "dn: a=1\n\n  b\n", "continues a line that is not there", 3},
		{"base64", "dn: a=1\ncn:: a\n", `the value of "cn" is not base64`, 2},
		{"URL", "dn: a=1\njpegPhoto:< file:///tmp/a\n", `the value of "jpegPhoto" is at the URL "file:///tmp/a", which is not opened`, 2},
		{"version", "version: 2\ndn: a=1\n", `version "2"`, 1},
		{"deletion", "dn: a=1\nchangetype: delete\n", `the change "delete" is not content`, 2},
		{"renaming", "dn: a=1\nchangetype: modrdn\nnewrdn: a=2\n", `the change "modrdn" is not content`, 2},
		{"modification that deletes", "dn: a=1\nchangetype: modify\nadd: a\na: 1\n-\ndelete: b\n-\n", `the modification "delete: b" is not content`, 6},
		{"modification of something else", "dn: a=1\nchangetype: modify\nadd: a\nb: 1\n", `a value of "a" or "-" is expected, not "b"`, 4},
		{"control", "dn: a=1\ncontrol: 1.2.3 true\nchangetype: add\n", "controls are not supported", 2},
		{"UTF-16", "\xff\xfed\x00n\x00", "UTF-16", 1},
		{"long line", long, "longer than the limit", 2},
		{"long record", "dn: a=1\n" + strings.Repeat("cn: x\n", 500), "longer than the limit", 167},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r := NewReader(strings.NewReader(test.text))
			r.MaxRecord = 1000
			_, err := readAll(r)
			var e *Error
			if !errors.As(err, &e) || e.Line != test.line || !strings.Contains(e.Message, test.message) {
				t.Errorf("got %v, want line %d: %s", err, test.line, test.message)
			}
			if _, again := r.Read(); again != err {
				t.Errorf("then %v", again)
			}
		})
	}
}

// The bound is on a record, not on the file.
func TestMaxRecordIsForOneRecord(t *testing.T) {
	r := NewReader(strings.NewReader(strings.Repeat("dn: a=1\ncn: x\n\n", 1000)))
	r.MaxRecord = 20
	if got, err := readAll(r); err != nil || len(got) != 1000 {
		t.Errorf("%d records, %v", len(got), err)
	}
}

func TestReadFails(t *testing.T) {
	broken := errors.New("broken")
	_, err := readAll(NewReader(io.MultiReader(strings.NewReader("dn: a=1\n"), iotest.ErrReader(broken))))
	if !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
}

func TestLine(t *testing.T) {
	r := NewReader(strings.NewReader("version: 1\n\n# c\n c\ndn: a=1\ncn: x\n\ndn: a=2\n"))
	for _, want := range []int{5, 8} {
		if record, err := r.Read(); err != nil || record.Line != want {
			t.Errorf("line %d, %v, want %d", record.Line, err, want)
		}
	}
}

func FuzzReader(f *testing.F) {
	for _, seed := range []string{
		"version: 1\ndn: cn=a\ncn: a\n b\ncn:: AAA=\n\n# c\ndn:\nA: 1\na:2\n", "dn: a\nchangetype: modify\nadd: x\nx: 1\n-\nadd: y\ny:: IA==\n",
		"cn: x\r\n\r\ndn:: w6Q=\r\nchangetype: add\r\na:\r\n", "dn: a\nx:< y", " ", "\xef\xbb\xbfversion: 1",
	} {
		f.Add(seed, 0)
		f.Add(seed, 5)
	}
	f.Fuzz(func(t *testing.T, text string, columns int) {
		r := NewReader(strings.NewReader(text))
		r.WithoutDN = true
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
		again, err := readAll(NewReader(&out))
		if err != nil || !reflect.DeepEqual(again, records) {
			t.Errorf("%v\nread    %+v\nwritten %+v", err, records, again)
		}
	})
}
