package main

import (
	"fmt"
	"io"
	"time"
)

// progressPause is how often a count is shown.
const progressPause = 100 * time.Millisecond

// progress counts on a terminal what goes elsewhere.
type progress struct {
	to    io.Writer // nil if nobody reads along
	last  time.Time
	shown bool
}

// newProgress returns one that counts on stderr if that is a terminal and the
// results do not go to one.
func newProgress(stderr, stdout io.Writer) *progress {
	if !isTerminal(stderr) || isTerminal(stdout) {
		return &progress{}
	}
	return &progress{to: stderr, last: time.Now()}
}

func (p *progress) found(n int) {
	if p.to == nil {
		return
	}
	if now := time.Now(); now.Sub(p.last) >= progressPause {
		fmt.Fprint(p.to, "\r", entries(n))
		p.last, p.shown = now, true
	}
}

// done takes the count away.
func (p *progress) done() {
	if p.shown {
		fmt.Fprint(p.to, "\r\x1b[K")
		p.shown = false
	}
}
