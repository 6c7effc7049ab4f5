package bridge

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"os"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/coder/websocket"

	"github.com/ldapedge/ldapedge/ldap"
	"github.com/ldapedge/ldapedge/native/connector/auth"
	"github.com/ldapedge/ldapedge/native/dial"
	"github.com/ldapedge/ldapedge/server"
	"github.com/ldapedge/ldapedge/tunnel"
)

const (
	// frameLimit is the largest WebSocket message that a client may send. An
	// LDAP message may be cut anywhere, so this limits no message.
	frameLimit = 1 << 20
	// closeTime bounds the closing handshake with a client.
	closeTime = 5 * time.Second
	// stallTime is how long a server may leave what a client has sent where it is.
	stallTime = time.Minute
)

// clientGone is for the log: there is nobody to be told.
const clientGone = "the client has gone"

// session is one WebSocket and the stream that it is bridged to.
type session struct {
	ws     *websocket.Conn
	stream *stream // what the WebSocket is on
	client netip.Addr
	log    *slog.Logger
	limits Limits
	tell   Observer

	identity *auth.Identity
	target   *Target
	ldap     *dial.Conn
	idle     *time.Timer
	window   window
	out      outlet
	judge    *judge // nil if bytes are carried as they are

	up, down atomic.Int64 // bytes to and from the LDAP server
	writing  atomic.Bool  // the client is being sent something

	clientFinished bool         // the client has sent its last byte
	finished       atomic.Int32 // how many sides have

	held []func() // what is to be undone in the end

	// over is done when the session ends, before the closing handshake; ended
	// is closed after it.
	over   context.Context
	cancel context.CancelFunc
	ending sync.Once
	ended  chan struct{}

	began time.Time // when the client came
	// How it has ended, once ended is closed.
	code   tunnel.CloseCode
	reason string
}

func newSession(ws *websocket.Conn, on *stream, r *http.Request, o *Options, number uint64) *session {
	s := &session{ws: ws, stream: on, client: o.client(r), limits: o.Limits, tell: o.Observer, ended: make(chan struct{}), began: time.Now()}
	s.log = o.Log.With("session", number, "client", s.client.String(), "server", r.URL.Query().Get("server"))
	s.window.changed = sync.NewCond(&s.window.mu)
	s.out.turn = make(chan struct{}, 1)
	// The request's context is of no use once the connection is hijacked.
	s.over, s.cancel = context.WithCancel(context.Background())
	return s
}

// end closes both streams, the WebSocket with a code. Only the first end of a
// session counts; a later one waits for it.
func (s *session) end(code tunnel.CloseCode, reason string) {
	s.ending.Do(func() {
		s.code, s.reason = code, reason
		s.cancel()
		s.window.close()
		// A client that neither reads nor answers must not hold this up.
		s.stream.SetDeadline(time.Now().Add(closeTime))
		s.stream.stop()
		s.tell.Closed(code)
		s.ws.Close(websocket.StatusCode(code), tunnel.Reason(reason))
		close(s.ended)
	})
}

func (h *Handler) serveLDAP(w http.ResponseWriter, r *http.Request) {
	offered := subprotocols(r)
	token, ok := offered[tunnel.Subprotocol]
	if !ok {
		Problem(w, http.StatusBadRequest, "the WebSocket subprotocol "+tunnel.Subprotocol+" must be offered")
		return
	}
	if token == "" {
		token = Bearer(r)
	}
	ws, on, err := accept(w, r, &websocket.AcceptOptions{
		Subprotocols:       []string{tunnel.Subprotocol},
		CompressionMode:    websocket.CompressionDisabled, // secrets and compression do not go together
		InsecureSkipVerify: true,                          // ServeHTTP has checked Origin, and Host with it
	})
	if err != nil {
		return // Accept has answered
	}
	ws.SetReadLimit(-1) // the session counts for itself, to close with its own code
	now := h.current.Load()
	s := newSession(ws, on, r, now, h.sessions.count.Add(1))
	if code, reason := h.sessions.add(s, now.Limits); code != 0 {
		s.end(code, reason)
		s.note()
		return
	}
	begun := false
	s.guard(func() { begun = h.begin(now, s, token, r) })
	if !begun {
		h.finish(s)
		return
	}
	go func() { // not here, where the HTTP server keeps what it has of the request
		s.guard(s.carry)
		h.finish(s)
	}()
}

// finish lets go of all that a session has, when that has ended or is about to.
func (h *Handler) finish(s *session) {
	for _, undo := range slices.Backward(s.held) {
		s.guard(undo)
	}
	<-s.ended
	s.note()
	h.sessions.remove(s) // after it has been noted: a shutdown waits for that
}

// hold has something done in the end, the last thing first.
func (s *session) hold(undo func()) { s.held = append(s.held, undo) }

// note says in the log what the session was, and how it has ended.
func (s *session) note() {
	level := slog.LevelWarn
	if s.code == tunnel.CloseNormal || s.code == tunnel.CloseDraining || s.code == tunnel.CloseIdle {
		level = slog.LevelInfo
	}
	s.log.With(s.judge.attributes()...).Log(context.Background(), level, "session ends",
		"up", s.up.Load(), "down", s.down.Load(), "seconds", time.Since(s.began).Round(time.Millisecond).Seconds(), "code", int(s.code), "reason", s.reason)
}

// guard does what a session does: a fault in that must not end the others.
func (s *session) guard(do func()) {
	defer func() {
		if fault := recover(); fault != nil {
			s.log.Error("a session has failed", "fault", fault, "stack", string(debug.Stack()))
			s.end(tunnel.CloseInternal, "")
		}
	}()
	do()
}

// subprotocols returns the offered entries; that of the protocol itself maps to
// the token that came along.
func subprotocols(r *http.Request) map[string]string {
	all, token := make(map[string]string), ""
	for _, line := range r.Header.Values("Sec-WebSocket-Protocol") {
		for entry := range strings.SplitSeq(line, ",") {
			entry = strings.TrimSpace(entry)
			if t, ok := tunnel.TokenFromSubprotocol(entry); ok {
				token = t
			}
			all[entry] = ""
		}
	}
	if _, ok := all[tunnel.Subprotocol]; ok {
		all[tunnel.Subprotocol] = token
	}
	return all
}

// begin authorises the session, dials and greets the client. If that fails, it has
// ended the session.
func (h *Handler) begin(now *Options, s *session, token string, r *http.Request) (begun bool) {
	credential := h.admit(now, s, token, r)
	if credential == nil {
		return false
	}
	s.hold(credential.Release)
	if !credential.Expires.IsZero() {
		s.hold(s.after(time.Until(credential.Expires), tunnel.CloseNotAuthenticated, "the credential has expired"))
	}
	begin := time.Now()
	stream, use, err := now.dial(s.over, s.target.Source)
	if err != nil && s.over.Err() != nil {
		return false // the session has ended meanwhile, which is no failure of the server's
	}
	s.tell.Dialled(s.target.Name, time.Since(begin), err)
	if err != nil {
		s.dialFailed(err)
		return false
	}
	s.ldap = stream
	s.hold(use.Close)
	stop := context.AfterFunc(s.over, func() { stream.Close() })
	s.hold(func() {
		stop()
		stream.Close()
	})
	h.sessions.watch(s, newJudge(now.policyOf(s, use.Server()), stream.Facts != nil))
	if err := s.hello(); err != nil {
		s.end(tunnel.CloseNormal, clientGone)
		return false
	}
	s.start()
	return true
}

// start notes that bytes are carried from now on, for as long as they may be.
func (s *session) start() {
	begin := time.Now()
	s.tell.Began(s.target.Name)
	s.hold(func() { s.tell.Ended(s.target.Name, time.Since(begin), s.judge.counts()) })
	s.log = s.log.With("address", s.ldap.RemoteAddr().String(), "tls", s.ldap.Facts != nil)
	s.log.Info("session begins")
	s.idle = time.AfterFunc(s.limits.Idle, func() { s.end(tunnel.CloseIdle, "no traffic for "+s.limits.Idle.String()) })
	s.hold(func() { s.idle.Stop() })
	if s.limits.Lifetime > 0 {
		s.hold(s.after(s.limits.Lifetime, tunnel.CloseIdle, "a session lasts no longer than "+s.limits.Lifetime.String()))
	}
	s.hold(s.keepAlive())
}

// after ends the session after a time, unless it is stopped.
func (s *session) after(d time.Duration, code tunnel.CloseCode, reason string) (stop func()) {
	timer := time.AfterFunc(d, func() { s.end(code, reason) })
	return func() { timer.Stop() }
}

// admit finds out who the client is, and begins a session for the server that it
// asks for. Where that is refused it ends the session and returns nil. Only a
// client that may reach a server is told whether there is one.
func (h *Handler) admit(now *Options, s *session, token string, r *http.Request) *auth.Session {
	identity, err := now.Auth.Authenticate(s.over, token, r.TLS)
	if err != nil {
		s.refused(err)
		return nil
	}
	s.log = s.log.With("identity", identity)
	name := r.URL.Query().Get("server")
	if err := identity.MayReach(name); err != nil {
		s.refused(err)
		return nil
	}
	target := now.targetFor(identity, name)
	if target == nil {
		s.end(tunnel.CloseUnknownServer, "there is no server of that name")
		return nil
	}
	h.sessions.aim(s, target, identity)
	if code, reason := h.holds(s); code != 0 { // what is in force may just have changed
		s.end(code, reason)
		return nil
	}
	begun, err := identity.Begin()
	if err != nil {
		s.refused(err)
		return nil
	}
	return begun
}

func (s *session) refused(err error) {
	s.log = s.log.With("error", err)
	code := tunnel.CloseNotAuthenticated
	switch {
	case errors.Is(err, auth.ErrNotPermitted):
		code = tunnel.CloseNotPermitted
	case errors.Is(err, auth.ErrTooMany):
		code = tunnel.CloseTooMany
	}
	s.end(code, refusal(err))
}

// openTimeout bounds how long a client waits for a pool that has no server; a
// server has a connect timeout of its own.
const openTimeout = time.Minute

// dial opens a stream to a server of the source.
func (o *Options) dial(ctx context.Context, source ldap.Source) (conn *dial.Conn, use *server.Use, err error) {
	ctx, cancel := context.WithTimeout(ctx, openTimeout)
	defer cancel()
	use, err = source.Open(ctx, func(ctx context.Context, s *server.Server) (err error) {
		conn, err = o.Dialer.Conn(ctx, s)
		return err
	})
	return conn, use, err
}

func (s *session) dialFailed(err error) {
	code := tunnel.CloseDialFailed
	var e *dial.Error
	if errors.As(err, &e) && e.Timeout() {
		code = tunnel.CloseTimeout
	}
	s.end(code, err.Error())
}

func (s *session) hello() error {
	hello := tunnel.Hello{
		Server: s.target.Name, Address: s.ldap.RemoteAddr().String(),
		Limits: tunnel.Limits{Frame: frameLimit, Message: s.judge.maxRequest(), IdleSeconds: int(s.limits.Idle.Seconds())},
	}
	if f := s.ldap.Facts; f != nil {
		hello.TLS = &tunnel.TLS{Version: f.Version, Cipher: f.Cipher, Verified: f.Verified, Fingerprint: f.Fingerprint}
	}
	return s.ws.Write(context.Background(), websocket.MessageText, hello.Frame())
}

// carry moves bytes both ways until the session ends.
func (s *session) carry() {
	var both sync.WaitGroup
	both.Go(func() { s.guard(s.fromServer) })
	s.guard(s.fromClient)
	both.Wait()
	s.out.sending.Wait()
}

// fromClient carries the client's frames to the server.
func (s *session) fromClient() {
	for more := true; more; {
		kind, reader, err := s.ws.Reader(context.Background())
		buf := smalls.Get().(*[small]byte)
		b := buf[:0]
		if err == nil {
			b, err = tunnel.AppendFrame(b, reader, frameLimit)
		}
		more = s.fromClientFrame(kind, b, err)
		smalls.Put(buf)
	}
}

// fromClientFrame takes what was read of a client, and tells whether there may be
// more.
func (s *session) fromClientFrame(kind websocket.MessageType, b []byte, err error) (more bool) {
	switch {
	case errors.Is(err, tunnel.ErrTooBig):
		s.end(tunnel.CloseTooBig, "a frame is over the limit")
		return false
	case websocket.CloseStatus(err) != -1:
		s.end(tunnel.CloseNormal, "the client has closed the session")
		return false
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.As(err, new(*net.OpError)):
		s.end(tunnel.CloseProtocol, "the client's connection has broken off")
		return false
	case err != nil:
		s.end(tunnel.CloseProtocol, "the client's frames are no WebSocket's")
		return false
	}
	s.idle.Reset(s.limits.Idle)
	return s.frame(kind, b) == nil
}

// frame takes one frame of the client's.
func (s *session) frame(kind websocket.MessageType, b []byte) error {
	if kind == websocket.MessageText {
		n, err := tunnel.ParseCredit(b)
		if err != nil {
			s.end(tunnel.CloseProtocol, err.Error())
			return err
		}
		s.window.grant(n)
		return nil
	}
	if s.clientFinished {
		s.end(tunnel.CloseProtocol, "a binary frame after the empty one that says there is no more")
		return errors.New("frame after the last")
	}
	if len(b) == 0 {
		s.clientFinished = true
		s.finish()
		err := s.ldap.CloseWrite()
		if err != nil {
			s.lost(err)
		}
		return err
	}
	toServer, answers, refused := s.judge.fromClient(time.Now(), b)
	if err := s.toServer(toServer); err != nil {
		s.lost(err)
		return err
	}
	switch {
	case refused != nil:
		s.lastAnswer(answers)
		s.end(tunnel.CloseProtocol, refused.Error())
	case len(answers) > 0:
		s.answer(answers)
	}
	return refused
}

func (s *session) toServer(b []byte) error {
	if len(b) == 0 {
		return nil
	}
	s.ldap.SetWriteDeadline(time.Now().Add(stallTime))
	n, err := s.ldap.Write(b)
	s.up.Add(int64(n))
	s.tell.Carried(s.target.Name, n, 0)
	return err
}

// finish notes that one side has finished sending; when both have, the session
// is over.
func (s *session) finish() {
	if s.finished.Add(1) == 2 {
		s.end(tunnel.CloseNormal, "")
	}
}

// lost ends the session for the server's stream has failed.
func (s *session) lost(err error) {
	if errors.Is(err, os.ErrDeadlineExceeded) {
		s.end(tunnel.CloseTimeout, "the server takes nothing of what was sent")
		return
	}
	s.end(tunnel.CloseDialFailed, "the connection to the server is lost: "+err.Error())
}
