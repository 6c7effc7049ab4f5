package dial

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/netip"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ldapedge/ldapedge/ldap"
	"github.com/ldapedge/ldapedge/ldap/message"
	"github.com/ldapedge/ldapedge/server"
)

// rootDSERequest is what a check asks, and unbindRequest what it ends with.
const (
	rootDSERequest = "\x30\x2a\x02\x01\x01\x63\x25\x04\x00\x0a\x01\x00\x0a\x01\x00\x02\x01\x00\x02\x01\x00\x01\x01\x00\x87\x0bobjectClass\x30\x05\x04\x031.1"
	unbindRequest  = "\x30\x05\x02\x01\x02\x42\x00"
)

// answering is a host that answers a check's search.
func answering(t *testing.T, answer string) host {
	return host{serve: func(c net.Conn) {
		request := make([]byte, len(rootDSERequest))
		if _, err := io.ReadFull(c, request); err != nil {
			return
		}
		if string(request) != rootDSERequest {
			t.Errorf("request %x", request)
		}
		io.WriteString(c, answer)
		rest, _ := io.ReadAll(c)
		if alive := strings.HasSuffix(answer, "."); alive && string(rest) != unbindRequest {
			t.Errorf("the end %x", rest)
		}
	}}
}

// Which answers are those of a server that is alive.
func TestCheckLDAP(t *testing.T) {
	done := func(code byte) string { return result(0x65, code, "") }
	const entry = "\x30\x09\x02\x01\x01\x64\x04\x04\x00\x30\x00"
	tests := []struct {
		name, answer string
		says         string
		is           error
	}{
		{"success", done(0), "", nil},
		{"an entry", entry + done(0), "", nil},
		{"an entry, in wide lengths", wide(entry) + wide(done(0)), "", nil},
		{"no such object", done(32), "", nil},
		{"insufficient access", done(50), "", nil},
		{"operations error, as of Active Directory before a bind", wide(result(0x65, 1, "000004DC: LdapErr")), "", nil},
		{"busy", done(51), "search: busy", nil},
		{"unavailable", result(0x65, 52, "shutting down"), "search: unavailable: shutting down", nil},
		{"disconnects", "\x30\x26\x02\x01\x00\x78\x21\x0a\x01\x34\x04\x00\x04\x02by\x8a\x161.3.6.1.4.1.1466.20036", "the server is disconnecting: unavailable by", message.ErrDisconnected},
		{"no LDAP", "220 mail.example.com ESMTP\r\n", "does not speak LDAP", message.ErrProtocol},
		{"closes", "", "no answer in", context.DeadlineExceeded},
		{"cut off", done(0)[:5], "no answer in", context.DeadlineExceeded},
		{"of another kind", result(0x61, 0, ""), "does not fit its request", message.ErrProtocol},
		{"too long", "\x30\x84\x3f\xff\xff\xff", "over the limit", message.ErrProtocol},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				n := newNetwork(map[string]host{"192.0.2.1:389": answering(t, test.answer)})
				d := &Dialer{DialContext: n.dial}
				err := d.Probe(CheckLDAP)(t.Context(), mustServer(t, "192.0.2.1", nil))
				if (err == nil) != (test.says == "") || err != nil && !strings.Contains(err.Error(), test.says) || test.is != nil && !errors.Is(err, test.is) {
					t.Errorf("error %v", err)
				}
				var e *Error
				if err != nil && (!errors.As(err, &e) || e.Stage != StageLDAP) {
					t.Errorf("stage of %v", err)
				}
				if test.name == "busy" && !ldap.IsResult(err, message.ResultBusy) {
					t.Errorf("%v does not tell its code", err)
				}
				synctest.Wait()
				if n.left() != 0 {
					t.Error("the connection is left open")
				}
			})
		})
	}
}

// All addresses are checked, at the same time, and reported in order.
func TestCheckAll(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		good := answering(t, result(0x65, 0, ""))
		good.after = 30 * time.Millisecond
		n := newNetwork(map[string]host{"192.0.2.1:389": {after: 10 * time.Millisecond, err: errRefused}, "192.0.2.2:389": good, "192.0.2.4:389": answering(t, result(0x65, 51, ""))})
		d := &Dialer{DialContext: n.dial, Resolver: &dns{hosts: map[string][]netip.Addr{"dc1": addresses("192.0.2.1", "192.0.2.2", "192.0.2.3", "192.0.2.4")}}}
		s := mustServer(t, "dc1", nil)
		report := d.Check(t.Context(), s, CheckLDAP)
		if report.URL != "ldap://dc1:389" || report.Err != nil || !report.Alive() || len(report.Results) != 4 {
			t.Fatalf("report %+v", report)
		}
		for i, want := range []struct {
			stage   Stage
			says    string
			latency time.Duration
		}{{StageConnect, "connection refused", 10 * time.Millisecond}, {"", "", 30 * time.Millisecond}, {StageConnect, "no answer in 10s", 10 * time.Second}, {StageLDAP, "search: busy", 0}} {
			r := report.Results[i]
			if r.Stage != want.stage || r.Latency != want.latency || (r.Err == nil) != (want.says == "") || r.Err != nil && !strings.Contains(r.Err.Error(), want.says) {
				t.Errorf("result %d: %+v", i, r)
			}
		}
		if took := time.Since(n.begin); took != 10*time.Second {
			t.Errorf("it takes %v", took)
		}
		all, _ := d.Candidates(t.Context(), s)
		// Those that failed at once have been forgotten when the last fails.
		if last := all[3]; last.Address != "192.0.2.3:389" || last.Availability != Failed {
			t.Errorf("candidates %+v", all)
		}
		synctest.Wait()
		if n.left() != 0 {
			t.Errorf("%d connections are left open", n.left())
		}
	})
}

// More addresses than are checked at once share the time.
func TestCheckMany(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var all []string
		for a := netip.MustParseAddr("192.0.2.1"); len(all) < 3*checkedAtOnce; a = a.Next() {
			all = append(all, a.String())
		}
		n := newNetwork(map[string]host{all[len(all)-1] + ":389": {}})
		d := &Dialer{DialContext: n.dial, Resolver: &dns{hosts: map[string][]netip.Addr{"dc1": addresses(all...)}}}
		report := d.Check(t.Context(), mustServer(t, "dc1", nil), CheckTCP)
		if len(report.Results) != len(all) || !report.Alive() || report.Results[len(all)-1].Err != nil {
			t.Errorf("report %+v", report)
		}
	})
}

// What there is no time for is said not to have been tried.
func TestCheckTooMany(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var all []string
		for a := netip.MustParseAddr("192.0.2.1"); len(all) < 2*checkedAtOnce; a = a.Next() {
			all = append(all, a.String())
		}
		d := &Dialer{DialContext: newNetwork(nil).dial, Resolver: &dns{hosts: map[string][]netip.Addr{"dc1": addresses(all...)}}}
		s := mustServer(t, "dc1", &server.Options{ConnectTimeout: time.Second})
		report := d.Check(t.Context(), s, CheckTCP)
		first, last := report.Results[0], report.Results[len(all)-1]
		if report.Alive() || first.Err.Error() != "no answer in 1s" || last.Err.Error() != "not tried: context deadline exceeded" {
			t.Errorf("%v, %v", first.Err, last.Err)
		}
		if d.marks.get(first.Address) != Failed || d.marks.get(last.Address) != Unknown {
			t.Error("what has not been tried counts as failed")
		}
	})
}

func TestCheckDepths(t *testing.T) {
	cert := newCertificate(t, certificateOf{names: []string{"dc1"}})
	n := newNetwork(map[string]host{
		"192.0.2.1:636": {serve: func(c net.Conn) {
			over := tls.Server(c, &tls.Config{Certificates: []tls.Certificate{cert.pair}})
			io.Copy(io.Discard, over)
		}},
	})
	d := &Dialer{DialContext: n.dial, Resolver: &dns{hosts: map[string][]netip.Addr{"dc1": addresses("192.0.2.1")}}, Log: slog.New(slog.DiscardHandler)}
	tests := []struct {
		depth Depth
		tls   *server.TLS
		stage Stage
		facts bool
	}{
		{CheckTCP, &server.TLS{Validate: server.ValidateRequired}, "", false},
		{CheckTLS, nil, "", true},
		{CheckTLS, &server.TLS{Validate: server.ValidateRequired, CACertsData: cert.ca}, "", true},
		{CheckTLS, &server.TLS{Validate: server.ValidateRequired}, StageTLS, false},
		{CheckLDAP, nil, StageLDAP, true},
	}
	for _, test := range tests {
		s := mustServer(t, "ldaps://dc1", &server.Options{TLS: test.tls, ConnectTimeout: 300 * time.Millisecond})
		r := d.Check(t.Context(), s, test.depth).Results[0]
		if r.Stage != test.stage || (r.Err == nil) != (test.stage == "") || test.stage == "" && (r.Facts != nil) != test.facts {
			t.Errorf("%s: %+v", test.depth, r)
		}
		one, err := d.CheckFirst(t.Context(), s, test.depth)
		if (err == nil) != (test.stage == "") || err == nil && (one.Address != "192.0.2.1:636" || (one.Facts != nil) != test.facts) {
			t.Errorf("%s: %+v, %v", test.depth, one, err)
		}
	}
	for _, err := range []error{d.Check(t.Context(), mustServer(t, "dc1", nil), "deep").Err, d.Probe("")(t.Context(), mustServer(t, "dc1", nil))} {
		if err == nil || !strings.Contains(err.Error(), "ldap://dc1:389: configure: there is no check of depth") {
			t.Errorf("error %v", err)
		}
	}
	if r := d.Check(t.Context(), mustServer(t, "dc9", nil), CheckTCP); r.Err == nil || r.Alive() || r.Results != nil {
		t.Errorf("a host that is not there: %+v", r)
	}
}

// A host named by SRV records that does not resolve is reported.
func TestCheckSRV(t *testing.T) {
	n := newNetwork(map[string]host{"192.0.2.1:389": {}})
	d := &Dialer{DialContext: n.dial, Resolver: &dns{hosts: map[string][]netip.Addr{"a.example.com": addresses("192.0.2.1")}, srv: records("_ldap._tcp.example.com", "0 0 389 x.example.com.", "0 0 389 a.example.com.")}}
	report := d.Check(t.Context(), mustServer(t, "ldap+srv://example.com", nil), CheckTCP)
	if len(report.Results) != 2 || report.Results[0].Err != nil || report.Results[1].Address != "x.example.com:389" || report.Results[1].Stage != StageResolve {
		t.Errorf("report %+v", report)
	}
}

// The probe is content with the first that answers.
func TestProbeTakesTheFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := newNetwork(map[string]host{second: answering(t, result(0x65, 51, "")), third: answering(t, result(0x65, 0, ""))})
		d := &Dialer{DialContext: n.dial, Resolver: three()}
		if err := d.Probe(CheckLDAP)(t.Context(), mustServer(t, "dc1", nil)); err != nil || time.Since(n.begin) != 500*time.Millisecond {
			t.Errorf("after %v: %v", time.Since(n.begin), err)
		}
	})
}
