package dial

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ldapedge/ldapedge/server"
)

func TestLDAPI(t *testing.T) {
	dir := t.TempDir()
	one, two, stale := filepath.Join(dir, "one"), filepath.Join(dir, "slapd-two.socket"), filepath.Join(dir, "stale")
	echo(t, listenAt(t, "unix", one))
	echo(t, listenAt(t, "unix", two))
	write(t, dir, "file", nil)
	if err := os.Symlink(one, filepath.Join(dir, "link")); err != nil {
		t.Fatal(err)
	}
	left := listenAt(t, "unix", stale)
	left.(interface{ SetUnlinkOnClose(bool) }).SetUnlinkOnClose(false)
	left.Close()
	in := func(names ...string) (paths []string) {
		for _, name := range names {
			paths = append(paths, filepath.Join(dir, name))
		}
		return paths
	}
	tests := []struct {
		name, url string
		places    []string
		want      string // the socket or the error
	}{
		{"a path", "ldapi://" + one, nil, one},
		{"no such path", "ldapi://" + one + "x", nil, "connect: " + one + "x: no such file or directory"},
		{"the first there is", "ldapi:///", in("none", "file", "one", "slapd-two.socket"), one},
		{"a pattern", "ldapi:///", in("none", "slapd-*.socket"), two},
		{"one of nobody", "ldapi:///", in("stale", "slapd-*.socket"), two},
		{"none", "ldapi:///", in("none", "file"), "ldapi://: resolve: there is no socket at any of " + filepath.Join(dir, "none") + ", " + filepath.Join(dir, "file")},
		{"no pattern", "ldapi:///", []string{"["}, "syntax error in pattern"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			// There is no TLS on it, whatever is wished.
			d := &Dialer{SocketPaths: test.places, StartTLS: true, SourcePorts: []int{1}}
			c, err := d.Conn(t.Context(), mustServer(t, test.url, &server.Options{TLS: &server.TLS{Validate: server.ValidateRequired}}))
			if err != nil {
				if !strings.Contains(err.Error(), test.want) {
					t.Errorf("error %v", err)
				}
				return
			}
			defer c.Close()
			if c.Candidate.Address != test.want || c.Facts != nil || c.Candidate.Family != Unix {
				t.Errorf("%+v, %+v", c.Candidate, c.Facts)
			}
			roundTrip(t, c)
		})
	}
	all, err := (&Dialer{SocketPaths: in("link", "one", "stale")}).Candidates(t.Context(), mustServer(t, "ldapi:///", nil))
	if err != nil || len(all) != 2 || all[0].Address != filepath.Join(dir, "link") || all[1].Address != stale {
		t.Errorf("%+v, %v", all, err)
	}
	_, err = new(Dialer).Conn(t.Context(), mustServer(t, "ldapi://"+one+"x", nil))
	if !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("error %v", err)
	}
}
