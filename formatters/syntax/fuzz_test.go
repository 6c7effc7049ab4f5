package syntax

import "testing"

// FuzzCheck gives every value to every syntax.
func FuzzCheck(f *testing.F) {
	for _, v := range load(f) {
		for _, text := range v.Valid {
			f.Add(decode(f, text))
		}
		for _, i := range v.Invalid {
			f.Add(decode(f, i.Value))
		}
	}
	all := All()
	f.Fuzz(func(t *testing.T, value []byte) {
		for _, i := range all {
			err := Check(i.OID, value)
			if err == nil {
				continue
			}
			if e := err.(*Error); e.Offset < 0 || e.Offset > len(value) || e.Message == "" || e.Syntax != i.Name {
				t.Errorf("%q: %#v of %d bytes", value, e, len(value))
			}
		}
	})
}
