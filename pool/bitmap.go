package pool

import "math/bits"

// bitmap is a set of the entries of a group, by index.
type bitmap []uint64

func newBitmap(entries []*entry) bitmap {
	b := make(bitmap, (len(entries)+63)/64)
	for i, e := range entries {
		if e.ready {
			b.put(i)
		}
	}
	return b
}

func (b bitmap) put(i int)  { b[i/64] |= 1 << (i % 64) }
func (b bitmap) drop(i int) { b[i/64] &^= 1 << (i % 64) }

// next returns the first in the set that is i or more, none if there is none.
func (b bitmap) next(i int) int {
	word := i / 64
	if word >= len(b) {
		return none
	}
	if w := b[word] >> (i % 64); w != 0 {
		return i + bits.TrailingZeros64(w)
	}
	for word++; word < len(b); word++ {
		if w := b[word]; w != 0 {
			return word*64 + bits.TrailingZeros64(w)
		}
	}
	return none
}
