package syntax

// jpeg checks what every JPEG image begins with, JFIF's and Exif's alike.
func jpeg(s string) *Error {
	for i, want := range [...]byte{0xff, 0xd8} {
		if i >= len(s) || s[i] != want {
			return failAt(i, "this does not begin as a JPEG image does")
		}
	}
	return nil
}

// derSequence checks that the value is one SEQUENCE in DER, by its tag and
// length (X.690 §10.1).
func derSequence(s string) *Error {
	if s == "" || s[0] != 0x30 {
		return failAt(0, "the tag of a SEQUENCE, 0x30, is expected")
	}
	header, length, ok := derLength(s)
	if !ok {
		return failAt(1, "a length in DER is expected")
	}
	if uint64(len(s)-header) != length {
		return failAt(1, "the SEQUENCE's length is not the value's")
	}
	return nil
}

// derLength returns the length of tag and length, and what the length says.
func derLength(s string) (header int, length uint64, ok bool) {
	if len(s) < 2 {
		return 0, 0, false
	}
	if s[1] < 0x80 {
		return 2, uint64(s[1]), true
	}
	n := int(s[1] & 0x7f)
	if n == 0 || n > 8 || len(s) < 2+n || s[2] == 0 {
		return 0, 0, false
	}
	for i := range n {
		length = length<<8 | uint64(s[2+i])
	}
	return 2 + n, length, length >= 0x80
}

const (
	sdHeader       = 20     // bytes before the parts
	sdSelfRelative = 0x8000 // the control bit of a descriptor in one piece
)

// securityDescriptor checks the header of a self-relative SECURITY_DESCRIPTOR
// (MS-DTYP §2.4.6): version, control and the offsets of the parts.
func securityDescriptor(s string) *Error {
	if len(s) < sdHeader {
		return failAt(len(s), "a security descriptor has at least 20 bytes")
	}
	if s[0] != 1 {
		return failAt(0, "revision 1 is expected")
	}
	if littleEndian(s[2:4])&sdSelfRelative == 0 {
		return failAt(2, "a self-relative security descriptor is expected")
	}
	for i := 4; i < sdHeader; i += 4 {
		offset := littleEndian(s[i : i+4])
		if offset != 0 && (offset < sdHeader || offset >= uint64(len(s))) {
			return failAt(i, "the offset of a part points out of the value")
		}
	}
	return nil
}

func littleEndian(s string) (n uint64) {
	for i := range len(s) {
		n |= uint64(s[i]) << (8 * i)
	}
	return n
}
