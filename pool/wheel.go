package pool

import "math/bits"

// wheel keeps some entries of a group by their turns, in slots of equal width,
// each a ring of entries in the order in which they came. It goes around, so
// turns must be less than a round ahead of the slot that is due. What all of it
// does takes the same time, however many entries there are.
type wheel struct {
	shift  uint    // a slot is 1<<shift wide
	heads  []int32 // of the slots, none for an empty one
	filled []uint64
	next   []int32 // by index
	prev   []int32
	slots  []int32 // by index, none if it is not in the wheel
	count  int
}

// reset empties the wheel, for n entries whose turns are at most furthest
// apart.
func (w *wheel) reset(n int, furthest uint64) {
	slots := 1 << bits.Len(uint(max(n, 64)))
	w.shift = uint(bits.Len64(furthest / uint64(slots/2)))
	w.heads = emptyPlaces(slots)
	w.filled = make([]uint64, slots/64)
	w.next, w.prev, w.slots = make([]int32, n), make([]int32, n), emptyPlaces(n)
	w.count = 0
}

// emptyPlaces returns n places that are none.
func emptyPlaces(n int) []int32 {
	places := make([]int32, n)
	for i := range places {
		places[i] = none
	}
	return places
}

func (w *wheel) slot(turn uint64) int { return int(turn>>w.shift) & (len(w.heads) - 1) }

// round is how far the turns of one round reach.
func (w *wheel) round() uint64 { return uint64(len(w.heads)) << w.shift }

// due returns the first entry in the first slot that has one, from the slot of
// now on. There must be one.
func (w *wheel) due(now uint64) int32 {
	slot := w.slot(now)
	word := slot / 64
	if here := w.filled[word] >> (slot % 64); here != 0 {
		return w.heads[slot+bits.TrailingZeros64(here)]
	}
	for {
		word = (word + 1) & (len(w.filled) - 1)
		if here := w.filled[word]; here != 0 {
			return w.heads[word*64+bits.TrailingZeros64(here)]
		}
	}
}

// put puts an entry at the end of its slot.
func (w *wheel) put(turn uint64, index int32) {
	slot := w.slot(turn)
	w.slots[index] = int32(slot)
	w.count++
	head := w.heads[slot]
	if head == none {
		w.heads[slot] = index
		w.filled[slot/64] |= 1 << (slot % 64)
		w.next[index], w.prev[index] = index, index
		return
	}
	last := w.prev[head]
	w.next[last], w.prev[index] = index, last
	w.next[index], w.prev[head] = head, index
}

// take takes an entry out.
func (w *wheel) take(index int32) {
	slot := w.slots[index]
	w.slots[index] = none
	w.count--
	next, prev := w.next[index], w.prev[index]
	if next == index {
		w.heads[slot] = none
		w.filled[slot/64] &^= 1 << (slot % 64)
		return
	}
	w.next[prev], w.prev[next] = next, prev
	if w.heads[slot] == index {
		w.heads[slot] = next
	}
}
