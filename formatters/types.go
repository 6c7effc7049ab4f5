package formatters

// Type is how the values of an attribute are formatted and validated.
type Type struct {
	// Name names the type in messages and documents, such as "filetime".
	Name string
	// Kinds are the kinds of its values; those that could not be formatted are
	// bytes beside.
	Kinds []Kind
	// Format and Validate do the work. In a type of one's own either may be nil:
	// what would be done without that type is then done.
	Format   Formatter
	Validate Validator
}

// A Formatter turns the bytes of one value into a typed value. With an error
// the value stays as it came, bytes, unless the formatter gives bytes or text of
// its own beside the error. It must not keep raw.
type Formatter func(raw []byte) (Value, error)

// A Validator turns a typed value into the bytes of one, the way back of a
// [Formatter]. An error says why the value cannot be one of the attribute.
type Validator func(v Value) ([]byte, error)

// The types. Most syntaxes of text and of bytes have one more of their own,
// whose validator knows what RFC 4517 asks of them. Their functions are plain
// ones, so that a program that formats nothing does not link them.
var (
	typeInteger      = &Type{"integer", []Kind{KindInteger}, formatInteger, validateInteger}
	typeLargeInteger = &Type{"largeInteger", []Kind{KindInteger}, formatLargeInteger, validateLargeInteger}
	typeBoolean      = &Type{"boolean", []Kind{KindBoolean}, formatBoolean, validateBoolean}
	typeTime         = &Type{"generalizedTime", []Kind{KindTime}, formatGeneralizedTime, validateGeneralizedTime}
	typeADTime       = &Type{"generalizedTime", []Kind{KindTime}, formatGeneralizedTime, validateActiveDirectoryTime}
	typeLocked       = &Type{"lockedTime", []Kind{KindTime, KindNever}, formatLockedTime, validateLockedTime}
	typeUTCTime      = &Type{"utcTime", []Kind{KindTime}, formatUTCTime, validateUTCTime}
	typePostal       = &Type{"postalAddress", []Kind{KindText}, formatPostal, validatePostal}
	typeUUID         = &Type{"uuid", []Kind{KindGUID, KindText}, formatUUID, validateUUID}
	typeGUID         = &Type{"guid", []Kind{KindGUID, KindText}, formatGUID, validateGUID}
	typeGUIDLE       = &Type{"guidLittleEndian", []Kind{KindGUID, KindText}, formatGUIDLE, validateGUIDLE}
	typeSID          = &Type{"sid", []Kind{KindSID}, formatSID, validateSID}
	typeDescriptor   = &Type{"securityDescriptor", []Kind{KindDescriptor}, formatDescriptor, validateDescriptor}
	typeFiletime     = &Type{"filetime", []Kind{KindTime, KindNever}, formatFiletime, validateFiletime}
	typeFiletimeZero = &Type{"filetimeOrZero", []Kind{KindTime, KindNever}, formatFiletimeZero, validateFiletimeZero}
	typePasswordSet  = &Type{"passwordSetTime", []Kind{KindTime, KindNever},
		formatFiletimeZero, validatePasswordSet}
	typeInterval = &Type{"interval", []Kind{KindInterval, KindNever}, formatInterval, validateInterval}
	typeText     = &Type{"text", []Kind{KindText}, formatText, validateText}
	typeBytes    = &Type{"bytes", []Kind{KindBytes}, formatBytes, validateBytes}
	// typeUnknown is for what nothing is known of.
	typeUnknown = &Type{"unknown", []Kind{KindText, KindBytes}, formatUnknown, validateBytesOrText}
)

func formatUnknown(raw []byte) (Value, error) { return textOrBytes(string(raw)), nil }

func validateBytesOrText(v Value) ([]byte, error) {
	if v.kind == KindBytes {
		return []byte(v.text), nil
	}
	return validateText(v)
}

// lockedForever is what pwdAccountLockedTime has for an account that stays
// locked until an administrator unlocks it.
const lockedForever = "000001010000Z"

func formatLockedTime(raw []byte) (Value, error) {
	if string(raw) == lockedForever {
		return NeverValue(), nil
	}
	return formatGeneralizedTime(raw)
}

func validateLockedTime(v Value) ([]byte, error) {
	if v.kind == KindNever || (v.kind == KindText || v.kind == KindBytes) && v.text == lockedForever {
		return []byte(lockedForever), nil
	}
	return validateGeneralizedTime(v)
}

// plainTypes are the types that the table names, but for those of numbers.
var plainTypes = []*Type{
	typeInteger, typeLargeInteger, typeBoolean, typeTime, typeLocked, typeUTCTime, typePostal, typeUUID, typeGUID, typeGUIDLE, typeSID,
	typeDescriptor, typeFiletime, typeFiletimeZero, typePasswordSet, typeInterval, typeText, typeBytes,
}

// numberTypes are the types of flags and enumerations.
var numberTypes = map[string]*numbers{
	"userAccountControl":  &userAccountControl,
	"sAMAccountType":      &samAccountType,
	"groupType":           &groupType,
	"systemFlags":         &systemFlags,
	"searchFlags":         &searchFlags,
	"schemaFlagsEx":       &schemaFlags,
	"instanceType":        &instanceType,
	"encryptionTypes":     &encryptionTypes,
	"functionalLevel":     &functionalLevel,
	"trustAttributes":     &trustAttributes,
	"trustDirection":      &trustDirection,
	"trustType":           &trustType,
	"passwordProperties":  &passwordProperties,
	"objectClassCategory": &classCategory,
}

func (t *numbers) as(name string) *Type {
	kind := KindEnumeration
	if t.flags {
		kind = KindFlags
	}
	return &Type{name, []Kind{kind}, t.format, validateLargeInteger}
}
