package formatters

import (
	"errors"
	"math"
	"strconv"
)

var errInteger = errors.New("an integer is digits, with an optional sign")

var errBeyond64 = errors.New("the number is beyond 64 bits")

// formatInteger reads an INTEGER (RFC 4517 §3.3.16) of any size. As python
// ldap3 does it takes a plus sign, leading zeros and white space around it too.
func formatInteger(raw []byte) (Value, error) {
	n, err := format64(raw)
	if err == errBeyond64 {
		digits, negative := signed(raw)
		text := string(digits)
		if negative {
			text = "-" + text
		}
		return Value{kind: KindInteger, text: text, form: formBig}, nil
	}
	return Value{kind: KindInteger, n: n}, err
}

// signed cuts a number into its sign and its digits, without what may be around
// them.
func signed(raw []byte) (digits []byte, negative bool) {
	digits = trimSpace(raw)
	if len(digits) > 0 && (digits[0] == '-' || digits[0] == '+') {
		negative = digits[0] == '-'
		digits = digits[1:]
	}
	for len(digits) > 1 && digits[0] == '0' {
		digits = digits[1:]
	}
	return digits, negative
}

// digitsAlone reads what nearly all numbers are: digits, so few that they fit,
// with nothing around them.
func digitsAlone(raw []byte) (n int64, ok bool) {
	const most = 18
	if len(raw) == 0 || len(raw) > most {
		return 0, false
	}
	for _, c := range raw {
		if c -= '0'; c > 9 {
			return 0, false
		}
		n = n*10 + int64(c)
	}
	return n, true
}

// format64 reads a number that must fit 64 bits. The error is errBeyond64 for
// one that does not.
func format64(raw []byte) (int64, error) {
	if n, ok := digitsAlone(raw); ok {
		return n, nil
	}
	digits, negative := signed(raw)
	if len(digits) == 0 {
		return 0, errInteger
	}
	n := uint64(0)
	for _, c := range digits {
		if c -= '0'; c > 9 {
			return 0, errInteger
		}
		n = n*10 + uint64(c)
	}
	const most = 19 // as many digits always fit 64 bits without a sign
	switch {
	case len(digits) <= most && n <= math.MaxInt64:
		if negative {
			return -int64(n), nil
		}
		return int64(n), nil
	case len(digits) == most && negative && n == -math.MinInt64:
		return math.MinInt64, nil
	default:
		return 0, errBeyond64
	}
}

func trimSpace(b []byte) []byte {
	space := func(c byte) bool { return c == ' ' || c >= '\t' && c <= '\r' }
	for len(b) > 0 && space(b[0]) {
		b = b[1:]
	}
	for len(b) > 0 && space(b[len(b)-1]) {
		b = b[:len(b)-1]
	}
	return b
}

// formatLargeInteger reads Active Directory's Large Integer ([MS-ADTS]
// 3.1.1.2.2.2.5): 64 bits.
func formatLargeInteger(raw []byte) (Value, error) {
	n, err := format64(raw)
	return Value{kind: KindInteger, n: n, form: formWide}, err
}

// integerOf takes an integer, or a text that is one.
func integerOf(v Value) (Value, error) {
	switch v.kind {
	case KindInteger, KindFlags, KindEnumeration:
		return v, nil
	case KindText, KindBytes:
		return formatInteger([]byte(v.text))
	default:
		return Value{}, unsuitable(v, "an integer")
	}
}

func validateInteger(v Value) ([]byte, error) {
	n, err := integerOf(v)
	if err != nil {
		return nil, err
	}
	return n.appendDecimal(nil), nil
}

func validateLargeInteger(v Value) ([]byte, error) {
	n, err := int64Of(v)
	if err != nil {
		return nil, err
	}
	return strconv.AppendInt(nil, n, 10), nil
}

func int64Of(v Value) (int64, error) {
	i, err := integerOf(v)
	if err != nil {
		return 0, err
	}
	if i.form&formBig != 0 {
		return 0, errBeyond64
	}
	return i.n, nil
}

// numbers are the names of a number's bits, or of its values.
type numbers struct {
	// flags tells that the names are of bits.
	flags bool
	// names are in the order of their numbers.
	names []numberName
}

type numberName struct {
	n    int64
	name string
}

func (t *numbers) format(raw []byte) (Value, error) {
	n, err := format64(raw)
	kind := KindEnumeration
	if t.flags {
		kind = KindFlags
	}
	return Value{kind: kind, n: n, numbers: t}, err
}

// of returns the names of a number.
func (t *numbers) of(n int64) (all []string) {
	if !t.flags {
		for _, one := range t.names {
			if one.n == n {
				return []string{one.name}
			}
		}
		return nil
	}
	left := uint64(n)
	if n >= math.MinInt32 && n < 0 {
		left = uint64(uint32(n)) // Active Directory's integers have 32 bits
	}
	for _, one := range t.names {
		if left&uint64(one.n) == uint64(one.n) {
			all = append(all, one.name)
			left &^= uint64(one.n)
		}
	}
	for bit := uint64(1); left != 0; bit <<= 1 {
		if left&bit != 0 {
			all = append(all, "0x"+strconv.FormatUint(bit, 16))
			left &^= bit
		}
	}
	return all
}
