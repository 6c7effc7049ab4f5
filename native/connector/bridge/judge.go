package bridge

import (
	"log/slog"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/ldapedge/ldapedge/ldap/policy"
	"github.com/ldapedge/ldapedge/server"
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

// policyOf returns the policy of a session with a server, nil if nobody looks.
func (o *Options) policyOf(s *session, srv *server.Server) *policy.Policy {
	if o.Policy == nil {
		return nil
	}
	p := o.Policy(s.target.Name, s.identity.Subject.Name)
	if p == nil || o.WithSchema == nil || srv == s.identity.Target {
		return p // for a server that a token names nobody but its session dials, as the token's rules have it
	}
	return o.WithSchema(s.over, p, srv)
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
	return j.session.ToServer(), j.session.ToClient(), err
}

// held returns how much has been read of a message that goes on in what is read
// next, which belongs behind it. move moves it to b, which has that length.
func (j *judge) held() int {
	if j == nil {
		return 0
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.session.Held()
}

func (j *judge) move(b []byte) {
	if len(b) == 0 {
		return
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	j.session.Move(b)
}

// fromServer takes a server's bytes and returns what goes to the client, which may
// be a piece of them.
func (j *judge) fromServer(b []byte) (toClient []byte, err error) {
	if j == nil {
		return b, nil
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	err = j.session.FromServer(b)
	return j.session.ToClient(), err
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
