package lint

import (
	"slices"
	"strings"
	"testing"

	"github.com/ldapedge/ldapedge/schemajson"
)

func FuzzCheck(f *testing.F) {
	f.Add(strings.Join(base, "\n"))
	for _, c := range cases {
		f.Add(strings.Join(c.bad, "\n"))
		f.Add(strings.Join(append(slices.Clone(base), c.bad...), "\n"))
	}
	f.Fuzz(func(t *testing.T, text string) {
		var attributes []schemajson.Attribute
		for line := range strings.SplitSeq(text, "\n") {
			prefix, value, _ := strings.Cut(line, ": ")
			if name, known := prefixes[prefix]; known {
				attributes = append(attributes, schemajson.Attribute{Name: name, Values: []string{legal(value)}})
			}
		}
		s := schemajson.Parse("", attributes)
		found := Check(s, nil)
		byCode := make(map[Code][]Finding)
		for _, one := range found {
			if _, known := slices.BinarySearchFunc(Checks, one.Code, func(c CheckInfo, code Code) int { return strings.Compare(string(c.Code), string(code)) }); !known {
				t.Errorf("no check %q", one.Code)
			}
			if one.Message == "" || !slices.Contains(schemajson.Collections[:], one.Collection) {
				t.Errorf("%+v", one)
			}
			byCode[one.Code] = append(byCode[one.Code], one)
		}
		for code, want := range byCode {
			if got := Check(s, &Options{Only: []Code{code}}); !slices.Equal(got, want) {
				t.Errorf("only %s gives %+v, not %+v", code, got, want)
			}
		}
	})
}
