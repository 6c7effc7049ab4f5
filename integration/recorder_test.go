package integration

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	ber "github.com/go-asn1-ber/asn1-ber"
)

// recorder is a server on loopback that keeps the requests of its clients. It
// lets everyone bind and refuses all else, so that no client goes on.
type recorder struct {
	url string

	mu       sync.Mutex
	requests [][]byte
}

// startRecorder starts a recorder that ends with the test.
func startRecorder(t *testing.T) *recorder {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	r := &recorder{url: "ldap://" + l.Addr().String()}
	var running sync.WaitGroup
	running.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			running.Go(func() {
				defer c.Close()
				r.serve(c)
			})
		}
	})
	t.Cleanup(func() {
		l.Close()
		running.Wait()
	})
	return r
}

// The tags of operations (RFC 4511 §4).
const (
	bindRequest      ber.Tag = 0
	unbindRequest    ber.Tag = 2
	searchRequest    ber.Tag = 3
	searchResultDone ber.Tag = 5
	abandonRequest   ber.Tag = 16
)

func (r *recorder) serve(c net.Conn) {
	for {
		request, err := ber.ReadPacket(c)
		if err != nil || len(request.Children) < 2 {
			return
		}
		op := request.Children[1].Tag
		if op == unbindRequest || op == abandonRequest {
			return
		}
		r.mu.Lock()
		r.requests = append(r.requests, request.Bytes())
		r.mu.Unlock()
		response := ber.NewSequence("")
		response.AppendChild(request.Children[0])
		tag, code := op+1, 53 // unwillingToPerform
		switch op {
		case bindRequest:
			code = 0
		case searchRequest:
			tag = searchResultDone
		}
		result := ber.Encode(ber.ClassApplication, ber.TypeConstructed, tag, nil, "")
		result.AppendChild(ber.NewInteger(ber.ClassUniversal, ber.TypePrimitive, ber.TagEnumerated, code, ""))
		result.AppendChild(ber.NewString(ber.ClassUniversal, ber.TypePrimitive, ber.TagOctetString, "", ""))
		result.AppendChild(ber.NewString(ber.ClassUniversal, ber.TypePrimitive, ber.TagOctetString, "", ""))
		response.AppendChild(result)
		if _, err := c.Write(response.Bytes()); err != nil {
			return
		}
	}
}

// last returns the request that one of OpenLDAP's programs sends after its
// bind; nil and what the program says if it sends none.
func (r *recorder) last(t *testing.T, program, input string, args ...string) ([]byte, string) {
	t.Helper()
	requests, out := r.all(t, program, input, append([]string{"-x"}, args...)...)
	for _, request := range requests {
		if p, err := ber.DecodePacketErr(request); err == nil && p.Children[1].Tag != bindRequest {
			return request, out
		}
	}
	return nil, out
}

// all returns the requests of one of OpenLDAP's programs, and what it says.
func (r *recorder) all(t *testing.T, program, input string, args ...string) ([][]byte, string) {
	t.Helper()
	r.mu.Lock()
	r.requests = nil
	r.mu.Unlock()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	cmd := exec.CommandContext(ctx, program, append([]string{"-H", r.url}, args...)...)
	cmd.Stdin = strings.NewReader(input)
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Run(); err != nil {
		fmt.Fprintf(&out, "%v", err)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.requests, out.String()
}

// filterOf returns the filter of a recorded search request.
func filterOf(t *testing.T, request []byte) []byte {
	t.Helper()
	p, err := ber.DecodePacketErr(request)
	if err != nil || len(p.Children[1].Children) < 8 {
		t.Fatalf("% x: %v", request, err)
	}
	return p.Children[1].Children[6].Bytes()
}
