package ldif

import (
	"bufio"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// DefaultMaxRecord is the default of [Reader.MaxRecord]: 64 MiB.
const DefaultMaxRecord = 64 << 20

// Reader reads records. Its fields may be set before the first [Reader.Read].
type Reader struct {
	// MaxRecord bounds a record's text, with the comments and blank lines before
	// it, in bytes. Default (0): [DefaultMaxRecord].
	MaxRecord int
	// WithoutDN lets a record begin with an attribute in place of its DN.
	WithoutDN bool
	// Changes lets every change be read, with its controls. Default: content
	// alone, see the package's comment.
	Changes bool
	// Open opens the URL of a value that is not in the text ("<"), and the reader
	// reads it to its end and closes it. What it may open is for it to decide.
	// Default (nil): such a value is an error.
	Open func(url string) (io.ReadCloser, error)

	in    *bufio.Reader
	begun bool
	// line is the number of the last line that was read, and at that of the
	// line on which what is being looked at begins.
	line, at int
	// left is what the record may still have, in bytes.
	left int
	err  error
}

// NewReader returns a reader of r's records.
func NewReader(r io.Reader) *Reader { return &Reader{in: bufio.NewReader(r)} }

// Read returns the next record. At the end it returns [io.EOF]; what is wrong
// with the text is an [*Error]. After an error it returns the same one again.
func (r *Reader) Read() (*Record, error) {
	if r.err != nil {
		return nil, r.err
	}
	record, err := r.record()
	if err != nil {
		r.err = err
		return nil, err
	}
	return record, nil
}

func (r *Reader) record() (*Record, error) {
	if r.left = r.MaxRecord; r.left <= 0 {
		r.left = DefaultMaxRecord
	}
	if err := r.begin(); err != nil {
		return nil, err
	}
	b := builder{reader: r, record: &Record{}}
	for {
		text, err := r.logical()
		switch {
		case err == io.EOF && b.record.Line > 0, err == nil && text == "" && b.record.Line > 0:
			return b.record, b.finish()
		case err != nil:
			return nil, err
		case text == "" || text[0] == '#':
			continue
		}
		if err := b.add(text); err != nil {
			return nil, err
		}
	}
}

// begin skips the mark that some editors put before UTF-8.
func (r *Reader) begin() error {
	if r.begun {
		return nil
	}
	r.begun = true
	mark, _ := r.in.Peek(3)
	switch {
	case string(mark) == "\xef\xbb\xbf":
		r.in.Discard(3)
	case len(mark) >= 2 && (string(mark[:2]) == "\xff\xfe" || string(mark[:2]) == "\xfe\xff"):
		return &Error{Line: 1, Message: "the text is UTF-16; LDIF is UTF-8"}
	}
	return nil
}

// logical reads a line with those that continue it (RFC 2849, note 2). It is
// empty for a blank line.
func (r *Reader) logical() (string, error) {
	text, err := r.physical()
	if err != nil {
		return "", err
	}
	r.at = r.line
	if text == "" {
		return "", nil
	}
	if text[0] == ' ' {
		if strings.Trim(text, " ") == "" {
			return "", nil
		}
		return "", r.fail("the line continues a line that is not there")
	}
	next, _ := r.in.Peek(1)
	if len(next) == 0 || next[0] != ' ' {
		return text, nil
	}
	var b strings.Builder
	b.WriteString(text)
	for len(next) > 0 && next[0] == ' ' {
		if text, err = r.physical(); err != nil {
			return "", err
		}
		b.WriteString(text[1:])
		next, _ = r.in.Peek(1)
	}
	return b.String(), nil
}

// physical reads one line, without its end.
func (r *Reader) physical() (string, error) {
	var long []byte
	for {
		part, err := r.in.ReadSlice('\n')
		if long == nil && len(part) > 0 {
			r.line++
		}
		if r.left -= len(part); r.left < 0 {
			r.at = r.line
			return "", r.fail("the record is longer than the limit")
		}
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			long = append(long, part...)
			continue
		case err == io.EOF && len(part)+len(long) == 0:
			return "", io.EOF
		case err != nil && err != io.EOF:
			return "", fmt.Errorf("reading LDIF: %w", err)
		}
		text := string(part)
		if long != nil {
			text = string(append(long, part...))
		}
		return strings.TrimSuffix(strings.TrimSuffix(text, "\n"), "\r"), nil
	}
}

func (r *Reader) fail(message string) error { return &Error{Line: r.at, Message: message} }

// split cuts a line into name and value (RFC 2849, attrval-spec).
func (r *Reader) split(text string) (name, value string, err error) {
	name, value, found := strings.Cut(text, ":")
	if !found {
		return "", "", r.fail("there is no colon in " + shortened(text))
	}
	if !validName(name) {
		return "", "", r.fail(shortened(name) + " is not an attribute's name")
	}
	value, err = r.value(name, value)
	return name, value, err
}

// value reads what follows a name and its colon (RFC 2849, value-spec).
func (r *Reader) value(name, text string) (string, error) {
	switch {
	case strings.HasPrefix(text, ":"):
		decoded, err := base64.StdEncoding.DecodeString(strings.Trim(text[1:], " "))
		if err != nil {
			return "", r.fail("the value of " + shortened(name) + " is not base64")
		}
		return string(decoded), nil
	case strings.HasPrefix(text, "<"):
		return r.open(name, strings.Trim(text[1:], " "))
	}
	return strings.TrimLeft(text, " "), nil
}

// open reads a value from its URL. It counts as a part of the record's text.
func (r *Reader) open(name, url string) (string, error) {
	where := "the value of " + shortened(name) + " is at the URL " + shortened(url)
	if r.Open == nil {
		return "", r.fail(where + ", which is not opened")
	}
	from, err := r.Open(url)
	if err != nil {
		return "", &Error{Line: r.at, Message: where, Err: err}
	}
	defer from.Close()
	value, err := io.ReadAll(io.LimitReader(from, int64(r.left)+1))
	if err != nil {
		return "", &Error{Line: r.at, Message: where, Err: err}
	}
	if r.left -= len(value); r.left < 0 {
		return "", r.fail(where + ", and longer than the limit of a record")
	}
	return string(value), nil
}

// shortened quotes a piece of the text for a message.
func shortened(s string) string {
	const most = 60
	if len(s) > most {
		s = strings.ToValidUTF8(s[:most], "") + "…"
	}
	return strconv.Quote(s)
}
