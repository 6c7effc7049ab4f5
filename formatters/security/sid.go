package security

import (
	"encoding/binary"
	"strconv"
	"strings"
)

// SID is a security identifier ([MS-DTYP] 2.4.2). It is valid by construction,
// comparable with ==, and a key of maps; the zero value is no SID.
type SID struct {
	// raw is the binary form ([MS-DTYP] 2.4.2.2): revision, count, authority
	// (6 bytes, big-endian), sub-authorities (4 bytes each, little-endian).
	raw string
}

const (
	sidRevision       = 1
	maxSubAuthorities = 15
	sidHead           = 8
	maxSID            = sidHead + 4*maxSubAuthorities
)

// ParseSID reads the binary form ([MS-DTYP] 2.4.2.2), which must be all of raw:
// revision 1, at most 15 sub-authorities, 8 bytes and 4 for each of them. The
// error is an [*Error].
func ParseSID(raw []byte) (SID, error) {
	size, problem := sidSize(raw)
	if problem == nil && size != len(raw) {
		problem = &Error{FormSID, size, strconv.Itoa(len(raw)-size) + " bytes follow the last sub-authority"}
	}
	if problem != nil {
		return SID{}, problem
	}
	return SID{string(raw)}, nil
}

// sidSize returns how many bytes the SID has with which raw begins.
func sidSize[B []byte | string](raw B) (int, *Error) {
	if len(raw) < sidHead {
		return 0, &Error{FormSID, len(raw), "it ends after " + strconv.Itoa(len(raw)) + " bytes; a SID has at least 8"}
	}
	if raw[0] != sidRevision {
		return 0, &Error{FormSID, 0, "the revision is " + strconv.Itoa(int(raw[0])) + ", not 1"}
	}
	if raw[1] > maxSubAuthorities {
		return 0, &Error{FormSID, 1, strconv.Itoa(int(raw[1])) + " sub-authorities; 15 are the most"}
	}
	size := sidHead + 4*int(raw[1])
	if size > len(raw) {
		return 0, &Error{FormSID, len(raw), "it ends before the last of " + strconv.Itoa(int(raw[1])) + " sub-authorities"}
	}
	return size, nil
}

// ParseSIDText reads the textual form ([MS-DTYP] 2.4.2.1), such as
// S-1-5-21-1-2-3-512: the authority in decimal or, after 0x, in hexadecimal, up
// to 48 bits; at most 15 sub-authorities in decimal, up to 32 bits. S and x may
// be in either case, and a SID without sub-authorities is one too. The error is
// an [*Error].
func ParseSIDText(s string) (SID, error) {
	if len(s) < 4 || s[0] != 'S' && s[0] != 's' || s[1:4] != "-1-" {
		return SID{}, &Error{FormSID, 0, quote(s) + ` does not begin with "S-1-"`}
	}
	var raw [maxSID]byte
	raw[0] = sidRevision
	at := len("S-1-")
	first, rest, more := strings.Cut(s[at:], "-")
	authority, ok := parseAuthority(first)
	if !ok {
		return SID{}, &Error{FormSID, at, "the authority " + quote(first) + " is no number of 48 bits"}
	}
	var big [8]byte
	binary.BigEndian.PutUint64(big[:], authority)
	copy(raw[2:sidHead], big[2:])
	count := 0
	for at += len(first) + 1; more; count++ {
		if count == maxSubAuthorities {
			return SID{}, &Error{FormSID, at, "more than 15 sub-authorities"}
		}
		first, rest, more = strings.Cut(rest, "-")
		n, ok := parseNumber(first, 10, 10, 32)
		if !ok {
			return SID{}, &Error{FormSID, at, "the sub-authority " + quote(first) + " is no number of 32 bits"}
		}
		binary.LittleEndian.PutUint32(raw[sidHead+4*count:], uint32(n))
		at += len(first) + 1
	}
	raw[1] = byte(count)
	return SID{string(raw[:sidHead+4*count])}, nil
}

func parseAuthority(s string) (uint64, bool) {
	if len(s) > 2 && s[0] == '0' && (s[1] == 'x' || s[1] == 'X') {
		return parseNumber(s[2:], 16, 12, 48)
	}
	return parseNumber(s, 10, 15, 48)
}

// parseNumber reads nothing but digits, and not more than that many.
func parseNumber(s string, base, digits, bits int) (uint64, bool) {
	if len(s) > digits {
		return 0, false
	}
	n, err := strconv.ParseUint(s, base, bits)
	return n, err == nil
}

// IsZero tells whether it is no SID.
func (s SID) IsZero() bool { return s.raw == "" }

// Binary returns the binary form, empty for the zero value.
func (s SID) Binary() string { return s.raw }

// Bytes returns a copy of the binary form, empty for the zero value.
func (s SID) Bytes() []byte { return []byte(s.raw) }

// String returns the textual form: S-1-5-32-544, with an authority of 2^32 or
// more as 0x and 12 digits. It is empty for the zero value.
func (s SID) String() string { return string(s.append(nil)) }

// AppendSID appends the textual form of a SID in its binary form, and allocates
// nothing where dst has room. It returns dst as it is where raw is not exactly a
// SID.
func AppendSID(dst []byte, raw string) []byte {
	if size, problem := sidSize(raw); problem != nil || size != len(raw) {
		return dst
	}
	return SID{raw}.append(dst)
}

func (s SID) append(dst []byte) []byte {
	if s.raw == "" {
		return dst
	}
	dst = append(dst, "S-1-"...)
	if a := s.Authority(); a < 1<<32 {
		dst = strconv.AppendUint(dst, a, 10)
	} else {
		dst = append(dst, "0x"...)
		for shift := 44; shift >= 0; shift -= 4 {
			dst = append(dst, "0123456789abcdef"[a>>shift&15])
		}
	}
	for i := range s.count() {
		dst = append(dst, '-')
		dst = strconv.AppendUint(dst, uint64(s.sub(i)), 10)
	}
	return dst
}

// Authority returns the identifier authority, a number of 48 bits: 5 for
// Windows' own SIDs. It is 0 for the zero value.
func (s SID) Authority() (n uint64) {
	if s.raw == "" {
		return 0
	}
	for i := 2; i < sidHead; i++ {
		n = n<<8 | uint64(s.raw[i])
	}
	return n
}

// SubAuthorities returns the sub-authorities in a slice of the caller's own.
func (s SID) SubAuthorities() []uint32 {
	all := make([]uint32, s.count())
	for i := range all {
		all[i] = s.sub(i)
	}
	return all
}

// RID returns the last sub-authority, which is the relative identifier of a
// domain's accounts; false if there is none.
func (s SID) RID() (uint32, bool) {
	n := s.count()
	if n == 0 {
		return 0, false
	}
	return s.sub(n - 1), true
}

func (s SID) count() int { return max(0, len(s.raw)-sidHead) / 4 }

func (s SID) sub(i int) uint32 {
	at := s.raw[sidHead+4*i:]
	return uint32(at[0]) | uint32(at[1])<<8 | uint32(at[2])<<16 | uint32(at[3])<<24
}

// child returns the SID with one more sub-authority, false if it has no room.
func (s SID) child(rid uint32) (SID, bool) {
	n := s.count()
	if s.raw == "" || n == maxSubAuthorities {
		return SID{}, false
	}
	raw := append(make([]byte, 0, maxSID), s.raw...)
	raw[1]++
	return SID{string(binary.LittleEndian.AppendUint32(raw, rid))}, true
}

// isChildOf tells whether s is domain with one more sub-authority.
func (s SID) isChildOf(domain SID) bool {
	return domain.raw != "" && len(s.raw) == len(domain.raw)+4 &&
		s.raw[2:len(domain.raw)] == domain.raw[2:]
}
