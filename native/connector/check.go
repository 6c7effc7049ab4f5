package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/ldapedge/ldapedge/ldap"
	"github.com/ldapedge/ldapedge/native/dial"
	"github.com/ldapedge/ldapedge/pool"
	"github.com/ldapedge/ldapedge/server"
)

// checkArgs is what the check command was told.
type checkArgs struct {
	ldap            ldapFlags
	depth, strategy string
	asJSON          bool
}

func checkCommand() *cobra.Command {
	var a checkArgs
	c := &cobra.Command{
		Use:   "check URL…",
		Short: "See which addresses of LDAP servers answer, in what order, how fast, and with what TLS",
		Long: `See which addresses of LDAP servers answer, in what order, how fast, and with
what TLS.

Each URL is resolved by --mode, and every address that a connection would try is
checked, in the order in which they would be tried. With several URLs the last
line says what a pool of them opens: one server after another, by --strategy.
With -D the login is tried too.

URL is ldap://, ldaps:// or ldapi://, or ldap+srv://DOMAIN and ldaps+srv://DOMAIN
for the servers that the DNS names. The exit status is 0 if every URL has an
address that answers, or, with several, if one has.`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return usageError{errors.New("check takes URLs, and there is none")}
			}
			return nil
		},
		RunE: func(c *cobra.Command, urls []string) error { return a.run(c, urls) },
	}
	a.ldap.add(c)
	c.Flags().StringVar(&a.depth, "depth", string(dial.CheckLDAP), "how far to go: tcp, tls, or ldap for a look at the root DSE")
	c.Flags().StringVar(&a.strategy, "strategy", string(pool.First), "the pool's: "+strategies())
	c.Flags().BoolVar(&a.asJSON, "json", false, "print JSON")
	return c
}

func strategies() string {
	var names []string
	for _, s := range pool.Strategies() {
		names = append(names, string(s))
	}
	return strings.Join(names, ", ")
}

// checkOutcome is what is printed.
type checkOutcome struct {
	Servers []*checkedServer `json:"servers"`
	Pool    *checkedPool     `json:"pool,omitempty"`
}

// checkedServer is one server's addresses and whether they answer.
type checkedServer struct {
	URL        string             `json:"url"`
	Depth      dial.Depth         `json:"depth"`
	Alive      bool               `json:"alive"`
	Error      string             `json:"error,omitempty"`
	Candidates []checkedCandidate `json:"candidates"`
	Bind       *checkedBind       `json:"bind,omitempty"`

	server *server.Server
}

type checkedCandidate struct {
	Address string      `json:"address"`
	Family  dial.Family `json:"family"`
	Source  dial.Source `json:"source"`
	// Target is the host that the DNS names, for SRV alone.
	Target         string      `json:"target,omitempty"`
	Answered       bool        `json:"answered"`
	LatencySeconds float64     `json:"latencySeconds"`
	Stage          dial.Stage  `json:"stage,omitempty"`
	Error          string      `json:"error,omitempty"`
	TLS            *checkedTLS `json:"tls,omitempty"`
}

type checkedTLS struct {
	Version     string            `json:"version"`
	Cipher      string            `json:"cipher"`
	Verified    bool              `json:"verified"`
	VerifiedBy  dial.Verification `json:"verifiedBy"`
	Fingerprint string            `json:"fingerprint"`
	StartTLS    bool              `json:"startTLS"`
}

type checkedBind struct {
	DN    string `json:"dn,omitempty"`
	Error string `json:"error,omitempty"`
}

// checkedPool is what a pool of the servers opens, one after another.
type checkedPool struct {
	Strategy pool.Strategy `json:"strategy"`
	Picks    []string      `json:"picks"`
	Error    string        `json:"error,omitempty"`
}

func (a *checkArgs) run(c *cobra.Command, urls []string) error {
	depth := dial.Depth(a.depth)
	if depth != dial.CheckTCP && depth != dial.CheckTLS && depth != dial.CheckLDAP {
		return usageError{fmt.Errorf("--depth %q: tcp, tls or ldap is expected", a.depth)}
	}
	strategy, _, err := pool.ParseStrategy(strings.ToUpper(a.strategy))
	if err != nil {
		return usageError{fmt.Errorf("--strategy: %w", err)}
	}
	options, err := a.ldap.server()
	if err != nil {
		return err
	}
	credentials, err := a.ldap.credentials()
	if err != nil {
		return err
	}
	out := &checkOutcome{}
	for _, url := range urls {
		s, err := server.New(url, &options)
		if err != nil {
			return usageError{err}
		}
		out.Servers = append(out.Servers, &checkedServer{URL: s.URL(), Depth: depth, server: s})
	}
	p, err := out.pool(strategy)
	if err != nil {
		return usageError{err}
	}
	dialer := a.ldap.dialer()
	var checks sync.WaitGroup
	for _, s := range out.Servers {
		checks.Go(func() { s.check(c.Context(), dialer, credentials) })
	}
	checks.Wait()
	if err := c.Context().Err(); err != nil {
		return err
	}
	if len(out.Servers) > 1 {
		out.Pool = picks(c.Context(), p, strategy, out.Servers)
	}
	if err := a.print(c.OutOrStdout(), out); err != nil {
		return err
	}
	return out.failed()
}

// check checks the server's addresses, and then the login.
func (s *checkedServer) check(ctx context.Context, dialer *dial.Dialer, credentials ldap.Credentials) {
	report := dialer.Check(ctx, s.server, s.Depth)
	s.Alive = report.Alive()
	s.Candidates = []checkedCandidate{}
	if report.Err != nil {
		s.Error = report.Err.Error()
	}
	for _, r := range report.Results {
		c := checkedCandidate{
			Address: r.Address, Family: r.Family, Source: r.Source,
			Answered: r.Err == nil, LatencySeconds: r.Latency.Seconds(), Stage: r.Stage, Error: r.Cause(),
		}
		if r.Target != s.server.Host() {
			c.Target = r.Target
		}
		if r.Facts != nil {
			c.TLS = new(checkedTLS(*r.Facts))
		}
		s.Candidates = append(s.Candidates, c)
	}
	if s.Alive && credentials.DN != "" {
		s.Bind = &checkedBind{DN: credentials.DN}
		if err := bind(ctx, dialer, s.server, credentials); err != nil {
			s.Bind.Error = err.Error()
		}
	}
}

func bind(ctx context.Context, dialer *dial.Dialer, s *server.Server, credentials ldap.Credentials) error {
	c := ldap.NewConnection(s, dialer, &ldap.Options{Credentials: credentials, Timeout: s.ConnectTimeout()})
	if err := c.Open(ctx); err != nil {
		return err
	}
	defer c.Close()
	return c.Bind(ctx)
}

// pool makes a pool of the servers.
func (o *checkOutcome) pool(strategy pool.Strategy) (*pool.Pool, error) {
	var members []pool.Member
	for _, s := range o.Servers {
		members = append(members, pool.Member{Server: s.server})
	}
	return pool.New(members, &pool.Options{Strategy: strategy, Active: 1})
}

// picks asks a pool as often as it has servers.
func picks(ctx context.Context, p *pool.Pool, strategy pool.Strategy, checked []*checkedServer) *checkedPool {
	alive := make(map[*server.Server]bool)
	for _, s := range checked {
		alive[s.server] = s.Alive
	}
	out := &checkedPool{Strategy: strategy, Picks: []string{}}
	for range checked {
		use, err := p.Open(ctx, func(_ context.Context, s *server.Server) error {
			if !alive[s] {
				return errors.New("no address answers")
			}
			return nil
		})
		if err != nil {
			out.Error = err.Error()
			break
		}
		defer use.Close()
		out.Picks = append(out.Picks, use.Server().URL())
	}
	return out
}

// failed says what is wrong, if anything is.
func (o *checkOutcome) failed() error {
	if o.Pool != nil && o.Pool.Error != "" {
		return errors.New("no server answers")
	}
	for _, s := range o.Servers {
		switch {
		case o.Pool == nil && s.Error != "":
			return errors.New(s.Error)
		case o.Pool == nil && !s.Alive:
			return fmt.Errorf("%s: %s", s.URL, s.causes())
		case s.Bind != nil && s.Bind.Error != "":
			return fmt.Errorf("%s: %s", s.URL, s.Bind.Error)
		}
	}
	return nil
}

// causes says why no address answers.
func (s *checkedServer) causes() string {
	var all []string
	for _, c := range s.Candidates {
		all = append(all, c.Address+": "+c.result())
	}
	return strings.Join(all, "; ")
}

func (a *checkArgs) print(w io.Writer, out *checkOutcome) error {
	if a.asJSON {
		return printJSON(w, out)
	}
	for _, s := range out.Servers {
		if err := s.print(w); err != nil {
			return err
		}
	}
	if out.Pool == nil {
		return nil
	}
	picked := strings.Join(slices.Compact(out.Pool.Picks), ", then ")
	if picked == "" {
		picked = "none: no server answers"
	}
	_, err := fmt.Fprintf(w, "a pool of these, %s, opens %s\n", out.Pool.Strategy, picked)
	return err
}

func (s *checkedServer) print(w io.Writer) error {
	fmt.Fprintln(w, printable(s.URL))
	if s.Error != "" {
		fmt.Fprintf(w, "  %s\n", printable(s.Error))
	}
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	if len(s.Candidates) > 0 {
		fmt.Fprintln(t, "  \tADDRESS\tFAMILY\tSOURCE\tLATENCY\tRESULT\tTLS")
	}
	for i, c := range s.Candidates {
		source := string(c.Source)
		if c.Target != "" {
			source += " " + c.Target
		}
		fmt.Fprintf(t, "  %d\t%s\t%s\t%s\t%s\t%s\t%s\n", i+1, printable(c.Address), c.Family, printable(source),
			time.Duration(c.LatencySeconds*float64(time.Second)).Round(10*time.Microsecond), printable(c.result()), c.TLS)
	}
	if err := t.Flush(); err != nil {
		return err
	}
	if s.Bind != nil {
		result := "ok"
		if s.Bind.Error != "" {
			result = s.Bind.Error
		}
		fmt.Fprintf(w, "  bind as %s: %s\n", printable(s.Bind.DN), printable(result))
	}
	return nil
}

func (c checkedCandidate) result() string {
	if c.Answered {
		return "ok"
	}
	if cause, said := strings.CutPrefix(c.Error, string(c.Stage)+": "); said {
		return string(c.Stage) + ": " + cause
	}
	return string(c.Stage) + ": " + c.Error
}

// String is a line's part of a table.
func (t *checkedTLS) String() string {
	if t == nil {
		return "none"
	}
	how := "NOT VERIFIED"
	if t.Verified {
		how = "verified by " + string(t.VerifiedBy)
	}
	s := t.Version + " " + t.Cipher + ", " + how
	if t.StartTLS {
		s += ", StartTLS"
	}
	return s
}
