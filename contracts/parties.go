package contracts

import (
	"context"
	"net/mail"
	"strings"

	"gorm.io/gorm"

	"recourse/audit"
	"recourse/database"
	"recourse/models"
)

// PartyInput makes a party. ID may be the client's own; then creating it again
// with the same content answers the record that exists.
type PartyInput struct {
	ID      *models.ID       `json:"id"`
	Kind    models.PartyKind `json:"kind" validate:"required,oneof=supplier customer carrier forwarder insurer own_company other"`
	Code    string           `json:"code" validate:"required,max=40"`
	Name    models.Text      `json:"name"`
	Country string           `json:"country" validate:"max=2"` // ISO 3166-1
	Place   string           `json:"place" validate:"max=200"`
	Address string           `json:"address" validate:"max=500"`
	Contact string           `json:"contact" validate:"max=200"`
	Email   string           `json:"email" validate:"max=254"`
	Phone   string           `json:"phone" validate:"max=60"`
	OwnerID *models.ID       `json:"owner_id"` // the sales user who owns a customer
}

// PartyPatch changes what it gives; a party keeps its kind.
type PartyPatch struct {
	Code    *string      `json:"code,omitempty" validate:"omitempty,min=1,max=40"`
	Name    *models.Text `json:"name,omitempty"`
	Country *string      `json:"country,omitempty" validate:"omitempty,max=2"`
	Place   *string      `json:"place,omitempty" validate:"omitempty,max=200"`
	Address *string      `json:"address,omitempty" validate:"omitempty,max=500"`
	Contact *string      `json:"contact,omitempty" validate:"omitempty,max=200"`
	Email   *string      `json:"email,omitempty" validate:"omitempty,max=254"`
	Phone   *string      `json:"phone,omitempty" validate:"omitempty,max=60"`
	OwnerID *models.ID   `json:"owner_id,omitempty"`
}

// PartyList is what a list of parties may be filtered and sorted by.
var PartyList = database.List{
	Filters: map[string]database.Filter{
		"kind":     {SQL: "parties.kind = ?", Values: []string{"supplier", "customer", "carrier", "forwarder", "insurer", "own_company", "other"}},
		"code":     {SQL: "parties.code_key = ?", Kind: database.FilterKey},
		"owner_id": {SQL: "parties.owner_id = ?", Kind: database.FilterID},
		"archived": {SQL: "(parties.archived_at IS NOT NULL) = ?", Kind: database.FilterBool},
		"q":        {SQL: "parties.search LIKE ? ESCAPE '!'", Kind: database.FilterSearch},
	},
	Sorts:   []string{"code_key", "id"},
	Default: "code_key",
}

// CreateParty enters a supplier (by purchasing), a customer (by sales) or
// another party (by either). Who has own customers only owns the ones they enter.
func CreateParty(ctx context.Context, tx *gorm.DB, by models.Actor, in PartyInput) (*models.Party, error) {
	if again, err := repeated(ctx, tx, "party", in.ID, in); err != nil {
		return nil, err
	} else if again {
		return GetParty(ctx, tx, by, *in.ID)
	}
	if err := mayWriteParty(by, in.Kind); err != nil {
		return nil, err
	}
	p := models.Party{
		ID: idOr(in.ID), Kind: in.Kind, Code: in.Code, Name: in.Name, Country: in.Country, Place: in.Place, Address: in.Address,
		Contact: in.Contact, Email: in.Email, Phone: in.Phone, OwnerID: in.OwnerID,
		Version: 1, CreatedAt: models.Now(by.At), UpdatedAt: models.Now(by.At),
	}
	if by.OwnOnly && in.Kind == models.PartyCustomer && in.OwnerID == nil {
		p.OwnerID = &by.UserID
	}
	if err := checkParty(ctx, tx, by, &p); err != nil {
		return nil, err
	}
	if err := gorm.G[models.Party](tx).Create(ctx, &p); err != nil {
		return nil, err
	}
	return &p, audit.Record(ctx, tx, by, "create", "party", p.ID, in)
}

// UpdateParty changes a party that is at version.
func UpdateParty(ctx context.Context, tx *gorm.DB, by models.Actor, id models.ID, version int, in PartyPatch) (*models.Party, error) {
	p, err := partyAt(ctx, tx, by, id, version)
	if err != nil {
		return nil, err
	}
	c := changes{}
	give(c, "code", &p.Code, in.Code)
	give(c, "country", &p.Country, in.Country)
	give(c, "place", &p.Place, in.Place)
	give(c, "address", &p.Address, in.Address)
	give(c, "contact", &p.Contact, in.Contact)
	give(c, "email", &p.Email, in.Email)
	give(c, "phone", &p.Phone, in.Phone)
	if in.Name != nil {
		p.Name = *in.Name
		c["name_zh"], c["name_en"] = p.Name.ZH, p.Name.EN
	}
	if in.OwnerID != nil {
		p.OwnerID = in.OwnerID
		c["owner_id"] = *in.OwnerID
	}
	if err := checkParty(ctx, tx, by, p); err != nil {
		return nil, err
	}
	c["code"], c["code_key"], c["search"] = p.Code, p.CodeKey, p.Search
	return saveParty(ctx, tx, by, "update", p, c, in)
}

// ArchiveParty takes a party out of use: it takes part in no new contract.
func ArchiveParty(ctx context.Context, tx *gorm.DB, by models.Actor, id models.ID, version int) (*models.Party, error) {
	p, err := partyAt(ctx, tx, by, id, version)
	if err != nil {
		return nil, err
	}
	at := models.Now(by.At)
	p.ArchivedAt = &at
	return saveParty(ctx, tx, by, "archive", p, changes{"archived_at": at}, nil)
}

// RestoreParty puts an archived party back into use.
func RestoreParty(ctx context.Context, tx *gorm.DB, by models.Actor, id models.ID, version int) (*models.Party, error) {
	p, err := partyAt(ctx, tx, by, id, version)
	if err != nil {
		return nil, err
	}
	p.ArchivedAt = nil
	return saveParty(ctx, tx, by, "restore", p, changes{"archived_at": nil}, nil)
}

// GetParty loads a party.
func GetParty(ctx context.Context, tx *gorm.DB, by models.Actor, id models.ID) (*models.Party, error) {
	return one[models.Party](ctx, visibleParties(tx, by), "party", "责任方", "parties.id = ?", id)
}

// PartyByCode finds a party by the code people quote.
func PartyByCode(ctx context.Context, tx *gorm.DB, by models.Actor, code string) (*models.Party, error) {
	return one[models.Party](ctx, visibleParties(tx, by), "party", "责任方", "parties.code_key = ?", models.Key(code))
}

// ListParties reads a page of parties.
func ListParties(ctx context.Context, tx *gorm.DB, by models.Actor, q database.Query) (database.Page[models.Party], error) {
	return database.Find[models.Party](ctx, visibleParties(tx, by), PartyList, q)
}

func partyAt(ctx context.Context, tx *gorm.DB, by models.Actor, id models.ID, version int) (*models.Party, error) {
	p, err := GetParty(ctx, tx, by, id)
	if err != nil {
		return nil, err
	}
	if p.Version != version {
		return nil, database.Stale(p.Version)
	}
	return p, mayWriteParty(by, p.Kind)
}

func saveParty(ctx context.Context, tx *gorm.DB, by models.Actor, action string, p *models.Party, c changes, in any) (*models.Party, error) {
	if err := update[models.Party](ctx, tx, by, action, "party", p.ID, p.Version, c, in); err != nil {
		return nil, err
	}
	p.Version++
	p.UpdatedAt = models.Now(by.At)
	return p, nil
}

func mayWriteParty(by models.Actor, kind models.PartyKind) error {
	switch kind {
	case models.PartySupplier:
		return allow(by, "suppliers", "供应商", models.Purchasing)
	case models.PartyCustomer:
		return allow(by, "customers", "客户", models.Sales)
	}
	return allow(by, "parties", "责任方", models.Purchasing, models.Sales)
}

// checkParty checks a party before it is written and fills its key and search text.
func checkParty(ctx context.Context, tx *gorm.DB, by models.Actor, p *models.Party) (err error) {
	if p.Code, p.CodeKey, err = code("code", p.Code, 40); err != nil {
		return err
	}
	if p.Name.IsZero() {
		return models.Invalid("name", "is required in Chinese or English.", "中文或英文名称至少填写一个。")
	}
	if p.Country != "" && (len(p.Country) != 2 || strings.Trim(p.Country, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "") {
		return models.Invalid("country", "must be a code of two capital letters such as CN or DE.", "须为两位大写国家代码，例如 CN、DE。")
	}
	if a, err := mail.ParseAddress(p.Email); p.Email != "" && (err != nil || a.Address != p.Email) {
		return models.Invalid("email", "must be an e-mail address.", "须为电子邮件地址。")
	}
	if p.OwnerID != nil {
		if err := checkOwner(ctx, tx, by, p); err != nil {
			return err
		}
	}
	p.Search = searchText(p.Code, p.Name.ZH, p.Name.EN)
	return free[models.Party](ctx, tx, p.ID, "code", p.Code, "code_key = ?", p.CodeKey)
}

func checkOwner(ctx context.Context, tx *gorm.DB, by models.Actor, p *models.Party) error {
	if p.Kind != models.PartyCustomer {
		return models.Invalid("owner_id", "belongs to customers only.", "仅客户可指定负责人。")
	}
	if by.OwnOnly && *p.OwnerID != by.UserID {
		return models.Errorf(models.CodeForbidden, "owner_id", "You may enter customers for yourself only.", "您只能录入自己负责的客户。")
	}
	var n int64
	if err := fresh[models.User](tx).WithContext(ctx).Where("id = ?", *p.OwnerID).Count(&n).Error; err != nil {
		return err
	}
	if n == 0 {
		return models.Invalid("owner_id", "There is no such user.", "没有此用户。")
	}
	return nil
}
