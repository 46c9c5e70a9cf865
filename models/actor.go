package models

import (
	"slices"
	"time"
)

// Role is what a user may do. A user has one or more.
type Role string

// The roles.
const (
	Admin      Role = "admin"      // runs the system: users, tokens, rules
	Inspector  Role = "inspector"  // records what was found in the factory
	Purchasing Role = "purchasing" // plans, decides on lots, judges suppliers
	Sales      Role = "sales"      // answers the customer
	Finance    Role = "finance"    // gets the money back
	Viewer     Role = "viewer"     // reads
)

// Roles lists every role.
var Roles = []Role{Admin, Inspector, Purchasing, Sales, Finance, Viewer}

// User is a person, or a machine, who may sign in. Times are UTC.
type User struct {
	ID           ID         `json:"id"`
	Login        string     `json:"login"`
	LoginKey     string     `json:"-"`
	Name         string     `json:"name"`
	Email        string     `json:"email"`
	Roles        []Role     `json:"roles" gorm:"serializer:json"`
	Lang         string     `json:"lang"`
	OwnOnly      bool       `json:"own_only"` // sees only records of the customers assigned to them
	PasswordHash string     `json:"-"`
	DisabledAt   *time.Time `json:"disabled_at"`
	Version      int        `json:"version"`
	CreatedAt    time.Time  `json:"created_at"`
	UpdatedAt    time.Time  `json:"updated_at"`
}

// Actor is who acts, and when: a signed-in user, a token's owner, or the program itself.
// It is the scope that every query on records takes.
type Actor struct {
	UserID  ID
	Name    string
	Roles   []Role
	Lang    string
	OwnOnly bool
	// Via says by which door: "session", "token", "command", "job".
	Via       string
	RequestID string
	// At is when the act happens by the server's clock.
	At time.Time
}

// System is the actor of the command line and of scheduled jobs: it may do everything.
func System(via string, at time.Time) Actor {
	return Actor{Name: "system", Roles: Roles, Lang: "en", Via: via, At: at}
}

// Is reports whether the actor has any of the roles; an admin has every role.
func (a Actor) Is(roles ...Role) bool {
	for _, r := range a.Roles {
		if r == Admin || slices.Contains(roles, r) {
			return true
		}
	}
	return false
}

// OnlyInspects reports whether the actor is an inspector and nothing more: such
// a one sees the inspections assigned to them, and no price.
func (a Actor) OnlyInspects() bool {
	return len(a.Roles) > 0 && !a.Is(Purchasing, Sales, Finance, Viewer)
}

// SeesPrices reports whether prices may be shown to the actor.
func (a Actor) SeesPrices() bool { return a.Is(Purchasing, Sales, Finance) }

// Session is a browser's sign-in; only the token's hash is kept.
type Session struct {
	TokenHash SHA256 `gorm:"primaryKey"`
	UserID    ID
	CreatedAt time.Time
	SeenAt    time.Time
	ExpiresAt time.Time
	Agent     string
}

// Token is an API token for a program; only its hash is kept. Its roles are at
// most its owner's.
type Token struct {
	ID        ID         `json:"id"`
	UserID    ID         `json:"user_id"`
	Name      string     `json:"name"`
	TokenHash SHA256     `json:"-"`
	Roles     []Role     `json:"roles" gorm:"serializer:json"`
	ReadOnly  bool       `json:"read_only"`
	ExpiresAt *time.Time `json:"expires_at"`
	RevokedAt *time.Time `json:"revoked_at"`
	UsedAt    *time.Time `json:"used_at"`
	CreatedAt time.Time  `json:"created_at"`
}

// AuditEntry is one change: who did what to which record, and the record's new
// values (never a secret). Entries are only ever inserted.
type AuditEntry struct {
	ID        ID        `json:"id"`
	At        time.Time `json:"at"`
	ActorID   *ID       `json:"actor_id"`
	Actor     string    `json:"actor"`
	Via       string    `json:"via"`
	RequestID string    `json:"request_id"`
	Action    string    `json:"action"`
	Entity    string    `json:"entity"`
	EntityID  ID        `json:"entity_id"`
	Detail    string    `json:"detail"`
}

// AuditSeal chains an entry: Hash = SHA-256(Prev ‖ canonical JSON of the entry).
type AuditSeal struct {
	Seq     int64  `json:"seq" gorm:"primaryKey;autoIncrement:false"`
	EntryID ID     `json:"entry_id"`
	Prev    SHA256 `json:"prev"`
	Hash    SHA256 `json:"hash"`
}
