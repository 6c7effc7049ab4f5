package filter

import (
	"encoding/hex"
	"testing"
)

func TestEncoding(t *testing.T) {
	tests := []struct {
		name string
		f    Filter
		want string
	}{
		{"zero", Filter{}, "870b6f626a656374436c617373"},
		{"present", Present("cn"), "8702636e"},
		{"equal", Equal("cn", `a*\`), "a3090402636e0403612a5c"},
	}
	for _, test := range tests {
		if got := hex.EncodeToString(test.f.Packet().Bytes()); got != test.want {
			t.Errorf("%s: %s, want %s", test.name, got, test.want)
		}
	}
}
