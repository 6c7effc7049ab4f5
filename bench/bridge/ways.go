package main

import (
	"bufio"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"time"
)

// way is a way to a server: how a client speaks on it, its address, and what
// carries it, if something does.
type way struct {
	name, kind, address string
	process             *process
}

// ways starts all ways to a server.
func ways(dir, connector, target string) ([]way, error) {
	all := []way{{"direct", "tcp", target, nil}}
	for _, w := range []struct {
		name, kind string
		start      func(dir, target string) (*process, string, error)
	}{
		{"HAProxy, TCP", "tcp", haproxy}, {"connector", "connector", connecting(connector, "")},
		{"connector, unfiltered", "connector", connecting(connector, "policies: [{unfiltered: true}]\n")}, {"websockify", "websockify", websockify},
	} {
		p, address, err := w.start(dir, target)
		if err != nil {
			stop(all)
			return nil, fmt.Errorf("%s: %w", w.name, err)
		}
		all = append(all, way{w.name, w.kind, address, p})
	}
	return all, nil
}

func stop(all []way) {
	for _, w := range all {
		if w.process != nil {
			w.process.stop()
		}
	}
}

// process is a program that runs until it is stopped.
type process struct{ cmd *exec.Cmd }

func start(cmd *exec.Cmd) (*process, error) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	return &process{cmd}, cmd.Start()
}

// startAsService starts a program with the timer slack that deploy/ldapedge.service
// gives to the connector: a program has that of the thread that starts it.
func startAsService(cmd *exec.Cmd) (*process, error) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if err := setTimerSlack(time.Millisecond); err != nil {
		return nil, err
	}
	p, err := start(cmd)
	return p, errors.Join(err, setTimerSlack(0))
}

// setTimerSlack is prctl(2)'s PR_SET_TIMERSLACK; 0 is what the thread had at first.
func setTimerSlack(d time.Duration) error {
	const setTimerSlack = 29
	if _, _, err := syscall.RawSyscall(syscall.SYS_PRCTL, setTimerSlack, uintptr(d), 0); err != 0 {
		return os.NewSyscallError("prctl", err)
	}
	return nil
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
		p, err := startAsService(cmd)
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
