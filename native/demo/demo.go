// Package demo is an LDAP directory in the process: a small organization with
// its people, its groups and the schema that they follow. With it a newcomer
// tries ldapedge without an LDAP server at hand; `ldapedge serve --demo` is what
// starts it.
//
// [Start] listens on a port of 127.0.0.1 that the system picks, and [Directory.URL]
// says which. Anyone on the machine may read everything below [BaseDN],
// anonymously or after a simple bind as one of its people, all of whom have the
// password [Password]. What is there is made up and never changes.
//
// # What it answers
//
//   - Searches of all three scopes, with filters, size limit, attribute selection
//     ("*", "+" and "1.1" included) and typesOnly. Operational attributes come only
//     when they are asked for.
//   - Simple binds and anonymous ones. Whoever has bound sees what everyone sees.
//   - Add, modify, delete and extended operations: unwillingToPerform.
//
// # What it leaves out
//
// The LDAP server library beneath knows no compare, modify DN, abandon or SASL
// bind, nor extensible filters with the dn flag: it closes the connection upon
// them. Paging is not offered; a paged search gets all entries at once, without
// the response control.
package demo

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/jimlambrt/gldap"
)

const (
	// BaseDN is the only naming context of the demo directory.
	BaseDN = "dc=example,dc=com"
	// SubschemaDN is the entry that publishes the schema.
	SubschemaDN = "cn=Subschema"
	// Password is the password of every person in the directory. It is no secret:
	// nothing but public fiction lies behind it, and it is offered on loopback alone.
	Password = "demo"
)

// closeGrace is how long Close lets clients finish.
const closeGrace = 2 * time.Second

// ErrConnectionsOpen is what [Directory.Close] returns when clients outstayed the
// time that it gives them.
var ErrConnectionsOpen = errors.New("demo directory: connections are still open")

// Directory is a running demo directory. Its methods may be called from several
// goroutines at once.
type Directory struct {
	server interface{ Stop() error }
	ran    <-chan error
	url    string
	grace  time.Duration

	closeOnce sync.Once
	closeErr  error
}

// Start listens on an ephemeral port of 127.0.0.1 and serves the demo directory
// until [Directory.Close]. The context bounds the start alone: once Start has
// returned, ending it changes nothing.
//
// It returns the error of the listener if that cannot be had, and the context's
// error if that ends first.
func Start(ctx context.Context) (*Directory, error) {
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("starting the demo directory: %w", err)
	}
	content, err := newTree()
	if err != nil {
		return nil, fmt.Errorf("building the demo directory: %w", err)
	}
	addr := make(chan string, 1)
	server, err := newServer(content, addr)
	if err != nil {
		return nil, fmt.Errorf("setting up the demo directory: %w", err)
	}
	ran := make(chan error, 1)
	go func() {
		ran <- server.Run("127.0.0.1:0")
		close(ran)
	}()
	hostPort, err := awaitListener(ctx, addr, ran)
	if err != nil {
		go stopOnceListening(server, addr, ran)
		return nil, fmt.Errorf("starting the demo directory: %w", err)
	}
	return &Directory{server: server, ran: ran, url: "ldap://" + hostPort, grace: closeGrace}, nil
}

// awaitListener returns the address that a server listens on, or why it does not.
func awaitListener(ctx context.Context, addr <-chan string, ran <-chan error) (string, error) {
	select {
	case hostPort := <-addr:
		return hostPort, nil
	case err := <-ran:
		if err == nil {
			err = errors.New("the server ended before it listened")
		}
		return "", err
	case <-ctx.Done():
		return "", ctx.Err()
	}
}

// newServer joins the content to an LDAP server, which is yet to run and will
// send the address that it listens on to addr.
func newServer(content *tree, addr chan<- string) (*gldap.Server, error) {
	mux, err := routes(content)
	if err != nil {
		return nil, err
	}
	server, err := gldap.NewServer(gldap.WithLogger(newListenLogger(addr)))
	if err != nil {
		return nil, err
	}
	return server, server.Router(mux)
}

// stopOnceListening stops a server that nobody waits for any more, unless it has
// ended by itself. A stop that came before the listener would leave it open.
func stopOnceListening(server *gldap.Server, addr <-chan string, ran <-chan error) {
	select {
	case <-addr:
		_ = server.Stop()
	case <-ran:
	}
}

// URL returns the LDAP URL of the directory, such as ldap://127.0.0.1:34567, with
// neither DN nor path.
func (d *Directory) URL() string { return d.url }

// Close stops listening and waits up to two seconds for the open connections to
// end. If some are open even then it returns [ErrConnectionsOpen]: the listener is
// gone all the same, and each of those connections is served until its client
// ends it or has had one more answer. Later calls return what the first one did.
func (d *Directory) Close() error {
	d.closeOnce.Do(func() { d.closeErr = d.stop() })
	return d.closeErr
}

func (d *Directory) stop() error {
	stopped := make(chan error, 1)
	go func() { stopped <- d.server.Stop() }()
	timer := time.NewTimer(d.grace)
	defer timer.Stop()

	select {
	case err := <-stopped:
		if err != nil {
			return fmt.Errorf("closing the demo directory: %w", err)
		}
	case <-timer.C:
		return ErrConnectionsOpen
	}
	if err := <-d.ran; err != nil {
		return fmt.Errorf("closing the demo directory: %w", err)
	}
	return nil
}
