//go:build !js

package formatters

import "github.com/ldapedge/ldapedge/schemajson/oids"

// namesOf returns the names that the registry has for an OID.
func namesOf(oid string) []string {
	info, _ := oids.Lookup(oid)
	return info.Names
}
