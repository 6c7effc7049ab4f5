package schemajson

import (
	"cmp"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/tidwall/gjson"
)

// The JSON of this file is the format of python ldap3's to_json and from_json:
//
//	{"raw": {"ATTRIBUTE": [VALUE, …], …}, "schema_entry": "DN", "type": "SchemaInfo"}
//
// A value is a string, or {"encoded": BASE64, "encoding": "base64"} where the
// bytes are not UTF-8. What ldap3 wrote is read, what is written here ldap3
// reads, and reading and writing one of its files gives the same bytes.

// JSONOptions tell how JSON is laid out. The zero value is as ldap3 does it.
type JSONOptions struct {
	// Indent is the number of spaces to a level. Default (0): 4.
	Indent int
	// Compact writes one line, as ldap3 does with indent=None.
	Compact bool
	// Unsorted keeps the attributes in their order in place of sorting them by
	// name, as ldap3 does with sort=False.
	Unsorted bool
}

// JSONErrorKind tells the kinds of [JSONError] apart.
type JSONErrorKind string

// The kinds.
const (
	// JSONSyntax: the text is not JSON.
	JSONSyntax JSONErrorKind = "not JSON"
	// JSONNoRaw: there is no object under "raw".
	JSONNoRaw JSONErrorKind = `no "raw"`
	// JSONNoType: there is no "type".
	JSONNoType JSONErrorKind = `no "type"`
	// JSONOtherType: "type" names something else.
	JSONOtherType JSONErrorKind = `other "type"`
	// JSONNoSchemaEntry: a SchemaInfo has no "schema_entry".
	JSONNoSchemaEntry JSONErrorKind = `no "schema_entry"`
	// JSONValue: a value is of a kind that none can be.
	JSONValue JSONErrorKind = "bad value"
	// JSONBase64: a value's base64 is not valid.
	JSONBase64 JSONErrorKind = "bad base64"
)

// JSONError tells what is wrong with a file of ldap3's format, and where.
type JSONError struct {
	Kind JSONErrorKind
	// Path is the place in the document, such as raw.attributeTypes[3]; empty
	// for the document itself.
	Path string
	// Offset is the place in the text, in bytes from its beginning.
	Offset int
	// Err says more; it may be nil.
	Err error
}

// Error returns kind, place and cause in one line.
func (e *JSONError) Error() string {
	s := "schema JSON: " + string(e.Kind)
	if e.Path != "" {
		s += " at " + e.Path
	}
	s += " (byte " + strconv.Itoa(e.Offset) + ")"
	if e.Err != nil {
		s += ": " + e.Err.Error()
	}
	return s
}

// Unwrap returns the cause.
func (e *JSONError) Unwrap() error { return e.Err }

// The values of "type".
const (
	typeSchemaInfo = "SchemaInfo"
	typeDsaInfo    = "DsaInfo"
)

// SchemaInfoFromJSON reads a schema in ldap3's format. The error is a
// [*JSONError]; bad definitions are [SchemaInfo.Problems].
func SchemaInfoFromJSON(text []byte) (*SchemaInfo, error) {
	document := string(text)
	attributes, err := readJSON(document, typeSchemaInfo)
	if err != nil {
		return nil, err
	}
	entry := member(gjson.Parse(document), "schema_entry")
	switch {
	case !entry.Exists():
		return nil, &JSONError{Kind: JSONNoSchemaEntry}
	case entry.Type != gjson.String && entry.Type != gjson.Null:
		return nil, &JSONError{Kind: JSONValue, Path: "schema_entry", Offset: entry.Index, Err: errors.New("a string or null is expected")}
	}
	s := Parse(entry.Str, attributes)
	s.entryNull = entry.Type == gjson.Null
	return s, nil
}

// JSON returns the schema in ldap3's format. options may be nil.
func (s *SchemaInfo) JSON(o *JSONOptions) []byte {
	entry := jsonMember{"schema_entry", AppendJSONString(nil, s.Entry)}
	if s.entryNull {
		entry.value = []byte("null")
	}
	return writeJSON(s.Raw, typeSchemaInfo, []jsonMember{entry}, o)
}

// readJSON reads what SchemaInfo and DsaInfo have in common.
func readJSON(document, wantType string) ([]Attribute, error) {
	// gjson takes anything, and its own check recurses without bound.
	if !json.Valid([]byte(document)) {
		return nil, notJSON(document)
	}
	root := gjson.Parse(document)
	raw := member(root, "raw")
	if !raw.IsObject() {
		return nil, &JSONError{Kind: JSONNoRaw, Offset: raw.Index}
	}
	switch kind := member(root, "type"); {
	case !kind.Exists():
		return nil, &JSONError{Kind: JSONNoType}
	case kind.Str != wantType:
		return nil, &JSONError{Kind: JSONOtherType, Path: "type", Offset: kind.Index, Err: fmt.Errorf("%s where %q is expected", kind.Raw, wantType)}
	}
	var attributes []Attribute
	var failed error
	raw.ForEach(func(name, values gjson.Result) bool {
		a := Attribute{Name: name.String()}
		a.Values, failed = readValues(values, "raw."+a.Name)
		attributes = append(attributes, a)
		return failed == nil
	})
	return attributes, failed
}

// member returns a member of an object. It does without gjson's paths, whose
// language would be a part of every program.
func member(object gjson.Result, name string) (found gjson.Result) {
	if !object.IsObject() {
		return found
	}
	object.ForEach(func(key, value gjson.Result) bool {
		if key.Str != name {
			return true
		}
		found = value
		return false
	})
	return found
}

func notJSON(document string) error {
	var any json.RawMessage
	err := json.Unmarshal([]byte(document), &any)
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) {
		return &JSONError{Kind: JSONSyntax, Offset: int(syntax.Offset), Err: err}
	}
	return &JSONError{Kind: JSONSyntax, Err: err}
}

// readValues reads an attribute's values: a list, or one value alone, or null
// for none.
func readValues(list gjson.Result, path string) (values []string, err error) {
	switch {
	case list.Type == gjson.Null:
		return []string{}, nil
	case !list.IsArray():
		value, err := readValue(list, path)
		return []string{value}, err
	}
	values = []string{}
	list.ForEach(func(_, item gjson.Result) bool {
		var value string
		value, err = readValue(item, path+"["+strconv.Itoa(len(values))+"]")
		values = append(values, value)
		return err == nil
	})
	return values, err
}

func readValue(v gjson.Result, path string) (string, error) {
	switch {
	case v.Type == gjson.String:
		return v.Str, nil
	case v.Type == gjson.Number, v.Type == gjson.True, v.Type == gjson.False:
		return v.Raw, nil
	case v.IsObject():
		encoded := member(v, "encoded")
		if encoded.Type != gjson.String || member(v, "encoding").Str != "base64" {
			break
		}
		b, err := base64.StdEncoding.DecodeString(encoded.Str)
		if err != nil {
			return "", &JSONError{Kind: JSONBase64, Path: path, Offset: v.Index, Err: err}
		}
		return string(b), nil
	}
	return "", &JSONError{Kind: JSONValue, Path: path, Offset: v.Index,
		Err: errors.New(`a string or {"encoded": …, "encoding": "base64"} is expected, not ` + Quote(v.Raw))}
}

// jsonMember is a member of the document's object, its value laid out already.
type jsonMember struct {
	name  string
	value []byte
}

// layout writes JSON as Python's json.dumps does.
type layout struct {
	newline, indent string // both empty on one line
}

func writeJSON(attributes []Attribute, kind string, more []jsonMember, o *JSONOptions) []byte {
	if o == nil {
		o = &JSONOptions{}
	}
	l := layout{"\n", strings.Repeat(" ", cmp.Or(o.Indent, 4))}
	if o.Compact {
		l = layout{}
	}
	if !o.Unsorted {
		attributes = slices.Clone(attributes)
		slices.SortStableFunc(attributes, func(a, b Attribute) int { return strings.Compare(a.Name, b.Name) })
	}
	raw := make([]jsonMember, 0, len(attributes))
	for _, a := range attributes {
		raw = append(raw, jsonMember{a.Name, l.values(a.Values)})
	}
	members := append([]jsonMember{{"type", AppendJSONString(nil, kind)}, {"raw", l.object(raw, 1)}}, more...)
	if !o.Unsorted {
		slices.SortFunc(members, func(a, b jsonMember) int { return strings.Compare(a.name, b.name) })
	}
	return l.object(members, 0)
}

// object lays out an object at a depth.
func (l layout) object(members []jsonMember, depth int) []byte {
	size := 0
	for _, m := range members {
		size += len(m.value) + len(m.name) + 24
	}
	return l.list(make([]byte, 0, size), '{', '}', depth, len(members), func(dst []byte, i int) []byte {
		dst = append(AppendJSONString(dst, members[i].name), ':', ' ')
		return append(dst, members[i].value...)
	})
}

// values lays out the values of an attribute.
func (l layout) values(values []string) []byte {
	const depth = 2
	return l.list(nil, '[', ']', depth, len(values), func(dst []byte, i int) []byte {
		if utf8.ValidString(values[i]) {
			return AppendJSONString(dst, values[i])
		}
		return append(dst, l.object([]jsonMember{
			{"encoded", AppendJSONString(nil, base64.StdEncoding.EncodeToString([]byte(values[i])))},
			{"encoding", []byte(`"base64"`)},
		}, depth+1)...)
	})
}

// list lays out n items between two brackets.
func (l layout) list(dst []byte, open, end byte, depth, n int, item func(dst []byte, i int) []byte) []byte {
	dst = append(dst, open)
	for i := range n {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = item(l.line(dst, depth+1), i)
	}
	if n > 0 {
		dst = l.line(dst, depth)
	}
	return append(dst, end)
}

func (l layout) line(dst []byte, depth int) []byte {
	dst = append(dst, l.newline...)
	for range depth {
		dst = append(dst, l.indent...)
	}
	return dst
}

// AppendJSONText is [AppendJSONString] for what came from a server, and is UTF-8
// with every honest one: what is not becomes U+FFFD.
func AppendJSONText(dst []byte, s string) []byte {
	return AppendJSONString(dst, strings.ToValidUTF8(s, "\uFFFD"))
}

// AppendJSONString appends a JSON string as Python writes it with
// ensure_ascii=False: only quotes, backslashes and control characters are
// escaped.
func AppendJSONString(dst []byte, s string) []byte {
	const hex = "0123456789abcdef"
	dst = append(dst, '"')
	plain := 0
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c >= 0x20 && c != '"' && c != '\\' {
			continue
		}
		dst = append(append(dst, s[plain:i]...), '\\')
		plain = i + 1
		switch c {
		case '"', '\\':
			dst = append(dst, c)
		case '\n':
			dst = append(dst, 'n')
		case '\r':
			dst = append(dst, 'r')
		case '\t':
			dst = append(dst, 't')
		case '\b':
			dst = append(dst, 'b')
		case '\f':
			dst = append(dst, 'f')
		default:
			dst = append(dst, 'u', '0', '0', hex[c>>4], hex[c&0xf])
		}
	}
	return append(append(dst, s[plain:]...), '"')
}
