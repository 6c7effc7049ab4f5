package diff

// lineage knows what the classes of one schema require and allow, their own
// and inherited, by the identities of the attribute types. It is asked about
// one class after the other.
type lineage struct {
	classes []objectClass
	number  map[*objectClass]int32
	sups    [][]int32
	// identities finds classes by theirs.
	identities map[any]int32
	// must and may are what each class itself names; requiredBy and allowedBy
	// have it the other way round.
	must, may             [][]attributeKey
	requiredBy, allowedBy map[any][]int32

	// class is the one that was asked about last, and line that class and its
	// superclasses; asked is how many there have been, and mark for each class
	// the last of them in whose line it is.
	class *objectClass
	line  []int32
	asked int32
	mark  []int32
}

// attributeKey is an attribute as a class names it, and its identity.
type attributeKey struct {
	name string
	key  any
}

// lineage returns that of one side, which is made when it is first needed.
func (c *comparison) lineage(side int) *lineage {
	if c.lineages[side] == nil {
		c.lineages[side] = newLineage(c, side)
	}
	return c.lineages[side]
}

func newLineage(c *comparison, side int) *lineage {
	s := c.schemas[side]
	n := len(s.ObjectClasses)
	l := &lineage{
		classes: s.ObjectClasses, number: make(map[*objectClass]int32, n), identities: make(map[any]int32, n), sups: make([][]int32, n), mark: make([]int32, n),
		must: make([][]attributeKey, n), may: make([][]attributeKey, n), requiredBy: make(map[any][]int32), allowedBy: make(map[any][]int32),
	}
	for i := range s.ObjectClasses {
		k := &s.ObjectClasses[i]
		l.number[k], l.identities[c.identityOf(&k.Definition)] = int32(i), int32(i)
	}
	for i := range s.ObjectClasses {
		k := &s.ObjectClasses[i]
		for _, name := range k.SUP {
			if sup := s.ObjectClass(name); sup != nil {
				l.sups[i] = append(l.sups[i], l.number[sup])
			}
		}
		for _, list := range []struct {
			names []string
			to    [][]attributeKey
			by    map[any][]int32
		}{{k.Must, l.must, l.requiredBy}, {k.May, l.may, l.allowedBy}} {
			for _, name := range list.names {
				key := c.identity(side, attributeTypes, name)
				list.to[i] = append(list.to[i], attributeKey{name, key})
				list.by[key] = append(list.by[key], int32(i))
			}
		}
	}
	return l
}

// of turns to a class.
func (l *lineage) of(k *objectClass) *lineage {
	if l.class == k {
		return l
	}
	l.asked++
	l.class, l.line = k, append(l.line[:0], l.number[k])
	l.mark[l.line[0]] = l.asked
	for i := 0; i < len(l.line); i++ {
		for _, sup := range l.sups[l.line[i]] {
			if l.mark[sup] != l.asked {
				l.mark[sup] = l.asked
				l.line = append(l.line, sup)
			}
		}
	}
	return l
}

func (l *lineage) any(classes []int32) bool {
	for _, n := range classes {
		if l.mark[n] == l.asked {
			return true
		}
	}
	return false
}

// requires and allows tell what the class says of an attribute; what it
// requires it also allows.
func (l *lineage) requires(key any) bool { return l.any(l.requiredBy[key]) }
func (l *lineage) allows(key any) bool   { return l.requires(key) || l.any(l.allowedBy[key]) }

// derives tells whether the class with an identity is among the superclasses.
func (l *lineage) derives(key any) bool {
	n, known := l.identities[key]
	return known && &l.classes[n] != l.class && l.mark[n] == l.asked
}

// all returns the attributes that the class and its superclasses name and that
// are selected, each once.
func (l *lineage) all(is func(key any) bool, lists ...[][]attributeKey) []string {
	var names []string
	seen := make(map[any]bool)
	for _, list := range lists {
		for _, n := range l.line {
			for _, a := range list[n] {
				if !seen[a.key] && is(a.key) {
					seen[a.key] = true
					names = append(names, a.name)
				}
			}
		}
	}
	return names
}
