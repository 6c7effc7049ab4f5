package demo

import (
	"errors"

	"github.com/jimlambrt/gldap"
)

const (
	readOnly     = "the demo directory is read-only"
	noExtensions = "the demo directory has no extended operations"
)

// service answers requests from a tree. It runs several of them at once, even of
// one connection, and keeps nothing between them: a bind changes no rights, so it
// need not be over before a search that follows it.
//
// A panic here would end the process, for the LDAP server recovers those of its
// own goroutines only.
type service struct {
	tree *tree
}

// routes joins the operations to their handlers.
func routes(content *tree) (*gldap.Mux, error) {
	s := service{tree: content}
	mux, err := gldap.NewMux()
	if err != nil {
		return nil, err
	}
	err = errors.Join(
		mux.Bind(s.bind),
		mux.Search(s.search),
		mux.Add(refuse(gldap.ApplicationAddResponse, readOnly)),
		mux.Modify(refuse(gldap.ApplicationModifyResponse, readOnly)),
		mux.Delete(refuse(gldap.ApplicationDelResponse, readOnly)),
		mux.DefaultRoute(refuse(gldap.ApplicationExtendedResponse, noExtensions)),
	)
	if err != nil {
		return nil, err
	}
	return mux, nil
}

func (s service) bind(w *gldap.ResponseWriter, r *gldap.Request) {
	response := r.NewBindResponse()
	message, err := r.GetSimpleBindMessage()
	switch {
	case err != nil:
		finish(w, response, outcome{code: gldap.ResultProtocolError, message: err.Error()})
	case anyCritical(message.Controls):
		finish(w, response, criticalControl)
	default:
		finish(w, response, s.tree.bind(message.UserName, string(message.Password)))
	}
}

func (s service) search(w *gldap.ResponseWriter, r *gldap.Request) {
	done := r.NewSearchDoneResponse()
	message, err := r.GetSearchMessage()
	switch {
	case err != nil:
		finish(w, done, outcome{code: gldap.ResultProtocolError, message: err.Error()})
		return
	case anyCritical(message.Controls):
		finish(w, done, criticalControl)
		return
	}
	found, end := s.tree.search(message)
	chosen := s.tree.schema.newSelection(message.Attributes)
	for _, e := range found {
		response := r.NewSearchResponseEntry(e.dn)
		for _, a := range chosen.of(e) {
			values := a.values
			if message.TypesOnly {
				values = nil
			}
			response.AddAttribute(a.name, values)
		}
		if err := w.Write(response); err != nil {
			// The client is gone, and so is whoever could be told.
			return
		}
	}
	finish(w, done, end)
}

// refuse answers every request of a kind with unwillingToPerform.
func refuse(responseTag int, message string) gldap.HandlerFunc {
	return func(w *gldap.ResponseWriter, r *gldap.Request) {
		response := r.NewResponse(gldap.WithApplicationCode(responseTag))
		finish(w, response, outcome{code: gldap.ResultUnwillingToPerform, message: message})
	}
}

// criticalControl is the answer to a request whose control must not be ignored
// (RFC 4511, section 4.1.11).
var criticalControl = outcome{
	code:    gldap.ResultUnavailableCriticalExtension,
	message: "the demo directory has no controls",
}

// anyCritical reports whether a control is marked critical. For some controls, that
// of paging among them, the LDAP server does not say; those count as not critical.
func anyCritical(controls []gldap.Control) bool {
	for _, control := range controls {
		switch c := control.(type) {
		case *gldap.ControlString:
			if c.Criticality {
				return true
			}
		case *gldap.ControlManageDsaIT:
			if c.Criticality {
				return true
			}
		}
	}
	return false
}

// result is a response that ends an operation.
type result interface {
	gldap.Response
	SetResultCode(int)
	SetMatchedDN(string)
	SetDiagnosticMessage(string)
}

// finish writes the response that ends an operation. All three parts are set each
// time, since those that are not set go out with a placeholder. If the write fails,
// the client is gone.
func finish(w *gldap.ResponseWriter, response result, end outcome) {
	response.SetResultCode(end.code)
	response.SetMatchedDN(end.matchedDN)
	response.SetDiagnosticMessage(end.message)
	_ = w.Write(response)
}
