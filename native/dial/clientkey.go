package dial

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/youmark/pkcs8"

	"github.com/ldapedge/ldapedge/server"
)

// localCertificate reads the client's certificate and key.
func localCertificate(w *server.TLS) (*tls.Certificate, error) {
	chain, err := os.ReadFile(w.LocalCertificateFile)
	if err != nil {
		return nil, wrong("local_certificate_file", w.LocalCertificateFile, withoutPath(err))
	}
	text, err := os.ReadFile(w.LocalPrivateKeyFile)
	if err != nil {
		return nil, wrong("local_private_key_file", w.LocalPrivateKeyFile, withoutPath(err))
	}
	key, err := privateKey(text, w.LocalPrivateKeyPassword)
	if err != nil {
		return nil, wrong("local_private_key_file", w.LocalPrivateKeyFile, err)
	}
	c, err := tls.X509KeyPair(chain, pem.EncodeToMemory(key))
	if err != nil {
		return nil, wrong("local_certificate_file", w.LocalCertificateFile, err)
	}
	return &c, nil
}

// The errors of an encrypted key. None of them says the password.
var (
	errNoPassword    = errors.New("it is encrypted, and tls.local_private_key_password is missing")
	errWrongPassword = errors.New("tls.local_private_key_password does not decrypt it")
)

// privateKey returns the first private key in PEM, decrypted.
func privateKey(text []byte, password string) (*pem.Block, error) {
	for {
		var block *pem.Block
		if block, text = pem.Decode(text); block == nil {
			return nil, errors.New("there is no private key in it, in PEM")
		}
		if !strings.HasSuffix(block.Type, "PRIVATE KEY") {
			continue // a certificate, or parameters of a curve
		}
		encrypted := block.Type == "ENCRYPTED PRIVATE KEY"
		//lint:ignore SA1019 weak, but it is how older OpenSSLs write keys
		legacy := x509.IsEncryptedPEMBlock(block)
		switch {
		case !encrypted && !legacy:
			return block, nil
		case password == "":
			return nil, errNoPassword
		case legacy:
			return decryptLegacy(block, password)
		}
		return decryptPKCS8(block.Bytes, password)
	}
}

// decryptPKCS8 decrypts a key of RFC 5958: by PBES2 (RFC 8018) with AES or 3DES,
// and PBKDF2 over SHA-1 or SHA-256, or scrypt.
func decryptPKCS8(der []byte, password string) (block *pem.Block, err error) {
	defer func() {
		if recover() != nil { // on lengths that no cipher has
			err = errors.New("its encryption is damaged")
		}
	}()
	key, err := pkcs8.ParsePKCS8PrivateKey(der, []byte(password))
	if err != nil && strings.Contains(err.Error(), "incorrect password") {
		return nil, errWrongPassword
	}
	if err != nil {
		return nil, fmt.Errorf("decrypting it: %w", err)
	}
	plain, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, err
	}
	return &pem.Block{Type: "PRIVATE KEY", Bytes: plain}, nil
}

// decryptLegacy decrypts a key as RFC 1421 has it.
func decryptLegacy(block *pem.Block, password string) (*pem.Block, error) {
	//lint:ignore SA1019 weak, but it is how older OpenSSLs write keys
	plain, err := x509.DecryptPEMBlock(block, []byte(password))
	if errors.Is(err, x509.IncorrectPasswordError) {
		return nil, errWrongPassword
	}
	if err != nil {
		return nil, fmt.Errorf("decrypting it: %w", err)
	}
	decrypted := &pem.Block{Type: block.Type, Bytes: plain}
	if !isKey(plain) {
		return nil, errWrongPassword // the padding was right by chance
	}
	return decrypted, nil
}

func isKey(der []byte) bool {
	_, pkcs1 := x509.ParsePKCS1PrivateKey(der)
	_, ec := x509.ParseECPrivateKey(der)
	_, pkcs8 := x509.ParsePKCS8PrivateKey(der)
	return pkcs1 == nil || ec == nil || pkcs8 == nil
}
