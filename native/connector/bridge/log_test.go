//go:build !js

package bridge

import (
	"encoding/json"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"testing"

	"github.com/coder/websocket"

	"github.com/ldapedge/ldapedge/native/connector/auth"
	"github.com/ldapedge/ldapedge/tunnel"
)

// logLines are the lines of a log, one at a time.
type logLines chan string

func (l logLines) Write(b []byte) (int, error) {
	l <- string(b)
	return len(b), nil
}

// next waits for a line with the message.
func (l logLines) next(t *testing.T, msg string, to any) {
	t.Helper()
	for {
		line := <-l
		if !strings.Contains(line, `"msg":"`+msg+`"`) {
			continue
		}
		if err := json.Unmarshal([]byte(line), to); err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		return
	}
}

type loggedError struct{ Subject, Reason string }

// loggedEnd is what the log says of a session that has ended.
type loggedEnd struct {
	Level, Server, Reason string
	Session               int
	Identity              struct{ Subject string }
	Error                 loggedError
	Up, Down              int
	Code                  tunnel.CloseCode
}

// However a session ends, one line of the log says whose it was, where it led to,
// what it carried, and why it ended.
func TestLogOfSessions(t *testing.T) {
	log := make(logLines, 100)
	resetting := upstream(t, func(c *net.TCPConn) {
		io.WriteString(c, "hi")
		c.Read(make([]byte, 1))
		c.SetLinger(0)
	})
	_, addr := start(t, Options{
		Servers: []Target{{"own", upstream(t, echo)}, {"resetting", resetting}}, Log: slog.New(slog.NewJSONHandler(log, nil)),
		Auth: tokenAuth(t, auth.Token{Servers: auth.Servers{Names: []string{"own", "resetting", "gone"}}}, auth.Options{}),
	})
	frame := func(kind websocket.MessageType, b string) func(*websocket.Conn) {
		return func(ws *websocket.Conn) { send(t, ws, kind, b) }
	}
	for i, test := range []struct {
		name string
		dial dialOptions
		then func(*websocket.Conn)
		want loggedEnd
	}{
		{"no token", dialOptions{server: "own"}, nil, loggedEnd{Level: "WARN", Code: tunnel.CloseNotAuthenticated, Reason: "a token is needed", Error: loggedError{"", "missing"}}},
		{"another's server", dialOptions{server: "other", token: "s3cret"}, nil, loggedEnd{Level: "WARN", Code: tunnel.CloseNotPermitted, Reason: "the subject may not reach this server", Error: loggedError{"alice", "not_permitted"}}},
		{"no server", dialOptions{server: "gone", token: "s3cret"}, nil, loggedEnd{Level: "WARN", Code: tunnel.CloseUnknownServer, Reason: "there is no server of that name"}},
		{"the client closes", dialOptions{server: "own", token: "s3cret"}, func(ws *websocket.Conn) { ws.Close(websocket.StatusGoingAway, "") }, loggedEnd{Level: "INFO", Code: tunnel.CloseNormal, Reason: "the client has closed the session"}},
		{"the client goes", dialOptions{server: "own", token: "s3cret"}, func(ws *websocket.Conn) { ws.CloseNow() }, loggedEnd{Level: "WARN", Code: tunnel.CloseProtocol, Reason: "the client's connection has broken off"}},
		{"a text frame", dialOptions{server: "own", token: "s3cret"}, frame(websocket.MessageText, "hello"), loggedEnd{Level: "WARN", Code: tunnel.CloseProtocol, Reason: "text frame"}},
		{"both have finished", dialOptions{server: "own", token: "s3cret"}, frame(websocket.MessageBinary, ""), loggedEnd{Level: "INFO", Code: tunnel.CloseNormal, Down: 1}},
		{"the server resets", dialOptions{server: "resetting", token: "s3cret"}, func(ws *websocket.Conn) {
			ws.Read(t.Context()) // else what is under way is lost
			send(t, ws, websocket.MessageBinary, "xyz")
		}, loggedEnd{Level: "WARN", Code: tunnel.CloseDialFailed, Reason: "the connection to the server is lost: read: connection reset by peer", Up: 3, Down: 2}},
	} {
		t.Run(test.name, func(t *testing.T) {
			ws, _, err := dialWS(t, addr, test.dial)
			if err != nil {
				t.Fatal(err)
			}
			if test.then != nil {
				if _, _, err := ws.Read(t.Context()); err != nil {
					t.Fatal(err)
				}
				test.then(ws)
			}
			go func() { // answers the close
				for err := error(nil); err == nil; {
					_, _, err = ws.Read(t.Context())
				}
			}()
			test.want.Session, test.want.Server = i+1, test.dial.server
			if test.dial.token != "" {
				test.want.Identity.Subject = "alice"
			}
			var got loggedEnd
			log.next(t, "session ends", &got)
			if strings.Contains(got.Reason, test.want.Reason) && test.want.Reason != "" {
				got.Reason = test.want.Reason
			}
			if got != test.want {
				t.Errorf("%+v and not %+v", got, test.want)
			}
		})
	}
}

// What is refused before there is a session is in the log too: a browser tells its
// page nothing of it.
func TestLogOfRefusedRequests(t *testing.T) {
	log := make(logLines, 100)
	_, addr := start(t, Options{Log: slog.New(slog.NewJSONHandler(log, nil))})
	for _, test := range []struct {
		path, host, origin, msg string
	}{
		{"/", "evil.example.com", "", "a request is refused: hosts does not have its Host"},
		{"/v1/servers", "", "https://evil.example.com", "a request is refused: origins does not have its Origin"},
	} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+addr+test.path, nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Host = test.host
		if test.origin != "" {
			r.Header.Set("Origin", test.origin)
		}
		response, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
		var got struct{ Host, Origin, Client string }
		log.next(t, test.msg, &got)
		if response.StatusCode != http.StatusForbidden || got.Host != test.host || got.Origin != test.origin || got.Client == "" {
			t.Errorf("%+v: %d, %+v", test, response.StatusCode, got)
		}
	}
}

// Who may not have a document is in the log.
func TestLogOfRefusedDocuments(t *testing.T) {
	log := make(logLines, 100)
	_, addr := start(t, Options{Auth: tokenAuth(t, auth.Token{Servers: auth.Servers{Names: []string{"own"}}}, auth.Options{}), Log: slog.New(slog.NewJSONHandler(log, nil))})
	for token, want := range map[string]int{"another": http.StatusUnauthorized, "s3cret": http.StatusForbidden} {
		status := get(t, addr, "/v1/servers/other/schema", http.Header{"Authorization": {"Bearer " + token}}).StatusCode
		var got struct {
			Client, Path string
			Error        loggedError
		}
		log.next(t, "a request is refused", &got)
		if status != want || got.Client != "127.0.0.1" || got.Path != "/v1/servers/other/schema" || got.Error.Reason == "" {
			t.Errorf("%d: %+v", status, got)
		}
	}
}
