//go:build viewer

package viewer

import (
	"embed"
	"io/fs"
)

//go:embed all:site
var site embed.FS

// Site returns the viewer's files, nil in a program built without them (the
// build tag "viewer").
func Site() fs.FS {
	sub, err := fs.Sub(site, "site")
	if err != nil {
		panic(err) // the name is a constant
	}
	return sub
}
