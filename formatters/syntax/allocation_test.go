package syntax

import "testing"

// common are values of the syntaxes that most attributes have.
var common = []struct{ oid, value string }{
	{"1.2.840.113556.1.4.903", "B:32:AA312825768811D1ADED00C04FD8D5CD:CN=Computers,DC=example,DC=com"},
	{"1.2.840.113556.1.4.905", "text"},
	{"1.2.840.113556.1.4.906", "116444736000000000"},
	{"1.3.6.1.1.16.1", "597ae2f6-16a6-1027-98f4-d28b5365dc14"},
	{"1.3.6.1.4.1.1466.115.121.1.7", "TRUE"},
	{"1.3.6.1.4.1.1466.115.121.1.12", `uid=j\2c smith,ou=People,dc=example,dc=com`},
	{"1.3.6.1.4.1.1466.115.121.1.15", "Jürgen Smith"},
	{"1.3.6.1.4.1.1466.115.121.1.22", "+1 512 315 0280$fineResolution"},
	{"1.3.6.1.4.1.1466.115.121.1.24", "20260228120000.123Z"},
	{"1.3.6.1.4.1.1466.115.121.1.26", "jsmith@example.com"},
	{"1.3.6.1.4.1.1466.115.121.1.27", "-12345678901234567890"},
	{"1.3.6.1.4.1.1466.115.121.1.28", "\xff\xd8\xff\xe0\x00\x10JFIF\x00"},
	{"1.3.6.1.4.1.1466.115.121.1.34", "cn=a,dc=b#'0101'B"},
	{"1.3.6.1.4.1.1466.115.121.1.36", "15 079 672 281"},
	{"1.3.6.1.4.1.1466.115.121.1.38", "2.5.4.3"},
	{"1.3.6.1.4.1.1466.115.121.1.41", "1234 Main St.$Anytown, CA 12345$USA"},
	{"1.3.6.1.4.1.1466.115.121.1.44", "Printable"},
	{"1.3.6.1.4.1.1466.115.121.1.50", "+1 512 315 0280"},
	{"1.3.6.1.4.1.1466.115.121.1.53", "9412161032Z"},
}

func TestValidValuesAllocateNothing(t *testing.T) {
	for _, c := range common {
		value := []byte(c.value)
		if n := testing.AllocsPerRun(100, func() {
			if err := Check(c.oid, value); err != nil {
				t.Fatal(err)
			}
		}); n != 0 {
			t.Errorf("%s: %v allocations", Name(c.oid), n)
		}
	}
}

func BenchmarkCheck(b *testing.B) {
	for _, c := range common {
		b.Run(Name(c.oid), func(b *testing.B) {
			value := []byte(c.value)
			b.ReportAllocs()
			for b.Loop() {
				if err := Check(c.oid, value); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
