package integration

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/ldapedge/ldapedge/dn"
	"github.com/ldapedge/ldapedge/ldap"
	"github.com/ldapedge/ldapedge/ldap/control"
	"github.com/ldapedge/ldapedge/ldap/filter"
	"github.com/ldapedge/ldapedge/ldap/ldapurl"
	"github.com/ldapedge/ldapedge/ldap/message"
	"github.com/ldapedge/ldapedge/ldap/sasl"
	"github.com/ldapedge/ldapedge/ldif"
	"github.com/ldapedge/ldapedge/native/dial"
	scram "github.com/ldapedge/ldapedge/native/sasl"
	"github.com/ldapedge/ldapedge/pool"
	"github.com/ldapedge/ldapedge/schemajson/offline"
	"github.com/ldapedge/ldapedge/server"
)

// The examples of docs/client.md, which has each without the function around it.
// The guide says what d, c and out are.

func guideOpen(ctx context.Context, d *dial.Dialer, _ *ldap.Connection, out io.Writer) error {
	source, err := ldap.NewSource("ldap.example.com")
	if err != nil {
		return err
	}
	c := ldap.NewConnection(source, d, nil)
	if err := c.Open(ctx); err != nil {
		return err
	}
	defer c.Close()
	fmt.Fprintln(out, c.Server()) // ldap://ldap.example.com:389
	return nil
}

func guideServer(ctx context.Context, d *dial.Dialer, _ *ldap.Connection, out io.Writer) error {
	srv, err := server.New("ldaps://ldap.example.com", &server.Options{
		TLS:            &server.TLS{Validate: server.ValidateRequired, CACertsFile: "ca.pem"},
		Mode:           server.IPv4Preferred,
		ConnectTimeout: 5 * time.Second,
	})
	if err != nil {
		return err
	}
	c := ldap.NewConnection(srv, d, &ldap.Options{
		Credentials: ldap.Credentials{DN: "uid=alice,ou=people,dc=example,dc=com", Password: "secret"},
	})
	if err := c.Open(ctx); err != nil {
		return err
	}
	defer c.Close()
	if err := c.Bind(ctx); err != nil {
		return err
	}
	identity, _, err := c.WhoAmI(ctx)
	if err != nil {
		return err
	}
	fmt.Fprintln(out, identity)
	return nil
}

func guideSources(ctx context.Context, d *dial.Dialer, _ *ldap.Connection, out io.Writer) error {
	spare, err := server.New("ldap2.example.com", &server.Options{Mode: server.IPv4Only})
	if err != nil {
		return err
	}
	source, err := ldap.NewSource("ldap://down.example.com", spare)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	c := ldap.NewConnection(source, d, nil)
	if err := c.Open(ctx); err != nil {
		return err
	}
	defer c.Close()
	fmt.Fprintln(out, c.Server()) // ldap://ldap2.example.com:389
	return nil
}

func guidePool(ctx context.Context, d *dial.Dialer, _ *ldap.Connection, out io.Writer) error {
	first, err := server.New("down.example.com", nil)
	if err != nil {
		return err
	}
	second, err := server.New("ldap.example.com", nil)
	if err != nil {
		return err
	}
	p, err := pool.New(pool.Servers(first, second), &pool.Options{
		Strategy: pool.First,
		Active:   2, // cycles, then Open fails; the default is to go on for ever
		Checks:   pool.Checks{Probe: d.Probe(dial.CheckLDAP)},
	})
	if err != nil {
		return err
	}
	c := ldap.NewConnection(p, d, nil)
	if err := c.Open(ctx); err != nil {
		return err
	}
	defer c.Close()
	for _, m := range p.State().Members {
		fmt.Fprintln(out, m.URL, m.State)
	}
	return nil
}

func guideSimpleBind(ctx context.Context, _ *dial.Dialer, c *ldap.Connection, out io.Writer) error {
	alice := ldap.Credentials{DN: "uid=alice,ou=people,dc=example,dc=com", Password: "secret"}
	if _, err := c.SimpleBind(ctx, alice); err != nil {
		return err
	}
	alice.Password = "wrong"
	_, err := c.SimpleBind(ctx, alice)
	if ldap.IsResult(err, message.ResultInvalidCredentials) {
		fmt.Fprintln(out, "the password is wrong")
	}
	_, err = c.SimpleBind(ctx, ldap.Credentials{}) // anonymous
	return err
}

func guidePlain(ctx context.Context, _ *dial.Dialer, c *ldap.Connection, out io.Writer) error {
	if err := c.StartTLS(ctx); err != nil {
		return err
	}
	if _, err := c.BindSASL(ctx, sasl.Plain{User: "bob", Password: "secret"}); err != nil {
		return err
	}
	return guideWho(ctx, c, out)
}

func guideSCRAM(ctx context.Context, _ *dial.Dialer, c *ldap.Connection, out io.Writer) error {
	mechanism, err := scram.NewSCRAMSHA256(scram.Credentials{User: "bob", Password: "secret"})
	if err != nil {
		return err
	}
	if _, err := c.BindSASL(ctx, mechanism); err != nil {
		return err
	}
	return guideWho(ctx, c, out)
}

func guideExternal(ctx context.Context, d *dial.Dialer, _ *ldap.Connection, out io.Writer) error {
	source, err := ldap.NewSource("ldapi:///run/slapd/ldapi")
	if err != nil {
		return err
	}
	c := ldap.NewConnection(source, d, nil)
	if err := c.Open(ctx); err != nil {
		return err
	}
	defer c.Close()
	if _, err := c.BindSASL(ctx, sasl.External{}); err != nil {
		return err
	}
	_, _, err = c.WhoAmI(ctx)
	if err == nil {
		fmt.Fprintln(out, "known")
	}
	return err
}

// guideWho prints who the client is.
func guideWho(ctx context.Context, c *ldap.Connection, out io.Writer) error {
	identity, _, err := c.WhoAmI(ctx)
	fmt.Fprintln(out, identity)
	return err
}

func guideStartTLS(ctx context.Context, d *dial.Dialer, _ *ldap.Connection, out io.Writer) error {
	srv, err := server.New("ldap://ldap.example.com", &server.Options{
		TLS: &server.TLS{Validate: server.ValidateRequired, CACertsFile: "ca.pem"},
	})
	if err != nil {
		return err
	}
	c := ldap.NewConnection(srv, d, nil)
	if err := c.Open(ctx); err != nil {
		return err
	}
	defer c.Close()
	if err := c.StartTLS(ctx); err != nil {
		return err
	}
	err = c.StartTLS(ctx)
	fmt.Fprintln(out, errors.Is(err, ldap.ErrTLS)) // true: TLS is on already
	return nil
}

func guideSearch(ctx context.Context, _ *dial.Dialer, c *ldap.Connection, out io.Writer) error {
	people := message.SearchRequest{
		Base:       "ou=people,dc=example,dc=com",
		Scope:      message.ScopeSub,
		Filter:     filter.And(filter.Equal("objectClass", "person"), filter.LessOrEqual("uidNumber", "1000")),
		Attributes: []string{"cn", "uidNumber", "mail"},
	}
	for entry, err := range c.Search(ctx, people) {
		if err != nil {
			return err // always the last element
		}
		fmt.Fprintln(out, entry.DN(), entry.Values("mail").Values)
	}
	return nil
}

func guideLeave(ctx context.Context, _ *dial.Dialer, c *ldap.Connection, out io.Writer) error {
	r := message.SearchRequest{Base: "dc=example,dc=com", Scope: message.ScopeSub, Filter: filter.Present("jpegPhoto")}
	for entry, err := range c.Search(ctx, r) {
		if err != nil {
			return err
		}
		fmt.Fprintln(out, entry.DN())
		break // abandons the search; the connection goes on
	}
	return nil
}

func guideValues(ctx context.Context, _ *dial.Dialer, c *ldap.Connection, out io.Writer) error {
	alice := message.SearchRequest{
		Base:       "uid=alice,ou=people,dc=example,dc=com",
		Attributes: []string{"uidNumber", "createTimestamp", "jpegPhoto", "mail", "title"},
	}
	for entry, err := range c.Search(ctx, alice) {
		if err != nil {
			return err
		}
		number, _ := entry.Values("uidNumber").Values[0].Int64()
		created, ok := entry.Values("createTimestamp").Values[0].Time() // a time.Time
		fmt.Fprintln(out, number, ok && !created.IsZero())              // 1000 true

		photo, _ := entry.Attribute("jpegPhoto") // raw
		for raw := range photo.Values() {
			fmt.Fprintf(out, "% x\n", raw) // ff d8 ff e0
		}
		mail, _ := entry.Attribute("mail")
		fmt.Fprintln(out, mail.Strings()) // [alice@example.com a.adams@example.com]

		_, has := entry.Attribute("title")
		fmt.Fprintln(out, has) // false: the entry has no title
		for a := range entry.Attributes() {
			fmt.Fprint(out, a.Name(), " ") // title is among them, without values
		}
		fmt.Fprintln(out)
	}
	return nil
}

func guideJSON(ctx context.Context, _ *dial.Dialer, c *ldap.Connection, out io.Writer) error {
	bob := message.SearchRequest{Base: "uid=bob,ou=people,dc=example,dc=com", Attributes: []string{"cn", "uidNumber"}}
	for entry, err := range c.Search(ctx, bob) {
		if err != nil {
			return err
		}
		fmt.Fprintf(out, "%s\n", entry.AppendJSON(nil))
	}
	return nil
}

func guideNames(ctx context.Context, _ *dial.Dialer, c *ldap.Connection, out io.Writer) error {
	r := message.SearchRequest{Base: "dc=example,dc=com", Scope: message.ScopeSub, Filter: filter.Equal("uidd", "alice")}
	for _, err := range c.Search(ctx, r) {
		var unknown *ldap.NameError
		if !errors.As(err, &unknown) {
			return err
		}
		fmt.Fprintln(out, unknown) // the filter has "uidd", and the server's schema no such attribute type
	}
	return nil
}

func guideLimits(ctx context.Context, _ *dial.Dialer, c *ldap.Connection, out io.Writer) error {
	r := message.SearchRequest{
		Base: "ou=people,dc=example,dc=com", Scope: message.ScopeOne,
		SizeLimit: 2, TimeLimit: 10, TypesOnly: true, Attributes: []string{"mail"},
	}
	found := 0
	for _, err := range c.Search(ctx, r) {
		if ldap.IsResult(err, message.ResultSizeLimitExceeded) {
			fmt.Fprintln(out, "there are more than", found)
			break
		}
		if err != nil {
			return err
		}
		found++
	}
	return nil
}

func guidePaged(ctx context.Context, _ *dial.Dialer, c *ldap.Connection, out io.Writer) error {
	r := message.SearchRequest{Base: "ou=people,dc=example,dc=com", Scope: message.ScopeOne, Attributes: []string{"1.1"}}
	found := 0
	for _, err := range c.NewSearch(r, &ldap.SearchOptions{PageSize: 2}).Entries(ctx) {
		if err != nil {
			return err
		}
		found++
	}
	fmt.Fprintln(out, found)
	return nil
}

func guideSorted(ctx context.Context, _ *dial.Dialer, c *ldap.Connection, out io.Writer) error {
	sort := control.Sort{Keys: []control.SortKey{{Attribute: "uidNumber", Reverse: true}}}
	view := control.VirtualListView{Offset: 1, After: 1} // the first of the list, and one after it
	search := c.NewSearch(
		message.SearchRequest{Base: "ou=people,dc=example,dc=com", Scope: message.ScopeOne, Attributes: []string{"uid"}},
		&ldap.SearchOptions{Controls: []message.Control{sort.Control(), view.Control()}},
	)
	for entry, err := range search.Entries(ctx) {
		if err != nil {
			return err
		}
		fmt.Fprintln(out, entry.DN())
	}
	if answer, ok := search.Controls().Find(control.OIDSortResponse); ok {
		sorted, err := control.ParseSortResponse(answer)
		if err != nil {
			return err
		}
		fmt.Fprintln(out, sorted.Code) // success
	}
	if answer, ok := search.Controls().Find(control.OIDVirtualListViewResponse); ok {
		list, err := control.ParseVirtualListViewResponse(answer)
		if err != nil {
			return err
		}
		fmt.Fprintln(out, list.Position, "of", list.ContentCount)
	}
	return nil
}

func guideAssertion(ctx context.Context, _ *dial.Dialer, c *ldap.Connection, out io.Writer) error {
	r := message.ModifyRequest{DN: "uid=alice,ou=people,dc=example,dc=com", Changes: []message.Change{
		{Kind: message.ChangeReplace, Attribute: "sn", Values: []string{"Baker"}},
	}}
	answer, err := c.Modify(ctx, r,
		control.Assertion{Filter: filter.Equal("sn", "Adams")}.Control(),
		control.PreRead{Attributes: []string{"sn"}}.Control(),
		control.PostRead{Attributes: []string{"sn", "modifyTimestamp"}}.Control(),
	)
	if ldap.IsResult(err, message.ResultAssertionFailed) {
		return errors.New("somebody else has changed it")
	}
	if err != nil {
		return err
	}
	if read, ok := answer.Controls.Find(control.OIDPostRead); ok {
		after, err := control.ParsePostRead(read)
		if err != nil {
			return err
		}
		sn, _ := after.Attribute("sn")
		fmt.Fprintln(out, sn.Strings()) // [Baker]
	}
	return nil
}

func guideSync(ctx context.Context, _ *dial.Dialer, c *ldap.Connection, out io.Writer) error {
	r := message.SearchRequest{Base: "ou=groups,dc=example,dc=com", Scope: message.ScopeSub}
	copied := make(map[control.UUID]string)
	var cookie []byte // of the last time
	for e, err := range c.Sync(ctx, r, control.Sync{Cookie: cookie}) {
		if err != nil {
			return err
		}
		switch {
		case e.State != nil && e.State.Action == control.SyncDelete:
			delete(copied, e.State.UUID)
		case e.State != nil && e.State.Action != control.SyncPresent:
			copied[e.State.UUID] = e.Entry.DN()
		}
		cookie = e.Cookie
	}
	fmt.Fprintln(out, len(copied), len(cookie) > 0)
	return nil
}

func guideFilters(_ context.Context, _ *dial.Dialer, _ *ldap.Connection, out io.Writer) error {
	built := filter.And(
		filter.Equal("objectClass", "person"),
		filter.Or(filter.Equal("cn", "Smith (Jr.)"), filter.Substrings("mail", "smith", nil, "@example.com")),
		filter.Not(filter.Present("telephoneNumber")),
	)
	fmt.Fprintln(out, built)

	parsed, err := filter.Parse("(&(objectClass=person)(cn=" + filter.EscapeValue("Smith (Jr.)") + "))")
	if err != nil {
		return err
	}
	fmt.Fprintln(out, parsed, parsed == filter.And(filter.Equal("objectClass", "person"), filter.Equal("cn", "Smith (Jr.)")))
	return nil
}

func guideDNs(_ context.Context, _ *dial.Dialer, _ *ldap.Connection, out io.Writer) error {
	name, err := dn.Parse("CN=Smith\\, J.,OU=people,DC=example,DC=com")
	if err != nil {
		return err
	}
	fmt.Fprintln(out, name[0][0].Value) // Smith, J.
	fmt.Fprintln(out, name[1:])         // the superior: OU=people,DC=example,DC=com
	fmt.Fprintln(out, append(dn.DN{{{Type: "uid", Value: "a+b"}}}, name[1:]...))
	fmt.Fprintln(out, "uid="+dn.EscapeValue("a+b")+",ou=people,dc=example,dc=com")
	return nil
}

func guideURL(ctx context.Context, d *dial.Dialer, _ *ldap.Connection, out io.Writer) error {
	u, err := ldapurl.Parse("ldap://ldap.example.com/ou=people,dc=example,dc=com?cn,mail?one?(uid=bob)")
	if err != nil {
		return err
	}
	r := message.SearchRequest{Base: u.DN, Attributes: u.Attributes}
	if u.Scope != nil {
		r.Scope = *u.Scope
	}
	if u.Filter != nil {
		r.Filter = *u.Filter
	}
	source, err := ldap.NewSource(u.Server())
	if err != nil {
		return err
	}
	c := ldap.NewConnection(source, d, nil)
	if err := c.Open(ctx); err != nil {
		return err
	}
	defer c.Close()
	for entry, err := range c.Search(ctx, r) {
		if err != nil {
			return err
		}
		fmt.Fprintln(out, entry.DN(), entry.Values("cn").Values)
	}
	return nil
}

func guideLDIFOut(ctx context.Context, _ *dial.Dialer, c *ldap.Connection, out io.Writer) error {
	w := ldif.NewWriter(out)
	for entry, err := range c.Search(ctx, message.SearchRequest{Base: "ou=groups,dc=example,dc=com"}) {
		if err != nil {
			return err
		}
		record := &ldif.Record{DN: entry.DN()}
		for a := range entry.Entry.Attributes() { // those that were received
			record.Attributes = append(record.Attributes, ldif.Attribute{Name: a.Name(), Values: a.Strings()})
		}
		if err := w.Write(record); err != nil {
			return err
		}
	}
	return nil
}

func guideLDIFIn(ctx context.Context, _ *dial.Dialer, c *ldap.Connection, _ io.Writer) error {
	file, err := os.Open("changes.ldif")
	if err != nil {
		return err
	}
	defer file.Close()
	in := ldif.NewReader(file)
	in.Changes = true
	for {
		record, err := in.Read()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err // an *ldif.Error has the line
		}
		if err := change(ctx, c, record); err != nil {
			return fmt.Errorf("the record in line %d: %w", record.Line, err)
		}
	}
}

// change makes the change of an LDIF record.
func change(ctx context.Context, c *ldap.Connection, r *ldif.Record) (err error) {
	var controls []message.Control
	for _, one := range r.Controls {
		controls = append(controls, message.Control(one))
	}
	switch r.Change {
	case "", ldif.ChangeAdd:
		request := message.AddRequest{DN: r.DN}
		for _, a := range r.Attributes {
			request.Attributes = append(request.Attributes, message.PartialAttribute(a))
		}
		_, err = c.Add(ctx, request, controls...)
	case ldif.ChangeModify:
		kinds := map[ldif.Operation]message.ChangeKind{
			ldif.OperationAdd: message.ChangeAdd, ldif.OperationDelete: message.ChangeDelete,
			ldif.OperationReplace: message.ChangeReplace, ldif.OperationIncrement: message.ChangeIncrement,
		}
		request := message.ModifyRequest{DN: r.DN}
		for _, m := range r.Modifications {
			request.Changes = append(request.Changes, message.Change{Kind: kinds[m.Operation], Attribute: m.Name, Values: m.Values})
		}
		_, err = c.Modify(ctx, request, controls...)
	case ldif.ChangeModifyDN:
		request := message.ModifyDNRequest{DN: r.DN, NewRDN: r.NewRDN, KeepOldRDN: !r.DeleteOldRDN, NewSuperior: r.NewSuperior}
		_, err = c.ModifyDN(ctx, request, controls...)
	case ldif.ChangeDelete:
		_, err = c.Delete(ctx, message.DeleteRequest{DN: r.DN}, controls...)
	}
	return err
}

func guideUpdates(ctx context.Context, _ *dial.Dialer, c *ldap.Connection, out io.Writer) error {
	_, err := c.Add(ctx, message.AddRequest{DN: "uid=dave,ou=people,dc=example,dc=com", Attributes: []message.PartialAttribute{
		{Name: "objectClass", Values: []string{"inetOrgPerson"}},
		{Name: "cn", Values: []string{"Dave Davis"}},
		{Name: "sn", Values: []string{"Davis"}},
	}})
	if ldap.IsAlreadyThere(err) {
		return errors.New("there is a dave already")
	}
	if err != nil {
		return err
	}
	_, err = c.Modify(ctx, message.ModifyRequest{DN: "uid=dave,ou=people,dc=example,dc=com", Changes: []message.Change{
		{Kind: message.ChangeAdd, Attribute: "mail", Values: []string{"dave@example.com", "d@example.com"}},
		{Kind: message.ChangeReplace, Attribute: "sn", Values: []string{"Davies"}},
		{Kind: message.ChangeDelete, Attribute: "mail", Values: []string{"d@example.com"}}, // without values: all
	}})
	if err != nil {
		return err
	}
	_, err = c.ModifyDN(ctx, message.ModifyDNRequest{
		DN: "uid=dave,ou=people,dc=example,dc=com", NewRDN: "uid=david",
		NewSuperior: new("ou=groups,dc=example,dc=com"), // nil: it stays where it is
	})
	if err != nil {
		return err
	}
	matches, _, err := c.Compare(ctx, message.CompareRequest{
		DN: "uid=david,ou=groups,dc=example,dc=com", Attribute: "sn", Value: "Davies",
	})
	if err != nil {
		return err
	}
	fmt.Fprintln(out, matches) // true
	_, err = c.Delete(ctx, message.DeleteRequest{DN: "uid=david,ou=groups,dc=example,dc=com"})
	return err
}

func guideExtended(ctx context.Context, _ *dial.Dialer, c *ldap.Connection, out io.Writer) error {
	made, _, err := c.PasswordModify(ctx, ldap.PasswordModifyRequest{User: "uid=carol,ou=people,dc=example,dc=com"})
	if err != nil {
		return err
	}
	if _, err := c.SimpleBind(ctx, ldap.Credentials{DN: "uid=carol,ou=people,dc=example,dc=com", Password: made}); err != nil {
		return err
	}
	identity, _, err := c.WhoAmI(ctx)
	if err != nil {
		return err
	}
	fmt.Fprintln(out, identity) // dn:uid=carol,ou=people,dc=example,dc=com

	answer, err := c.Extended(ctx, message.ExtendedRequest{Name: "1.3.6.1.4.1.4203.1.11.3"}) // any other is like this
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "%s\n", answer.Value)
	return nil
}

func guideReferrals(ctx context.Context, d *dial.Dialer, _ *ldap.Connection, out io.Writer) error {
	srv, err := server.New("ldap.example.com", &server.Options{AllowedReferralHosts: []server.ReferralHost{
		{Host: "ldap2.example.com", AllowAuth: true},
	}})
	if err != nil {
		return err
	}
	c := ldap.NewConnection(srv, d, &ldap.Options{Referrals: ldap.ReferralsAll})
	if err := c.Open(ctx); err != nil {
		return err
	}
	defer c.Close()
	search := c.NewSearch(message.SearchRequest{
		Base: "dc=example,dc=com", Scope: message.ScopeSub, Filter: filter.Equal("uid", "bob"), Attributes: []string{"1.1"},
	}, nil)
	for entry, err := range search.Entries(ctx) {
		if err != nil {
			return err
		}
		fmt.Fprintln(out, entry.DN())
	}
	for _, r := range search.References() { // those that were not followed
		fmt.Fprintln(out, r.URLs, r.Err)
	}
	return nil
}

// guideReconnect has the server go away and come back by lose.
func guideReconnect(ctx context.Context, d *dial.Dialer, lose func(), out io.Writer) error {
	source, err := ldap.NewSource("ldap.example.com")
	if err != nil {
		return err
	}
	c := ldap.NewConnection(source, d, &ldap.Options{
		Credentials: ldap.Credentials{DN: "uid=bob,ou=people,dc=example,dc=com", Password: "secret"},
		Reconnect:   5,
		Timeout:     10 * time.Second,
	})
	if err := c.Open(ctx); err != nil {
		return err
	}
	defer c.Close()
	if err := c.Bind(ctx); err != nil {
		return err
	}
	lose()
	return guideWho(ctx, c, out)
}

func guideErrors(ctx context.Context, _ *dial.Dialer, c *ldap.Connection, out io.Writer) error {
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	_, err := c.Delete(ctx, message.DeleteRequest{DN: "ou=people,dc=example,dc=com"})
	var refused *ldap.ResultError
	switch {
	case err == nil:
		fmt.Fprintln(out, "deleted")
	case ldap.IsNotFound(err):
		fmt.Fprintln(out, "it was not there")
	case errors.As(err, &refused):
		fmt.Fprintln(out, "refused:", refused.Code, refused.Diagnostic)
	case errors.Is(err, ldap.ErrOutcomeUnknown):
		fmt.Fprintln(out, "nobody knows whether it is deleted:", err)
	default:
		fmt.Fprintln(out, "nothing was deleted:", err)
	}
	return nil
}

func guideInfo(ctx context.Context, d *dial.Dialer, _ *ldap.Connection, out io.Writer) error {
	srv, err := server.New("ldap.example.com", &server.Options{GetInfo: server.InfoAll})
	if err != nil {
		return err
	}
	c := ldap.NewConnection(srv, d, &ldap.Options{
		Infos: new(server.Infos), // one for all connections of like rights
		Warn:  func(err error) { fmt.Fprintln(out, "warning:", err) },
	})
	if err := c.Open(ctx); err != nil {
		return err
	}
	defer c.Close()
	if err := c.ReadInfo(ctx); err != nil {
		return err
	}
	fmt.Fprintln(out, c.Info().NamingContexts) // [dc=example,dc=com]
	schema := c.Schema()
	required, _ := schema.ClassAttributes(schema.ObjectClass("inetOrgPerson"))
	for _, a := range required {
		fmt.Fprint(out, a.Name, " ") // objectClass, sn and cn
	}
	fmt.Fprintln(out)
	return nil
}

func guideOffline(_ context.Context, _ *dial.Dialer, _ *ldap.Connection, out io.Writer) error {
	srv, err := server.New("ldap.example.com", &server.Options{GetInfo: "AD_2016", Offline: offline.Infos})
	if err != nil {
		return err
	}
	fmt.Fprintln(out, srv.Schema().AttributeType("lastLogon").OID)
	return nil
}

func guideActiveDirectory(ctx context.Context, _ *dial.Dialer, c *ldap.Connection, out io.Writer) error {
	r := message.SearchRequest{
		Base: "DC=ad,DC=example,DC=com", Scope: message.ScopeSub,
		Filter:     filter.And(filter.Equal("objectClass", "user"), filter.Extensible("userAccountControl", "1.2.840.113556.1.4.803", "2", false)),
		Attributes: []string{"sAMAccountName", "nTSecurityDescriptor"},
	}
	for entry, err := range c.Search(ctx, r,
		control.ExtendedDN{Text: true}.Control(),
		control.SecurityDescriptor{Owner: true}.Control(),
		control.DomainScope.Control(),
	) {
		if err != nil {
			return err
		}
		_, sid, name := control.SplitExtendedDN(entry.DN())
		owner := entry.Values("nTSecurityDescriptor").Values[0].Descriptor().Owner
		fmt.Fprintln(out, name, sid, owner)
	}
	return nil
}

func guideDirSync(ctx context.Context, _ *dial.Dialer, c *ldap.Connection, out io.Writer) error {
	var cookie []byte // of the last time
	for more := true; more; {
		search := c.NewSearch(
			message.SearchRequest{Base: "DC=ad,DC=example,DC=com", Scope: message.ScopeSub, Filter: filter.Equal("objectClass", "user")},
			&ldap.SearchOptions{Controls: []message.Control{control.DirSync{Cookie: cookie}.Control()}},
		)
		for entry, err := range search.Entries(ctx) {
			if err != nil {
				return err
			}
			fmt.Fprintln(out, entry.DN())
		}
		answer, ok := search.Controls().Find(control.OIDDirSync)
		if !ok {
			return errors.New("the server does not know DirSync")
		}
		sync, err := control.ParseDirSync(answer)
		if err != nil {
			return err
		}
		cookie, more = sync.Cookie, sync.More
	}
	return nil
}

func guidePersistent(ctx context.Context, _ *dial.Dialer, c *ldap.Connection, out io.Writer) error {
	r := message.SearchRequest{Base: "dc=example,dc=com", Scope: message.ScopeSub}
	for change, err := range c.PersistentSearch(ctx, r, control.PersistentSearch{Notify: true}) {
		if err != nil {
			return err
		}
		fmt.Fprintln(out, change.DN(), change.Type)
		if change.Type == 0 { // it was there at the beginning
			break
		}
	}
	return nil
}
