// Command bridge measures the ways to one slapd on this machine, side by side with
// one client: a socket, HAProxy in TCP mode, the connector with its default policy
// and with none, and websockify. Reading 50,000 people, looking one up, and
// connecting, binding and looking one up. It needs slapd, haproxy and websockify.
package main

import (
	"bufio"
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

	"github.com/ldapedge/ldapedge/bench/contest"
	"github.com/ldapedge/ldapedge/bench/search/people"
	"github.com/ldapedge/ldapedge/integration/testserver"
)

const rounds = 5

func main() { contest.Main(run) }

func run(dir string) (err error) {
	read, connector := filepath.Join(dir, "read"), filepath.Join(dir, "ldapedge")
	if err := contest.Steps([]string{"go", "build", "-o", read, "./bridge/read"}, []string{"go", "build", "-C", "..", "-o", connector, "./native/connector"}); err != nil {
		return err
	}
	slapd, err := testserver.SlapdConfig{Entries: testserver.People(people.Count)}.Start(context.Background())
	if err != nil {
		return err
	}
	defer slapd.Close()
	ways := []way{{"direct", "tcp", slapd.Address}}
	for _, w := range []struct {
		name, kind string
		start      func(dir, target string) (*process, string, error)
	}{
		{"HAProxy, TCP", "tcp", haproxy}, {"connector", "connector", connecting(connector, "")},
		{"connector, unfiltered", "connector", connecting(connector, "policies: [{unfiltered: true}]\n")}, {"websockify", "websockify", websockify},
	} {
		p, address, err := w.start(dir, slapd.Address)
		if err != nil {
			return fmt.Errorf("%s: %w", w.name, err)
		}
		defer p.stop()
		ways = append(ways, way{w.name, w.kind, address})
	}
	for _, what := range []struct {
		name, title string
		runs        int
	}{{"bulk", "50,000 people", 3}, {"small", "1,000 look-ups on an open connection", 10}, {"connect", "connecting, binding and one look-up", 30}} {
		if err := measure(what.name, what.title, what.runs, read, ways, slapd); err != nil {
			return err
		}
	}
	return nil
}

// way is a way to slapd.
type way struct{ name, kind, address string }

func measure(what, title string, runs int, read string, ways []way, slapd *testserver.Slapd) error {
	var all []*contest.Contestant
	for _, w := range ways {
		all = append(all, &contest.Contestant{
			Name: w.name, Runs: runs, Program: []string{read}, Args: []string{what, w.kind, w.address, slapd.Credentials.DN, slapd.Credentials.Password},
		})
	}
	if err := contest.Run(all, rounds); err != nil {
		return err
	}
	fmt.Println(title)
	for _, c := range all {
		fmt.Printf("%-22s median %9.3f ms  %5.2fx direct   least %9.3f ms  %5.2fx direct\n",
			c.Name, c.Median()/1e6, c.Median()/all[0].Median(), c.Min()/1e6, c.Min()/all[0].Min())
	}
	return nil
}

// process is a program that runs until it is stopped.
type process struct{ cmd *exec.Cmd }

func start(cmd *exec.Cmd) (*process, error) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	return &process{cmd}, cmd.Start()
}

func (p *process) stop() {
	p.cmd.Process.Kill()
	p.cmd.Wait()
}

// haproxy starts HAProxy on a socket that it is handed.
func haproxy(dir, target string) (*process, string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, "", err
	}
	defer l.Close()
	socket, err := l.(*net.TCPListener).File()
	if err != nil {
		return nil, "", err
	}
	defer socket.Close()
	file := filepath.Join(dir, "haproxy.cfg")
	text := "defaults\n mode tcp\n timeout connect 5s\n timeout client 1h\n timeout server 1h\nlisten ldap\n bind fd@3\n server slapd " + target + "\n"
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		return nil, "", err
	}
	cmd := exec.Command("haproxy", "-db", "-q", "-f", file)
	cmd.ExtraFiles = []*os.File{socket}
	p, err := start(cmd)
	return p, l.Addr().String(), err
}

// connecting starts the connector with more lines of configuration.
func connecting(program, more string) func(dir, target string) (*process, string, error) {
	return func(dir, target string) (*process, string, error) {
		file := filepath.Join(dir, "ldapedge.yaml")
		text := "listen: 127.0.0.1:0\nauth: none\nlog: {level: error}\nservers: [{name: slapd, url: 'ldap://" + target + "'}]\n" + more
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			return nil, "", err
		}
		cmd := exec.Command(program, "serve", "--config", file)
		out, err := cmd.StdoutPipe()
		if err != nil {
			return nil, "", err
		}
		p, err := start(cmd)
		if err != nil {
			return nil, "", err
		}
		line, err := bufio.NewReader(out).ReadString('\n')
		address := strings.TrimSuffix(strings.TrimPrefix(line, "listening http://"), "/\n")
		if err != nil || address == line {
			p.stop()
			return nil, "", fmt.Errorf("it says %q", line)
		}
		return p, address, nil
	}
}

// websockify starts websockify, which must be told a port, and waits until it
// listens.
func websockify(_, target string) (*process, string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, "", err
	}
	address := l.Addr().String()
	l.Close()
	p, err := start(exec.Command("websockify", address, target))
	if err != nil {
		return nil, "", err
	}
	for range 500 {
		c, err := net.Dial("tcp", address)
		if err == nil {
			c.Close()
			return p, address, nil
		}
		time.Sleep(20 * time.Millisecond)
	}
	p.stop()
	return nil, "", errors.New("it does not listen")
}
