package dial

import (
	"crypto"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/youmark/pkcs8"

	"github.com/ldapedge/ldapedge/server"
)

// Keys as OpenSSL writes them: testdata/keys has one key in many forms. What
// begins with "pbes2" or has a cipher in its name is encrypted.
func TestPrivateKeys(t *testing.T) {
	const password = "Joshua 5"
	files, err := filepath.Glob("testdata/keys/*.key")
	if err != nil || len(files) < 11 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		wishes := &server.TLS{LocalCertificateFile: "testdata/keys/client.pem", LocalPrivateKeyFile: file}
		for given, says := range map[string]string{
			password: "", "": "it is encrypted, and tls.local_private_key_password is missing", "Joshua 6": "tls.local_private_key_password does not decrypt it",
		} {
			if !strings.Contains(file, "pbes2") && !strings.Contains(file, "aes") && !strings.Contains(file, "des") {
				says = ""
			}
			if strings.Contains(file, "sha512") && given != "" {
				says = "decrypting it: pkcs8: unsupported hash function"
			}
			wishes.LocalPrivateKeyPassword = given
			_, err := localCertificate(wishes)
			switch {
			case says == "" && err != nil:
				t.Errorf("%s with %q: %v", file, given, err)
			case says != "" && (err == nil || !strings.Contains(err.Error(), `tls.local_private_key_file "`+file) || !strings.Contains(err.Error(), says) || strings.Contains(err.Error(), "Joshua")):
				t.Errorf("%s with %q: %v", file, given, err)
			}
		}
	}
}

func TestPrivateKeyErrors(t *testing.T) {
	client, other := newCertificate(t, certificateOf{client: true}), newCertificate(t, certificateOf{client: true})
	dir := t.TempDir()
	chain, key := write(t, dir, "client.pem", client.pem), write(t, dir, "client.key", client.key)
	//lint:ignore SA1019 it is what is tested
	damaged, err := x509.EncryptPEMBlock(rand.Reader, "EC PRIVATE KEY", []byte("no key at all"), []byte("p"), x509.PEMCipherAES128)
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct{ chain, key, says string }{
		{chain + ".not", key, `tls.local_certificate_file "` + chain + `.not" cannot be used: no such file`},
		{chain, key + ".not", `tls.local_private_key_file "` + key + `.not" cannot be used: no such file`},
		{chain, chain, "there is no private key in it"},
		{chain, write(t, dir, "other.key", other.key), "private key does not match public key"},
		{write(t, dir, "empty.pem", nil), key, "tls.local_certificate_file"},
		{chain, write(t, dir, "cut.key", inPEM("ENCRYPTED PRIVATE KEY", []byte{0x30, 0x03, 1, 2, 3})), "decrypting it"},
		{chain, write(t, dir, "damaged.key", pem.EncodeToMemory(damaged)), "does not decrypt it"},
	} {
		_, err := localCertificate(&server.TLS{LocalCertificateFile: test.chain, LocalPrivateKeyFile: test.key, LocalPrivateKeyPassword: "p"})
		if err == nil || !strings.Contains(err.Error(), test.says) {
			t.Errorf("%s: %v", test.says, err)
		}
	}
}

// However a key is cut off or lengthened, it is an error and no panic.
func TestDamagedPrivateKeys(t *testing.T) {
	for _, cipher := range []pkcs8.Cipher{pkcs8.AES256CBC, pkcs8.AES128GCM, pkcs8.TripleDESCBC} {
		der, err := pkcs8.MarshalPrivateKey(newKey(t), []byte("p"), &pkcs8.Opts{Cipher: cipher, KDFOpts: pkcs8.PBKDF2Opts{SaltSize: 8, IterationCount: 1, HMACHash: crypto.SHA256}})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := decryptPKCS8(der, "p"); err != nil {
			t.Fatal(err)
		}
		for i := range der {
			if _, err := decryptPKCS8(der[:i], "p"); err == nil {
				t.Errorf("cut off after %d bytes it is taken", i)
			}
			other := slices.Clone(der)
			other[i]-- // the lengths are among these
			decryptPKCS8(other, "p")
		}
	}
}
