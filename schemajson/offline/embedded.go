//go:build !js

package offline

//go:generate go -C ../../integration run ./cmd/offline

import (
	"embed"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/ldapedge/ldapedge/schemajson"
)

const extension = ".json.gz"

//go:embed data/*.json.gz
var data embed.FS

// ErrUnknown is wrapped by the error for a name that no set has.
var ErrUnknown = errors.New("there is no such offline set")

// Names returns the names of the sets, sorted.
func Names() []string {
	var names []string
	for name := range loaders() {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// Load returns the set with the name; case is ignored. It is read when it is
// first asked for, and the same set is returned from then on. The error for a
// name that no set has wraps [ErrUnknown] and tells the names that there are.
func Load(name string) (*Set, error) {
	known, err := lookUp(name)
	if err != nil {
		return nil, err
	}
	return loaders()[known]()
}

// Infos is [Load] as the options of package server want it.
func Infos(name string) (*schemajson.DsaInfo, *schemajson.SchemaInfo, error) {
	set, err := Load(name)
	if err != nil {
		return nil, nil, err
	}
	return set.Info, set.Schema, nil
}

// Text returns the two documents of the set with the name, byte for byte as
// python ldap3 writes them; case is ignored. The error is that of [Load].
func Text(name string) (schemaJSON, infoJSON []byte, err error) {
	known, err := lookUp(name)
	if err != nil {
		return nil, nil, err
	}
	compressed, err := data.ReadFile(file(known))
	if err != nil {
		return nil, nil, err
	}
	return texts(compressed)
}

// loaders has for each set what reads it, once.
var loaders = sync.OnceValue(func() map[string]func() (*Set, error) {
	all := make(map[string]func() (*Set, error))
	files, _ := data.ReadDir("data") // there by the embedding
	for _, f := range files {
		name := strings.TrimSuffix(f.Name(), extension)
		all[name] = sync.OnceValues(func() (*Set, error) {
			compressed, err := data.ReadFile(file(name))
			if err != nil {
				return nil, err
			}
			return Read(name, compressed)
		})
	}
	return all
})

// lookUp returns a name as the set has it.
func lookUp(name string) (string, error) {
	names := Names()
	i := slices.IndexFunc(names, func(n string) bool { return strings.EqualFold(n, name) })
	if i < 0 {
		return "", fmt.Errorf("%w: %q; there are %s", ErrUnknown, name, strings.Join(names, ", "))
	}
	return names[i], nil
}

func file(name string) string { return path.Join("data", name+extension) }
