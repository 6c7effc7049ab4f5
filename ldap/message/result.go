package message

import (
	"strconv"

	"github.com/ldapedge/ldapedge/ldap/internal/tlv"
)

// Result is an LDAPResult (RFC 4511 §4.1.9).
type Result struct {
	// Code tells success or what went wrong.
	Code ResultCode
	// MatchedDN is the nearest entry that exists, where the code speaks of a
	// name.
	MatchedDN string
	// Diagnostic is the server's own message, often empty.
	Diagnostic string
	// Referral lists the URLs to go to, for [ResultReferral].
	Referral []string
}

// ResultCode is the code of a result (RFC 4511 §4.1.9, appendix A).
type ResultCode int32

// The codes that this module names in its own decisions; [ResultCode.String]
// knows them all.
const (
	ResultSuccess                     ResultCode = 0
	ResultOperationsError             ResultCode = 1
	ResultProtocolError               ResultCode = 2
	ResultTimeLimitExceeded           ResultCode = 3
	ResultSizeLimitExceeded           ResultCode = 4
	ResultStrongerAuthRequired        ResultCode = 8
	ResultReferral                    ResultCode = 10
	ResultConfidentialityRequired     ResultCode = 13
	ResultSASLBindInProgress          ResultCode = 14
	ResultNoSuchObject                ResultCode = 32
	ResultInappropriateAuthentication ResultCode = 48
	ResultInvalidCredentials          ResultCode = 49
	ResultInsufficientAccessRights    ResultCode = 50
	ResultBusy                        ResultCode = 51
	ResultUnavailable                 ResultCode = 52
	ResultUnwillingToPerform          ResultCode = 53
)

// resultNames are the names of RFC 4511 appendix A, with those of RFC 3909
// (canceled and kin), RFC 4528 (assertionFailed), RFC 4370
// (authorizationDenied), RFC 4533
// (e-syncRefreshRequired) and the draft of virtual list views.
var resultNames = map[ResultCode]string{
	0: "success", 1: "operationsError", 2: "protocolError", 3: "timeLimitExceeded", 4: "sizeLimitExceeded",
	5: "compareFalse", 6: "compareTrue", 7: "authMethodNotSupported", 8: "strongerAuthRequired",
	10: "referral", 11: "adminLimitExceeded", 12: "unavailableCriticalExtension", 13: "confidentialityRequired",
	14: "saslBindInProgress", 16: "noSuchAttribute", 17: "undefinedAttributeType", 18: "inappropriateMatching",
	19: "constraintViolation", 20: "attributeOrValueExists", 21: "invalidAttributeSyntax", 32: "noSuchObject",
	33: "aliasProblem", 34: "invalidDNSyntax", 36: "aliasDereferencingProblem", 48: "inappropriateAuthentication",
	49: "invalidCredentials", 50: "insufficientAccessRights", 51: "busy", 52: "unavailable", 53: "unwillingToPerform",
	54: "loopDetect", 64: "namingViolation", 65: "objectClassViolation", 66: "notAllowedOnNonLeaf", 67: "notAllowedOnRDN",
	68: "entryAlreadyExists", 69: "objectClassModsProhibited", 71: "affectsMultipleDSAs", 80: "other",
	60: "sortControlMissing", 61: "offsetRangeError", 76: "virtualListViewError",
	118: "canceled", 119: "noSuchOperation", 120: "tooLate", 121: "cannotCancel", 122: "assertionFailed", 123: "authorizationDenied",
	4096: "e-syncRefreshRequired",
}

// String returns the code's name as the RFCs spell it, or "result N".
func (c ResultCode) String() string {
	if name, ok := resultNames[c]; ok {
		return name
	}
	return "result " + strconv.Itoa(int(c))
}

// Result reads the LDAPResult that every final response begins with. The error
// wraps [ErrProtocol].
func (m Message) Result() (Result, error) {
	r, _, err := m.result()
	return r, err
}

func (m Message) result() (r Result, rest []byte, err error) {
	number, rest, err := tlv.Expect(m.body, tlv.Enumerated, "resultCode")
	if err != nil {
		return Result{}, nil, err
	}
	code, err := tlv.ParseInteger(number, "resultCode")
	if err != nil {
		return Result{}, nil, err
	}
	matched, rest, err := tlv.Expect(rest, tlv.OctetString, "matchedDN")
	if err != nil {
		return Result{}, nil, err
	}
	diagnostic, rest, err := tlv.Expect(rest, tlv.OctetString, "diagnosticMessage")
	if err != nil {
		return Result{}, nil, err
	}
	r = Result{Code: ResultCode(code), MatchedDN: string(matched), Diagnostic: string(diagnostic)}
	if len(rest) > 0 && rest[0] == tagReferral {
		var urls []byte
		if urls, rest, err = tlv.Expect(rest, tagReferral, "referral"); err != nil {
			return Result{}, nil, err
		}
		if r.Referral, err = uris(urls); err != nil {
			return Result{}, nil, err
		}
	}
	return r, rest, nil
}

// References reads the URLs of a search result reference (RFC 4511 §4.5.3).
// The error wraps [ErrProtocol].
func (m Message) References() ([]string, error) {
	if m.Op != OpSearchResultReference {
		return nil, tlv.Malformed("tag 0x%02x is no search result reference", byte(m.Op))
	}
	return uris(m.body)
}

func uris(b []byte) (all []string, err error) {
	for len(b) > 0 {
		var uri []byte
		if uri, b, err = tlv.Expect(b, tlv.OctetString, "URI"); err != nil {
			return nil, err
		}
		all = append(all, string(uri))
	}
	return all, nil
}

// noticeOfDisconnection is the OID of the one unsolicited notification that
// RFC 4511 defines (§4.4.1).
const noticeOfDisconnection = "1.3.6.1.4.1.1466.20036"

// responseName returns the OID of an extended response, empty if it has none.
func (m Message) responseName() (string, error) {
	_, rest, err := m.result()
	if err != nil || len(rest) == 0 || rest[0] != tagOID {
		return "", err
	}
	oid, _, err := tlv.Expect(rest, tagOID, "responseName")
	return string(oid), err
}

const (
	tagIntermediateName  = 0x80
	tagIntermediateValue = 0x81
)

// Intermediate reads the name, an OID, and the value of an intermediate
// response (RFC 4511 §4.13); empty and nil if it has none. The value refers to
// the received bytes. The error wraps [ErrProtocol].
func (m Message) Intermediate() (name string, value []byte, err error) {
	if m.Op != OpIntermediateResponse {
		return "", nil, tlv.Malformed("tag 0x%02x is no intermediate response", byte(m.Op))
	}
	oid, rest, _, err := tlv.Optional(m.body, tagIntermediateName, "responseName")
	if err != nil {
		return "", nil, err
	}
	value, _, _, err = tlv.Optional(rest, tagIntermediateValue, "responseValue")
	return string(oid), value, err
}
