package faults

import (
	"bufio"
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"time"
)

//go:embed client.py
var ldap3Program string

// python is Debian's, for which python3-ldap3 is installed.
const python = "/usr/bin/python3"

// ldap3Pool is a running program of python ldap3.
type ldap3Pool struct {
	cmd   *exec.Cmd
	in    io.WriteCloser
	lines *bufio.Scanner
}

func startLDAP3(ctx context.Context, what, strategy string, c Config, urls []string) (*ldap3Pool, error) {
	args := append([]string{"-c", ldap3Program, what, strategy, strconv.Itoa(c.Clients), strconv.FormatFloat(c.ConnectTimeout.Seconds(), 'g', -1, 64)}, urls...)
	p := &ldap3Pool{cmd: exec.CommandContext(ctx, python, args...)}
	p.cmd.Stderr = os.Stderr
	var err error
	if p.in, err = p.cmd.StdinPipe(); err != nil {
		return nil, err
	}
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	p.lines = bufio.NewScanner(out)
	if err := p.cmd.Start(); err != nil {
		return nil, err
	}
	if !p.lines.Scan() || p.lines.Text() != "running" {
		p.cmd.Process.Kill()
		return nil, errors.Join(fmt.Errorf("python ldap3 does not start: %q", p.lines.Text()), p.cmd.Wait())
	}
	return p, nil
}

func (p *ldap3Pool) command(line string) error {
	if _, err := io.WriteString(p.in, line+"\n"); err != nil {
		return err
	}
	if !p.lines.Scan() {
		return fmt.Errorf("python ldap3 does not answer to %q: %w", line, p.lines.Err())
	}
	if answer := p.lines.Text(); answer != "ok" {
		return fmt.Errorf("python ldap3 answers to %q: %s", line, answer)
	}
	return nil
}

func (p *ldap3Pool) Add(url string) error    { return p.command("add " + url) }
func (p *ldap3Pool) Remove(url string) error { return p.command("remove " + url) }

// stop ends it and collects what it has seen.
func (p *ldap3Pool) stop(c *collector) error {
	if _, err := io.WriteString(p.in, "stop\n"); err != nil {
		return err
	}
	for p.lines.Scan() {
		var line struct {
			Server, Error string
			Took          float64
		}
		if err := json.Unmarshal(p.lines.Bytes(), &line); err != nil {
			return fmt.Errorf("python ldap3 says %q: %w", p.lines.Text(), err)
		}
		took := time.Duration(line.Took * float64(time.Second))
		if line.Error != "" {
			c.failed(strings.TrimSpace(line.Error), took)
		} else {
			c.opened(line.Server, took)
		}
	}
	return p.cmd.Wait()
}

// LDAP3 runs the same with python ldap3: what is "open" or "search".
func LDAP3(ctx context.Context, what, strategy string, c Config) (*Report, error) {
	s, err := startServers(ctx)
	if err != nil {
		return nil, err
	}
	defer s.close()
	p, err := startLDAP3(ctx, what, strategy, c, s.members())
	if err != nil {
		return nil, err
	}
	disturbed := disturb(ctx, s, p, c.Beat)
	collected := newCollector("ldap3, " + what + ", " + strategy)
	if err := errors.Join(disturbed, p.stop(collected)); err != nil {
		return nil, err
	}
	return collected.done(), nil
}
