package message

import "github.com/ldapedge/ldapedge/ldap/internal/tlv"

// Control is a control of a request or a response (RFC 4511 §4.1.11). Package
// control has the known ones with typed values.
type Control struct {
	// OID is the control's type.
	OID string
	// Critical lets the server refuse the operation rather than ignore the
	// control. In a response it means nothing.
	Critical bool
	// Value is the control's value, most often in BER; nil if it has none.
	Value []byte
}

// Controls are those of one message.
type Controls []Control

// Find returns the first control with the OID, and whether there is one.
func (cs Controls) Find(oid string) (Control, bool) {
	for _, c := range cs {
		if c.OID == oid {
			return c, true
		}
	}
	return Control{}, false
}

// Controls reads the controls that came with the response; nil if there are
// none. Their values refer to the received bytes. The error wraps
// [ErrProtocol].
func (m Message) Controls() (all Controls, err error) {
	for rest := m.controls; len(rest) > 0; {
		var body []byte
		if body, rest, err = tlv.Expect(rest, tlv.Sequence, "control"); err != nil {
			return nil, err
		}
		c, err := parseControl(body)
		if err != nil {
			return nil, err
		}
		all = append(all, c)
	}
	return all, nil
}

func parseControl(b []byte) (Control, error) {
	c, _, err := cutControl(b)
	return c, err
}

// cutControl also returns what follows the control's value, which extensions of
// the protocol may use (RFC 4511 §4).
func cutControl(b []byte) (c Control, rest []byte, err error) {
	oid, rest, err := tlv.Expect(b, tlv.OctetString, "controlType")
	if err != nil {
		return Control{}, nil, err
	}
	c.OID = string(oid)
	flag, rest, ok, err := tlv.Optional(rest, tlv.Boolean, "criticality")
	if err != nil {
		return Control{}, nil, err
	}
	if ok {
		if c.Critical, err = tlv.ParseBoolean(flag, "criticality"); err != nil {
			return Control{}, nil, err
		}
	}
	value, rest, ok, err := tlv.Optional(rest, tlv.OctetString, "controlValue")
	if ok {
		c.Value = value[:len(value):len(value)]
	}
	return c, rest, err
}

func (c Control) appendBER(dst []byte) []byte {
	dst, at := tlv.Open(dst, tlv.Sequence)
	dst = tlv.Append(dst, tlv.OctetString, c.OID)
	if c.Critical {
		dst = tlv.AppendBoolean(dst, tlv.Boolean, true)
	}
	if c.Value != nil {
		dst = tlv.Append(dst, tlv.OctetString, c.Value)
	}
	return tlv.Close(dst, at)
}
