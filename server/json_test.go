package server

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/ldapedge/ldapedge/schemajson"
)

const whole = `{"host":"dc1.example.com","port":1636,"use_ssl":true,` +
	`"allowed_referral_hosts":[["dc2.example.com",true],["*",false]],"get_info":"ALL","mode":"IP_V4_PREFERRED",` +
	`"tls":{"validate":"required","min_version":"1.3","max_version":"1.3","ca_certs_file":"ca.pem","ca_certs_path":"cas",` +
	`"ca_certs_data":"-----BEGIN CERTIFICATE-----","valid_names":["dc1"],"local_certificate_file":"c.pem","local_private_key_file":"k.pem",` +
	`"ciphers":["ECDHE-RSA-AES128-GCM-SHA256"],"sni":"dc1","pinned_fingerprints":["%s"]},"connect_timeout":2.5,"address_timeout":1}`

func TestJSON(t *testing.T) {
	for _, text := range []string{
		fmt.Sprintf(whole, strings.Repeat("0f", 32)),
		`{"host":"h","port":389,"get_info":"SCHEMA","mode":"IP_V6_PREFERRED","connect_timeout":10}`,
		`{"host":"h","port":389,"allowed_referral_hosts":[],"get_info":"NO_INFO","mode":"IP_V6_PREFERRED","connect_timeout":10}`,
		`{"host":"ldapi://%2Frun%2Fldapi","get_info":"DSA","mode":"IP_V6_PREFERRED","connect_timeout":10}`,
		`{"host":"ldaps+srv://d.test","site":"Paris","get_info":"DSA","mode":"IP_V6_ONLY","connect_timeout":10}`,
		`{"host":"::1","port":636,"use_ssl":true,"get_info":"DSA","mode":"IP_V6_ONLY","tls":{"validate":"none","min_version":"1.2","max_version":"1.3","no_sni":true},"connect_timeout":10}`,
		`{"host":"h","port":389,"get_info":"SCHEMA","mode":"IP_V6_PREFERRED","tls":{"validate":"optional","min_version":"1.2","max_version":"1.3","ca_certs_data":{"encoding":"base64","encoded":"MIIB"}},"connect_timeout":10}`,
	} {
		s, err := FromJSON([]byte(text), nil)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		if got := jsonOf(t, s); got != text {
			t.Errorf("%s\nbecomes\n%s", text, got)
		}
	}
	s, err := FromJSON([]byte(fmt.Sprintf(whole, strings.Repeat("0f", 32))), nil)
	if err != nil || s.URL() != "ldaps://dc1.example.com:1636" || s.ConnectTimeout() != 2500*time.Millisecond || s.AddressTimeout() != time.Second || !s.AllowedReferralHosts()[0].AllowAuth || s.TLS().CACertsFile != "ca.pem" {
		t.Errorf("%v, %v", s, err)
	}
	if s, err := FromJSON([]byte(` "ldaps://h" `), nil); err != nil || s.URL() != "ldaps://h:636" {
		t.Errorf("%v, %v", s, err)
	}
}

// The password of a key is read, and shown nowhere.
func TestPasswordIsNotShown(t *testing.T) {
	s, err := FromJSON([]byte(`{"host":"h","tls":{"local_certificate_file":"c","local_private_key_file":"k","local_private_key_password":"s3cret"}}`), nil)
	if err != nil || s.TLS().LocalPrivateKeyPassword != "s3cret" {
		t.Fatalf("%v", err)
	}
	w := s.TLS()
	for _, shown := range []string{jsonOf(t, s), fmt.Sprint(s), fmt.Sprint(w), fmt.Sprintf("%v %+v %#v", w, w, w), fmt.Sprintf("%v %+v %#v", *w, *w, *w), fmt.Sprintf("%+v", Options{TLS: w})} {
		if strings.Contains(shown, "s3cret") {
			t.Error(shown)
		}
	}
}

func TestJSONErrors(t *testing.T) {
	tests := []struct{ text, field, says string }{
		{``, "json", "cannot be read"},
		{`{"host":"h"`, "json", "cannot be read (byte 11): unexpected end"},
		{`{"host":"h"} x`, "json", "(byte 14): invalid character 'x' after"},
		{`{"host":"h","hots":1}`, "hots", "is no field of a server"},
		{`{"host":"h","tls":{"validat":"none"}}`, "validat", "is no field of a server"},
		{`{"host":"h","port":"389"}`, "port", "a whole number is expected"},
		{`{"host":"h","port":389.5}`, "port", "a whole number is expected"},
		{`{"host":"h","tls":{"no_sni":1}}`, "tls.no_sni", "true or false is expected"},
		{`{"port":389}`, "host", "is empty"},
		{`{"host":"h","allowed_referral_hosts":["*"]}`, "allowed_referral_hosts", "is no pair"},
		{`{"host":"h","allowed_referral_hosts":["*",true]}`, "allowed_referral_hosts", "is no pair"},
		{`{"host":"h","allowed_referral_hosts":[["*",1]]}`, "allowed_referral_hosts", "is no pair"},
		{`{"host":"h","tls":{"ca_certs_data":{"encoding":"hex","encoded":"00"}}}`, "tls.ca_certs_data", "is neither"},
		{`{"host":"h","connect_timeout":-1}`, "connect_timeout", "is not a number of seconds"},
		{`{"host":"h","address_timeout":1e300}`, "address_timeout", "is not a number of seconds"},
		{`"http://h"`, "scheme", "is none of"},
		{`["h"]`, "json", "is of the wrong kind: an object is expected"},
		{`{"host":1}`, "host", "a text is expected"},
		{`{"host":"h","mode":4}`, "mode", "a text is expected"},
		{`{"host":"h","connect_timeout":"5"}`, "connect_timeout", "a number is expected"},
		{`{"host":"h","tls":{"valid_names":"h"}}`, "tls.valid_names", "a list is expected"},
		{`{"host":"h","tls":"required"}`, "tls", "an object is expected"},
	}
	for _, test := range tests {
		_, err := FromJSON([]byte(test.text), nil)
		var e *Error
		if !errors.As(err, &e) || e.Field != test.field || !strings.Contains(err.Error(), test.says) {
			t.Errorf("%s: %v", test.text, err)
		}
	}
}

func infos(t *testing.T) (*schemajson.DsaInfo, *schemajson.SchemaInfo) {
	t.Helper()
	schema, err := schemajson.SchemaInfoFromJSON([]byte(`{"raw":{"objectClasses":["( 1.1 NAME 'car' )"]},"schema_entry":"cn=schema","type":"SchemaInfo"}`))
	if err != nil {
		t.Fatal(err)
	}
	info, err := schemajson.DsaInfoFromJSON([]byte(`{"raw":{"vendorName":["Garage"]},"type":"DsaInfo"}`))
	if err != nil {
		t.Fatal(err)
	}
	return info, schema
}

func TestGetInfo(t *testing.T) {
	unknown := errors.New("no such set")
	loader := func(name string) (*schemajson.DsaInfo, *schemajson.SchemaInfo, error) {
		if name != "AD_2012_R2" {
			return nil, nil, unknown
		}
		info, schema := infos(t)
		return info, schema, nil
	}
	for given, want := range map[GetInfo]GetInfo{
		"": InfoSchema, "NONE": InfoNone, InfoNone: InfoNone, InfoDSA: InfoDSA, InfoAll: InfoAll, "AD_2012_R2": "AD_2012_R2", "OFFLINE_AD_2012_R2": "AD_2012_R2",
	} {
		s, err := New("h", &Options{GetInfo: given, Offline: loader})
		if err != nil || s.GetInfo() != want || (s.Schema() != nil) != want.Offline() || (s.Info() != nil) != want.Offline() {
			t.Errorf("%q: %v, %v", given, s, err)
		}
	}
	_, err := New("h", &Options{GetInfo: "AD_2099", Offline: loader})
	if e := new(Error); !errors.As(err, &e) || e.Field != "get_info" || !errors.Is(err, unknown) {
		t.Errorf("%v", err)
	}
	if InfoAll.DSA() != true || InfoAll.Schema() != true || InfoDSA.Schema() || InfoSchema.DSA() || InfoNone.DSA() || GetInfo("AD_2012_R2").Schema() {
		t.Error("what is to be read")
	}
}

func TestFromDefinition(t *testing.T) {
	info, schema := infos(t)
	s, err := FromDefinition("ldaps://h", info, schema, nil)
	if err != nil || s.GetInfo() != InfoAll || s.Schema().ObjectClass("car") == nil || s.Info().VendorName[0] != "Garage" {
		t.Errorf("%v, %v", s, err)
	}
	infoText, schemaText := []byte(`{"raw":{"vendorName":["Garage"]},"type":"DsaInfo"}`), []byte(`{"raw":{"objectClasses":["( 1.1 NAME 'car' )"]},"schema_entry":"cn=schema","type":"SchemaInfo"}`)
	s, err = FromDefinitionJSON("h", infoText, schemaText, &Options{GetInfo: InfoNone})
	if err != nil || s.GetInfo() != InfoNone || s.Schema().ObjectClass("car") == nil || s.Info().VendorName[0] != "Garage" {
		t.Errorf("%v, %v", s, err)
	}
	if s, err = FromDefinitionJSON("h", nil, nil, nil); err != nil || s.Info() != nil || s.Schema() != nil {
		t.Errorf("%v, %v", s, err)
	}
	for field, texts := range map[string][2][]byte{"dsa_info": {schemaText, nil}, "dsa_schema": {nil, infoText}} {
		_, err := FromDefinitionJSON("h", texts[0], texts[1], nil)
		var e *Error
		var of *schemajson.JSONError
		if !errors.As(err, &e) || e.Field != field || !errors.As(err, &of) || of.Kind != schemajson.JSONOtherType {
			t.Errorf("%s: %v", field, err)
		}
	}
	if _, err = FromDefinition("h", nil, nil, &Options{GetInfo: "AD_2012_R2"}); err == nil || !strings.Contains(err.Error(), "brings its own") {
		t.Errorf("%v", err)
	}
}

func FuzzFromJSON(f *testing.F) {
	f.Add([]byte(fmt.Sprintf(whole, strings.Repeat("0f", 32))))
	f.Add([]byte(`"ldap+srv://example.com"`))
	f.Add([]byte(`{"":0}`))
	f.Add([]byte(`{"host":"ldapi://%2Frun%2Fldapi","connect_timeout":0.1}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		s, err := FromJSON(b, nil)
		if err != nil {
			if e := new(Error); !errors.As(err, &e) || e.Field == "" || e.Reason == "" {
				t.Fatalf("%q: %v", b, err)
			}
			return
		}
		text, err := json.Marshal(s)
		if err != nil {
			t.Fatalf("%q: %v", b, err)
		}
		again, err := FromJSON(text, nil)
		if err != nil {
			t.Fatalf("%q: %s: %v", b, text, err)
		}
		if second := jsonOf(t, again); second != string(text) {
			t.Fatalf("%q: %s becomes %s", b, text, second)
		}
	})
}

func TestPasswordIsNotInJSON(t *testing.T) {
	w := TLS{LocalCertificateFile: "c", LocalPrivateKeyFile: "k", LocalPrivateKeyPassword: "s3cret"}
	for _, v := range []any{w, &w, map[string]any{"tls": w}} {
		if b, err := json.Marshal(v); err != nil || strings.Contains(string(b), "s3cret") {
			t.Errorf("%s, %v", b, err)
		}
	}
	var out bytes.Buffer
	slog.New(slog.NewJSONHandler(&out, nil)).Info("x", "tls", w, "o", struct{ TLS *TLS }{&w})
	slog.New(slog.NewTextHandler(&out, nil)).Info("x", "tls", w, "o", Options{TLS: &w}, "p", struct{ TLS *TLS }{&w})
	if strings.Contains(out.String(), "s3cret") {
		t.Error(out.String())
	}
}

func TestTimesRoundTrip(t *testing.T) {
	for _, d := range []time.Duration{1, 290 * time.Millisecond, 4350 * time.Millisecond, 8123456789, 100 * 365 * 24 * time.Hour, math.MaxInt64} {
		s, err := New("h", &Options{ConnectTimeout: d, AddressTimeout: d})
		if err != nil {
			t.Fatal(err)
		}
		b, _ := json.Marshal(s)
		again, err := FromJSON(b, nil)
		if err != nil || again.ConnectTimeout() != d || again.AddressTimeout() != d {
			t.Errorf("%s: %v, %v", b, again, err)
		}
	}
	for n := range time.Duration(3000) {
		d := n*time.Millisecond + 1
		s, err := New("h", &Options{ConnectTimeout: d})
		if err != nil {
			t.Fatal(err)
		}
		b, _ := json.Marshal(s)
		if again, err := FromJSON(b, nil); err != nil || again.ConnectTimeout() != d {
			t.Fatalf("%s: %v, %v", b, again.ConnectTimeout(), err)
		}
	}
}
