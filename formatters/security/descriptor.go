package security

// Descriptor is a security descriptor ([MS-DTYP] 2.4.6).
type Descriptor struct {
	Control Control
	// ResourceManager is the byte after the revision (Sbz1), which means
	// something with ResourceManagerControlValid alone.
	ResourceManager uint8
	// Owner and Group are zero where the descriptor has none.
	Owner, Group SID
	// DACL says who may do what. nil is one of two: with DACLPresent in Control a
	// null DACL, which lets everyone do everything, else no DACL.
	DACL *ACL
	// SACL says what is audited, and labels. nil as DACL.
	SACL *ACL
	// Layout is the order of the parts in the binary form.
	Layout Layout
}

// Layout is the order in which the parts of a descriptor follow each other.
// Readers need not care: the header says where each is.
type Layout uint8

const (
	// WindowsLayout is SACL, DACL, owner, group, as Windows writes them.
	WindowsLayout Layout = iota
	// SambaLayout is owner, group, SACL, DACL, as Samba writes them.
	SambaLayout
)

// ACL is an access control list ([MS-DTYP] 2.4.5).
type ACL struct {
	// Revision is ACLRevision or, with ACEs for objects and always in a
	// directory, ACLRevisionDS.
	Revision uint8
	// ACEs are the entries, in their order.
	ACEs []ACE
}

// The revisions of an ACL.
const (
	ACLRevision   = 2
	ACLRevisionDS = 4
)

const (
	descriptorRevision = 1
	descriptorHead     = 20
	aclHead            = 8
	aceHead            = 4
	maxACL             = 1<<16 - 1
)
