package formatters

// The names of bits and numbers are those of [MS-ADTS] and of Microsoft's ADSI
// enumerations, without their prefixes. Gathered from Microsoft's public
// documents, the sections as named.

// [MS-ADTS] 2.2.16, 3.1.1.4.5.17.
var userAccountControl = numbers{flags: true, names: []numberName{
	{0x1, "SCRIPT"},
	{0x2, "ACCOUNTDISABLE"},
	{0x8, "HOMEDIR_REQUIRED"},
	{0x10, "LOCKOUT"},
	{0x20, "PASSWD_NOTREQD"},
	{0x40, "PASSWD_CANT_CHANGE"},
	{0x80, "ENCRYPTED_TEXT_PWD_ALLOWED"},
	{0x100, "TEMP_DUPLICATE_ACCOUNT"},
	{0x200, "NORMAL_ACCOUNT"},
	{0x800, "INTERDOMAIN_TRUST_ACCOUNT"},
	{0x1000, "WORKSTATION_TRUST_ACCOUNT"},
	{0x2000, "SERVER_TRUST_ACCOUNT"},
	{0x10000, "DONT_EXPIRE_PASSWORD"},
	{0x20000, "MNS_LOGON_ACCOUNT"},
	{0x40000, "SMARTCARD_REQUIRED"},
	{0x80000, "TRUSTED_FOR_DELEGATION"},
	{0x100000, "NOT_DELEGATED"},
	{0x200000, "USE_DES_KEY_ONLY"},
	{0x400000, "DONT_REQ_PREAUTH"},
	{0x800000, "PASSWORD_EXPIRED"},
	{0x1000000, "TRUSTED_TO_AUTH_FOR_DELEGATION"},
	{0x2000000, "NO_AUTH_DATA_REQUIRED"},
	{0x4000000, "PARTIAL_SECRETS_ACCOUNT"},
	{0x8000000, "USE_AES_KEYS"},
}}

// [MS-SAMR] 2.2.1.9.
var samAccountType = numbers{names: []numberName{
	{0x0, "DOMAIN_OBJECT"},
	{0x10000000, "GROUP_OBJECT"},
	{0x10000001, "NON_SECURITY_GROUP_OBJECT"},
	{0x20000000, "ALIAS_OBJECT"},
	{0x20000001, "NON_SECURITY_ALIAS_OBJECT"},
	{0x30000000, "USER_OBJECT"},
	{0x30000001, "MACHINE_ACCOUNT"},
	{0x30000002, "TRUST_ACCOUNT"},
	{0x40000000, "APP_BASIC_GROUP"},
	{0x40000001, "APP_QUERY_GROUP"},
}}

// ADS_GROUP_TYPE_ENUM, [MS-ADTS] 2.2.12.
var groupType = numbers{flags: true, names: []numberName{
	{0x1, "BUILTIN_LOCAL_GROUP"},
	{0x2, "GLOBAL_GROUP"},
	{0x4, "DOMAIN_LOCAL_GROUP"},
	{0x8, "UNIVERSAL_GROUP"},
	{0x10, "APP_BASIC_GROUP"},
	{0x20, "APP_QUERY_GROUP"},
	{0x80000000, "SECURITY_ENABLED"},
}}

// [MS-ADTS] 2.2.10. The lowest bits mean another thing on crossRef objects:
// CR_NTDS_NC, CR_NTDS_DOMAIN, CR_NTDS_NOT_GC_REPLICATED.
var systemFlags = numbers{flags: true, names: []numberName{
	{0x1, "ATTR_NOT_REPLICATED"},
	{0x2, "ATTR_REQ_PARTIAL_SET_MEMBER"},
	{0x4, "ATTR_IS_CONSTRUCTED"},
	{0x8, "ATTR_IS_OPERATIONAL"},
	{0x10, "SCHEMA_BASE_OBJECT"},
	{0x20, "ATTR_IS_RDN"},
	{0x2000000, "DISALLOW_MOVE_ON_DELETE"},
	{0x4000000, "DOMAIN_DISALLOW_MOVE"},
	{0x8000000, "DOMAIN_DISALLOW_RENAME"},
	{0x10000000, "CONFIG_ALLOW_LIMITED_MOVE"},
	{0x20000000, "CONFIG_ALLOW_MOVE"},
	{0x40000000, "CONFIG_ALLOW_RENAME"},
	{0x80000000, "DISALLOW_DELETE"},
}}

// [MS-ADTS] 2.2.9.
var searchFlags = numbers{flags: true, names: []numberName{
	{0x1, "ATTINDEX"},
	{0x2, "PDNTATTINDEX"},
	{0x4, "ANR"},
	{0x8, "PRESERVEONDELETE"},
	{0x10, "COPY"},
	{0x20, "TUPLEINDEX"},
	{0x40, "SUBTREEATTINDEX"},
	{0x80, "CONFIDENTIAL"},
	{0x100, "NEVERVALUEAUDIT"},
	{0x200, "RODC_FILTERED"},
	{0x400, "EXTENDEDLINKTRACKING"},
	{0x800, "BASEONLY"},
	{0x1000, "PARTITIONSECRET"},
}}

// [MS-ADTS] 2.2.8 (schemaFlagsEx).
var schemaFlags = numbers{flags: true, names: []numberName{{0x1, "ATTR_IS_CRITICAL"}}}

// [MS-ADTS] 3.1.1.1.9 (instanceType).
var instanceType = numbers{flags: true, names: []numberName{
	{0x1, "NC_HEAD"},
	{0x2, "UNINSTANTIATED"},
	{0x4, "WRITE"},
	{0x8, "NC_ABOVE"},
	{0x10, "NC_COMING"},
	{0x20, "NC_GOING"},
}}

// [MS-KILE] 2.2.7.
var encryptionTypes = numbers{flags: true, names: []numberName{
	{0x1, "DES_CBC_CRC"},
	{0x2, "DES_CBC_MD5"},
	{0x4, "RC4_HMAC"},
	{0x8, "AES128_CTS_HMAC_SHA1_96"},
	{0x10, "AES256_CTS_HMAC_SHA1_96"},
	{0x20, "AES256_CTS_HMAC_SHA1_96_SK"},
	{0x10000, "FAST_SUPPORTED"},
	{0x20000, "COMPOUND_IDENTITY_SUPPORTED"},
	{0x40000, "CLAIMS_SUPPORTED"},
	{0x80000, "RESOURCE_SID_COMPRESSION_DISABLED"},
}}

// [MS-ADTS] 6.1.4.2, 6.1.4.3, 6.1.4.4.
var functionalLevel = numbers{names: []numberName{
	{0, "WIN2000"},
	{1, "WIN2003_WITH_MIXED_DOMAINS"},
	{2, "WIN2003"},
	{3, "WIN2008"},
	{4, "WIN2008R2"},
	{5, "WIN2012"},
	{6, "WIN2012R2"},
	{7, "WIN2016"},
	{10, "WIN2025"},
}}

// [MS-ADTS] 6.1.6.7.9.
var trustAttributes = numbers{flags: true, names: []numberName{
	{0x1, "NON_TRANSITIVE"},
	{0x2, "UPLEVEL_ONLY"},
	{0x4, "QUARANTINED_DOMAIN"},
	{0x8, "FOREST_TRANSITIVE"},
	{0x10, "CROSS_ORGANIZATION"},
	{0x20, "WITHIN_FOREST"},
	{0x40, "TREAT_AS_EXTERNAL"},
	{0x80, "USES_RC4_ENCRYPTION"},
	{0x100, "USES_AES_KEYS"},
	{0x200, "CROSS_ORGANIZATION_NO_TGT_DELEGATION"},
	{0x400, "PIM_TRUST"},
	{0x800, "CROSS_ORGANIZATION_ENABLE_TGT_DELEGATION"},
	{0x1000, "DISABLE_AUTH_TARGET_VALIDATION"},
}}

// [MS-ADTS] 6.1.6.7.12.
var trustDirection = numbers{names: []numberName{{0, "DISABLED"}, {1, "INBOUND"}, {2, "OUTBOUND"}, {3, "BIDIRECTIONAL"}}}

// [MS-ADTS] 6.1.6.7.15.
var trustType = numbers{names: []numberName{{1, "DOWNLEVEL"}, {2, "UPLEVEL"}, {3, "MIT"}, {4, "DCE"}, {5, "AAD"}}}

// [MS-SAMR] 2.2.3.6 (pwdProperties).
var passwordProperties = numbers{flags: true, names: []numberName{
	{0x1, "DOMAIN_PASSWORD_COMPLEX"},
	{0x2, "DOMAIN_PASSWORD_NO_ANON_CHANGE"},
	{0x4, "DOMAIN_PASSWORD_NO_CLEAR_CHANGE"},
	{0x8, "DOMAIN_LOCKOUT_ADMINS"},
	{0x10, "DOMAIN_PASSWORD_STORE_CLEARTEXT"},
	{0x20, "DOMAIN_REFUSE_PASSWORD_CHANGE"},
}}

// [MS-ADTS] 3.1.1.2.4.3.
var classCategory = numbers{names: []numberName{{0, "88_CLASS"}, {1, "STRUCTURAL"}, {2, "ABSTRACT"}, {3, "AUXILIARY"}}}
