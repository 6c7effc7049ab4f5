package security

import (
	"bytes"
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/ldapedge/ldapedge/formatters/guid"
)

// Descriptors in their binary form, with their SDDL in the domain S-1-5-21-1-2-3.
var descriptors = []struct{ name, raw, sddl string }{
	{"as Samba writes",
		"01 00 1480 14000000 24000000 30000000 4c000000" +
			"01 02 000000000005 20000000 20020000" +
			"01 01 000000000005 12000000" +
			"04 00 1c00 0100 0000" + "02 40 1400 01000000 01 01 000000000001 00000000" +
			"04 00 1c00 0100 0000" + "00 00 1400 00000010 01 01 000000000001 00000000",
		"O:BAG:SYD:(A;;GA;;;WD)S:(AU;SA;CC;;;WD)"},
	{"as Windows writes: SACL, DACL, owner, group",
		"01 00 148c 94000000 b0000000 14000000 34000000" +
			"04 00 2000 0100 0000" + "02 c2 1800 28000d00 01 02 000000000005 20000000 20020000" +
			"04 00 6000 0200 0000" +
			"05 12 3800 00010000 03000000" +
			"70952900 6d24 d011 a768 00aa006e0529" + "ba7a96bf e60d d011 a285 00aa003049e2" + "01 01 000000000005 0a000000" +
			"00 00 2000 ff010f00" + "01 04 000000000005 15000000 01000000 02000000 03000000" +
			"01 05 000000000005 15000000 01000000 02000000 03000000 00020000" +
			"01 05 000000000005 15000000 01000000 02000000 03000000 01020000",
		"O:DAG:DUD:AI(OA;CIID;CR;00299570-246d-11d0-a768-00aa006e0529;bf967aba-0de6-11d0-a285-00aa003049e2;PS)" +
			"(A;;CCDCLCSWRPWPDTLOCRSDRCWDWO;;;S-1-5-21-1-2-3)S:AI(AU;CISAFA;SWWPSDWDWO;;;BA)"},
	{"nothing", "01 00 0080 00000000 00000000 00000000 00000000", ""},
	{"null lists", "01 00 1480 00000000 00000000 00000000 00000000", "D:NO_ACCESS_CONTROLS:NO_ACCESS_CONTROL"},
	{"empty list", "01 00 0495 00000000 00000000 00000000 14000000 04 00 0800 0000 0000", "D:PARAI"},
	{"defaulted, with the resource manager's byte", "01 07 0bc0 14000000 00000000 00000000 00000000 01 01 000000000005 12000000", "O:SY"},
	{"condition, unknown type, type without a token, label, scoped policy",
		"01 00 1480 00000000 00000000 14000000 58000000" +
			"02 00 4400 0300 0000" +
			"11 00 1400 03000000 01 01 000000000010 00100000" +
			"13 00 1400 00000000 01 01 000000000011 01000000" +
			"12 00 1400 00000000 01 01 000000000001 00000000" +
			"02 00 4400 0300 0000" +
			"09 00 1800 00000010 01 01 000000000001 00000000 61727478" +
			"14 02 0800 deadbeef" +
			"0c 10 1c00 00010000 00000000 01 01 000000000005 12000000 0a0b0c0d",
		"D:(XA;;GA;;;WD;#61727478)(TYPE14;CI;;;;;#deadbeef)(TYPE0c;ID;CR;;;SY;#0a0b0c0d)" +
			"S:(ML;;NWNR;;;LW)(SP;;;;;S-1-17-1)(RA;;;;;WD)"},
}

func testDomain(t testing.TB) SID { return mustSID(t, "S-1-5-21-1-2-3") }

func mustParse(t testing.TB, raw []byte) *Descriptor {
	t.Helper()
	d, err := Parse(raw)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestDescriptor(t *testing.T) {
	for _, c := range descriptors {
		t.Run(c.name, func(t *testing.T) {
			raw := unhex(t, c.raw)
			d := mustParse(t, raw)
			if got := d.Binary(); !bytes.Equal(got, raw) {
				t.Errorf("binary:\n%x, want\n%x", got, raw)
			}
			if got := d.SDDLIn(testDomain(t)); got != c.sddl {
				t.Errorf("SDDL %s, want\n%s", got, c.sddl)
			}
			again, err := ParseSDDL(c.sddl, testDomain(t))
			if err != nil {
				t.Fatal(err)
			}
			for _, l := range []*ACL{d.DACL, d.SACL} {
				if l != nil {
					l.Revision = ACLRevisionDS
				}
			}
			const said = DACLPresent | SACLPresent | DACLProtected | SACLProtected | DACLAutoInherited | SACLAutoInherited |
				DACLAutoInheritRequired | SACLAutoInheritRequired | SelfRelative
			d.Control, d.ResourceManager, d.Layout = d.Control&said, 0, 0
			if !reflect.DeepEqual(again, d) {
				t.Errorf("read again:\n%+v, want\n%+v", again, d)
			}
		})
	}
}

// The parts may be anywhere, also in each other.
func TestDescriptorWithGaps(t *testing.T) {
	d := mustParse(t, unhex(t, "01 00 0480 30000000 30000000 00000000 18000000"+
		"ffffffff"+"02 00 1800 0100 0000"+"ff 00 0400"+"eeeeeeee eeeeeeee eeeeeeee"+"01 01 000000000005 12000000"+"ff"))
	if d.Owner.String() != "S-1-5-18" || d.Group != d.Owner || len(d.DACL.ACEs) != 1 || d.Layout != WindowsLayout {
		t.Errorf("%+v", d)
	}
	again := mustParse(t, d.Binary())
	if !reflect.DeepEqual(d, again) {
		t.Errorf("%+v, then %+v", d, again)
	}
}

// A list that is not said to be present is none, whatever its offset.
func TestAbsentList(t *testing.T) {
	d := mustParse(t, unhex(t, "01 00 0080 00000000 00000000 ffffffff 14000000 04 00 0800 0000 0000"))
	if d.DACL != nil || d.SACL != nil {
		t.Errorf("%+v", d)
	}
}

func TestDescriptorErrors(t *testing.T) {
	const head = "01 00 0480 00000000 00000000 00000000 14000000"
	for _, c := range []struct {
		raw, want string
	}{
		{"", "byte 0: it ends in the header"},
		{"01 00 0480 00000000 00000000 00000000 140000", "byte 19: it ends in the header"},
		{"02 00 0480 00000000 00000000 00000000 00000000", "byte 0: the revision is 2"},
		{"01 00 0400 00000000 00000000 00000000 00000000", "byte 2: the control bits do not say self-relative"},
		{"01 00 0080 13000000 00000000 00000000 00000000", "byte 4: the offset of the owner, 19, is in the header"},
		{"01 00 0080 00000000 14000000 00000000 00000000", "byte 8: the offset of the group, 20, is beyond the end, 20"},
		{"01 00 1080 00000000 00000000 ffffffff 00000000", "byte 12: the offset of the SACL, 4294967295, is beyond"},
		{"01 00 0080 14000000 00000000 00000000 00000000 01 01 00000000 0005", "byte 28: the SID of the owner: it ends before the last"},
		{head + "04 00 0800", "byte 24: it ends in the header of the DACL"},
		{head + "04 00 0700 0000 0000", "byte 22: the size of the DACL, 7, is not from 8 to the 8 bytes"},
		{head + "04 00 0900 0000 0000", "byte 22: the size of the DACL, 9,"},
		{head + "04 00 0800 0100 0000", "byte 24: 1 ACEs cannot be in the DACL of 8 bytes"},
		{head + "04 00 0c00 0100 0000 00 00 0300", "byte 30: DACL's ACE 0: its size, 3, is not from 4 to the 4 bytes"},
		{head + "04 00 0c00 0100 0000 00 00 0500 00", "byte 30: DACL's ACE 0: its size, 5,"},
		{head + "04 00 0c00 0100 0000 00 00 0400", "byte 32: DACL's ACE 0: it ends before its mask"},
		{head + "04 00 1000 0100 0000 05 00 0800 00000000", "byte 36: DACL's ACE 0: it ends before its object flags"},
		{head + "04 00 1400 0100 0000 05 00 0c00 00000000 01000000", "byte 40: DACL's ACE 0: it ends in a GUID"},
		{head + "04 00 1000 0100 0000 00 00 0800 00000000", "byte 36: DACL's ACE 0: the SID of the trustee: it ends after 0 bytes"},
		{head + "04 00 1000 0200 0000 ff 00 0800 00000000", "byte 36: DACL's ACE 1: the list ends before it"},
	} {
		d, err := Parse(unhex(t, c.raw))
		if err == nil || d != nil || !strings.HasPrefix(err.Error(), "security descriptor, "+c.want) {
			t.Errorf("%s: %v, want %s", c.raw, err, c.want)
		}
	}
}

// What is cut anywhere is an error or a shorter descriptor, and no panic.
func TestCutDescriptors(t *testing.T) {
	for _, c := range descriptors {
		raw := unhex(t, c.raw)
		for n := range raw {
			if d, err := Parse(raw[:n]); err == nil && d.Binary() == nil {
				t.Errorf("%s, %d bytes: no binary form", c.name, n)
			}
		}
	}
}

func TestBinaryRefuses(t *testing.T) {
	everyone := mustSID(t, "S-1-1-0")
	long := ACE{Type: AccessAllowedCallback, SID: everyone, ApplicationData: make([]byte, 40000)}
	for _, c := range []struct {
		d    Descriptor
		want string
	}{
		{Descriptor{DACL: &ACL{ACEs: []ACE{{Type: AccessAllowed}}}}, "DACL's ACE 0: it has no SID"},
		{Descriptor{SACL: &ACL{ACEs: []ACE{{Type: 0x20, Raw: make([]byte, 65532)}}}}, "SACL's ACE 0: it is longer than 65535 bytes"},
		{Descriptor{SACL: &ACL{ACEs: []ACE{{Type: 0x20}, long, long}}}, "the SACL is longer than 65535 bytes with its ACE 2"},
	} {
		if raw, err := c.d.AppendBinary(nil); err == nil || err.Error() != c.want || raw != nil || c.d.Binary() != nil {
			t.Errorf("%v, want %s", err, c.want)
		}
	}
}

// Lists that are there are present without anybody's saying so.
func TestBinaryOfBuilt(t *testing.T) {
	d := &Descriptor{SACL: &ACL{Revision: 2}, DACL: &ACL{Revision: 4}}
	raw, err := d.AppendBinary([]byte("before"))
	if err != nil {
		t.Fatal(err)
	}
	again := mustParse(t, raw[len("before"):])
	if again.Control != SelfRelative|DACLPresent|SACLPresent || again.DACL.Revision != 4 || again.SACL.Revision != 2 {
		t.Errorf("%+v", again)
	}
}

func TestNames(t *testing.T) {
	if got := Control(0xffff).Names(); len(got) != 16 || got[0] != "ownerDefaulted" || got[10] != "daclAutoInherited" || got[15] != "selfRelative" {
		t.Error(got)
	}
	if SelfRelative != 0x8000 || DACLProtected != 0x1000 || DACLAutoInherited != 0x400 || DACLAutoInheritRequired != 0x100 {
		t.Error("the bits of Control are not in their places")
	}
	if got := ACEFlags(0x52).Names(); !slices.Equal(got, []string{"containerInherit", "inherited", "successfulAccess"}) {
		t.Error(got)
	}
	if got := AccessMask(0xf01ff).Names(); len(got) != 13 || got[0] != "createChild" || got[12] != "writeOwner" {
		t.Error(got)
	}
	if got := AccessMask(0xffffffff).Names(); len(got) != len(directoryRights) {
		t.Error(got)
	}
	label := ACE{Type: SystemMandatoryLabel, Mask: 5}
	if got := label.RightNames(); !slices.Equal(got, []string{"noWriteUp", "noExecuteUp"}) {
		t.Error(got)
	}
}

func TestRightName(t *testing.T) {
	if !slices.IsSortedFunc(rights, func(a, b namedRight) int { return strings.Compare(a.guid, b.guid) }) {
		t.Error("the table is not sorted")
	}
	for i, r := range rights {
		g, err := guid.Parse(r.guid)
		if err != nil || RightName(g) != r.name || i > 0 && rights[i-1].guid == r.guid {
			t.Errorf("%s, %s: %s", r.guid, r.name, RightName(g))
		}
	}
	for _, other := range []string{"00000000-0000-0000-0000-000000000000", "bf967aba-0de6-11d0-a285-00aa003049e2", "ffffffff-0000-0000-0000-000000000000"} {
		g, _ := guid.Parse(other)
		if name := RightName(g); name != "" {
			t.Errorf("%s is %s", other, name)
		}
	}
}

func TestJSON(t *testing.T) {
	for _, c := range []struct{ sddl, want string }{
		{"", `{"control":["selfRelative"]}`},
		{"O:SYG:DAD:NO_ACCESS_CONTROL", `{"control":["daclPresent","selfRelative"],"owner":"S-1-5-18","group":"S-1-5-21-1-2-3-512","dacl":null}`},
		{"D:P", `{"control":["daclPresent","daclProtected","selfRelative"],"dacl":[]}`},
		{"D:(OA;CI;0xf01ff;bf967aba-0de6-11d0-a285-00aa003049e2;;AU)(A;;;;;WD)S:(ML;;NW;;;LW)(XU;SA;CR;;;WD;#0102)(TYPE14;;;;;;#ff)",
			`{"control":["daclPresent","saclPresent","selfRelative"],"dacl":[` +
				`{"type":"accessAllowedObject","flags":["containerInherit"],"mask":983551,"rights":["createChild","deleteChild","listContents","self",` +
				`"readProperty","writeProperty","deleteTree","listObject","controlAccess","delete","readControl","writeDACL","writeOwner"],` +
				`"objectType":"bf967aba-0de6-11d0-a285-00aa003049e2","sid":"S-1-5-11"},` +
				`{"type":"accessAllowed","flags":[],"mask":0,"rights":[],"sid":"S-1-1-0"}],"sacl":[` +
				`{"type":"systemMandatoryLabel","flags":[],"mask":1,"rights":["noWriteUp"],"sid":"S-1-16-4096"},` +
				`{"type":"systemAuditCallback","flags":["successfulAccess"],"mask":256,"rights":["controlAccess"],"sid":"S-1-1-0","applicationData":"AQI="},` +
				`{"type":"0x14","flags":[],"raw":"/w=="}]}`},
	} {
		d, err := ParseSDDL(c.sddl, testDomain(t))
		if err != nil {
			t.Fatal(err)
		}
		if got := string(d.AppendJSON(nil)); got != c.want {
			t.Errorf("%s:\n%s, want\n%s", c.sddl, got, c.want)
		}
		if marshalled, err := json.Marshal(d); err != nil || string(marshalled) != c.want {
			t.Errorf("%s: %s, %v", c.sddl, marshalled, err)
		}
	}
	d := Descriptor{ResourceManager: 7, DACL: &ACL{ACEs: []ACE{{Type: AccessAllowedObject, ObjectFlags: InheritedObjectTypePresent}}}}
	if got, want := string(d.AppendJSON(nil)), `{"control":[],"resourceManager":7,"dacl":[{"type":"accessAllowedObject","flags":[],"mask":0,"rights":[],`+
		`"inheritedObjectType":"00000000-0000-0000-0000-000000000000"}]}`; got != want {
		t.Errorf("%s, want\n%s", got, want)
	}
}

func FuzzDescriptor(f *testing.F) {
	for _, c := range descriptors {
		f.Add(unhex(f, c.raw))
	}
	domain := testDomain(f)
	f.Fuzz(func(t *testing.T, raw []byte) {
		d, err := Parse(raw)
		if err != nil {
			_ = err.Error()
			return
		}
		binary := d.Binary()
		if binary == nil {
			t.Fatal("it has no binary form")
		}
		again, err := Parse(binary)
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(d, again) {
			t.Fatalf("%+v, then\n%+v", d, again)
		}
		if !json.Valid(d.AppendJSON(nil)) {
			t.Errorf("%s is no JSON", d.AppendJSON(nil))
		}
		sddl := d.SDDLIn(domain)
		read, err := ParseSDDL(sddl, domain)
		if err != nil {
			t.Fatalf("%s: %v", sddl, err)
		}
		if got := read.SDDLIn(domain); got != sddl {
			t.Errorf("%s, then\n%s", sddl, got)
		}
	})
}
