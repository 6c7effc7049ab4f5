package policy

import (
	"slices"

	"github.com/ldapedge/ldapedge/ldap/control"
)

// Operation is a kind of operation, by which rules allow it and counters count
// it.
type Operation string

// The operations.
const (
	Bind     Operation = "bind"
	Unbind   Operation = "unbind"
	Abandon  Operation = "abandon"
	Search   Operation = "search"
	Compare  Operation = "compare"
	Add      Operation = "add"
	Modify   Operation = "modify"
	Delete   Operation = "delete"
	ModifyDN Operation = "modifyDN"
	// PasswordModify is the extended operation of RFC 3062.
	PasswordModify Operation = "passwordModify"
	// Extended are the other extended operations. They are allowed by their OIDs
	// alone: see [Rules].ExtendedOperations.
	Extended Operation = "extended"
)

// operations are those that rules may name.
var operations = []Operation{Bind, Unbind, Abandon, Search, Compare, Add, Modify, Delete, ModifyDN, PasswordModify}

// The OIDs of extended operations that the policy looks into.
const (
	oidWhoAmI         = "1.3.6.1.4.1.4203.1.11.3" // RFC 4532
	oidPasswordModify = "1.3.6.1.4.1.4203.1.11.1" // RFC 3062
	oidCancel         = "1.3.6.1.1.8"             // RFC 3909
)

var (
	defaultOperations = []Operation{Bind, Unbind, Abandon, Search, Compare}
	defaultExtended   = []string{oidWhoAmI, oidCancel}
	// RFC 4616, RFC 5802, RFC 7677 and their kin. Those with channel binding
	// (-PLUS) cannot work through a connector.
	defaultMechanisms = []string{"PLAIN", "SCRAM-SHA-1", "SCRAM-SHA-224", "SCRAM-SHA-256", "SCRAM-SHA-384", "SCRAM-SHA-512"}
	// OpenLDAP's, that of 389 Directory Server and eDirectory, and ApacheDS's.
	// Active Directory's is known by how its name begins.
	defaultSubschema = []string{"cn=Subschema", "cn=schema", "ou=schema"}
	// Controls that change what a read returns, or how, and those that guard or
	// show an update that is allowed. Not among them: what acts as somebody else
	// (proxied authorization), leaves the base (attribute scoped query, phantom
	// root), replicates (DirSync), stays open (persistent search,
	// synchronization, notification), shows what is deleted, or overrides checks.
	defaultControls = []string{
		string(control.ManageDsaIT), string(control.DontUseCopy), string(control.AuthorizationIdentity), string(control.PasswordPolicy),
		string(control.DomainScope), control.OIDPagedResults, control.OIDSort, control.OIDVirtualListView, control.OIDMatchedValues,
		control.OIDAssertion, control.OIDPreRead, control.OIDPostRead, control.OIDSubentries, control.OIDExtendedDN, control.OIDSecurityDescriptor,
	}
)

// DefaultOperations returns what is allowed unless rules say otherwise: bind,
// unbind, abandon, search and compare.
func DefaultOperations() []Operation { return slices.Clone(defaultOperations) }

// DefaultExtendedOperations returns the OIDs of "who am I?" (RFC 4532) and
// cancel (RFC 3909).
func DefaultExtendedOperations() []string { return slices.Clone(defaultExtended) }

// DefaultSASLMechanisms returns PLAIN and the SCRAM family, which begin no
// security layer.
func DefaultSASLMechanisms() []string { return slices.Clone(defaultMechanisms) }

// DefaultSubschemaEntries returns where OpenLDAP, 389 Directory Server,
// eDirectory and ApacheDS have their schema.
func DefaultSubschemaEntries() []string { return slices.Clone(defaultSubschema) }

// DefaultControls returns the OIDs of the controls that only change what a read
// returns, or guard an update: ManageDsaIT, DontUseCopy, authorization identity,
// password policy, domain scope, paged results, sorting, virtual list views,
// matched values, assertion, pre-read and post-read, subentries, extended DN and
// security descriptor flags.
func DefaultControls() []string { return slices.Clone(defaultControls) }

// DefaultRefusedAttributes returns the names of the attributes that hold
// passwords, their hashes and histories, keys, and credentials for other
// services.
func DefaultRefusedAttributes() []string {
	var names []string
	for _, s := range secrets {
		names = append(names, s.name)
	}
	return names
}
