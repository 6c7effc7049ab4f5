package control

import (
	"strconv"
	"time"

	"github.com/ldapedge/ldapedge/ldap/message"
)

// The OIDs of what servers say of passwords. That of the password policy is
// [PasswordPolicy] in responses too.
const (
	OIDPasswordExpired  = "2.16.840.1.113730.3.4.4"
	OIDPasswordExpiring = "2.16.840.1.113730.3.4.5"
)

// PasswordError is what is wrong with a password or an account.
type PasswordError string

// The errors (draft-behera-ldap-password-policy-10 §6.2), and that of OpenLDAP
// for a password that is too long. Any other is "passwordError" and its number.
const (
	PasswordExpired             PasswordError = "passwordExpired"
	AccountLocked               PasswordError = "accountLocked"
	ChangeAfterReset            PasswordError = "changeAfterReset"
	PasswordModNotAllowed       PasswordError = "passwordModNotAllowed"
	MustSupplyOldPassword       PasswordError = "mustSupplyOldPassword"
	InsufficientPasswordQuality PasswordError = "insufficientPasswordQuality"
	PasswordTooShort            PasswordError = "passwordTooShort"
	PasswordTooYoung            PasswordError = "passwordTooYoung"
	PasswordInHistory           PasswordError = "passwordInHistory"
	PasswordTooLong             PasswordError = "passwordTooLong"
)

// passwordErrors are in the order of their numbers.
var passwordErrors = []PasswordError{
	PasswordExpired, AccountLocked, ChangeAfterReset, PasswordModNotAllowed, MustSupplyOldPassword,
	InsufficientPasswordQuality, PasswordTooShort, PasswordTooYoung, PasswordInHistory, PasswordTooLong,
}

// PasswordPolicyResponse is the state of a password.
type PasswordPolicyResponse struct {
	// Expires is how long the password is still good; nil without that warning.
	Expires *time.Duration
	// Grace is how many more binds the expired password is good for; nil without
	// that warning.
	Grace *int
	// Error is empty if nothing is wrong.
	Error PasswordError
}

const (
	tagWarning  = 0xa0
	tagError    = 0x81
	tagTimeLeft = 0x80
	tagGrace    = 0x81
)

// ParsePasswordPolicy reads the control of a response.
func ParsePasswordPolicy(c message.Control) (PasswordPolicyResponse, error) {
	r := read(c, string(PasswordPolicy), "password policy")
	var p PasswordPolicyResponse
	if r.has(tagWarning) {
		w := r.into(tagWarning, "warning")
		if w.has(tagTimeLeft) {
			p.Expires = new(time.Duration(w.integer(tagTimeLeft, "timeBeforeExpiration")) * time.Second)
		} else {
			p.Grace = new(int(w.integer(tagGrace, "graceAuthNsRemaining")))
		}
		r.leave(w)
	}
	if r.has(tagError) {
		n := r.integer(tagError, "error")
		p.Error = PasswordError("passwordError " + strconv.Itoa(int(n)))
		if n >= 0 && int(n) < len(passwordErrors) {
			p.Error = passwordErrors[n]
		}
	}
	return result(p, r)
}

// ParsePasswordExpiring reads after how long the password expires, from the
// control of 389 Directory Server and its relatives.
func ParsePasswordExpiring(c message.Control) (time.Duration, error) {
	r := readValue(c, OIDPasswordExpiring, "password expiring")
	n, err := strconv.ParseInt(string(c.Value), 10, 32)
	if err != nil {
		r.fail("%.60q is no number of seconds", c.Value)
	}
	return result(time.Duration(n)*time.Second, r)
}
