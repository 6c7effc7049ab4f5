package dial

import (
	"crypto"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/youmark/pkcs8"

	"github.com/ldapedge/ldapedge/server"
)

// Keys as OpenSSL and others write them.
func TestPrivateKeys(t *testing.T) {
	client := newCertificate(t, certificateOf{client: true})
	dir := t.TempDir()
	chain := write(t, dir, "client.pem", client.pem)
	plain := write(t, dir, "plain.key", client.key)
	block, _ := pem.Decode(client.key)
	parsed, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	const password = "Joshua 5"
	openssl := func(name string, args ...string) string {
		file := filepath.Join(dir, name)
		cmd := exec.Command("openssl", append(args, "-in", plain, "-out", file, "-passout", "pass:"+password)...)
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("openssl %v: %v: %s", args, err, out)
		}
		return file
	}
	scrypt, err := pkcs8.MarshalPrivateKey(parsed, []byte(password), &pkcs8.Opts{
		Cipher: pkcs8.AES256GCM, KDFOpts: pkcs8.ScryptOpts{SaltSize: 8, CostParameter: 1 << 10, BlockSize: 8, ParallelizationParameter: 1},
	})
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{
		"plain":                    plain,
		"EC parameters first":      write(t, dir, "params.key", append([]byte("-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n"), client.key...)),
		"certificate first":        write(t, dir, "both.key", append(client.pem, client.key...)),
		"PBES2, AES-256":           openssl("aes256.key", "pkcs8", "-topk8", "-v2", "aes-256-cbc"),
		"PBES2, AES-128, SHA-256":  openssl("aes128.key", "pkcs8", "-topk8", "-v2", "aes-128-cbc", "-v2prf", "hmacWithSHA256"),
		"PBES2, 3DES, SHA-1":       openssl("3des.key", "pkcs8", "-topk8", "-v2", "des3", "-v2prf", "hmacWithSHA1"),
		"PBES2, scrypt":            openssl("scrypt.key", "pkcs8", "-topk8", "-scrypt"),
		"PBES2, AES-GCM, scrypt":   write(t, dir, "gcm.key", inPEM("ENCRYPTED PRIVATE KEY", scrypt)),
		"older OpenSSLs, AES-128":  openssl("legacy.key", "ec", "-aes128"),
		"older OpenSSLs, DES-EDE3": openssl("legacy3.key", "ec", "-des3"),
	}
	for name, file := range files {
		encrypted := !strings.Contains("plain, EC parameters first, certificate first", name)
		wishes := &server.TLS{LocalCertificateFile: chain, LocalPrivateKeyFile: file, LocalPrivateKeyPassword: password}
		if _, err := localCertificate(wishes); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		for given, says := range map[string]string{"": "it is encrypted, and tls.local_private_key_password is missing", "Joshua 6": "tls.local_private_key_password does not decrypt it"} {
			wishes.LocalPrivateKeyPassword = given
			_, err := localCertificate(wishes)
			if !encrypted {
				if err != nil {
					t.Errorf("%s: %v", name, err)
				}
				continue
			}
			if err == nil || !strings.Contains(err.Error(), says) || !strings.Contains(err.Error(), `tls.local_private_key_file "`+file) || strings.Contains(err.Error(), "Joshua") {
				t.Errorf("%s: %v", name, err)
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
