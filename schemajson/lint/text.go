package lint

import (
	"strconv"
	"strings"

	"github.com/ldapedge/ldapedge/schemajson"
)

// mostNames is how many names a message lists.
const mostNames = 8

// listed shows several names in a message.
func listed(names []string) string {
	return joined(names, ", ")
}

func joined(names []string, separator string) string {
	var b strings.Builder
	for i, name := range names {
		if i > 0 {
			b.WriteString(separator)
		}
		if i == mostNames && len(names) > mostNames+1 {
			b.WriteString("… (" + strconv.Itoa(len(names)-mostNames) + " more)")
			break
		}
		b.WriteString(schemajson.Quote(name))
	}
	return b.String()
}

// named shows a definition in a message.
func named(d *schemajson.Definition) string {
	return schemajson.Quote(d.Name())
}

// isAre chooses the verb's number.
func isAre(n int) string {
	if n == 1 {
		return "is"
	}
	return "are"
}

func hasHave(n int) string {
	if n == 1 {
		return "has"
	}
	return "have"
}
