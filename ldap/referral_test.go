package ldap

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"testing"

	ber "github.com/go-asn1-ber/asn1-ber"

	"github.com/ldapedge/ldapedge/ldap/control"
	"github.com/ldapedge/ldapedge/ldap/filter"
	"github.com/ldapedge/ldapedge/ldap/message"
	"github.com/ldapedge/ldapedge/server"
)

// network is several scripted servers by their URLs. log has what each was
// asked, and how many connections are open.
type network struct {
	mu      sync.Mutex
	servers map[string][]string // the responses of a search
	log     []string
	open    int
	// startTLS is the result of StartTLS.
	startTLS byte
}

// UpgradeStream has nothing to do: what is told of the streams is enough.
func (n *network) UpgradeStream(_ context.Context, stream io.ReadWriteCloser, _ *server.Server) (io.ReadWriteCloser, error) {
	return &secret{stream}, nil
}

// secret is a stream over TLS.
type secret struct{ io.ReadWriteCloser }

func (*secret) Protection() Protection { return TLS }

func (n *network) Dial(ctx context.Context, s *server.Server) (io.ReadWriteCloser, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	url := strings.ToLower(s.URL())
	responses, ok := n.servers[url]
	if !ok {
		n.log = append(n.log, url+" refuses")
		return nil, errors.New("connection refused")
	}
	n.open++
	stream, err := whole(func(w io.Writer, id int64, p *ber.Packet) { n.answer(w, id, p, url, responses) }).Dial(ctx, s)
	return &counted{stream, sync.OnceFunc(func() { n.mu.Lock(); n.open--; n.mu.Unlock() })}, err
}

// counted tells when it is closed.
type counted struct {
	io.ReadWriteCloser
	closed func()
}

func (c *counted) Close() error { c.closed(); return c.ReadWriteCloser.Close() }

func (n *network) answer(w io.Writer, id int64, p *ber.Packet, url string, responses []string) {
	op := p.Children[1]
	said := fmt.Sprint(url, " ")
	switch op.Tag {
	case 0:
		said += "bind " + op.Children[1].Data.String()
		responses = []string{result(0x61, 0, "")}
	case 3:
		f, _ := filter.Decode(op.Children[6].Bytes())
		said += fmt.Sprint("search ", op.Children[0].Data, " ", op.Children[1].Value, " ", f)
		for _, a := range op.Children[7].Children {
			said += " " + a.Data.String()
		}
	case 6, 14: // modify, compare
		said += fmt.Sprint("operation ", op.Tag, " on ", op.Children[0].Data)
	case 10:
		said += fmt.Sprint("delete ", op.Data)
	case 23:
		if op.Children[0].Data.String() != message.StartTLS {
			said += "password modify"
			break
		}
		said += "StartTLS"
		responses = []string{result(0x78, n.startTLS, "")}
	default:
		return
	}
	n.mu.Lock()
	n.log = append(n.log, said)
	n.mu.Unlock()
	for _, r := range responses {
		if r == "closes" {
			w.(io.Closer).Close()
			return
		}
		reply(w, id, r)
	}
}

func referralResult(urls ...string) string {
	all := make([]string, len(urls))
	for i, u := range urls {
		all[i] = lv(4, u)
	}
	return lv(0x65, lv(10, "\x0a"), lv(4), lv(4), lv(0xa3, all...))
}

func reference(urls ...string) string {
	all := make([]string, len(urls))
	for i, u := range urls {
		all[i] = lv(4, u)
	}
	return lv(0x73, all...)
}

type referralTest struct {
	name     string
	from     string // the URL of the first server; default ldap://a:389
	servers  map[string][]string
	startTLS byte // its result
	rules    []server.ReferralHost
	options  Options
	bound    bool
	scope    message.Scope
	take     int // entries, 0 for all

	found string // DNs
	err   string
	log   []string // without the first server's
	refs  string
}

var (
	done    = result(0x65, 0, "")
	anyAuth = []server.ReferralHost{{Host: "*", AllowAuth: true}}
	admin   = Credentials{DN: "cn=admin", Password: "p"}
)

func TestReferrals(t *testing.T) {
	endless := map[string][]string{}
	for i := range 20 {
		endless[fmt.Sprintf("ldap://s%d:389", i)] = []string{referralResult(fmt.Sprintf("ldap://s%d/dc=x", i+1))}
	}
	endless["ldap://a:389"] = []string{referralResult("ldap://s0")}
	tests := []referralTest{
		{name: "followed", servers: map[string][]string{
			"ldap://a:389": {referralResult("ldap://b")}, "ldap://b:389": {entry("cn=b"), done},
		}, found: "cn=b", log: []string{"ldap://b:389 search dc=x 0 (cn=x) mail"}},
		{name: "off", options: Options{Referrals: ReferralsOff}, servers: map[string][]string{
			"ldap://a:389": {referralResult("ldap://b")}, "ldap://b:389": {entry("cn=b"), done},
		}, err: "search: referral"},
		{name: "with parts of its own", servers: map[string][]string{
			"ldap://a:389": {referralResult("ldap://B:1389/dc=y%3fz?cn,sn?sub?(sn=y)")}, "ldap://b:1389": {done},
		}, log: []string{"ldap://b:1389 search dc=y?z 2 (sn=y) cn sn"}},
		{name: "next one", servers: map[string][]string{
			"ldap://a:389": {referralResult("http://x", "ldap://dead", "ldap:///dc=x??base?(cn=x)", "ldap://b??!critical=1", "ldap://lost", "ldap://busy", "ldap://c", "ldap://d")},
			"ldap://b:389": {done}, "ldap://lost:389": {"closes"}, "ldap://busy:389": {result(0x65, 51, "")}, "ldap://c:389": {entry("cn=c"), done}, "ldap://d:389": {done},
		}, found: "cn=c", log: []string{"ldap://dead:389 refuses", "ldap://lost:389 search dc=x 0 (cn=x) mail", "ldap://busy:389 search dc=x 0 (cn=x) mail", "ldap://c:389 search dc=x 0 (cn=x) mail"}},
		{name: "an answer counts, whatever it is", servers: map[string][]string{
			"ldap://a:389": {referralResult("ldap://b", "ldap://c")}, "ldap://b:389": {result(0x65, 32, "")}, "ldap://c:389": {done},
		}, err: "search: noSuchObject", log: []string{"ldap://b:389 search dc=x 0 (cn=x) mail"}},
		{name: "lost after an entry", servers: map[string][]string{
			"ldap://a:389": {referralResult("ldap://b", "ldap://c")}, "ldap://b:389": {entry("cn=b"), "closes"}, "ldap://c:389": {done},
		}, found: "cn=b", err: "search: the connection to the server is lost", log: []string{"ldap://b:389 search dc=x 0 (cn=x) mail"}},
		{name: "to nowhere", servers: map[string][]string{"ldap://a:389": {referralResult()}}, err: "search: a referral to nowhere"},
		{name: "to none that answers", servers: map[string][]string{"ldap://a:389": {referralResult("ldap://dead/dc=y", "nonsense")}},
			err: "search: the referral cannot be followed: ldap://dead/dc=y: opening ldap://dead:389: connection refused; nonsense: LDAP URL: ",
			log: []string{"ldap://dead:389 refuses"}},
		{name: "loop", servers: map[string][]string{
			"ldap://a:389": {referralResult("ldap://b")}, "ldap://b:389": {referralResult("ldap://A:389/DC=X")},
		}, err: "the referral leads back to where it comes from", log: []string{"ldap://b:389 search dc=x 0 (cn=x) mail"}},
		{name: "endless", servers: endless, err: "the referral leads over too many servers"},

		{name: "anonymous by default", bound: true, options: Options{Credentials: admin}, servers: map[string][]string{
			"ldap://a:389": {referralResult("ldap://b")}, "ldap://b:389": {done},
		}, log: []string{"ldap://b:389 search dc=x 0 (cn=x) mail"}},
		{name: "with credentials", bound: true, options: Options{Credentials: admin}, rules: anyAuth, servers: map[string][]string{
			"ldap://a:389": {referralResult("ldap://b")}, "ldap://b:389": {done},
		}, log: []string{"ldap://b:389 bind cn=admin", "ldap://b:389 search dc=x 0 (cn=x) mail"}},
		{name: "not bound", options: Options{Credentials: admin}, rules: anyAuth, servers: map[string][]string{
			"ldap://a:389": {referralResult("ldap://b")}, "ldap://b:389": {done},
		}, log: []string{"ldap://b:389 search dc=x 0 (cn=x) mail"}},
		{name: "refused host", rules: []server.ReferralHost{{Host: "c"}}, servers: map[string][]string{
			"ldap://a:389": {referralResult("ldap://b", "ldap://c")}, "ldap://b:389": {done}, "ldap://c:389": {entry("cn=c"), done},
		}, found: "cn=c", log: []string{"ldap://c:389 search dc=x 0 (cn=x) mail"}},
		{name: "from TLS to plain text", from: "ldaps://a", bound: true, options: Options{Credentials: admin}, rules: anyAuth, servers: map[string][]string{
			"ldaps://a:636": {referralResult("ldap://b")}, "ldap://b:389": {done},
		}, startTLS: 52, log: []string{"ldap://b:389 StartTLS"}, err: "the referral leads from a protected connection to plain text: starttls: unavailable"},
		{name: "from TLS to StartTLS", from: "ldaps://a", bound: true, options: Options{Credentials: admin}, rules: anyAuth, servers: map[string][]string{
			"ldaps://a:636": {referralResult("ldap://b")}, "ldap://b:389": {entry("cn=b"), done},
		}, found: "cn=b", log: []string{"ldap://b:389 StartTLS", "ldap://b:389 bind cn=admin", "ldap://b:389 search dc=x 0 (cn=x) mail"}},
		{name: "from TLS to TLS", from: "ldaps://a", bound: true, options: Options{Credentials: admin}, rules: anyAuth, servers: map[string][]string{
			"ldaps://a:636": {referralResult("ldap://b", "ldaps://b")}, "ldap://b:389": {done}, "ldaps://b:636": {entry("cn=b"), done},
		}, startTLS: 2, found: "cn=b", log: []string{"ldap://b:389 StartTLS", "ldaps://b:636 bind cn=admin", "ldaps://b:636 search dc=x 0 (cn=x) mail"}},

		{name: "references are told", servers: map[string][]string{
			"ldap://a:389": {entry("cn=a"), reference("ldap://b/dc=b", "ldap://c/dc=b"), done},
		}, found: "cn=a", refs: "[ldap://b/dc=b ldap://c/dc=b] <nil>"},
		{name: "references are followed", scope: message.ScopeSub, options: Options{Referrals: ReferralsAll}, servers: map[string][]string{
			"ldap://a:389": {reference("ldap://b/dc=b"), entry("cn=a"), reference("ldap://dead", "ldap://b/dc=c??sub"), reference("ldap://dead/dc=d"), reference("ldap://b/DC=b"), done},
			"ldap://b:389": {entry("cn=b"), done},
		}, found: "cn=a cn=b cn=b", log: []string{"ldap://b:389 search dc=b 2 (cn=x) mail", "ldap://dead:389 refuses", "ldap://b:389 search dc=c 2 (cn=x) mail", "ldap://dead:389 refuses"},
			refs: "[ldap://dead/dc=d] the referral cannot be followed: ldap://dead/dc=d: opening ldap://dead:389: connection refused [ldap://b/DC=b] the referral cannot be followed: ldap://b/DC=b: the referral leads back to where it comes from"},
		{name: "references one below the base", scope: message.ScopeOne, options: Options{Referrals: ReferralsAll}, servers: map[string][]string{
			"ldap://a:389": {reference("ldap://b/dc=b"), done}, "ldap://b:389": {entry("dc=b"), reference("ldap://c/dc=c"), done}, "ldap://c:389": {entry("dc=c"), done},
		}, found: "dc=b dc=c", log: []string{"ldap://b:389 search dc=b 0 (cn=x) mail", "ldap://c:389 search dc=c 0 (cn=x) mail"}},
		{name: "left in a reference", scope: message.ScopeSub, take: 2, options: Options{Referrals: ReferralsAll}, servers: map[string][]string{
			"ldap://a:389": {entry("cn=a"), reference("ldap://b/dc=b"), reference("ldap://c/dc=c"), done}, "ldap://b:389": {entry("cn=b"), entry("cn=bb"), done}, "ldap://c:389": {done},
		}, found: "cn=a cn=b", log: []string{"ldap://b:389 search dc=b 2 (cn=x) mail"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) { test.run(t) })
	}
}

func (test *referralTest) run(t *testing.T) {
	if test.from == "" {
		test.from = "ldap://a"
	}
	srv, err := server.New(test.from, &server.Options{GetInfo: server.InfoNone, AllowedReferralHosts: test.rules})
	if err != nil {
		t.Fatal(err)
	}
	n := &network{servers: test.servers, startTLS: test.startTLS}
	c := NewConnection(srv, n, &test.options)
	if err := c.Open(t.Context()); err != nil {
		t.Fatal(err)
	}
	if test.bound {
		if err := c.Bind(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	q := c.NewSearch(message.SearchRequest{Base: "dc=x", Scope: test.scope, Filter: filter.Equal("cn", "x"), Attributes: []string{"mail"}}, nil)
	var found []string
	var last error
	for e, err := range q.Entries(t.Context()) {
		if last = err; err != nil {
			continue
		}
		if found = append(found, e.DN()); len(found) == test.take {
			break
		}
	}
	if got := strings.Join(found, " "); got != test.found {
		t.Errorf("found %s", got)
	}
	if (last == nil) != (test.err == "") || last != nil && !strings.Contains(last.Error(), test.err) {
		t.Errorf("error %v", last)
	}
	if last != nil && strings.Contains(test.err, "referral") && !IsResult(last, message.ResultReferral) {
		t.Errorf("%v is no result", last)
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.open != 1 {
		t.Errorf("%d connections are open", n.open)
	}
	var log []string
	for _, said := range n.log {
		if !strings.HasPrefix(said, srv.URL()+" ") {
			log = append(log, said)
		}
	}
	if test.log != nil && !slices.Equal(log, test.log) {
		t.Errorf("asked %q", log)
	}
	var refs []string
	for _, r := range q.References() {
		refs = append(refs, fmt.Sprint(r.URLs, " ", r.Err))
	}
	if got := strings.Join(refs, " "); got != test.refs {
		t.Errorf("references %s", got)
	}
	go c.Close()
}

// The controls of a search are those of its result, not of what a reference leads
// to.
func TestReferencesKeepControls(t *testing.T) {
	sorted := func(code string) string {
		return done + lv(0xa0, lv(0x30, lv(4, control.OIDSortResponse), lv(4, lv(0x30, lv(10, code)))))
	}
	n := &network{servers: map[string][]string{"ldap://a:389": {reference("ldap://b/dc=b"), sorted("\x00")}, "ldap://b:389": {sorted("\x35")}}}
	srv, err := server.New("ldap://a", &server.Options{GetInfo: server.InfoNone})
	if err != nil {
		t.Fatal(err)
	}
	c := NewConnection(srv, n, &Options{Referrals: ReferralsAll})
	if err := c.Open(t.Context()); err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	q := c.NewSearch(message.SearchRequest{Base: "dc=x", Scope: message.ScopeSub}, nil)
	for _, err := range q.Entries(t.Context()) {
		t.Error(err)
	}
	response, _ := q.Controls().Find(control.OIDSortResponse)
	if s, err := control.ParseSortResponse(response); err != nil || s.Code != message.ResultSuccess || len(q.References()) != 0 {
		t.Errorf("%+v, %v, %v", s, err, q.References())
	}
}

func TestReferralsOfOtherOperations(t *testing.T) {
	refer := func(tag byte, urls ...string) string { return string(tag) + referralResult(urls...)[1:] }
	modified, compared := result(0x67, 0, ""), result(0x6f, 6, "")
	tests := []struct {
		name    string
		options Options
		servers map[string][]string
		do      func(c *Connection) error
		err     string
		log     []string
	}{
		{"modify", Options{Credentials: admin}, map[string][]string{
			"ldap://a:389": {refer(0x67, "ldap://dead/dc=z", "ldap://busy", "ldap://b")}, "ldap://busy:389": {result(0x67, 51, "")}, "ldap://b:389": {refer(0x67, "ldap://c/dc=y")}, "ldap://c:389": {modified},
		}, modify, "", []string{"ldap://dead:389 refuses", "ldap://busy:389 bind cn=admin", "ldap://busy:389 operation 6 on dc=x",
			"ldap://b:389 bind cn=admin", "ldap://b:389 operation 6 on dc=x", "ldap://c:389 bind cn=admin", "ldap://c:389 operation 6 on dc=y"}},
		{"modify is sent once", Options{}, map[string][]string{
			"ldap://a:389": {refer(0x67, "ldap://b", "ldap://c")}, "ldap://b:389": {"closes"}, "ldap://c:389": {modified},
		}, modify, ErrOutcomeUnknown.Error(), []string{"ldap://b:389 operation 6 on dc=x"}},
		{"compare", Options{}, map[string][]string{
			"ldap://a:389": {refer(0x6f, "ldap://b", "ldap://c")}, "ldap://b:389": {"closes"}, "ldap://c:389": {compared},
		}, compare, "", []string{"ldap://b:389 operation 14 on dc=x", "ldap://c:389 operation 14 on dc=x"}},
		{"off", Options{Referrals: ReferralsOff}, map[string][]string{
			"ldap://a:389": {refer(0x67, "ldap://b")}, "ldap://b:389": {modified},
		}, modify, "modify: referral", nil},
		{"loop", Options{}, map[string][]string{
			"ldap://a:389": {refer(0x67, "ldap://b")}, "ldap://b:389": {refer(0x67, "ldap://a")},
		}, modify, "modify: the referral cannot be followed: ldap://b: the referral cannot be followed: ldap://a: the referral leads back to where it comes from", []string{"ldap://b:389 operation 6 on dc=x"}},
		{"answer", Options{}, map[string][]string{
			"ldap://a:389": {refer(0x67, "ldap://b", "ldap://c")}, "ldap://b:389": {result(0x67, 50, "no")}, "ldap://c:389": {modified},
		}, modify, "modify: insufficientAccessRights: no", []string{"ldap://b:389 operation 6 on dc=x"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			srv, err := server.New("ldap://a", &server.Options{GetInfo: server.InfoNone, AllowedReferralHosts: anyAuth})
			if err != nil {
				t.Fatal(err)
			}
			n := &network{servers: test.servers}
			c := NewConnection(srv, n, &test.options)
			if err := c.Open(t.Context()); err != nil {
				t.Fatal(err)
			}
			defer func() { go c.Close() }()
			if test.options.Credentials.DN != "" {
				if err := c.Bind(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
			err = test.do(c)
			if (err == nil) != (test.err == "") || err != nil && !strings.Contains(err.Error(), test.err) {
				t.Errorf("%v", err)
			}
			n.mu.Lock()
			defer n.mu.Unlock()
			var log []string
			for _, said := range n.log {
				if !strings.HasPrefix(said, "ldap://a:") {
					log = append(log, said)
				}
			}
			if !slices.Equal(log, test.log) || n.open != 1 {
				t.Errorf("asked %q, %d connections are open", log, n.open)
			}
		})
	}
}

// The passwords of a password modify are credentials: they go where those may go.
func TestReferralsOfPasswordModify(t *testing.T) {
	const refused = "password modify: the referral cannot be followed: ldap://b: passwords may not go there"
	for name, test := range map[string]struct {
		rules []server.ReferralHost
		err   string
	}{
		"by default": {nil, refused}, "anonymously": {[]server.ReferralHost{{Host: "b"}}, refused}, "with credentials": {anyAuth, ""},
	} {
		t.Run(name, func(t *testing.T) {
			srv, err := server.New("ldap://a", &server.Options{GetInfo: server.InfoNone, AllowedReferralHosts: test.rules})
			if err != nil {
				t.Fatal(err)
			}
			n := &network{servers: map[string][]string{
				"ldap://a:389": {"\x78" + referralResult("ldap://b")[1:]}, "ldap://b:389": {result(0x78, 0, "")},
			}}
			c := NewConnection(srv, n, nil)
			if err := c.Open(t.Context()); err != nil {
				t.Fatal(err)
			}
			defer c.Close()
			_, _, err = c.PasswordModify(t.Context(), PasswordModifyRequest{User: "cn=a", OldPassword: "o", NewPassword: "n"})
			if (err == nil) != (test.err == "") || err != nil && (err.Error() != test.err || !errors.Is(err, ErrReferralPassword) || !IsResult(err, message.ResultReferral)) {
				t.Errorf("%v", err)
			}
			n.mu.Lock()
			defer n.mu.Unlock()
			if told := slices.Contains(n.log, "ldap://b:389 password modify"); told != (test.err == "") {
				t.Errorf("asked %q", n.log)
			}
		})
	}
}

func modify(c *Connection) error {
	_, err := c.Modify(context.Background(), message.ModifyRequest{DN: "dc=x", Changes: []message.Change{{Kind: message.ChangeReplace, Attribute: "cn", Values: []string{"a"}}}})
	return err
}

func compare(c *Connection) error {
	matches, _, err := c.Compare(context.Background(), message.CompareRequest{DN: "dc=x", Attribute: "cn", Value: "a"})
	if err == nil && !matches {
		err = errors.New("does not match")
	}
	return err
}
