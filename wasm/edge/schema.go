package edge

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/ldapedge/ldapedge/schemajson"
	"github.com/ldapedge/ldapedge/schemajson/diff"
	"github.com/ldapedge/ldapedge/schemajson/lint"
	"github.com/ldapedge/ldapedge/schemajson/view"
)

// granted returns a schema of the configuration that the caller may read.
func (e *Edge) granted(t *task, name string) (*schemaSource, error) {
	if !t.rights.schema(name) {
		return nil, t.rights.refusal("this caller may not read a schema %s", quoted(name))
	}
	s := e.schemas[name]
	if s == nil {
		return nil, newProblem(404, "unknown-schema", "there is no schema "+quoted(name))
	}
	return s, nil
}

// about answers with what make makes of a schema; it is remembered.
func (e *Edge) about(t *task, s *schemaSource, make func(*schemajson.SchemaInfo, *loadedSchema) ([]byte, error)) {
	e.withSchema(t, s, func(loaded *loadedSchema, err error) {
		if err != nil {
			t.fail(err)
			return
		}
		made := e.answers.get(t.request.Target, loaded)
		if made == nil {
			body, err := make(loaded.info, loaded)
			if err != nil {
				t.fail(err)
				return
			}
			made = &answer{schema: loaded, etag: `"` + loaded.tag + `"`, body: body}
			e.answers.put(t.request.Target, made)
		}
		t.respondSchema(s, made)
	})
}

// respondSchema answers with what was made of a schema.
func (t *task) respondSchema(s *schemaSource, made *answer) {
	age := "private"
	if t.rights.public(func(r *rights) bool { return r.schema(s.Name) }) {
		age = "public"
	}
	fresh := 3600
	if s.live() {
		fresh = atMost(s.fresh.Sub(t.now))
	}
	fields := []Field{
		{"content-type", "application/json"}, {"etag", made.etag}, {"cache-control", age + ", max-age=" + strconv.Itoa(fresh)},
		{"vary", "Authorization"},
	}
	if matches(t.request.IfNoneMatch, made.etag) {
		t.respond(304, fields[1:], nil)
		return
	}
	t.respond(200, fields, made.body)
}

// matches tells whether a client has what has the ETag (RFC 9110 §13.1.2).
func matches(ifNoneMatch, etag string) bool {
	for one := range strings.SplitSeq(ifNoneMatch, ",") {
		if one = strings.TrimPrefix(strings.TrimSpace(one), "W/"); one == etag || one == "*" {
			return true
		}
	}
	return false
}

// schema answers GET /schema/{source}, /schema/{source}/{kind} and
// /schema/{source}/{kind}/{nameOrOID}.
func (e *Edge) schema(t *task, c *call) error {
	s, err := e.granted(t, c.parts[0])
	if err != nil {
		return err
	}
	if len(c.parts) == 1 {
		return e.schemaWhole(t, s, c)
	}
	if err := c.only("ordinal"); err != nil {
		return err
	}
	kind := collectionNamed(c.parts[1])
	if kind == "" {
		return newProblem(404, "unknown-kind", "there is no kind "+quoted(c.parts[1])+"; there are "+strings.Join(schemajson.Collections[:], ", "))
	}
	if len(c.parts) == 2 {
		e.about(t, s, func(info *schemajson.SchemaInfo, _ *loadedSchema) ([]byte, error) { return listOf(info, kind) })
		return nil
	}
	ordinal := 1
	if given := c.query.Get("ordinal"); given != "" {
		if ordinal, err = strconv.Atoi(given); err != nil || ordinal < 1 {
			return newProblem(400, "usage", "ordinal "+quoted(given)+": a number from 1 is expected")
		}
	}
	e.about(t, s, func(info *schemajson.SchemaInfo, _ *loadedSchema) ([]byte, error) {
		d, _ := view.Show(info, kind, c.parts[2], ordinal)
		if d == nil {
			return nil, newProblem(404, "unknown-definition", fmt.Sprintf("%s has no %s", kind, quoted(c.parts[2])))
		}
		return json.Marshal(d)
	})
	return nil
}

// collectionNamed returns a collection by its name in any case, "" for none.
func collectionNamed(name string) string {
	for _, c := range schemajson.Collections {
		if strings.EqualFold(c, name) {
			return c
		}
	}
	return ""
}

// schemaWhole answers with all of a schema in ldap3's format, or with what ?find=
// finds in it.
func (e *Edge) schemaWhole(t *task, s *schemaSource, c *call) error {
	if err := c.only("find", "limit"); err != nil {
		return err
	}
	query, limit := c.query.Get("find"), DefaultSizeLimit
	if given := c.query.Get("limit"); given != "" {
		var err error
		if limit, err = strconv.Atoi(given); err != nil || limit < 1 {
			return newProblem(400, "usage", "limit "+quoted(given)+": a number from 1 is expected")
		}
	}
	e.about(t, s, func(info *schemajson.SchemaInfo, loaded *loadedSchema) ([]byte, error) {
		if query == "" {
			return info.JSON(&schemajson.JSONOptions{Compact: true, Unsorted: true}), nil
		}
		return find(loaded, query, limit)
	})
	return nil
}

// Match is a definition that was found.
type Match struct {
	Collection string `json:"collection"`
	Name       string `json:"name"`
	OID        string `json:"oid,omitempty"`
	// Also is the name that matches, if it is another than Name.
	Also string `json:"also,omitempty"`
	Desc string `json:"desc,omitempty"`
}

func find(s *loadedSchema, query string, limit int) ([]byte, error) {
	if s.finder == nil {
		s.finder = schemajson.NewFinder(s.info)
	}
	found, err := s.finder.Find(query)
	var unknown *schemajson.QueryError
	if errors.As(err, &unknown) {
		return nil, newProblem(400, "usage", "find: "+err.Error())
	}
	if err != nil {
		return nil, err
	}
	answer := struct {
		Total   int     `json:"total"`
		Matches []Match `json:"matches"`
	}{len(found.Matches), []Match{}}
	for _, m := range found.Matches[:min(limit, len(found.Matches))] {
		one := Match{Collection: m.Collection, Name: m.Definition.Name(), OID: m.Definition.OID, Also: m.Also, Desc: m.Definition.Desc}
		answer.Matches = append(answer.Matches, one)
	}
	return json.Marshal(answer)
}

// listOf returns the definitions of a kind, a line for each.
func listOf(info *schemajson.SchemaInfo, kind string) ([]byte, error) {
	for _, list := range view.Lists(info) {
		if list.Collection == kind {
			return list.AppendJSON(nil), nil
		}
	}
	return json.Marshal(view.List{Collection: kind, Definitions: []view.Item{}})
}

// source returns the schema that the parameter names.
func (e *Edge) source(t *task, c *call, key string) (*schemaSource, error) {
	name := c.query.Get(key)
	if name == "" {
		return nil, newProblem(400, "usage", "the parameter "+key+" is missing: the name of a schema")
	}
	return e.granted(t, name)
}

// effective answers GET /effective?source=&classes=, what an entry of the classes
// must and may have.
func (e *Edge) effective(t *task, c *call) error {
	if err := c.only("source", "classes"); err != nil {
		return err
	}
	s, err := e.source(t, c, "source")
	if err != nil {
		return err
	}
	classes := c.list("classes")
	if len(classes) == 0 {
		return newProblem(400, "usage", "the parameter classes is missing: names of object classes, with commas between them")
	}
	e.about(t, s, func(info *schemajson.SchemaInfo, _ *loadedSchema) ([]byte, error) {
		return json.Marshal(view.EntryOf(info, classes))
	})
	return nil
}

// severities are the worst first.
var severities = []lint.Severity{lint.Error, lint.Warning, lint.Info}

// lint answers GET /lint?source=&severity=, what is wrong with a schema.
func (e *Edge) lint(t *task, c *call) error {
	if err := c.only("source", "severity"); err != nil {
		return err
	}
	s, err := e.source(t, c, "source")
	if err != nil {
		return err
	}
	least := len(severities) - 1
	if given := c.query.Get("severity"); given != "" {
		if least = slices.Index(severities, lint.Severity(given)); least < 0 {
			return newProblem(400, "usage", "severity "+quoted(given)+" is none of error, warning, info")
		}
	}
	e.about(t, s, func(info *schemajson.SchemaInfo, _ *loadedSchema) ([]byte, error) {
		found := slices.DeleteFunc(lint.Check(info, nil), func(f lint.Finding) bool { return slices.Index(severities, f.Severity) > least })
		return json.Marshal(struct {
			Findings []lint.Finding `json:"findings"`
		}{append([]lint.Finding{}, found...)})
	})
	return nil
}

// diff answers GET /diff?from=&to=, what is different between two schemas.
func (e *Edge) diff(t *task, c *call) error {
	if err := c.only("from", "to"); err != nil {
		return err
	}
	from, err := e.source(t, c, "from")
	if err != nil {
		return err
	}
	to, err := e.source(t, c, "to")
	if err != nil {
		return err
	}
	e.withSchema(t, from, func(older *loadedSchema, err error) {
		if err != nil {
			t.fail(err)
			return
		}
		e.withSchema(t, to, func(newer *loadedSchema, err error) {
			if err != nil {
				t.fail(err)
				return
			}
			body, err := json.Marshal(diff.Compare(older.info, newer.info, nil))
			if err != nil {
				t.fail(err)
				return
			}
			t.respondSchema(to, &answer{etag: `"` + older.tag + "-" + newer.tag + `"`, body: body})
		})
	})
	return nil
}
