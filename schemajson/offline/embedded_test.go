//go:build !js

package offline

import (
	"bytes"
	"errors"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
)

func TestNames(t *testing.T) {
	var want []string
	for _, s := range sets {
		want = append(want, s.name)
	}
	slices.Sort(want)
	if got := Names(); !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
	files, err := filepath.Glob("data/*")
	if err != nil || len(files) != len(want) {
		t.Errorf("data has %q, %v", files, err)
	}
}

func TestLoad(t *testing.T) {
	for _, name := range Names() {
		var loaded [8]*Set
		var all sync.WaitGroup
		for i := range loaded {
			all.Go(func() {
				var err error
				spelled := name
				if i%2 == 0 {
					spelled = strings.ToLower(name)
				}
				if loaded[i], err = Load(spelled); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		for _, s := range loaded {
			if s == nil || s != loaded[0] || s.Name != name {
				t.Errorf("%s is not loaded once: %+v", name, loaded)
				break
			}
		}
	}
}

func TestText(t *testing.T) {
	for _, name := range Names() {
		schema, info, err := Text(strings.ToLower(name))
		if err != nil {
			t.Fatal(err)
		}
		set, err := Load(name)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(set.Schema.JSON(nil), schema) || !bytes.Equal(set.Info.JSON(nil), info) {
			t.Errorf("%s: the texts are not those of the set", name)
		}
	}
}

func TestUnknown(t *testing.T) {
	set, err := Load("SLAPD_9")
	_, _, textErr := Text("SLAPD_9")
	for _, err := range []error{err, textErr} {
		if !errors.Is(err, ErrUnknown) || !strings.Contains(err.Error(), `"SLAPD_9"`) || !strings.Contains(err.Error(), "SLAPD_2_4, SLAPD_2_5") {
			t.Errorf("%v", err)
		}
	}
	if set != nil {
		t.Errorf("a set that does not exist: %+v", set)
	}
}

func BenchmarkRead(b *testing.B) {
	for _, s := range sets {
		compressed, err := data.ReadFile(file(s.name))
		if err != nil {
			b.Fatal(err)
		}
		b.Run(s.name, func(b *testing.B) {
			for b.Loop() {
				if _, err := Read(s.name, compressed); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
