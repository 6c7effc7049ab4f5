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
// 0.9.5 and 0.9.6, with what they say of Active.
var historical = map[string]struct {
	strategy Strategy
	active   string
}{
	"0":                                    {First, ""},
	"1":                                    {RoundRobin, ""},
	"2":                                    {Random, ""},
	"POOLING_STRATEGY_FIRST":               {First, ""},
	"POOLING_STRATEGY_ROUND_ROBIN":         {RoundRobin, ""},
	"POOLING_STRATEGY_RANDOM":              {Random, ""},
	"POOLING_STRATEGY_NONE":                {First, "false"},
	"POOLING_STRATEGY_FIRST_ACTIVE":        {First, "true"},
	"POOLING_STRATEGY_ROUND_ROBIN_ACTIVE":  {RoundRobin, "true"},
	"POOLING_STRATEGY_ROUND_ROBIN_PASSIVE": {RoundRobin, "false"},
	"POOLING_STRATEGY_RANDOM_ACTIVE":       {Random, "true"},
	"POOLING_STRATEGY_RANDOM_PASSIVE":      {Random, "false"},
}

// ParseStrategy reads the name of a strategy, or a historical name or number of
// python ldap3's: "POOLING_STRATEGY_FIRST", "0". Some of these say whether the
// pool is active: "POOLING_STRATEGY_ROUND_ROBIN_ACTIVE" is ROUND_ROBIN and
// [Forever], "…_PASSIVE" and "POOLING_STRATEGY_NONE" (FIRST) are [Inactive];
// active is nil for the others. The error is an [*Error].
func ParseStrategy(name string) (s Strategy, active *Active, err error) {
	if s, err := strategy(Strategy(name)); err == nil {
		return s, nil, nil
	}
	old, ok := historical[name]
	if !ok {
		_, err := strategy(Strategy(name))
		return "", nil, err
	}
	switch old.active {
	case "true":
		active = new(Active)
		*active = Forever
	case "false":
		active = new(Active)
		*active = Inactive
	}
	return old.strategy, active, nil
}

func strategy(s Strategy) (Strategy, error) {
	names := make([]string, len(strategies))
	for i, known := range strategies {
		if s == known {
			return s, nil
		}
		names[i] = string(known)
	}
	return "", wrong("strategy", string(s), "is none of "+strings.Join(names, ", "))
}

// Strategies returns all strategies.
func Strategies() []Strategy { return slices.Clone(strategies) }
