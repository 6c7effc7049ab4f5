package schemajson

import (
	"strconv"
	"strings"
)

// Quote shows a piece of a schema in a message: in quotes, with nothing in it
// that a terminal would obey, and shortened where it is long.
func Quote(s string) string {
	const most = 60
	if len(s) > most {
		s = strings.ToValidUTF8(s[:most], "") + "…"
	}
	return strconv.Quote(s)
}
