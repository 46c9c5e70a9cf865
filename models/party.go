package models

import "time"

// PartyKind says in which capacity a body meets us.
type PartyKind string

// The kinds of party. Any of them can carry liability.
const (
	PartySupplier  PartyKind = "supplier"
	PartyCustomer  PartyKind = "customer"
	PartyCarrier   PartyKind = "carrier"
	PartyForwarder PartyKind = "forwarder"
	PartyInsurer   PartyKind = "insurer"
	PartyOwn       PartyKind = "own_company"
	PartyOther     PartyKind = "other"
)

// Party (责任方) is a body that can carry liability: a supplier, a customer, a carrier ….
type Party struct {
	ID         ID         `json:"id"`
	Kind       PartyKind  `json:"kind"`
	Code       string     `json:"code"`
	CodeKey    string     `json:"-"`
	Name       Text       `json:"name" gorm:"embedded;embeddedPrefix:name_"`
	Country    string     `json:"country"`
	Place      string     `json:"place"`
	Address    string     `json:"address"`
	Contact    string     `json:"contact"`
	Email      string     `json:"email"`
	Phone      string     `json:"phone"`
	OwnerID    *ID        `json:"owner_id"` // the sales user who owns a customer
	Search     string     `json:"-"`
	ArchivedAt *time.Time `json:"archived_at"`
	Version    int        `json:"version"`
	CreatedAt  time.Time  `json:"created_at"`
	UpdatedAt  time.Time  `json:"updated_at"`
}

// Product (商品) is what is traded, with its specification.
type Product struct {
	ID            ID        `json:"id"`
	Code          string    `json:"code"`
	CodeKey       string    `json:"-"`
	Name          Text      `json:"name" gorm:"embedded;embeddedPrefix:name_"`
	Category      string    `json:"category"`
	Unit          string    `json:"unit"`
	Specification string    `json:"specification"`
	Search        string    `json:"-"`
	Version       int       `json:"version"`
	CreatedAt     time.Time `json:"created_at"`
	UpdatedAt     time.Time `json:"updated_at"`
}
