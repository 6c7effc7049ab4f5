package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

// many are how many sessions there are, and how long they are busy. Idle ones are two
// descriptors each in the connector, of 20,000 that a process often may have at most.
type many struct {
	busy, idle int
	busyTime   time.Duration
}

func howMany() many {
	if os.Getenv("BENCH_ROUNDS") == "1" {
		return many{100, 500, time.Second} // to see that it runs
	}
	return many{1000, 9000, 20 * time.Second}
}

// fair prints how equally sessions that look up all the time are served.
func fair(sessions string, all []way, login []string) error {
	fmt.Printf("%d sessions that look up for %v\n", howMany().busy, howMany().busyTime)
	for _, w := range all {
		if w.kind == "websockify" {
			continue // it has a process for each, which are too many
		}
		out, err := exec.Command(sessions, strconv.Itoa(howMany().busy), "busy", w.kind, w.address, login[0], login[1], howMany().busyTime.String()).Output()
		if err != nil {
			return fmt.Errorf("%s: %w", w.name, failure(err))
		}
		var counts []int
		sum := 0
		for line := range strings.FieldsSeq(string(out)) {
			n, err := strconv.Atoi(line)
			if err != nil {
				return err
			}
			counts, sum = append(counts, n), sum+n
		}
		mean := float64(sum) / float64(len(counts))
		fmt.Printf("%-22s %7.0f/s   each %6.1f in the mean, least %.2f and most %.2f of it\n",
			w.name, float64(sum)/howMany().busyTime.Seconds(), mean, float64(slices.Min(counts))/mean, float64(slices.Max(counts))/mean)
	}
	return nil
}

// failure is a program's error with what it says of it.
func failure(err error) error {
	var e *exec.ExitError
	if errors.As(err, &e) {
		return fmt.Errorf("%w: %s", err, bytes.TrimSpace(e.Stderr))
	}
	return err
}

// idle prints what memory idle sessions take. Their server never says anything.
func idle(dir string, p programs) error {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	defer l.Close()
	go serve(l, func(c *net.TCPConn) {
		io.Copy(io.Discard, c)
		c.Close()
	})
	fmt.Printf("%d idle sessions\n", howMany().idle)
	for _, w := range []struct{ name, more string }{{"connector", ""}, {"connector, unfiltered", "policies: [{unfiltered: true}]\n"}} {
		process, address, err := connecting(p.connector, fmt.Sprintf("limits: {sessions: %d}\n", howMany().idle)+w.more)(dir, l.Addr().String())
		if err != nil {
			return err
		}
		before, after, err := idleMemory(p.sessions, process, address)
		process.stop()
		if err != nil {
			return err
		}
		fmt.Printf("%-22s %.1f MB before, %.1f MB with them: %.1f kB each\n", w.name, before/1e6, after/1e6, (after-before)/1e3/float64(howMany().idle))
	}
	return nil
}

// idleMemory is what a connector has resident, in bytes, before there are sessions
// and with all of them.
func idleMemory(sessions string, connector *process, address string) (before, after float64, err error) {
	if before, err = connector.resident(); err != nil {
		return 0, 0, err
	}
	cmd := exec.Command(sessions, strconv.Itoa(howMany().idle), "idle", "connector", address)
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		return 0, 0, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return 0, 0, err
	}
	opener, err := start(cmd)
	if err != nil {
		return 0, 0, err
	}
	defer opener.stop()
	defer in.Close()
	if _, err := bufio.NewReader(out).ReadString('\n'); err != nil {
		return 0, 0, fmt.Errorf("idle sessions: %w", err)
	}
	after, err = connector.resident()
	return before, after, err
}

// resident is the memory that a process has, in bytes.
func (p *process) resident() (float64, error) {
	status, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(p.cmd.Process.Pid), "status"))
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(status)) {
		if text, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			n, err := strconv.ParseFloat(strings.TrimSuffix(strings.TrimSpace(text), " kB"), 64)
			return n * 1024, err
		}
	}
	return 0, errors.New("a process without VmRSS")
}
