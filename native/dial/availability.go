package dial

import (
	"net/netip"
	"sync"
	"time"
)

// Availability is what is known of an address.
type Availability string

// What may be known of an address.
const (
	Unknown   Availability = "unknown"
	Available Availability = "available"
	Failed    Availability = "failed"
)

const (
	// markTime is how long the availability of an address is remembered, as
	// python ldap3 does.
	markTime = 5 * time.Second
	// markCount is the most addresses remembered.
	markCount = 4096
)

// marks remembers which addresses answered of late.
type marks struct {
	mu   sync.Mutex
	made map[string]mark
}

type mark struct {
	address netip.Addr
	state   Availability
	at      time.Time
}

func (m *marks) set(c Candidate, state Availability) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.made == nil {
		m.made = make(map[string]mark)
	}
	if len(m.made) >= markCount {
		m.sweep()
	}
	m.made[c.Address] = mark{c.address.Addr(), state, time.Now()}
}

// sweep forgets what is over, or if that is nothing, all.
func (m *marks) sweep() {
	for key, mark := range m.made {
		if time.Since(mark.at) >= markTime {
			delete(m.made, key)
		}
	}
	if len(m.made) >= markCount {
		clear(m.made)
	}
}

func (m *marks) get(address string) Availability {
	m.mu.Lock()
	defer m.mu.Unlock()
	if mark, ok := m.made[address]; ok && time.Since(mark.at) < markTime {
		return mark.state
	}
	return Unknown
}

// forget drops what is known of freshly resolved addresses.
func (m *marks) forget(addresses []netip.Addr) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for key, mark := range m.made {
		for _, a := range addresses {
			if mark.address == a {
				delete(m.made, key)
			}
		}
	}
}
