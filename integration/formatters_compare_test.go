package integration

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"math/big"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/ldapedge/ldapedge/formatters"
)

// comparison compares what a server has.
type comparison struct {
	server     formattersServer
	formatters *formatters.Formatters

	liveCounts
	kinds map[formatters.Kind]int
	// equal are the values that ldap3 has as they are here, rounded those that
	// it has rounded, differing the others; problems those not of their type.
	equal, problems, rounded, differing int
	// validated are the values that Validate was asked for, identical those of
	// which it returned the server's own bytes.
	validated, identical int
	changed              map[string]bool
}

// sameRaw compares what the two clients have read.
func (c *comparison) sameRaw(t *testing.T, ours, theirs []liveAttribute) {
	t.Helper()
	c.changed = make(map[string]bool)
	at := make(map[string]liveAttribute, len(ours))
	for _, a := range ours {
		at[a.place()] = a
	}
	entries := make(map[string]bool)
	for _, their := range theirs {
		entries[fmt.Sprint(their.Search, their.DN)] = true
		our, ok := at[their.place()]
		delete(at, their.place())
		switch {
		case !ok:
			t.Errorf("%s: our client has not read it", their.place())
		case !slices.EqualFunc(our.Raw, their.Raw, bytes.Equal):
			c.changed[their.Attribute] = true
			if !matchesAny(c.server.volatile, their.Attribute) {
				t.Errorf("%s: our client has read %.200q, ldap3 %.200q", their.place(), our.Raw, their.Raw)
			}
		}
	}
	for place := range at {
		t.Errorf("%s: ldap3 has not read it", place)
	}
	c.entries, c.attributes = len(entries), len(theirs)
}

// attribute compares the values of an attribute with what ldap3 makes of them.
func (c *comparison) attribute(t *testing.T, their liveAttribute) {
	t.Helper()
	of := c.formatters.Attribute(their.Attribute)
	got := c.formatters.Values(their.Attribute, their.Raw)
	failed := make(map[int]error)
	for _, p := range got.Problems {
		failed[p.Index] = p.Err
	}
	c.problems += len(failed)
	if their.Error == "" && their.Single != got.Single && len(their.Raw) == 1 {
		t.Errorf("%s: for ldap3 a single value is %t, here %t", their.place(), their.Single, got.Single)
	}
	for i, v := range got.Values {
		c.values++
		c.kinds[v.Kind()]++
		one := comparedValue{attribute: of, raw: their.Raw[i], value: v, problem: failed[i]}
		switch {
		case their.Error != "":
			one.theirs = ldap3Value{Type: their.Error}
		case i < len(their.Values):
			one.theirs = their.Values[i]
		default:
			one.theirs = ldap3Value{Type: "dropped"}
		}
		c.value(t, one)
		if one.problem == nil {
			c.roundTrip(t, one)
		}
	}
}

// comparedValue is one value.
type comparedValue struct {
	attribute *formatters.Attribute
	raw       []byte
	theirs    ldap3Value
	value     formatters.Value
	problem   error
}

func (v comparedValue) String() string {
	return fmt.Sprintf("%s (%s) %.100q: ldap3 has %s %.100q, here %s %.100q, %v",
		v.attribute.Description, v.attribute.Type.Name, v.raw, v.theirs.Type, v.theirs.Value, v.value.Kind(), v.value.String(), v.problem)
}

func (c *comparison) value(t *testing.T, v comparedValue) {
	t.Helper()
	equal, exact := v.theirs.equals(v.value)
	switch {
	case equal && exact:
		c.equal++
	case equal:
		c.rounded++
	default:
		c.differing++
		excuseFor(t, differences, v, "differs")
	}
}

// roundTrip writes a value again.
func (c *comparison) roundTrip(t *testing.T, v comparedValue) {
	t.Helper()
	c.validated++
	b, err := v.attribute.Validate(v.value)
	if err != nil {
		v.problem = err
		excuseFor(t, refused, v, "is refused")
		return
	}
	if again, err := v.attribute.Format(b); err != nil || !again.Equal(v.value) {
		t.Errorf("%s: written %.100q, and read again %s, %v", v, b, again, err)
	}
	if bytes.Equal(b, v.raw) {
		c.identical++
		return
	}
	excuseFor(t, rewritten, v, fmt.Sprintf("is written %.100q", b))
}

func (c *comparison) report(t *testing.T) {
	t.Helper()
	t.Logf("%d entries, %d attributes, %d values", c.entries, c.attributes, c.values)
	for _, kind := range slices.Sorted(maps.Keys(c.kinds)) {
		t.Logf("%8d %s", c.kinds[kind], kind)
	}
	t.Logf("%d equal, %d but for ldap3's rounding, %d different; %d not of their type", c.equal, c.rounded, c.differing, c.problems)
	t.Logf("%d written again, %d identical", c.validated, c.identical)
	t.Logf("changed between the reads: %s", slices.Sorted(maps.Keys(c.changed)))
	for _, table := range [][]excuse{differences, rewritten, refused} {
		for i := range table {
			if e := &table[i]; e.met > e.reported {
				t.Logf("%8d %s", e.met-e.reported, e)
				e.reported = e.met
			}
		}
	}
	if least := c.server.least; c.entries < least.entries || c.attributes < least.attributes || c.values < least.values {
		t.Errorf("there must be at least %+v", least)
	}
}

// ldap3Value is a value that ldap3 has formatted, with its Python type.
type ldap3Value struct {
	Type, Value string
	// Offset is a datetime's from UTC, in minutes.
	Offset int
}

// equals tells whether the value is the same, and whether to the last tick: of
// times ldap3 has microseconds, from floating-point numbers.
func (v ldap3Value) equals(got formatters.Value) (equal, exact bool) {
	const tolerance = 2000
	switch v.Type {
	case "datetime":
		at, ok := got.Time()
		_, offset := at.Zone()
		equal, exact = near(v.Value, at.Unix()*1e7+int64(at.Nanosecond()/100), tolerance/100)
		return ok && equal && offset == v.Offset*60, exact && at.Nanosecond()%100 == 0
	case "timedelta":
		i, ok := got.Interval()
		equal, exact = near(v.Value, int64(i), tolerance/100)
		return ok && equal, exact
	case "str":
		text := slices.Contains([]formatters.Kind{formatters.KindText, formatters.KindGUID, formatters.KindSID}, got.Kind())
		return text && got.String() == v.Value, true
	case "bytes":
		binary := slices.Contains([]formatters.Kind{formatters.KindBytes, formatters.KindDescriptor}, got.Kind())
		var content []byte
		err := json.Unmarshal([]byte(`"`+v.Value+`"`), &content) // base64
		return binary && err == nil && bytes.Equal(content, got.Bytes()), true
	case "int":
		n := got.BigInt()
		return n != nil && n.String() == v.Value, true
	case "bool":
		b, ok := got.Bool()
		return ok && v.Value == map[bool]string{true: "True", false: "False"}[b], true
	default:
		return false, false
	}
}

// near compares microseconds with ticks of 100 ns.
func near(microseconds string, ticks, tolerance int64) (equal, exact bool) {
	n, ok := new(big.Int).SetString(microseconds, 10)
	if !ok {
		return false, false
	}
	n.Sub(n.Mul(n, big.NewInt(10)), big.NewInt(ticks))
	return n.CmpAbs(big.NewInt(tolerance)) <= 0, n.Sign() == 0
}

// excuse is why some values may not be as expected.
type excuse struct {
	// attributes are patterns of attribute descriptions, types the names of
	// types, separated by spaces; theirs is ldap3's type, ours the kind here.
	// What is empty may be anything.
	attributes, types, theirs, ours string
	// raw, if not nil, tells whether a value is meant.
	raw    func([]byte) bool
	reason string

	met, reported int
}

func (e *excuse) String() string {
	s := e.reason
	for _, what := range []struct{ name, is string }{{"attributes", e.attributes}, {"types", e.types}, {"ldap3", e.theirs}, {"here", e.ours}} {
		if what.is != "" {
			s += fmt.Sprintf("; %s %s", what.name, what.is)
		}
	}
	return s
}

func matchesAny(patterns []string, description string) bool {
	return slices.ContainsFunc(patterns, func(pattern string) bool {
		ok, _ := path.Match(pattern, description)
		return ok
	})
}

func (e *excuse) covers(v comparedValue) bool {
	return (e.attributes == "" || matchesAny(strings.Fields(e.attributes), v.attribute.Description)) &&
		(e.types == "" || slices.Contains(strings.Fields(e.types), v.attribute.Type.Name)) &&
		(e.theirs == "" || e.theirs == v.theirs.Type) &&
		(e.ours == "" || e.ours == v.value.Kind().String()) &&
		(e.raw == nil || e.raw(v.raw))
}

func excuseFor(t *testing.T, table []excuse, v comparedValue, what string) {
	t.Helper()
	for i := range table {
		if table[i].covers(v) {
			table[i].met++
			return
		}
	}
	t.Errorf("%s: %s", v, what)
}
