package formatters

import (
	"iter"
	"slices"
)

// Values are all values of one attribute of an entry.
type Values struct {
	// Description is the attribute description, as the server returned it.
	Description string
	// Single tells that the schema allows one value only, and that it is the
	// only one here.
	Single bool
	// Values are in the server's order.
	Values []Value
	// Problems are of the values that could not be formatted, and stayed bytes.
	Problems []Problem
}

// Problem is what is wrong with one of several values.
type Problem struct {
	// Index is the value's place among the values.
	Index int
	// Err is the reason, a [*ValueError].
	Err error
}

// Values formats the values of an attribute.
func (f *Formatters) Values(description string, raw [][]byte) Values {
	return f.Attribute(description).FormatAll(raw)
}

// FormatAll formats the values of an attribute. If the schema allows one value
// only and there are several, none is left out: Single is then false.
func (a *Attribute) FormatAll(raw [][]byte) Values {
	return a.FormatEach(len(raw), slices.Values(raw))
}

// FormatEach is [Attribute.FormatAll] for n values that are not in a slice.
func (a *Attribute) FormatEach(n int, raw iter.Seq[[]byte]) Values {
	all := Values{Description: a.Description, Single: a.SingleValue && n == 1, Values: make([]Value, 0, n)}
	for b := range raw {
		v, err := a.Format(b)
		if err != nil {
			all.Problems = append(all.Problems, Problem{len(all.Values), err})
		}
		all.Values = append(all.Values, v)
	}
	return all
}

// AppendJSON appends the value where there can be only one, otherwise the list
// of them, each as [Value.AppendJSON] has it.
func (v Values) AppendJSON(dst []byte) []byte {
	if v.Single {
		return v.Values[0].AppendJSON(dst)
	}
	dst = append(dst, '[')
	for i, one := range v.Values {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = one.AppendJSON(dst)
	}
	return append(dst, ']')
}

// MarshalJSON returns what AppendJSON appends.
func (v Values) MarshalJSON() ([]byte, error) { return v.AppendJSON(nil), nil }
