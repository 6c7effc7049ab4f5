package testserver

import (
	"bufio"
	"encoding/base64"
	"fmt"
	"io"
)

// Suffix is that of slapd's database.
const Suffix = "dc=example,dc=com"

// People writes LDIF with the suffix's entry, ou=people below it and that many
// people there: inetOrgPerson and posixAccount, with eleven attributes each, now
// and then of several values, not ASCII or binary.
func People(n int) func(io.Writer) error {
	return func(to io.Writer) error {
		w := bufio.NewWriter(to)
		fmt.Fprintf(w, "dn: %s\nobjectClass: dcObject\nobjectClass: organization\ndc: example\no: Example\n\n", Suffix)
		fmt.Fprintf(w, "dn: ou=people,%s\nobjectClass: organizationalUnit\nou: people\n\n", Suffix)
		for i := range n {
			person(w, i)
		}
		return w.Flush()
	}
}

func person(w io.Writer, i int) {
	given := []string{"Anna", "Björn", "Chloé", "David", "Élodie", "Farid"}[i%6]
	family := []string{"Schmidt", "Øverland", "Garcia", "Nguyen", "Dvořák"}[i/6%5]
	fmt.Fprintf(w, "dn: uid=person%d,ou=people,%s\nobjectClass: inetOrgPerson\nobjectClass: posixAccount\nuid: person%d\n", i, Suffix, i)
	for name, value := range map[string]string{"cn": fmt.Sprintf("%s %s %d", given, family, i), "sn": family, "givenName": given} {
		fmt.Fprintf(w, "%s:: %s\n", name, base64.StdEncoding.EncodeToString([]byte(value)))
	}
	fmt.Fprintf(w, "uidNumber: %d\ngidNumber: %d\nhomeDirectory: /home/person%d\n", 10_000+i, 100+i%20, i)
	// slapadd keeps values apart that are apart in LDIF: they go together.
	fmt.Fprintf(w, "mail: person%d@example.com\n", i)
	if i%4 == 0 {
		fmt.Fprintf(w, "mail: p%d@example.org\ntelephoneNumber: +1 555 %07d\n", i, i)
	}
	fmt.Fprintf(w, "telephoneNumber: +49 30 %07d\n", i)
	fmt.Fprintf(w, "description: Number %d of the people of this directory, whose like there are many\n", i)
	if i%100 == 0 {
		photo := make([]byte, 200)
		for j := range photo {
			photo[j] = byte(i + j)
		}
		fmt.Fprintf(w, "jpegPhoto:: %s\n", base64.StdEncoding.EncodeToString(photo))
	}
	fmt.Fprintln(w)
}
