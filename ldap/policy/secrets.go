package policy

// secret is an attribute type that is refused by default. The OID is known so
// that it is refused by that name too where there is no schema.
type secret struct{ name, oid string }

var secrets = []secret{
	// RFC 4519 §2.41, RFC 3112 §4
	{"userPassword", "2.5.4.35"},
	{"authPassword", "1.3.6.1.4.1.4203.1.3.4"},

	// Active Directory's secret attributes (MS-DRSR §4.1.10.3.11,
	// IsSecretAttribute)
	{"currentValue", "1.2.840.113556.1.4.27"},
	{"dBCSPwd", "1.2.840.113556.1.4.55"},
	{"initialAuthIncoming", "1.2.840.113556.1.4.539"},
	{"initialAuthOutgoing", "1.2.840.113556.1.4.540"},
	{"lmPwdHistory", "1.2.840.113556.1.4.160"},
	{"ntPwdHistory", "1.2.840.113556.1.4.94"},
	{"priorValue", "1.2.840.113556.1.4.100"},
	{"supplementalCredentials", "1.2.840.113556.1.4.125"},
	{"trustAuthIncoming", "1.2.840.113556.1.4.129"},
	{"trustAuthOutgoing", "1.2.840.113556.1.4.135"},
	{"unicodePwd", "1.2.840.113556.1.4.90"},
	// and others of its schema that hold secrets (MS-ADA1 to MS-ADA3): group
	// managed service accounts, key distribution, BitLocker, TPM, roamed
	// credentials, DNSSEC keys, Unix passwords
	{"msDS-ManagedPassword", "1.2.840.113556.1.4.2196"},
	{"msDS-ExecuteScriptPassword", "1.2.840.113556.1.4.1783"},
	{"msKds-RootKeyData", "1.2.840.113556.1.4.2175"},
	{"msFVE-RecoveryPassword", "1.2.840.113556.1.4.1964"},
	{"msFVE-KeyPackage", "1.2.840.113556.1.4.1999"},
	{"msTPM-OwnerInformation", "1.2.840.113556.1.4.1966"},
	{"msTPM-OwnerInformationTemp", "1.2.840.113556.1.4.2108"},
	{"msPKIAccountCredentials", "1.2.840.113556.1.4.1894"},
	{"msPKIDPAPIMasterKeys", "1.2.840.113556.1.4.1893"},
	{"msPKI-CredentialRoamingTokens", "1.2.840.113556.1.4.2050"},
	{"msDNS-SigningKeys", "1.2.840.113556.1.4.2144"},
	{"linkTrackSecret", "1.2.840.113556.1.4.269"},
	{"unixUserPassword", "1.2.840.113556.1.4.1910"},
	{"msSFU30Password", ""},
	// LAPS, the first (its OID is the administrator's own) and Windows LAPS
	// (MS-ADA2; OIDs are each forest's own)
	{"ms-Mcs-AdmPwd", ""},
	{"msLAPS-Password", ""},
	{"msLAPS-EncryptedPassword", ""},
	{"msLAPS-EncryptedPasswordHistory", ""},
	{"msLAPS-EncryptedDSRMPassword", ""},
	{"msLAPS-EncryptedDSRMPasswordHistory", ""},

	// Kerberos: MIT's kerberos.schema, Heimdal's hdb.schema
	{"krbPrincipalKey", "2.16.840.1.113719.1.301.4.39.1"},
	{"krbPwdHistory", "2.16.840.1.113719.1.301.4.48.1"},
	{"krbMKey", "2.16.840.1.113719.1.301.4.26.1"},
	{"krb5Key", "1.3.6.1.4.1.5322.10.1.10"},

	// Samba's samba.schema, and FreeIPA
	{"lmPassword", "1.3.6.1.4.1.7165.2.1.1"},
	{"ntPassword", "1.3.6.1.4.1.7165.2.1.2"},
	{"sambaLMPassword", "1.3.6.1.4.1.7165.2.1.24"},
	{"sambaNTPassword", "1.3.6.1.4.1.7165.2.1.25"},
	{"sambaPasswordHistory", "1.3.6.1.4.1.7165.2.1.54"},
	{"sambaClearTextPassword", "1.3.6.1.4.1.7165.2.1.68"},
	{"sambaPreviousClearTextPassword", "1.3.6.1.4.1.7165.2.1.69"},
	{"sambaTrustAuthOutgoing", "1.3.6.1.4.1.7165.2.1.75"},
	{"sambaTrustAuthIncoming", "1.3.6.1.4.1.7165.2.1.76"},
	{"ipaNTHash", ""},
	{"ipatokenOTPkey", ""},
	{"ipatokenRadiusSecret", ""},

	// OpenLDAP: password policy (draft-behera-ldap-password-policy-10 §5.3.6), cn=config,
	// one-time passwords
	{"pwdHistory", "1.3.6.1.4.1.42.2.27.8.1.20"},
	{"olcRootPW", "1.3.6.1.4.1.4203.1.12.2.3.2.0.9"},
	{"olcSyncrepl", "1.3.6.1.4.1.4203.1.12.2.3.2.0.11"},
	{"olcDbIDAssertPasswd", "1.3.6.1.4.1.4203.1.12.2.3.2.3.6"},
	{"olcDbIDAssertBind", "1.3.6.1.4.1.4203.1.12.2.3.2.3.7"},
	{"olcDbACLPasswd", "1.3.6.1.4.1.4203.1.12.2.3.2.3.3"},
	{"olcDbACLBind", "1.3.6.1.4.1.4203.1.12.2.3.2.3.4"},
	{"olcDbCryptKey", "1.3.6.1.4.1.4203.1.12.2.3.2.1.14"},
	{"olcDbPass", ""},
	{"olcTLSCertificateKey", "1.3.6.1.4.1.4203.1.12.2.3.0.99"},
	{"pKCS8PrivateKey", "1.3.6.1.4.1.4203.666.1.60"},
	{"oathSecret", "1.3.6.1.4.1.5427.1.389.4226.4.1"},
	{"oathEncKey", "1.3.6.1.4.1.5427.1.389.4226.4.12"},

	// 389 Directory Server and its relatives: its schema files
	{"passwordHistory", "2.16.840.1.113730.3.1.96"},
	{"ntUserNtPassword", "2.16.840.1.113730.3.1.2334"},
	{"netscapeReversiblePassword", "2.16.840.1.113730.3.1.812"},
	{"nsslapd-rootpw", ""},
	{"nsMultiplexorCredentials", ""},
	{"nsDS5ReplicaCredentials", "2.16.840.1.113730.3.1.582"},
	{"nsDS5ReplicaBootstrapCredentials", "2.16.840.1.113730.3.1.2372"},
	{"replicaCredentials", "2.16.840.1.113730.3.1.202"},
	{"cirBindCredentials", "2.16.840.1.113730.3.1.85"},
	{"nsBindPassword", ""},
	{"nsSymmetricKey", "2.16.840.1.113730.3.1.2084"},
	// RFC 2798 §9.1.2 has userPKCS12: certificates with their private keys
	{"userPKCS12", "2.16.840.1.113730.3.1.216"},
	// NIS+ (RFC 2307bis)
	{"nisSecretKey", "1.3.6.1.1.1.1.29"},

	// eDirectory: its schema
	{"passwordsUsed", "2.16.840.1.113719.1.1.4.1.65"},
	{"ndsAgentPassword", "2.16.840.1.113719.1.1.4.1.518"},
	{"cAPrivateKey", "2.16.840.1.113719.1.1.4.1.11"},
	{"privateKey", "2.16.840.1.113719.1.1.4.1.82"},
	{"nDSPKIPrivateKey", "2.16.840.1.113719.1.48.4.1.2"},
	{"nDSPKIPrivateKeyEC", "2.16.840.1.113719.1.48.4.1.17"},
	{"nspmPasswordKey", "2.16.840.1.113719.1.39.43.4.1"},
	{"nspmPassword", "2.16.840.1.113719.1.39.43.4.2"},
	{"nspmDistributionPassword", "2.16.840.1.113719.1.39.43.4.3"},
	{"nspmPasswordHistory", "2.16.840.1.113719.1.39.43.4.4"},
	{"nspmPreviousDistributionPassword", "2.16.840.1.113719.1.39.43.4.7"},
	{"sASLoginSecret", "2.16.840.1.113719.1.39.42.1.0.3"},
	{"sASLoginSecretKey", "2.16.840.1.113719.1.39.42.1.0.4"},
	{"sASSecretStoreKey", "2.16.840.1.113719.1.39.4.1.4"},
	{"sASSecretStoreData", "2.16.840.1.113719.1.39.4.1.5"},
	{"rADIUSPassword", "2.16.840.1.113719.1.39.42.1.0.55"},
	{"rADIUSPrivateKey", "2.16.840.1.113719.1.39.42.1.0.57"},
}
