package integration

import (
	"bufio"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"io"
	"maps"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/ldapedge/ldapedge/integration/testserver"
	"github.com/ldapedge/ldapedge/tunnel"
)

// issuer issues JSON Web Tokens that a connector with its settings accepts.
type issuer struct {
	key       ed25519.PrivateKey
	publicPEM []byte
	// settings are the beginning of what auth.jwt says, to go on with "}" or ", ".
	settings string
}

func newIssuer(t *testing.T) *issuer {
	t.Helper()
	public, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKIXPublicKey(public)
	if err != nil {
		t.Fatal(err)
	}
	i := &issuer{key: private, publicPEM: pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})}
	file := filepath.Join(t.TempDir(), "issuer.pem")
	if err := os.WriteFile(file, i.publicPEM, 0o600); err != nil {
		t.Fatal(err)
	}
	i.settings = "{issuer: https://issuer.example.com, audience: ldapedge, leeway: 1ms, public_key_file: '" + file + "'"
	return i
}

// claims are those of a token of alice for dc1, with changes; nil takes one away.
func (i *issuer) claims(changes jwt.MapClaims) jwt.MapClaims {
	all := jwt.MapClaims{
		"iss": "https://issuer.example.com", "aud": "ldapedge", "sub": "alice", "exp": time.Now().Add(time.Hour).Unix(), "ldapedge_servers": []string{"dc1"},
	}
	maps.Copy(all, changes)
	maps.DeleteFunc(all, func(_ string, value any) bool { return value == nil })
	return all
}

// token issues a token.
func (i *issuer) token(t *testing.T, changes jwt.MapClaims) string {
	t.Helper()
	return signed(t, jwt.SigningMethodEdDSA, i.key, i.claims(changes))
}

func signed(t *testing.T, method jwt.SigningMethod, key any, claims jwt.MapClaims) string {
	t.Helper()
	token, err := jwt.NewWithClaims(method, claims).SignedString(key)
	if err != nil {
		t.Fatal(err)
	}
	return secret(token)
}

// with returns the connector as a client with another token sees it.
func (c *connector) with(token string) *connector { return &connector{addr: c.addr, token: token} }

// get asks for a path over HTTP, with more headers; Host is one of them.
func (c *connector) get(t *testing.T, method, path string, headers ...string) (*http.Response, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, "http://"+c.addr+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	if c.token != "" {
		r.Header.Set("Authorization", "Bearer "+c.token)
	}
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	r.Host = r.Header.Get("Host")
	return answer(t, r)
}

// trap listens where nobody may connect, and counts who does.
func trap(t *testing.T, address string) (at string, connections *atomic.Int64) {
	t.Helper()
	connections = new(atomic.Int64)
	return listenerOn(t, address, func(c *net.TCPConn) { connections.Add(1) }), connections
}

// networkAddress is the address of a network that a test has to itself (RFC 5737).
const networkAddress = "198.51.100.1"

// elsewhere returns an address that is this machine's and not special. It is that of
// a network of the test's own, in which the test is run once more: there is false
// where it is not, and the test is over.
func elsewhere(t *testing.T) (host string, there bool) {
	t.Helper()
	const inside = "LDAPEDGE_TEST_NETWORK"
	if os.Getenv(inside) != "" {
		for _, args := range [][]string{{"link", "set", "lo", "up"}, {"addr", "add", networkAddress + "/32", "dev", "lo"}} {
			if out, err := exec.CommandContext(t.Context(), "ip", args...).CombinedOutput(); err != nil {
				t.Fatalf("ip %v: %v: %s", args, err, out)
			}
		}
		return networkAddress, true
	}
	name := "^" + strings.ReplaceAll(t.Name(), "/", "$/^") + "$"
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.v", "-test.run", name)
	cmd.Env = append(os.Environ(), inside+"=1")
	cmd.SysProcAttr = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWNET, Pdeathsig: syscall.SIGKILL}
	if uid := os.Geteuid(); uid != 0 {
		cmd.SysProcAttr.Cloneflags |= syscall.CLONE_NEWUSER
		cmd.SysProcAttr.UidMappings = []syscall.SysProcIDMap{{HostID: uid, Size: 1}}
		cmd.SysProcAttr.GidMappings = []syscall.SysProcIDMap{{HostID: os.Getegid(), Size: 1}}
	}
	out, err := cmd.CombinedOutput()
	if err != nil || !strings.Contains(string(out), "--- PASS: "+t.Name()) {
		t.Errorf("in a network of its own: %v\n%s", err, out)
	}
	return "", false
}

// relay leads from a port of the host to an address.
func relay(t *testing.T, host, to string) (address string) {
	t.Helper()
	return listenerOn(t, net.JoinHostPort(host, "0"), func(c *net.TCPConn) {
		onward, err := net.Dial("tcp", to)
		if err != nil {
			return
		}
		defer onward.Close()
		go func() {
			io.Copy(onward, c)
			onward.(*net.TCPConn).CloseWrite()
		}()
		io.Copy(c, onward)
	})
}

func portOf(address string) string {
	_, port, _ := net.SplitHostPort(address) // which there is
	return port
}

// upgrade is a WebSocket request as its bytes.
func (c *connector) upgrade(server string) string {
	s := "GET /v1/ldap?server=" + server + " HTTP/1.1\r\nHost: " + c.addr + "\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n" +
		"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: " + tunnel.Subprotocol
	if c.token != "" {
		s += ", " + tunnel.TokenSubprotocol(c.token)
	}
	return s + "\r\n\r\n"
}

// raw opens a session whose frames the test writes itself.
func (c *connector) raw(t *testing.T, server string) (net.Conn, *bufio.Reader) {
	t.Helper()
	n, err := net.Dial("tcp", c.addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { n.Close() })
	if _, err := io.WriteString(n, c.upgrade(server)); err != nil {
		t.Fatal(err)
	}
	r := bufio.NewReader(n)
	response, err := http.ReadResponse(r, nil)
	if err != nil || response.StatusCode != http.StatusSwitchingProtocols {
		t.Fatalf("%v, %v", response, err)
	}
	return n, r
}

// The opcodes of frames (RFC 6455 §5.2).
const (
	opContinuation = 0
	opText         = 1
	opBinary       = 2
	opPing         = 9
	final          = 0x80
)

// frame is a client's frame with less than 126 bytes, masked with zeros.
func frame(first byte, payload string) string {
	return string([]byte{first, 0x80 | byte(len(payload)), 0, 0, 0, 0}) + payload
}

// contents is all that a slapd has, so that a change shows.
func contents(t *testing.T, s *testserver.Slapd) string {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "ldapsearch", "-x", "-LLL", "-H", s.URL(), "-D", s.Credentials.DN, "-w", s.Credentials.Password, "-b", testserver.Suffix, "*", "+").Output()
	if err != nil || !strings.Contains(string(out), "modifyTimestamp") {
		t.Fatalf("%v: %s", err, out)
	}
	return string(out)
}
