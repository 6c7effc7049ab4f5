package formatters

import (
	"errors"
	"math"
	"strconv"
)

// filetime is how an attribute means a FILETIME ([MS-DTYP] 2.3.3): 100 ns ticks
// since 1601-01-01 UTC. 2^63-1 is always never.
type filetime struct {
	// zeroNever tells that 0 is never, too.
	zeroNever bool
	// minusOne tells that -1 may be written: the server then puts its own time.
	minusOne bool
}

const (
	ticksPerSecond = 10_000_000
	// unix1601 are the seconds from 1601 to 1970.
	unix1601 = 11_644_473_600
	// maxFiletime is the last tick of the year 9999.
	maxFiletime = (maxUnix+unix1601+1)*ticksPerSecond - 1
)

func (f filetime) format(raw []byte) (Value, error) {
	n, err := format64(raw)
	switch {
	case err != nil:
		return Value{}, err
	case n == math.MaxInt64 || n == 0 && f.zeroNever:
		return Value{kind: KindNever, n: n, form: formGiven}, nil
	}
	if err := inFiletime(n); err != nil {
		return Value{}, err
	}
	v := Value{kind: KindTime, n: n/ticksPerSecond - unix1601, m: n % ticksPerSecond * 100}
	if v.m != 0 {
		v.form = 7
	}
	return v, nil
}

// inFiletime tells whether ticks are a time of the years up to 9999.
func inFiletime(n int64) error {
	switch {
	case n < 0:
		return errors.New("a FILETIME is not negative")
	case n > maxFiletime:
		return errors.New("the FILETIME is after the year 9999")
	default:
		return nil
	}
}

// validate takes a time, which is cut to ticks, the text of one, a never, or
// the number as it is stored.
func (f filetime) validate(v Value) ([]byte, error) {
	switch v.kind {
	case KindNever:
		return strconv.AppendInt(nil, f.never(v), 10), nil
	case KindText, KindBytes:
		if n, err := format64([]byte(v.text)); err == nil {
			v = IntegerValue(n)
		}
	}
	switch v.kind {
	case KindInteger:
		n, err := int64Of(v)
		if err != nil {
			return nil, err
		}
		if err := inFiletime(n); err != nil && n != math.MaxInt64 && !(f.minusOne && n == -1) {
			return nil, err
		}
		return strconv.AppendInt(nil, n, 10), nil
	default:
		t, err := timeOf(v)
		if err != nil {
			return nil, err
		}
		if t.n < -unix1601 {
			return nil, errors.New("a FILETIME is not before the year 1601")
		}
		return strconv.AppendInt(nil, (t.n+unix1601)*ticksPerSecond+t.m/100, 10), nil
	}
}

// never returns the number that stands for a never.
func (f filetime) never(v Value) int64 {
	if v.form&formGiven != 0 && v.n == 0 && f.zeroNever {
		return 0
	}
	return math.MaxInt64
}

func formatFiletime(raw []byte) (Value, error)     { return filetime{}.format(raw) }
func validateFiletime(v Value) ([]byte, error)     { return filetime{}.validate(v) }
func formatFiletimeZero(raw []byte) (Value, error) { return filetime{zeroNever: true}.format(raw) }
func validateFiletimeZero(v Value) ([]byte, error) { return filetime{zeroNever: true}.validate(v) }

func validatePasswordSet(v Value) ([]byte, error) {
	return filetime{zeroNever: true, minusOne: true}.validate(v)
}
