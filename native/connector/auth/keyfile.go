package auth

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"sync"
)

// keySource has the keys of an issuer.
type keySource interface {
	// find returns a key as [keySet.find] does. It may wait for keys.
	find(ctx context.Context, kid, alg string) (key, Reason)
}

// maxKeyBytes is the size of the largest set of keys that is read.
const maxKeyBytes = 1 << 20

// fileKeys are keys in a file, which is looked at each time and read when it has
// changed. While it cannot be read the keys of before stay.
type fileKeys struct {
	name  string
	parse func([]byte) (keySet, error)
	log   *slog.Logger

	mu   sync.Mutex
	seen os.FileInfo
	keys keySet
}

func newFileKeys(name string, parse func([]byte) (keySet, error), log *slog.Logger) (*fileKeys, error) {
	f := &fileKeys{name: name, parse: parse, log: log}
	_, err := f.reread()
	return f, err
}

func (f *fileKeys) find(_ context.Context, kid, alg string) (key, Reason) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if changed, err := f.reread(); changed && err != nil {
		f.log.Warn("cannot read the issuer's keys; those of before stay", "error", err)
	}
	return f.keys.find(kid, alg)
}

// reread reads the file if it has changed. One that is missing has not: it may be
// about to be replaced.
func (f *fileKeys) reread() (changed bool, err error) {
	now, err := os.Stat(f.name)
	if err != nil {
		return false, err
	}
	if f.seen != nil && os.SameFile(now, f.seen) && now.Size() == f.seen.Size() && now.ModTime().Equal(f.seen.ModTime()) {
		return false, nil
	}
	f.seen = now // from before reading: a change in between is seen the next time
	keys, err := f.read()
	if err != nil {
		return true, fmt.Errorf("%s: %w", f.name, err)
	}
	f.keys = keys
	return true, nil
}

func (f *fileKeys) read() (keySet, error) {
	file, err := os.Open(f.name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	b, err := readKeys(file)
	if err != nil {
		return nil, err
	}
	return f.parse(b)
}

// readKeys reads all, up to a limit.
func readKeys(r io.Reader) ([]byte, error) {
	b, err := io.ReadAll(io.LimitReader(r, maxKeyBytes+1))
	if err == nil && len(b) > maxKeyBytes {
		err = fmt.Errorf("it is larger than %d bytes", maxKeyBytes)
	}
	return b, err
}
