package facade

import (
	"bytes"
	"context"
	"encoding/json"
	"strings"

	"github.com/ldapedge/ldapedge/schemajson"
)

// maxText is the longest text that is read as a schema, in bytes: what the
// program's commands take too.
const maxText = 64 << 20

// readFile reads a schema that the host has, and answers with a [Summary].
func readFile(_ context.Context, c *call) (any, error) {
	var p struct {
		// Kind and Name are those of the [Origin].
		Kind string `json:"kind"`
		Name string `json:"name"`
		// Info is a root DSE in ldap3's format; empty if there is none.
		Info string `json:"info"`
		// Definitions are those of each collection, in place of a file.
		Definitions map[string][]string `json:"definitions"`
		// Copy tells that another module has the schema, shows and searches it:
		// the answer is the source alone.
		Copy bool `json:"copy"`
	}
	if err := c.read(&p); err != nil {
		return nil, err
	}
	if p.Kind != originFile && p.Kind != originOffline {
		return nil, usage("there is no kind of source %q to be read", p.Kind)
	}
	s := &source{origin: Origin{Kind: p.Kind, Name: p.Name}}
	var err error
	switch {
	case p.Definitions != nil:
		s.schema, err = define(p.Definitions)
		s.origin.Format = "definitions"
	case len(c.file) > maxText:
		return nil, usage("the text has %d bytes, more than the %d that a schema may have", len(c.file), maxText)
	default:
		s.schema, s.rootDSE, s.origin.Format, err = readText(c.file)
	}
	if err == nil && p.Info != "" {
		s.rootDSE, err = schemajson.RootDSEFromJSON([]byte(p.Info))
	}
	if err != nil {
		return nil, unreadable(p.Name, err)
	}
	if p.Copy {
		c.facade.known(s)
		return ofSource{s.id}, nil
	}
	return c.facade.opened(s), nil
}

// unreadable is the error for a text that is no schema.
func unreadable(name string, err error) error {
	e := *describe(err)
	if e.Code == CodeInternal {
		e.Code = CodeUnreadable
	}
	e.Where = name
	return &e
}

// define makes a schema of definitions by collection.
func define(definitions map[string][]string) (*schemajson.SchemaInfo, error) {
	var all []schemajson.Attribute
	for _, collection := range schemajson.Collections {
		if values := definitions[collection]; len(values) > 0 {
			all = append(all, schemajson.Attribute{Name: collection, Values: values})
		}
		delete(definitions, collection)
	}
	for name := range definitions {
		return nil, usage("there is no collection %q", name)
	}
	return schemajson.Parse("", all), nil
}

// readText reads a text of any format; a root DSE is there if the format has
// one.
func readText(text []byte) (schema *schemajson.SchemaInfo, rootDSE []schemajson.Attribute, format string, err error) {
	text = bytes.TrimPrefix(text, []byte("\xef\xbb\xbf"))
	if begin := bytes.TrimLeft(text, " \t\r\n"); len(begin) == 0 || begin[0] != '{' {
		schema, format, err = readOther(text)
		return schema, nil, format, err
	}
	schema, rootDSE, err = readJSON(text)
	return schema, rootDSE, "json", err
}

// readJSON reads a schema in ldap3's format, or an object with one under
// "schema" and a root DSE under "info", as pre-built sets have it.
func readJSON(text []byte) (*schemajson.SchemaInfo, []schemajson.Attribute, error) {
	var both struct{ Schema, Info json.RawMessage }
	if json.Unmarshal(text, &both) != nil || both.Schema == nil { // what is wrong is said below
		schema, err := schemajson.SchemaInfoFromJSON(text)
		return schema, nil, err
	}
	schema, err := schemajson.SchemaInfoFromJSON(both.Schema)
	if err != nil || both.Info == nil {
		return schema, nil, err
	}
	rootDSE, err := schemajson.RootDSEFromJSON(both.Info)
	return schema, rootDSE, err
}

// textOf answers with a source's schema and root DSE as JSON that readJSON reads.
func textOf(_ context.Context, c *call) (any, error) {
	s, err := c.readSource()
	if err != nil {
		return nil, err
	}
	var b strings.Builder
	b.WriteString(`{"schema":`)
	b.Write(s.schema.JSON(&schemajson.JSONOptions{Compact: true, Unsorted: true}))
	if s.rootDSE != nil {
		b.WriteString(`,"info":`)
		b.Write(dsaInfo(s.rootDSE))
	}
	b.WriteString("}")
	return struct {
		Text string `json:"text"`
	}{b.String()}, nil
}

// dsaInfo is a root DSE in ldap3's format.
func dsaInfo(attributes []schemajson.Attribute) []byte {
	return (&schemajson.DsaInfo{Raw: attributes}).JSON(&schemajson.JSONOptions{Compact: true, Unsorted: true})
}

// rootDSEOf answers with a source's root DSE in ldap3's format; a live server is
// asked.
func rootDSEOf(ctx context.Context, c *call) (any, error) {
	s, err := c.readSource()
	if err != nil {
		return nil, err
	}
	attributes := s.rootDSE
	if s.connection != nil {
		if attributes, err = s.connection.ReadRootDSE(ctx); err != nil {
			return nil, s.failed(err)
		}
	}
	if attributes == nil {
		return nil, &Error{Code: CodeNoRootDSE, Where: s.origin.Name, Cause: "the source has no root DSE"}
	}
	return struct {
		Text string `json:"text"`
	}{string(dsaInfo(attributes))}, nil
}
