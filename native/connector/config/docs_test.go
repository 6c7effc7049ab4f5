package config

import (
	"os"
	"reflect"
	"strings"
	"testing"
	"time"
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
			key := at + f.Tag.Get("yaml")
			kind := f.Type
			if kind.Kind() == reflect.Slice {
				kind = kind.Elem()
			}
			if f.Type.Kind() == reflect.Slice || kind.Kind() != reflect.Struct {
				if !strings.Contains(guide, "`"+key+"`") {
					t.Errorf("there is no %s", key)
				}
			}
			if kind.Kind() != reflect.Struct || kind == reflect.TypeFor[time.Time]() {
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
