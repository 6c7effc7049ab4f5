package lint

import "slices"

// cycles returns the cycles of a graph whose n nodes each lead to others: for
// every set of nodes that lead to one another, one cycle through the first of
// them, in order of that node. Each cycle begins with it and does not repeat it
// at the end.
func cycles(n int, next func(int32) []int32) [][]int32 {
	set := strongSets(n, next)
	size := make([]int32, n)
	for _, one := range set {
		size[one]++
	}
	w := walker{next: next, set: set, from: make([]int32, n)}
	told := make([]bool, n)
	var all [][]int32
	for i := range int32(n) {
		if told[set[i]] || size[set[i]] == 1 && !slices.Contains(next(i), i) {
			continue
		}
		told[set[i]] = true
		all = append(all, w.round(i))
	}
	return all
}

// walker finds the way round a cycle.
type walker struct {
	next func(int32) []int32
	set  []int32
	// from is the node before each plus one, 0 where none is known. Sets do not
	// share nodes, so that it need not be cleared between them.
	from []int32
}

// round returns a shortest way from a node back to itself.
func (w *walker) round(start int32) []int32 {
	queue := []int32{start}
	for i := 0; i < len(queue); i++ {
		at := queue[i]
		for _, to := range w.next(at) {
			if to == start {
				return w.back(at)
			}
			if w.set[to] == w.set[start] && w.from[to] == 0 {
				w.from[to] = at + 1
				queue = append(queue, to)
			}
		}
	}
	return queue[:1]
}

// back returns the way to a node from the first one, which has none before it.
func (w *walker) back(at int32) []int32 {
	way := []int32{at}
	for w.from[at] != 0 {
		at = w.from[at] - 1
		way = append(way, at)
	}
	slices.Reverse(way)
	return way
}

// strongSets tells for each node of a graph the set of nodes that it leads to
// and that lead to it (Tarjan's strongly connected components). Depth costs
// memory, not stack.
func strongSets(n int, next func(int32) []int32) []int32 {
	type frame struct {
		node int32
		edge int
	}
	t := tarjan{order: make([]int32, n), low: make([]int32, n), set: make([]int32, n)}
	for i := range t.set {
		t.set[i] = none
	}
	var frames []frame
	for i := range int32(n) {
		if t.order[i] != 0 {
			continue
		}
		t.enter(i)
		frames = append(frames, frame{node: i})
		for len(frames) > 0 {
			f := &frames[len(frames)-1]
			if edges := next(f.node); f.edge < len(edges) {
				to := edges[f.edge]
				f.edge++
				if t.order[to] == 0 {
					t.enter(to)
					frames = append(frames, frame{node: to})
				} else if t.set[to] == none {
					t.low[f.node] = min(t.low[f.node], t.order[to])
				}
				continue
			}
			node := f.node
			t.leave(node)
			frames = frames[:len(frames)-1]
			if len(frames) > 0 {
				before := frames[len(frames)-1].node
				t.low[before] = min(t.low[before], t.low[node])
			}
		}
	}
	return t.set
}

type tarjan struct {
	order, low []int32 // from 1; 0 for a node not met
	set        []int32 // named by one of its nodes; none while it is open
	stack      []int32
	count      int32
}

func (t *tarjan) enter(node int32) {
	t.count++
	t.order[node], t.low[node] = t.count, t.count
	t.stack = append(t.stack, node)
}

// leave closes a node's set if the node was the first of it to be met.
func (t *tarjan) leave(node int32) {
	if t.low[node] != t.order[node] {
		return
	}
	for {
		last := t.stack[len(t.stack)-1]
		t.stack = t.stack[:len(t.stack)-1]
		t.set[last] = node
		if last == node {
			return
		}
	}
}
