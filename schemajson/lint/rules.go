package lint

// checkMatchingRules checks matching rules and their uses.
func (c *checker) checkMatchingRules() {
	for i := range c.s.MatchingRules {
		r := &c.s.MatchingRules[i]
		at := c.at(matchingRules, i)
		if r.Syntax == "" {
			c.report(at, MatchingRuleNoSyntax, "SYNTAX", "the matching rule has no SYNTAX")
		}
		c.report(at, SyntaxNotOID, "SYNTAX", notOID(c.s, r.Syntax))
	}
	unlisted := c.unlisted()
	for i := range c.s.MatchingRuleUses {
		u := &c.s.MatchingRuleUses[i]
		at := c.at(matchingRuleUse, i)
		if len(u.Applies) == 0 {
			c.report(at, RuleUseEmpty, "APPLIES", "the matching rule use applies to nothing")
		}
		if names := unlisted[u]; len(names) > 0 {
			c.report(at, RuleUseIncomplete, "APPLIES", listed(names)+" "+hasHave(len(names))+" the rule, but "+isAre(len(names))+" not in the list")
		}
		misfits := typeNames(distinct(u.Applies, c.s.AttributeType), func(t *attributeType) bool {
			return c.types.standards.misfit(u.OID, c.types.has[c.types.number[t]].syntax) != ""
		})
		if len(misfits) > 0 {
			c.report(at, RuleUseSyntax, "APPLIES", "the rule does not fit the syntax of "+listed(misfits))
		}
	}
}

// unlisted returns for each matching rule use the names of the attribute types
// that have its rule themselves and that it does not list.
func (c *checker) unlisted() map[*ruleUse][]string {
	if len(c.s.MatchingRuleUses) == 0 {
		return nil
	}
	type pair struct {
		use *ruleUse
		t   *attributeType
	}
	listed := make(map[pair]bool)
	for i := range c.s.MatchingRuleUses {
		u := &c.s.MatchingRuleUses[i]
		for _, name := range u.Applies {
			if t := c.s.AttributeType(name); t != nil {
				listed[pair{u, t}] = true
			}
		}
	}
	missing := make(map[*ruleUse][]string)
	for i := range c.s.AttributeTypes {
		t := &c.s.AttributeTypes[i]
		for _, name := range []string{t.Equality, t.Ordering, t.Substr} {
			rule := c.s.MatchingRule(name)
			if rule == nil {
				continue
			}
			if u := c.s.MatchingRuleUse(rule.OID); u != nil && !listed[pair{u, t}] {
				listed[pair{u, t}] = true
				missing[u] = append(missing[u], t.Name())
			}
		}
	}
	return missing
}
