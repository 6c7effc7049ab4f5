package pool

// Clone returns a pool with the same members and options and a state of its
// own, as if it were new, such as ldap3's pools without single_state have for
// each connection. Options.Rand, which two cannot share, is not kept. The clone
// of a pool within another one has the options of the outermost.
func (p *Pool) Clone() *Pool {
	c := p.lock()
	defer c.unlock()
	return p.group.clone(c.m.given)
}

func (g *group) clone(o Options) *Pool {
	o.Strategy, o.ReturnHome, o.Rand = g.strategy, g.returnHome, nil
	members := make([]Member, len(g.entries))
	for i, e := range g.entries {
		members[i].Weight = int(e.weight)
		if e.group != nil {
			members[i].Pool = e.group.clone(Options{})
		} else {
			members[i].Server, members[i].MaxConnections = e.member.server, e.member.limit
		}
	}
	p, err := New(members, &o)
	if err != nil {
		panic(err) // cannot be: the same members have been a pool before
	}
	return p
}
