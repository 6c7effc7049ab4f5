package bridge

import (
	"log/slog"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/ldapedge/ldapedge/ldap/policy"
)

// judge is a session's policy, for both directions at once. The nil judge lets
// everything pass.
type judge struct {
	policy *policy.Policy

	mu      sync.Mutex
	session *policy.Session
}

func newJudge(p *policy.Policy, confidential bool) *judge {
	if p == nil {
		return nil
	}
	j := &judge{policy: p, session: p.Session()}
	j.session.Confidential = confidential
	return j
}

// maxRequest is the largest LDAP message of a client, 0 if nobody looks.
func (j *judge) maxRequest() int {
	if j == nil {
		return 0
	}
	return j.policy.MaxRequest()
}

// fromClient takes a client's bytes and returns what goes to the server and what
// is answered in its place. After an error there is no more.
func (j *judge) fromClient(now time.Time, b []byte) (toServer, answers []byte, err error) {
	if j == nil {
		return b, nil, nil
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	err = j.session.FromClient(now, b)
	return j.session.ToServer(), joined(j.session.ToClient()), err
}

// fromServer takes a server's bytes and returns what goes to the client, in pieces
// that refer to them.
func (j *judge) fromServer(b []byte) (pieces [][]byte, err error) {
	if j == nil {
		return [][]byte{b}, nil
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	err = j.session.FromServer(b)
	pieces = j.session.ToClient()
	if len(pieces) > 1 {
		pieces = [][]byte{joined(pieces)} // one frame is better than many
	}
	return pieces, err
}

func joined(pieces [][]byte) []byte {
	n := 0
	for _, p := range pieces {
		n += len(p)
	}
	if n == 0 {
		return nil
	}
	b := make([]byte, 0, n)
	for _, p := range pieces {
		b = append(b, p...)
	}
	return b
}

func (j *judge) counts() policy.Counts {
	if j == nil {
		return policy.Counts{}
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.session.Counts()
}

// inFlight is how many operations are in progress, 0 if nobody looks.
func (j *judge) inFlight() int {
	if j == nil {
		return 0
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.session.InFlight()
}

// attributes are for the log.
func (j *judge) attributes() []any {
	if j == nil {
		return nil
	}
	counts := j.counts()
	return []any{slog.Group("operations", attributes(counts.Operations)...), slog.Group("refusals", attributes(counts.Refusals)...)}
}

// attributes are counts in the order of their names.
func attributes[K ~string](counts map[K]uint64) (all []any) {
	for _, name := range slices.Sorted(maps.Keys(counts)) {
		all = append(all, slog.Uint64(string(name), counts[name]))
	}
	return all
}
