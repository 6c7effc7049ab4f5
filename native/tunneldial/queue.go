package tunneldial

import "sync"

const (
	// chunkSize is the least that a chunk has room for, so that many small frames are
	// no more memory than their bytes.
	chunkSize = 4 << 10
	// largest is the room of the chunks that are used again: for the longest frame of
	// a connector, and more, as it takes room to see that there is no more.
	largest = 64<<10 + 512
)

// chunks are those that are used again.
var chunks = sync.Pool{New: func() any { return new([largest]byte) }}

func newChunk() []byte { return chunks.Get().(*[largest]byte)[:0] }

// release lets a chunk be used again, if it is one of those.
func release(b []byte) {
	if cap(b) == largest {
		chunks.Put((*[largest]byte)(b[:largest]))
	}
}

// queue is what has arrived and not yet been read.
type queue struct {
	chunks [][]byte
	size   int // bytes
	taken  int // bytes of the first chunk that have been read
}

// push adds a chunk, or a copy of the bytes if the chunk is mostly empty. It is the
// queue's.
func (q *queue) push(b []byte) {
	q.size += len(b)
	if len(b) > largest/2 {
		q.chunks = append(q.chunks, b)
		return
	}
	if n := len(q.chunks); n > 0 && cap(q.chunks[n-1])-len(q.chunks[n-1]) >= len(b) {
		q.chunks[n-1] = append(q.chunks[n-1], b...)
	} else {
		q.chunks = append(q.chunks, append(make([]byte, 0, max(len(b), chunkSize)), b...))
	}
	release(b)
}

// read takes bytes off the first chunk.
func (q *queue) read(p []byte) int {
	n := copy(p, q.chunks[0][q.taken:])
	q.size -= n
	if q.taken += n; q.taken == len(q.chunks[0]) {
		b := q.chunks[0]
		q.pop()
		release(b)
	}
	return n
}

// pop takes the first chunk off; its bytes still count.
func (q *queue) pop() []byte {
	b := q.chunks[0][q.taken:]
	q.taken = 0
	q.chunks[0] = nil
	q.chunks = q.chunks[1:]
	return b
}
