//go:build !small

package facade

import (
	"bytes"
	"context"
	"io"
	"slices"
	"strings"

	"github.com/ldapedge/ldapedge/schemajson"
	"github.com/ldapedge/ldapedge/schemajson/convert"
)

// conversion is what a call of convertSource asks for.
type conversion struct {
	ofSource
	To string `json:"to"`
	// Selection are the definitions to write; absent for all.
	Selection []selected `json:"selection"`
	// Without are sources whose definitions are left out.
	Without []int `json:"without"`
	// Name is the schema's in cn=config, ID and Title those of a JSON Schema.
	Name  string `json:"name"`
	ID    string `json:"id"`
	Title string `json:"title"`

	schema  *schemajson.SchemaInfo
	options convert.Options
}

// selected names a definition.
type selected struct {
	Collection string `json:"collection"`
	Name       string `json:"name"`
}

// converted is the answer.
type converted struct {
	Text string `json:"text"`
	// Changes are what the format could not hold as it is.
	Changes []change `json:"changes"`
}

type change struct {
	Collection string `json:"collection"`
	Name       string `json:"name"`
	Message    string `json:"message"`
}

// writers are the formats.
var writers = map[string]func(io.Writer, *conversion) error{
	"json": func(w io.Writer, p *conversion) error {
		_, err := w.Write(append(p.part().JSON(nil), '\n'))
		return err
	},
	"ldif":          func(w io.Writer, p *conversion) error { return convert.WriteLDIF(w, p.schema, &p.options) },
	"openldap":      func(w io.Writer, p *conversion) error { return convert.WriteOpenLDAP(w, p.schema, &p.options) },
	"openldap-ldif": func(w io.Writer, p *conversion) error { return convert.WriteOpenLDAPLDIF(w, p.schema, &p.options) },
	"jsonschema": func(w io.Writer, p *conversion) error {
		if p.Selection == nil {
			return usage("a JSON Schema describes an entry: select its object classes")
		}
		return convert.WriteJSONSchema(w, p.schema, p.classes(), &p.options)
	},
	"typescript": func(w io.Writer, p *conversion) error { return convert.WriteTypeScript(w, p.schema, p.classes()) },
	"plantuml":   func(w io.Writer, p *conversion) error { return convert.WritePlantUML(w, p.schema, p.classes()...) },
	"mermaid":    func(w io.Writer, p *conversion) error { return convert.WriteMermaid(w, p.schema, p.classes()...) },
}

// convertSource answers with a source, or a selection of its definitions, in
// another format.
func convertSource(_ context.Context, c *call) (any, error) {
	var p conversion
	if err := c.read(&p); err != nil {
		return nil, err
	}
	s, err := c.facade.source(p.Source)
	if err != nil {
		return nil, err
	}
	write := writers[p.To]
	if write == nil {
		return nil, usage("there is no format %q to convert to", p.To)
	}
	p.schema = s.schema
	answer := &converted{Changes: []change{}}
	p.options = convert.Options{Name: p.Name, ID: p.ID, Title: p.Title, Changed: func(collection string, d *schemajson.Definition, what string) {
		answer.Changes = append(answer.Changes, change{collection, d.Name(), what})
	}}
	if err := p.exclude(c.facade); err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if err := write(&b, &p); err != nil {
		e := describe(err)
		return nil, &Error{Code: CodeUsage, Cause: e.Cause} // writing into memory does not fail otherwise
	}
	answer.Text = strings.ToValidUTF8(b.String(), "\uFFFD")
	return answer, nil
}

// exclude leaves out what is not selected, and what other sources define.
func (p *conversion) exclude(f *Facade) error {
	var leftOut []func(string, *schemajson.Definition) bool
	for _, id := range p.Without {
		other, err := f.source(id)
		if err != nil {
			return err
		}
		leftOut = append(leftOut, convert.DefinedIn(other.schema))
	}
	if p.Selection != nil {
		selected := make(map[string]map[string]bool)
		for _, d := range p.Selection {
			if err := checkCollections([]string{d.Collection}); err != nil {
				return err
			}
			if selected[d.Collection] == nil {
				selected[d.Collection] = make(map[string]bool)
			}
			selected[d.Collection][strings.ToLower(d.Name)] = true
		}
		leftOut = append(leftOut, func(collection string, d *schemajson.Definition) bool {
			names := selected[collection]
			return !names[strings.ToLower(d.OID)] && !slices.ContainsFunc(d.Names, func(name string) bool { return names[strings.ToLower(name)] })
		})
	}
	p.options.Exclude = func(collection string, d *schemajson.Definition) bool {
		return slices.ContainsFunc(leftOut, func(out func(string, *schemajson.Definition) bool) bool { return out(collection, d) })
	}
	return nil
}

// part is the schema without what is left out.
func (p *conversion) part() *schemajson.SchemaInfo {
	if p.Selection == nil && p.Without == nil {
		return p.schema
	}
	return convert.Part(p.schema, &p.options)
}

// classes are the object classes that are selected, or all.
func (p *conversion) classes() (names []string) {
	for i := range p.schema.ObjectClasses {
		d := &p.schema.ObjectClasses[i].Definition
		if d.Name() != "" && p.schema.Ordinal(d) == 1 && !p.options.Exclude(schemajson.CollectionObjectClasses, d) {
			names = append(names, d.Name())
		}
	}
	return names
}
