package ldap

import (
	"strconv"
	"strings"

	"github.com/ldapedge/ldapedge/schemajson"
)

// NameError says that a request has a name that the server's schema does not
// define. Nothing has been sent. [Options.NoCheckNames] has requests sent
// regardless.
type NameError struct {
	// Kind is "attribute type" or "object class".
	Kind string
	// Name is the name, without options.
	Name string
	// Where is the part of the request: "attribute list" or "filter" of a search,
	// "comparison", "entry" of an addition, "change 2" of a modification.
	Where string
}

// Error returns kind, name and place in one line.
func (e *NameError) Error() string {
	return "the " + e.Where + " has " + strconv.QuoteToASCII(e.Name) + ", and the server's schema no such " + e.Kind
}

// uncheckedAttributes are attributes that are not looked for in a schema, in
// lower case: those that python ldap3 excludes, for few schemas define them.
var uncheckedAttributes = []string{
	"ldapsyntaxes", "matchingrules", "matchingruleuse", "ditcontentrules", "ditstructurerules", "nameforms",
	"altserver", "namingcontexts", "supportedcontrol", "supportedextension", "supportedfeatures", "supportedcapabilities",
	"supportedldapversion", "supportedsaslmechanisms", "vendorname", "vendorversion", "subschemasubentry", "acl",
}

// uncheckedClass is likewise the one class.
const uncheckedClass = "subschema"

// names checks names against a schema. Without one, a nil schema, it takes all.
type names struct{ schema *schemajson.SchemaInfo }

// attribute checks an attribute description; where names the part of the
// request.
func (n names) attribute(where, description string) error {
	if n.schema == nil {
		return nil
	}
	name, _, _ := strings.Cut(description, ";")
	if n.schema.AttributeType(name) != nil {
		return nil
	}
	for _, unchecked := range uncheckedAttributes {
		if strings.EqualFold(name, unchecked) {
			return nil
		}
	}
	return &NameError{"attribute type", name, where}
}

// class checks the name or OID of an object class.
func (n names) class(where, name string) error {
	if n.schema == nil || len(n.schema.ObjectClasses) == 0 || n.schema.ObjectClass(name) != nil || strings.EqualFold(name, uncheckedClass) {
		return nil
	}
	return &NameError{"object class", name, where}
}
