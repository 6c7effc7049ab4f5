package testserver

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"
)

const (
	// startTime bounds how long a server may take to answer.
	startTime = 20 * time.Second
	// addressTries is how many addresses are tried: between finding a free one
	// and using it another process may take it.
	addressTries = 5
)

// process is a server's program, with all its files in a temporary folder.
type process struct {
	dir string
	cmd *exec.Cmd
	// exited is closed when the program has ended.
	exited chan struct{}
}

// newProcess makes the folder; name is part of its name.
func newProcess(name string) (process, error) {
	dir, err := os.MkdirTemp("", name+"-")
	return process{dir: dir}, err
}

// file returns the path of a file in the folder.
func (p *process) file(elements ...string) string {
	return filepath.Join(append([]string{p.dir}, elements...)...)
}

// folders makes folders in the folder, unless they are there.
func (p *process) folders(names ...string) error {
	for _, name := range names {
		if err := os.MkdirAll(p.file(name), 0o700); err != nil {
			return err
		}
	}
	return nil
}

// run runs the program, which must stay in the foreground, and returns once the
// address accepts connections. If it does not, the program is ended.
func (p *process) run(ctx context.Context, address, program string, args ...string) error {
	log, err := os.Create(p.file(program + ".log"))
	if err != nil {
		return err
	}
	defer log.Close()
	p.cmd = exec.Command(find(program), args...)
	p.cmd.Stdout, p.cmd.Stderr = log, log
	// It must not outlive a test that is killed; and it has a group of its own,
	// to be killed with all its children.
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL, Setpgid: true}
	if err := p.cmd.Start(); err != nil {
		return fmt.Errorf("starting %s: %w", program, err)
	}
	p.exited = make(chan struct{})
	go func() {
		p.cmd.Wait()
		p.killGroup() // children that it leaves
		close(p.exited)
	}()
	if err := p.ready(ctx, address); err != nil {
		p.Kill()
		out, _ := os.ReadFile(log.Name())
		return fmt.Errorf("%s does not answer: %w: %s", program, err, out)
	}
	return nil
}

var errEnded = errors.New("it has ended")

// ready waits until the address accepts connections.
func (p *process) ready(ctx context.Context, address string) error {
	ctx, cancel := context.WithTimeout(ctx, startTime)
	defer cancel()
	for {
		c, err := new(net.Dialer).DialContext(ctx, "tcp", address)
		if err == nil {
			return c.Close()
		}
		select {
		case <-p.exited:
			return errEnded
		case <-ctx.Done():
			return errors.Join(context.Cause(ctx), err)
		case <-time.After(10 * time.Millisecond):
		}
	}
}

func (p *process) killGroup() { syscall.Kill(-p.cmd.Process.Pid, syscall.SIGKILL) }

// Kill ends the server at once, as a crash would.
func (p *process) Kill() {
	if p.exited == nil {
		return
	}
	select {
	case <-p.exited:
	default:
		p.killGroup()
		<-p.exited
	}
}

// Suspend stops the server as it is: its address still takes connections, and
// nothing answers on them. It returns when the server has stopped, which is some
// time after the signal was sent.
func (p *process) Suspend() {
	syscall.Kill(-p.cmd.Process.Pid, syscall.SIGSTOP)
	for end := time.Now().Add(startTime); !p.stopped() && time.Now().Before(end); {
		time.Sleep(time.Millisecond)
	}
}

// stopped tells whether every thread of the program is stopped, by proc(5).
func (p *process) stopped() bool {
	threads, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/stat", p.cmd.Process.Pid))
	for _, name := range threads {
		// The state follows the program's name, which may have anything in it.
		stat, _ := os.ReadFile(name)
		if _, state, found := bytes.Cut(stat, []byte(") ")); found && state[0] != 'T' {
			return false
		}
	}
	return true
}

// Resume lets a suspended server go on.
func (p *process) Resume() { syscall.Kill(-p.cmd.Process.Pid, syscall.SIGCONT) }

// Close kills the server and removes its files.
func (p *process) Close() error {
	p.Kill()
	return os.RemoveAll(p.dir)
}

// find returns the path of a program, which may be among those of
// administrators.
func find(program string) string {
	path, err := exec.LookPath(program)
	if err != nil {
		return filepath.Join("/usr/sbin", program)
	}
	return path
}

// prepare runs a program to its end.
func prepare(ctx context.Context, program string, args ...string) error {
	cmd := exec.CommandContext(ctx, find(program), args...)
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("running %s: %w: %s", program, err, out)
	}
	return nil
}

// tryAddresses calls start with a free address, and again with another if the
// program has ended instead of listening there.
func tryAddresses(address func() (string, error), start func(address string) error) (err error) {
	for range addressTries {
		var a string
		if a, err = address(); err != nil {
			return err
		}
		if err = start(a); !errors.Is(err, errEnded) {
			return err
		}
	}
	return err
}

// freeAddress returns host and port of an address of loopback that is free.
func freeAddress() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer l.Close()
	return l.Addr().String(), nil
}
