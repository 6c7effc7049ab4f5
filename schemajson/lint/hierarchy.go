package lint

import (
	"slices"

	"github.com/ldapedge/ldapedge/schemajson"
)

// mostDetours bounds the steps that a hierarchy takes off the straight path,
// which only classes with several superclasses need.
const mostDetours = 1 << 24

// hierarchy is the object classes as their superclasses link them. Its walk
// visits every class with what it inherits at hand, at a cost in proportion to
// what the classes say: from class to subclass, adding what a class names on
// the way down and taking it away on the way up. Superclasses that are not on
// that way are a detour.
type hierarchy struct {
	s      *schemajson.SchemaInfo
	number map[*objectClass]int32
	// sups and must, may are what each class names and the schema defines, each
	// once.
	sups      [][]int32
	must, may [][]*attributeType

	// broken tells which classes name a superclass that is not defined.
	broken []bool

	// required and allowed count the classes that require and allow an
	// attribute, among those that apply at this point of the walk.
	required, allowed map[*attributeType]int
	// unknown counts the broken classes among them.
	unknown int
	// applies tells which classes apply at this point.
	applies []bool
	// detours is how many more steps may be taken.
	detours int
}

// visitor is what a walk of the hierarchy calls.
type visitor interface {
	// inherited is called with what the superclasses name at hand. redundant are
	// the direct superclasses that are superclasses of another one.
	inherited(class int32, redundant []int32)
	// complete is called with what the class names at hand as well.
	complete(class int32)
}

func newHierarchy(s *schemajson.SchemaInfo) *hierarchy {
	n := len(s.ObjectClasses)
	h := &hierarchy{
		s: s, sups: make([][]int32, n), must: make([][]*attributeType, n), may: make([][]*attributeType, n),
		required: make(map[*attributeType]int), allowed: make(map[*attributeType]int),
		applies: make([]bool, n), broken: make([]bool, n), detours: mostDetours,
	}
	h.number = make(map[*objectClass]int32, n)
	for i := range s.ObjectClasses {
		h.number[&s.ObjectClasses[i]] = int32(i)
	}
	for i := range s.ObjectClasses {
		k := &s.ObjectClasses[i]
		for _, sup := range distinct(k.SUP, s.ObjectClass) {
			h.sups[i] = append(h.sups[i], h.number[sup])
		}
		h.broken[i] = slices.ContainsFunc(k.SUP, func(sup string) bool { return s.ObjectClass(sup) == nil })
		h.must[i], h.may[i] = distinct(k.Must, s.AttributeType), distinct(k.May, s.AttributeType)
	}
	return h
}

// distinct looks names up and returns what is defined, each once.
func distinct[D any](names []string, lookUp func(string) *D) []*D {
	all := make([]*D, 0, len(names))
	var seen map[*D]bool
	if len(names) > 1 {
		seen = make(map[*D]bool, len(names))
	}
	for _, name := range names {
		if d := lookUp(name); d != nil && !seen[d] {
			if seen != nil {
				seen[d] = true
			}
			all = append(all, d)
		}
	}
	return all
}

// step is a class on the way down.
type step struct {
	class int32
	// detour are the superclasses of the class off the way.
	detour []int32
	// child is how many of its subclasses have been visited.
	child int
}

// walk visits every class once.
func (h *hierarchy) walk(v visitor) {
	children, roots := h.forest()
	for _, root := range roots {
		way := []step{h.enter(root, v)}
		for len(way) > 0 {
			top := &way[len(way)-1]
			if below := children[top.class]; top.child < len(below) {
				top.child++
				way = append(way, h.enter(below[top.child-1], v))
				continue
			}
			h.leave(top)
			way = way[:len(way)-1]
		}
	}
}

// forest makes trees of the classes: each hangs under the first of its
// superclasses, but for one class of every cycle.
func (h *hierarchy) forest() (children [][]int32, roots []int32) {
	n := len(h.sups)
	children = make([][]int32, n)
	parent := func(i int32) int32 {
		if len(h.sups[i]) == 0 {
			return none
		}
		return h.sups[i][0]
	}
	met := make([]int32, n) // the round plus one in which a class was met
	for i := range int32(n) {
		at := i
		for at != none && met[at] == 0 {
			met[at] = i + 1
			up := parent(at)
			if up == none || met[up] == i+1 {
				roots = append(roots, at)
			} else {
				children[up] = append(children[up], at)
			}
			at = up
		}
	}
	return children, roots
}

func (h *hierarchy) enter(class int32, v visitor) step {
	h.applies[class] = true
	detour, redundant := h.detour(class)
	v.inherited(class, redundant)
	h.count(class, 1)
	v.complete(class)
	return step{class: class, detour: detour}
}

func (h *hierarchy) leave(s *step) {
	h.count(s.class, -1)
	h.applies[s.class] = false
	for _, class := range s.detour {
		h.count(class, -1)
		h.applies[class] = false
	}
}

// detour makes the superclasses of a class apply that do not yet, and returns
// them. A direct superclass that another leads to is redundant.
func (h *hierarchy) detour(class int32) (added, redundant []int32) {
	sups := h.sups[class]
	direct := make(map[int32]bool, len(sups))
	if len(sups) > 1 {
		for _, sup := range sups {
			direct[sup] = true
		}
	}
	note := func(sup int32) {
		if direct[sup] {
			direct[sup] = false
			redundant = append(redundant, sup)
		}
	}
	for i, sup := range sups {
		if h.applies[sup] {
			if i > 0 && sup != class {
				note(sup)
			}
			continue
		}
		if h.detours <= 0 {
			break
		}
		added = h.add(added, sup)
		for j := len(added) - 1; j < len(added); j++ {
			for _, up := range h.sups[added[j]] {
				h.detours--
				if !h.applies[up] {
					added = h.add(added, up)
				} else if up != class {
					note(up)
				}
			}
		}
	}
	return added, redundant
}

func (h *hierarchy) add(added []int32, class int32) []int32 {
	h.applies[class] = true
	h.count(class, 1)
	h.detours -= 1 + len(h.must[class]) + len(h.may[class])
	return append(added, class)
}

// count adds what a class itself names, or takes it away.
func (h *hierarchy) count(class int32, by int) {
	for _, t := range h.must[class] {
		h.required[t] += by
	}
	for _, t := range h.may[class] {
		h.allowed[t] += by
	}
	if h.broken[class] {
		h.unknown += by
	}
}

// auxiliaryAttributes returns the attributes that auxiliary classes and their
// superclasses require and allow.
func (h *hierarchy) auxiliaryAttributes() map[*attributeType]bool {
	all := make(map[*attributeType]bool)
	met := make([]bool, len(h.sups))
	var queue []int32
	add := func(i int32) {
		if !met[i] {
			met[i] = true
			queue = append(queue, i)
		}
	}
	for i := range h.s.ObjectClasses {
		if h.s.ObjectClasses[i].Kind == schemajson.Auxiliary {
			add(int32(i))
		}
	}
	for i := 0; i < len(queue); i++ {
		for _, types := range [][]*attributeType{h.must[queue[i]], h.may[queue[i]]} {
			for _, t := range types {
				all[t] = true
			}
		}
		for _, sup := range h.sups[queue[i]] {
			add(sup)
		}
	}
	return all
}

// requires and allows tell what the classes that apply say of an attribute.
func (h *hierarchy) requires(t *attributeType) bool { return h.required[t] > 0 }
func (h *hierarchy) allows(t *attributeType) bool   { return h.required[t] > 0 || h.allowed[t] > 0 }
