package auth

import (
	"crypto/sha256"
	"encoding/hex"
	"sync"
	"time"
)

// memory is what is remembered of tokens with a jti until they expire: how many
// sessions they have, and have had.
type memory struct {
	now func() time.Time

	mu   sync.Mutex
	used map[[sha256.Size]byte]*usage
	next time.Time // no entry expires before
}

// usage is what is remembered of one jti.
type usage struct {
	subject  string
	expires  time.Time
	once     bool
	sessions int // at this time
	inAll    int
}

// use is one credential's access to the memory.
type use struct {
	memory  *memory
	most    *JWT // the settings, which say how much
	id      [sha256.Size]byte
	subject string
	expires time.Time
	once    bool
}

// idOf is the hash of a jti: however long the jti, its memory is not.
func idOf(jti string) [sha256.Size]byte { return sha256.Sum256([]byte(jti)) }

// shown is what of the hash appears in logs.
func (u *use) shown() string { return hex.EncodeToString(u.id[:8]) }

// usedUp tells whether there can be no session any more.
func (u *use) usedUp() bool {
	u.memory.mu.Lock()
	defer u.memory.mu.Unlock()
	return u.refusedBy(u.memory.used[u.id])
}

func (u *use) refusedBy(before *usage) bool {
	return before != nil && (before.subject != u.subject || before.inAll >= u.most.SessionsInAll ||
		(u.once || before.once) && before.inAll > 0)
}

// begin counts a session.
func (u *use) begin() (release func(), refused Reason) {
	m := u.memory
	m.mu.Lock()
	defer m.mu.Unlock()
	now := m.now()
	if !now.Before(u.expires) {
		return nil, Expired // since it was authenticated; it may be forgotten already
	}
	before := m.used[u.id]
	switch {
	case u.refusedBy(before):
		return nil, Replayed
	case before == nil:
		m.forget(now)
		if len(m.used) >= u.most.Remembered {
			return nil, MemoryFull
		}
		before = m.add(u)
	case before.sessions >= u.most.Sessions:
		return nil, TooManySessions
	}
	before.sessions++
	before.inAll++
	before.once = before.once || u.once
	if u.expires.After(before.expires) {
		before.expires = u.expires
	}
	return func() {
		m.mu.Lock()
		defer m.mu.Unlock()
		before.sessions--
	}, ""
}

func (m *memory) add(u *use) *usage {
	if m.used == nil {
		m.used = make(map[[sha256.Size]byte]*usage)
	}
	added := &usage{subject: u.subject, expires: u.expires}
	m.used[u.id] = added
	if len(m.used) == 1 || u.expires.Before(m.next) {
		m.next = u.expires
	}
	return added
}

// forget drops what has expired. While nothing can have it costs nothing.
func (m *memory) forget(now time.Time) {
	if len(m.used) == 0 || now.Before(m.next) {
		return
	}
	m.next = time.Time{}
	for id, entry := range m.used {
		if !now.Before(entry.expires) {
			delete(m.used, id)
		} else if m.next.IsZero() || entry.expires.Before(m.next) {
			m.next = entry.expires
		}
	}
}
