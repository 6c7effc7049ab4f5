package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/ldapedge/ldapedge/ldap"
	"github.com/ldapedge/ldapedge/ldap/control"
	"github.com/ldapedge/ldapedge/ldap/filter"
	"github.com/ldapedge/ldapedge/ldap/ldapurl"
	"github.com/ldapedge/ldapedge/ldap/message"
	"github.com/ldapedge/ldapedge/native/dial"
	"github.com/ldapedge/ldapedge/native/source"
	"github.com/ldapedge/ldapedge/pool"
	"github.com/ldapedge/ldapedge/server"
)

// searchArgs is what the search command was told.
type searchArgs struct {
	ldap                   ldapFlags
	base, scope, deref     string
	strategy, format       string
	sizeLimit, timeLimit   int
	pageSize               int
	typesOnly, manageDsaIT bool
	noCheckNames, chase    bool
	referralAuth, sort     []string
}

func searchCommand() *cobra.Command {
	var a searchArgs
	c := &cobra.Command{
		Use:   "search URL… -b BASE [FILTER] [ATTRIBUTE…]\n  ldapedge search URL/BASE?[ATTRIBUTE,…]?[SCOPE]?[FILTER]",
		Short: "Search a directory, and print what its values mean",
		Long: `Search a directory, and print what its values mean.

URL is ldap://, ldaps:// or ldapi://, or ldap+srv://DOMAIN and ldaps+srv://DOMAIN
for the servers that the DNS names. Several URLs are a pool, of which --strategy
picks one. FILTER is what has a "=" in it, as RFC 4515 writes it; without it
every entry is found. Its values may be written as people do: a GUID, a SID or a
time by its text. ATTRIBUTE is a name, with options if there are any, "*" for all
user attributes, "+" for all operational ones or "1.1" for none. One ldap:// or ldaps://
URL may say all that itself, as RFC 4516 has it; its scope is base if not given.

Names and values are those of the server's schema, which is read first. What it
does not define is refused before it is sent; --no-check-names sends it, reads no
schema, and leaves all values texts, and bytes where they are not UTF-8.

  json   an object a line: the DN, typed values, and raw ones beside
  ldif   RFC 2849: raw values
  csv    the DN and the attributes asked for, "|" between the values of one
  table  the same in columns; without attributes asked for, a list of each entry

A referral to another server is followed, without a password but for
--referral-auth; -C follows those for parts of the tree too.

The exit status is 0 if the search was done to its end. When the server ends it
before, as at a size limit, what was found until then is printed, and it is 1.`,
		Example: `  ldapedge search ldap://ldap.example.com -b dc=example,dc=com '(uid=alice)'
  ldapedge search ldaps://dc1 ldaps://dc2 -D 'EXAMPLE\alice' -y password -b dc=example,dc=com \
    --page-size 500 --format csv '(objectClass=user)' sAMAccountName lastLogon
  ldapedge search ldap://localhost -b '' -s base '(objectClass=*)' + --format table`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 || !source.IsURL(args[0]) {
				return usageError{errors.New("search takes URL… -b BASE [FILTER] [ATTRIBUTE…], and there is no URL")}
			}
			return nil
		},
		RunE: func(c *cobra.Command, args []string) error { return a.run(c, args) },
	}
	flags := c.Flags()
	flags.StringVarP(&a.base, "base", "b", "", "DN to start from; '' with -s base is the root DSE")
	flags.StringVarP(&a.scope, "scope", "s", "sub", "how far to go: base, one or sub")
	flags.StringVarP(&a.deref, "deref", "a", "never", "when to follow aliases: never, search, find or always")
	flags.IntVarP(&a.sizeLimit, "size-limit", "z", 0, "most entries that the server may return, 0 for no limit")
	flags.IntVarP(&a.timeLimit, "time-limit", "l", 0, "longest that the server may take, in seconds, 0 for no limit")
	flags.BoolVarP(&a.typesOnly, "types-only", "A", false, "names of attributes without values")
	flags.BoolVarP(&a.manageDsaIT, "manage-dsa-it", "M", false, "show referral objects as they are")
	flags.BoolVarP(&a.chase, "chase", "C", false, "search too where references lead that come with the entries")
	flags.StringArrayVar(&a.referralAuth, "referral-auth", nil, "host to which the password goes along when a referral leads there; repeatable (default: none)")
	flags.IntVar(&a.pageSize, "page-size", 0, "ask for pages of so many entries, 0 for all at once")
	flags.StringSliceVar(&a.sort, "sort", nil, "attributes that the server is to sort by (RFC 2891): NAME[:ORDERING-RULE], a - before it for the greatest first")
	flags.StringVar(&a.strategy, "strategy", string(pool.First), "of several URLs: "+strategies())
	flags.BoolVar(&a.noCheckNames, "no-check-names", false, "send names that the schema may not define, and give values no types")
	flags.StringVar(&a.format, "format", "", "json, ldif, csv or table (default: table on a terminal, otherwise json)")
	a.ldap.add(c)
	return c
}

// scopes and derefs are by the names that ldapsearch has for them.
var (
	scopes = map[string]message.Scope{
		"base": message.ScopeBase, "one": message.ScopeOne, "onelevel": message.ScopeOne, "sub": message.ScopeSub, "subtree": message.ScopeSub,
	}
	derefs = map[string]message.Deref{
		"never": message.DerefNever, "search": message.DerefInSearching, "find": message.DerefFindingBase, "always": message.DerefAlways,
	}
)

func (a *searchArgs) run(c *cobra.Command, args []string) error {
	n := slices.IndexFunc(args, func(s string) bool { return !source.IsURL(s) })
	if n < 0 {
		n = len(args)
	}
	urls, what := args[:n], args[n:]
	if len(urls) == 1 && !c.Flags().Changed("base") {
		var err error
		if urls[0], what, err = a.whole(c, urls[0], what); err != nil {
			return usageError{err}
		}
	}
	request, err := a.request(what)
	if err != nil {
		return usageError{err}
	}
	warn := func(err error) { printError(c.ErrOrStderr(), "warning: "+err.Error()) }
	connection, err := a.connection(urls, warn)
	if err != nil {
		return err
	}
	out, err := newEntryWriter(c.OutOrStdout(), a.format, request, connection.Schema, isTerminal(c.OutOrStdout()))
	if err != nil {
		return usageError{err}
	}
	progress := newProgress(c.ErrOrStderr(), c.OutOrStdout())
	defer progress.done()
	if err := a.open(c.Context(), connection); err != nil {
		return err
	}
	defer connection.Close()
	return a.search(c.Context(), connection.NewSearch(request, a.options()), out, progress, warn)
}

// whole takes a URL that says what to search for (RFC 4516), and returns that of
// its server, and filter and attributes.
func (a *searchArgs) whole(c *cobra.Command, text string, rest []string) (url string, what []string, err error) {
	scheme, of, _ := strings.Cut(text, "://")
	if scheme = strings.ToLower(scheme); scheme != "ldap" && scheme != "ldaps" || !strings.Contains(strings.TrimSuffix(of, "/"), "/") {
		return "", nil, errors.New("search needs -b BASE")
	}
	u, err := ldapurl.Parse(text)
	if err != nil {
		return "", nil, fmt.Errorf("%s: %w", text, err)
	}
	if len(rest) > 0 || c.Flags().Changed("scope") {
		return "", nil, fmt.Errorf("%s says what to search for: neither -s nor %q goes with it", text, rest)
	}
	for _, e := range u.Extensions {
		if e.Critical {
			return "", nil, fmt.Errorf("%s: the critical extension %q is not known", text, e.Type)
		}
	}
	a.base, a.scope = u.DN, "base"
	if u.Scope != nil {
		a.scope = u.Scope.String()
	}
	if u.Filter != nil {
		what = append(what, u.Filter.String())
	}
	return u.Server(), append(what, u.Attributes...), nil
}

// request makes the request of what follows the URLs.
func (a *searchArgs) request(args []string) (r message.SearchRequest, err error) {
	r = message.SearchRequest{Base: a.base, SizeLimit: a.sizeLimit, TimeLimit: a.timeLimit, TypesOnly: a.typesOnly}
	var ok bool
	if r.Scope, ok = scopes[a.scope]; !ok {
		return r, fmt.Errorf("-s %q: base, one or sub is expected", a.scope)
	}
	if r.Deref, ok = derefs[a.deref]; !ok {
		return r, fmt.Errorf("-a %q: never, search, find or always is expected", a.deref)
	}
	for name, n := range map[string]int{"-z": a.sizeLimit, "-l": a.timeLimit, "--page-size": a.pageSize} {
		if n < 0 {
			return r, fmt.Errorf("%s %d: 0 or more is expected", name, n)
		}
	}
	if len(args) > 0 && strings.ContainsAny(args[0], "=(") { // "(&)" is a filter too
		if r.Filter, err = filter.Parse(args[0]); err != nil {
			return r, fmt.Errorf("%s: %w", args[0], err)
		}
		args = args[1:]
	}
	for _, attribute := range args {
		if attribute == "" || strings.ContainsAny(attribute, "=() ") {
			return r, fmt.Errorf("%q is no attribute; what is found is said by one FILTER, before the attributes", attribute)
		}
	}
	r.Attributes = args
	return r, nil
}

func (a *searchArgs) options() *ldap.SearchOptions {
	o := &ldap.SearchOptions{PageSize: a.pageSize}
	if a.manageDsaIT {
		o.Controls = append(o.Controls, control.ManageDsaIT.Control())
	}
	if len(a.sort) > 0 {
		sort := control.Sort{Critical: true}
		for _, key := range a.sort {
			key, reverse := strings.CutPrefix(key, "-")
			attribute, rule, _ := strings.Cut(key, ":")
			sort.Keys = append(sort.Keys, control.SortKey{Attribute: attribute, Rule: rule, Reverse: reverse})
		}
		o.Controls = append(o.Controls, sort.Control())
	}
	return o
}

// connection returns a connection to one of the servers that is not open yet.
func (a *searchArgs) connection(urls []string, warn func(error)) (*ldap.Connection, error) {
	strategy, _, err := pool.ParseStrategy(strings.ToUpper(a.strategy))
	if err != nil {
		return nil, usageError{fmt.Errorf("--strategy: %w", err)}
	}
	options, err := a.ldap.server()
	if err != nil {
		return nil, err
	}
	if a.noCheckNames {
		options.GetInfo = server.InfoNone
	}
	if len(a.referralAuth) > 0 {
		for _, host := range a.referralAuth {
			options.AllowedReferralHosts = append(options.AllowedReferralHosts, server.ReferralHost{Host: host, AllowAuth: true})
		}
		options.AllowedReferralHosts = append(options.AllowedReferralHosts, server.ReferralHost{Host: server.AnyHost})
	}
	credentials, err := a.ldap.credentials()
	if err != nil {
		return nil, err
	}
	var servers []*server.Server
	for _, url := range urls {
		s, err := server.New(url, &options)
		if err != nil {
			return nil, usageError{err}
		}
		servers = append(servers, s)
	}
	var from ldap.Source = servers[0]
	if len(servers) > 1 {
		// Once round: who waits at a terminal is told.
		if from, err = pool.New(pool.Servers(servers...), &pool.Options{Strategy: strategy, Active: 1}); err != nil {
			return nil, usageError{err}
		}
	}
	// What the server may take to find the first entry is no silence.
	timeout := max(a.ldap.timeout, time.Duration(a.timeLimit+1)*time.Second)
	o := &ldap.Options{Credentials: credentials, Timeout: timeout, Warn: warn, NoCheckNames: a.noCheckNames}
	if a.chase {
		o.Referrals = ldap.ReferralsAll
	}
	return ldap.NewConnection(from, a.ldap.dialer(), o), nil
}

func (a *searchArgs) open(ctx context.Context, connection *ldap.Connection) error {
	if err := connection.Open(ctx); err != nil {
		if of := new(dial.Error); errors.As(err, &of) {
			return of // it names the server
		}
		return err
	}
	if a.ldap.dn == "" {
		return nil
	}
	if err := connection.Bind(ctx); err != nil {
		return errors.Join(fmt.Errorf("%s: %w", connection.Server(), err), connection.Close())
	}
	return nil
}

// search prints what is found.
func (a *searchArgs) search(ctx context.Context, q *ldap.Search, out entryWriter, progress *progress, warn func(error)) error {
	found := 0
	var failed error
	for e, err := range q.Entries(ctx) {
		if err != nil {
			failed = err
			break
		}
		if failed = out.entry(e); failed != nil {
			break // what was printed before is still to be shown
		}
		found++
		progress.found(found)
	}
	progress.done()
	if err := out.close(); err != nil {
		return err
	}
	for _, r := range q.References() {
		if r.Err != nil {
			warn(r.Err)
		} else {
			warn(fmt.Errorf("another server has more: %s", strings.Join(r.URLs, " or ")))
		}
	}
	switch {
	case failed == nil:
		return nil
	case ctx.Err() != nil:
		return fmt.Errorf("interrupted after %s", entries(found))
	case found > 0:
		return fmt.Errorf("%w, after %s", failed, entries(found))
	}
	return failed
}

func entries(n int) string {
	if n == 1 {
		return "1 entry"
	}
	return strconv.Itoa(n) + " entries"
}
