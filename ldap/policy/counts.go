package policy

import "maps"

// Counts are what a session has counted.
type Counts struct {
	// Operations are the requests that were understood, by kind, refused ones
	// included.
	Operations map[Operation]uint64 `json:"operations"`
	// Refusals are what was refused, changed or dropped, by reason.
	Refusals map[Reason]uint64 `json:"refusals"`
}

// Counts returns what the session has counted so far.
func (s *Session) Counts() Counts {
	return Counts{Operations: maps.Clone(s.counts.Operations), Refusals: maps.Clone(s.counts.Refusals)}
}

func newCounts() Counts {
	return Counts{Operations: make(map[Operation]uint64), Refusals: make(map[Reason]uint64)}
}
