package pool

import (
	"errors"
	"fmt"
	"testing"
)

// A pick with so many servers, all up or all but one out.
func BenchmarkPick(b *testing.B) {
	for _, s := range strategies {
		for _, n := range []int{1, 10, 1000} {
			b.Run(fmt.Sprintf("%s/%d", s, n), func(b *testing.B) {
				p := newPool(b, s, n, nil)
				b.ReportAllocs()
				for b.Loop() {
					if _, err := p.Pick(); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
		b.Run(fmt.Sprintf("%s/999_of_1000_out", s), func(b *testing.B) {
			p := newPool(b, s, 1000, nil)
			for _, srv := range p.Servers()[:999] {
				fail(p, srv, errors.New("refused"))
			}
			last := p.Servers()[999]
			b.ReportAllocs()
			for b.Loop() {
				if srv, err := p.Pick(); err != nil || srv != last {
					b.Fatal(srv, err)
				}
			}
		})
	}
}

// A pick with its connection, opened and closed.
func BenchmarkOpen(b *testing.B) {
	for _, s := range strategies {
		b.Run(fmt.Sprintf("%s/1000", s), func(b *testing.B) {
			p := newPool(b, s, 1000, nil)
			b.ReportAllocs()
			for b.Loop() {
				use, err := p.Open(b.Context(), works)
				if err != nil {
					b.Fatal(err)
				}
				use.Close()
			}
		})
	}
}
