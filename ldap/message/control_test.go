package message

import (
	"encoding/hex"
	"errors"
	"reflect"
	"testing"

	ber "github.com/go-asn1-ber/asn1-ber"
)

func TestRequestControls(t *testing.T) {
	var m Machine
	if _, err := m.Bind(BindRequest{}, Control{OID: "1.2"}, Control{OID: "1.3", Critical: true, Value: []byte{}}); err != nil {
		t.Fatal(err)
	}
	want := "3021" + "020101" + "60070201030400" + "8000" + "a013" + "3005" + "0403312e32" + "300a" + "0403312e33" + "0101ff" + "0400"
	if got := hex.EncodeToString(m.Output()); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	m = Machine{}
	if _, err := m.Search(SearchRequest{}, Control{OID: "1.2", Value: []byte("v")}); err != nil {
		t.Fatal(err)
	}
	p, err := ber.DecodePacketErr(m.Output())
	if err != nil || len(p.Children) != 3 || hex.EncodeToString(p.Children[2].Bytes()) != "a00a"+"3008"+"0403312e32"+"040176" {
		t.Errorf("%v, %v", p, err)
	}
}

func TestResponseControls(t *testing.T) {
	message := func(controls string) Message {
		b, err := hex.DecodeString(controls)
		if err != nil {
			t.Fatal(err)
		}
		whole := append([]byte{2, 1, 1, 0x65, 7, 10, 1, 0, 4, 0, 4, 0, 0xa0, byte(len(b))}, b...)
		m, err := Parse(append([]byte{0x30, byte(len(whole))}, whole...))
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	got, err := message("3005" + "0403312e32" + "3084000000" + "0a" + "0403312e33" + "0101ff" + "0400" + "3009" + "0403312e34" + "04027676").Controls()
	want := Controls{{OID: "1.2"}, {OID: "1.3", Critical: true, Value: []byte{}}, {OID: "1.4", Value: []byte("vv")}}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%+v, %v", got, err)
	}
	if c, ok := got.Find("1.4"); !ok || string(c.Value) != "vv" {
		t.Errorf("found %+v, %v", c, ok)
	}
	if _, ok := got.Find("1.5"); ok {
		t.Error("a control that is not there is found")
	}
	if none, err := message("").Controls(); none != nil || err != nil {
		t.Errorf("none: %v, %v", none, err)
	}
	for _, broken := range []string{"0400", "3003040431", "30020201", "3008" + "0403312e32" + "010100ff", "3007" + "0403312e32" + "0100", "3008" + "0403312e32" + "040576"} {
		if cs, err := message(broken).Controls(); !errors.Is(err, ErrProtocol) || cs != nil {
			t.Errorf("%s: %v, %v", broken, cs, err)
		}
	}
}

func TestIntermediate(t *testing.T) {
	for text, want := range map[string][2]string{"790a" + "8003312e32" + "8103616263": {"1.2", "abc"}, "7905" + "8003312e32": {"1.2", ""}, "7905" + "8103616263": {"", "abc"}, "7900": {"", ""}} {
		b, err := hex.DecodeString(text)
		if err != nil {
			t.Fatal(err)
		}
		m, err := Parse(append([]byte{0x30, byte(3 + len(b)), 2, 1, 1}, b...))
		if err != nil {
			t.Fatal(err)
		}
		name, value, err := m.Intermediate()
		if name != want[0] || string(value) != want[1] || err != nil {
			t.Errorf("%s: %q, %q, %v", text, name, value, err)
		}
	}
	m, err := Parse(doneResponse(1, 0))
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := m.Intermediate(); !errors.Is(err, ErrProtocol) {
		t.Errorf("of a result: %v", err)
	}
}

func TestParseEntry(t *testing.T) {
	m, err := ber.DecodePacketErr(entryResponse(1, "cn=x", attr{"cn", []string{"x"}}))
	if err != nil {
		t.Fatal(err)
	}
	b := m.Children[1].Bytes()
	e, err := ParseEntry(b)
	if err != nil || e.DN() != "cn=x" || !reflect.DeepEqual(collect(e), []attr{{"cn", []string{"x"}}}) {
		t.Errorf("%v, %v", e, err)
	}
	for _, broken := range [][]byte{nil, append(b, 0), b[:len(b)-1]} {
		if _, err := ParseEntry(broken); !errors.Is(err, ErrProtocol) {
			t.Errorf("% x: %v", broken, err)
		}
	}
}
