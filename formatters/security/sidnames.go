package security

// wellKnownSID is a SID that is the same everywhere ([MS-DTYP] 2.4.2.4).
type wellKnownSID struct {
	sid string
	// alias is the token of SDDL ([MS-DTYP] 2.5.1.1), empty if there is none.
	alias string
	name  string
}

// domainSID is an account that each domain has under the same RID.
type domainSID struct {
	rid   uint32
	alias string
	name  string
}

// The aliases are MS-DTYP's, and those that a later sddl.h of Windows added: AS,
// SS, AP, KA, EK.
var wellKnownSIDs = []wellKnownSID{
	{"S-1-0-0", "", `NULL SID`},
	{"S-1-1-0", "WD", `Everyone`},
	{"S-1-2-0", "", `LOCAL`},
	{"S-1-2-1", "", `CONSOLE LOGON`},
	{"S-1-3-0", "CO", `CREATOR OWNER`},
	{"S-1-3-1", "CG", `CREATOR GROUP`},
	{"S-1-3-2", "", `CREATOR OWNER SERVER`},
	{"S-1-3-3", "", `CREATOR GROUP SERVER`},
	{"S-1-3-4", "OW", `OWNER RIGHTS`},
	{"S-1-5-1", "", `NT AUTHORITY\DIALUP`},
	{"S-1-5-2", "NU", `NT AUTHORITY\NETWORK`},
	{"S-1-5-3", "", `NT AUTHORITY\BATCH`},
	{"S-1-5-4", "IU", `NT AUTHORITY\INTERACTIVE`},
	{"S-1-5-6", "SU", `NT AUTHORITY\SERVICE`},
	{"S-1-5-7", "AN", `NT AUTHORITY\ANONYMOUS LOGON`},
	{"S-1-5-8", "", `NT AUTHORITY\PROXY`},
	{"S-1-5-9", "ED", `NT AUTHORITY\ENTERPRISE DOMAIN CONTROLLERS`},
	{"S-1-5-10", "PS", `NT AUTHORITY\SELF`},
	{"S-1-5-11", "AU", `NT AUTHORITY\Authenticated Users`},
	{"S-1-5-12", "RC", `NT AUTHORITY\RESTRICTED`},
	{"S-1-5-13", "", `NT AUTHORITY\TERMINAL SERVER USER`},
	{"S-1-5-14", "", `NT AUTHORITY\REMOTE INTERACTIVE LOGON`},
	{"S-1-5-15", "", `NT AUTHORITY\This Organization`},
	{"S-1-5-17", "", `NT AUTHORITY\IUSR`},
	{"S-1-5-18", "SY", `NT AUTHORITY\SYSTEM`},
	{"S-1-5-19", "LS", `NT AUTHORITY\LOCAL SERVICE`},
	{"S-1-5-20", "NS", `NT AUTHORITY\NETWORK SERVICE`},
	{"S-1-5-21-0-0-0-496", "", `Compounded Authentication`},
	{"S-1-5-21-0-0-0-497", "", `Claims Valid`},
	{"S-1-5-32", "", `BUILTIN`},
	{"S-1-5-32-544", "BA", `BUILTIN\Administrators`},
	{"S-1-5-32-545", "BU", `BUILTIN\Users`},
	{"S-1-5-32-546", "BG", `BUILTIN\Guests`},
	{"S-1-5-32-547", "PU", `BUILTIN\Power Users`},
	{"S-1-5-32-548", "AO", `BUILTIN\Account Operators`},
	{"S-1-5-32-549", "SO", `BUILTIN\Server Operators`},
	{"S-1-5-32-550", "PO", `BUILTIN\Print Operators`},
	{"S-1-5-32-551", "BO", `BUILTIN\Backup Operators`},
	{"S-1-5-32-552", "RE", `BUILTIN\Replicator`},
	{"S-1-5-32-554", "RU", `BUILTIN\Pre-Windows 2000 Compatible Access`},
	{"S-1-5-32-555", "RD", `BUILTIN\Remote Desktop Users`},
	{"S-1-5-32-556", "NO", `BUILTIN\Network Configuration Operators`},
	{"S-1-5-32-557", "", `BUILTIN\Incoming Forest Trust Builders`},
	{"S-1-5-32-558", "MU", `BUILTIN\Performance Monitor Users`},
	{"S-1-5-32-559", "LU", `BUILTIN\Performance Log Users`},
	{"S-1-5-32-560", "", `BUILTIN\Windows Authorization Access Group`},
	{"S-1-5-32-561", "", `BUILTIN\Terminal Server License Servers`},
	{"S-1-5-32-562", "", `BUILTIN\Distributed COM Users`},
	{"S-1-5-32-568", "IS", `BUILTIN\IIS_IUSRS`},
	{"S-1-5-32-569", "CY", `BUILTIN\Cryptographic Operators`},
	{"S-1-5-32-573", "ER", `BUILTIN\Event Log Readers`},
	{"S-1-5-32-574", "CD", `BUILTIN\Certificate Service DCOM Access`},
	{"S-1-5-32-575", "RA", `BUILTIN\RDS Remote Access Servers`},
	{"S-1-5-32-576", "ES", `BUILTIN\RDS Endpoint Servers`},
	{"S-1-5-32-577", "MS", `BUILTIN\RDS Management Servers`},
	{"S-1-5-32-578", "HA", `BUILTIN\Hyper-V Administrators`},
	{"S-1-5-32-579", "AA", `BUILTIN\Access Control Assistance Operators`},
	{"S-1-5-32-580", "RM", `BUILTIN\Remote Management Users`},
	{"S-1-5-33", "WR", `NT AUTHORITY\WRITE RESTRICTED`},
	{"S-1-5-64-10", "", `NT AUTHORITY\NTLM Authentication`},
	{"S-1-5-64-14", "", `NT AUTHORITY\SChannel Authentication`},
	{"S-1-5-64-21", "", `NT AUTHORITY\Digest Authentication`},
	{"S-1-5-65-1", "", `NT AUTHORITY\This Organization Certificate`},
	{"S-1-5-80", "", `NT SERVICE`},
	{"S-1-5-80-0", "", `NT SERVICE\ALL SERVICES`},
	{"S-1-5-84-0-0-0-0-0", "UD", `NT AUTHORITY\USER MODE DRIVERS`},
	{"S-1-5-113", "", `NT AUTHORITY\Local account`},
	{"S-1-5-114", "", `NT AUTHORITY\Local account and member of Administrators group`},
	{"S-1-5-1000", "", `NT AUTHORITY\Other Organization`},
	{"S-1-15-2-1", "AC", `APPLICATION PACKAGE AUTHORITY\ALL APPLICATION PACKAGES`},
	{"S-1-16-0", "", `Mandatory Label\Untrusted Mandatory Level`},
	{"S-1-16-4096", "LW", `Mandatory Label\Low Mandatory Level`},
	{"S-1-16-8192", "ME", `Mandatory Label\Medium Mandatory Level`},
	{"S-1-16-8448", "MP", `Mandatory Label\Medium Plus Mandatory Level`},
	{"S-1-16-12288", "HI", `Mandatory Label\High Mandatory Level`},
	{"S-1-16-16384", "SI", `Mandatory Label\System Mandatory Level`},
	{"S-1-16-20480", "", `Mandatory Label\Protected Process Mandatory Level`},
	{"S-1-18-1", "AS", `Authentication authority asserted identity`},
	{"S-1-18-2", "SS", `Service asserted identity`},
	{"S-1-18-3", "", `Fresh public key identity`},
	{"S-1-18-4", "", `Key trust identity`},
	{"S-1-18-5", "", `Key property multi-factor authentication`},
	{"S-1-18-6", "", `Key property attestation`},
}

var domainSIDs = []domainSID{
	{498, "RO", "Enterprise Read-only Domain Controllers"},
	{500, "LA", "Administrator"},
	{501, "LG", "Guest"},
	{502, "", "krbtgt"},
	{503, "", "DefaultAccount"},
	{512, "DA", "Domain Admins"},
	{513, "DU", "Domain Users"},
	{514, "DG", "Domain Guests"},
	{515, "DC", "Domain Computers"},
	{516, "DD", "Domain Controllers"},
	{517, "CA", "Cert Publishers"},
	{518, "SA", "Schema Admins"},
	{519, "EA", "Enterprise Admins"},
	{520, "PA", "Group Policy Creator Owners"},
	{521, "", "Read-only Domain Controllers"},
	{522, "CN", "Cloneable Domain Controllers"},
	{525, "AP", "Protected Users"},
	{526, "KA", "Key Admins"},
	{527, "EK", "Enterprise Key Admins"},
	{553, "RS", "RAS and IAS Servers"},
	{571, "", "Allowed RODC Password Replication Group"},
	{572, "", "Denied RODC Password Replication Group"},
}

// maxSIDText is at least the length of any SID's textual form.
const maxSIDText = 192

// Name returns the name that Windows shows for a well-known SID ([MS-DTYP]
// 2.4.2.4): "Everyone", "BUILTIN\Administrators", or "Domain Admins" for
// S-1-5-21-*-512 of any domain. It is empty for all others.
func (s SID) Name() string {
	if w := s.wellKnown(); w != nil {
		return w.name
	}
	const ntAccounts = 21
	if s.Authority() != 5 || s.count() != 5 || s.sub(0) != ntAccounts {
		return ""
	}
	if d := s.inDomain(); d != nil {
		return d.name
	}
	return ""
}

func (s SID) wellKnown() *wellKnownSID {
	text := s.append(make([]byte, 0, maxSIDText))
	for i := range wellKnownSIDs {
		if w := &wellKnownSIDs[i]; w.sid == string(text) {
			return w
		}
	}
	return nil
}

// inDomain looks the RID up.
func (s SID) inDomain() *domainSID {
	rid, ok := s.RID()
	for i := range domainSIDs {
		if d := &domainSIDs[i]; ok && d.rid == rid {
			return d
		}
	}
	return nil
}

// alias returns the SID's token in SDDL, empty if there is none.
func (s SID) alias(domain SID) string {
	if w := s.wellKnown(); w != nil {
		return w.alias
	}
	if s.isChildOf(domain) {
		if d := s.inDomain(); d != nil {
			return d.alias
		}
	}
	return ""
}

// sidOfAlias returns the SID of an SDDL token in capitals. Without a domain the
// tokens that need one are known, but have no SID.
func sidOfAlias(alias string, domain SID) (sid SID, known bool) {
	for i := range wellKnownSIDs {
		if w := &wellKnownSIDs[i]; w.alias == alias {
			sid, _ = ParseSIDText(w.sid)
			return sid, true
		}
	}
	for i := range domainSIDs {
		if d := &domainSIDs[i]; d.alias == alias {
			sid, _ = domain.child(d.rid)
			return sid, true
		}
	}
	return SID{}, false
}
