package policy

import "time"

// bucket is a token bucket. The time is passed in, and may stand still or go
// back: then nothing is added.
type bucket struct {
	tokens float64
	last   time.Time
	filled bool
}

// take takes a token and returns whether there was one.
func (b *bucket) take(now time.Time, perSecond float64, burst int) bool {
	if perSecond == 0 {
		return true
	}
	if !b.filled {
		b.tokens, b.last, b.filled = float64(burst), now, true
	}
	if passed := now.Sub(b.last); passed > 0 {
		b.tokens = min(float64(burst), b.tokens+passed.Seconds()*perSecond)
		b.last = now
	}
	if b.tokens < 1 {
		return false
	}
	b.tokens--
	return true
}
