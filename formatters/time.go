package formatters

import (
	"errors"
	"strconv"
	"time"
)

// The seconds since 1970 of the years 1 to 9999, which RFC 3339 and Go's and
// JavaScript's times can all write.
const (
	minUnix = -62135596800
	maxUnix = 253402300799
)

// timeUnit is what is read of a time, one after the other.
type timeUnit struct {
	name     string
	min, max int
}

var timeUnits = [...]timeUnit{{"month", 1, 12}, {"day", 1, 31}, {"hour", 0, 23}, {"minute", 0, 59}, {"second", 0, 60}}

func (u timeUnit) outside(n int) error {
	return errors.New("the " + u.name + " " + strconv.Itoa(n) + " is not " + strconv.Itoa(u.min) + " to " + strconv.Itoa(u.max))
}

// formatGeneralizedTime reads a Generalized Time (RFC 4517 §3.3.13): the zone
// is kept, the fraction of the least unit given may have up to nine digits.
func formatGeneralizedTime(raw []byte) (Value, error) {
	const least = len("2006010215Z")
	if len(raw) < least {
		return Value{}, errors.New("a Generalized Time is YYYYMMDDHH[MM[SS[.digits]]] and Z or a zone such as +0100")
	}
	century, ok1 := twoDigits(raw)
	year, ok2 := twoDigits(raw[2:])
	if !ok1 || !ok2 {
		return Value{}, errors.New("the year is not four digits")
	}
	if year += century * 100; year == 0 {
		return Value{}, errors.New("there is no year 0000")
	}
	return readTime(raw[4:], year, true)
}

// formatUTCTime reads a UTC Time (RFC 4517 §3.3.34): its years are 1950 to
// 2049, as in certificates (RFC 5280 §4.1.2.5.1). A value with a year of four
// digits is read as a Generalized Time.
func formatUTCTime(raw []byte) (Value, error) {
	digits := 0
	for digits < len(raw) && raw[digits] >= '0' && raw[digits] <= '9' {
		digits++
	}
	const short, long = len("0601021504"), len("060102150405")
	if digits == long+2 {
		return formatGeneralizedTime(raw)
	}
	if digits != short && digits != long {
		return Value{}, errors.New("a UTC Time is YYMMDDHHMM[SS] and Z or a zone such as +0100")
	}
	year, _ := twoDigits(raw)
	if year += 1900; year < 1950 {
		year += 100
	}
	if digits == len(raw) { // no zone is UTC
		raw = append(raw[:digits:digits], 'Z')
	}
	return readTime(raw[2:], year, false)
}

// readTime reads what follows the year.
func readTime(raw []byte, year int, fraction bool) (Value, error) {
	var field [len(timeUnits)]int
	at, units := 0, 0
	for ; units < len(timeUnits); units++ {
		n, ok := twoDigits(raw[at:])
		if !ok {
			break
		}
		if u := &timeUnits[units]; n < u.min || n > u.max {
			return Value{}, u.outside(n)
		}
		field[units] = n
		at += 2
	}
	if units < 3 {
		return Value{}, errors.New("the " + timeUnits[units].name + " is not two digits")
	}
	month, day, hour, minute, second := field[0], field[1], field[2], field[3], field[4]
	if day > daysIn(year, month) {
		return Value{}, errors.New("the month has no day " + strconv.Itoa(day))
	}
	v := Value{kind: KindTime}
	switch units {
	case 3:
		v.form |= formHours
	case 4:
		v.form |= formMinutes
	}
	if second == 60 {
		second, v.form = 59, v.form|formLeap
	}
	v.n = int64(daysSince1970(year, month, day))*86400 + int64(hour*3600+minute*60+second)
	rest := raw[at:]
	if fraction && len(rest) > 0 && (rest[0] == '.' || rest[0] == ',') {
		var err error
		if rest, err = v.readFraction(rest); err != nil {
			return Value{}, err
		}
	}
	if err := v.readZone(rest); err != nil {
		return Value{}, err
	}
	v.n -= int64(v.form.zone()) * 60
	return v, nil
}

// twoDigits reads a number of two digits that b begins with.
func twoDigits(b []byte) (n int, ok bool) {
	if len(b) < 2 {
		return 0, false
	}
	high, low := b[0]-'0', b[1]-'0'
	return int(high)*10 + int(low), high <= 9 && low <= 9
}

// readFraction reads a fraction of the least unit, with the separator before
// it, and returns what follows.
func (v *Value) readFraction(b []byte) (rest []byte, err error) {
	const most = 9
	if b[0] == ',' {
		v.form |= formComma
	}
	digits, n := 0, int64(0)
	i := 1
	for ; i < len(b) && b[i] >= '0' && b[i] <= '9'; i++ {
		if digits == most {
			if b[i] != '0' {
				return nil, errors.New("the fraction has more than nine digits")
			}
			continue
		}
		n = n*10 + int64(b[i]-'0')
		digits++
	}
	if digits == 0 {
		return nil, errors.New("the fraction has no digits")
	}
	v.form |= form(digits)
	for range most - digits {
		n *= 10
	}
	// n are billionths of the unit.
	switch {
	case v.form&formHours != 0:
		n *= 3600
		v.form |= formUnit
	case v.form&formMinutes != 0:
		n *= 60
		v.form |= formUnit
	}
	v.n += n / 1e9
	v.m = n % 1e9
	return b[i:], nil
}

var errZone = errors.New("a zone is Z, or + or - with HH or HHMM")

func (v *Value) readZone(b []byte) error {
	if len(b) == 1 && b[0] == 'Z' {
		return nil
	}
	if len(b) != 3 && len(b) != 5 || b[0] != '+' && b[0] != '-' {
		return errZone
	}
	hours, ok := twoDigits(b[1:])
	minutes := 0
	if len(b) == 5 {
		var also bool
		minutes, also = twoDigits(b[3:])
		ok = ok && also
	} else {
		v.form |= formHourZone
	}
	if !ok || hours > 23 || minutes > 59 {
		return errZone
	}
	v.form |= formOffset
	offset := hours*60 + minutes
	if b[0] == '-' {
		offset = -offset
		if offset == 0 {
			v.form |= formNegative
		}
	}
	v.form |= formOfZone(offset)
	return nil
}

func daysIn(year, month int) int {
	if month == 2 {
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return 29
		}
		return 28
	}
	return 30 + (month+month>>3)&1
}

// daysSince1970 counts the days of the Gregorian calendar from 1970-01-01,
// years beginning in March so that the leap day is the last.
func daysSince1970(year, month, day int) int {
	if month <= 2 {
		year--
		month += 12
	}
	return 365*year + year/4 - year/100 + year/400 + (153*(month-3)+2)/5 + day - 719469
}

// civil is a time's calendar fields in its own zone.
type civil struct{ year, month, day, hour, minute, second int }

func (v Value) civil() civil {
	t := time.Unix(v.n+int64(v.form.zone())*60, 0).UTC()
	year, month, day := t.Date()
	hour, minute, second := t.Clock()
	if v.form&formLeap != 0 {
		second++
	}
	return civil{year, int(month), day, hour, minute, second}
}

// fractionDigits is the form of a fraction without the zeros at its end.
func fractionDigits(nanoseconds int64) form {
	if nanoseconds == 0 {
		return 0
	}
	digits := form(9)
	for nanoseconds%10 == 0 {
		nanoseconds /= 10
		digits--
	}
	return digits
}

// appendRFC3339 appends the time as in RFC 3339, with the digits of its
// fraction that were given.
func (v Value) appendRFC3339(dst []byte) []byte {
	c := v.civil()
	dst = append(appendDigits(dst, int64(c.year), 4), '-')
	dst = append(appendDigits(dst, int64(c.month), 2), '-')
	dst = append(appendDigits(dst, int64(c.day), 2), 'T')
	dst = append(appendDigits(dst, int64(c.hour), 2), ':')
	dst = append(appendDigits(dst, int64(c.minute), 2), ':')
	dst = appendDigits(dst, int64(c.second), 2)
	if digits := v.secondDigits(); digits > 0 {
		dst = appendDigits(append(dst, '.'), v.m/power10(9-digits), digits)
	}
	if v.form&formOffset == 0 {
		return append(dst, 'Z')
	}
	dst = append(appendDigits(v.appendSign(dst), int64(abs(v.form.zone())/60), 2), ':')
	return appendDigits(dst, int64(abs(v.form.zone())%60), 2)
}

// secondDigits is how many digits the fraction of the second has.
func (v Value) secondDigits() int {
	if v.form&formUnit != 0 { // the fraction given was that of an hour or a minute
		return int(fractionDigits(v.m))
	}
	return int(v.form & formFraction)
}

func (v Value) appendSign(dst []byte) []byte {
	if v.form.zone() < 0 || v.form&formNegative != 0 {
		return append(dst, '-')
	}
	return append(dst, '+')
}

func abs(n int) int { return max(n, -n) }

func power10(n int) int64 {
	p := int64(1)
	for range n {
		p *= 10
	}
	return p
}

// appendGeneralizedTime appends the time as it was given. least is how many
// digits its fraction must have.
func (v Value) appendGeneralizedTime(dst []byte, least int) []byte {
	c := v.civil()
	dst = appendDigits(dst, int64(c.year), 4)
	dst = appendDigits(dst, int64(c.month), 2)
	dst = appendDigits(dst, int64(c.day), 2)
	dst = appendDigits(dst, int64(c.hour), 2)
	digits, fraction := int(v.form&formFraction), v.m
	switch {
	case v.form&formHours != 0:
		fraction = (int64(c.minute*60+c.second)*1e9 + v.m) / 3600
	case v.form&formMinutes != 0:
		dst = appendDigits(dst, int64(c.minute), 2)
		fraction = (int64(c.second)*1e9 + v.m) / 60
	default:
		dst = appendDigits(dst, int64(c.minute), 2)
		dst = appendDigits(dst, int64(c.second), 2)
		digits = max(digits, least)
	}
	if digits > 0 {
		separator := byte('.')
		if v.form&formComma != 0 {
			separator = ','
		}
		dst = appendDigits(append(dst, separator), fraction/power10(9-digits), digits)
	}
	if v.form&formOffset == 0 {
		return append(dst, 'Z')
	}
	dst = appendDigits(v.appendSign(dst), int64(abs(v.form.zone())/60), 2)
	if v.form&formHourZone == 0 {
		dst = appendDigits(dst, int64(abs(v.form.zone())%60), 2)
	}
	return dst
}

// timeOf takes a time, or a text that is a Generalized Time or RFC 3339's.
func timeOf(v Value) (Value, error) {
	switch v.kind {
	case KindTime:
		return v, nil
	case KindText, KindBytes:
		t, err := formatGeneralizedTime([]byte(v.text))
		if err == nil {
			return t, nil
		}
		if t, ok := parseRFC3339(v.text); ok {
			return t, nil
		}
		return Value{}, err
	default:
		return Value{}, unsuitable(v, "a time")
	}
}

// parseRFC3339 reads a time as appendRFC3339 writes it, by taking the
// punctuation out: what is left is a Generalized Time.
func parseRFC3339(s string) (Value, bool) {
	const layout = "2006-01-02T15:04:05"
	if len(s) <= len(layout) {
		return Value{}, false
	}
	b := make([]byte, 0, len(s))
	for i := range len(layout) {
		c := layout[i]
		if digit := c >= '0' && c <= '9'; digit {
			b = append(b, s[i])
		} else if s[i] != c {
			return Value{}, false
		}
	}
	rest := s[len(layout):]
	if n := len(rest); n >= 6 && rest[n-3] == ':' {
		rest = rest[:n-3] + rest[n-2:]
	}
	v, err := formatGeneralizedTime(append(b, rest...))
	return v, err == nil
}

// validateGeneralizedTime takes a time, or the text of one.
func validateGeneralizedTime(v Value) ([]byte, error) {
	t, err := timeOf(v)
	if err != nil {
		return nil, err
	}
	return t.appendGeneralizedTime(nil, 0), nil
}

// validateActiveDirectoryTime does the same for Active Directory, which takes
// times in UTC with a fraction of seconds alone.
func validateActiveDirectoryTime(v Value) ([]byte, error) {
	t, err := timeOf(v)
	if err != nil {
		return nil, err
	}
	if t.n < minUnix || t.n > maxUnix {
		return nil, errors.New("in UTC the time is not in the years 1 to 9999")
	}
	return t.inUTC().appendGeneralizedTime(nil, 1), nil
}

// inUTC returns the time in UTC to the second.
func (v Value) inUTC() Value {
	digits := form(v.secondDigits())
	v.form = v.form&formLeap | digits
	return v
}

// validateUTCTime takes a time, or the text of one, in the years 1950 to 2049.
func validateUTCTime(v Value) ([]byte, error) {
	if v.kind == KindText || v.kind == KindBytes {
		if t, err := formatUTCTime([]byte(v.text)); err == nil {
			v = t
		}
	}
	t, err := timeOf(v)
	if err != nil {
		return nil, err
	}
	if c := t.civil(); c.year < 1950 || c.year > 2049 {
		return nil, errors.New("a UTC Time has no year " + strconv.Itoa(c.year) + ", only 1950 to 2049")
	}
	if t.m != 0 {
		return nil, errors.New("a UTC Time has no fractions of a second")
	}
	t.form &^= formFraction | formUnit | formHours | formHourZone
	if c := t.civil(); c.second != 0 {
		t.form &^= formMinutes
	}
	return t.appendGeneralizedTime(nil, 0)[2:], nil
}
