package main

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"recourse/messages"
)

// outbox is how messages leave, from the configuration.
func (c *config) outbox() (*messages.Outbox, error) {
	smtp, err := messages.ParseSMTP(c.SMTPURL)
	if err != nil {
		return nil, usageError{fmt.Errorf("RECOURSE_SMTP_URL: %w", err)}
	}
	key, err := c.secretKey()
	if err != nil {
		return nil, err
	}
	vault, err := messages.NewVault(key)
	if err != nil {
		return nil, usageError{fmt.Errorf("RECOURSE_SECRET_KEY: %w", err)}
	}
	return messages.NewOutbox(vault, smtp, c.InsideWebhooks), nil
}

// secretKey is the key that endpoints' secrets are encrypted with. Several
// servers on one database must be given the same.
func (c *config) secretKey() ([]byte, error) {
	text := c.SecretKey
	if text == "" {
		path := filepath.Join(c.Data, "secret.key")
		b, err := os.ReadFile(path)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			fresh := make([]byte, 32)
			_, _ = rand.Read(fresh) // crypto/rand never fails
			b = []byte(hex.EncodeToString(fresh))
			if err := errors.Join(os.MkdirAll(c.Data, 0o700), os.WriteFile(path, b, 0o600)); err != nil {
				return nil, fmt.Errorf("keep the secret key: %w", err)
			}
		case err != nil:
			return nil, fmt.Errorf("read the secret key: %w", err)
		}
		text = strings.TrimSpace(string(b))
	}
	key, err := hex.DecodeString(text)
	if err != nil {
		return nil, usageError{errors.New("RECOURSE_SECRET_KEY is not 64 hex digits")}
	}
	return key, nil
}
