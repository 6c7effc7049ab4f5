package dial

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/ldapedge/ldapedge/native/authorities"
	"github.com/ldapedge/ldapedge/server"
)

// trust is what has been made of a server's wishes for TLS.
type trust struct {
	wishes *server.TLS
	base   *tls.Config
	roots  *x509.CertPool // nil for the system's
	stamp  []string       // of the files, see stampOf
}

// sessionCount is how many TLS sessions of a server are kept to resume.
const sessionCount = 32

var versions = map[server.TLSVersion]uint16{
	server.TLS10: tls.VersionTLS10, server.TLS11: tls.VersionTLS11,
	server.TLS12: tls.VersionTLS12, server.TLS13: tls.VersionTLS13,
}

func newTrust(w *server.TLS, stamp []string) (*trust, error) {
	suites, err := cipherSuites(w.Ciphers)
	if err != nil {
		return nil, err
	}
	t := &trust{wishes: w, stamp: stamp, base: &tls.Config{
		InsecureSkipVerify: true, // VerifyConnection does it: there may be several names
		MinVersion:         versions[w.MinVersion],
		MaxVersion:         versions[w.MaxVersion],
		CipherSuites:       suites,
		ClientSessionCache: tls.NewLRUClientSessionCache(sessionCount),
	}}
	if t.roots, err = roots(w); err != nil {
		return nil, err
	}
	if w.LocalCertificateFile != "" {
		local, err := localCertificate(w)
		if err != nil {
			return nil, err
		}
		// Whatever authorities the server names: it is the one there is.
		t.base.GetClientCertificate = func(*tls.CertificateRequestInfo) (*tls.Certificate, error) { return local, nil }
	}
	return t, nil
}

func (t *trust) verifiedBy() Verification {
	chain, pin := t.wishes.Validate != server.ValidateNone, len(t.wishes.PinnedFingerprints) > 0
	switch {
	case chain && pin:
		return VerifiedByBoth
	case chain:
		return VerifiedByChain
	case pin:
		return VerifiedByPin
	}
	return VerifiedByNothing
}

// wrong is an error of the wishes for TLS, which only those who dial can find.
func wrong(field, value string, err error) error {
	return &server.Error{Field: "tls." + field, Value: value, Reason: "cannot be used", Err: err}
}

// roots returns the certificates to trust, nil for the system's.
func roots(w *server.TLS) (*x509.CertPool, error) {
	if w.CACertsFile == "" && w.CACertsPath == "" && len(w.CACertsData) == 0 {
		return nil, nil
	}
	pool := x509.NewCertPool()
	if w.CACertsFile != "" {
		if err := addFile(pool, w.CACertsFile); err != nil {
			return nil, wrong("ca_certs_file", w.CACertsFile, err)
		}
	}
	if w.CACertsPath != "" {
		if err := addFolder(pool, w.CACertsPath); err != nil {
			return nil, wrong("ca_certs_path", w.CACertsPath, err)
		}
	}
	if len(w.CACertsData) > 0 {
		if err := authorities.Add(pool, w.CACertsData); err != nil {
			return nil, wrong("ca_certs_data", fmt.Sprintf("%d bytes", len(w.CACertsData)), err)
		}
	}
	return pool, nil
}

func addFile(pool *x509.CertPool, file string) error {
	b, err := os.ReadFile(file)
	if err != nil {
		return withoutPath(err)
	}
	return authorities.Add(pool, b)
}

func addFolder(pool *x509.CertPool, folder string) error {
	files, err := certificateFiles(folder)
	if err != nil {
		return withoutPath(err)
	}
	some := false
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		if authorities.Add(pool, b) == nil {
			some = true
		}
	}
	if !some {
		return errors.New("no *.pem, *.crt, *.cer or hashed file in it has a certificate")
	}
	return nil
}

// hashed is how OpenSSL's rehash names a certificate's file.
var hashed = regexp.MustCompile(`^[0-9a-f]{8}\.[0-9]+$`)

// certificateFiles returns the regular files of a folder that are named as
// those of certificates are, or links to such.
func certificateFiles(folder string) ([]string, error) {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return nil, err
	}
	var files []string
	for _, e := range entries {
		extension := strings.ToLower(filepath.Ext(e.Name()))
		if !slices.Contains([]string{".pem", ".crt", ".cer"}, extension) && !hashed.MatchString(e.Name()) {
			continue
		}
		file := filepath.Join(folder, e.Name())
		if info, err := os.Stat(file); err == nil && info.Mode().IsRegular() {
			files = append(files, file)
		}
	}
	return files, nil
}

// withoutPath is an error without the path, which is said already.
func withoutPath(err error) error {
	var of *fs.PathError
	if errors.As(err, &of) {
		return of.Err
	}
	return err
}

// stampOf tells the state of all files that the wishes name, to see whether one
// has changed.
func stampOf(w *server.TLS) []string {
	files := []string{w.CACertsFile, w.LocalCertificateFile, w.LocalPrivateKeyFile}
	if w.CACertsPath != "" {
		folder, _ := certificateFiles(w.CACertsPath)
		files = append(files, folder...)
	}
	var stamp []string
	for _, file := range files {
		if file == "" {
			continue
		}
		if info, err := os.Stat(file); err == nil {
			stamp = append(stamp, fmt.Sprintf("%s %d %d", file, info.Size(), info.ModTime().UnixNano()))
		}
	}
	return stamp
}
