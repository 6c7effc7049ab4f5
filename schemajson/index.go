package schemajson

import (
	"hash/maphash"
	"strings"
)

// index finds definitions by any of their names and by their OID, without
// regard to ASCII case. It is an open-addressing table: look-ups allocate
// nothing, and the hash is seeded so that no server can choose colliding names.
type index[D any] struct {
	definitions []D
	at          func(int) *Definition
	seed        maphash.Seed
	slots       []slot
}

// slot holds a definition's number plus one, so that a zero slot is free.
type slot struct {
	hash   uint32
	number int32
}

// build indexes n definitions. The first definition with a key has it;
// duplicate is called for each later one.
func (x *index[D]) build(n int, at func(int) *Definition, duplicate func(i, first int, key string)) {
	keys := 0
	for i := range n {
		keys += 1 + len(at(i).Names)
	}
	size := 8
	for size < keys*2 {
		size *= 2
	}
	x.at, x.seed, x.slots = at, maphash.MakeSeed(), make([]slot, size)
	for i := range n {
		d := at(i)
		for _, name := range d.Names {
			x.insert(i, name, duplicate)
		}
		if d.OID != "" {
			x.insert(i, d.OID, duplicate)
		}
	}
}

func (x *index[D]) insert(i int, key string, duplicate func(i, first int, key string)) {
	hash := hashFolded(x.seed, key)
	for at := hash; ; at++ {
		s := &x.slots[at&uint32(len(x.slots)-1)]
		if s.number == 0 {
			*s = slot{hash: hash, number: int32(i + 1)}
			return
		}
		if s.hash == hash && x.at(int(s.number-1)).answersTo(key) {
			// The same name twice in one definition is no one's loss.
			if first := int(s.number - 1); first != i {
				duplicate(i, first, key)
			}
			return
		}
	}
}

func (x *index[D]) find(key string) *D {
	if len(x.slots) == 0 {
		return nil
	}
	hash := hashFolded(x.seed, key)
	for at := hash; ; at++ {
		s := x.slots[at&uint32(len(x.slots)-1)]
		if s.number == 0 {
			return nil
		}
		if s.hash == hash && x.at(int(s.number-1)).answersTo(key) {
			return &x.definitions[s.number-1]
		}
	}
}

// answersTo tells whether the key is one of the definition's names or its OID.
func (d *Definition) answersTo(key string) bool {
	for _, name := range d.Names {
		if strings.EqualFold(name, key) {
			return true
		}
	}
	return d.OID != "" && strings.EqualFold(d.OID, key)
}

func hashFolded(seed maphash.Seed, s string) uint32 {
	var buf [64]byte
	if len(s) <= len(buf) {
		return uint32(maphash.Bytes(seed, fold(buf[:0], s)))
	}
	var h maphash.Hash
	h.SetSeed(seed)
	for len(s) > 0 {
		n := min(len(s), len(buf))
		h.Write(fold(buf[:0], s[:n]))
		s = s[n:]
	}
	return uint32(h.Sum64())
}

// fold appends s in small ASCII letters.
func fold(dst []byte, s string) []byte {
	for i := 0; i < len(s); i++ {
		c := s[i]
		if 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
		dst = append(dst, c)
	}
	return dst
}
