package auth

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"runtime/debug"
	"strings"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"

	"recourse/models"
)

// Cost is how dear one guess at a password is (Argon2id).
type Cost struct {
	Time     uint32
	MemoryKB uint32
	Threads  uint8
}

// DefaultCost is the second recommendation of RFC 9106: 64 MiB, three passes.
var DefaultCost = Cost{Time: 3, MemoryKB: 64 << 10, Threads: 4}

// Passwords hashes and checks passwords, few at a time: each takes its cost in memory.
type Passwords struct {
	cost  Cost
	slots chan struct{}
	decoy string
}

// NewPasswords makes hashes of that cost, at most atOnce at a time.
func NewPasswords(cost Cost, atOnce int) *Passwords {
	p := &Passwords{cost: cost, slots: make(chan struct{}, atOnce)}
	p.decoy = p.encode(make([]byte, 16), make([]byte, 32))
	return p
}

func (p *Passwords) encode(salt, key []byte) string {
	e := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, p.cost.MemoryKB, p.cost.Time, p.cost.Threads, e.EncodeToString(salt), e.EncodeToString(key))
}

// derive computes a key when a slot is free; the error is ctx's.
func (p *Passwords) derive(ctx context.Context, password string, salt []byte, c Cost) ([]byte, error) {
	select {
	case p.slots <- struct{}{}:
		defer func() { <-p.slots }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	key := argon2.IDKey([]byte(norm.NFKC.String(password)), salt, c.Time, c.MemoryKB, c.Threads, 32)
	if c.MemoryKB >= 32<<10 {
		debug.FreeOSMemory() // a sign-in is rare, and its memory would stay for minutes
	}
	return key, nil
}

// Hash refuses a weak password and returns what is stored of it, in the PHC
// form $argon2id$…. The error names field.
func (p *Passwords) Hash(ctx context.Context, field, password, login string) (string, error) {
	switch {
	case utf8.RuneCountInString(password) < 10:
		return "", models.Invalid(field, "must have at least 10 characters.", "至少 10 个字符。")
	case len(password) > 256:
		return "", models.Invalid(field, "must have at most 256 bytes.", "最多 256 字节。")
	case models.Key(password) == models.Key(login):
		return "", models.Invalid(field, "must not be the login.", "不能与登录名相同。")
	}
	salt := make([]byte, 16)
	_, _ = rand.Read(salt) // never fails
	key, err := p.derive(ctx, password, salt, p.cost)
	if err != nil {
		return "", err
	}
	return p.encode(salt, key), nil
}

// matches reports whether the password is the one that was hashed. An empty hash
// (no such user) costs as much as a real one and never matches.
func (p *Passwords) matches(ctx context.Context, hash, password string) (bool, error) {
	known := hash != ""
	if !known {
		hash = p.decoy
	}
	var version int
	var c Cost
	parts := strings.Split(hash, "$")
	if len(parts) != 6 || parts[1] != "argon2id" {
		return false, fmt.Errorf("auth: a stored password hash has an unknown form")
	}
	if _, err := fmt.Sscanf(parts[2]+" "+parts[3], "v=%d m=%d,t=%d,p=%d", &version, &c.MemoryKB, &c.Time, &c.Threads); err != nil || version != argon2.Version {
		return false, fmt.Errorf("auth: a stored password hash has an unknown form")
	}
	salt, err := base64.RawStdEncoding.DecodeString(parts[4])
	if err != nil {
		return false, fmt.Errorf("auth: a stored password hash has an unknown form")
	}
	key, err := p.derive(ctx, password, salt, c)
	if err != nil {
		return false, err
	}
	want, err := base64.RawStdEncoding.DecodeString(parts[5])
	return err == nil && known && subtle.ConstantTimeCompare(key, want) == 1, nil
}
