//go:build !js

package edge

import (
	"os"
	"reflect"
	"strings"
	"testing"
)

// Every key of the configuration is in the guide.
func TestGuideHasEveryKey(t *testing.T) {
	b, err := os.ReadFile("../../docs/worker.md")
	if err != nil {
		t.Fatal(err)
	}
	guide, n := string(b), 0
	var walk func(path string, of reflect.Type)
	walk = func(path string, of reflect.Type) {
		for i := range of.NumField() {
			f := of.Field(i)
			name := strings.TrimPrefix(path+"."+f.Tag.Get("json"), ".")
			kind := f.Type
			for kind.Kind() == reflect.Slice || kind.Kind() == reflect.Pointer {
				if kind.Kind() == reflect.Slice {
					name += "[]"
				}
				kind = kind.Elem()
			}
			if kind.Kind() == reflect.Struct && strings.HasSuffix(kind.String(), "Config") || kind == reflect.TypeFor[SearchGrant]() {
				walk(name, kind)
				continue
			}
			n++
			if key := strings.TrimSuffix(name, "[]"); !strings.Contains(guide, "`"+key+"`") && key != "auth" {
				t.Errorf("docs/worker.md does not have `%s`", key)
			}
		}
	}
	walk("", reflect.TypeFor[Config]())
	if n < 40 {
		t.Errorf("%d keys", n)
	}
}
