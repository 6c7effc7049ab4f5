package auth

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"slices"
)

// The algorithms that are accepted (RFC 7518 §3.1, RFC 8037).
const (
	algRS256 = "RS256"
	algES256 = "ES256"
	algEdDSA = "EdDSA"
)

// algorithms are all that are accepted.
func algorithms() []string { return []string{algRS256, algES256, algEdDSA} }

// The sizes of RSA keys, in bits. Larger ones only cost time.
const (
	minRSA = 2048
	maxRSA = 8192
)

// key is a key of an issuer. It is good for one algorithm alone, whatever a
// token says.
type key struct {
	id     string // kid; empty if it has none
	alg    string
	public crypto.PublicKey
}

// newKey checks that the key is strong enough, and chooses its algorithm.
func newKey(id string, public crypto.PublicKey) (key, error) {
	switch k := public.(type) {
	case *rsa.PublicKey:
		if bits := k.N.BitLen(); bits < minRSA || bits > maxRSA {
			return key{}, fmt.Errorf("an RSA key of %d bits; %d to %d are accepted", bits, minRSA, maxRSA)
		}
		if k.E < 3 || k.E%2 == 0 {
			return key{}, errors.New("an RSA key with a weak exponent")
		}
		return key{id, algRS256, k}, nil
	case *ecdsa.PublicKey:
		if k.Curve != elliptic.P256() {
			return key{}, errors.New("an EC key on a curve other than P-256")
		}
		return key{id, algES256, k}, nil
	case ed25519.PublicKey:
		return key{id, algEdDSA, k}, nil
	}
	return key{}, fmt.Errorf("a key of a kind that is not accepted (%T)", public)
}

// parsePEM reads a file with one public key.
func parsePEM(b []byte) (keySet, error) {
	block, rest := pem.Decode(b)
	switch {
	case block == nil:
		return nil, errors.New("no PEM")
	case block.Type != "PUBLIC KEY":
		return nil, fmt.Errorf("a PEM block %q; \"PUBLIC KEY\" is expected", block.Type)
	}
	if more, _ := pem.Decode(rest); more != nil {
		return nil, errors.New("more than one PEM block")
	}
	public, err := x509.ParsePKIXPublicKey(block.Bytes)
	if err != nil {
		return nil, err
	}
	k, err := newKey("", public)
	if err != nil {
		return nil, err
	}
	return keySet{k}, nil
}

// maxKeys is how many keys a set may have.
const maxKeys = 100

// parseJWKS reads a JSON Web Key Set (RFC 7517 §5). Keys that cannot be used are
// left out; if none is left the error says why.
func parseJWKS(b []byte) (keySet, error) {
	var set struct {
		Keys []jwk `json:"keys"`
	}
	if err := json.Unmarshal(b, &set); err != nil {
		return nil, fmt.Errorf("no JSON Web Key Set: %w", err)
	}
	if len(set.Keys) > maxKeys {
		return nil, fmt.Errorf("%d keys; %d are accepted", len(set.Keys), maxKeys)
	}
	var keys keySet
	why := errors.New("it has no keys")
	for i, j := range set.Keys {
		k, err := j.key()
		if err != nil {
			why = fmt.Errorf("keys[%d]: %w", i, err)
			continue
		}
		keys = append(keys, k)
	}
	if len(keys) == 0 {
		return nil, fmt.Errorf("no key of it can be used: %w", why)
	}
	return keys, nil
}

// jwk is a JSON Web Key (RFC 7517 §4, RFC 7518 §6, RFC 8037 §2).
type jwk struct {
	KeyType    string   `json:"kty"`
	ID         string   `json:"kid"`
	Algorithm  string   `json:"alg"`
	Use        string   `json:"use"`
	Operations []string `json:"key_ops"`
	Curve      string   `json:"crv"`
	X          string   `json:"x"`
	Y          string   `json:"y"`
	N          string   `json:"n"`
	E          string   `json:"e"`
	Private    string   `json:"d"`
}

func (j jwk) key() (key, error) {
	if j.Private != "" {
		return key{}, errors.New("a private key, which no longer is one")
	}
	if j.Use != "" && j.Use != "sig" || j.Operations != nil && !slices.Contains(j.Operations, "verify") {
		return key{}, errors.New("a key for something other than signatures")
	}
	public, err := j.public()
	if err != nil {
		return key{}, err
	}
	k, err := newKey(j.ID, public)
	if err != nil {
		return key{}, err
	}
	if j.Algorithm != "" && j.Algorithm != k.alg {
		return key{}, fmt.Errorf("a key for an algorithm other than %s", k.alg)
	}
	return k, nil
}

func (j jwk) public() (crypto.PublicKey, error) {
	switch {
	case j.KeyType == "RSA":
		n, e := decode(j.N), decode(j.E)
		if len(n) == 0 || len(e) == 0 || len(e) > 4 {
			return nil, errors.New("an RSA key without n and e of a fitting length")
		}
		return &rsa.PublicKey{N: new(big.Int).SetBytes(n), E: int(new(big.Int).SetBytes(e).Int64())}, nil
	case j.KeyType == "EC" && j.Curve == "P-256":
		x, y := decode(j.X), decode(j.Y)
		if len(x) != 32 || len(y) != 32 {
			return nil, errors.New("an EC key without x and y of 32 bytes")
		}
		return ecdsa.ParseUncompressedPublicKey(elliptic.P256(), slices.Concat([]byte{4}, x, y))
	case j.KeyType == "OKP" && j.Curve == "Ed25519":
		x := decode(j.X)
		if len(x) != ed25519.PublicKeySize {
			return nil, errors.New("an Ed25519 key without x of 32 bytes")
		}
		return ed25519.PublicKey(x), nil
	}
	return nil, errors.New("a key that is none of RSA, EC on P-256 and Ed25519")
}

// decode returns nil for what is no base64url.
func decode(s string) []byte {
	b, err := base64.RawURLEncoding.Strict().DecodeString(s)
	if err != nil {
		return nil
	}
	return b
}

// keySet are the keys of an issuer.
type keySet []key

// find returns the key for a token's kid, which may be empty, and algorithm: one
// of that kid, or else one without; for a token without kid any. There must be
// only one that fits the algorithm.
func (s keySet) find(kid, alg string) (key, Reason) {
	named := s.where(func(k key) bool { return kid != "" && k.id == kid })
	if len(named) == 0 {
		named = s.where(func(k key) bool { return kid == "" || k.id == "" })
	}
	fitting := named.where(func(k key) bool { return k.alg == alg })
	switch {
	case len(named) == 0:
		return key{}, UnknownKey
	case len(fitting) == 0:
		return key{}, WrongAlgorithm
	case len(fitting) > 1:
		return key{}, UnknownKey
	}
	return fitting[0], ""
}

func (s keySet) where(is func(key) bool) keySet {
	var all keySet
	for _, k := range s {
		if is(k) {
			all = append(all, k)
		}
	}
	return all
}
