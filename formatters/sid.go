package formatters

import (
	"github.com/ldapedge/ldapedge/formatters/security"
)

// formatSID reads a security identifier in its binary form ([MS-DTYP] 2.4.2.2).
func formatSID(raw []byte) (Value, error) {
	s, err := security.ParseSID(raw)
	if err != nil {
		return Value{}, err
	}
	return Value{kind: KindSID, text: s.Binary()}, nil
}

// validateSID takes a SID, its text, or its binary form.
func validateSID(v Value) ([]byte, error) {
	switch v.kind {
	case KindSID:
		return []byte(v.text), nil
	case KindText:
		s, err := security.ParseSIDText(v.text)
		if err == nil {
			return s.Bytes(), nil
		}
		if s, binary := security.ParseSID([]byte(v.text)); binary == nil { // it may happen to be UTF-8
			return s.Bytes(), nil
		}
		return nil, err
	case KindBytes:
		if _, err := security.ParseSID([]byte(v.text)); err != nil {
			return nil, err
		}
		return []byte(v.text), nil
	default:
		return nil, unsuitable(v, "a SID")
	}
}

// formatDescriptor reads a security descriptor ([MS-DTYP] 2.4.6).
func formatDescriptor(raw []byte) (Value, error) {
	if _, err := security.Parse(raw); err != nil {
		return Value{}, err
	}
	return Value{kind: KindDescriptor, text: string(raw)}, nil
}

// validateDescriptor takes a security descriptor, its binary form, or SDDL
// without names that need a domain.
func validateDescriptor(v Value) ([]byte, error) {
	switch v.kind {
	case KindDescriptor:
		return []byte(v.text), nil
	case KindBytes, KindText:
		if _, err := security.Parse([]byte(v.text)); err == nil {
			return []byte(v.text), nil
		} else if v.kind == KindBytes {
			return nil, err
		}
		d, err := security.ParseSDDL(v.text, security.SID{})
		if err != nil {
			return nil, err
		}
		return d.Binary(), nil
	default:
		return nil, unsuitable(v, "a security descriptor")
	}
}
