package formatters

import (
	"bytes"
	"encoding/base64"
	"errors"
	"strings"
	"unicode/utf8"

	"github.com/ldapedge/ldapedge/formatters/syntax"
)

// textOrBytes is the rule for every attribute that nothing is known of: text if
// it is UTF-8, else bytes.
func textOrBytes(s string) Value {
	if utf8.ValidString(s) {
		return Value{kind: KindText, text: s}
	}
	return Value{kind: KindBytes, text: s}
}

var errUTF8 = errors.New("the text is not UTF-8")

// formatText takes a text as it is: nothing is trimmed or folded.
func formatText(raw []byte) (Value, error) {
	v := textOrBytes(string(raw))
	if v.kind == KindBytes {
		return v, errUTF8
	}
	return v, nil
}

func formatBytes(raw []byte) (Value, error) { return BytesValue(raw), nil }

// validateBytes takes bytes and texts as they are, and the binary form of SIDs,
// GUIDs and security descriptors.
func validateBytes(v Value) ([]byte, error) {
	switch v.kind {
	case KindBytes, KindText, KindSID, KindGUID, KindDescriptor:
		return v.Bytes(), nil
	default:
		return nil, unsuitable(v, "bytes")
	}
}

// validateText takes texts, and what has one, without more rules than UTF-8.
func validateText(v Value) ([]byte, error) {
	switch v.kind {
	case KindBytes:
		return nil, errUTF8
	case KindInterval, KindNever, KindFlags, KindEnumeration, KindDescriptor:
		return nil, unsuitable(v, "a text")
	default:
		return v.appendText(nil), nil
	}
}

// textOf returns a validator for the texts of a syntax.
func textOf(check syntax.Checker) Validator {
	return func(v Value) ([]byte, error) {
		b, err := validateText(v)
		if err == nil && check != nil {
			err = check(b)
		}
		if err != nil {
			return nil, err
		}
		return b, nil
	}
}

// bytesOf returns a validator for the binary values of a syntax.
func bytesOf(check syntax.Checker) Validator {
	return func(v Value) ([]byte, error) {
		b, err := validateBytes(v)
		if err == nil && check != nil {
			err = check(b)
		}
		if err != nil {
			return nil, err
		}
		return b, nil
	}
}

var (
	errBoolean = errors.New("a boolean is TRUE or FALSE")

	falseValue = BooleanValue(false)
	trueValue  = BooleanValue(true)
)

// formatBoolean reads a Boolean (RFC 4517 §3.3.3). As python ldap3 does it
// takes true and True too.
func formatBoolean(raw []byte) (Value, error) {
	switch string(raw) {
	case "TRUE", "true", "True":
		return trueValue, nil
	case "FALSE", "false", "False":
		return falseValue, nil
	default:
		return Value{}, errBoolean
	}
}

// validateBoolean takes a boolean, or TRUE or FALSE in any case.
func validateBoolean(v Value) ([]byte, error) {
	b, ok := v.Bool()
	if !ok {
		if v.kind != KindText && v.kind != KindBytes {
			return nil, unsuitable(v, "a boolean")
		}
		b = strings.EqualFold(v.text, "TRUE")
		if !b && !strings.EqualFold(v.text, "FALSE") {
			return nil, errBoolean
		}
	}
	if b {
		return []byte("TRUE"), nil
	}
	return []byte("FALSE"), nil
}

// formatPostal reads a Postal Address (RFC 4517 §3.3.28): its lines, separated
// by newlines.
func formatPostal(raw []byte) (Value, error) {
	if !utf8.Valid(raw) {
		return BytesValue(raw), errUTF8
	}
	b := make([]byte, 0, len(raw))
	for i := 0; i < len(raw); i++ {
		switch {
		case raw[i] == '$':
			b = append(b, '\n')
		case raw[i] == '\\' && i+2 < len(raw) && raw[i+1] == '2' && raw[i+2] == '4':
			b = append(b, '$')
			i += 2
		case raw[i] == '\\' && i+2 < len(raw) && raw[i+1] == '5' && raw[i+2]|0x20 == 'c':
			b = append(b, '\\')
			i += 2
		default:
			b = append(b, raw[i])
		}
	}
	return Value{kind: KindText, text: string(b)}, nil
}

// validatePostal takes the lines of an address, separated by newlines.
func validatePostal(v Value) ([]byte, error) {
	b, err := validateText(v)
	if err != nil {
		return nil, err
	}
	b = bytes.ReplaceAll(b, []byte(`\`), []byte(`\5C`))
	b = bytes.ReplaceAll(b, []byte("$"), []byte(`\24`))
	return bytes.ReplaceAll(b, []byte("\n"), []byte("$")), nil
}

func base64Of(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }

// unsuitable says that a value of this kind cannot be what a syntax asks for.
func unsuitable(v Value, want string) error {
	return errors.New("expected " + want + ", not " + article(v.kind))
}

func article(k Kind) string {
	switch k {
	case KindBytes, KindFlags:
		return k.String()
	case KindNever:
		return "never"
	case KindInteger, KindInterval, KindEnumeration:
		return "an " + k.String()
	default:
		return "a " + k.String()
	}
}
