package security

import (
	"bytes"
	"reflect"
	"strings"
	"testing"
)

// Texts that are read, and how they are written again in S-1-5-21-1-2-3.
var sddlTexts = []struct{ text, again string }{
	{"O:BAG:SYD:PAI(A;CIOI;GA;;;WD)S:AR", "O:BAG:SYD:PAI(A;OICI;GA;;;WD)S:AR"},
	{"S:D:G:SYO:ba", "O:BAG:SYD:S:"},
	{"  O: BA  G:SY  D: P AI ( a ; ci ; rp wp ; ; ; wd ) ", ""},
	{"  O: BA  G:SY  D: P AI ( a ; ci ; rpwp ; ; ; wd ) ", "O:BAG:SYD:PAI(A;CI;RPWP;;;WD)"},
	{"O:S-1-5-21-1-2-3-512D:", "O:DAD:"},
	{"O:S-1-5-21-9-2-3-512D:", "O:S-1-5-21-9-2-3-512D:"},
	{"O:S-1-0xdD:P", "O:S-1-13D:P"},
	{"D:NO_ACCESS_CONTROL", "D:NO_ACCESS_CONTROL"},
	{"D:Pno_access_controlS:", "D:PNO_ACCESS_CONTROLS:"},
	{"D:(A;;0x1200A9;;;BU)(A;;017;;;BU)(A;;31;;;BU)(A;;0;;;BU)", "D:(A;;0x1200a9;;;BU)(A;;CCDCLCSW;;;BU)(A;;CCDCLCSWRP;;;BU)(A;;;;;BU)"},
	{"D:(A;;FA;;;BU)(A;;FRFW;;;BU)(A;;KA;;;BU)(A;;KRKWKX;;;BU)(A;;FX;;;BU)",
		"D:(A;;0x1f01ff;;;BU)(A;;0x12019f;;;BU)(A;;CCDCLCSWRPWPSDRCWDWO;;;BU)(A;;CCDCLCSWRPRC;;;BU)(A;;0x1200a0;;;BU)"},
	{"D:(OA;CIIO;WP;BF967A7F-0DE6-11D0-A285-00AA003049E2;bf967aa5-0de6-11d0-a285-00aa003049e2;CA)",
		"D:(OA;CIIO;WP;bf967a7f-0de6-11d0-a285-00aa003049e2;bf967aa5-0de6-11d0-a285-00aa003049e2;CA)"},
	{"D:(OA;;WP;;;SY)(OD;;;;bf967aa5-0de6-11d0-a285-00aa003049e2;SY)", "D:(OA;;WP;;;SY)(OD;;;;bf967aa5-0de6-11d0-a285-00aa003049e2;SY)"},
	{"S:(AU;OICINPIOIDCRSAFA;CC;;;SY)(OU;FASA;CR;;;SY)(AL;;CC;;;SY)(OL;;CC;;;SY)",
		"S:(AU;OICINPIOIDCRSAFA;CC;;;SY)(OU;SAFA;CR;;;SY)(AL;;CC;;;SY)(OL;;CC;;;SY)"},
	{"S:(ML;;NXNW;;;HI)(ML;;0x9;;;HI)(ML;;0x3;;;ME)", "S:(ML;;NWNX;;;HI)(ML;;0x9;;;HI)(ML;;NWNR;;;ME)"},
	{"D:(XA;;GA;;;WD;#61727478)(XD;;GA;;;WD;#00)(ZA;;CR;;;WD;#AB)", "D:(XA;;GA;;;WD;#61727478)(XD;;GA;;;WD;#00)(ZA;;CR;;;WD;#ab)"},
	{"D:(A;;CC;;;WD;)(TYPE0;;CC;;;WD)(TYPE15;;;;;)(type14;;;;;;#0a)", "D:(A;;CC;;;WD)(A;;CC;;;WD)(TYPE15;;;;;)(TYPE14;;;;;;#0a)"},
	{"O:EAG:RO", "O:EAG:RO"},
	{"", ""},
}

func TestSDDL(t *testing.T) {
	domain := testDomain(t)
	for _, c := range sddlTexts {
		d, err := ParseSDDL(c.text, domain)
		if err != nil {
			if c.again != "" {
				t.Errorf("%s: %v", c.text, err)
			}
			continue
		}
		if got := d.SDDLIn(domain); got != c.again {
			t.Errorf("%s:\n%s, want\n%s", c.text, got, c.again)
		}
		if again := mustParse(t, d.Binary()); !reflect.DeepEqual(again, d) && c.text != "" {
			t.Errorf("%s: %+v, read again %+v", c.text, d, again)
		}
	}
}

// Each alias is written for its SID and read as it, domains' in their own alone.
func TestSDDLAliases(t *testing.T) {
	domain := testDomain(t)
	for _, w := range wellKnownSIDs {
		d := Descriptor{Owner: mustSID(t, w.sid)}
		want := w.alias
		if want == "" {
			want = w.sid
		}
		if got := d.SDDL(); got != "O:"+want {
			t.Errorf("%s: %s", w.sid, got)
		}
		if again, err := ParseSDDL("O:"+want, SID{}); err != nil || again.Owner != d.Owner {
			t.Errorf("%s: %+v, %v", want, again, err)
		}
	}
	for _, a := range domainSIDs {
		sid, _ := domain.child(a.rid)
		d := Descriptor{Owner: sid}
		if got := d.SDDL(); got != "O:"+sid.String() {
			t.Error(got)
		}
		if a.alias == "" {
			continue
		}
		if got := d.SDDLIn(domain); got != "O:"+a.alias {
			t.Errorf("%s: %s", sid, got)
		}
		if again, err := ParseSDDL("O:"+a.alias, domain); err != nil || again.Owner != sid {
			t.Errorf("%s: %+v, %v", a.alias, again, err)
		}
	}
}

func TestSDDLErrors(t *testing.T) {
	long := "D:" + strings.Repeat("(A;;CC;;;WD)", 3277)
	for _, c := range []struct{ text, want string }{
		{"x", `byte 0: "O:", "G:", "D:" or "S:" is expected, not "x"`},
		{"O:BAX:BA", `byte 4: "O:", "G:", "D:" or "S:" is expected`},
		{"O:BAO:BA", "byte 4: O: is there twice"},
		{"O:", `byte 2: neither a token of two letters nor a SID: "" does not begin`},
		{"O:G:BA", `byte 2: neither`},
		{"O:S-1-5-x", `byte 8: neither a token of two letters nor a SID: the sub-authority "x"`},
		{"O:QQ", `byte 2: "QQ" stands for no SID`},
		{"O:BAD:PX", `byte 7: P, AR, AI, NO_ACCESS_CONTROL or an ACE is expected, not "X"`},
		{"D:NO_ACCESS_CONTROL(A;;GA;;;WD)", `byte 19: "O:"`},
		{"D:(A;;GA;;;WD", "byte 2: the ACE has no end"},
		{"D:(A;;GA;;WD)", "byte 2: the ACE has 5 fields of 6"},
		{"D:(A;;GA;;;WD;;)", "byte 2: the ACE has more than 7 fields"},
		{"D:((A;;GA;;;WD)", `byte 3: an ACE has no "(" in it`},
		{"D:(Q;;GA;;;WD)", `byte 3: "Q" is no type of an ACE`},
		{"D:(0x00;;GA;;;WD)", `byte 3: "0x00" is no type of an ACE`},
		{"D:(TYPE100;;GA;;;WD)", `byte 3: "TYPE100" is no type of an ACE`},
		{"D:(A;CIXX;GA;;;WD)", `byte 7: "XX" is no flag of an ACE`},
		{"D:(A;CI OI;GA;;;WD)", `byte 7: " OI" is no flag of an ACE`},
		{"D:(A;;GAX;;;WD)", `byte 8: "X" is no right`},
		{"D:(A;;NW;;;WD)", `byte 6: "NW" is no right`},
		{"D:(A;;0x1ffffffff;;;WD)", `byte 6: the rights "0x1ffffffff" are no number of 32 bits`},
		{"D:(A;;08;;;WD)", `byte 6: the rights "08"`},
		{"D:(A;;0x;;;WD)", `byte 6: the rights "0x"`},
		{"D:(A;;1GA;;;WD)", `byte 6: the rights "1GA"`},
		{"D:(A;;CR;00299570-246d-11d0-a768-00aa006e0529;;WD)", "byte 9: an ACE of type accessAllowed has no GUID"},
		{"D:(A;;CR;;00299570-246d-11d0-a768-00aa006e0529;WD)", "byte 10: an ACE of type accessAllowed has no GUID"},
		{"D:(OA;;CR;00299570;;WD)", `byte 10: "00299570" is no GUID`},
		{"D:(A;;CR;;;)", "byte 11: neither"},
		{"D:(A;;GA;;;WD;x)", `byte 14: # and pairs of hexadecimal digits are expected, not "x"`},
		{"D:(A;;GA;;;WD;#)", "byte 14: #"},
		{"D:(A;;GA;;;WD;#123)", "byte 14: #"},
		{"D:(A;;GA;;;WD;#12x3)", `byte 17: "x3" are no hexadecimal digits`},
		{"D:(XA;;GA;;;WD;(@User.a == 1))", "byte 15: conditions and claims are not read as expressions"},
		{"D:(TYPE14;;GA;;;)", "byte 11: nothing but flags and data is known of an ACE of type 0x14"},
		{long, "byte 39314: the list is longer than 65535 bytes"},
	} {
		d, err := ParseSDDL(c.text, testDomain(t))
		if err == nil || d != nil || !strings.HasPrefix(err.Error(), "SDDL, "+c.want) {
			t.Errorf("%.60s: %v, want %s", c.text, err, c.want)
		}
	}
	if _, err := ParseSDDL("O:DA", SID{}); err == nil || !strings.HasSuffix(err.Error(), `"DA" is an account of a domain, and none is given`) {
		t.Error(err)
	}
	if _, err := ParseSDDL("O:DA", mustSID(t, "S-1-5"+strings.Repeat("-1", 15))); err == nil || !strings.HasSuffix(err.Error(), "has no room for one") {
		t.Error(err)
	}
}

func FuzzSDDL(f *testing.F) {
	for _, c := range sddlTexts {
		f.Add(c.text)
	}
	for _, c := range descriptors {
		f.Add(c.sddl)
	}
	domain := testDomain(f)
	f.Fuzz(func(t *testing.T, s string) {
		d, err := ParseSDDL(s, domain)
		if err != nil {
			_ = err.Error()
			return
		}
		text := d.SDDLIn(domain)
		again, err := ParseSDDL(text, domain)
		if err != nil || !reflect.DeepEqual(again, d) {
			t.Fatalf("%s: %+v, then %+v, %v", text, d, again, err)
		}
		read, err := Parse(d.Binary())
		if err != nil || !bytes.Equal(read.Binary(), d.Binary()) || read.SDDLIn(domain) != text {
			t.Fatalf("%s: %v", text, err)
		}
	})
}
