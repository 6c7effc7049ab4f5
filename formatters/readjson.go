package formatters

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"math"
	"strconv"

	"github.com/tidwall/gjson"

	"github.com/ldapedge/ldapedge/schemajson"
)

// ValueFromJSON reads a value in the form of [Value.AppendJSON]. Strings are
// texts: what a GUID, a SID, a time and a text are is the attribute's to say,
// and its validator takes them so.
func ValueFromJSON(text []byte) (Value, error) {
	if !json.Valid(text) { // gjson takes anything, and its own check recurses without bound
		return Value{}, errors.New("the value is not JSON")
	}
	j := gjson.ParseBytes(text)
	switch {
	case j.Type == gjson.String:
		return TextValue(j.Str), nil
	case j.Type == gjson.True || j.Type == gjson.False:
		return BooleanValue(j.Bool()), nil
	case j.Type == gjson.Number:
		return integerFromJSON(j)
	case j.IsObject():
		return objectFromJSON(j)
	default:
		return Value{}, errors.New("a value is a string, a number, a boolean or an object, not " + schemajson.Quote(j.Raw))
	}
}

func integerFromJSON(j gjson.Result) (Value, error) {
	v, err := formatInteger([]byte(j.Raw))
	if err != nil {
		return Value{}, errors.New("the number " + schemajson.Quote(j.Raw) + " is not an integer")
	}
	return v, nil
}

func objectFromJSON(j gjson.Result) (Value, error) {
	if encoded := j.Get("encoded"); encoded.Type == gjson.String && j.Get("encoding").Str == "base64" {
		b, err := base64.StdEncoding.DecodeString(encoded.Str)
		if err != nil {
			return Value{}, errors.New(`the base64 of "encoded" is not valid: ` + err.Error())
		}
		return BytesValue(b), nil
	}
	if j.Get("never").Type == gjson.True {
		return NeverValue(), nil
	}
	if n := j.Get("value"); n.Type == gjson.Number {
		return integerFromJSON(n)
	}
	if ticks := j.Get("ticks"); ticks.Type == gjson.String {
		n, err := strconv.ParseInt(ticks.Str, 10, 64)
		if err != nil {
			return Value{}, errors.New(`"ticks" are not a number of 64 bits: ` + schemajson.Quote(ticks.Str))
		}
		return IntervalValue(Interval(n)), nil
	}
	if i := j.Get("interval"); i.Type == gjson.String {
		n, err := ParseInterval(i.Str)
		return IntervalValue(n), err
	}
	return Value{}, errors.New(`an object has "encoding" and "encoded", "never", "value", "ticks" or "interval", not ` + schemajson.Quote(j.Raw))
}

// maxExact is the largest integer up to which a double holds every one.
const maxExact = 1 << 53

// integerFromFloat takes a number that has no fraction and that a double holds
// exactly.
func integerFromFloat(f float64) (Value, error) {
	if f != math.Trunc(f) || math.Abs(f) > maxExact {
		return Value{}, errors.New("the number " + strconv.FormatFloat(f, 'g', -1, 64) + " is not an exact integer")
	}
	return IntegerValue(int64(f)), nil
}
