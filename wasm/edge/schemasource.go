package edge

import (
	"bytes"
	"fmt"
	"hash/fnv"
	"strconv"
	"time"

	"github.com/tidwall/gjson"

	"github.com/ldapedge/ldapedge/formatters"
	"github.com/ldapedge/ldapedge/schemajson"
)

// schemaSource is a schema of the configuration, and what is known of it.
type schemaSource struct {
	*SchemaConfig
	// connector and server are where a live one is.
	connector, server string

	loaded *loadedSchema // nil until it is
	// fresh is until when it is taken for what it is, and usable until when it is
	// taken all the same if there is nothing newer.
	fresh, usable time.Time
}

// loadedSchema is one state of a schema.
type loadedSchema struct {
	info   *schemajson.SchemaInfo
	finder *schemajson.Finder     // made when it is needed
	format *formatters.Formatters // likewise
	// etag is that of the source, and tag that of answers.
	etag, tag string
}

// values returns the formatters of the schema.
func (s *loadedSchema) values() *formatters.Formatters {
	if s.format == nil {
		s.format = formatters.New(s.info, nil)
	}
	return s.format
}

func newSchemaSource(s *SchemaConfig, c *Config) *schemaSource {
	made := &schemaSource{SchemaConfig: s}
	if s.Server != "" {
		of := c.server(s.Server)
		made.connector, made.server = of.Connector, of.Server
		if made.server == "" {
			made.server = of.Name
		}
	}
	return made
}

// live tells whether it may change.
func (s *schemaSource) live() bool { return s.server != "" }

// known returns the schema as far as it need not be asked for.
func (s *schemaSource) known(now time.Time) *loadedSchema {
	if s.loaded != nil && (!s.live() || now.Before(s.fresh)) {
		return s.loaded
	}
	return nil
}

// withSchema gets a schema, and goes on with it or with why there is none.
func (e *Edge) withSchema(t *task, s *schemaSource, then func(*loadedSchema, error)) {
	if known := s.known(t.now); known != nil {
		then(known, nil)
		return
	}
	switch {
	case s.Offline != "":
		t.do(Step{Do: DoLoad, Kind: loadOffline, Name: s.Offline}, func(ev Event) { s.take(t, ev, then) })
	case s.KV != "":
		t.do(Step{Do: DoLoad, Kind: loadKV, Name: s.KV}, func(ev Event) { s.take(t, ev, then) })
	case s.loaded == nil:
		t.do(Step{Do: DoLook, Name: s.key()}, func(ev Event) {
			s.restore(t, ev)
			if known := s.known(t.now); known != nil {
				then(known, nil)
				return
			}
			s.ask(t, then)
		})
	default:
		s.ask(t, then)
	}
}

// key is under which a live schema is stored.
func (s *schemaSource) key() string { return "schema:" + s.connector + "/" + s.server }

// ask asks the connector for a newer state.
func (s *schemaSource) ask(t *task, then func(*loadedSchema, error)) {
	step := Step{Do: DoLoad, Kind: loadSchema, Connector: s.connector, Name: s.server, Deadline: t.deadline}
	if s.loaded != nil {
		step.ETag = s.loaded.etag
	}
	t.do(step, func(ev Event) { s.take(t, ev, then) })
}

// take takes what was loaded.
func (s *schemaSource) take(t *task, ev Event, then func(*loadedSchema, error)) {
	if known := s.known(t.now); known != nil { // another task was faster
		then(known, nil)
		return
	}
	switch ev.Kind {
	case EventUnchanged:
		s.dated(t.now, ev.Seconds)
		then(s.loaded, nil)
	case EventLoaded:
		loaded, err := parseSchema(ev.Bytes, ev.ETag)
		if err != nil {
			p := newProblem(502, "unreadable", fmt.Sprintf("the schema %s: %v", s.Name, err))
			then(nil, p)
			return
		}
		s.loaded = loaded
		s.dated(t.now, ev.Seconds)
		if !s.live() {
			then(loaded, nil)
			return
		}
		store := Step{Do: DoStore, Name: s.key(), Bytes: s.record(t.now, ev), Seconds: int(s.usable.Sub(t.now) / time.Second)}
		t.do(store, func(Event) { then(loaded, nil) })
	default:
		if s.loaded != nil && t.now.Before(s.usable) {
			then(s.loaded, nil)
			return
		}
		then(nil, s.failure(ev))
	}
}

// dated sets until when what was just loaded, or confirmed, is good.
func (s *schemaSource) dated(at time.Time, says int) {
	fresh := s.Seconds
	if fresh == 0 {
		fresh = says
	}
	s.fresh = at.Add(seconds(fresh, 60))
	s.usable = s.fresh.Add(seconds(s.StaleSeconds, DefaultStaleSeconds))
}

// failure says why there is no schema.
func (s *schemaSource) failure(ev Event) error {
	switch {
	case !s.live():
		return newProblem(500, "no-schema", fmt.Sprintf("the schema %s cannot be loaded: %s", s.Name, ev.Reason))
	case ev.Code == 401 || ev.Code == 403 || ev.Code == 404:
		return newProblem(502, "no-schema", fmt.Sprintf("the connector does not give the schema %s out: %s", s.Name, ev.Reason))
	}
	p := newProblem(503, "unavailable", fmt.Sprintf("the schema %s cannot be got: %s", s.Name, ev.Reason))
	p.retryAfter = retryAfter
	return p
}

// retryAfter is how long clients are asked to wait when nothing better is known, in
// seconds.
const retryAfter = 5

// record is a state of a schema as it is stored: when it was loaded, for how long
// it is fresh and its ETag in a line, and then its text.
func (s *schemaSource) record(now time.Time, ev Event) []byte {
	head := strconv.AppendInt(nil, now.UnixMilli(), 10)
	head = strconv.AppendInt(append(head, ' '), int64(ev.Seconds), 10)
	return append(append(append(append(head, ' '), ev.ETag...), '\n'), ev.Bytes...)
}

// restore takes what was stored, if it can be read.
func (s *schemaSource) restore(t *task, ev Event) {
	head, text, ok := bytes.Cut(ev.Bytes, []byte{'\n'})
	if ev.Kind != EventFound || !ok {
		return
	}
	fields := bytes.SplitN(head, []byte{' '}, 3)
	if len(fields) != 3 || s.loaded != nil {
		return
	}
	at, err := strconv.ParseInt(string(fields[0]), 10, 64)
	says, err2 := strconv.Atoi(string(fields[1]))
	if err != nil || err2 != nil {
		return
	}
	if loaded, err := parseSchema(text, string(fields[2])); err == nil {
		s.loaded = loaded
		s.dated(time.UnixMilli(at), says)
	}
}

// parseSchema reads a schema as JSON in ldap3's format, or an object that has one
// under "schema", as pre-built sets are.
func parseSchema(text []byte, etag string) (*loadedSchema, error) {
	document := text
	if of := gjson.GetBytes(text, "schema"); of.IsObject() {
		document = text[of.Index : of.Index+len(of.Raw)]
	}
	info, err := schemajson.SchemaInfoFromJSON(document)
	if err != nil {
		return nil, err
	}
	sum := fnv.New64a()
	sum.Write(text)
	return &loadedSchema{info: info, etag: etag, tag: strconv.FormatUint(sum.Sum64(), 36)}, nil
}
