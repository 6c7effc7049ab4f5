package integration

import (
	"slices"
	"strings"
)

// Reasons that several rows have.
const (
	untyped   = "ldap3 has no type for the attribute"
	unlearned = "no schema defines the attribute, and ldap3 knows it by no name"
	never     = "never is a value of its own"
)

// differences are the values that ldap3 has otherwise. Beside them are the
// times and intervals that ldap3 has rounded, by less than 2 µs.
var differences = []excuse{
	{
		types: "filetime filetimeOrZero passwordSetTime", theirs: "datetime", ours: "never", raw: are("0", "9223372036854775807"),
		reason: never,
	},
	{
		attributes: "maxPwdAge lockoutDuration", theirs: "timedelta", ours: "never", raw: are("-9223372036854775808"),
		reason: never,
	},
	{
		attributes: "pwdAccountLockedTime", theirs: "bytes", ours: "never", raw: are("000001010000Z"),
		reason: never,
	},
	{
		types: "filetime filetimeOrZero passwordSetTime", theirs: "datetime", ours: "bytes", raw: begin("-"),
		reason: "ldap3 drops the sign",
	},
	{
		attributes: "lockoutTime", theirs: "bytes", ours: "time", raw: are("2650467743999999999"),
		reason: "exactness: ldap3 rounds it to the year 10000",
	},
	{
		attributes: "lockoutDuration", theirs: "TypeError", ours: "interval", raw: are("-9223372036854775807"),
		reason: "for ldap3 intervals end at the year 9999",
	},
	{
		attributes: "objectSid", theirs: "str", ours: "bytes", raw: are("\x01\x05\x00\x00\x00\x00\x00\x05\x15\x00\x00\x00\x01\x00\x00\x00"),
		reason: "ldap3 reads sub-authorities that are not there as 0",
	},
	{
		attributes: "meetingStartTime meetingEndTime", types: "utcTime", theirs: "datetime", ours: "time",
		reason: "ldap3 takes the year and month of a UTC Time for a year of four digits",
	},
	{
		attributes: "postalAddress homePostalAddress registeredAddress", theirs: "str", ours: "text", raw: contain("$"),
		reason: "a postal address has lines",
	},
	{
		attributes: "wellKnownObjects otherWellKnownObjects msDS-HasInstantiatedNCs", theirs: "bytes", ours: "text", raw: begin("B:"),
		reason: "DN with binary is text",
	},
	{
		attributes: "liveSubInteger", theirs: "str", ours: "integer",
		reason: "ldap3 does not follow SUP to the syntax",
	},
	{
		attributes: "liveSubTime", theirs: "str", ours: "time",
		reason: "ldap3 does not follow SUP to the syntax",
	},
	{
		attributes: "sIDHistory;range=*", theirs: "bytes", ours: "sid",
		reason: "ldap3 knows nothing of an attribute with options, nor of this one",
	},
	{
		attributes: "parentGUID schemaIDGUID attributeSecurityGUID netbootGUID msDS-OptionalFeatureGUID invocationId mS-DS-ConsistencyGuid",
		theirs:     "bytes", ours: "guid",
		reason: untyped,
	},
	{
		attributes: "mS-DS-ConsistencyGuid", theirs: "bytes", ours: "text", raw: are("text"),
		reason: untyped,
	},
	{
		attributes: "tokenGroups tokenGroupsNoGCAcceptable tokenGroupsGlobalAndUniversal sIDHistory securityIdentifier",
		theirs:     "bytes", ours: "sid",
		reason: untyped,
	},
	{
		attributes: "msDS-UserPasswordExpiryTimeComputed", theirs: "int", ours: "time",
		reason: untyped,
	},
	{
		attributes: "msDS-UserPasswordExpiryTimeComputed", theirs: "int", ours: "never", raw: are("9223372036854775807"),
		reason: untyped,
	},
	{
		attributes: "forceLogoff msDS-MinimumPasswordAge msDS-LockoutObservationWindow msDS-LockoutDuration", theirs: "int", ours: "interval",
		reason: untyped,
	},
	{
		attributes: "forceLogoff msDS-MaximumPasswordAge", theirs: "int", ours: "never", raw: are("-9223372036854775808"),
		reason: untyped,
	},
	{
		attributes: "supportedLDAPVersion highestCommittedUSN", theirs: "str", ours: "integer",
		reason: unlearned,
	},
	{
		attributes: "domainFunctionality forestFunctionality domainControllerFunctionality", theirs: "str", ours: "enumeration",
		reason: unlearned,
	},
	{
		attributes: "isSynchronized isGlobalCatalogReady", theirs: "str", ours: "boolean",
		reason: unlearned,
	},
	{
		attributes: "currentTime currenttime", theirs: "str", ours: "time",
		reason: unlearned,
	},
}

// rewritten are the values that are not written as the server has them.
var rewritten = []excuse{
	{
		attributes: "minPwdAge", types: "interval", raw: are("864000000000"),
		reason: "an interval is stored as a number that is not positive",
	},
	{
		attributes: "objectGUID", types: "guidLittleEndian", raw: are("00112233-4455-6677-8899-aabbccddeeff"),
		reason: "the text of a GUID is written as its bytes",
	},
}

// refused are the values that a server has and Validate refuses.
var refused = []excuse{
	{
		attributes: "passwordDictPath nsslapd-svrtab nsslapd-securelistenhost nsslapd-saslpath nsslapd-pluginEnabled " +
			"nsslapd-*log-list nsslapd-auditlog-display-attrs nsslapd-allowed-sasl-mechanisms",
		types: "text", raw: are(""),
		reason: "a Directory String has at least one character; 389's configuration has empty ones",
	},
	{
		attributes: "mS-DS-ConsistencyGuid", ours: "text", raw: are("text"),
		reason: "no GUID",
	},
}

func are(values ...string) func([]byte) bool {
	return func(raw []byte) bool { return slices.Contains(values, string(raw)) }
}

func begin(prefix string) func([]byte) bool {
	return func(raw []byte) bool { return strings.HasPrefix(string(raw), prefix) }
}

func contain(part string) func([]byte) bool {
	return func(raw []byte) bool { return strings.Contains(string(raw), part) }
}
