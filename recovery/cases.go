package recovery

import (
	"context"
	"maps"
	"slices"

	"gorm.io/gorm"

	"recourse/database"
	"recourse/models"
)

// The states of a recovery case.
const (
	caseOpen   = "open"
	caseClosed = "closed" // the whole share is debited and nothing is owed any more
)

// CaseList is what a list of recovery cases may be filtered and sorted by.
var CaseList = database.List{
	Default: "-id",
	Sorts:   []string{"id"},
	Filters: map[string]database.Filter{
		"state":    {SQL: "recovery_cases.state = ?", Values: []string{caseOpen, caseClosed}},
		"claim_id": {SQL: "recovery_cases.claim_id = ?", Kind: database.FilterID},
		"party_id": {SQL: "recovery_cases.party_id = ?", Kind: database.FilterID},
		"party":    {SQL: "recovery_cases.party_kind = ?"},
		"number":   {SQL: "recovery_cases.number = ?"},
	},
}

// Case is a recovery case with its figures: what may still be debited, what of
// the debit notes is still owed, and what came back otherwise than by write-off.
type Case struct {
	models.RecoveryCase
	ClaimNumber string       `json:"claim_number"`
	PartyName   models.Text  `json:"party_name"` // empty for a party that is not in the books
	Debited     models.Money `json:"debited"`
	ToDebit     models.Money `json:"to_debit"`
	Outstanding models.Money `json:"outstanding"`
	Recovered   models.Money `json:"recovered"`
}

// follow brings the recovery cases of a claim in line with its shares: one per
// party but ourselves that bears something. A case stays when its share falls to nothing.
func follow(ctx context.Context, tx *gorm.DB, by models.Actor, c *models.Claim, shares []models.Liability, loss models.Money) error {
	cases, err := gorm.G[models.RecoveryCase](tx).Where("claim_id = ?", c.ID).Order("id").Find(ctx)
	if err != nil {
		return err
	}
	left := map[partyKey]models.RecoveryCase{}
	for _, r := range cases {
		left[keyOf(r.Party, r.PartyID)] = r
	}
	for _, s := range shares {
		if s.Party == models.PartyOwn {
			continue
		}
		r, exists := left[party(s)]
		delete(left, party(s))
		if exists {
			err = reshare(ctx, tx, by, r, s.Share)
		} else if s.Share.Minor > 0 {
			err = openCase(ctx, tx, by, s)
		}
		if err != nil {
			return err
		}
	}
	for _, r := range slices.SortedFunc(maps.Values(left), func(a, b models.RecoveryCase) int { return slices.Compare(a.ID[:], b.ID[:]) }) {
		if err := reshare(ctx, tx, by, r, models.Money{Currency: loss.Currency}); err != nil {
			return err
		}
	}
	return nil
}

func openCase(ctx context.Context, tx *gorm.DB, by models.Actor, s models.Liability) error {
	number, err := database.NextNumber(ctx, tx, "RC", by.At.Year())
	if err != nil {
		return err
	}
	r := models.RecoveryCase{
		ID: models.NewID(), Number: number, ClaimID: s.ClaimID, Party: s.Party, PartyID: s.PartyID, Share: s.Share, State: caseOpen,
		Version: 1, CreatedAt: models.Now(by.At), UpdatedAt: models.Now(by.At),
	}
	if err := gorm.G[models.RecoveryCase](tx).Create(ctx, &r); err != nil {
		return err
	}
	return record(ctx, tx, by, "create", "recovery_case", r.ID, map[string]any{"number": r.Number, "share": r.Share})
}

// reshare gives a case another share, never less than what is debited.
func reshare(ctx context.Context, tx *gorm.DB, by models.Actor, r models.RecoveryCase, share models.Money) error {
	if r.Debited > share.Minor || r.Debited > 0 && r.Share.Currency != share.Currency {
		return models.Conflict("", "%s of recovery case %s is debited already: the share can't become %s; cancel a debit note first.",
			"追偿案 %[2]s 已扣款 %[1]s：责任份额不能改为 %[3]s；请先取消扣款通知。", models.Money{Minor: r.Debited, Currency: r.Share.Currency}, r.Number, share)
	}
	if r.Share == share {
		return nil
	}
	r.Share = share
	if err := writeCase(ctx, tx, by, &r); err != nil {
		return err
	}
	return record(ctx, tx, by, "share", "recovery_case", r.ID, map[string]any{"share": share})
}

// writeCase stores the figures of a case, guarded by the version it was read at:
// whatever moves money of a claim and party passes here, one after the other.
func writeCase(ctx context.Context, tx *gorm.DB, by models.Actor, r *models.RecoveryCase) error {
	owed, err := owedOf(ctx, tx, []models.ID{r.ID})
	if err != nil {
		return err
	}
	r.State, r.UpdatedAt = caseOpen, models.Now(by.At)
	if r.Debited == r.Share.Minor && owed[r.ID] == 0 {
		r.State = caseClosed
	}
	err = database.Update[models.RecoveryCase](ctx, tx, r.ID, r.Version, map[string]any{
		"share_minor": r.Share.Minor, "share_currency": r.Share.Currency, "debited": r.Debited, "recovered": r.Recovered,
		"notice_on": r.NoticeOn, "state": r.State, "updated_at": r.UpdatedAt,
	})
	r.Version++
	return err
}

// owedOf sums what open debit notes of the cases still claim.
func owedOf(ctx context.Context, tx *gorm.DB, ids []models.ID) (map[models.ID]int64, error) {
	var sums []struct {
		CaseID models.ID
		Minor  int64
	}
	err := fresh[models.DebitNote](tx).WithContext(ctx).Select("case_id, SUM(amount_minor - settled) AS minor").
		Where("case_id IN ? AND state IN ?", ids, models.OpenNoteStates).Group("case_id").Scan(&sums).Error
	out := make(map[models.ID]int64, len(sums))
	for _, s := range sums {
		out[s.CaseID] = s.Minor
	}
	return out, err
}

// ListCases reads one page of the recovery cases that the reader may see.
func ListCases(ctx context.Context, tx *gorm.DB, by models.Actor, q database.Query) (database.Page[Case], error) {
	if err := mayRead(by); err != nil {
		return database.Page[Case]{}, err
	}
	page, err := database.Find[models.RecoveryCase](ctx, scoped[models.RecoveryCase](tx, by, "recovery_cases.claim_id"), CaseList, q)
	if err != nil {
		return database.Page[Case]{}, err
	}
	items, err := shown(ctx, tx, page.Items)
	return database.Page[Case]{Items: items, NextCursor: page.NextCursor}, err
}

// GetCase reads one recovery case.
func GetCase(ctx context.Context, tx *gorm.DB, by models.Actor, id models.ID) (*Case, error) {
	r, err := caseOf(ctx, tx, by, id)
	if err != nil {
		return nil, err
	}
	return showCase(ctx, tx, *r)
}

func caseOf(ctx context.Context, tx *gorm.DB, by models.Actor, id models.ID) (*models.RecoveryCase, error) {
	if err := mayRead(by); err != nil {
		return nil, err
	}
	return one[models.RecoveryCase](ctx, scoped[models.RecoveryCase](tx, by, "recovery_cases.claim_id"), "recovery case", "追偿案", id)
}

// NotifyInput records that the protective notice went out; without a date, today.
type NotifyInput struct {
	NoticeOn models.Date `json:"notice_on"`
}

// Notify records the day of the protective notice to the party.
func Notify(ctx context.Context, tx *gorm.DB, by models.Actor, id models.ID, version int, in NotifyInput) (*Case, error) {
	if err := allow(by, models.Finance, models.Purchasing, models.Sales); err != nil {
		return nil, err
	}
	r, err := caseOf(ctx, tx, by, id)
	if err != nil {
		return nil, err
	}
	if r.Version != version {
		return nil, database.Stale(r.Version)
	}
	c, err := claimOf(ctx, tx, by, r.ClaimID)
	if err != nil {
		return nil, err
	}
	if r.NoticeOn, err = dated("notice_on", in.NoticeOn, by, c.ReceivedOn); err != nil {
		return nil, err
	}
	if err := writeCase(ctx, tx, by, r); err != nil {
		return nil, err
	}
	if err := record(ctx, tx, by, "notify", "recovery_case", r.ID, map[string]any{"notice_on": r.NoticeOn}); err != nil {
		return nil, err
	}
	return showCase(ctx, tx, *r)
}

func showCase(ctx context.Context, tx *gorm.DB, r models.RecoveryCase) (*Case, error) {
	out, err := shown(ctx, tx, []models.RecoveryCase{r})
	if err != nil {
		return nil, err
	}
	return &out[0], nil
}

// shown adds figures and names, in three statements whatever the number of cases.
func shown(ctx context.Context, tx *gorm.DB, cases []models.RecoveryCase) ([]Case, error) {
	out := make([]Case, len(cases))
	ids, claimIDs, partyIDs := make([]models.ID, len(cases)), make([]models.ID, len(cases)), []models.ID{}
	for n, r := range cases {
		ids[n], claimIDs[n] = r.ID, r.ClaimID
		if r.PartyID != nil {
			partyIDs = append(partyIDs, *r.PartyID)
		}
	}
	owed, err := owedOf(ctx, tx, ids)
	if err != nil {
		return nil, err
	}
	numbers, err := claimNumbers(ctx, tx, claimIDs)
	if err != nil {
		return nil, err
	}
	names, err := partyNames(ctx, tx, partyIDs)
	if err != nil {
		return nil, err
	}
	for n, r := range cases {
		money := func(minor int64) models.Money { return models.Money{Minor: minor, Currency: r.Share.Currency} }
		out[n] = Case{
			RecoveryCase: r, ClaimNumber: numbers[r.ClaimID], PartyName: names[keyOf(r.Party, r.PartyID).id], Debited: money(r.Debited),
			ToDebit: money(r.Share.Minor - r.Debited), Outstanding: money(owed[r.ID]), Recovered: money(r.Recovered),
		}
	}
	return out, nil
}

func claimNumbers(ctx context.Context, tx *gorm.DB, ids []models.ID) (map[models.ID]string, error) {
	rows, err := gorm.G[models.Claim](tx).Select("id, number").Where("id IN ?", ids).Find(ctx)
	out := make(map[models.ID]string, len(rows))
	for _, c := range rows {
		out[c.ID] = c.Number
	}
	return out, err
}

func partyNames(ctx context.Context, tx *gorm.DB, ids []models.ID) (map[models.ID]models.Text, error) {
	rows, err := gorm.G[models.Party](tx).Select("id, name_zh, name_en").Where("id IN ?", ids).Find(ctx)
	out := make(map[models.ID]models.Text, len(rows))
	for _, p := range rows {
		out[p.ID] = p.Name
	}
	return out, err
}
