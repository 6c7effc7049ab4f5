package edge

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/ldapedge/ldapedge/formatters"
)

// formats is what POST /format takes.
type formats struct {
	// Schema is a schema by which the attribute is known; without one its name
	// decides.
	Schema string `json:"schema"`
	// Attribute is the attribute description.
	Attribute string `json:"attribute"`
	// Values are the values, as Encoding says: "text", the default, "base64" or
	// "hex".
	Values   []string `json:"values"`
	Encoding string   `json:"encoding"`
}

func (f *formats) check() error {
	switch {
	case f.Attribute == "":
		return errors.New("attribute: it is missing")
	case len(f.Values) == 0:
		return errors.New("values: there are none")
	case decoders[f.Encoding] == nil:
		return errors.New("encoding: " + quoted(f.Encoding) + " is none of text, base64, hex")
	}
	return nil
}

// decoders read values by their encoding.
var decoders = map[string]func(string) ([]byte, error){
	"":       func(text string) ([]byte, error) { return []byte(text), nil },
	"text":   func(text string) ([]byte, error) { return []byte(text), nil },
	"base64": base64.StdEncoding.DecodeString,
	"hex": func(text string) ([]byte, error) {
		return hex.DecodeString(strings.NewReplacer(" ", "", ":", "").Replace(text))
	},
}

// Formatted is a value with what it means, as "ldapedge format" prints it.
type Formatted struct {
	Attribute string           `json:"attribute"`
	Schema    string           `json:"schema,omitempty"`
	Type      string           `json:"type"`
	Kind      string           `json:"kind"`
	Value     formatters.Value `json:"value"`
	Problem   string           `json:"problem,omitempty"`
}

// format answers POST /format: what values mean.
func (e *Edge) format(t *task, c *call) error {
	if err := c.only(); err != nil {
		return err
	}
	var f formats
	d := json.NewDecoder(bytes.NewReader(t.request.Body))
	d.DisallowUnknownFields()
	if err := d.Decode(&f); err != nil {
		return newProblem(400, "usage", "the request's content: "+err.Error())
	}
	if _, err := d.Token(); err != io.EOF {
		return newProblem(400, "usage", "the request's content: something follows after the object")
	}
	if err := f.check(); err != nil {
		return newProblem(400, "usage", err.Error())
	}
	raw := make([][]byte, len(f.Values))
	for i, text := range f.Values {
		var err error
		if raw[i], err = decoders[f.Encoding](text); err != nil {
			return newProblem(400, "usage", fmt.Sprintf("values[%d], %s: %v", i, quoted(text), err))
		}
	}
	if f.Schema == "" {
		return f.respond(t, e.byName(), raw)
	}
	s, err := e.granted(t, f.Schema)
	if err != nil {
		return err
	}
	e.withSchema(t, s, func(loaded *loadedSchema, err error) {
		if err == nil {
			err = f.respond(t, loaded.values(), raw)
		}
		if err != nil {
			t.fail(err)
		}
	})
	return nil
}

func (f *formats) respond(t *task, by *formatters.Formatters, raw [][]byte) error {
	attribute := by.Attribute(f.Attribute)
	answer := struct {
		Values []Formatted `json:"values"`
	}{make([]Formatted, len(raw))}
	for i, b := range raw {
		v, err := attribute.Format(b)
		answer.Values[i] = Formatted{attribute.Description, f.Schema, attribute.Type.Name, v.Kind().String(), v, ""}
		if err != nil {
			answer.Values[i].Problem = err.Error()
		}
	}
	body, err := json.Marshal(answer)
	if err != nil {
		return err
	}
	t.respondJSON(body)
	return nil
}
