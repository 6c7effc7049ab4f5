package config

import (
	"os"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/ldapedge/ldapedge/native/connector/auth"
)

// Every key of the configuration has its row in the operator's guide.
func TestGuideHasEveryKey(t *testing.T) {
	b, err := os.ReadFile("../../../docs/operating.md")
	if err != nil {
		t.Fatal(err)
	}
	guide := string(b)
	var look func(at string, of reflect.Type)
	look = func(at string, of reflect.Type) {
		for f := range of.Fields() {
			tag := f.Tag.Get("yaml")
			if tag == "-" {
				continue
			}
			tag, options, _ := strings.Cut(tag, ",")
			key, kind := at+tag, f.Type
			if options == "inline" {
				look(at, kind)
				continue
			}
			if k := kind.Kind(); k == reflect.Slice || k == reflect.Pointer {
				kind = kind.Elem()
			}
			if f.Type.Kind() == reflect.Slice || kind.Kind() != reflect.Struct || kind == reflect.TypeFor[time.Time]() || kind == reflect.TypeFor[auth.Servers]() {
				if !strings.Contains(guide, "`"+key+"`") {
					t.Errorf("there is no %s", key)
				}
			}
			if kind.Kind() != reflect.Struct || kind == reflect.TypeFor[time.Time]() || kind == reflect.TypeFor[auth.Servers]() {
				continue
			}
			if f.Type.Kind() == reflect.Slice {
				key += "[]"
			}
			look(key+".", kind)
		}
	}
	look("", reflect.TypeFor[Config]())
}
