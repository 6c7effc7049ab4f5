// Package testserver starts real LDAP servers for tests: on loopback, on ports
// of their own, with everything in a temporary folder.
package testserver

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// Slapd is OpenLDAP's server with the schemas core, cosine, inetorgperson and
// nis and the suffix dc=example,dc=com.
type Slapd struct {
	// Address is host and port.
	Address string

	dir string
	cmd *exec.Cmd
	// exited is closed when the process has ended.
	exited chan struct{}
}

// schemas are the files of Debian's slapd that are loaded.
var schemas = []string{"core", "cosine", "inetorgperson", "nis"}

// startTime bounds how long a server may take to answer.
const startTime = 20 * time.Second

// StartSlapd starts a slapd. [Slapd.Close] ends it and removes its files.
func StartSlapd(ctx context.Context) (*Slapd, error) {
	dir, err := os.MkdirTemp("", "slapd-")
	if err != nil {
		return nil, err
	}
	s := &Slapd{dir: dir}
	if err := s.configure(); err != nil {
		s.Close()
		return nil, err
	}
	// slapd takes no port 0, and between finding a free port and using it
	// another process may: so there are several tries.
	for range 5 {
		if s.Address, err = freeAddress(); err != nil {
			break
		}
		if err = s.Start(ctx); err == nil {
			return s, nil
		}
	}
	s.Close()
	return nil, err
}

func freeAddress() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer l.Close()
	return l.Addr().String(), nil
}

func (s *Slapd) configure() error {
	var c strings.Builder
	for _, name := range schemas {
		fmt.Fprintf(&c, "include /etc/ldap/schema/%s.schema\n", name)
	}
	fmt.Fprintf(&c, "pidfile %s/slapd.pid\nmodulepath /usr/lib/ldap\nmoduleload back_mdb\n", s.dir)
	fmt.Fprintf(&c, "database mdb\nsuffix dc=example,dc=com\nrootdn cn=admin,dc=example,dc=com\nrootpw secret\ndirectory %s/data\nmaxsize 1073741824\n", s.dir)
	if err := os.Mkdir(filepath.Join(s.dir, "data"), 0o700); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(s.dir, "slapd.conf"), []byte(c.String()), 0o600)
}

// URL returns the server's URL.
func (s *Slapd) URL() string { return "ldap://" + s.Address }

// Start starts a server that has been stopped, at the same address, and waits
// until it accepts connections.
func (s *Slapd) Start(ctx context.Context) error {
	log, err := os.Create(filepath.Join(s.dir, "slapd.log"))
	if err != nil {
		return err
	}
	defer log.Close()
	path, err := exec.LookPath("slapd")
	if err != nil {
		path = "/usr/sbin/slapd"
	}
	s.cmd = exec.Command(path, "-d", "0", "-f", filepath.Join(s.dir, "slapd.conf"), "-h", s.URL()+"/")
	s.cmd.Stdout, s.cmd.Stderr = log, log
	// It must not outlive a test that is killed.
	s.cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := s.cmd.Start(); err != nil {
		return fmt.Errorf("starting slapd: %w", err)
	}
	s.exited = make(chan struct{})
	go func() {
		s.cmd.Wait()
		close(s.exited)
	}()
	return s.ready(ctx)
}

func (s *Slapd) ready(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, startTime)
	defer cancel()
	for {
		c, err := new(net.Dialer).DialContext(ctx, "tcp", s.Address)
		if err == nil {
			return c.Close()
		}
		select {
		case <-s.exited:
			out, _ := os.ReadFile(filepath.Join(s.dir, "slapd.log"))
			return fmt.Errorf("slapd has ended: %s", out)
		case <-ctx.Done():
			return errors.Join(context.Cause(ctx), err)
		case <-time.After(10 * time.Millisecond):
		}
	}
}

// Kill ends the process at once, as a crash would.
func (s *Slapd) Kill() {
	if s.cmd != nil && s.cmd.Process != nil {
		s.cmd.Process.Kill()
		<-s.exited
	}
}

// Close kills the process and removes its files.
func (s *Slapd) Close() error {
	s.Kill()
	return os.RemoveAll(s.dir)
}
