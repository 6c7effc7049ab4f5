package pool

import (
	"slices"
	"strings"
)

// Strategy is the order in which the members of a pool are tried.
type Strategy string

// The strategies. The first three are python ldap3's.
const (
	// First tries the members in the order in which they were added.
	First Strategy = "FIRST"
	// RoundRobin begins with the member after the last one, at the start with
	// any.
	RoundRobin Strategy = "ROUND_ROBIN"
	// Random begins with any member.
	Random Strategy = "RANDOM"
	// Weighted gives each member a share by its weight, evenly spread.
	Weighted Strategy = "WEIGHTED"
	// FewestConnections begins with the member with the fewest open
	// connections, among equals with the one that was taken longest ago.
	FewestConnections Strategy = "FEWEST_CONNECTIONS"
	// Fastest draws two members and takes the one that has been opening faster,
	// on an exponentially weighted average. One that was never opened counts as
	// the fastest; the two may be the same, so that a slow one is measured again.
	Fastest Strategy = "FASTEST"
)

var strategies = []Strategy{First, RoundRobin, Random, Weighted, FewestConnections, Fastest}

// historical are the names of python ldap3 before 2.0.7, and its numbers of
// 0.9.5 and 0.9.6, with what some of them say of Active.
var historical = map[string]struct {
	strategy Strategy
	active   Active
	says     bool
}{
	"0":                                    {First, 0, false},
	"1":                                    {RoundRobin, 0, false},
	"2":                                    {Random, 0, false},
	"POOLING_STRATEGY_FIRST":               {First, 0, false},
	"POOLING_STRATEGY_ROUND_ROBIN":         {RoundRobin, 0, false},
	"POOLING_STRATEGY_RANDOM":              {Random, 0, false},
	"POOLING_STRATEGY_NONE":                {First, Inactive, true},
	"POOLING_STRATEGY_FIRST_ACTIVE":        {First, Forever, true},
	"POOLING_STRATEGY_ROUND_ROBIN_ACTIVE":  {RoundRobin, Forever, true},
	"POOLING_STRATEGY_ROUND_ROBIN_PASSIVE": {RoundRobin, Inactive, true},
	"POOLING_STRATEGY_RANDOM_ACTIVE":       {Random, Forever, true},
	"POOLING_STRATEGY_RANDOM_PASSIVE":      {Random, Inactive, true},
}

// ParseStrategy reads the name of a strategy, or a historical name or number of
// python ldap3's: "POOLING_STRATEGY_FIRST", "0". Some of these say whether the
// pool is active: "POOLING_STRATEGY_ROUND_ROBIN_ACTIVE" is ROUND_ROBIN and
// [Forever], "…_PASSIVE" and "POOLING_STRATEGY_NONE" (FIRST) are [Inactive];
// active is nil for the others. The error is an [*Error].
func ParseStrategy(name string) (s Strategy, active *Active, err error) {
	old, ok := historical[name]
	if !ok {
		if err := Strategy(name).check(); err != nil {
			return "", nil, err
		}
		return Strategy(name), nil, nil
	}
	if old.says {
		active = &old.active
	}
	return old.strategy, active, nil
}

// check refuses what is no strategy.
func (s Strategy) check() error {
	if slices.Contains(strategies, s) {
		return nil
	}
	names := make([]string, len(strategies))
	for i, known := range strategies {
		names[i] = string(known)
	}
	return wrong("strategy", string(s), "is none of "+strings.Join(names, ", "))
}

// Strategies returns all strategies.
func Strategies() []Strategy { return slices.Clone(strategies) }
