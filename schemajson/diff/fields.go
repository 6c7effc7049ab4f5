package diff

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/ldapedge/ldapedge/schemajson"
)

// kind is what the comparison knows of a kind of definition D.
type kind[D any] struct {
	collection  int
	definitions func(*schemajson.SchemaInfo) []D
	shared      func(*D) *schemajson.Definition
	fields      []field[D]
	// added and removed judge definitions that one schema has alone.
	added, removed func(*comparison, *D) verdict
}

// field is a field of definitions D.
type field[D any] struct {
	name string
	// values are the field's; none where it is left out. A field that is said or
	// not has the value "true".
	values func(*D) []string
	// list tells that the field can have several values, whose order does not
	// matter.
	list bool
	// exact tells that case matters in the values.
	exact bool
	// to is the collection of what the values name plus one, 0 if they name
	// nothing.
	to int
	// judge says what a change does. It is asked about each value of a list by
	// itself.
	judge func(*change[D]) verdict
}

// verdict is an effect with its reason.
type verdict struct {
	effect Effect
	reason string
}

// change is a change of a field, to be judged.
type change[D any] struct {
	*comparison
	// from and to are the definitions.
	from, to *D
	// collection is that of what the field's values name, or none.
	collection int
	kind       Kind
	// before and after are the values, as in [Change].
	before, after []string
	// sets has the lists that names has been asked about, by their first value.
	sets map[*string]map[any]bool
}

// names tells whether a list on one side names something.
func (x *change[D]) names(side, collection int, list []string, key any) bool {
	if len(list) == 0 {
		return false
	}
	set := x.sets[&list[0]]
	if set == nil {
		set = make(map[any]bool, len(list))
		for _, name := range list {
			set[x.identity(side, collection, name)] = true
		}
		if x.sets == nil {
			x.sets = make(map[*string]map[any]bool)
		}
		x.sets[&list[0]] = set
	}
	return set[key]
}

// compareFields compares two definitions that belong together, by fields that
// all of their kind have and by their extensions.
func compareFields[D any](c *comparison, k *kind[D], fields []field[D], from, to *D) (ChangedDefinition, bool) {
	d := k.shared(from)
	changed := ChangedDefinition{Name: d.Name(), OID: d.OID, RawFrom: d.Raw, RawTo: k.shared(to).Raw, Effect: Cosmetic}
	for _, some := range [][]field[D]{fields, extensionFields(c, k, from, to)} {
		for i := range some {
			for _, one := range compareField(c, &some[i], from, to) {
				changed.Changes = append(changed.Changes, one)
				changed.Effect = graver(changed.Effect, one.Effect)
			}
		}
	}
	return changed, len(changed.Changes) > 0
}

func graver(a, b Effect) Effect {
	order := []Effect{Cosmetic, Compatible, Breaking}
	return order[max(slices.Index(order, a), slices.Index(order, b))]
}

// compareField compares one field.
func compareField[D any](c *comparison, f *field[D], from, to *D) []Change {
	values := [2][]string{f.values(from), f.values(to)}
	if len(values[0]) == 0 && len(values[1]) == 0 {
		return nil
	}
	var keys [2][]any
	for side := range values {
		values[side], keys[side] = c.keyed(f.to-1, f.exact, side, values[side])
	}
	only := [2][]string{missing(values[0], keys[0], keys[1]), missing(values[1], keys[1], keys[0])}
	j := &judgement[D]{f: f, x: change[D]{comparison: c, from: from, to: to, collection: f.to - 1}}
	if len(only[0])+len(only[1]) == 0 {
		if f.list && (c.o.Order && !slices.Equal(keys[0], keys[1]) || f.name == fieldNames && keys[0][0] != keys[1][0]) {
			j.add(Reordered, values[0], values[1])
		}
		return j.changes
	}
	if !f.list && len(only[0]) > 0 && len(only[1]) > 0 {
		j.add(Changed, only[0], only[1])
		return j.changes
	}
	for _, value := range only[1] {
		j.add(Added, nil, []string{value})
	}
	for _, value := range only[0] {
		j.add(Removed, []string{value}, nil)
	}
	return j.changes
}

// judgement gathers the changes of a field. Values that have the same fate are
// one change.
type judgement[D any] struct {
	f       *field[D]
	x       change[D]
	changes []Change
	// places are those of the changes by their fates.
	places map[fate]int
}

// fate is what has become of a value, and what that does.
type fate struct {
	kind Kind
	verdict
}

func (j *judgement[D]) add(kind Kind, before, after []string) {
	j.x.kind, j.x.before, j.x.after = kind, before, after
	v := j.f.judge(&j.x)
	if i, known := j.places[fate{kind, v}]; known {
		same := &j.changes[i]
		same.From, same.To = append(same.From, before...), append(same.To, after...)
		return
	}
	if j.places == nil {
		j.places = make(map[fate]int)
	}
	j.places[fate{kind, v}] = len(j.changes)
	j.changes = append(j.changes, Change{
		Field: j.f.name, Kind: kind, From: append([]string{}, before...), To: append([]string{}, after...), Effect: v.effect, Reason: v.reason,
	})
}

// keyed returns the values, each once, and what they are compared by.
func (c *comparison) keyed(to int, exact bool, side int, values []string) (distinct []string, keys []any) {
	seen := make(map[any]bool, len(values))
	for _, value := range values {
		var key any = value
		switch {
		case to >= 0:
			key = c.identity(side, to, value)
		case !exact:
			key = strings.ToLower(value)
		}
		if !seen[key] {
			seen[key] = true
			distinct, keys = append(distinct, value), append(keys, key)
		}
	}
	return distinct, keys
}

// missing returns the values whose keys are not among the others.
func missing(values []string, keys, others []any) []string {
	there := make(map[any]bool, len(others))
	for _, key := range others {
		there[key] = true
	}
	var some []string
	for i, key := range keys {
		if !there[key] {
			some = append(some, values[i])
		}
	}
	return some
}

const fieldNames = "names"

// commonFields are those that all kinds have.
func commonFields[D any](c *comparison, k *kind[D]) []field[D] {
	text := func(of func(*schemajson.Definition) string) func(*D) []string {
		return optional(func(d *D) string { return of(k.shared(d)) })
	}
	fields := []field[D]{
		{name: "oid", values: text(func(d *schemajson.Definition) string { return d.OID }), judge: byKind[D](oidVerdicts)},
		{name: fieldNames, values: func(d *D) []string { return k.shared(d).Names }, list: true, judge: judgeNames[D]},
		{name: "desc", values: func(d *D) []string {
			if s := k.shared(d); s.DescGiven && !c.o.IgnoreDescriptions {
				return []string{s.Desc}
			}
			return nil
		}, exact: true, judge: always[D](Cosmetic, "descriptions are for people")},
		{name: "obsolete", values: flag(func(d *D) bool { return k.shared(d).Obsolete }), judge: byKind[D](obsoleteVerdicts)},
	}
	return fields
}

// extensionFields are the extensions of either definition, in order of their
// names.
func extensionFields[D any](c *comparison, k *kind[D], from, to *D) []field[D] {
	if c.o.IgnoreExtensions || len(k.shared(from).Extensions)+len(k.shared(to).Extensions) == 0 {
		return nil
	}
	values := map[*D]map[string][]string{from: extensionValues(k.shared(from)), to: extensionValues(k.shared(to))}
	names := slices.Collect(maps.Keys(values[from]))
	for name := range values[to] {
		if values[from][name] == nil {
			names = append(names, name)
		}
	}
	fields := make([]field[D], len(names))
	for i, name := range names {
		fields[i] = field[D]{
			name: name, list: true, exact: true, judge: always[D](Cosmetic, "extensions are for the server's own use"),
			values: func(d *D) []string { return values[d][name] },
		}
	}
	slices.SortFunc(fields, func(a, b field[D]) int { return strings.Compare(a.name, b.name) })
	return fields
}

// extensionValues returns the values of extensions by their names in capitals; an
// empty one for an extension without any.
func extensionValues(d *schemajson.Definition) map[string][]string {
	values := make(map[string][]string, len(d.Extensions))
	for _, x := range d.Extensions {
		name := strings.ToUpper(x.Name)
		if len(x.Values) == 0 {
			values[name] = append(values[name], "")
		}
		values[name] = append(values[name], x.Values...)
	}
	return values
}

// optional makes values of a field that has one at most.
func optional[D any](of func(*D) string) func(*D) []string {
	return func(d *D) []string {
		if value := of(d); value != "" {
			return []string{value}
		}
		return nil
	}
}

// flag makes values of a field that is said or not.
func flag[D any](of func(*D) bool) func(*D) []string {
	return func(d *D) []string {
		if of(d) {
			return []string{"true"}
		}
		return nil
	}
}

// numeral returns a number in digits, nothing for 0.
func numeral(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

// verdicts are those for a field's coming, going and turning into another.
type verdicts map[Kind]verdict

// byKind judges by what has become of the field alone.
func byKind[D any](of verdicts) func(*change[D]) verdict {
	return func(x *change[D]) verdict {
		if v, known := of[x.kind]; known {
			return v
		}
		return reordered
	}
}

// byValue judges a value that comes into or goes from a list of names, by the
// identity of what it names.
func byValue[D any](added, removed func(x *change[D], key any) verdict) func(*change[D]) verdict {
	return func(x *change[D]) verdict {
		switch x.kind {
		case Added:
			return added(x, x.identity(1, x.collection, x.after[0]))
		case Removed:
			return removed(x, x.identity(0, x.collection, x.before[0]))
		}
		return reordered
	}
}

// reordered is the verdict on lists in another order.
var reordered = verdict{Cosmetic, "the order does not matter"}

// judgeNames knows that only the first name's place matters.
func judgeNames[D any](x *change[D]) verdict {
	if x.kind == Reordered && strings.EqualFold(x.before[0], x.after[0]) {
		return reordered
	}
	return nameVerdicts[x.kind]
}

// always judges all changes alike.
func always[D any](effect Effect, reason string) func(*change[D]) verdict {
	return func(*change[D]) verdict { return verdict{effect, reason} }
}

var (
	oidVerdicts = verdicts{
		Added:   {Compatible, "the definition can be found by its OID"},
		Removed: {Breaking, "who uses the OID no longer finds the definition"},
		Changed: {Breaking, "who uses the OID no longer finds the definition, and takes it for another"},
	}
	nameVerdicts = verdicts{
		Added:     {Compatible, "the definition can be found by another name"},
		Removed:   {Breaking, "who uses the name no longer finds the definition"},
		Reordered: {Compatible, "servers usually return the first name, which clients may look for"},
	}
	obsoleteVerdicts = verdicts{
		Added:   {Compatible, "the definition is not meant for new entries"},
		Removed: {Compatible, "the definition is meant for new entries again"},
	}
)
