package integration

import (
	"bytes"
	"encoding/hex"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/ldapedge/ldapedge/formatters/security"
	"github.com/ldapedge/ldapedge/integration/testserver"
	"github.com/ldapedge/ldapedge/ldap"
	"github.com/ldapedge/ldapedge/ldap/message"
)

const securityDomain = "S-1-5-21-1004336348-1177238915-682003330"

// sambaDescriptor is what is asked of Samba, and what it answers.
type sambaDescriptor struct {
	SDDL   string `json:"sddl,omitempty"`
	Hex    string `json:"hex,omitempty"`
	Domain string `json:"domain,omitempty"`
	Error  string `json:"error,omitempty"`
}

// askSamba lets Samba read descriptors in text or binary form.
func askSamba(t *testing.T, questions []sambaDescriptor) (answers []sambaDescriptor) {
	t.Helper()
	answers = fromJSON[sambaDescriptor](t, askPython(t, toJSON(t, questions...), "samba_security.py"))
	if len(answers) != len(questions) {
		t.Fatalf("%d of %d descriptors are answered", len(answers), len(questions))
	}
	return answers
}

func askSambaTexts(t *testing.T, texts []string) []sambaDescriptor {
	t.Helper()
	questions := make([]sambaDescriptor, len(texts))
	for i, s := range texts {
		questions[i] = sambaDescriptor{SDDL: s, Domain: securityDomain}
	}
	return askSamba(t, questions)
}

func parseSID(t *testing.T, s string) security.SID {
	t.Helper()
	sid, err := security.ParseSIDText(s)
	if err != nil {
		t.Fatal(err)
	}
	return sid
}

// ourReading is a descriptor's text as we read it: the binary form, and the text
// again.
func ourReading(t *testing.T, sddl string) (binary, text string, err error) {
	t.Helper()
	domain := parseSID(t, securityDomain)
	d, err := security.ParseSDDL(sddl, domain)
	if err != nil {
		return "", "", err
	}
	d.Layout = security.SambaLayout
	return hex.EncodeToString(d.Binary()), d.SDDLIn(domain), nil
}

// compareWithSamba compares binary form and text of what Samba answered to
// texts, and the binary form as we read and write it.
func compareWithSamba(t *testing.T, texts []string) {
	t.Helper()
	domain := parseSID(t, securityDomain)
	asked := make([]string, len(texts))
	for i, s := range texts {
		asked[i] = strings.ReplaceAll(s, "D: (", "D:(") // see readingDifferences
	}
	for i, samba := range askSambaTexts(t, asked) {
		if samba.Error != "" {
			t.Errorf("%s: Samba: %s", texts[i], samba.Error)
			continue
		}
		binary, text, err := ourReading(t, texts[i])
		if err != nil {
			t.Errorf("%s: %v", texts[i], err)
			continue
		}
		if binary != samba.Hex {
			t.Errorf("%s: binary\n%s, Samba\n%s", texts[i], binary, samba.Hex)
		}
		if want := asWindowsWrites(samba.SDDL); text != want {
			t.Errorf("%s: text\n%s, Samba\n%s", texts[i], text, want)
		}
		compareBinary(t, samba, domain)
	}
}

// compareBinary reads Samba's binary form and compares all that we make of it.
func compareBinary(t *testing.T, samba sambaDescriptor, domain security.SID) {
	t.Helper()
	raw, err := hex.DecodeString(samba.Hex)
	if err != nil {
		t.Fatal(err)
	}
	d, err := security.Parse(raw)
	if err != nil {
		t.Errorf("%s: %v", samba.Hex, err)
		return
	}
	if again := d.Binary(); !bytes.Equal(again, raw) {
		t.Errorf("binary\n%x, Samba\n%x", again, raw)
	}
	if text, want := d.SDDLIn(domain), asWindowsWrites(samba.SDDL); text != want {
		t.Errorf("text\n%s, Samba\n%s", text, want)
	}
}

// writingDifferences are where Samba 4.17 writes text otherwise than Windows, and
// than Samba from 4.19 on, which we follow.
var writingDifferences = []struct {
	reason    string
	rights    *regexp.Regexp
	asWindows func(string) string
}{
	{"the order of rights is that of Windows 2000's schema; [MS-DTYP] 2.5.1.1 asks for none, and Windows writes them from the lowest bit on",
		regexp.MustCompile(`^([A-Z]{2})+$`), orderedRights},
	{"a number is filled up to eight digits; Windows fills nothing up",
		regexp.MustCompile(`^0x`), func(s string) string { return "0x" + strings.TrimLeft(s[2:], "0") }},
}

var rightsOrder = strings.Fields("CC DC LC SW RP WP DT LO CR SD RC WD WO GA GX GW GR")

func orderedRights(s string) string {
	var all []string
	for ; s != ""; s = s[2:] {
		all = append(all, s[:2])
	}
	slices.SortFunc(all, func(a, b string) int { return slices.Index(rightsOrder, a) - slices.Index(rightsOrder, b) })
	return strings.Join(all, "")
}

var aceText = regexp.MustCompile(`\([^;]*;[^;]*;([^;]*);`)

// asWindowsWrites undoes the differences in the rights of Samba's text.
func asWindowsWrites(sddl string) string {
	return aceText.ReplaceAllStringFunc(sddl, func(ace string) string {
		fields := strings.Split(ace, ";")
		for _, d := range writingDifferences {
			if d.rights.MatchString(fields[2]) {
				fields[2] = d.asWindows(fields[2])
			}
		}
		return strings.Join(fields, ";")
	})
}

// readingDifferences are texts that Samba 4.17 reads otherwise than we do. Each is
// checked to be one still.
var readingDifferences = []struct {
	sddl, reason string
	// samba is what Samba makes of it, as text; empty if it refuses.
	samba string
	// ours is our text; empty if we refuse.
	ours string
}{
	{"D:(a;ci;ga;;;wd)", "a string in ABNF stands for either case (RFC 5234 2.3)",
		"", "D:(A;CI;GA;;;WD)"},
	{"D: (A;;GA;;;WD)", "spaces between parts are harmless, and Microsoft's schema has this one",
		"", "D:(A;;GA;;;WD)"},
	{"D:PS:P", "Samba takes the S of what follows for a flag, and cannot read what it writes itself",
		"", "D:PS:P"},
	{"D:(A;CI OI;GA;;;WD)", "Samba drops what follows a space in the flags; [MS-DTYP] 2.5.1.1 has no space there",
		"D:(A;CI;GA;;;WD)", ""},
	{"D:(A;;CC DC;;;WD)", "Samba drops what follows a space in the rights; [MS-DTYP] 2.5.1.1 has no space there",
		"D:(A;;CC;;;WD)", ""},
	{"D:(A;;3;;;WD)", "a number may be decimal ([MS-DTYP] 2.5.1.1); Samba takes it for no right",
		"D:(A;;;;;WD)", "D:(A;;CCDC;;;WD)"},
	{"D:(A;;017;;;WD)", "a number may be octal ([MS-DTYP] 2.5.1.1); Samba takes it for no right",
		"D:(A;;;;;WD)", "D:(A;;CCDCLCSW;;;WD)"},
	{"D:(A;;0x1ffffffff;;;WD)", "Samba makes every right of a number of more than 32 bits",
		"D:(A;;0xffffffff;;;WD)", ""},
	{"D:(A;;FA;;;WD)", "FA is FILE_ALL_ACCESS, 0x1f01ff; Samba leaves out the standard rights",
		"D:(A;;CCDCLCSWRPWPDTLOCR;;;WD)", "D:(A;;0x1f01ff;;;WD)"},
	{"D:(A;;KA;;;WD)", "rights of registry keys are rights, too; Samba does not know them",
		"", "D:(A;;CCDCLCSWRPWPSDRCWDWO;;;WD)"},
	{"D:(A;;CR;00299570-246d-11d0-a768-00aa006e0529;;WD)", "Samba drops a GUID that the ACE has no place for, and so allows more",
		"D:(A;;CR;;;WD)", ""},
	{"D:(A;CR;GA;;;WD)", "Samba does not know the flag CR of later Windows",
		"", "D:(A;CR;GA;;;WD)"},
	{"O:S-1-0x123456789abc-5", "Samba does not read an authority in hexadecimal ([MS-DTYP] 2.4.2.1)",
		"", "O:S-1-0x123456789abc-5"},
	{"D:NO_ACCESS_CONTROL", "Samba does not know the null list of Windows' sddl.h",
		"", "D:NO_ACCESS_CONTROL"},
	{"S:(ML;;NWNR;;;LW)", "Samba 4.17 does not know mandatory labels ([MS-DTYP] 2.4.4.13)",
		"", "S:(ML;;NWNR;;;LW)"},
	{"S:(SP;;;;;S-1-17-1)", "Samba 4.17 does not know scoped policies ([MS-DTYP] 2.4.4.16)",
		"", "S:(SP;;;;;S-1-17-1)"},
	{"D:(XA;;GA;;;WD;#61727478)", "Samba 4.17 does not know conditions, and their form in hexadecimal is ours",
		"", "D:(XA;;GA;;;WD;#61727478)"},
	{"D:(TYPE0c;;CR;;;WD)", "types as numbers are ours",
		"", "D:(TYPE0c;;CR;;;WD)"},
	{"D:(0x0c;;CR;;;WD)", "Samba takes a type that does not begin with a capital letter for A",
		"D:(A;;CR;;;WD)", ""},
	{"D:(A;;GA;;;WD;#00)", "bytes without a meaning after the SID are kept in a form that is ours; Samba skips it",
		"D:(A;;GA;;;WD)", "D:(A;;GA;;;WD;#00)"},
}

func TestSambaReadsSDDLOtherwise(t *testing.T) {
	texts := make([]string, len(readingDifferences))
	for i, d := range readingDifferences {
		texts[i] = d.sddl
	}
	for i, samba := range askSambaTexts(t, texts) {
		d := readingDifferences[i]
		if got := asWindowsWrites(samba.SDDL); got != d.samba {
			t.Errorf("%s: Samba makes %q of it, not %q: is the row still needed? (%s)", d.sddl, got, d.samba, d.reason)
		}
		if _, text, _ := ourReading(t, d.sddl); text != d.ours {
			t.Errorf("%s: we make %q of it, not %q (%s)", d.sddl, text, d.ours, d.reason)
		}
	}
}

// aliases are those of [MS-DTYP] 2.5.1.1 and of later Windows.
var aliases = strings.Fields(`DA DG DU ED DD DC BA BG BU LA LG AO BO PO SO AU PS CO CG SY PU WD RE IU NU SU RC WR AN SA CA RS EA
	PA RU LS NS RD NO MU LU IS CY OW ER RO CD AC RA ES MS UD HA CN AA RM LW ME MP HI SI AS SS AP KA EK`)

var aclFlags = []string{"P", "AR", "AI"}

// Every alias, flag, right and kind alone, and then together by chance.
func sddlTexts() (texts []string) {
	for _, a := range aliases {
		texts = append(texts, "O:"+a, "G:"+a+"D:(A;;GA;;;"+a+")")
	}
	for i := range 8 {
		for j := range 8 {
			// Without the ACE Samba fails, see readingDifferences.
			texts = append(texts, "D:"+chosen(aclFlags, i)+"(A;;GA;;;WD)S:"+chosen(aclFlags, j))
		}
	}
	flags := strings.Fields("OI CI NP IO ID SA FA") // Samba does not know CR
	for i := range 1 << len(flags) {
		texts = append(texts, "S:(AU;"+chosen(flags, i)+";RP;;;WD)")
	}
	for _, r := range rightsOrder {
		texts = append(texts, "D:(A;;"+r+";;;WD)")
	}
	for bit := range 32 {
		texts = append(texts, "D:(A;;0x"+strconv.FormatUint(1<<bit, 16)+";;;WD)")
	}
	texts = append(texts, "D:(A;;;;;WD)", "D:(A;;0xffffffff;;;WD)")
	random := rand.New(rand.NewPCG(1, 2))
	for range 400 {
		texts = append(texts, randomSDDL(random, flags))
	}
	return texts
}

// chosen joins the words whose bits are set.
func chosen(words []string, bits int) (s string) {
	for i, w := range words {
		if bits>>i&1 != 0 {
			s += w
		}
	}
	return s
}

func randomSDDL(r *rand.Rand, flags []string) (s string) {
	one := func(all []string) string { return all[r.IntN(len(all))] }
	sid := func() string {
		return one([]string{one(aliases), one(aliases), securityDomain + "-" + strconv.Itoa(500+r.IntN(800)), "S-1-5-21-9-8-7-512", "S-1-5-80-1-2-3-4-5"})
	}
	guid := func() string {
		return one([]string{"", "", "00299570-246d-11d0-a768-00aa006e0529", "bf967aba-0de6-11d0-a285-00aa003049e2", "00000000-0000-0000-0000-000000000000"})
	}
	ace := func(types ...string) string {
		kind, object, inherited := one(types), "", ""
		if kind[0] == 'O' {
			object, inherited = guid(), guid()
		}
		rights := chosen(rightsOrder, r.IntN(1<<len(rightsOrder)))
		if r.IntN(4) == 0 {
			rights = "0x" + strconv.FormatUint(uint64(r.Uint32()), 16)
		}
		return "(" + kind + ";" + chosen(flags, r.IntN(1<<len(flags))) + ";" + rights + ";" + object + ";" + inherited + ";" + sid() + ")"
	}
	s = "O:" + sid()
	if r.IntN(4) > 0 {
		s += "G:" + sid()
	}
	if r.IntN(5) > 0 {
		s += "D:" + chosen(aclFlags, r.IntN(8))
		for range 1 + r.IntN(5) {
			s += ace("A", "D", "OA", "OD")
		}
	}
	if r.IntN(2) > 0 {
		s += "S:" + chosen(aclFlags, r.IntN(8))
		for range r.IntN(3) {
			s += ace("AU", "OU", "AL", "OL")
		}
	}
	return s
}

func TestSDDLAsSambaReadsAndWrites(t *testing.T) {
	texts := sddlTexts()
	compareWithSamba(t, texts)
	t.Logf("%d texts", len(texts))
}

// The defaultSecurityDescriptor of every class of Microsoft's schemas.
func TestMicrosoftsSDDL(t *testing.T) {
	files, err := filepath.Glob("/usr/share/samba/setup/ad-schema/*Classes*")
	if err != nil || len(files) == 0 {
		t.Fatalf("no schema: %v", err)
	}
	folded := regexp.MustCompile(`\r?\n `)
	value := regexp.MustCompile(`(?im)^defaultSecurityDescriptor: *([^\r\n]*)`)
	seen := map[string]bool{}
	var texts []string
	all := 0
	for _, name := range files {
		content, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range value.FindAllStringSubmatch(folded.ReplaceAllString(string(content), ""), -1) {
			all++
			if !seen[m[1]] {
				seen[m[1]] = true
				texts = append(texts, m[1])
			}
		}
	}
	if all < 1000 {
		t.Errorf("only %d values", all)
	}
	compareWithSamba(t, texts)
	t.Logf("%d values, %d of them different, in %d files", all, len(texts), len(files))
}

// The descriptors and SIDs of all that a domain controller has.
func TestDescriptorsOfADirectory(t *testing.T) {
	samba, err := testserver.StartSamba(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer samba.Close()
	c := connect(t, samba.URL(), &ldap.Options{Credentials: samba.Credentials})
	if err := c.Bind(t.Context()); err != nil {
		t.Fatal(err)
	}
	const root = "DC=ad,DC=example,DC=com"
	var domain security.SID
	questions := []sambaDescriptor{}
	sids := 0
	for _, base := range []string{root, "CN=Configuration," + root, "CN=Schema,CN=Configuration," + root} {
		request := message.SearchRequest{Base: base, Scope: message.ScopeSub, Attributes: []string{"nTSecurityDescriptor", "objectSid"}}
		for e, err := range c.Search(t.Context(), request) {
			if err != nil {
				t.Fatal(err)
			}
			if a, ok := e.Attribute("objectSid"); ok {
				for v := range a.Values() {
					sid, err := security.ParseSID(v)
					if err != nil {
						t.Errorf("%s: %v", e.DN(), err)
					}
					if strings.EqualFold(e.DN(), root) {
						domain = sid
					}
					sids++
				}
			}
			if a, ok := e.Attribute("nTSecurityDescriptor"); ok {
				for v := range a.Values() {
					questions = append(questions, sambaDescriptor{Hex: hex.EncodeToString(v)})
				}
			}
		}
	}
	if domain.IsZero() || sids < 50 || len(questions) < 1000 {
		t.Fatalf("domain %q, %d SIDs, %d descriptors", domain, sids, len(questions))
	}
	for i := range questions {
		questions[i].Domain = domain.String()
	}
	different := map[string]bool{}
	for i, answer := range askSamba(t, questions) {
		if answer.Error != "" || answer.Hex != questions[i].Hex {
			t.Errorf("Samba reads %s otherwise: %s, %s", questions[i].Hex, answer.Hex, answer.Error)
			continue
		}
		different[answer.Hex] = true
		compareBinary(t, answer, domain)
	}
	t.Logf("%d SIDs, %d descriptors, %d of them different", sids, len(questions), len(different))
}
