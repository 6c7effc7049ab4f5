package formatters

import (
	"encoding/binary"
	"errors"
	"strconv"

	"github.com/ldapedge/ldapedge/formatters/guid"
)

func (v Value) guid() (g guid.GUID) {
	binary.BigEndian.PutUint64(g[:], uint64(v.n))
	binary.BigEndian.PutUint64(g[8:], uint64(v.m))
	return g
}

func (v Value) appendGUID(dst []byte) []byte {
	if v.form&formBraces == 0 {
		return v.guid().Append(dst)
	}
	return append(v.guid().Append(append(dst, '{')), '}')
}

// guidOrder is how an attribute stores a GUID.
type guidOrder uint8

const (
	orderText   guidOrder = iota // as its text (RFC 4530)
	orderBig                     // 16 bytes in the order of the text (eDirectory)
	orderLittle                  // 16 bytes, the first three fields little-endian (Active Directory)
)

// format turns 16 bytes, or a GUID's text, into a GUID. What is neither stays
// text: servers have been seen to keep other identifiers in such attributes.
func (o guidOrder) format(raw []byte) (Value, error) {
	if len(raw) == len(guid.GUID{}) {
		g := guid.GUID(raw)
		if o != orderLittle {
			return GUIDValue(g), nil
		}
		v := GUIDValue(guid.FromLittleEndian(g))
		v.form = formBraces
		return v, nil
	}
	if g, err := guid.ParseBytes(raw); err == nil {
		v := GUIDValue(g)
		if raw[0] == '{' {
			v.form = formBraces
		}
		return v, nil
	}
	v := textOrBytes(string(raw))
	if v.kind == KindBytes {
		return v, errors.New("a GUID has 16 bytes, not " + strconv.Itoa(len(raw)))
	}
	return v, nil
}

// validate takes a GUID, its text, or its 16 bytes as the attribute has them.
func (o guidOrder) validate(v Value) ([]byte, error) {
	var g guid.GUID
	switch {
	case v.kind == KindGUID:
		g = v.guid()
	case v.kind == KindText, v.kind == KindBytes && o == orderText:
		var err error
		if g, err = guid.Parse(v.text); err != nil {
			return nil, err
		}
	case v.kind == KindBytes:
		if len(v.text) != len(g) {
			return nil, errors.New("a GUID has 16 bytes, not " + strconv.Itoa(len(v.text)))
		}
		return []byte(v.text), nil
	default:
		return nil, unsuitable(v, "a GUID")
	}
	switch o {
	case orderBig:
		return g[:], nil
	case orderLittle:
		b := g.LittleEndian()
		return b[:], nil
	default:
		return g.Append(nil), nil
	}
}

func formatUUID(raw []byte) (Value, error)   { return orderText.format(raw) }
func validateUUID(v Value) ([]byte, error)   { return orderText.validate(v) }
func formatGUID(raw []byte) (Value, error)   { return orderBig.format(raw) }
func validateGUID(v Value) ([]byte, error)   { return orderBig.validate(v) }
func formatGUIDLE(raw []byte) (Value, error) { return orderLittle.format(raw) }
func validateGUIDLE(v Value) ([]byte, error) { return orderLittle.validate(v) }
