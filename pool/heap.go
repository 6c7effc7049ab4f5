package pool

// heap keeps some entries of a group by their keys, the least first, and knows
// the place of each, so that any can be moved or taken out. Entries are known by
// index: all that moving them touches lies close together. Four children a node
// make it flat, and their keys lie in one cache line.
type heap struct {
	items  []heapItem
	places []int32 // by index, none if it is not in the heap
}

type heapItem struct {
	key   uint64
	index int32
}

// before compares keys as numbers on a circle, for they wrap around.
func (a heapItem) before(b heapItem) bool { return int64(a.key-b.key) < 0 }

// reset empties the heap, for n entries.
func (h *heap) reset(n int) {
	h.items = make([]heapItem, 0, n)
	h.places = emptyPlaces(n)
}

func (h *heap) push(key uint64, index int32) {
	h.items = append(h.items, heapItem{key, index})
	h.up(len(h.items) - 1)
}

func (h *heap) remove(index int32) {
	i, last := int(h.places[index]), len(h.items)-1
	h.places[index] = none
	moved := h.items[last]
	h.items = h.items[:last]
	if i < last {
		h.set(i, moved)
	}
}

// change gives an entry another key, if it is in the heap.
func (h *heap) change(key uint64, index int32) {
	if i := h.places[index]; i != none {
		h.set(int(i), heapItem{key, index})
	}
}

// set puts an item in the place i and moves it to where it belongs.
func (h *heap) set(i int, item heapItem) {
	h.items[i] = item
	if i > 0 && item.before(h.items[(i-1)/4]) {
		h.up(i)
	} else {
		h.down(i)
	}
}

func (h *heap) up(i int) {
	item := h.items[i]
	for i > 0 {
		parent := (i - 1) / 4
		if !item.before(h.items[parent]) {
			break
		}
		h.items[i] = h.items[parent]
		h.places[h.items[i].index] = int32(i)
		i = parent
	}
	h.items[i] = item
	h.places[item.index] = int32(i)
}

func (h *heap) down(i int) {
	items, places := h.items, h.places
	item := items[i]
	for {
		child := 4*i + 1
		if child >= len(items) {
			break
		}
		least := child
		if child+4 <= len(items) {
			four := items[child : child+4 : child+4]
			a, b := 0, 2
			if four[1].before(four[0]) {
				a = 1
			}
			if four[3].before(four[2]) {
				b = 3
			}
			if four[b].before(four[a]) {
				a = b
			}
			least = child + a
		} else {
			for c := child + 1; c < len(items); c++ {
				if items[c].before(items[least]) {
					least = c
				}
			}
		}
		if !items[least].before(item) {
			break
		}
		items[i] = items[least]
		places[items[i].index] = int32(i)
		i = least
	}
	items[i] = item
	places[item.index] = int32(i)
}
