//go:build !small

package facade

import (
	"encoding/base64"
	"encoding/json"

	"github.com/ldapedge/ldapedge/formatters"
	"github.com/ldapedge/ldapedge/ldap"
	"github.com/ldapedge/ldapedge/ldap/control"
	"github.com/ldapedge/ldapedge/schemajson"
)

// SearchEnd is what is known once all entries have been found.
type SearchEnd struct {
	References []Reference `json:"references"`
	// Cookie is what the next page is asked for with; empty if there is none.
	Cookie []byte `json:"cookie,omitempty"`
	// Estimate is how many entries the server thinks there are, 0 if it does not
	// say.
	Estimate int32 `json:"estimate,omitempty"`
}

// Reference is a part of the tree that another server has.
type Reference struct {
	URLs []string `json:"urls"`
	// Error is why it was not searched there; nil if it was not tried.
	Error *Error `json:"error,omitempty"`
}

func searchEnd(q *ldap.Search) (*SearchEnd, error) {
	end := &SearchEnd{References: []Reference{}}
	for _, r := range q.References() {
		reference := Reference{URLs: r.URLs}
		if r.Err != nil {
			reference.Error = describe(r.Err)
		}
		end.References = append(end.References, reference)
	}
	if c, ok := q.Controls().Find(control.OIDPagedResults); ok {
		page, err := control.ParsePagedResults(c)
		if err != nil {
			return nil, err
		}
		end.Cookie, end.Estimate = page.Cookie, page.Size
	}
	return end, nil
}

// appendEntry appends an entry as JSON:
//
//	{"dn":"cn=a","attributes":[{"name":"cn","values":[{"kind":"text","value":"a"}]},
//	 {"name":"uidNumber","single":true,"values":[{"kind":"integer","value":"7","raw":"Nw=="}]}]}
//
// A value has its raw bytes in base64, but for texts and bytes, which are their own.
func appendEntry(dst []byte, e ldap.Entry) []byte {
	dst = schemajson.AppendJSONText(append(dst, `{"dn":`...), e.DN())
	dst = append(dst, `,"attributes":[`...)
	first := true
	for a := range e.Attributes() {
		if !first {
			dst = append(dst, ',')
		}
		first = false
		dst = appendAttribute(dst, a)
	}
	return append(dst, "]}"...)
}

func appendAttribute(dst []byte, a ldap.Attribute) []byte {
	typed := a.Typed()
	dst = schemajson.AppendJSONText(append(dst, `{"name":`...), a.Name())
	if typed.Single {
		dst = append(dst, `,"single":true`...)
	}
	dst = append(dst, `,"values":[`...)
	n := 0
	for raw := range a.Values() {
		if n == len(typed.Values) {
			break
		}
		if n > 0 {
			dst = append(dst, ',')
		}
		dst = appendValue(dst, typed.Values[n], raw)
		n++
	}
	dst = append(dst, ']')
	if len(typed.Problems) > 0 {
		problems := make([]ValueProblem, len(typed.Problems))
		for i, p := range typed.Problems {
			problems[i] = ValueProblem{p.Index, p.Err.Error()}
		}
		b, _ := json.Marshal(problems) // numbers and strings always marshal
		dst = append(append(dst, `,"problems":`...), b...)
	}
	return append(dst, '}')
}

func appendValue(dst []byte, v formatters.Value, raw []byte) []byte {
	one := typedValue(v)
	dst = append(append(append(dst, `{"kind":"`...), one.Kind...), `","value":`...)
	dst = append(dst, one.Value...)
	if one.Wide {
		dst = append(dst, `,"wide":true`...)
	}
	if k := v.Kind(); k != formatters.KindBytes && (k != formatters.KindText || v.String() != string(raw)) {
		dst = append(dst, `,"raw":"`...)
		dst = base64.StdEncoding.AppendEncode(dst, raw)
		dst = append(dst, '"')
	}
	return append(dst, '}')
}
