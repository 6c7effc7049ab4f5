package formatters

import (
	"errors"
	"math"
	"strconv"
	"strings"
	"time"
)

// Interval is a length of time in ticks of 100 nanoseconds, which is what
// Active Directory counts in; it spans 29,000 years where [time.Duration] ends
// at 292.
type Interval int64

// The units of Interval.
const (
	Microsecond Interval = 10
	Millisecond          = 1000 * Microsecond
	Second               = 1000 * Millisecond
	Minute               = 60 * Second
	Hour                 = 60 * Minute
	Day                  = 24 * Hour
)

// IntervalOf returns a duration as an interval; what is less than a tick is cut
// off.
func IntervalOf(d time.Duration) Interval { return Interval(d / 100) }

// Duration returns the interval as a duration; ok is false if it is beyond 292
// years.
func (i Interval) Duration() (d time.Duration, ok bool) {
	if i > math.MaxInt64/100 || i < math.MinInt64/100 {
		return 0, false
	}
	return time.Duration(i) * 100, true
}

// String returns the interval as an ISO 8601 duration in days, hours, minutes
// and seconds: "P42D", "PT30M", "P1DT0.0000001S", "PT0S". A negative one begins
// with a minus sign.
func (i Interval) String() string { return string(i.append(nil)) }

func (i Interval) append(dst []byte) []byte {
	ticks := uint64(i)
	if i < 0 {
		dst = append(dst, '-')
		ticks = -ticks
	}
	dst = append(dst, 'P')
	days := ticks / uint64(Day)
	ticks %= uint64(Day)
	if days > 0 {
		dst = append(strconv.AppendUint(dst, days, 10), 'D')
	}
	if ticks == 0 {
		if days == 0 {
			dst = append(dst, "T0S"...)
		}
		return dst
	}
	dst = append(dst, 'T')
	for _, u := range [...]struct {
		ticks Interval
		name  byte
	}{{Hour, 'H'}, {Minute, 'M'}} {
		if n := ticks / uint64(u.ticks); n > 0 {
			dst = append(strconv.AppendUint(dst, n, 10), u.name)
			ticks %= uint64(u.ticks)
		}
	}
	if ticks > 0 {
		dst = strconv.AppendUint(dst, ticks/uint64(Second), 10)
		dst = appendFraction(dst, '.', int64(ticks%uint64(Second)), 7)
		dst = append(dst, 'S')
	}
	return dst
}

// appendFraction appends the separator and the fraction of so many digits,
// without the zeros at its end; nothing if it is zero.
func appendFraction(dst []byte, separator byte, fraction int64, digits int) []byte {
	if fraction == 0 {
		return dst
	}
	for fraction%10 == 0 {
		fraction /= 10
		digits--
	}
	return appendDigits(append(dst, separator), fraction, digits)
}

// appendDigits appends a number with leading zeros.
func appendDigits(dst []byte, n int64, digits int) []byte {
	for range digits {
		dst = append(dst, '0')
	}
	for at := len(dst) - 1; digits > 0; digits-- {
		dst[at] += byte(n % 10)
		n /= 10
		at--
	}
	return dst
}

var errInterval = errors.New("an interval is an ISO 8601 duration such as P42D or PT30M, in weeks, days, hours, minutes and seconds")

var errIntervalLong = errors.New("the interval is longer than 64 bits of 100 ns")

// intervalUnits are the units of an ISO 8601 duration, in the order in which
// they may come, the designator T between the days and the hours.
var intervalUnits = [...]struct {
	name  byte
	ticks Interval
	time  bool
}{{'W', 7 * Day, false}, {'D', Day, false}, {'H', Hour, true}, {'M', Minute, true}, {'S', Second, true}}

// ParseInterval reads an ISO 8601 duration in weeks, days, hours, minutes and
// seconds; seconds may have up to seven decimals. Years and months, whose length
// varies, are errors.
func ParseInterval(s string) (Interval, error) {
	rest, negative := strings.CutPrefix(s, "-")
	rest, ok := strings.CutPrefix(rest, "P")
	if !ok || rest == "" || rest[len(rest)-1] == 'T' {
		return 0, errInterval
	}
	var total Interval
	timePart, unit := false, 0
	for rest != "" {
		if rest[0] == 'T' && !timePart {
			timePart, rest = true, rest[1:]
			continue
		}
		ticks, name, after, err := intervalPart(rest)
		if err != nil {
			return 0, err
		}
		for unit < len(intervalUnits) && intervalUnits[unit].name != name {
			unit++
		}
		if unit == len(intervalUnits) || intervalUnits[unit].time != timePart {
			return 0, errInterval
		}
		u := intervalUnits[unit]
		if ticks%int64(Second) != 0 && u.name != 'S' {
			return 0, errors.New("only seconds may have decimals")
		}
		// ticks has the number in units of a ten-millionth.
		whole, fraction := ticks/int64(Second), ticks%int64(Second)
		if whole > (math.MaxInt64-int64(total))/int64(u.ticks) {
			return 0, errIntervalLong
		}
		total += Interval(whole)*u.ticks + Interval(fraction)
		if total < 0 {
			return 0, errIntervalLong
		}
		unit++
		rest = after
	}
	if negative {
		total = -total
	}
	return total, nil
}

// intervalPart reads a number, in ten-millionths, and the letter after it.
func intervalPart(s string) (n int64, name byte, rest string, err error) {
	i := 0
	for i < len(s) && s[i] >= '0' && s[i] <= '9' {
		i++
	}
	const most = math.MaxInt64 / int64(Second)
	n, err = strconv.ParseInt(s[:i], 10, 64)
	if err != nil || i == len(s) {
		return 0, 0, "", errInterval
	}
	if n > most {
		return 0, 0, "", errIntervalLong
	}
	n *= int64(Second)
	if s[i] == '.' || s[i] == ',' {
		digits := 0
		scale := int64(Second)
		for i++; i < len(s) && s[i] >= '0' && s[i] <= '9'; i++ {
			digits++
			scale /= 10
			n += int64(s[i]-'0') * scale
		}
		if digits == 0 || digits > 7 || i == len(s) {
			return 0, 0, "", errors.New("seconds have one to seven decimals")
		}
		if n < 0 {
			return 0, 0, "", errIntervalLong
		}
	}
	return n, s[i], s[i+1:], nil
}

// formatInterval reads an interval as Active Directory stores it ([MS-ADTS]
// 3.1.1.3.2, attributes such as maxPwdAge): 100 ns ticks, negative; a positive
// number is taken for the same. -2^63 is never.
func formatInterval(raw []byte) (Value, error) {
	n, err := format64(raw)
	switch {
	case err != nil:
		return Value{}, err
	case n == math.MinInt64:
		return Value{kind: KindNever, n: n, form: formGiven}, nil
	case n < 0:
		n = -n
	}
	return Value{kind: KindInterval, n: n}, nil
}

// validateInterval takes an interval, a never, an ISO 8601 duration, or the
// number as it is stored, which is not positive.
func validateInterval(v Value) ([]byte, error) {
	switch v.kind {
	case KindNever:
		return strconv.AppendInt(nil, math.MinInt64, 10), nil
	case KindInterval:
		return negativeTicks(v.n)
	case KindText:
		if i, err := ParseInterval(v.text); err == nil {
			return negativeTicks(int64(i))
		}
	}
	n, err := int64Of(v)
	if err != nil {
		if v.kind == KindText || v.kind == KindBytes {
			err = errInterval
		}
		return nil, err
	}
	if n > 0 {
		return nil, errors.New("an interval is stored as a number that is not positive, of 100 ns")
	}
	return strconv.AppendInt(nil, n, 10), nil
}

func negativeTicks(n int64) ([]byte, error) {
	if n < 0 {
		return nil, errors.New("an interval cannot be negative")
	}
	return strconv.AppendInt(nil, -n, 10), nil
}
