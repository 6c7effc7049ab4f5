package sasl_test

import (
	"context"
	"fmt"

	"github.com/ldapedge/ldapedge/ldap"
	"github.com/ldapedge/ldapedge/ldap/control"
	"github.com/ldapedge/ldapedge/ldap/message"
	"github.com/ldapedge/ldapedge/ldap/sasl"
)

func Example() {
	ctx := context.Background()
	change := func(c *ldap.Connection) error {
		if err := c.StartTLS(ctx); err != nil {
			return err
		}
		if _, err := c.BindSASL(ctx, sasl.Plain{User: "bob", Password: "secret"}); err != nil {
			return err
		}
		r, err := c.Modify(ctx, message.ModifyRequest{DN: "cn=alice,dc=example,dc=com", Changes: []message.Change{
			{Kind: message.ChangeReplace, Attribute: "mail", Values: []string{"alice@example.com"}},
			{Kind: message.ChangeDelete, Attribute: "description"},
		}}, control.PreRead{Attributes: []string{"mail"}}.Control())
		if ldap.IsNotFound(err) {
			return fmt.Errorf("there is no alice: %w", err)
		}
		if before, ok := r.Controls.Find(control.OIDPreRead); ok {
			entry, err := control.ParsePreRead(before)
			if err != nil {
				return err
			}
			fmt.Println(entry.DN())
		}
		return err
	}
	_ = change
}
