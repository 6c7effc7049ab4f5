package ldap

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	ber "github.com/go-asn1-ber/asn1-ber"

	"github.com/ldapedge/ldapedge/ldap/message"
)

// steps is a mechanism that has things to say in a row and notes what it hears.
type steps struct {
	says   []string
	heard  []string
	at     int
	peer   Peer
	finish error
}

var errSteps = errors.New("nothing more to say")

func (s *steps) Name() string { return "STEPS" }

func (s *steps) Start(p Peer) ([]byte, error) {
	s.at, s.heard, s.peer = 0, nil, p
	return s.say()
}

func (s *steps) Next(challenge []byte) ([]byte, error) {
	s.heard = append(s.heard, fmt.Sprintf("next %q %v", challenge, challenge == nil))
	return s.say()
}

func (s *steps) Finish(last []byte) error {
	s.heard = append(s.heard, fmt.Sprintf("finish %q %v", last, last == nil))
	return s.finish
}

func (s *steps) say() ([]byte, error) {
	if s.at == len(s.says) {
		return nil, errSteps
	}
	s.at++
	return []byte(s.says[s.at-1]), nil
}

// saslPeer answers the steps of a bind with codes and challenges, "" for none,
// and notes what they were.
func saslPeer(seen *[]string, answers ...string) func(io.Writer, int64, *ber.Packet) bool {
	return func(w io.Writer, id int64, op *ber.Packet) bool {
		if op.Tag != 0 {
			return succeed(w, id, op)
		}
		sasl := op.Children[2]
		step := sasl.Children[0].Data.String()
		if len(sasl.Children) > 1 {
			step += " " + sasl.Children[1].Data.String()
		}
		*seen = append(*seen, step)
		code, challenge, _ := strings.Cut(answers[min(len(*seen), len(answers))-1], " ")
		parts := []string{lv(10, string([]byte{map[string]byte{"ok": 0, "more": 14, "no": 49}[code]})), lv(4), lv(4)}
		if challenge != "" {
			parts = append(parts, lv(0x87, challenge))
		}
		reply(w, id, lv(0x61, parts...))
		return true
	}
}

func TestBindSASL(t *testing.T) {
	tests := []struct {
		name    string
		m       steps
		answers []string
		seen    string
		heard   string
		err     string
		is      error
		lost    bool
	}{
		{"one step", steps{says: []string{"a"}}, []string{"ok"}, "[STEPS a]", `[finish "" true]`, "", nil, false},
		{"several", steps{says: []string{"a", "", "c"}}, []string{"more x", "more", "ok z"}, "[STEPS a STEPS  STEPS c]", `[next "x" false next "" true finish "z" false]`, "", nil, false},
		{"refused", steps{says: []string{"a", "b"}}, []string{"more x", "no"}, "[STEPS a STEPS b]", `[next "x" false]`, "bind by STEPS: invalidCredentials", nil, false},
		{"the mechanism cannot begin", steps{}, []string{"ok"}, "[]", "[]", "bind by STEPS: the SASL mechanism has ended the bind: nothing more to say", errSteps, false},
		{"the mechanism ends it", steps{says: []string{"a"}}, []string{"more x", "no"}, "[STEPS a ]", `[next "x" false]`, "bind by STEPS: the SASL mechanism has ended the bind: nothing more to say", errSteps, false},
		{"the server is another", steps{says: []string{"a"}, finish: io.ErrNoProgress}, []string{"ok"}, "[STEPS a]", `[finish "" true]`, "bind by STEPS: the SASL mechanism has ended the bind: multiple Read", io.ErrNoProgress, true},
		{"the server goes on for ever", steps{says: slices.Repeat([]string{"a"}, 100)}, []string{"more x"}, "", "", "bind by STEPS: protocol error: more than 20 challenges", message.ErrProtocol, true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var seen []string
			p := &peers{serve: []func(io.ReadWriteCloser){answering(saslPeer(&seen, test.answers...))}}
			c := connected(t, p, nil)
			_, err := c.BindSASL(t.Context(), &test.m)
			text := ""
			if err != nil {
				text = err.Error()
			}
			if (err == nil) != (test.err == "") || !strings.HasPrefix(text, test.err) || test.is != nil && !errors.Is(err, test.is) || errors.Is(err, ErrMechanism) != strings.Contains(test.err, "mechanism") {
				t.Errorf("%v", err)
			}
			if got := fmt.Sprint(seen); test.seen != "" && got != test.seen {
				t.Errorf("the server sees %s", got)
			}
			if got := fmt.Sprint(test.m.heard); test.heard != "" && got != test.heard {
				t.Errorf("the mechanism hears %s", got)
			}
			if test.m.peer.Server.URL() != "ldap://peer:389" || test.m.peer.Protection != Plaintext {
				t.Errorf("the mechanism is told %+v", test.m.peer)
			}
			if _, _, err := c.WhoAmI(t.Context()); (err != nil) != test.lost || test.lost && !errors.Is(err, ErrLost) {
				t.Errorf("afterwards: %v", err)
			}
			c.Close()
		})
	}
}

// A mechanism is told what protects the stream.
func TestPeerProtection(t *testing.T) {
	for url, want := range map[string]Protection{"ldap://h": Plaintext, "ldaps://h": TLS, "ldapi:///x": Local, "ldap+srv://d": Plaintext, "ldaps+srv://d": TLS} {
		p := &peers{url: url, serve: []func(io.ReadWriteCloser){answering(succeed)}}
		c := connected(t, p, nil)
		m := &steps{says: []string{"a"}}
		if _, err := c.BindSASL(t.Context(), m); err != nil || m.peer.Protection != want {
			t.Errorf("%s: %s, %v", url, m.peer.Protection, err)
		}
		c.Close()
	}
	if TLS.String() != "TLS" || Plaintext.String() != "plain text" || Protection(7).String() != "protection 7" {
		t.Error("the names are others")
	}
}

// A bind by SASL that is given up between its steps leaves a connection on which
// one can bind, and nothing else.
func TestSASLGivenUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		first := true
		p := &peers{serve: []func(io.ReadWriteCloser){answering(func(w io.Writer, id int64, op *ber.Packet) bool {
			if op.Tag != 0 || !first {
				return succeed(w, id, op)
			}
			first = false
			go func() {
				time.Sleep(time.Second)
				reply(w, id, lv(0x61, lv(10, "\x0e"), lv(4), lv(4)))
			}()
			return true
		})}}
		c := connected(t, p, nil)
		defer c.Close()
		ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
		defer cancel()
		if _, err := c.BindSASL(ctx, &steps{says: []string{"a", "b"}}); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%v", err)
		}
		for range 2 {
			if _, _, err := c.WhoAmI(t.Context()); !errors.Is(err, message.ErrBusy) {
				t.Errorf("during it: %v", err)
			}
			time.Sleep(2 * time.Second) // the challenge is here
		}
		if _, err := c.SimpleBind(t.Context(), Credentials{}); err != nil {
			t.Errorf("bind: %v", err)
		}
		if _, _, err := c.WhoAmI(t.Context()); err != nil {
			t.Errorf("after it: %v", err)
		}
	})
}
