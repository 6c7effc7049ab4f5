package formatters

import (
	"encoding/binary"
	"math/big"
	"strconv"
	"time"

	"github.com/ldapedge/ldapedge/formatters/guid"
	"github.com/ldapedge/ldapedge/formatters/security"
)

// Kind tells what a [Value] holds.
type Kind uint8

// The kinds. The zero value is no bytes.
const (
	// KindBytes: any bytes; see [Value.Bytes].
	KindBytes Kind = iota
	// KindText: a UTF-8 string; see [Value.String].
	KindText
	// KindInteger: a whole number of any size; see [Value.Int64] and
	// [Value.BigInt].
	KindInteger
	// KindBoolean: true or false; see [Value.Bool].
	KindBoolean
	// KindTime: a point in time; see [Value.Time].
	KindTime
	// KindInterval: a length of time; see [Value.Interval].
	KindInterval
	// KindNever: a time that does not come, has not come yet or an interval
	// that does not end.
	KindNever
	// KindGUID: a GUID or UUID; see [Value.GUID].
	KindGUID
	// KindSID: a security identifier; see [Value.SID].
	KindSID
	// KindFlags: a number whose bits have names; see [Value.Names].
	KindFlags
	// KindEnumeration: a number that has a name; see [Value.Names].
	KindEnumeration
	// KindDescriptor: a security descriptor; see [Value.Descriptor].
	KindDescriptor
)

var kindNames = [...]string{
	"bytes", "text", "integer", "boolean", "time", "interval", "never", "guid", "sid", "flags", "enumeration", "securityDescriptor",
}

// String returns the kind's name, as JSON and messages have it: "bytes",
// "text", "integer", "boolean", "time", "interval", "never", "guid", "sid",
// "flags", "enumeration" or "securityDescriptor".
func (k Kind) String() string { return kindNames[k] }

// Value is one value of an attribute with its type. It is small, immutable and
// comparable; == also tells apart how equal values were written, which
// [Value.Equal] does not. The zero value is no bytes.
type Value struct {
	// text has the payload of bytes, texts, SIDs and descriptors, and the
	// digits of an integer beyond 64 bits.
	text string
	// numbers names the number of flags and enumerations.
	numbers *numbers
	// n is the number, the boolean, the ticks of an interval or a never, a
	// time's seconds since 1970, or a GUID's first half.
	n int64
	// m is a time's nanoseconds, or a GUID's second half.
	m    int64
	form form
	kind Kind
}

// form is how a value was written, so that a validator can write it so again.
// Its upper half is a time's offset from UTC in minutes: with a field more a
// Value and an error would not be returned in registers.
type form uint32

func formOfZone(minutes int) form { return form(uint16(minutes)) << 16 }

// zone is a time's offset from UTC in minutes.
func (f form) zone() int { return int(int16(f >> 16)) }

const (
	// formFraction are the digits of a time's fraction of a second.
	formFraction form = 0xf
	// Of times.
	formComma    form = 1 << 4  // "," begins the fraction
	formHours    form = 1 << 5  // hours are the last unit given
	formMinutes  form = 1 << 6  // minutes are
	formOffset   form = 1 << 7  // "+00:00" in place of "Z"
	formHourZone form = 1 << 8  // the zone has no minutes
	formLeap     form = 1 << 9  // second 60; n has 59
	formUnit     form = 1 << 10 // the fraction is one of the last unit, hours or minutes

	formBig      form = 1 << 11 // an integer beyond 64 bits, in text
	formWide     form = 1 << 12 // an integer of a 64-bit syntax
	formBraces   form = 1 << 13 // a GUID in braces
	formGiven    form = 1 << 14 // a never that came from the number n
	formNegative form = 1 << 15 // the zone is -00:00
)

// BytesValue returns a value of any bytes, which are copied.
func BytesValue(b []byte) Value { return Value{kind: KindBytes, text: string(b)} }

// TextValue returns a text. What is not UTF-8 is a value of bytes.
func TextValue(s string) Value { return textOrBytes(s) }

// IntegerValue returns an integer.
func IntegerValue(n int64) Value { return Value{kind: KindInteger, n: n} }

// BigIntegerValue returns an integer of any size.
func BigIntegerValue(n *big.Int) Value {
	if n.IsInt64() {
		return IntegerValue(n.Int64())
	}
	return Value{kind: KindInteger, text: n.String(), form: formBig}
}

// BooleanValue returns a boolean.
func BooleanValue(b bool) Value {
	if b {
		return Value{kind: KindBoolean, n: 1}
	}
	return Value{kind: KindBoolean}
}

// TimeValue returns a point in time with its zone, whose offset is cut to
// minutes. Years must be 1 to 9999; others are cut to that range.
func TimeValue(t time.Time) Value {
	_, offset := t.Zone()
	v := Value{kind: KindTime, n: min(max(t.Unix(), minUnix), maxUnix), m: int64(t.Nanosecond()), form: formOfZone(offset / 60)}
	if v.n != t.Unix() {
		v.m = 0
	}
	if v.form.zone() != 0 {
		v.form |= formOffset
	}
	v.form |= fractionDigits(v.m)
	return v
}

// IntervalValue returns a length of time.
func IntervalValue(i Interval) Value { return Value{kind: KindInterval, n: int64(i)} }

// NeverValue returns a never.
func NeverValue() Value { return Value{kind: KindNever} }

// GUIDValue returns a GUID.
func GUIDValue(g guid.GUID) Value {
	return Value{kind: KindGUID, n: int64(binary.BigEndian.Uint64(g[:8])), m: int64(binary.BigEndian.Uint64(g[8:]))}
}

// SIDValue returns a security identifier.
func SIDValue(s security.SID) Value { return Value{kind: KindSID, text: s.Binary()} }

// Kind returns what the value holds.
func (v Value) Kind() Kind { return v.kind }

// Bytes returns a copy of the content of bytes and texts, the binary form of
// SIDs and security descriptors, the 16 bytes of a GUID in the order of RFC
// 4122, and the text of everything else.
func (v Value) Bytes() []byte {
	switch v.kind {
	case KindBytes, KindText, KindSID, KindDescriptor:
		return []byte(v.text)
	case KindGUID:
		g := v.guid()
		return g[:]
	default:
		return []byte(v.String())
	}
}

// Int64 returns the number of an integer, of flags and of an enumeration; ok is
// false for other kinds and for an integer beyond 64 bits.
func (v Value) Int64() (n int64, ok bool) {
	switch v.kind {
	case KindInteger, KindFlags, KindEnumeration:
		return v.n, v.form&formBig == 0
	default:
		return 0, false
	}
}

// BigInt returns the number of an integer of any size, of flags and of an
// enumeration; nil for other kinds.
func (v Value) BigInt() *big.Int {
	if n, ok := v.Int64(); ok {
		return big.NewInt(n)
	}
	if v.kind != KindInteger {
		return nil
	}
	n, _ := new(big.Int).SetString(v.text, 10) // digits by construction
	return n
}

// Bool returns a boolean; ok is false for other kinds.
func (v Value) Bool() (b, ok bool) { return v.kind == KindBoolean && v.n != 0, v.kind == KindBoolean }

// Time returns a time in the zone in which it was written, UTC for "Z"; ok is
// false for other kinds. A leap second is the one before it.
func (v Value) Time() (t time.Time, ok bool) {
	if v.kind != KindTime {
		return time.Time{}, false
	}
	t = time.Unix(v.n, v.m).UTC()
	if v.form&formOffset != 0 {
		t = t.In(time.FixedZone("", v.form.zone()*60))
	}
	return t, true
}

// Interval returns a length of time; ok is false for other kinds.
func (v Value) Interval() (i Interval, ok bool) { return Interval(v.n), v.kind == KindInterval }

// IsNever tells whether the value is a never.
func (v Value) IsNever() bool { return v.kind == KindNever }

// GUID returns a GUID; ok is false for other kinds.
func (v Value) GUID() (g guid.GUID, ok bool) {
	if v.kind != KindGUID {
		return guid.GUID{}, false
	}
	return v.guid(), true
}

// SID returns a security identifier; ok is false for other kinds.
func (v Value) SID() (s security.SID, ok bool) {
	if v.kind != KindSID {
		return security.SID{}, false
	}
	s, err := security.ParseSID([]byte(v.text))
	return s, err == nil
}

// Descriptor returns a security descriptor, parsed anew with each call; nil for
// other kinds.
func (v Value) Descriptor() *security.Descriptor {
	if v.kind != KindDescriptor {
		return nil
	}
	d, err := security.Parse([]byte(v.text))
	if err != nil {
		return nil
	}
	return d
}

// Names returns the names of the bits that are set in flags, lowest first, bits
// without a name as "0x…", or the name of an enumeration's number; nil for other
// kinds and for a number without a name.
func (v Value) Names() []string {
	if v.numbers == nil {
		return nil
	}
	return v.numbers.of(v.n)
}

// Equal tells whether two values are the same, however they were written:
// "TRUE" and "true", 2013052116Z and 20130521180000.0+0200. Times are equal in
// the same instant.
func (v Value) Equal(w Value) bool {
	if v.kind != w.kind {
		return false
	}
	switch v.kind {
	case KindNever:
		return true
	case KindTime:
		return v.n == w.n && v.m == w.m && v.form&formLeap == w.form&formLeap
	default:
		return v.n == w.n && v.m == w.m && v.text == w.text
	}
}

// String returns the value as people write it: bytes in base64, times as in RFC
// 3339, intervals as ISO 8601 durations, "never", security descriptors in SDDL,
// flags and enumerations with their names.
func (v Value) String() string {
	switch v.kind {
	case KindText:
		return v.text
	case KindBytes:
		return base64Of(v.text)
	case KindFlags, KindEnumeration:
		s := strconv.FormatInt(v.n, 10)
		for i, name := range v.Names() {
			if i == 0 {
				s += " "
			} else {
				s += "|"
			}
			s += name
		}
		return s
	case KindDescriptor:
		if d := v.Descriptor(); d != nil {
			return d.SDDL()
		}
		return base64Of(v.text)
	default:
		return string(v.appendText(nil))
	}
}

// appendText appends what String returns, for the kinds that need no names.
func (v Value) appendText(dst []byte) []byte {
	switch v.kind {
	case KindInteger, KindFlags, KindEnumeration:
		return v.appendDecimal(dst)
	case KindBoolean:
		return strconv.AppendBool(dst, v.n != 0)
	case KindTime:
		return v.appendRFC3339(dst)
	case KindInterval:
		return Interval(v.n).append(dst)
	case KindNever:
		return append(dst, "never"...)
	case KindGUID:
		return v.appendGUID(dst)
	case KindSID:
		return security.AppendSID(dst, v.text)
	default:
		return append(dst, v.text...)
	}
}

func (v Value) appendDecimal(dst []byte) []byte {
	if v.form&formBig != 0 {
		return append(dst, v.text...)
	}
	return strconv.AppendInt(dst, v.n, 10)
}
