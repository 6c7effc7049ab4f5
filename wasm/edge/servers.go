package edge

import (
	"encoding/json"
	"maps"
	"slices"
	"time"

	"github.com/ldapedge/ldapedge/ldap"
	"github.com/ldapedge/ldapedge/ldap/message"
	"github.com/ldapedge/ldapedge/pool"
)

// Place is a pool or server, and how its servers are.
type Place struct {
	Name string `json:"name"`
	// Pool tells that it is a pool.
	Pool     bool          `json:"pool"`
	Strategy pool.Strategy `json:"strategy,omitempty"`
	Servers  []ServerState `json:"servers"`
}

// ServerState is a server, and how it is.
type ServerState struct {
	Name string `json:"name"`
	// Connector is the connector that reaches it, absent if it is dialled.
	Connector string `json:"connector,omitempty"`
	pool.MemberState
}

// servers answers GET /servers, with what the caller may reach.
func (e *Edge) servers(t *task, c *call) error {
	if !t.rights.servers() {
		return t.rights.refusal("this caller may not see the servers")
	}
	if err := c.only(); err != nil {
		return err
	}
	answer := struct {
		Servers []Place `json:"servers"`
	}{[]Place{}}
	add := func(name string, isPool bool) {
		if t.rights.reaches(name) {
			answer.Servers = append(answer.Servers, e.places[name].state(e.since(t.now), e.epoch, isPool))
		}
	}
	for _, s := range e.config.Servers {
		add(s.Name, false)
	}
	for _, p := range e.config.Pools {
		add(p.Name, true)
	}
	body, err := json.Marshal(answer)
	if err != nil {
		return err
	}
	t.respondJSON(body)
	return nil
}

func (p *place) state(now time.Duration, epoch time.Time, isPool bool) Place {
	st := p.machine.State(now, epoch)
	made := Place{Name: p.name, Pool: isPool}
	if isPool {
		made.Strategy = st.Strategy
	}
	byURL := map[string]*member{}
	for s, m := range p.members {
		byURL[s.URL()] = m
	}
	for _, one := range st.Members {
		of := byURL[one.URL]
		made.Servers = append(made.Servers, ServerState{of.Name, of.Connector, one})
	}
	return made
}

// Check begins a check of a pool's that is due. It returns the number of its task,
// 0 if none is due, and its first step.
func (e *Edge) Check(now time.Time) (id int, first *Step) {
	for _, name := range slices.Sorted(maps.Keys(e.places)) {
		p := e.places[name]
		if !p.checks {
			continue
		}
		check, _ := p.machine.NextCheck(e.since(now))
		if check == nil {
			continue
		}
		t := e.newTask(now)
		t.answered = true // nobody waits for an answer
		t.onDrop = func() { p.machine.CheckDropped(check) }
		return t.id, t.advance(now, func() { e.check(t, p, check) })
	}
	return 0, nil
}

// check looks whether a server answers.
func (e *Edge) check(t *task, p *place, check *pool.Check) {
	m := p.members[check.Server()]
	end := func(err error) {
		t.onDrop = nil
		p.machine.Checked(check, e.since(t.now), err)
		if t.stream == nil {
			t.do(Step{Do: DoEnd}, nil)
			return
		}
		e.release(t, func() { t.do(Step{Do: DoEnd}, nil) })
	}
	connector, name := m.target()
	t.do(Step{Do: DoOpen, Connector: connector, Name: name, Deadline: t.deadline}, func(ev Event) {
		if ev.Kind != EventOpened {
			end(streamError(ev))
			return
		}
		t.stream = &connection{place: p, member: m}
		if _, err := t.stream.machine.Search(message.SearchRequest{Attributes: []string{"1.1"}}); err != nil {
			end(err)
			return
		}
		e.exchange(t, t.deadline, func(ev message.Event) (bool, error) {
			if !ev.Done {
				return false, nil
			}
			result, err := ev.Result()
			if err == nil && slices.Contains([]message.ResultCode{message.ResultBusy, message.ResultUnavailable}, result.Code) {
				err = &ldap.ResultError{Op: "search", Result: result}
			}
			return true, err
		}, end)
	})
}
