//go:build !js

package schemajson

import "os"

// SchemaInfoFromFile reads a schema from a file in ldap3's format; see
// [SchemaInfoFromJSON].
func SchemaInfoFromFile(name string) (*SchemaInfo, error) {
	b, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	return SchemaInfoFromJSON(b)
}

// ToFile writes the schema to a file in ldap3's format. options may be nil.
func (s *SchemaInfo) ToFile(name string, o *JSONOptions) error {
	return os.WriteFile(name, s.JSON(o), 0o644)
}

// DsaInfoFromFile reads a root DSE from a file in ldap3's format; see
// [DsaInfoFromJSON].
func DsaInfoFromFile(name string) (*DsaInfo, error) {
	b, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	return DsaInfoFromJSON(b)
}

// ToFile writes the root DSE to a file in ldap3's format. options may be nil.
func (d *DsaInfo) ToFile(name string, o *JSONOptions) error {
	return os.WriteFile(name, d.JSON(o), 0o644)
}
