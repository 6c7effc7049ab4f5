package ldap

import (
	"github.com/ldapedge/ldapedge/ldap/message"
	"github.com/ldapedge/ldapedge/schemajson"
	"github.com/ldapedge/ldapedge/server"
)

// Knowledge is what is known of a server, for those who drive a
// [message.Machine] themselves because a [Connection] would block: it makes of
// searches, and of what they find, what Connection.Search does. It follows no
// referrals; [Ranges] is for entries that come in parts.
type Knowledge struct {
	known   *known
	options Options
}

// NewKnowledge returns what is known of the server with a schema, which may be
// nil: then the attributes' names tell their types. Of the options, which may be
// nil, NoCheckNames and NoEmptyAttributes count.
func NewKnowledge(s *server.Server, schema *schemajson.SchemaInfo, o *Options) *Knowledge {
	k := &Knowledge{known: newKnown(s, schema, true, 0)}
	if o != nil {
		k.options = *o
	}
	return k
}

// Prepare returns a request as it is to be sent: names are checked, and values in
// the filter turned from what people write into what the server wants. The
// error is a [NameError], a [formatters.ValueError] or that of a DN.
func (k *Knowledge) Prepare(r message.SearchRequest) (message.SearchRequest, error) {
	return newPreparation(k.known, k.options).search(r)
}

// Entries returns what makes an entry, with typed values, of each
// [message.OpSearchResultEntry] of the search. The error wraps
// [message.ErrProtocol].
func (k *Knowledge) Entries(r message.SearchRequest) func(message.Event) (Entry, error) {
	columns := columnsOf(k.known, k.options, r)
	return func(e message.Event) (Entry, error) {
		raw, err := e.Entry()
		if err != nil {
			return Entry{}, err
		}
		return Entry{Entry: raw, controls: e.Message, columns: columns}, nil
	}
}
