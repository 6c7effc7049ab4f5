package schemajson

import (
	"hash/maphash"
	"math/bits"
	"strings"
)

// index finds definitions by any of their names and by their OID, without
// regard to ASCII case. It is an open-addressing table: look-ups allocate
// nothing, and the hash is seeded so that no server can choose colliding names.
type index struct {
	definitions []*Definition
	seed        uint64
	slots       []slot
}

// slot holds a definition's number plus one, so that a zero slot is free, and
// which of its keys it is for: a name's number, or that of names for the OID.
type slot struct {
	hash   uint32
	number int32
	key    int32
}

// key returns the k-th key of a definition: its names, then its OID.
func (d *Definition) key(k int32) string {
	if int(k) < len(d.Names) {
		return d.Names[k]
	}
	return d.OID
}

// build indexes the definitions. The first one with a key has it; duplicate is
// called for each later one, with its keys that an earlier one has.
func (x *index) build(definitions []*Definition, duplicate func(d, first *Definition, keys []string)) {
	if len(definitions) == 0 {
		return
	}
	keys := 0
	for _, d := range definitions {
		keys += 1 + len(d.Names)
	}
	size := 8
	for size*3 < keys*4 { // at most three quarters are taken
		size *= 2
	}
	x.definitions, x.seed, x.slots = definitions, maphash.Bytes(maphash.MakeSeed(), nil), make([]slot, size)
	for i, d := range definitions {
		first, taken := none, []string(nil)
		for k := range len(d.Names) + 1 {
			key := d.key(int32(k))
			if key == "" {
				continue
			}
			// The same name twice in one definition is no one's loss.
			if by := x.insert(i, k, key); by != none && by != int32(i) {
				if first != none && by != first {
					duplicate(d, definitions[first], taken)
					taken = nil
				}
				first, taken = by, append(taken, key)
			}
		}
		if first != none {
			duplicate(d, definitions[first], taken)
		}
	}
}

// insert gives a key to a definition and returns none, or the number of the
// definition that has the key already.
func (x *index) insert(i, k int, key string) int32 {
	hash := hashFolded(x.seed, key)
	for at := hash; ; at++ {
		s := &x.slots[at&uint32(len(x.slots)-1)]
		if s.number == 0 {
			*s = slot{hash: hash, number: int32(i + 1), key: int32(k)}
			return none
		}
		if x.matches(s, hash, key) {
			return s.number - 1
		}
	}
}

// matches tells whether a slot that is not free is the key's.
func (x *index) matches(s *slot, hash uint32, key string) bool {
	if s.hash != hash {
		return false
	}
	own := x.definitions[s.number-1].key(s.key)
	return own == key || strings.EqualFold(own, key)
}

// number returns the number of the definition with the key, or none.
func (x *index) number(key string) int32 {
	if len(x.slots) == 0 {
		return none
	}
	hash := hashFolded(x.seed, key)
	for at := hash; ; at++ {
		s := &x.slots[at&uint32(len(x.slots)-1)]
		if s.number == 0 {
			return none
		}
		if x.matches(s, hash, key) {
			return s.number - 1
		}
	}
}

// byKey returns the definition with the key among those that are indexed, or
// nil.
func byKey[D any](x *index, definitions []D, key string) *D {
	if n := x.number(key); n != none {
		return &definitions[n]
	}
	return nil
}

// hashFolded is a hash that does not tell ASCII letters' case. It takes eight
// bytes at a time, and mixes as wyhash does: by the halves of a 128-bit product.
func hashFolded(seed uint64, s string) uint32 {
	const (
		// lower sets the bit that small letters have. It also makes some other
		// characters alike, which costs nothing but a comparison.
		lower = 0x2020202020202020
		mixer = 0x9e3779b97f4a7c15
	)
	h := seed ^ uint64(len(s))
	mix := func(word uint64) {
		high, low := bits.Mul64(h^(word|lower), mixer^seed)
		h = high ^ low
	}
	if len(s) < 8 {
		var word uint64
		for i := 0; i < len(s); i++ {
			word = word<<8 | uint64(s[i])
		}
		mix(word)
		return uint32(h)
	}
	for i := 0; i < len(s)-8; i += 8 {
		mix(eightBytes(s[i:]))
	}
	mix(eightBytes(s[len(s)-8:])) // some of them for the second time
	return uint32(h)
}

func eightBytes(s string) uint64 {
	_ = s[7]
	return uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 |
		uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
}
