//go:build !viewer

package viewer

import "io/fs"

// Site returns the viewer's files, nil in a program built without them (the
// build tag "viewer").
func Site() fs.FS { return nil }
