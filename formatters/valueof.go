package formatters

import (
	"errors"
	"fmt"
	"math/big"
	"time"

	"github.com/ldapedge/ldapedge/formatters/guid"
	"github.com/ldapedge/ldapedge/formatters/security"
)

// ValueOf returns a Go value as a [Value]: string, []byte, bool, all integers,
// *big.Int, floats that are exact integers, time.Time, time.Duration,
// [Interval], [guid.GUID], [security.SID], *[security.Descriptor] and Value itself.
func ValueOf(x any) (Value, error) {
	switch x := x.(type) {
	case Value:
		return x, nil
	case string:
		return TextValue(x), nil
	case []byte:
		return BytesValue(x), nil
	case bool:
		return BooleanValue(x), nil
	case int:
		return IntegerValue(int64(x)), nil
	case int8:
		return IntegerValue(int64(x)), nil
	case int16:
		return IntegerValue(int64(x)), nil
	case int32:
		return IntegerValue(int64(x)), nil
	case int64:
		return IntegerValue(x), nil
	case uint:
		return BigIntegerValue(new(big.Int).SetUint64(uint64(x))), nil
	case uint8:
		return IntegerValue(int64(x)), nil
	case uint16:
		return IntegerValue(int64(x)), nil
	case uint32:
		return IntegerValue(int64(x)), nil
	case uint64:
		return BigIntegerValue(new(big.Int).SetUint64(x)), nil
	case float32:
		return integerFromFloat(float64(x))
	case float64:
		return integerFromFloat(x)
	case *big.Int:
		if x == nil {
			return Value{}, errors.New("a nil *big.Int is no value")
		}
		return BigIntegerValue(x), nil
	case time.Time:
		return TimeValue(x), nil
	case time.Duration:
		return IntervalValue(IntervalOf(x)), nil
	case Interval:
		return IntervalValue(x), nil
	case guid.GUID:
		return GUIDValue(x), nil
	case security.SID:
		return SIDValue(x), nil
	case *security.Descriptor:
		if x == nil {
			return Value{}, errors.New("a nil security descriptor is no value")
		}
		return Value{kind: KindDescriptor, text: string(x.Binary())}, nil
	default:
		return Value{}, fmt.Errorf("a %T is no value of an attribute", x)
	}
}

// Interface returns the value as the Go type that fits it: []byte, string,
// int64 (or *big.Int beyond it), bool, time.Time, [Interval], nil for a never,
// [guid.GUID], [security.SID], or *[security.Descriptor].
func (v Value) Interface() any {
	switch v.kind {
	case KindBytes:
		return v.Bytes()
	case KindInteger, KindFlags, KindEnumeration:
		if n, ok := v.Int64(); ok {
			return n
		}
		return v.BigInt()
	case KindBoolean:
		return v.n != 0
	case KindTime:
		t, _ := v.Time()
		return t
	case KindInterval:
		return Interval(v.n)
	case KindNever:
		return nil
	case KindGUID:
		return v.guid()
	case KindSID:
		s, _ := v.SID()
		return s
	case KindDescriptor:
		return v.Descriptor()
	default:
		return v.text
	}
}
