package message

import "strconv"

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
	ResultCompareFalse                ResultCode = 5
	ResultCompareTrue                 ResultCode = 6
	ResultAuthMethodNotSupported      ResultCode = 7
	ResultStrongerAuthRequired        ResultCode = 8
	ResultReferral                    ResultCode = 10
	ResultAdminLimitExceeded          ResultCode = 11
	ResultUnavailableCritical         ResultCode = 12
	ResultConfidentialityRequired     ResultCode = 13
	ResultSASLBindInProgress          ResultCode = 14
	ResultNoSuchAttribute             ResultCode = 16
	ResultConstraintViolation         ResultCode = 19
	ResultAttributeOrValueExists      ResultCode = 20
	ResultNoSuchObject                ResultCode = 32
	ResultInvalidDNSyntax             ResultCode = 34
	ResultInappropriateAuthentication ResultCode = 48
	ResultInvalidCredentials          ResultCode = 49
	ResultInsufficientAccessRights    ResultCode = 50
	ResultBusy                        ResultCode = 51
	ResultUnavailable                 ResultCode = 52
	ResultUnwillingToPerform          ResultCode = 53
	ResultNotAllowedOnNonLeaf         ResultCode = 66
	ResultEntryAlreadyExists          ResultCode = 68
	ResultNoSuchOperation             ResultCode = 119
	ResultAssertionFailed             ResultCode = 122
)

// resultNames are the names of RFC 4511 appendix A, with those of RFC 3928
// (lcup…), RFC 3909 (canceled and kin), RFC 4528 (assertionFailed), RFC 4370
// (authorizationDenied), RFC 4533 (e-syncRefreshRequired), and of drafts that
// servers follow: virtual list views, NoOp (noOperation), and two that RFC 4511
// keeps free for their sake (isLeaf of LDAPv2, resultsTooLarge of CLDAP).
var resultNames = map[ResultCode]string{
	0: "success", 1: "operationsError", 2: "protocolError", 3: "timeLimitExceeded", 4: "sizeLimitExceeded",
	5: "compareFalse", 6: "compareTrue", 7: "authMethodNotSupported", 8: "strongerAuthRequired",
	10: "referral", 11: "adminLimitExceeded", 12: "unavailableCriticalExtension", 13: "confidentialityRequired",
	14: "saslBindInProgress", 16: "noSuchAttribute", 17: "undefinedAttributeType", 18: "inappropriateMatching",
	19: "constraintViolation", 20: "attributeOrValueExists", 21: "invalidAttributeSyntax", 32: "noSuchObject",
	33: "aliasProblem", 34: "invalidDNSyntax", 35: "isLeaf", 36: "aliasDereferencingProblem", 48: "inappropriateAuthentication",
	49: "invalidCredentials", 50: "insufficientAccessRights", 51: "busy", 52: "unavailable", 53: "unwillingToPerform",
	54: "loopDetect", 60: "sortControlMissing", 61: "offsetRangeError", 64: "namingViolation", 65: "objectClassViolation",
	66: "notAllowedOnNonLeaf", 67: "notAllowedOnRDN", 68: "entryAlreadyExists", 69: "objectClassModsProhibited",
	70: "resultsTooLarge", 71: "affectsMultipleDSAs", 76: "virtualListViewError", 80: "other",
	113: "lcupResourcesExhausted", 114: "lcupSecurityViolation", 115: "lcupInvalidData", 116: "lcupUnsupportedScheme",
	117: "lcupReloadRequired", 118: "canceled", 119: "noSuchOperation", 120: "tooLate", 121: "cannotCancel",
	122: "assertionFailed", 123: "authorizationDenied", 4096: "e-syncRefreshRequired", 16654: "noOperation",
}

// String returns the code's name as the RFCs spell it, or "result N".
func (c ResultCode) String() string {
	if name, ok := resultNames[c]; ok {
		return name
	}
	return "result " + strconv.Itoa(int(c))
}
