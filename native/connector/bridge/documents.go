package bridge

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/ldapedge/ldapedge/ldap/policy"
	"github.com/ldapedge/ldapedge/native/connector/auth"
	"github.com/ldapedge/ldapedge/native/dial"
)

// Reader reads of a target what is asked for over HTTP. An error that is
// [ErrBusy] is for those who ask too often.
type Reader interface {
	// Check checks the target now, and returns what its JSON is.
	Check(ctx context.Context, target string) (any, error)
	// Schema and Info return schema and root DSE as python ldap3's JSON.
	Schema(ctx context.Context, target string) ([]byte, error)
	Info(ctx context.Context, target string) ([]byte, error)
}

// ErrBusy: it was asked for just now.
var ErrBusy = errors.New("that was asked for just now")

// identify returns who the client is. If that is nobody it answers, and returns
// nil.
func (o *Options) identify(w http.ResponseWriter, r *http.Request) *auth.Identity {
	identity, err := o.Auth.Authenticate(r.Context(), Bearer(r), r.TLS)
	if err != nil {
		w.Header().Set("WWW-Authenticate", `Bearer realm="ldapedge"`)
		o.refuse(w, r, http.StatusUnauthorized, err)
		return nil
	}
	return identity
}

// refuse answers that the client may not have what it asks for, and notes why.
func (o *Options) refuse(w http.ResponseWriter, r *http.Request, status int, err error) {
	o.Log.Warn("a request is refused", "client", o.client(r).String(), "path", r.URL.Path, "error", err)
	Problem(w, status, refusal(err))
}

// permitted returns the options in force and who the client is, if that may reach the
// target of the request, and otherwise answers.
func (h *Handler) permitted(w http.ResponseWriter, r *http.Request) (now *Options, subject string, ok bool) {
	now = h.current.Load()
	identity := now.identify(w, r)
	if identity == nil {
		return nil, "", false
	}
	name := r.PathValue("name")
	if err := identity.MayReach(name); err != nil {
		now.refuse(w, r, http.StatusForbidden, err)
		return nil, "", false
	}
	if now.Reader == nil || now.target(name) == nil {
		Problem(w, http.StatusNotFound, "there is no server of that name")
		return nil, "", false
	}
	return now, identity.Subject.Name, true
}

func (h *Handler) serveCheck(w http.ResponseWriter, r *http.Request) {
	now, _, ok := h.permitted(w, r)
	if !ok {
		return
	}
	report, err := now.Reader.Check(r.Context(), r.PathValue("name"))
	if err != nil {
		failed(w, err)
		return
	}
	w.Header().Set("Cache-Control", "no-store")
	answer(w, http.StatusOK, "application/json", report)
}

// errPolicy: a session's policy would not let the client read it.
var errPolicy = errors.New("the policy refuses it before a bind")

// serveDocument serves what changes seldom, and what the client could read in a
// session: a client that has it is told so.
func (h *Handler) serveDocument(read func(Reader, context.Context, string) ([]byte, error), may func(*policy.Policy) bool) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		now, subject, ok := h.permitted(w, r)
		if !ok {
			return
		}
		if now.Policy != nil {
			if p := now.Policy(r.PathValue("name"), subject); p != nil && !may(p) {
				now.refuse(w, r, http.StatusForbidden, errPolicy)
				return
			}
		}
		document, err := read(now.Reader, r.Context(), r.PathValue("name"))
		if err != nil {
			failed(w, err)
			return
		}
		sum := sha256.Sum256(document)
		tag := `"` + hex.EncodeToString(sum[:16]) + `"`
		w.Header().Set("ETag", tag)
		w.Header().Set("Cache-Control", "private, max-age=300")
		w.Header().Add("Vary", "Authorization")
		if has(r.Header.Values("If-None-Match"), tag) {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		w.Write(document) // to a client that has gone there is nothing to say
	}
}

// has tells whether a client has the document of the tag (RFC 9110 §13.1.2).
func has(lists []string, tag string) bool {
	return slices.ContainsFunc(lists, func(list string) bool {
		return slices.ContainsFunc(strings.Split(list, ","), func(one string) bool {
			one = strings.TrimPrefix(strings.TrimSpace(one), "W/")
			return one == tag || one == "*"
		})
	})
}

func failed(w http.ResponseWriter, err error) {
	var of *dial.Error
	switch {
	case errors.Is(err, ErrBusy):
		w.Header().Set("Retry-After", "1")
		Problem(w, http.StatusTooManyRequests, err.Error())
	case errors.As(err, &of) && of.Timeout():
		Problem(w, http.StatusGatewayTimeout, err.Error())
	default:
		Problem(w, http.StatusBadGateway, err.Error())
	}
}
