//go:build !small

package facade

import (
	"context"
	"encoding/json"
	"strconv"

	"github.com/ldapedge/ldapedge/formatters"
	"github.com/ldapedge/ldapedge/schemajson"
)

// What one call may bring. More values than that are for several calls.
const (
	maxValues      = 100_000
	maxValuesFrame = 16 << 20 // bytes of the parameters
	maxAttribute   = 1000     // bytes of an attribute description
)

// ofAttribute are the parameters of every call about values.
type ofAttribute struct {
	// Source is an open source, by whose schema the attribute is known; without
	// one its name decides.
	Source *int `json:"source"`
	// Attribute is the attribute description.
	Attribute string `json:"attribute"`
}

// readValues reads parameters of which of, a part of p, names the attribute, and
// returns how its values are formatted. n is how many values p has.
func (c *call) readValues(p any, of *ofAttribute, n func() int) (*formatters.Attribute, error) {
	if len(c.params) > maxValuesFrame {
		return nil, usage("the values have %d bytes, more than the %d that one call may bring", len(c.params), maxValuesFrame)
	}
	if err := c.read(p); err != nil {
		return nil, err
	}
	switch {
	case of.Attribute == "":
		return nil, usage("no attribute is named")
	case len(of.Attribute) > maxAttribute:
		return nil, usage("the attribute's name is too long")
	case n() < 0:
		return nil, usage("there is no list of values")
	case n() > maxValues:
		return nil, usage("one call brings %d values at most, not %d", maxValues, n())
	case of.Source == nil:
		return c.facade.byName.Attribute(of.Attribute), nil
	}
	s, err := c.facade.source(*of.Source)
	if err != nil {
		return nil, err
	}
	return s.formatters.Attribute(of.Attribute), nil
}

// count is the length of a list, -1 if there is none.
func count[T any](list []T) int {
	if list == nil {
		return -1
	}
	return len(list)
}

// Values is what a call of formatValues answers.
type Values struct {
	Values   []TypedValue   `json:"values"`
	Single   bool           `json:"single"`
	Problems []ValueProblem `json:"problems"`
}

// TypedValue is a value with its kind. Value is as
// [formatters.Value.AppendJSON] has it but for whole numbers, which are always
// strings of digits, for JavaScript's JSON.parse would round them.
type TypedValue struct {
	Kind  string          `json:"kind"`
	Value json.RawMessage `json:"value"`
	// Wide marks an integer that has a syntax of 64 bits.
	Wide bool `json:"wide,omitempty"`
}

// ValueProblem is why a value stayed bytes.
type ValueProblem struct {
	Index   int    `json:"index"`
	Message string `json:"message"`
}

// formatValues answers with [Values].
func formatValues(_ context.Context, c *call) (any, error) {
	var p struct {
		ofAttribute
		Values [][]byte `json:"values"`
	}
	a, err := c.readValues(&p, &p.ofAttribute, func() int { return count(p.Values) })
	if err != nil {
		return nil, err
	}
	return typed(a, p.Values), nil
}

func typed(a *formatters.Attribute, values [][]byte) Values {
	all := a.FormatAll(values)
	answer := Values{Values: make([]TypedValue, len(all.Values)), Single: all.Single, Problems: []ValueProblem{}}
	for i, v := range all.Values {
		answer.Values[i] = typedValue(v)
	}
	for _, problem := range all.Problems {
		answer.Problems = append(answer.Problems, ValueProblem{problem.Index, problem.Err.Error()})
	}
	return answer
}

func typedValue(v formatters.Value) TypedValue {
	typed := TypedValue{Kind: v.Kind().String()}
	switch v.Kind() {
	case formatters.KindInteger:
		typed.Value = v.AppendJSON(nil)
		typed.Wide = typed.Value[0] == '"'
		if !typed.Wide {
			typed.Value = append(append([]byte{'"'}, typed.Value...), '"')
		}
	case formatters.KindFlags, formatters.KindEnumeration:
		n, _ := v.Int64()
		typed.Value, _ = json.Marshal(struct {
			Value string   `json:"value"`
			Names []string `json:"names"`
		}{strconv.FormatInt(n, 10), append([]string{}, v.Names()...)}) // strings always marshal
	default:
		typed.Value = v.AppendJSON(nil)
	}
	return typed
}

// givenValue is a value as a host gives it: JSON as [formatters.ValueFromJSON]
// reads it, or the digits of a whole number, which JavaScript's JSON.stringify
// would round.
type givenValue struct {
	JSON   json.RawMessage `json:"json"`
	Digits string          `json:"digits"`
}

// validateValues answers with the bytes of the values, or the error
// [CodeInvalidValue] for the first that cannot be one of the attribute.
func validateValues(_ context.Context, c *call) (any, error) {
	var p struct {
		ofAttribute
		Values []givenValue `json:"values"`
	}
	a, err := c.readValues(&p, &p.ofAttribute, func() int { return count(p.Values) })
	if err != nil {
		return nil, err
	}
	answer := struct {
		Values [][]byte `json:"values"`
	}{make([][]byte, 0, len(p.Values))}
	for i, given := range p.Values {
		b, err := validate(a, given)
		if err != nil {
			return nil, invalidValue(i, err)
		}
		answer.Values = append(answer.Values, append([]byte{}, b...))
	}
	return answer, nil
}

func validate(a *formatters.Attribute, given givenValue) ([]byte, error) {
	text := given.JSON
	if text == nil {
		text = []byte(given.Digits)
	}
	v, err := formatters.ValueFromJSON(text)
	if err != nil {
		return nil, &formatters.ValueError{Attribute: a.Description, Type: a.Type.Name, Value: schemajson.Quote(string(text)), Err: err}
	}
	return a.Validate(v)
}

func invalidValue(index int, err error) error {
	e := &Error{Code: CodeInvalidValue, Cause: err.Error(), Value: invalidValueOf(err)}
	if e.Value != nil {
		e.Value.Index = index
	}
	return e
}

// formatterKeys answers with the keys under which a host's own formatter of an
// attribute may stand, in the order in which they count.
func formatterKeys(_ context.Context, c *call) (any, error) {
	var p struct{ ofAttribute }
	a, err := c.readValues(&p, &p.ofAttribute, func() int { return 0 })
	if err != nil {
		return nil, err
	}
	return struct {
		Keys   []string `json:"keys"`
		Single bool     `json:"single"`
	}{a.Keys(), a.SingleValue}, nil
}
