//go:build !js

package policy

import (
	"slices"
	"testing"

	"github.com/ldapedge/ldapedge/schemajson/offline"
)

// The OIDs are those of the servers' own schemas.
func TestSecretsAreAsInSchemas(t *testing.T) {
	found := 0
	for _, set := range offline.Names() {
		_, s, err := offline.Infos(set)
		if err != nil {
			t.Fatal(err)
		}
		for _, secret := range secrets {
			definition := s.AttributeType(secret.name)
			if definition == nil {
				continue
			}
			found++
			// Names that two vendors use for attributes of their own.
			shared := slices.Contains([]string{"privateKey", "pwdHistory"}, secret.name)
			if isNumericOID(definition.OID) && definition.OID != secret.oid && !shared {
				t.Errorf("%s: %s has the OID %s, not %q", set, secret.name, definition.OID, secret.oid)
			}
		}
	}
	if found < 50 {
		t.Errorf("only %d were found", found)
	}
	if err := (&Rules{RefusedAttributes: DefaultRefusedAttributes()}).Check(); err != nil {
		t.Error(err)
	}
}

// What is refused by default is no one's subtype: filters of common attributes
// pass with every schema.
func TestSecretsLeaveOthersAlone(t *testing.T) {
	for _, set := range offline.Names() {
		_, s, err := offline.Infos(set)
		if err != nil {
			t.Fatal(err)
		}
		a := newAttributeRules(&Rules{}, attributeTypes{schema: s})
		for k := range a.tested {
			if !a.refused[k] {
				t.Errorf("%s: a filter of %s is refused", set, k)
			}
		}
		for _, k := range []string{"cn", "name", "objectClass", "mail", "description", "2.5.4.3"} {
			if a.isTested(k) {
				t.Errorf("%s: %s is refused", set, k)
			}
		}
	}
}
