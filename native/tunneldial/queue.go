package tunneldial

// chunkSize is the least that a chunk has room for, so that many small frames are
// no more memory than their bytes.
const chunkSize = 4 << 10

// queue is what has arrived and not yet been read.
type queue struct {
	chunks [][]byte
	size   int // bytes
}

// push adds a copy of the bytes.
func (q *queue) push(b []byte) {
	q.size += len(b)
	if n := len(q.chunks); n > 0 && cap(q.chunks[n-1])-len(q.chunks[n-1]) >= len(b) {
		q.chunks[n-1] = append(q.chunks[n-1], b...)
		return
	}
	q.chunks = append(q.chunks, append(make([]byte, 0, max(len(b), chunkSize)), b...))
}

// read takes bytes off the first chunk.
func (q *queue) read(p []byte) int {
	n := copy(p, q.chunks[0])
	q.size -= n
	if q.chunks[0] = q.chunks[0][n:]; len(q.chunks[0]) == 0 {
		q.pop()
	}
	return n
}

// pop takes the first chunk off; its bytes still count.
func (q *queue) pop() []byte {
	b := q.chunks[0]
	q.chunks[0] = nil
	q.chunks = q.chunks[1:]
	return b
}
