package schemajson

// links are the references between attribute types and object classes,
// resolved once, by the numbers of the definitions.
type links struct {
	supertype []int32 // of each attribute type; none where there is none
	subtypes  relation

	superclasses relation // of each class, its direct ones
	subclasses   relation
	must, may    relation // of each class, its own attribute types
	requiredBy   relation // of each attribute type, the classes that name it in MUST
	allowedBy    relation // ... in MAY
}

// none stands for a reference to what the schema does not define.
const none int32 = -1

// relation maps each of a collection's definitions to several others. Those
// of i are to[start[i]:start[i+1]].
type relation struct {
	start []int32
	to    []int32
}

// of returns the numbers that i is mapped to.
func (r *relation) of(i int) []int32 { return r.to[r.start[i]:r.start[i+1]] }

func (l *links) build(s *SchemaInfo) {
	attributes, classes := len(s.AttributeTypes), len(s.ObjectClasses)
	l.supertype = make([]int32, attributes)
	for i := range s.AttributeTypes {
		l.supertype[i] = none
		if sup := s.AttributeTypes[i].SUP; sup != "" {
			l.supertype[i] = s.attributeTypes.number(sup)
		}
	}
	l.subtypes = invert(attributes, attributes, func(i int) []int32 { return l.supertype[i : i+1] })
	l.superclasses = resolve(&s.objectClasses, s.ObjectClasses, func(c *ObjectClass) []string { return c.SUP })
	l.subclasses = invert(classes, classes, l.superclasses.of)
	l.must = resolve(&s.attributeTypes, s.ObjectClasses, func(c *ObjectClass) []string { return c.Must })
	l.requiredBy = invert(attributes, classes, l.must.of)
	l.may = resolve(&s.attributeTypes, s.ObjectClasses, func(c *ObjectClass) []string { return c.May })
	l.allowedBy = invert(attributes, classes, l.may.of)
}

// resolve looks the names that each class gives up in an index.
func resolve(in *index, classes []ObjectClass, names func(*ObjectClass) []string) relation {
	total := 0
	for i := range classes {
		total += len(names(&classes[i]))
	}
	r := relation{start: make([]int32, 1, len(classes)+1), to: make([]int32, 0, total)}
	for i := range classes {
		for _, name := range names(&classes[i]) {
			r.to = append(r.to, in.number(name))
		}
		r.start = append(r.start, int32(len(r.to)))
	}
	return r
}

// invert turns a relation of m definitions to n others round. One that names
// another twice is listed once.
func invert(n, m int, of func(int) []int32) relation {
	last := make([]int32, n) // the definition plus one that came last
	each := func(do func(from int32, to int32)) {
		clear(last)
		for i := range m {
			for _, j := range of(i) {
				if j != none && last[j] != int32(i+1) {
					last[j] = int32(i + 1)
					do(int32(i), j)
				}
			}
		}
	}
	start := make([]int32, n+2)
	each(func(_, to int32) { start[to+2]++ })
	for i := range n {
		start[i+2] += start[i+1]
	}
	r := relation{start: start[:n+1], to: make([]int32, start[n+1])}
	// start[to+1] is where the next one goes. In the end that is where those of
	// to+1 begin.
	each(func(from, to int32) {
		r.to[start[to+1]] = from
		start[to+1]++
	})
	return r
}

// pick returns the definitions with the numbers, but for references to what is
// not defined.
func pick[D any](definitions []D, numbers []int32) []*D {
	all := make([]*D, 0, len(numbers))
	for _, n := range numbers {
		if n != none {
			all = append(all, &definitions[n])
		}
	}
	return all
}
