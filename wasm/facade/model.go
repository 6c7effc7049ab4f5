package facade

import (
	"encoding/json"
	"strings"

	"github.com/ldapedge/ldapedge/schemajson"
	"github.com/ldapedge/ldapedge/schemajson/view"
)

// Summary is a schema as far as lists need it.
type Summary struct {
	Source int    `json:"source"`
	Server string `json:"server"`
	URL    string `json:"url"`
	// Origin says what kind of source it is.
	Origin Origin `json:"origin"`
	// Entry is the DN of the subschema entry.
	Entry       string      `json:"entry"`
	Collections []view.List `json:"collections"`
	Problems    []Problem   `json:"problems"`
}

// Problem is a value of the subschema entry that is not as it should be.
type Problem struct {
	Code       string `json:"code"`
	Collection string `json:"collection,omitempty"`
	Text       string `json:"text"`
	Offset     int    `json:"offset"`
	Message    string `json:"message"`
}

// appendJSON appends the summary. Its lists are most of what a page waits for, and
// take a tenth of the time without reflection.
func (s *Summary) appendJSON(dst []byte) []byte {
	rest, _ := json.Marshal(struct { // strings and numbers always marshal
		*Summary
		Collections any `json:"collections,omitempty"`
	}{Summary: s})
	dst = append(append(dst, rest[:len(rest)-1]...), `,"collections":[`...)
	for i, l := range s.Collections {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = l.AppendJSON(dst)
	}
	return append(dst, "]}"...)
}

func (s *source) summary() *Summary {
	return &Summary{
		Source: s.id, Server: s.endpoint.Server, URL: s.endpoint.URL, Origin: s.origin, Entry: s.schema.Entry,
		Collections: view.Lists(s.schema), Problems: problems(s.schema),
	}
}

func problems(schema *schemajson.SchemaInfo) []Problem {
	all := make([]Problem, 0, len(schema.Problems))
	for _, p := range schema.Problems {
		text, offset := around(p.Text, p.Offset)
		all = append(all, Problem{string(p.Code), p.Collection, text, offset, p.Message})
	}
	return all
}

// around cuts a value to what a page can show of it: some text on both sides
// of the offset.
func around(text string, offset int) (string, int) {
	const side = 1000
	begin, end := max(0, offset-side), min(len(text), offset+side)
	before, after := "", ""
	if begin > 0 {
		before = "…"
	}
	if end < len(text) {
		after = "…"
	}
	head := before + strings.ToValidUTF8(text[begin:offset], "")
	return head + strings.ToValidUTF8(text[offset:end], "") + after, len(head)
}
