package server

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ldapedge/ldapedge/schemajson"
)

func TestInfos(t *testing.T) {
	info, schema := infos(t)
	s, err := FromDefinition("h", info, schema, nil)
	if err != nil {
		t.Fatal(err)
	}
	var kept Infos
	if kept.Info(s) != info || kept.Schema(s) != schema {
		t.Error("the definition's do not hold")
	}
	loads := 0
	live := new(schemajson.SchemaInfo)
	load := func(context.Context) (*schemajson.SchemaInfo, error) { loads++; return live, nil }
	version := SchemaVersion{"cn=schema", "20260101000000Z"}
	for _, step := range []struct {
		name    string
		version SchemaVersion
		loads   int
	}{
		{"first", version, 1},
		{"the same", version, 1},
		{"modified", SchemaVersion{"cn=schema", "20260101000001Z"}, 2},
		{"another entry", SchemaVersion{"cn=other", "20260101000001Z"}, 3},
		{"no timestamp", SchemaVersion{"cn=other", ""}, 4},
		{"no timestamp again", SchemaVersion{"cn=other", ""}, 5},
	} {
		// Another Server of the same URL shares it.
		got, err := kept.LoadSchema(t.Context(), must(t, "h", nil), step.version, load)
		if err != nil || got != live || loads != step.loads {
			t.Errorf("%s: %d loads, %v", step.name, loads, err)
		}
	}
	if kept.Schema(s) != live {
		t.Error("what was read does not hold")
	}
	because := errors.New("gone")
	_, err = kept.LoadSchema(t.Context(), s, version, func(context.Context) (*schemajson.SchemaInfo, error) { return nil, because })
	if !errors.Is(err, because) || kept.Schema(s) != live {
		t.Errorf("after a failure: %v", err)
	}
	other := must(t, "ldaps://h", nil)
	dsa := new(schemajson.DsaInfo)
	kept.SetInfo(s, dsa)
	if kept.Info(s) != dsa || kept.Info(other) != nil || kept.Schema(other) != nil {
		t.Error("servers are mixed up")
	}
	kept.Forget(s)
	if kept.Info(s) != info || kept.Schema(s) != schema {
		t.Error("not forgotten")
	}
}

// A schema is read again when it is old, whatever its timestamp.
func TestInfosMaxAge(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var kept Infos
		s := must(t, "h", nil)
		loads := 0
		load := func() {
			if _, err := kept.LoadSchema(t.Context(), s, SchemaVersion{"cn=schema", "1"}, func(context.Context) (*schemajson.SchemaInfo, error) {
				loads++
				return new(schemajson.SchemaInfo), nil
			}); err != nil {
				t.Fatal(err)
			}
		}
		load()
		time.Sleep(5*time.Minute - 1)
		load()
		if loads != 1 {
			t.Errorf("%d loads within 5 minutes", loads)
		}
		time.Sleep(time.Nanosecond)
		load()
		kept.MaxAge = time.Second
		time.Sleep(time.Second)
		load()
		if loads != 3 {
			t.Errorf("%d loads", loads)
		}
	})
}

// While one loads the others wait, and one that cannot wait any longer leaves.
func TestInfosLoadOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var kept Infos
		s := must(t, "h", nil)
		loads := 0
		version := SchemaVersion{"cn=schema", "1"}
		load := func(context.Context) (*schemajson.SchemaInfo, error) {
			loads++
			time.Sleep(time.Second)
			if loads == 1 {
				return nil, errors.New("lost")
			}
			return new(schemajson.SchemaInfo), nil
		}
		got := make(chan error, 10)
		for range 10 {
			go func() {
				_, err := kept.LoadSchema(t.Context(), s, version, load)
				got <- err
			}()
		}
		impatient, cancel := context.WithTimeout(t.Context(), 500*time.Millisecond)
		defer cancel()
		synctest.Wait()
		if _, err := kept.LoadSchema(impatient, s, version, load); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("impatient: %v", err)
		}
		failed := 0
		for range 10 {
			if <-got != nil {
				failed++
			}
		}
		// The first failure is its own alone: the next one loads again.
		if loads != 2 || failed != 1 {
			t.Errorf("%d loads, %d failed", loads, failed)
		}
	})
}

func TestSource(t *testing.T) {
	s := must(t, "h", nil)
	use, err := s.Open(t.Context(), func(_ context.Context, tried *Server) error {
		if tried != s {
			t.Error("another server")
		}
		return nil
	})
	if err != nil || use.Server() != s || use.Leave() != nil {
		t.Errorf("%v, %v", use, err)
	}
	use.Failed(err)
	use.Close()
	wrong := errors.New("wrong password")
	if _, err := s.Open(t.Context(), func(context.Context, *Server) error { return Final(wrong) }); err != wrong {
		t.Errorf("final: %v", err)
	}
	if _, err := s.Open(t.Context(), func(context.Context, *Server) error { return wrong }); err != wrong {
		t.Errorf("%v", err)
	}
	if cause, final := IsFinal(wrong); final || cause != wrong || Final(nil) != nil {
		t.Error("what is final")
	}
	closed, failures := 0, 0
	use = NewUse(s, nil, func(error) { failures++ }, func() { closed++ })
	use.Failed(wrong)
	use.Close()
	use.Close()
	if closed != 1 || failures != 1 {
		t.Errorf("closed %d times, failed %d times", closed, failures)
	}
}
