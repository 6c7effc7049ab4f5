package edge

import (
	"encoding/json"
	"html"
	"strings"
)

// object is an object of the OpenAPI document.
type object = map[string]any

// operation is a route as the OpenAPI document describes it.
type operation struct {
	path, method, summary string
	parameters            []object
	body                  object // the schema of a JSON content, nil for none
	lines                 bool
}

func parameterIn(in, name, about string, required bool) object {
	return object{"name": name, "in": in, "required": required, "description": about, "schema": object{"type": "string"}}
}

func inPath(name, about string) object  { return parameterIn("path", name, about, true) }
func inQuery(name, about string) object { return parameterIn("query", name, about, false) }
func needed(name, about string) object  { return parameterIn("query", name, about, true) }

// operations are the routes that a caller may use, its look-ups by their names.
func (e *Edge) operations(r *rights) (all []operation) {
	schemas := r.schemas(e)
	if len(schemas) > 0 {
		source := "one of " + strings.Join(schemas, ", ")
		all = append(all,
			operation{path: "/schema/{source}", method: "get", summary: "A whole schema as JSON of ldap3's format, or what is found in it",
				parameters: []object{inPath("source", source), inQuery("find", "what to look for in names, OIDs and descriptions; * stands for anything"), inQuery("limit", "how many are returned at most; by default 100")}},
			operation{path: "/schema/{source}/{kind}", method: "get", summary: "The definitions of a kind, a line for each",
				parameters: []object{inPath("source", source), inPath("kind", "objectClasses, attributeTypes, and so on")}},
			operation{path: "/schema/{source}/{kind}/{nameOrOID}", method: "get", summary: "A definition with all that it inherits and all that uses it",
				parameters: []object{inPath("source", source), inPath("kind", "objectClasses, attributeTypes, and so on"), inPath("nameOrOID", "a name in any case, or an OID"), inQuery("ordinal", "which of several with the name; by default the first")}},
			operation{path: "/effective", method: "get", summary: "What an entry of some object classes must and may have",
				parameters: []object{needed("source", source), needed("classes", "names or OIDs, with commas between them")}},
			operation{path: "/lint", method: "get", summary: "What is wrong with a schema",
				parameters: []object{needed("source", source), inQuery("severity", "the least that is returned: error, warning or info")}},
			operation{path: "/diff", method: "get", summary: "What is different between two schemas",
				parameters: []object{needed("from", "the older: "+source), needed("to", "the newer: "+source)}})
	}
	all = append(all, operation{path: "/format", method: "post", summary: "What values of an attribute mean", body: object{
		"type": "object", "required": []string{"attribute", "values"}, "additionalProperties": false,
		"properties": object{
			"schema": object{"type": "string"}, "attribute": object{"type": "string"}, "values": object{"type": "array", "items": object{"type": "string"}},
			"encoding": object{"enum": []string{"text", "base64", "hex"}},
		},
	}})
	for i := range e.config.Lookups {
		l := e.lookups[e.config.Lookups[i].Name]
		if !r.lookup(l.Name, l.Pool) {
			continue
		}
		op := operation{path: "/lookup/" + l.Name, method: "get", summary: "The look-up " + l.Name + ": " + strings.Join(l.Attributes, ", "), lines: true}
		for _, name := range l.names {
			p := l.parameters[name]
			one := parameterIn("query", name, "a value", p.Default == nil)
			of := object{"type": "string", "minLength": 1}
			if p.Pattern != "" {
				of["pattern"] = "^(?:" + p.Pattern + ")$"
			}
			if p.Default != nil {
				of["default"] = *p.Default
			}
			one["schema"] = of
			op.parameters = append(op.parameters, one)
		}
		all = append(all, op)
	}
	if pools := r.pools(); len(pools) > 0 {
		pool := inPath("pool", "one of "+strings.Join(pools, ", "))
		all = append(all,
			operation{path: "/search/{pool}", method: "get", summary: "A search", lines: true, parameters: []object{
				pool, inQuery("base", "the DN of the entry to search from"), inQuery("scope", "base, one or sub, the default"),
				inQuery("filter", "a filter (RFC 4515); by default (objectClass=*)"), inQuery("attrs", "attributes, with commas between them"),
				inQuery("limit", "how many entries are returned at most")}},
			operation{path: "/entry/{pool}/{dn}", method: "get", summary: "An entry",
				parameters: []object{pool, inPath("dn", "its DN"), inQuery("attrs", "attributes, with commas between them")}})
	}
	if r.servers() {
		all = append(all, operation{path: "/servers", method: "get", summary: "The servers and pools, and how they are"})
	}
	return all
}

// schemas are the names of the schemas that the caller may read.
func (r *rights) schemas(e *Edge) (names []string) {
	for _, s := range e.config.Schemas {
		if r.schema(s.Name) {
			names = append(names, s.Name)
		}
	}
	return names
}

// pools are the names of what the caller may search.
func (r *rights) pools() (names []string) {
	for _, g := range r.grants {
		for _, s := range g.searches {
			if r.reaches(s.Pool) && !lists(names, s.Pool) {
				names = append(names, s.Pool)
			}
		}
	}
	return names
}

// openAPI answers GET /openapi.json, what the caller may ask for (OpenAPI 3.1).
func (e *Edge) openAPI(t *task, c *call) error {
	if err := c.only(); err != nil {
		return err
	}
	paths := object{}
	for _, op := range e.operations(&t.rights) {
		content := object{"application/json": object{}}
		if op.lines {
			content[linesType] = object{}
		}
		described := object{
			"summary": op.summary,
			"responses": object{
				"200":     object{"description": "What was asked for", "content": content},
				"default": object{"description": "Why not (RFC 9457)", "content": object{"application/problem+json": object{"schema": object{"$ref": "#/components/schemas/Problem"}}}},
			},
		}
		if op.parameters != nil {
			described["parameters"] = op.parameters
		}
		if op.body != nil {
			described["requestBody"] = object{"required": true, "content": object{"application/json": object{"schema": op.body}}}
		}
		paths[op.path] = object{op.method: described}
	}
	text := object{"type": "string"}
	body, err := json.Marshal(object{
		"openapi": "3.1.0",
		"info":    object{"title": "ldapedge", "version": "1", "description": "Look-ups in directories, and what their schemas say"},
		"paths":   paths,
		"components": object{
			"schemas":         object{"Problem": object{"type": "object", "properties": object{"title": text, "status": object{"type": "integer"}, "detail": text, "code": text}}},
			"securitySchemes": object{"bearer": object{"type": "http", "scheme": "bearer"}},
		},
		"security": []object{{"bearer": []string{}}, {}},
	})
	if err != nil {
		return err
	}
	t.respondJSON(body)
	return nil
}

// page answers GET /, the same for people.
func (e *Edge) page(t *task, c *call) error {
	if err := c.only(); err != nil {
		return err
	}
	var b strings.Builder
	b.WriteString("<!doctype html>\n<html lang=en>\n<meta charset=utf-8>\n<meta name=viewport content=\"width=device-width\">\n" +
		"<meta name=color-scheme content=\"light dark\">\n<title>ldapedge</title>\n<h1>ldapedge</h1>\n" +
		"<p>Look-ups in directories, and what their schemas say. This is what you may ask for; " +
		"<a href=\"/openapi.json\">openapi.json</a> says it for programs.</p>\n<dl>\n")
	for _, op := range e.operations(&t.rights) {
		b.WriteString("<dt><code>" + strings.ToUpper(op.method) + " " + html.EscapeString(op.path+example(op)) + "</code></dt>\n<dd>" +
			html.EscapeString(op.summary) + "</dd>\n")
	}
	b.WriteString("</dl>\n</html>\n")
	t.respond(200, []Field{
		{"content-type", "text/html; charset=utf-8"}, {"cache-control", "no-store"},
		{"content-security-policy", "default-src 'none'; frame-ancestors 'none'; base-uri 'none'"},
	}, []byte(b.String()))
	return nil
}

// example is a query with the operation's parameters.
func example(op operation) string {
	var all []string
	for _, p := range op.parameters {
		if p["in"] == "query" {
			all = append(all, p["name"].(string)+"=")
		}
	}
	if all == nil {
		return ""
	}
	return "?" + strings.Join(all, "&")
}
