package dial

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/ldapedge/ldapedge/server"
)

// DefaultSocketPaths returns where ldapi's socket usually is: of OpenLDAP as
// Debian, others and its own sources have it, and of 389 Directory Server.
func DefaultSocketPaths() []string {
	return []string{
		"/run/slapd/ldapi", "/var/run/slapd/ldapi", "/run/ldapi", "/var/run/ldapi",
		"/usr/local/var/run/ldapi", "/run/slapd-*.socket",
	}
}

// sockets returns the server's socket, or those of the usual places that
// exist.
func (d *Dialer) sockets(s *server.Server) ([]Candidate, error) {
	if s.Path() != "" {
		return []Candidate{d.socket(s.Path())}, nil
	}
	places := d.SocketPaths
	if places == nil {
		places = DefaultSocketPaths()
	}
	var all []Candidate
	var found []fs.FileInfo
	for _, place := range places {
		paths, err := filepath.Glob(place)
		if err != nil {
			return nil, fmt.Errorf("socket path %q: %w", place, err)
		}
		for _, path := range paths {
			info, err := os.Stat(path)
			if err != nil || info.Mode().Type() != fs.ModeSocket || has(found, info) {
				continue
			}
			found = append(found, info)
			all = append(all, d.socket(path))
		}
	}
	if len(all) == 0 {
		return nil, errors.New("there is no socket at any of " + strings.Join(places, ", "))
	}
	return all, nil
}

// has tells whether a file is among those found, by another path.
func has(found []fs.FileInfo, info fs.FileInfo) bool {
	for _, f := range found {
		if os.SameFile(f, info) {
			return true
		}
	}
	return false
}

func (d *Dialer) socket(path string) Candidate {
	return Candidate{Address: path, Family: Unix, Source: SourceUnix, Availability: d.marks.get(path)}
}
