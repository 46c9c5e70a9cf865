package messages

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/base64"
	"errors"
)

// Vault keeps endpoints' secrets encrypted with AES-256-GCM: who reads the
// database alone cannot sign in our name.
type Vault struct{ aead cipher.AEAD }

// NewVault makes a vault of a 32-byte key.
func NewVault(key []byte) (*Vault, error) {
	if len(key) != 32 {
		return nil, errors.New("the secret key must have 32 bytes (64 hex digits)")
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		return nil, err
	}
	return &Vault{aead}, nil
}

// Seal encrypts a secret; the empty one stays empty.
func (v *Vault) Seal(secret string) (string, error) {
	if secret == "" {
		return "", nil
	}
	nonce := make([]byte, v.aead.NonceSize())
	if _, err := rand.Read(nonce); err != nil {
		return "", err
	}
	return base64.StdEncoding.EncodeToString(v.aead.Seal(nonce, nonce, []byte(secret), nil)), nil
}

// Open decrypts what Seal made with the same key.
func (v *Vault) Open(sealed string) (string, error) {
	if sealed == "" {
		return "", nil
	}
	b, err := base64.StdEncoding.DecodeString(sealed)
	if err != nil || len(b) < v.aead.NonceSize() {
		return "", errors.New("the stored secret is damaged")
	}
	plain, err := v.aead.Open(nil, b[:v.aead.NonceSize()], b[v.aead.NonceSize():], nil)
	if err != nil {
		return "", errors.New("the stored secret was made with another secret key: enter it again")
	}
	return string(plain), nil
}
