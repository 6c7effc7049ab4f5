//go:build !js

package offline_test

import (
	"fmt"
	"log"

	"github.com/ldapedge/ldapedge/schemajson/offline"
)

func Example() {
	fmt.Println(offline.Names())

	set, err := offline.Load("slapd_2_5")
	if err != nil {
		log.Fatal(err)
	}
	must, _ := set.Schema.ClassAttributes(set.Schema.ObjectClass("posixAccount"))
	for _, a := range must {
		fmt.Println("must have", a.Name)
	}
	fmt.Println("paged results:", set.Info.HasControl("1.2.840.113556.1.4.319"))
	// Output:
	// [AD_2012_R2 AD_2016 DS389_1_3_3 DS389_2_3 EDIR_8_8_8 EDIR_9_1_4 SLAPD_2_4 SLAPD_2_5]
	// must have cn
	// must have uid
	// must have uidNumber
	// must have gidNumber
	// must have homeDirectory
	// must have objectClass
	// paged results: true
}
